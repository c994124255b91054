"""Folders; which of them are needed follows from what is in them."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from msgspec.structs import replace

from dashgen.core.json_values import scalar_text
from dashgen.formats import resources
from dashgen.formats.normal.normal_others import folder_resource
from dashgen.formats.resources import Resource
from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.sync.push.item import Item, LiveItem
from dashgen.sync.push.kinds.resource_kind import (
    DesiredSources,
    FolderPath,
    ReadRequest,
    ResourceKind,
    WriteContext,
    handle_of,
)
from dashgen.sync.push.secret_references import Environment


class FolderKind(ResourceKind):
    """Folders of dashboards and rule groups."""

    name: ClassVar[str] = resources.FOLDER
    order: ClassVar[int] = 0
    is_numerous: ClassVar[bool] = True
    is_kept_out_of_repositories: ClassVar[bool] = True
    uid_in_content: ClassVar[bool] = True

    def desired(self, sources: DesiredSources) -> Iterable[Item]:
        """None: a folder becomes an item when its uid in the Grafana is known."""
        return ()

    def is_requested(self, request: ReadRequest) -> bool:
        """Always: the folders are read before everything else."""
        return True

    def read_all(self, grafana: Grafana, request: ReadRequest) -> Iterable[LiveItem]:
        """All folders with their managers; descriptions of those that a spec describes, a request each."""

        def complete(folder: LiveFolder) -> LiveItem:
            item = request.items.get((self.name, folder.uid))
            description = _description(item) if item else ""
            described = with_description(grafana, folder, description) if description else folder
            return live_folder(replace(described, marks=marks.get(folder.uid, described.marks)))

        capabilities = grafana.capabilities
        marks = grafana.folders.marks(capabilities) if capabilities.dashboard_version else {}
        return grafana.session.map(complete, request.folders)

    def read(self, grafana: Grafana, item: Item) -> LiveItem | None:
        """One folder, with its description when the item has one."""
        folder = grafana.folders.get(item.uid)
        if folder is not None and (description := _description(item)):
            folder = with_description(grafana, folder, description)
        return live_folder(folder) if folder else None

    def normal(self, item: Item, titles: FolderPath, environment: Environment | None) -> Iterable[Resource]:
        """One resource."""
        yield folder_resource(item.uid, item.title, titles(item.folder_uid), _description(item))

    def write(self, context: WriteContext, item: Item, live: LiveItem | None, checksum: str) -> str:
        """Create the folder, or rename and move it: Grafana takes these as two requests."""
        folders = context.grafana.folders
        desired = LiveFolder(item.uid, item.title, item.folder_uid, description=_description(item))
        if live is None:
            folders.create(desired)
            return ""
        expected = handle_of(live, LiveFolder)
        is_described = bool(desired.description or expected.description)
        current = _unchanged(context.grafana, expected, is_described=is_described)
        if (current.title, current.description) != (desired.title, desired.description):
            folders.rename(desired, current)
        # Renaming comes first: should moving be refused, the state in between is known to be ours.
        if current.parent_uid != item.folder_uid:
            folders.move(item.uid, item.folder_uid)
        return ""

    def delete(self, grafana: Grafana, live: LiveItem) -> None:
        """Delete the folder when it is still as it was read."""
        folder = handle_of(live, LiveFolder)
        _unchanged(grafana, folder)
        grafana.folders.delete(folder.uid)

    def link(self, grafana: Grafana, item: Item) -> str:
        """The address of the folder's page."""
        return grafana.folders.link(item.uid)

    def between(self, item: Item, live: LiveItem | None) -> Iterator[Item]:
        """The folder under its new title in its old place: renaming comes before moving."""
        if live is not None and live.item.folder_uid != item.folder_uid:
            yield replace(item, folder_uid=live.item.folder_uid)


def live_folder(folder: LiveFolder) -> LiveItem:
    """A folder as it was read."""
    content = {"uid": folder.uid, "title": folder.title, "description": folder.description}
    item = Item(resources.FOLDER, folder.uid, folder.title, content, folder.parent_uid)
    return LiveItem(item, folder, folder.marks.manager)


def with_description(grafana: Grafana, folder: LiveFolder, desired: str) -> LiveFolder:
    """A folder with its description, or with the desired one where Grafana shows none.

    Args:
        grafana: the client.
        folder: the folder.
        desired: the description of the spec; taken for the folder's own where it cannot be read, so that it
            is no difference.
    """
    capabilities = grafana.capabilities
    description = None
    if capabilities.dashboard_version:
        description = grafana.folders.description(folder.uid, capabilities)
    return replace(folder, description=desired if description is None else description)


def _unchanged(grafana: Grafana, expected: LiveFolder, *, is_described: bool = False) -> LiveFolder:
    """The folder with its version, when its title, parent and description are still those that were read.

    Raises:
        ConflictError: they are not.
    """
    folder = grafana.folders.get(expected.uid)
    if folder is not None and is_described:
        folder = with_description(grafana, folder, expected.description)
    if folder is None or _attributes(folder) != _attributes(expected):
        message = f"{expected.subject} was changed in the meantime"
        raise ConflictError(message, kind=ConflictKind.VERSION)
    return folder


def _attributes(folder: LiveFolder) -> tuple[str, str, str]:
    return folder.title, folder.parent_uid, folder.description


def _description(item: Item) -> str:
    return scalar_text(item.content.get("description"))

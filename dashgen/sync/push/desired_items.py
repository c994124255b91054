"""What the specs want to be in a Grafana, from a compilation in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashgen.compile.pipeline import Compilation
from dashgen.compile.project_documents import Documents
from dashgen.formats import resources as kinds
from dashgen.model.alert_rules import slug
from dashgen.model.folder import Folder, FolderPlace, folder_places
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import resource_kinds
from dashgen.sync.push.kinds.resource_kind import DesiredSources

Titles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiredFolder:
    """A folder that something needs, by its titles from the top down.

    ``uid`` is the one that a spec gives or, when ``fixed`` is not set, the one that a new folder would get.
    """

    titles: Titles
    uid: str
    fixed: bool = False
    declared: bool = False
    spec: str = ""
    description: str = ""


@dataclass(slots=True)
class Desired:
    """Everything that the specs want; the items do not know the uids of their folders yet."""

    folders: list[RequiredFolder] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        """The kinds of which anything is wanted."""
        return {item.kind for item in self.items}

    @property
    def events(self) -> "Desired":
        """The events on graphs alone."""
        return Desired(items=[item for item in self.items if item.kind == kinds.EVENT])

    def only(self, uids: frozenset[str]) -> "Desired":
        """The items with these uids, and the folders that they are in."""
        items = [item for item in self.items if item.uid in uids or item.title in uids]
        needed = {item.folder[:depth] for item in items for depth in range(1, len(item.folder) + 1)}
        return Desired(
            [
                required_folder
                for required_folder in self.folders
                if required_folder.titles in needed or required_folder.uid in uids
            ],
            items,
        )


def desired(compilation: Compilation, output: Path) -> Desired:
    """What a compilation wants to be in a Grafana.

    Args:
        compilation: the compilation; it may be closed afterwards.
        output: the folder that has the files whose contents the compilation did not keep.

    Raises:
        OSError: the temporary folder of the compilation is gone.
        DashgenError: an event cannot be as it is written.
    """
    places, _ = folder_places(compilation.documents.of("Folder"), compilation.documents.prefix)
    sources = DesiredSources(compilation, output, places)
    items = [item for kind in resource_kinds().values() for item in kind.desired(sources)]
    folders = {
        required_folder.titles: required_folder
        for required_folder in _declared(compilation.documents, places)
    }
    for item in items:
        _require_folder(item.folder, item.spec, folders)
    for required_folder in list(folders.values()):
        _require_folder(required_folder.titles, required_folder.spec, folders)
    return Desired(
        sorted(
            folders.values(),
            key=lambda required_folder: (len(required_folder.titles), required_folder.titles),
        ),
        items,
    )


def _declared(documents: Documents, places: Mapping[str, FolderPlace]) -> Iterator[RequiredFolder]:
    for document in documents.of("Folder"):
        model: Folder = document.model
        folder_place = places.get(model.uid or slug(model.title, "folder"))
        if folder_place is not None:
            fixed = model.uid is not None
            spec, about = document.resolved.file, " ".join(model.description.split())
            yield RequiredFolder(
                folder_place.titles, folder_place.uid, fixed, declared=True, spec=spec, description=about
            )


def _require_folder(titles: Titles, spec: str, folders: dict[Titles, RequiredFolder]) -> None:
    """Wish for a folder and those above it."""
    for depth in range(1, len(titles) + 1):
        above = titles[:depth]
        if above not in folders:
            uid = slug("/".join(above), "folder")
            folders[above] = RequiredFolder(above, uid, spec=spec)

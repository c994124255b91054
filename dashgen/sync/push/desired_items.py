"""The resources that specs define for a Grafana, from a compilation in memory."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from dashgen.compile.pipeline import Compilation
from dashgen.compile.project_documents import Documents
from dashgen.formats import resources as kinds
from dashgen.model.alert_rules import slug
from dashgen.model.folder import Folder, FolderPlace, folder_places
from dashgen.sync.push.item import Item
from dashgen.sync.push.kinds import resource_kinds
from dashgen.sync.push.kinds.resource_kind import DesiredSources

Titles = tuple[str, ...]


class RequiredFolder(Struct, frozen=True):
    """A folder that something needs, by its titles from the top down.

    ``uid`` is the one that a spec gives or, when ``fixed`` is not set, the one that a new folder would get.
    """

    titles: Titles
    uid: str
    fixed: bool = False
    declared: bool = False
    spec: str = ""
    description: str = ""


class Desired(Struct):
    """Everything that the specs define; the items do not know the uids of their folders yet."""

    folders: list[RequiredFolder] = []
    items: list[Item] = []

    @property
    def events(self) -> "Desired":
        """The events on graphs alone."""
        return Desired(items=[item for item in self.items if item.kind == kinds.EVENT])

    def only(self, uids: frozenset[str]) -> "Desired":
        """The items with these uids, and the folders that they are in."""
        items = [item for item in self.items if item.uid in uids or item.title in uids]
        needed = {item.folder[:depth] for item in items for depth in range(1, len(item.folder) + 1)}
        folders = [one for one in self.folders if one.titles in needed or one.uid in uids]
        return Desired(folders, items)


def desired(compilation: Compilation, output: Path) -> Desired:
    """The resources that a compilation defines for a Grafana.

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
    folders = {folder.titles: folder for folder in _declared(compilation.documents, places)}
    # Those above what is declared or used too: Grafana makes a folder only in one that is there.
    declared = [(folder.titles, folder.spec) for folder in folders.values()]
    for titles, spec in [*((item.folder, item.spec) for item in items), *declared]:
        for depth in range(1, len(titles) + 1):
            above = titles[:depth]
            folders.setdefault(above, RequiredFolder(above, slug("/".join(above), "folder"), spec=spec))
    return Desired(sorted(folders.values(), key=lambda folder: (len(folder.titles), folder.titles)), items)


def _declared(documents: Documents, places: Mapping[str, FolderPlace]) -> Iterator[RequiredFolder]:
    for document in documents.of("Folder"):
        model: Folder = document.model
        folder_place = places.get(model.uid or slug(model.title, "folder"))
        if folder_place is not None:
            yield RequiredFolder(
                folder_place.titles,
                folder_place.uid,
                fixed=model.uid is not None,
                declared=True,
                spec=document.resolved.file,
                description=" ".join(model.description.split()),
            )

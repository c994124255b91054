"""Folders: where dashboards and rules are kept."""

from collections.abc import Iterable
from typing import Annotated, TypeAlias

import msgspec

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.alert_rules import slug
from dashgen.model.base import Spec, Uid, doc
from dashgen.model.document import SpecDocument
from dashgen.source.provenance import Reporter

MAX_LEVELS = 5
"""Folders above each other that Grafana allows."""
FolderTitle: TypeAlias = Annotated[
    str, msgspec.Meta(title="a folder's title", min_length=1, max_length=189, examples=["Shop"])
]


class Folder(Spec, kw_only=True):
    """A folder. One that is only named by a dashboard or a rule group needs no document of its own."""

    title: Annotated[FolderTitle, doc("The title; unique in the folder that it is in.")]
    uid: Annotated[Uid | None, doc("The uid in links; the title in kebab case when absent.", "shop")] = None
    parent: Annotated[str | None, doc("The title, path or uid of the folder that it is in.", "Products")] = (
        None
    )
    description: Annotated[str, doc("What belongs into it.")] = ""


class Prefix(msgspec.Struct, frozen=True):
    """What an environment puts before its uids, and before the paths of titles of its folders."""

    uid: str = ""
    folder: str = ""


class FolderPlace(msgspec.Struct, frozen=True):
    """A folder's uid and its titles from the top down."""

    uid: str
    titles: tuple[str, ...]

    @property
    def path(self) -> str:
        """The titles as Grafana writes a path: ``A/B``, with a slash inside a title escaped."""
        return "/".join(title.replace("/", r"\/") for title in self.titles)


class FolderPlaces(dict[str, FolderPlace]):
    """The folders of specs by every word that means one: title, path, uid."""

    prefix = Prefix()

    def path(self, word: str | None) -> str | None:
        """The path of titles that a word means, which need not be a folder of a spec; nothing for no word."""
        if word is None:
            return None
        folder = self.get(word)
        return folder.path if folder else self.prefix.folder + word


def split_path(text: str) -> tuple[str, ...]:
    r"""The titles of a path such as ``A/B``; ``\/`` is a slash inside a title."""
    marked = text.replace(r"\/", "\0")
    return tuple(part.replace("\0", "/").strip() for part in marked.split("/") if part.strip())


def folder_places(
    documents: Iterable[SpecDocument[Folder]], prefix: Prefix = FolderPlaces.prefix
) -> tuple[FolderPlaces, list[Diagnostic]]:
    """Every word that means a folder (title, path, uid) and the folder that it means.

    Args:
        documents: the specs of folders.
        prefix: what goes before their uids and paths in the environment that is built for.
    """
    folders = list(documents)
    by_word: dict[str, SpecDocument[Folder]] = {}
    for document in folders:
        by_word.setdefault(_uid(document.model), document)
        by_word.setdefault(document.model.title, document)
    places = FolderPlaces()
    places.prefix = prefix
    diagnostics: list[Diagnostic] = []
    for document in folders:
        report = Reporter(document.resolved, diagnostics=diagnostics)
        if not document.model.title.strip():
            report.error("folder/title", "the folder's title is empty", ("title",), "rename the folder")
        written = FolderPlace(_uid(document.model), _titles(document, by_word, report))
        folder = FolderPlace(prefix.uid + written.uid, split_path(prefix.folder + written.path))
        if folder.uid in places or folder.path in places:
            message = f"two folders are called `{folder.path}` or have the uid `{folder.uid}`"
            report.error("folder/duplicate", message, ("title",), "give each its own title and `uid`")
            continue
        places.update(dict.fromkeys((written.uid, written.path, folder.uid, folder.path), folder))
        # A title alone means the first folder of that name, unless it is another one's uid or path.
        places.setdefault(document.model.title, folder)
    return places, diagnostics


def _uid(folder: Folder) -> str:
    return folder.uid or slug(folder.title, "folder")


def _titles(
    document: SpecDocument[Folder], by_word: dict[str, SpecDocument[Folder]], report: Reporter
) -> tuple[str, ...]:
    """The titles of a folder from the top down, found by following `parent`."""
    titles = [document.model.title]
    seen = [document]
    current = document
    while current.model.parent is not None:
        last = split_path(current.model.parent)[-1:] or ("",)
        parent = by_word.get(current.model.parent) or by_word.get(last[0])
        if parent is None:
            # A parent without a spec of its own is named by its title or path.
            titles[:0] = split_path(current.model.parent)
            break
        if any(parent is folder for folder in seen):
            message = f"the folder `{document.model.title}` is inside itself"
            report.error("folder/cycle", message, ("parent",), "name another parent")
            return (document.model.title,)
        titles.insert(0, parent.model.title)
        seen.append(parent)
        current = parent
    if len(titles) > MAX_LEVELS:
        title, level = document.model.title, len(titles)
        message = f"Grafana nests folders {MAX_LEVELS} levels deep; `{title}` would be level {level}"
        report.error("folder/depth", message, ("parent",), "name a parent further up")
    return tuple(titles)

"""Every folder that dashboards and rules are in, with those above it."""

from collections.abc import Iterable

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.model.alert_rules import slug
from dashgen.model.folder import FolderPlaces, split_path


class FolderNode(Struct, frozen=True):
    """A folder: its uid, its titles from the top down, and where it is named."""

    uid: str
    titles: tuple[str, ...]
    location: Location

    @property
    def path(self) -> str:
        """The titles as a path, with slashes inside of them escaped."""
        return "/".join(title.replace("/", r"\/") for title in self.titles)

    @property
    def parent(self) -> tuple[str, ...]:
        """The titles of the folder that it is in; empty at the top."""
        return self.titles[:-1]


def folder_nodes(used: Iterable[tuple[str, Location]], places: FolderPlaces) -> list[FolderNode]:
    """Every folder that is used, and those above, each after the one that it is in.

    Args:
        used: paths of titles, with the place of what is in the folder.
        places: the folders of specs.
    """
    nodes: dict[tuple[str, ...], FolderNode] = {}
    for path, location in used:
        titles = split_path(path)
        for depth in range(1, len(titles) + 1):
            above = titles[:depth]
            nodes.setdefault(above, FolderNode(folder_uid(above, places), above, location))
    return [nodes[titles] for titles in sorted(nodes)]


def folder_uid(titles: tuple[str, ...], places: FolderPlaces) -> str:
    """The uid of a folder: that of its spec, or one made from its titles."""
    path = "/".join(title.replace("/", r"\/") for title in titles)
    place = places.get(path)
    return place.uid if place is not None else slug("/".join(titles), "folder")


def directory(path: str) -> tuple[str, ...]:
    """The directories of a folder's path of titles; a slash inside a title is no directory of its own."""
    return tuple(title.replace("/", "-") for title in split_path(path))

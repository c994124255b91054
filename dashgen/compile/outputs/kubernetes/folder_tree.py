"""Every folder that dashboards and rules are in, with those above it."""

from collections.abc import Iterable

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.alert_rules import slug
from dashgen.model.folder import FolderPlaces, split_path

_SAFE = lazy_pattern(r"[A-Za-z0-9_-](?:[A-Za-z0-9 _.-]*[A-Za-z0-9_-])?")


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
    node = places.get(path)
    return node.uid if node is not None else slug("/".join(titles), "folder")


def same_uids(nodes: Iterable[FolderNode]) -> list[Diagnostic]:
    """The folders whose uid another one has, as `Shop` and `Shop!` would."""
    first: dict[str, FolderNode] = {}
    problems = []
    for node in nodes:
        other = first.setdefault(node.uid, node)
        if other is not node:
            message = f"the folders `{other.path}` and `{node.path}` would both have the uid `{node.uid}`"
            hint = "give one of them a `Folder` document with a `uid` of its own"
            problems.append(Diagnostic("folder/duplicate", message, node.location, hint))
    return problems


def directory(path: str, places: FolderPlaces) -> tuple[str, ...]:
    """The directories of a folder's path of titles: each a title, or a uid where Git Sync would not take it.

    Source: `validPathPattern` and `IsSafe` in apps/provisioning/pkg/safepath/safe.go of Grafana.

    Args:
        path: the path of titles.
        places: the folders of specs.
    """
    titles = split_path(path)
    return tuple(
        title if _SAFE.fullmatch(title) else folder_uid(titles[: depth + 1], places)
        for depth, title in enumerate(titles)
    )

"""The tree of a dashboard's spec as plain data: its rows and tabs, those in them, and so on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from dashgen.core.json_values import Json
from dashgen.source.source import Path

SECTION_LISTS: Final = ("rows", "tabs")
"""The keys that hold sections, in a dashboard as in a section."""

SECTION_NAMES: Final[Mapping[str | int, str]] = {"rows": "row", "tabs": "tab"}
"""What a section of each list is called."""


def items_of(data: Any, key: str) -> list[tuple[int, Json]]:
    """The mappings in the list at a key, each with its index; whatever else is there has been reported."""
    items = data.get(key)
    return [
        (i, item) for i, item in enumerate(items if isinstance(items, list) else ()) if isinstance(item, dict)
    ]


def containers(data: Any) -> Iterator[tuple[Path, Json]]:
    """The dashboard itself, its sections and those in them, each with its path; outer ones come first."""
    yield (), data
    for key in SECTION_LISTS:
        for number, section in items_of(data, key):
            for path, inner in containers(section):
                yield (key, number, *path), inner


def items_in(data: Any, key: str) -> Iterator[tuple[Path, Json]]:
    """The items of all lists of one key, such as ``panels``, each with its path."""
    for path, container in containers(data):
        for number, item in items_of(container, key):
            yield (*path, key, number), item


def with_panels(data: Json, change: Callable[[list[Any], Path], list[Any]], path: Path = ()) -> Json:
    """A copy of a dashboard or section whose lists of panels are changed, in all of its sections too.

    Args:
        data: the dashboard or section.
        change: gives the new list for a list and its path.
        path: where the section is.
    """
    changed = dict(data)
    if isinstance(data.get("panels"), list):
        changed["panels"] = change(data["panels"], (*path, "panels"))
    for key in SECTION_LISTS:
        if isinstance(sections := data.get(key), list):
            changed[key] = [
                with_panels(one, change, (*path, key, number)) if isinstance(one, dict) else one
                for number, one in enumerate(sections)
            ]
    return changed


def section_path(path: Path) -> Path:
    """The path of the innermost section that a path leads into; empty for the dashboard itself."""
    length = 0
    while path[length : length + 1] and path[length] in SECTION_LISTS and len(path) > length + 1:
        length += 2
    return path[:length]

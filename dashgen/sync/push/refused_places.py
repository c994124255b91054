"""Where in a dashboard a place of its `v2` spec comes from: what Grafana names when it refuses one.

Grafana 13 names places as CUE does (`elements."panel-3".spec.title`, `layout.spec.tabs.1.spec.title`;
apps/dashboard/pkg/apis/dashboard/v2/validation.go, commit 47b7f7f9), those that cannot be decoded as Go and
Kubernetes do (`Go struct field Dashboard.spec.title`, `unknown field "spec.colour"`), and other tools as
`spec.elements["panel-3"].spec.title`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json, at, mapping, mappings, scalar_text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.v2 import v2_spec

Parts: TypeAlias = tuple[str | int, ...]

_PART: Final = lazy_pattern(r'"([^"]*)"|([^.\[\]"]+)')
_IN_MESSAGE: Final = lazy_pattern(r'unknown field "([^"]+)"|Go struct field \w+\.(\S+) of type')
_PREFIXES: Final = ("DashboardSpec", "spec")
_GRID: Final = {"x": "x", "y": "y", "width": "w", "height": "h"}
_TOP: Final = {
    ("timeSettings", "autoRefresh"): "refresh",
    ("timeSettings", "from"): "time",
    ("timeSettings", "to"): "time",
    ("timeSettings", "timezone"): "timezone",
    ("timeSettings", "weekStart"): "weekStart",
    ("timeSettings", "fiscalYearStartMonth"): "fiscalYearStartMonth",
    ("timeSettings", "hideTimepicker"): "timepicker",
    ("cursorSync",): "graphTooltip",
    ("layout",): "layout",
}
_OF_SECTIONS: Final = {"collapse": "collapsed", "hideHeader": "hide_header", "fillScreen": "fill_screen"}


class PanelPlace(Struct, frozen=True):
    """A panel by its id and title, and a field of its classic JSON, such as ``targets[0].expr``."""

    id: int
    title: str
    field: str


class SectionPlace(Struct, frozen=True):
    """A row or tab by its number in the order in which they are written, and a key of its spec."""

    number: int
    key: str


class TopPlace(Struct, frozen=True):
    """A field of the dashboard itself, as classic JSON and the spec have it."""

    field: str


def fields_in(message: str) -> list[str]:
    """The places that a message names, of an answer that lists none."""
    return [match[1] or match[2] for match in _IN_MESSAGE.finditer(message)]


def parts_of(field: str) -> Parts:
    """A place, taken apart, from the spec on."""
    texts = [match[1] if match[1] is not None else match[2] for match in _PART.finditer(field)]
    while texts and texts[0] in _PREFIXES:
        del texts[0]
    return tuple(int(text) if text.isdigit() else text for text in texts)


def place_of(field: str, content: Mapping[str, Any]) -> PanelPlace | SectionPlace | TopPlace:
    """Where a place of the `v2` spec comes from.

    Args:
        field: the place.
        content: the dashboard as extended classic JSON.
    """
    parts = parts_of(field)
    spec = v2_spec(dict(content))
    if parts[:1] == ("elements",) and len(parts) > 1:
        return _of_element(spec, str(parts[1]), parts[2:])
    if parts[:1] == ("layout",) and (refused := _in_layout(spec, parts)) is not None:
        return refused
    for length in (2, 1):
        if (name := _TOP.get(tuple(map(str, parts[:length])))) is not None:
            return TopPlace(name)
    return TopPlace(str(parts[0]) if parts else "")


def _of_element(spec: Json, name: str, rest: Parts) -> PanelPlace | TopPlace:
    element = mapping(mapping(mapping(spec.get("elements")).get(name)).get("spec"))
    number = element.get("id")
    if not isinstance(number, int):
        return TopPlace("")
    inside = rest[1:] if rest[:1] == ("spec",) else rest
    return PanelPlace(number, scalar_text(element.get("title")), _classic_field(inside))


def _classic_field(parts: Parts) -> str:
    """A field of an element as the classic JSON of a panel has it."""
    match parts:
        case ("data", "spec", "queries", int(number), "spec", "query", "spec", *rest):
            return _joined(("targets", number, *rest))
        case ("data", "spec", "queries", int(number), "spec", "query", *_):
            return _joined(("targets", number, "datasource"))
        case ("data", "spec", "queries", int(number), "spec", key, *_):
            return _joined(("targets", number, "hide" if key == "hidden" else key))
        case ("data", "spec", "transformations", *rest):
            return _joined(("transformations", *(part for part in rest if part != "spec")))
        case ("data", "spec", "queryOptions", *rest) | ("vizConfig", "spec", *rest):
            return _joined(tuple(rest))
        case ("vizConfig", "group", *_):
            return "type"
        case _:
            return _joined(parts)


def _joined(parts: Parts) -> str:
    """A path as explanations write it: `targets[0].expr`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


def _in_layout(spec: Json, parts: Parts) -> PanelPlace | SectionPlace | None:
    """The panel of an item, or else the innermost section around a place; nothing of the layout itself."""
    sections = list(_sections(mapping(spec.get("layout")), ("layout",)))
    around = [number for number, path in enumerate(sections) if parts[: len(path)] == path]
    for length in range(len(parts), 0, -1):
        if parts[length - 2 : length - 1] == ("items",):
            name = scalar_text(at(spec, (*parts[:length], "spec", "element", "name")))
            grid = next((_GRID[str(part)] for part in parts[length:] if part in _GRID), "")
            # A group of conditions has items too, which are no panels.
            if isinstance(refused := _of_element(spec, name, ()), PanelPlace):
                return PanelPlace(refused.id, refused.title, f"gridPos.{grid}" if grid else "")
    if not around:
        return None
    inside = parts[len(sections[around[-1]]) :]
    key = str(inside[1]) if len(inside) > 1 else ""
    return SectionPlace(around[-1], _OF_SECTIONS.get(key, key))


def _sections(layout: Json, path: Parts) -> Iterator[Parts]:
    """The paths of all rows and tabs, each before those in it."""
    spec = mapping(layout.get("spec"))
    for kind in ("rows", "tabs"):
        for number, section in enumerate(mappings(spec.get(kind))):
            here = (*path, "spec", kind, number)
            yield here
            yield from _sections(
                mapping(mapping(section.get("spec")).get("layout")), (*here, "spec", "layout")
            )

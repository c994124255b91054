"""Where values of a dashboard that was read from schema v2 stand in its file."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from dashgen.check.check_report import Path, Report
from dashgen.core.diagnostics import Location
from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.formats.panel_tree import located_panels
from dashgen.formats.v2.v2_panels import QUERY_OPTIONS
from dashgen.formats.v2.v2_variables import KINDS, classic_variable

_SPEC: Final[Path] = ("spec",)
_TOP: Final[dict[str, Path]] = {
    "time": ("timeSettings",),
    "refresh": ("timeSettings", "autoRefresh"),
    "timezone": ("timeSettings", "timezone"),
    "weekStart": ("timeSettings", "weekStart"),
    "fiscalYearStartMonth": ("timeSettings", "fiscalYearStartMonth"),
    "graphTooltip": ("cursorSync",),
}
_PICKER: Final = {
    "refresh_intervals": "autoRefreshIntervals",
    "hidden": "hideTimepicker",
    "quick_ranges": "quickRanges",
}
_GRID: Final = {"x": "x", "y": "y", "w": "width", "h": "height"}
_SECTIONS: Final = {"RowsLayout": "rows", "TabsLayout": "tabs"}
_OF_ITEM: Final = ("gridPos", "repeat", "repeatDirection", "maxPerRow", "dynamic")


class V2Report(Report):
    """Findings about the classic form of a dashboard of schema v2, reported where its file has the values."""

    places: "V2Places | None" = None

    def place(self, path: Path, *, key: bool = False) -> Location:
        """The location of the value in the file."""
        return self.document.location(self.places.path(path) if self.places else path, key=key)


class Sections(Struct):
    """What a layout has, with paths in the ``spec``.

    Attributes:
        headers: the rows and tabs, each before the ones in it, with their specs.
        items: by name of an element, the first item that refers to it.
    """

    headers: list[tuple[Path, Json]] = []
    items: dict[str, Path] = {}


class V2Places:
    """Paths of a dashboard's classic form as paths of its file.

    Args:
        spec: its ``spec``.
        extended: what was read from it.
        fallback: the classic form without what only schema v2 has.
    """

    def __init__(self, spec: Json, extended: Json, fallback: Json) -> None:
        self._sections = layout_sections(mapping(spec.get("layout")))
        self._panels = dict(self._panel_paths(extended, fallback))
        self._variables = list(_named(spec, self._sections, "variables"))
        self._annotations = list(_named(spec, self._sections, "annotations"))
        self._fallback = fallback

    def path(self, classic: Path) -> Path:
        """The path in the file; of what is around the value if that has no counterpart."""
        if classic[:1] == ("panels",):
            return (*_SPEC, *self._panel(classic))
        if classic[:2] in (("templating", "list"), ("annotations", "list")) and len(classic) > 2:
            return (*_SPEC, *self._listed(classic))
        if classic[:1] == ("uid",):
            return ("metadata", "name")
        if classic[:1] == ("timepicker",):
            return (*_SPEC, "timeSettings", *(_PICKER.get(str(step), step) for step in classic[1:]))
        return (*_SPEC, *_TOP.get(str(classic[0]), classic[:1]), *classic[1:]) if classic else _SPEC

    def _panel_paths(self, extended: Json, fallback: Json) -> Iterator[tuple[Path, tuple[str, Path]]]:
        """Of each panel of the classic form its element's name or "", and the path of its item or section."""
        before = list(mappings(extended.get("panels")))
        # The header of panels above the first row is none in the classic form.
        before = before[len(before) - len(mappings(fallback.get("panels"))) :]
        headers = [path for path, _ in self._sections.headers]
        count = sum(panel.get("type") == "row" for panel in before)
        left = iter(headers[len(headers) - count :] if count <= len(headers) else [])
        for path, panel in located_panels(before):
            if panel.get("type") == "row":
                yield path, ("", next(left, ("layout",)))
                continue
            name = text(mapping(panel.get("dynamic")).get("element")) or f"panel-{panel.get('id')}"
            yield path, (name, self._sections.items.get(name, ("layout",)))

    def _panel(self, classic: Path) -> Path:
        length = 4 if len(classic) > 3 and classic[2] == "panels" else 2
        name, item = self._panels.get(classic[:length], ("", ("layout",)))
        rest = classic[length:]
        if not name or (rest and rest[0] in _OF_ITEM):
            return (*item, "spec", *_item_key(rest))
        return ("elements", name, *_element_key(rest))

    def _listed(self, classic: Path) -> Path:
        index, rest = classic[2], classic[3:]
        listed = self._variables if classic[0] == "templating" else self._annotations
        if not isinstance(index, int) or index >= len(listed):
            return classic[:1]
        path, kind = listed[index]
        if classic[0] == "annotations":
            return (*path, *_annotation_key(rest))
        return (*path, *_variable_key(kind, rest))


def layout_sections(layout: Json) -> Sections:
    """The sections and items of a layout."""
    sections = Sections()
    todo: list[tuple[Path, Json]] = [(("layout",), layout)]
    while todo:
        path, part = todo.pop()
        spec, key = mapping(part.get("spec")), _SECTIONS.get(text(part.get("kind")), "items")
        inner: list[tuple[Path, Json]] = []
        for index, item in enumerate(items(spec.get(key))):
            where: Path = (*path, "spec", key, index)
            own = mapping(mapping(item).get("spec"))
            if key == "items":
                sections.items.setdefault(text(mapping(own.get("element")).get("name")), where)
            elif isinstance(item, dict):
                inner.append((where, item))
        todo += reversed(inner)
        if "layout" in spec:
            sections.headers.append((path, spec))
            todo.append(((*path, "spec", "layout"), mapping(spec.get("layout"))))
    return sections


def _named(spec: Json, sections: Sections, key: str) -> Iterator[tuple[Path, str]]:
    """The paths and kinds of variables or annotations in the order of the classic form."""
    taken = []
    for around, owner in [((), spec), *(((*path, "spec"), own) for path, own in sections.headers)]:
        for index, item in enumerate(items(owner.get(key))):
            name = text(mapping(mapping(item).get("spec")).get("name"))
            is_read = isinstance(item, dict) and (key != "variables" or classic_variable(item))
            if is_read and (not around or name not in taken):
                taken.append(name)
                yield (*around, key, index), text(item.get("kind"))


def _item_key(rest: Path) -> Path:
    """A key of a panel that stands in its item of the layout."""
    if rest[:1] == ("gridPos",):
        return tuple(_GRID.get(str(step), step) for step in rest[1:2])
    if rest[:1] == ("dynamic",):
        return ("conditionalRendering",) if rest[1:2] == ("showWhen",) else ()
    keys = {"repeat": "value", "repeatDirection": "direction", "maxPerRow": "maxPerRow"}
    return ("repeat", keys[str(rest[0])]) if rest and rest[0] in keys else rest


def _element_key(rest: Path) -> Path:
    if not rest:
        return ()
    head, tail = str(rest[0]), rest[1:]
    if head == "type":
        return ("spec", "vizConfig", "group")
    if head in ("options", "fieldConfig"):
        return ("spec", "vizConfig", "spec", head, *tail)
    data: Path = ("spec", "data", "spec")
    if head in QUERY_OPTIONS:
        return (*data, "queryOptions", head)
    if head == "datasource":
        return (*data, "queries", 0, "spec", "query", *_source_key(tail))
    if head == "transformations":
        return (*data, head, *tail[:1], *_change_key(tail[1:]))
    if head == "targets":
        return (*data, "queries", *tail[:1], "spec", *_query_key(tail[1:]))
    return ("spec", *rest)


def _change_key(rest: Path) -> Path:
    return ("group",) if rest[:1] == ("id",) else ("spec", *rest)


def _query_key(rest: Path) -> Path:
    if rest[:1] == ("refId",):
        return rest
    if rest[:1] == ("hide",):
        return ("hidden",)
    return ("query", *_source_key(rest[1:])) if rest[:1] == ("datasource",) else ("query", "spec", *rest)


def _source_key(rest: Path) -> Path:
    return ("group",) if rest[:1] == ("type",) else ("datasource", "name")


def _annotation_key(rest: Path) -> Path:
    if rest[:1] == ("target",):
        return ("spec", "query", "spec", *rest[1:])
    return ("spec", "query", *_source_key(rest[1:])) if rest[:1] == ("datasource",) else ("spec", *rest)


def _variable_key(kind: str, rest: Path) -> Path:
    is_query = KINDS.get(kind) == "query"
    if rest[:1] == ("datasource",):
        return ("spec", "query", *_source_key(rest[1:])) if is_query else _source_key(rest[1:])
    if rest[:1] == ("query",) and is_query:
        return ("spec", "query", "spec", *(rest[1:] or ("__legacyStringValue",)))
    if rest[:1] == ("query",) and KINDS.get(kind) == "datasource":
        return ("spec", "pluginId")
    return ("spec", *rest)

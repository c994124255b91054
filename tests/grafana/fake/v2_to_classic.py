"""A dashboard that is stored as `v2` as Grafana 13 shows it at `v1`: tabs and auto grids squeezed into rows and a grid.

From Grafana's source, apps/dashboard/pkg/migration/conversion: v2_to_v2beta1.go (commit 170c8134) and
v2alpha1_to_v1.go (04e520d5). Conditions, section variables, subtitles and the names of elements are lost there.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.grafana.fake.classic_to_v2 import HIDES, LEGACY_TEXT, REFRESHES, SORTS, Json

_HEIGHTS = {"short": 5, "standard": 9, "tall": 14}
_CURSOR = {"Crosshair": 1, "Tooltip": 2}
_MIXED = {"type": "mixed", "uid": "-- Mixed --"}
_QUERY_OPTIONS = (
    "cacheTimeout", "maxDataPoints", "interval", "hideTimeOverride", "queryCachingTTL", "timeFrom", "timeShift",
)  # fmt: skip
_VARIABLE_TYPES = {
    "QueryVariable": "query",
    "DatasourceVariable": "datasource",
    "CustomVariable": "custom",
    "ConstantVariable": "constant",
    "IntervalVariable": "interval",
    "TextVariable": "textbox",
    "SwitchVariable": "switch",
    "AdhocVariable": "adhoc",
    "GroupByVariable": "groupby",
}
_SAME_IN_VARIABLES = (
    "multi", "includeAll", "regex", "label", "description", "allValue", "definition", "regexApplyTo", "valuesFormat",
    "allowCustomValue", "staticOptions", "staticOptionsOrder", "auto", "auto_min", "auto_count", "defaultValue",
    "filters", "baseFilters", "defaultKeys",
)  # fmt: skip


class LostElementError(Exception):
    """A layout refers to an element that is not there; the conversion fails."""


def as_v1_spec(spec: Json) -> Json:
    """The classic JSON of a dashboard that is stored as `v2`.

    Raises:
        LostElementError: the conversion fails, which `status.conversion` says.
    """
    elements = spec.get("elements") or {}
    numbers = (e.get("spec", {}).get("id", 0) for e in elements.values())
    squeezer = _Squeezer(elements, count(1 + max(numbers, default=0)))
    panels = squeezer.at_the_top(spec.get("layout") or {})
    dashboard: Json = {
        "title": spec.get("title", ""),
        "graphTooltip": _CURSOR.get(spec.get("cursorSync", ""), 0),
        "schemaVersion": 42,
        "preload": spec.get("preload") is True,
        "editable": spec.get("editable", True),
        **{key: spec[key] for key in ("description", "liveNow", "revision") if key in spec},
        **({"tags": spec["tags"]} if spec.get("tags") else {}),
        **_time_settings(spec.get("timeSettings") or {}),
        **({"links": spec["links"]} if spec.get("links") else {}),
        **({"panels": panels} if panels else {}),
        "annotations": {"list": [_annotation(one["spec"]) for one in spec.get("annotations") or []]},
    }
    if variables := [_variable(one) for one in spec.get("variables") or []]:
        dashboard["templating"] = {"list": variables}
    return dashboard


def _time_settings(settings: Json) -> Json:
    picker = {
        **({"refresh_intervals": i} if (i := settings.get("autoRefreshIntervals")) else {}),
        **({"hidden": True} if settings.get("hideTimepicker") else {}),
        **({"nowDelay": settings["nowDelay"]} if "nowDelay" in settings else {}),
        **({"quick_ranges": r} if (r := settings.get("quickRanges")) else {}),
    }
    return {
        "time": {"from": settings.get("from") or "now-6h", "to": settings.get("to") or "now"},
        "refresh": settings.get("autoRefresh", ""),
        "fiscalYearStartMonth": settings.get("fiscalYearStartMonth", 0),
        **{key: settings[key] for key in ("timezone", "weekStart") if key in settings},
        **({"timepicker": picker} if picker else {}),
    }


class _Squeezer:
    """Makes one flat list of panels of nested layouts, each at an absolute place."""

    def __init__(self, elements: Json, row_ids: Iterator[int]) -> None:
        self._elements = elements
        self._row_ids = row_ids

    def at_the_top(self, layout: Json) -> list[Json]:
        kind, spec = layout.get("kind"), layout.get("spec") or {}
        if kind == "GridLayout":
            return [self._panel(item["spec"]) for item in spec.get("items") or []]
        if kind == "AutoGridLayout":
            return self._auto(spec, 0)
        return self._sections(layout, 0)[0]

    def _sections(self, layout: Json, y: int) -> tuple[list[Json], int]:
        panels: list[Json] = []
        spec = layout.get("spec") or {}
        for row in spec.get("rows") or []:
            some, y = self._row(row["spec"], y)
            panels += some
        for tab in spec.get("tabs") or []:
            some, y = self._tab(tab["spec"], y)
            panels += some
        return panels, y

    def _header(self, spec: Json, y: int, **more: Any) -> Json:
        title = {"title": spec["title"]} if "title" in spec else {}
        place = {"gridPos": {"x": 0, "y": y, "w": 24, "h": 1}}
        return {"type": "row", "id": next(self._row_ids), **title, **place, **more}

    def _row(self, spec: Json, y: int) -> tuple[list[Json], int]:
        hidden, layout = spec.get("hideHeader") is True, spec["layout"]
        if layout["kind"] in ("RowsLayout", "TabsLayout"):
            header = [] if hidden else [self._header(spec, y, collapsed=False, panels=[])]
            inner, end = self._sections(layout, y + len(header))
            return [*header, *inner], _end(inner, end)
        repeat = (spec.get("repeat") or {}).get("value")
        more: Json = {"repeat": repeat} if repeat else {}
        if "collapse" in spec:
            more["collapsed"] = spec["collapse"]
        if spec.get("collapse") and not hidden:
            inner = self._grid(layout, y + 1)
            return [self._header(spec, y, **more, **({"panels": inner} if inner else {}))], y + 1
        if hidden:
            # Panels below a hidden header stay where they are, whatever is above them.
            inner = self._grid(layout, 0)
            return inner, _end(inner, 0)
        header = self._header(spec, y, **more)
        if layout["kind"] == "GridLayout" and not layout["spec"].get("items"):
            del header["gridPos"]
        inner = self._grid(layout, y)
        return [header, *inner], _end(inner, 0) if inner else 0

    def _tab(self, spec: Json, y: int) -> tuple[list[Json], int]:
        repeat = (spec.get("repeat") or {}).get("value")
        header = self._header(spec, y, collapsed=False, panels=[], **({"repeat": repeat} if repeat else {}))
        layout = spec["layout"]
        if layout["kind"] in ("RowsLayout", "TabsLayout"):
            inner, _ = self._sections(layout, y + 1)
            return [header, *inner], _end(inner, y + 1)
        inner = self._grid(layout, y + 1)
        return [header, *inner], _end(inner, y + 1)

    def _grid(self, layout: Json, y: int) -> list[Json]:
        if layout["kind"] == "AutoGridLayout":
            return self._auto(layout["spec"], y)
        items = (item["spec"] for item in layout["spec"].get("items") or [])
        return [self._panel({**item, "y": item["y"] + y}) for item in items]

    def _auto(self, spec: Json, y: int) -> list[Json]:
        columns = spec.get("maxColumnCount") or 3
        width = int(24 / columns)
        height = _HEIGHTS.get(spec.get("rowHeightMode", ""), 9)
        if spec.get("rowHeightMode") == "custom" and spec.get("rowHeight"):
            height = int((spec["rowHeight"] + 37) / 38)
        panels, x = [], 0
        for item in (one["spec"] for one in spec.get("items") or []):
            place = {"x": x, "y": y, "width": width, "height": height, "element": item["element"]}
            if repeat := item.get("repeat"):
                place["repeat"] = {**repeat, "direction": "h", "maxPerRow": int(columns)}
            panels.append(self._panel(place))
            x += width
            if x >= 24:
                x, y = 0, y + height
        return panels

    def _panel(self, item: Json) -> Json:
        element = self._elements.get(item["element"]["name"])
        if element is None:
            raise LostElementError(
                f"panel with uid {item['element']['name']} not found in the dashboard elements"
            )
        place = {"x": item["x"], "y": item["y"], "w": item["width"], "h": item["height"]}
        panel: Json = {"gridPos": place}
        if repeat := item.get("repeat"):
            panel["repeat"] = repeat["value"]
            panel |= {"repeatDirection": repeat["direction"]} if "direction" in repeat else {}
            panel |= {"maxPerRow": repeat["maxPerRow"]} if "maxPerRow" in repeat else {}
        return panel | _panel_body(element)


def _end(panels: list[Json], least: int) -> int:
    return max([least, *(p["gridPos"]["y"] + p["gridPos"]["h"] for p in panels if "gridPos" in p)])


def _panel_body(element: Json) -> Json:
    spec = element["spec"]
    named = {"id": spec["id"], "title": spec.get("title", "")}
    if element["kind"] == "LibraryPanel":
        return {**named, "type": "library-panel-ref", "libraryPanel": spec["libraryPanel"]}
    looks, data = spec["vizConfig"], spec["data"]["spec"]
    panel: Json = {
        **named,
        "pluginVersion": looks.get("version", ""),
        "type": looks["group"],
        "options": looks["spec"].get("options") or {},
        "targets": [_target(query["spec"]) for query in data.get("queries") or []],
        **({"description": spec["description"]} if spec.get("description") else {}),
        **({"links": spec["links"]} if spec.get("links") else {}),
        **({"transparent": spec["transparent"]} if "transparent" in spec else {}),
    }
    fields = looks["spec"].get("fieldConfig") or {}
    shown = {key: fields[key] for key in ("defaults", "overrides") if fields.get(key)}
    panel |= {"fieldConfig": shown} if shown else {}
    source = _panel_source(data.get("queries") or [])
    panel |= {"datasource": source} if source else {}
    if data.get("transformations"):
        panel["transformations"] = [{"id": t["group"], **t["spec"]} for t in data["transformations"]]
    options = data.get("queryOptions") or {}
    return panel | {key: options[key] for key in _QUERY_OPTIONS if key in options}


def _source(query: Json) -> Json | None:
    uid, type_ = (query.get("datasource") or {}).get("name", ""), query.get("group", "")
    if uid:
        return {"uid": uid, **({"type": type_} if type_ else {})}
    return {"type": type_} if type_ else None


def _target(query: Json) -> Json:
    spec = dict(query["query"].get("spec") or {})
    text = spec.pop(LEGACY_TEXT, None)
    target = {**spec, **({} if text is None else {"query": text}), "refId": query.get("refId", "A")}
    target |= {"hide": True} if query.get("hidden") else {}
    source = _source(query["query"])
    return target | ({"datasource": source} if source else {})


def _panel_source(queries: list[Json]) -> Json | None:
    sources = [_source(query["spec"]["query"]) for query in queries]
    shared = [one for one in sources if one and one.get("uid") == "-- Dashboard --"]
    if len(shared) > 1 or any(one != sources[0] for one in sources):
        return _MIXED
    if shared:
        return {"type": "datasource", "uid": "-- Dashboard --"}
    return sources[0] if sources else None


def _annotation(spec: Json) -> Json:
    annotation = {key: spec.get(key) for key in ("name", "enable", "hide", "iconColor")}
    if spec.get("builtIn"):
        annotation |= {"builtIn": 1, "type": "dashboard"}
    query = spec.get("query") or {}
    source = _source(query)
    annotation |= {"datasource": source} if source else {}
    annotation |= {"target": query["spec"]} if query.get("spec") else {}
    annotation |= {key: spec[key] for key in ("filter", "mappings", "placement") if spec.get(key)}
    return annotation | (spec.get("legacyOptions") or {})


def _variable(variable: Json) -> Json:
    spec, type_ = variable["spec"], _VARIABLE_TYPES[variable["kind"]]
    shown: Json = {
        "name": spec["name"],
        "type": type_,
        # A constant that can be seen would become a text box.
        "hide": 2 if type_ == "constant" else HIDES.index(spec.get("hide", "dontHide")),
        "skipUrlSync": spec.get("skipUrlSync", False),
        **{key: spec[key] for key in _SAME_IN_VARIABLES if key in spec},
    }
    for key, names in (("refresh", REFRESHES), ("sort", SORTS)):
        shown |= {key: names.index(spec[key])} if spec.get(key) in names and type_ != "interval" else {}
    if type_ == "switch":
        values = (spec["enabledValue"], spec["disabledValue"])
        options = [{"text": v, "value": v, "selected": v == spec["current"]} for v in values]
        return {
            **shown,
            "query": "",
            "current": {"text": spec["current"], "value": spec["current"]},
            "options": options,
        }
    shown |= {key: spec[key] for key in ("current", "options") if key in spec}
    if type_ == "query":
        inner = dict(spec["query"].get("spec") or {})
        source = _source(spec["query"])
        return {**shown, "query": inner.get(LEGACY_TEXT, inner), **({"datasource": source} if source else {})}
    if type_ == "datasource":
        return {**shown, "query": spec.get("pluginId", "")}
    if type_ in ("adhoc", "groupby"):
        source = _source(variable) if (variable.get("datasource") or {}).get("name") else None
        return shown | ({"datasource": source} if source else {})
    return {**shown, "query": spec.get("query", "")}

"""Dashboards of the extended classic form, as hypothesis makes them up."""

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
_NAMES = st.sampled_from(["tier", "job", "env", "größe"])
_TITLES = st.sampled_from(["", "Traffic", "Größe und Form", "$job"])
_SOURCES = st.sampled_from(
    [
        None,
        "$source",
        {"type": "prometheus", "uid": "p"},
        {"type": "loki", "uid": "$logs"},
        {"type": "testdata"},
    ]
)
_CONDITIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("variable"), "variable": _NAMES, "value": st.sampled_from(["", "pro", "a|b"]),
            "operator": st.sampled_from(["equals", "notEquals", "matches", "notMatches"]),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("data"), "value": st.booleans()}),
    st.fixed_dictionaries({"kind": st.just("timeRange"), "value": st.sampled_from(["1h", "7d"])}),
)  # fmt: skip
SHOWN_WHEN = st.fixed_dictionaries(
    {
        "visibility": st.sampled_from(["show", "hide"]),
        "join": st.sampled_from(["and", "or"]),
        "items": st.lists(_CONDITIONS, min_size=1, max_size=3),
    }
)
AUTO = st.fixed_dictionaries(
    {"kind": st.just("auto")},
    optional={
        "columns": st.sampled_from([1, 2, 4, 5, 24]),
        "columnWidth": st.sampled_from(["narrow", "wide", 250]),
        "rowHeight": st.sampled_from(["short", "tall", 100]),
        "fill": st.just(True),
    },
)
_SELECTIONS = st.sampled_from(
    [
        {},
        {"text": "a", "value": "a"},
        {"text": ["a", "b"], "value": ["a", "b"]},
        {"text": "All", "value": "$__all"},
    ]
)
_OPTIONS = st.sampled_from([[], [{"text": "A", "value": "a", "selected": True, "properties": {"x": "1"}}]])


def _variable(kind: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    common = {"label": st.just("Label"), "description": st.just("Words"), "skipUrlSync": st.just(True)}
    fixed = {"type": st.just(kind), "name": _NAMES, "hide": st.integers(0, 3)}
    return st.fixed_dictionaries({**fixed, **keys}, optional=common)


_CHOICE: dict[str, st.SearchStrategy[Any]] = {
    "current": _SELECTIONS, "options": _OPTIONS, "multi": st.booleans(), "includeAll": st.booleans(),
    "allowCustomValue": st.booleans(), "allValue": st.sampled_from(["", ".*"]),
}  # fmt: skip
_FILTERS = st.sampled_from([[], [{"key": "a", "operator": "=", "value": "b"}]])
VARIABLES = st.one_of(
    _variable(
        "query", **_CHOICE, datasource=_SOURCES, regex=st.sampled_from(["", "/x/"]), sort=st.integers(0, 8),
        query=st.sampled_from(["", "label_values(job)", {"label": "app", "type": 1}]), refresh=st.integers(1, 2),
    ),
    _variable("custom", **_CHOICE, query=st.just("a,b"), valuesFormat=st.sampled_from(["csv", "json"])),
    _variable("datasource", **_CHOICE, query=st.just("prometheus"), regex=st.sampled_from(["", "/x/"])),
    _variable("textbox", query=st.sampled_from(["", "x"])),
    _variable("constant", query=st.just("x")),
    _variable("interval", query=st.just("1m,5m"), auto=st.booleans(), current=st.just({"text": "1m", "value": "1m"})),
    _variable(
        "switch", current=st.just({"text": "on", "value": "on"}),
        options=st.just([{"text": "on", "value": "on", "selected": True}, {"text": "off", "value": "off"}]),
    ),
    _variable("adhoc", datasource=_SOURCES, filters=_FILTERS, baseFilters=_FILTERS, enableGroupBy=st.booleans()),
    _variable("groupby", datasource=_SOURCES, current=_SELECTIONS, multi=st.booleans()),
)  # fmt: skip
ANNOTATIONS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Deploys", "Alerts"]), "enable": st.booleans(), "iconColor": st.just("red")},
    optional={
        "datasource": _SOURCES, "target": st.just({"expr": "x"}), "hide": st.booleans(), "type": st.just("tags"),
        "filter": st.just({"exclude": True, "ids": [1]}), "mappings": st.just({"text": {"source": "field", "value": "a"}}),
        "placement": st.just("inControlsMenu"), "expr": st.just("up"), "tagKeys": st.just("job"),
    },
)  # fmt: skip
_TARGETS = st.lists(
    st.fixed_dictionaries(
        {"expr": st.sampled_from(["up", "rate(x[5m])"])},
        optional={
            "refId": st.sampled_from(["A", "B", "Total"]),
            "datasource": _SOURCES,
            "hide": st.booleans(),
        },
    ),
    max_size=3,
)
_PANEL_KEYS: dict[str, st.SearchStrategy[Any]] = {
    "description": st.just("Words"), "datasource": _SOURCES, "targets": _TARGETS, "interval": st.just("1m"),
    "maxDataPoints": st.just(100), "timeFrom": st.just("2h"), "timeShift": st.just("1d"), "timeCompare": st.just("1w"),
    "hideTimeOverride": st.just(True), "transparent": st.just(True), "repeat": _NAMES, "pluginVersion": st.just("13.3.0"),
    "repeatDirection": st.sampled_from(["h", "v"]), "maxPerRow": st.just(4), "oldOption": st.just({"a": 1}),
    "links": st.just([{"title": "Runbook", "url": "https://wiki", "targetBlank": True}]),
    "options": st.sampled_from([{"graphMode": "none"}, {"content": "", "mode": "markdown"}]),
    "transformations": st.just([{"id": "reduce", "options": {"x": 1}, "filter": {"id": "byRefId"}, "topic": "series"}]),
    "fieldConfig": st.just(
        {
            "defaults": {"unit": "s", "thresholds": {"steps": [{"color": "red", "value": None, "valueExpr": "$x"}]}},
            "overrides": [{"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "unit", "value": "s"}]}],
        }
    ),
    "libraryPanel": st.just({"name": "Shared", "uid": "shared"}),
}  # fmt: skip


@st.composite
def _panels(draw: st.DrawFn, numbers: list[int], layout: Json | None) -> list[Json]:
    """Some panels, with ids that count up and without places."""
    panels = []
    for _ in range(draw(st.integers(0, 4))):
        numbers[0] += 1
        keys = draw(st.fixed_dictionaries({"title": _TITLES}, optional=_PANEL_KEYS))
        dynamic = {"element": f"graph {numbers[0]}"} if draw(st.booleans()) else {}
        dynamic |= {"subtitle": "Below"} if draw(st.booleans()) and "libraryPanel" not in keys else {}
        if layout and draw(st.booleans()):
            dynamic["showWhen"] = draw(SHOWN_WHEN)
        panel = {"id": numbers[0], "type": draw(st.sampled_from(["stat", "text", "timeseries"])), **keys}
        panels.append({**panel, "dynamic": dynamic} if dynamic else panel)
    return panels


def _placed(panels: list[Json], top: int) -> tuple[list[Json], int]:
    """Panels side by side in rows of two, and the line below them."""
    places = [
        {"x": index % 2 * 12, "y": top + index // 2 * 8, "w": 12, "h": 8} for index in range(len(panels))
    ]
    placed = [{**panel, "gridPos": place} for panel, place in zip(panels, places, strict=True)]
    return placed, top + (len(panels) + 1) // 2 * 8


@st.composite
def _sections(draw: st.DrawFn, numbers: list[int], top: int, level: int) -> tuple[list[Json], int]:
    is_tab = draw(st.booleans())
    listed: list[Json] = []
    for _ in range(draw(st.integers(1, 3))):
        layout = draw(st.none() | AUTO)
        dynamic: Json = {
            "kind": "tab" if is_tab else "", "level": level, "layout": layout,
            "showWhen": draw(st.none() | SHOWN_WHEN), "variables": draw(st.lists(VARIABLES, max_size=1)),
            "annotations": draw(st.lists(ANNOTATIONS, max_size=1)), "fillScreen": not is_tab and draw(st.booleans()),
        }  # fmt: skip
        header: Json = {
            "type": "row", "title": draw(_TITLES), "panels": [],
            "collapsed": not is_tab and draw(st.booleans()), "gridPos": {"x": 0, "y": top, "w": 24, "h": 1},
        }  # fmt: skip
        header |= {"repeat": draw(_NAMES)} if draw(st.booleans()) else {}
        dynamic = {key: value for key, value in dynamic.items() if value}
        header |= {"dynamic": dynamic} if dynamic else {}
        top += 1
        if level < 2 and draw(st.booleans()):
            dynamic.pop("layout", None)
            deeper, top = draw(_sections(numbers, top, level + 1))
            listed += [header, *deeper]
            continue
        panels, top = _placed(draw(_panels(numbers, layout)), top)
        inside = header["collapsed"]
        listed += [{**header, "panels": panels}] if inside else [header, *panels]
    return listed, top


@st.composite
def dashboards(draw: st.DrawFn) -> Json:
    """A dashboard with panels and sections, as a build may make it."""
    numbers, top = [0], 0
    dynamic: Json = {}
    listed: list[Json] = []
    if draw(st.booleans()):
        layout = draw(st.none() | AUTO)
        dynamic = {"layout": layout} if layout else {}
        listed, top = _placed(draw(_panels(numbers, layout)), top)
    else:
        listed, top = draw(_sections(numbers, top, 0))
    dashboard: Json = {
        "uid": "shop", "title": "Shop", "schemaVersion": 42, "panels": listed,
        "templating": {"list": draw(st.lists(VARIABLES, max_size=3))},
        "annotations": {"list": draw(st.lists(ANNOTATIONS, max_size=2))},
        "graphTooltip": draw(st.integers(0, 2)), "editable": draw(st.booleans()), "tags": ["shop"],
        "time": {"from": "now-1h", "to": "now"}, "refresh": draw(st.sampled_from(["", "30s"])),
        "timepicker": draw(st.sampled_from([{}, {"hidden": True}, {"refresh_intervals": ["1m"], "nowDelay": "1m"}])),
        "timezone": draw(st.sampled_from(["", "browser", "Asia/Dubai"])), "weekStart": draw(st.sampled_from(["", "monday"])),
        "links": draw(st.sampled_from([[], [{"title": "Wiki", "type": "link", "url": "https://wiki", "icon": "doc"}]])),
    }  # fmt: skip
    return {**dashboard, "dynamic": dynamic} if dynamic else dashboard

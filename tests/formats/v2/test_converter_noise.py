"""What Grafana's conversions change of a dashboard without anybody's doing is no difference."""

from typing import Any

import pytest

from dashgen.formats.normal.filled_values import without_filled_in
from dashgen.formats.normal.normal_dashboard import dashboard_resource, normal_dashboard

Json = dict[str, Any]
_PROM = {"type": "prometheus", "uid": "p"}
_LOKI = {"type": "loki", "uid": "l"}


def _panel(**keys: Any) -> Json:
    return {"schemaVersion": 42, "panels": [{"id": 1, "type": "stat", **keys}]}


def _variable(**keys: Any) -> Json:
    return {"schemaVersion": 42, "templating": {"list": [{"name": "v", **keys}]}}


def _annotation(**keys: Any) -> Json:
    return {"schemaVersion": 42, "annotations": {"list": [{"name": "a", "enable": True, **keys}]}}


def _steps(*steps: Json) -> Json:
    return {
        "fieldConfig": {
            "defaults": {"thresholds": {"mode": "absolute", "steps": list(steps)}},
            "overrides": [],
        }
    }


def _fields(*overrides: Json, kind: str = "stat", **defaults: Any) -> Json:
    return _panel(type=kind, fieldConfig={"defaults": defaults, "overrides": list(overrides)})


def _texts(*results: Json) -> list[Json]:
    return [{"type": "value", "options": {str(key): result for key, result in enumerate(results)}}]


def _align(**value: Any) -> Json:
    properties = [{"id": "custom.align", **value}]
    return {"matcher": {"id": "byName", "options": "a"}, "properties": properties}


SAME: dict[str, tuple[Json, Json]] = {
    "invented refIds": (
        _panel(datasource=_PROM, targets=[{"expr": "a"}, {"refId": "A", "expr": "b"}]),
        _panel(datasource=_PROM, targets=[{"refId": "B", "expr": "a"}, {"refId": "A", "expr": "b"}]),
    ),
    "the data source of a panel without queries": (_panel(datasource=_PROM), _panel()),
    "a data source that the panel overrules": (
        _panel(datasource=_PROM, targets=[{"refId": "A", "expr": "a", "datasource": _LOKI}]),
        _panel(datasource=_PROM, targets=[{"refId": "A", "expr": "a", "datasource": _PROM}]),
    ),
    "a variable as the name of a data source": (
        _panel(datasource="$source", targets=[{"refId": "A", "expr": "a"}]),
        _panel(datasource={"uid": "$source"}, targets=[{"refId": "A", "expr": "a", "datasource": {"uid": "$source"}}]),
    ),
    "the plugin of the mixed data source": (
        _panel(datasource={"type": "datasource", "uid": "-- Mixed --"}, targets=[{"expr": "a", "datasource": _LOKI}]),
        _panel(datasource={"type": "mixed", "uid": "-- Mixed --"}, targets=[{"expr": "a", "datasource": _LOKI}]),
    ),
    "a direction of nothing repeated": (_panel(repeatDirection="v", maxPerRow=2), _panel()),
    "what older links of panels have": (
        _panel(links=[{"title": "a", "url": "b", "type": "absolute", "dashUri": "x"}]),
        _panel(links=[{"title": "a", "url": "b"}]),
    ),
    "zero as the base of thresholds": (
        _panel(**_steps({"color": "green", "value": None}, {"color": "red", "value": 1})),
        _panel(**_steps({"color": "green", "value": 0}, {"color": "red", "value": 1})),
    ),
    "empty custom options and mappings": (
        _panel(fieldConfig={"defaults": {}, "overrides": []}),
        _panel(fieldConfig={"defaults": {"custom": {}, "mappings": []}, "overrides": []}),
    ),
    "settings of the time picker that nothing reads": (
        {"schemaVersion": 42, "timepicker": {"time_options": ["5m"], "collapse": False}},
        {"schemaVersion": 42, "timepicker": {}},
    ),
    "filters without values": (
        _variable(type="adhoc", datasource=_PROM),
        _variable(type="adhoc", datasource=_PROM, filters=[], baseFilters=[], defaultKeys=[], enableGroupBy=False),
    ),
    "several values of a grouping": (
        _variable(type="groupby", datasource=_PROM),
        _variable(type="groupby", datasource=_PROM, multi=True, current={"text": "", "value": ""}),
    ),
    "when an interval is refreshed": (
        _variable(type="interval", query="1m,5m"),
        _variable(type="interval", query="1m,5m", refresh=2, auto_count=0, auto_min=""),
    ),
    "properties of values": (
        _variable(type="custom", query="a,b", options=[{"text": "a", "value": "a"}]),
        _variable(type="custom", query="a,b", options=[{"text": "a", "value": "a", "properties": {}}], valuesFormat="csv"),
    ),
    "numbers of mappings that are in order": (
        _fields(mappings=_texts({"text": "a"}, {"text": "b"})),
        _fields(mappings=_texts({"text": "a", "index": 3}, {"text": "b", "index": 7})),
    ),
    "numbers of mappings of an override": (
        _fields({"matcher": {}, "properties": [{"id": "mappings", "value": _texts({"text": "a"})}]}),
        _fields({"matcher": {}, "properties": [{"id": "mappings", "value": _texts({"text": "a", "index": 2})}]}),
    ),
    "a fixed colour that the mode does not read": (
        _fields(color={"mode": "palette-classic", "fixedColor": "red"}),
        _fields(color={"mode": "palette-classic"}),
    ),
    "an override without a value": (_fields(_align()), _fields(_align(value="auto"))),
    "a line that is solid anyway": (
        _fields(kind="barchart", custom={"lineStyle": {"fill": "solid"}}),
        _fields(kind="barchart"),
    ),
    "options of old graphs": (
        _panel(type="timeseries", options={"alertThreshold": True, "tooltip": {"mode": "multi", "maxHeight": 600}}),
        _panel(type="timeseries", options={"tooltip": {"mode": "multi"}}),
    ),
    "a footer that is not shown": (
        _panel(type="table", options={"footer": {"show": False, "countRows": True, "reducer": ["count"]}}),
        _panel(type="table"),
    ),
    "two spellings of a variable": (
        _panel(targets=[{"expr": "a"}], datasource={"type": "prometheus", "uid": "$source"}),
        _panel(targets=[{"expr": "a"}], datasource={"type": "prometheus", "uid": "${source}"}),
    ),
    "spaces between custom values": (_variable(type="custom", query="a, b"), _variable(type="custom", query="a,b")),
    "a constant in the address": (
        _variable(type="constant", query="a"),
        _variable(type="constant", query="a", skipUrlSync=True),
    ),
    "where annotations are shown": (_annotation(showIn=0), _annotation()),
    "fields of annotations by name": (
        _annotation(mappings={"text": "message"}),
        _annotation(mappings={"text": {"source": "field", "value": "message"}}, hide=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_it_is_no_difference(name: str) -> None:
    before, after = SAME[name]
    assert normal_dashboard(before) == normal_dashboard(after)


DIFFERENT: dict[str, tuple[Json, Json]] = {
    "one value of a grouping": (_variable(type="groupby"), _variable(type="groupby", multi=False)),
    "another base colour": (
        _panel(**_steps({"color": "green", "value": None})),
        _panel(**_steps({"color": "blue", "value": 0})),
    ),
    "another data source among mixed ones": (
        _panel(datasource={"uid": "-- Mixed --"}, targets=[{"expr": "a", "datasource": _LOKI}]),
        _panel(datasource={"uid": "-- Mixed --"}, targets=[{"expr": "a", "datasource": _PROM}]),
    ),
    "an expression is not overruled": (
        _panel(datasource=_PROM, targets=[{"expression": "$A", "datasource": {"type": "__expr__", "uid": "__expr__"}}]),
        _panel(datasource=_PROM, targets=[{"expression": "$A", "datasource": _PROM}]),
    ),
    "how a panel is repeated": (_panel(repeat="a", maxPerRow=2), _panel(repeat="a", maxPerRow=3)),
    "how a library panel is repeated": (
        _panel(libraryPanel={"uid": "x", "name": "X"}, repeat="a"),
        _panel(libraryPanel={"uid": "x", "name": "X"}, repeat="b"),
    ),
    "mappings in another order of the editor": (
        _fields(mappings=_texts({"text": "a", "index": 0}, {"text": "b", "index": 1})),
        _fields(mappings=_texts({"text": "a", "index": 1}, {"text": "b", "index": 0})),
    ),
    "another fixed colour": (
        _fields(color={"mode": "shades", "fixedColor": "red"}),
        _fields(color={"mode": "shades", "fixedColor": "blue"}),
    ),
    "the options of a plugin": (_panel(type="my-panel", options={"graph": 1}), _panel(type="my-panel")),
    "a footer with pages": (
        _panel(type="table", options={"footer": {"show": False, "enablePagination": True}}),
        _panel(type="table"),
    ),
    "a constant that is shown": (_variable(type="constant", query="a", hide=2), _variable(type="constant", query="a")),
    "a variable in a longer name": (
        _panel(targets=[{"expr": "a"}], datasource={"type": "prometheus", "uid": "$a-b"}),
        _panel(targets=[{"expr": "a"}], datasource={"type": "prometheus", "uid": "${a-b}"}),
    ),
    "a hidden time picker": ({"schemaVersion": 42, "timepicker": {"hidden": True}}, {"schemaVersion": 42}),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_means_something_is_a_difference(name: str) -> None:
    before, after = DIFFERENT[name]
    assert normal_dashboard(before) != normal_dashboard(after)


def test_the_zone_of_the_browser_is_filled_in_where_a_spec_has_none() -> None:
    ours = dashboard_resource({"uid": "a", "schemaVersion": 42, "timezone": ""})
    live = dashboard_resource({"uid": "a", "schemaVersion": 42, "timezone": "browser"})
    elsewhere = dashboard_resource({"uid": "a", "schemaVersion": 42, "timezone": "Asia/Dubai"})
    assert without_filled_in(live, ours).data == ours.data
    assert without_filled_in(live, elsewhere).data != elsewhere.data


@pytest.mark.parametrize(
    ("kind", "mode", "is_same"),
    [
        ("stat", "thresholds", True),
        ("timeseries", "palette-classic", True),
        ("stat", "palette-classic", False),
    ],
)
def test_the_colour_of_a_type_is_filled_in_where_a_panel_has_none(
    kind: str, mode: str, is_same: bool
) -> None:
    ours = dashboard_resource({"uid": "a", **_fields(kind=kind, color={"mode": mode})})
    live = dashboard_resource({"uid": "a", **_fields(kind=kind)})
    assert (without_filled_in(live, ours).data == ours.data) is is_same

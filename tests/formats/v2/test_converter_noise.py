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

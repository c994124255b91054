"""What becomes of the panel types that Grafana no longer runs: before and after."""

from typing import Any

import pytest

from dashgen.formats.legacy.legacy_panels import CONVERSIONS
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.formats.upgrade.upgrade_targets import upgrade_targets


def _built(panel: dict[str, Any]) -> dict[str, Any]:
    convert = CONVERSIONS.get(panel["type"])
    return {"title": "T", **panel} if convert is None else convert({"title": "T", **panel})


def _value(panel: dict[str, Any], path: str) -> Any:
    value: Any = panel
    for step in path.split("/"):
        value = value[int(step) if step.isdigit() and isinstance(value, list) else step]
    return value


GRAPH = {"type": "graph", "lines": True, "yaxes": [{"format": "s"}, {"format": "bytes"}]}
CUSTOM = "fieldConfig/defaults/custom"


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({}, "type", "timeseries"),
        ({}, "fieldConfig/defaults/unit", "s"),
        ({"xaxis": {"mode": "series"}}, "type", "barchart"),
        ({"lines": False, "bars": True}, f"{CUSTOM}/drawStyle", "bars"),
        ({"lines": False, "points": True}, f"{CUSTOM}/drawStyle", "points"),
        ({"fill": 3}, f"{CUSTOM}/fillOpacity", 30),
        ({"steppedLine": True}, f"{CUSTOM}/lineInterpolation", "stepAfter"),
        ({"nullPointMode": "connected"}, f"{CUSTOM}/spanNulls", True),
        ({"stack": True, "percentage": True}, f"{CUSTOM}/stacking", {"mode": "percent", "group": "A"}),
        ({"yaxes": [{"logBase": 10, "min": "0", "label": "L", "show": False}]}, f"{CUSTOM}/scaleDistribution", {"type": "log", "log": 10}),
        ({"yaxes": [{"min": "0.5"}]}, "fieldConfig/defaults/min", 0.5),
        ({"yaxes": [{"show": False}]}, f"{CUSTOM}/axisPlacement", "hidden"),
        ({"legend": {"show": False, "rightSide": True, "max": True}}, "options/legend",
         {"calcs": ["max"], "displayMode": "list", "placement": "right", "showLegend": False}),
        ({"tooltip": {"shared": False, "sort": 2}}, "options/tooltip", {"mode": "single", "sort": "none"}),
        ({"tooltip": {"sort": 2}}, "options/tooltip", {"mode": "multi", "sort": "desc"}),
        ({"lines": True, "bars": True}, f"{CUSTOM}/drawStyle", "bars"),
        ({"fill": 0.5}, f"{CUSTOM}/fillOpacity", 5),
        ({"fillGradient": 4}, f"{CUSTOM}/fillOpacity", 40),
        ({"points": True, "pointradius": 1}, f"{CUSTOM}/pointSize", 4),
        ({"points": False, "pointradius": 1}, f"{CUSTOM}/pointSize", 5),
        ({"dashes": True, "dashLength": 5}, f"{CUSTOM}/lineStyle", {"fill": "dash", "dash": [5, 10]}),
        ({"legend": {"alignAsTable": True, "max": True, "sort": "max", "sortDesc": True}}, "options/legend/sortBy", "Max"),
        ({"legend": {"alignAsTable": True, "max": True, "sort": "max", "sortDesc": True}}, "options/legend/sortDesc", True),
        ({"legend": {"rightSide": True, "sideWidth": "250"}}, "options/legend/width", 250),
        ({"legend": {"hideZero": True}}, "fieldConfig/overrides/0/matcher",
         {"id": "byValue", "options": {"op": "gte", "reducer": "allIsZero", "value": 0}}),
        ({"xaxis": {"show": False, "mode": "time"}}, "fieldConfig/overrides/0/matcher", {"id": "byType", "options": "time"}),
        ({"thresholds": [{"value": None, "op": "gt"}, {"value": 5, "op": "gt"}]}, "fieldConfig/defaults/thresholds/steps",
         [{"color": "transparent", "value": None}, {"color": "red", "value": 5}]),
        ({"thresholds": [{"value": 5, "op": "gt", "line": True, "colorMode": "critical"}]}, "fieldConfig/defaults/thresholds/steps",
         [{"color": "transparent", "value": None}, {"color": "red", "value": 5}]),
        ({"thresholds": [{"value": 5, "op": "lt", "fill": True, "colorMode": "warning"}]}, "fieldConfig/defaults/thresholds/steps",
         [{"color": "orange", "value": None}, {"color": "transparent", "value": 5}]),
        ({"thresholds": [{"value": 5, "fill": True}]}, f"{CUSTOM}/thresholdsStyle", {"mode": "area"}),
        ({"aliasColors": {"a": "red"}}, "fieldConfig/overrides/0/matcher", {"id": "byName", "options": "a"}),
        ({"seriesOverrides": [{"alias": "/p9/", "yaxis": 2}]}, "fieldConfig/overrides/0",
         {"matcher": {"id": "byRegexp", "options": "/p9/"},
          "properties": [{"id": "custom.axisPlacement", "value": "right"}, {"id": "unit", "value": "bytes"}]}),
        ({"seriesOverrides": [{"alias": "a", "bars": True, "lines": False, "fillBelowTo": "b"}]}, "fieldConfig/overrides/0/properties",
         [{"id": "custom.drawStyle", "value": "bars"}, {"id": "custom.fillOpacity", "value": 100},
          {"id": "custom.lineWidth", "value": 0}, {"id": "custom.fillBelowTo", "value": "b"}]),
        ({"options": {"dataLinks": [{"title": "x", "url": "y"}]}}, "fieldConfig/defaults/links", [{"title": "x", "url": "y"}]),
    ],
)  # fmt: skip
def test_a_graph_becomes_a_time_series(before: dict[str, Any], path: str, after: Any) -> None:
    assert _value(_built({**GRAPH, **before}), path) == after


@pytest.mark.parametrize(
    ("series", "properties"),
    [
        ({"linewidth": 3}, {"custom.lineWidth": 3}),
        ({"stack": True}, {"custom.stacking": {"mode": "normal", "group": "A"}}),
        ({"stack": "B"}, {"custom.stacking": {"mode": "normal", "group": "B"}}),
        ({"stack": False}, {}),
        ({"points": True, "pointradius": 7}, {"custom.showPoints": "always", "custom.pointSize": 16}),
        ({"transform": "negative-Y"}, {"custom.transform": "negative-Y"}),
        ({"nullPointMode": "connected"}, {"custom.spanNulls": True}),
        ({"steppedLine": True}, {"custom.lineInterpolation": "stepAfter"}),
        ({"legend": False}, {"custom.hideFrom": {"legend": True, "tooltip": False, "viz": False}}),
        ({"hideTooltip": True}, {"custom.hideFrom": {"legend": False, "tooltip": True, "viz": False}}),
        ({"fillGradient": 5}, {"custom.gradientMode": "opacity", "custom.fillOpacity": 50}),
        ({"lines": False}, {"custom.lineWidth": 0}),
        ({"lines": True, "bars": False, "yaxis": 1, "color": None}, {}),
        ({"dashes": True, "spaceLength": 3}, {"custom.lineStyle": {"fill": "dash", "dash": [10, 3]}}),
        (
            {"color": "#ff0000", "$$hashKey": "object:1"},
            {"color": {"mode": "fixed", "fixedColor": "#ff0000"}},
        ),
    ],
)
def test_what_a_graph_says_of_a_series_becomes_an_override(
    series: dict[str, Any], properties: dict[str, Any]
) -> None:
    overrides = _built({**GRAPH, "seriesOverrides": [{"alias": "a", **series}]})["fieldConfig"]["overrides"]
    result = {p["id"]: p["value"] for override in overrides for p in override["properties"]}
    assert result == properties


def test_a_series_on_the_right_axis_takes_all_of_that_axis() -> None:
    right = {"format": "bytes", "min": "0", "max": 10, "label": "R", "logBase": 2, "decimals": 1}
    overrides = _built(
        {**GRAPH, "yaxes": [{"format": "s"}, right], "seriesOverrides": [{"alias": "/a/i", "yaxis": 2}]}
    )["fieldConfig"]["overrides"]
    assert overrides[0]["matcher"] == {"id": "byRegexp", "options": "/a/i"}
    assert {p["id"]: p["value"] for p in overrides[0]["properties"]} == {
        "custom.axisPlacement": "right", "unit": "bytes", "min": 0, "max": 10, "decimals": 1,
        "custom.axisLabel": "R", "custom.scaleDistribution": {"type": "log", "log": 2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({}, "type", "stat"),
        ({"gauge": {"show": True, "maxValue": 5}}, "type", "gauge"),
        ({"gauge": {"show": True, "maxValue": 5}}, "fieldConfig/defaults/max", 5),
        ({"valueName": "current"}, "options/reduceOptions/calcs", ["lastNotNull"]),
        ({"colorBackground": True}, "options/colorMode", "background"),
        ({"colorValue": True}, "options/colorMode", "value"),
        ({}, "options/colorMode", "none"),
        ({"sparkline": {"show": True}}, "options/graphMode", "area"),
        ({"format": "s", "postfix": "x"}, "fieldConfig/defaults/unit", "s"),
        ({"postfix": " people"}, "fieldConfig/defaults/unit", "suffix: people"),
        ({"prefix": "$"}, "fieldConfig/defaults/unit", "prefix:$"),
        ({"nullText": "none"}, "fieldConfig/defaults/noValue", "none"),
        ({"decimals": 2}, "fieldConfig/defaults/decimals", 2),
        ({"thresholds": "5,10.5", "colors": ["green", "orange", "red"]}, "fieldConfig/defaults/thresholds/steps",
         [{"color": "green", "value": None}, {"color": "orange", "value": 5}, {"color": "red", "value": 10.5}]),
        ({"valueMaps": [{"value": "null", "text": "N/A"}, {"value": 1, "text": "Up"}]}, "fieldConfig/defaults/mappings",
         [{"type": "special", "options": {"match": "null", "result": {"index": 0, "text": "N/A"}}},
          {"type": "value", "options": {"1": {"index": 1, "text": "Up"}}}]),
        ({"mappingType": 2, "rangeMaps": [{"from": "1", "to": "null", "text": "many"}]}, "fieldConfig/defaults/mappings",
         [{"type": "range", "options": {"from": 1, "result": {"index": 0, "text": "many"}}}]),
    ],
)  # fmt: skip
def test_a_single_stat_becomes_a_stat_or_a_gauge(before: dict[str, Any], path: str, after: Any) -> None:
    assert _value(_built({"type": "singlestat", **before}), path) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({"type": "grafana-piechart-panel", "pieType": "donut", "format": "s"}, "options/pieType", "donut"),
        ({"type": "grafana-piechart-panel", "legendType": "Right side", "legend": {"values": True, "percentage": True}}, "options/legend",
         {"displayMode": "table", "placement": "right", "showLegend": True, "values": ["value", "percent"]}),
        ({"type": "grafana-piechart-panel", "legendType": "On graph"}, "options/displayLabels", ["name"]),
        ({"type": "natel-discrete-panel", "valueMaps": [{"value": "1", "text": "Up"}], "colorMaps": [{"text": "Up", "color": "green"}]},
         "fieldConfig/defaults/mappings", [{"type": "value", "options": {"1": {"index": 0, "text": "Up", "color": "green"}}}]),
        ({"type": "natel-discrete-panel", "writeLastValue": True}, "options/showValue", "auto"),
        ({"type": "flant-statusmap-panel", "color": {"thresholds": [{"value": 0, "color": "red", "tooltip": "Down"}]}},
         "fieldConfig/defaults/mappings", [{"type": "value", "options": {"0": {"index": 0, "text": "Down", "color": "red"}}}]),
        ({"type": "grafana-worldmap-panel", "mapCenter": "Europe", "initialZoom": 2}, "options/view",
         {"allLayers": True, "id": "coords", "lat": 46, "lon": 14, "zoom": 4}),
        ({"type": "grafana-worldmap-panel", "mapCenter": "custom", "mapCenterLatitude": 25}, "options/view/lat", 25),
        ({"type": "grafana-worldmap-panel", "locationData": "geohash", "esGeoPoint": "g"}, "options/layers/0/location", {"mode": "geohash", "geohash": "g"}),
        ({"type": "grafana-worldmap-panel", "locationData": "states"}, "options/layers/0/location/mode", "lookup"),
        ({"type": "grafana-worldmap-panel", "locationData": "table"}, "options/layers/0/location", {"mode": "auto"}),
        ({"type": "alertlist", "show": "current", "stateFilter": ["alerting"], "alertName": "x"}, "options/stateFilter",
         {"error": False, "firing": True, "noData": False, "normal": False, "pending": False, "recovering": False}),
        ({"type": "alertlist", "options": {"viewMode": "stat"}}, "options", {"viewMode": "stat"}),
        ({"type": "heatmap", "options": {"calculate": True}}, "options", {"calculate": True}),
        ({"type": "heatmap", "color": {"mode": "opacity", "cardColor": "blue", "max": 5}, "options": []}, "options/color",
         {"exponent": 0.5, "fill": "blue", "mode": "opacity", "reverse": False, "scale": "exponential", "scheme": "Oranges", "steps": 64, "max": 5}),
        ({"type": "heatmap", "color": {}, "xBucketSize": "5m", "yBucketNumber": 10}, "options/calculation",
         {"xBuckets": {"mode": "size", "value": "5m"}, "yBuckets": {"mode": "count", "value": "10", "scale": {"type": "linear"}}}),
        ({"type": "heatmap", "color": {}, "yBucketBound": "upper", "yAxis": {"format": "s", "show": False}}, "options/yAxis",
         {"axisPlacement": "hidden", "reverse": False, "unit": "s"}),
    ],
)  # fmt: skip
def test_a_panel_of_another_old_type_becomes_one_that_runs(
    before: dict[str, Any], path: str, after: Any
) -> None:
    assert _value(_built(before), path) == after


def test_a_panel_of_a_plugin_of_a_third_party_stays_what_it_is() -> None:
    assert _built({"type": "ae3e-plotly-panel", "options": {"data": []}})["type"] == "ae3e-plotly-panel"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"rawSql": "SELECT 1", "rawQuery": True, "format": "table"},
         {"rawSql": "SELECT 1", "rawQuery": True, "format": "table", "datasource": {"type": "mysql", "uid": "default"}}),
        ({"target": "a.b"}, {"target": "a.b", "datasource": {"type": "graphite", "uid": "default"}}),
        ({"intervalFactor": 2, "expr": "{a=1}", "datasource": {"type": "loki", "uid": "l"}},
         {"expr": "{a=1}", "legendFormat": "", "queryType": "range", "direction": "backward", "editorMode": "code",
          "datasource": {"type": "loki", "uid": "l"}}),
        ({"humioQuery": "x", "datasource": {"type": "humio", "uid": "h"}}, {"humioQuery": "x", "datasource": {"type": "humio", "uid": "h"}}),
    ],
)  # fmt: skip
def test_a_query_keeps_the_keys_of_its_own_data_source(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert upgrade_targets({"targets": [before]}, References(), Notes()) == [{"refId": "A", **after}]

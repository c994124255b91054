"""The schemas of the core panels."""

from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from dashgen.check.check_report import Report
from dashgen.check.dashboard_schema import dashboard_schema, loose_schema, panel_schema
from dashgen.check.dashboard_shape import DashboardShape, core_shape
from dashgen.check.inventory import Inventory
from dashgen.check.json_source import JsonDocument
from dashgen.formats.json_shapes import TEXT, obj
from dashgen.formats.panel_options import PANEL_TABLE

from .samples import DASHBOARD

CORE = (
    "timeseries", "stat", "gauge", "bargauge", "barchart", "piechart", "table", "logs", "traces",
    "nodeGraph", "heatmap",
    "histogram", "state-timeline", "status-history", "candlestick", "xychart", "trend", "geomap", "canvas",
    "text",
    "dashlist", "alertlist", "annolist", "news", "flamegraph",
)  # fmt: skip
_REDUCE = {"values": False, "calcs": ["lastNotNull"], "fields": ""}
_LEGEND = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}
_TOOLTIP = {"mode": "single", "sort": "none"}
OPTIONS: dict[str, dict[str, Any]] = {
    "stat": {"reduceOptions": _REDUCE, "graphMode": "area", "colorMode": "value", "justifyMode": "auto",
    "textMode": "auto",
             "orientation": "auto", "wideLayout": True, "showPercentChange": False,
             "percentChangeColorMode": "standard"},
    "gauge": {"reduceOptions": _REDUCE, "showThresholdLabels": False, "showThresholdMarkers": True,
    "orientation": "auto",
              "sizing": "auto", "minVizWidth": 75, "minVizHeight": 75},
    "bargauge": {"reduceOptions": _REDUCE, "displayMode": "gradient", "valueMode": "color",
    "namePlacement": "auto",
                 "showUnfilled": True, "sizing": "auto", "minVizWidth": 8, "minVizHeight": 16,
                 "maxVizHeight": 300,
                 "orientation": "horizontal", "legend": _LEGEND},
    "piechart": {"reduceOptions": _REDUCE, "pieType": "donut", "displayLabels": ["percent"],
    "tooltip": _TOOLTIP,
                 "legend": {**_LEGEND, "values": ["value"]}},
    "barchart": {"orientation": "auto", "xTickLabelRotation": 0, "xTickLabelSpacing": 0, "showValue": "auto",
    "stacking": "none",
                 "groupWidth": 0.7, "barWidth": 0.97, "barRadius": 0, "fullHighlight": False,
                 "tooltip": _TOOLTIP, "legend": _LEGEND},
    "table": {"showHeader": True, "cellHeight": "sm", "frameIndex": 0, "sortBy": [{"displayName": "Cost",
    "desc": True}],
              "footer": {"show": False, "reducer": ["sum"], "countRows": False, "fields": ""}},
    "logs": {"showTime": True, "showLabels": False, "showCommonLabels": False, "wrapLogMessage": True,
    "prettifyLogMessage": False,
             "enableLogDetails": True, "sortOrder": "Descending", "dedupStrategy": "none"},
    "heatmap": {"calculate": False, "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64,
    "exponent": 0.5, "fill": "dark-orange",
                "reverse": False, "scale": "exponential"}, "cellGap": 1, "yAxis": {"axisPlacement": "left",
                "reverse": False, "unit": "s"},
                "rowsFrame": {"layout": "auto"}, "tooltip": {"mode": "single", "yHistogram": False,
                "showColorScale": False},
                "legend": {"show": True}, "exemplars": {"color": "rgba(255,0,255,0.7)"},
                "filterValues": {"le": 1e-9}, "showValue": "never"},
    "state-timeline": {"mergeValues": True, "showValue": "auto", "alignValue": "left", "rowHeight": 0.9,
    "legend": _LEGEND, "tooltip": _TOOLTIP},
    "status-history": {"showValue": "auto", "rowHeight": 0.9, "colWidth": 0.9, "legend": _LEGEND,
    "tooltip": _TOOLTIP},
    "text": {"mode": "markdown", "content": "x", "code": {"language": "plaintext", "showLineNumbers": False,
    "showMiniMap": False}},
    "xychart": {"mapping": "manual", "series": [{"x": {"matcher": {"id": "byName", "options": "a"}},
    "y": {"matcher": {"id": "byName"}}}],
                "legend": _LEGEND, "tooltip": _TOOLTIP},
    "candlestick": {"mode": "candles+volume", "candleStyle": "candles", "colorStrategy": "open-close",
    "fields": {}, "includeAllFields": False,
                    "colors": {"up": "green", "down": "red"}, "legend": _LEGEND},
    "geomap": {"view": {"id": "coords", "lat": 25.2, "lon": 55.3, "zoom": 10}, "basemap": {"type": "default",
    "name": "Map", "config": {}},
               "layers": [{"type": "markers", "name": "L", "location": {"mode": "auto"}}],
               "tooltip": {"mode": "details"},
               "controls": {"showZoom": True, "mouseWheelZoom": True}},
    "canvas": {"inlineEditing": False, "showAdvancedTypes": True, "panZoom": False, "root": {"type": "frame",
    "name": "r", "elements": []}},
    "nodeGraph": {"nodes": {"mainStatUnit": "ms"}, "edges": {}, "zoomMode": "cooperative",
    "layoutAlgorithm": "layered"},
    "dashlist": {"showStarred": False, "showSearch": True, "query": "", "tags": ["x"], "maxItems": 10,
    "keepTime": True, "includeVars": True},
    "alertlist": {"viewMode": "list", "groupMode": "default", "groupBy": [], "maxItems": 20, "sortOrder": 1,
    "dashboardAlerts": False,
                  "alertName": "", "stateFilter": {"firing": True, "pending": True, "noData": False,
                  "normal": False, "error": True}},
    "annolist": {"onlyFromThisDashboard": True, "limit": 10, "tags": [], "showTags": True,
    "navigateBefore": "10m", "navigateAfter": "10m"},
    "news": {"feedUrl": "https://example.com/feed", "showImage": True},
}  # fmt: skip


def _panel(kind: str, **keys: Any) -> dict[str, Any]:
    return {"id": 1, "type": kind, "title": "T", "gridPos": {"x": 0, "y": 0, "w": 8, "h": 8}, **keys}


def test_every_core_panel_has_a_schema() -> None:
    assert set(PANEL_TABLE) == set(CORE)


@pytest.mark.parametrize(
    "schema", [dashboard_schema(), panel_schema(), loose_schema()], ids=["dashboard", "panel", "loose"]
)
def test_the_schemas_are_schemas(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("kind", OPTIONS)
def test_the_usual_options_are_known(kind: str) -> None:
    assert core_shape().is_valid(_panel(kind, options=OPTIONS[kind]))


@pytest.mark.parametrize("kind", CORE)
def test_an_unknown_option_is_refused(kind: str) -> None:
    assert core_shape().is_valid(_panel(kind))
    assert not core_shape().is_valid(_panel(kind, options={"unknwon": 1}))


CELLS = [
    {"type": "auto"},
    {"type": "color-background", "mode": "gradient", "applyToRow": True},
    {"type": "gauge", "mode": "lcd", "valueDisplayMode": "text"},
    {"type": "sparkline", "drawStyle": "line", "hideValue": True},
    {"type": "markdown", "dynamicHeight": True},
]


@pytest.mark.parametrize("cell", CELLS, ids=[str(c["type"]) for c in CELLS])
def test_cells_of_tables_are_known(cell: dict[str, Any]) -> None:
    config = {"defaults": {"custom": {"cellOptions": cell, "width": 120}}, "overrides": []}
    assert core_shape().is_valid(_panel("table", fieldConfig=config))


def test_the_old_cell_setting_of_tables_is_refused() -> None:
    config = {"defaults": {"custom": {"displayMode": "auto"}}, "overrides": []}
    assert not core_shape().is_valid(_panel("table", fieldConfig=config))


def test_both_validators_agree() -> None:
    schema = dashboard_schema()
    quick, precise = jsonschema_rs.Draft202012Validator(schema), Draft202012Validator(schema)
    assert quick.is_valid(DASHBOARD)
    assert precise.is_valid(DASHBOARD)


def test_a_panel_type_is_added_by_one_entry() -> None:
    shape = DashboardShape({**PANEL_TABLE, "acme-flow": {"options": obj({"speed": TEXT}), "custom": obj({})}})
    assert shape.is_valid(_panel("acme-flow", options={"speed": "fast"}))
    dashboard = {**DASHBOARD, "panels": [_panel("acme-flow", options={"sped": "fast"})]}
    report = Report(JsonDocument("f.json", "{}", dashboard))
    shape.check(report, (), dashboard)
    assert [(d.rule, d.hint) for d in report.problems] == [("dashboard/unknown-key", "did you mean `speed`?")]


def test_an_inventory_starts_without_knowing_data_sources() -> None:
    assert not Inventory().knows_data_sources

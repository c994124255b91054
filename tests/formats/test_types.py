"""What the migration makes of each part: before and after."""

from typing import Any

import pytest

from dashgen.core.json_values import apply_patch
from dashgen.formats.dashboard.dashboard_json import migrate_annotation, migrate_dashboard_link
from dashgen.formats.dashboard.panel_json import migrate_panel, migrate_target
from dashgen.formats.dashboard.panel_types import cell_options, hide_from, legend, scale, tooltip
from dashgen.formats.dashboard.thresholds_json import migrate_thresholds
from dashgen.formats.dashboard.variable_json import migrate_variable

PLACE = {"id": 1, "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0}}


def _value(panel: dict[str, Any], path: str) -> Any:
    value: Any = panel
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, dict) else value[int(step)]
    return value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}),
        ({"displayMode": "hidden", "placement": "right"}, {"showLegend": False, "displayMode": "list", "placement": "right", "calcs": []}),
        ({"showLegend": False, "calcs": ["max"]}, {"showLegend": False, "displayMode": "list", "placement": "bottom", "calcs": ["max"]}),
    ],
)  # fmt: skip
def test_a_legend(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert legend(before) == legend(after) == after


def test_a_tooltip() -> None:
    assert tooltip({"mode": "multi"}) == {"mode": "multi", "sort": "none", "hideZeros": False}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {"legend": False, "tooltip": False, "viz": False}),
        ({"viz": True}, {"legend": False, "tooltip": True, "viz": True}),
        ({"legend": True}, {"legend": True, "tooltip": False, "viz": False}),
    ],
)
def test_what_a_series_is_left_out_of(before: dict[str, bool] | None, after: dict[str, bool]) -> None:
    assert hide_from(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {"type": "linear"}),
        ({"type": "linear", "log": 2}, {"type": "linear"}),
        ({"type": "log", "log": 10}, {"type": "log", "log": 10}),
    ],
)
def test_an_axis_scale(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    assert scale(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, [{"color": "green", "value": None}]),
        ({"steps": []}, [{"color": "green", "value": None}]),
        ({"steps": [{"color": "green", "value": "null", "index": 0, "line": True}, {"color": "red", "value": 80.0, "op": "gt"}]},
         [{"color": "green", "value": None}, {"color": "red", "value": 80}]),
        ({"steps": [{"color": "green", "value": 0}, {"color": "red", "value": 0.5}]}, [{"color": "green", "value": None}, {"color": "red", "value": 0.5}]),
        ({"steps": [{"color": "green"}, {"color": "red", "value": "7"}]}, [{"color": "green", "value": None}, {"color": "red", "value": 7}]),
    ],
)  # fmt: skip
def test_thresholds(before: dict[str, Any], after: list[dict[str, Any]]) -> None:
    assert migrate_thresholds(before) == {"mode": "absolute", "steps": after}


@pytest.mark.parametrize(
    ("mode", "after"),
    [
        ("auto", {"type": "auto"}),
        ("color-text", {"type": "color-text"}),
        ("color-background", {"type": "color-background", "mode": "gradient"}),
        ("lcd-gauge", {"type": "gauge", "mode": "lcd"}),
        ("json-view", {"type": "json-view"}),
    ],
)
def test_a_display_mode_becomes_a_cell_type(mode: str, after: dict[str, Any]) -> None:
    assert cell_options(mode) == after


@pytest.mark.parametrize(
    ("panel", "path", "after"),
    [
        ({"type": "timeseries", "fieldConfig": {"defaults": {"custom": {"stacking": {}}}}}, "fieldConfig/defaults/custom/stacking", {"mode": "none", "group": "A"}),
        ({"type": "timeseries"}, "fieldConfig/defaults/color", {"mode": "palette-classic"}),
        ({"type": "stat"}, "fieldConfig/defaults/color", {"mode": "thresholds"}),
        ({"type": "stat", "transparent": False, "links": [], "span": 6, "editable": True}, "transparent", None),
        ({"type": "gauge", "fieldConfig": {"defaults": {"calcs": ["max"], "limit": 3, "values": True, "title": "x", "override": {}}}},
         "options/reduceOptions", {"calcs": ["max"], "fields": "", "values": True, "limit": 3}),
        ({"type": "gauge", "fieldConfig": {"defaults": {"title": "x"}}}, "fieldConfig/defaults/displayName", "x"),
        ({"type": "gauge", "fieldConfig": {"defaults": {}, "showThresholdLabels": True}}, "options/showThresholdLabels", True),
        ({"type": "bargauge", "options": {"fieldOptions": {"calcs": ["mean"], "defaults": {"unit": "s", "max": 9, "title": None}, "thresholds": [{"color": "red", "value": None}]}}},
         "fieldConfig/defaults", {"unit": "s", "max": 9, "mappings": [], "color": {"mode": "thresholds"},
                                  "thresholds": {"mode": "absolute", "steps": [{"color": "red", "value": None}]}}),
        ({"type": "table", "color": {"mode": "fixed"}, "mappings": [], "fieldConfig": {"defaults": {"custom": {"displayMode": "auto"}}}},
         "fieldConfig/defaults/color", {"mode": "fixed"}),
        ({"type": "table", "options": {"footer": {"show": True, "reducer": ["count"], "countRows": True, "enablePagination": True}}},
         "fieldConfig/defaults/custom/footer", {"reducers": ["countAll"]}),
        ({"type": "table", "options": {"footer": {"show": False, "enablePagination": True}}}, "options/enablePagination", True),
        ({"type": "barchart", "fieldConfig": {"defaults": {"color": {"mode": "palette-classic", "fixedColor": "none"}}}},
         "fieldConfig/defaults/color", {"mode": "palette-classic"}),
        ({"type": "dashlist", "headings": False, "limit": 3, "tags": ["a"]}, "options",
         {"showHeadings": False, "maxItems": 3, "tags": ["a"], "includeVars": False, "keepTime": False, "showFolderNames": True}),
        ({"type": "news", "options": {"feedUrl": "x", "useProxy": False}}, "options", {"feedUrl": "x"}),
        ({"type": "text", "options": {"mode": "text", "content": "x"}}, "options/mode", "markdown"),
        ({"type": "logs", "fieldConfig": {"defaults": {"thresholds": {"steps": []}}}}, "fieldConfig", {"defaults": {}, "overrides": []}),
        ({"type": "text"}, "fieldConfig", None),
        ({"type": "stat", "repeat": "tier", "maxPerRow": 3}, "repeatDirection", "h"),
        ({"libraryPanel": {"uid": "x", "name": "y"}, "type": "stat", "title": "T", "targets": []}, "targets", None),
        ({"type": "row", "title": "R", "targets": [], "collapsed": True, "panels": [{"type": "text", **PLACE}]}, "panels/0/type", "text"),
    ],
)  # fmt: skip
def test_a_part_of_a_panel(panel: dict[str, Any], path: str, after: Any) -> None:
    once = migrate_panel({**PLACE, **panel})
    assert _value(once, path) == after
    assert migrate_panel(once) == once


def test_a_target_of_another_data_source_only_loses_nulls() -> None:
    assert migrate_target({"refId": "A", "hide": None, "x": 1}) == {"refId": "A", "x": 1}


def test_an_annotation_says_whether_it_is_shown() -> None:
    assert migrate_annotation({"name": "A", "limit": None}) == {
        "name": "A", "enable": True, "hide": False, "iconColor": "red",
    }  # fmt: skip


def test_a_link_has_every_key() -> None:
    link = migrate_dashboard_link({"keepTime": True, "title": "x", "type": "link", "url": "y"})
    assert set(link) == {
        "asDropdown", "icon", "includeVars", "keepTime", "tags", "targetBlank", "title", "tooltip", "type", "url",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({"type": "query", "query": "q", "current": {"text": None, "value": None, "tags": []}}, "current", {}),
        ({"type": "query", "query": "q", "includeAll": True, "current": {"text": "All", "value": "All"}}, "current", {"text": "All", "value": "$__all"}),
        ({"type": "query", "query": "q", "current": {"text": ["a"], "value": ["a"]}}, "current", {"text": "a", "value": "a"}),
        ({"type": "query", "query": "label_values(x)", "refresh": 0}, "refresh", 1),
        ({"type": "query", "query": {"query": "label_values(x)"}}, "definition", "label_values(x)"),
        ({"type": "switch", "enabledValue": "1", "query": None}, "enabledValue", "1"),
    ],
)  # fmt: skip
def test_a_part_of_a_variable(before: dict[str, Any], path: str, after: Any) -> None:
    once = migrate_variable({"name": "v", **before})
    assert once[path] == after
    assert migrate_variable(once) == once


def test_merging_a_raw_part() -> None:
    data: dict[str, Any] = {"a": {"b": 1, "c": 2}, "d": [1], "e": 5}
    apply_patch(data, {"a": {"b": 3, "x": {"y": None, "z": 1}}, "d": [2], "e": None, "f": {"g": 1}})
    assert data == {"a": {"b": 3, "c": 2, "x": {"z": 1}}, "d": [2], "f": {"g": 1}}

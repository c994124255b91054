"""Whole dashboards: rows, time, annotations, raw parts."""

from typing import Any

import pytest
import yaml

from dashgen.compile.lower.lower_dashboard import lower, time_range
from dashgen.compile.lower.panels import panel_types
from dashgen.formats.dashboard import migrate
from dashgen.model.dashboard_spec import DashboardAnnotation, DashboardLink, TimePicker
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Repeat
from dashgen.model.settled_dashboard import Grid, SettledAnnotation, SettledLink, SettledRow, SettledVariable
from dashgen.model.variable_spec import ConstantVariable
from tests.lower.settled import LOKI, PROMETHEUS, built, panel_of, settled_dashboard, settled_panel

GRAFANA = DataSourceRef("grafana", "-- Grafana --")
BUILT_IN = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}


def _stat(number: int, **spec: Any) -> Any:
    return settled_panel(panel_of("stat", {"title": f"p{number}", "query": "up", **spec}), number=number)


def test_an_empty_dashboard_has_the_keys_of_today_only() -> None:
    assert built(settled_dashboard([])) == {
        "annotations": {"list": [BUILT_IN]},
        "editable": True,
        "fiscalYearStartMonth": 0,
        "graphTooltip": 0,
        "links": [],
        "liveNow": False,
        "panels": [],
        "refresh": "",
        "schemaVersion": 42,
        "tags": ["dashgen"],
        "templating": {"list": []},
        "time": {"from": "now-6h", "to": "now"},
        "timepicker": {},
        "timezone": "browser",
        "title": "Test",
        "uid": "test",
        "weekStart": "",
    }


@pytest.mark.parametrize(
    ("spec", "changed"),
    [
        ({"refresh": "30s"}, {"refresh": "30s"}),
        ({"tooltip": "shared"}, {"graphTooltip": 2}),
        ({"tooltip": "crosshair", "editable": False}, {"graphTooltip": 1, "editable": False}),
        ({"description": "D", "preload": True, "live_now": True, "week_start": "monday", "timezone": "Asia/Dubai"},
         {"description": "D", "preload": True, "liveNow": True, "weekStart": "monday", "timezone": "Asia/Dubai"}),
        ({"time_picker": TimePicker(hidden=True, now_delay="1m", refresh_intervals=["10s"], quick_ranges=[{"display": "d", "from": "now/d", "to": "now"}])},
         {"timepicker": {"hidden": True, "nowDelay": "1m", "refresh_intervals": ["10s"], "quick_ranges": [{"display": "d", "from": "now/d", "to": "now"}]}}),
        ({"raw": {"fiscalYearStartMonth": 3, "editable": None}}, {"fiscalYearStartMonth": 3}),
    ],
)  # fmt: skip
def test_a_dashboards_own_words(spec: dict[str, Any], changed: dict[str, Any]) -> None:
    data = built(settled_dashboard([], **spec))
    assert {key: data[key] for key in changed} == changed


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("6h", "now-6h", "now"),
        ("now-7d to now-1d", "now-7d", "now-1d"),
        ("now-7d/now-1d", "now-7d", "now-1d"),
        ("now/d", "now/d", "now"),
        ("now-1d/d to now-1d/d", "now-1d/d", "now-1d/d"),
        ("2024-01-01 to 2024-02-01", "2024-01-01", "2024-02-01"),
    ],
)
def test_a_time_range(text: str, start: str, end: str) -> None:
    assert time_range(text).to_json_data() == {"from": start, "to": end}


def test_panels_of_an_open_row_follow_it_and_those_of_a_collapsed_one_are_inside() -> None:
    dashboard = settled_dashboard([_stat(1)])
    repeat = Repeat(by="tier")
    dashboard.rows.append(SettledRow("Open", ("rows", 0), 10, Grid(0, 8, 24, 1), False, repeat, [_stat(2)]))
    dashboard.rows.append(SettledRow("Closed", ("rows", 1), 11, Grid(0, 17, 24, 1), True, None, [_stat(3)]))
    panels = built(dashboard)["panels"]
    assert [(panel["id"], panel["type"]) for panel in panels] == [
        (1, "stat"),
        (10, "row"),
        (2, "stat"),
        (11, "row"),
    ]
    assert panels[1] == {
        "collapsed": False, "gridPos": {"h": 1, "w": 24, "x": 0, "y": 8}, "id": 10, "panels": [], "repeat": "tier",
        "title": "Open", "type": "row",
    }  # fmt: skip
    assert [panel["id"] for panel in panels[3]["panels"]] == [3]


def test_raw_parts_are_merged_last_where_they_belong() -> None:
    dashboard = settled_dashboard([_stat(1)], raw={"custom": 1})
    collapsed = _stat(2, raw={"options": {"colorMode": None, "new": [1]}, "pluginVersion": "12.4.3"})
    dashboard.rows.append(SettledRow("R", ("rows", 0), 9, Grid(0, 8, 24, 1), True, None, [collapsed]))
    collapsed.queries[0].query.raw = {"range": True, "adhocFilters": []}
    dashboard.variables.append(SettledVariable(ConstantVariable(name="c", value="x", raw={"hide": 1}), ()))
    annotation = DashboardAnnotation(name="A", query="x", raw={"filter": {"ids": [1]}})
    dashboard.annotations.append(SettledAnnotation(annotation, (), PROMETHEUS))
    data = built(dashboard)
    panel = data["panels"][1]["panels"][0]
    assert data["custom"] == 1
    assert panel["pluginVersion"] == "12.4.3"
    assert panel["options"]["new"] == [1]
    assert "colorMode" not in panel["options"]
    assert panel["targets"][0]["adhocFilters"] == []
    assert data["templating"]["list"][0]["hide"] == 1
    assert data["annotations"]["list"][1]["filter"] == {"ids": [1]}


def test_a_raw_part_is_not_changed_by_what_is_made_of_it() -> None:
    raw = {"options": {"a": {"b": 1}}}
    panel = built(settled_dashboard([_stat(1, raw=raw)]))["panels"][0]
    panel["options"]["a"]["b"] = 2
    assert raw == {"options": {"a": {"b": 1}}}


@pytest.mark.parametrize(
    ("annotation", "source", "expected"),
    [
        ({"tags": ["launch"], "match_any": True, "limit": 5}, GRAFANA,
         {"target": {"type": "tags", "tags": ["launch"], "matchAny": True, "limit": 5}}),
        ({"query": "changes(x[1m])", "title": "{{v}}", "text": "t", "tag_keys": "v", "step": "1m"}, PROMETHEUS,
         {"target": {"refId": "Anno", "expr": "changes(x[1m])", "interval": "1m"}, "titleFormat": "{{v}}", "textFormat": "t", "tagKeys": "v"}),
        ({"query": '{a="b"}'}, LOKI, {"expr": '{a="b"}', "target": {"refId": "Anno", "expr": '{a="b"}', "queryType": "range"}}),
        ({"query": "SELECT 1"}, DataSourceRef("influxdb", "i"), {"target": {"refId": "Anno", "query": "SELECT 1"}}),
    ],
)  # fmt: skip
def test_an_annotation(annotation: dict[str, Any], source: DataSourceRef, expected: dict[str, Any]) -> None:
    dashboard = settled_dashboard([])
    dashboard.annotations.append(SettledAnnotation(DashboardAnnotation(name="A", **annotation), (), source))
    assert built(dashboard)["annotations"]["list"] == [
        BUILT_IN,
        {
            "name": "A", "datasource": {"type": source.type, "uid": source.uid}, "enable": True, "hide": False,
            "iconColor": "blue", **expected,
        },
    ]  # fmt: skip


def test_links_are_complete() -> None:
    dashboard = settled_dashboard([])
    dashboard.links.append(SettledLink(DashboardLink(dashboard="ai-cost"), "AI cost"))
    assert built(dashboard)["links"][0]["url"] == "/d/ai-cost"


def test_migrating_again_changes_nothing() -> None:
    panels = [settled_panel(panel_of("timeseries", {"title": "t", "query": "up", "max_points": 100}))]
    once = migrate(lower(settled_dashboard(panels)))
    assert migrate(once) == once


@pytest.mark.parametrize("kind", sorted(panel_types()))
def test_what_is_lowered_is_of_today(kind: str) -> None:
    example = yaml.safe_load(panel_types()[kind].example)
    spec = {key: value for key, value in example.items() if key not in ("type", "queries", "mappings")}
    queries = {} if not panel_types()[kind].takes_queries else {"query": "up"}
    panel = settled_panel(panel_of(kind, {**spec, **queries}))
    dashboard = settled_dashboard([panel])
    once = built(dashboard)
    # There is nothing to upgrade in it, and writing it again shows that it shares no part that was changed.
    assert migrate(once) == once
    assert built(dashboard) == once

"""Dashboards of every form, looked at."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.formats.upgrade.envelope import NotADashboardError
from dashgen.preview.views.readable_dashboard import readable_dashboard
from tests.preview.views.dashboards import by_key, dashboard, panel, places, viewed

ROOT = Path(__file__).parents[3]


def _element(number: int, kind: str = "stat") -> dict[str, Any]:
    query = {
        "kind": "DataQuery",
        "group": "prometheus",
        "version": "v0",
        "datasource": {"name": "p"},
        "spec": {"expr": "up"},
    }
    spec = {
        "id": number,
        "title": f"P{number}",
        "data": {
            "kind": "QueryGroup",
            "spec": {"queries": [{"kind": "PanelQuery", "spec": {"refId": "A", "query": query}}]},
        },
        "vizConfig": {"kind": "VizConfig", "group": kind, "spec": {"options": {}, "fieldConfig": {}}},
    }
    return {"kind": "Panel", "spec": spec}


def _item(name: str, **more: Any) -> dict[str, Any]:
    spec = {"element": {"kind": "ElementReference", "name": name}, **more}
    return {"kind": "AutoGridLayoutItem", "spec": spec}


V2 = {
    "apiVersion": "dashboard.grafana.app/v2beta1",
    "kind": "Dashboard",
    "metadata": {"name": "shop"},
    "spec": {
        "title": "Shop",
        "elements": {"panel-1": _element(1), "panel-2": _element(2)},
        "variables": [
            {
                "kind": "CustomVariable",
                "spec": {
                    "name": "tier", "query": "free,pro", "multi": True, "includeAll": True,
                    "current": {"text": ["All"], "value": ["$__all"]},
                },
            }
        ],
        "timeSettings": {"from": "now-1h", "to": "now", "timezone": "utc"},
        "layout": {
            "kind": "TabsLayout",
            "spec": {
                "tabs": [
                    {
                        "kind": "TabsLayoutTab",
                        "spec": {
                            "title": "One",
                            "layout": {
                                "kind": "AutoGridLayout",
                                "spec": {
                                    "maxColumnCount": 2,
                                    "items": [
                                        _item("panel-1", repeat={"mode": "variable", "value": "tier"}),
                                        _item("panel-2"),
                                    ],
                                },
                            },
                        },
                    }
                ]
            },
        },
    },
}  # fmt: skip


def test_a_resource_of_schema_v2_has_its_tabs_and_grids() -> None:
    board = viewed(readable_dashboard(V2))
    (tab,) = board.sections
    assert (tab.kind, tab.title, board.dashboard["uid"]) == ("tab", "One", "shop")
    assert places(tab.sections[0]) == {
        "1:tier=free": (0, 0, 12, 9),
        "1:tier=pro": (12, 0, 12, 9),
        "2": (0, 9, 12, 9),
    }


def test_rows_and_graphs_of_old_are_rows_and_time_series() -> None:
    old = {
        "title": "Old",
        "schemaVersion": 14,
        "rows": [
            {"title": "A", "showTitle": True, "panels": [{"id": 1, "type": "graph", "span": 6}]},
            {"title": "B", "showTitle": True, "collapse": True, "panels": [{"id": 2, "type": "singlestat"}]},
        ],
    }  # fmt: skip
    board = viewed(readable_dashboard({"dashboard": old, "meta": {}}))
    assert [(one.title, one.is_folded) for one in board.sections] == [("A", False), ("B", True)]
    assert [one.panel["type"] for one in board.panels] == ["timeseries", "stat"]


def test_a_library_panel_has_the_model_that_is_known() -> None:
    reference = {**panel(1, x=6), "libraryPanel": {"uid": "x", "name": "CPU"}, "repeat": "tier"}
    del reference["type"]
    board = dashboard(reference, schemaVersion=42)
    models = {"x": {"type": "gauge", "title": "CPU", "gridPos": {"x": 0, "y": 9, "w": 2, "h": 2}}}
    (shown,) = by_key(viewed(readable_dashboard(board, models))).values()
    assert (shown.panel["type"], shown.panel["title"], shown.key) == ("gauge", "CPU", "1")
    assert "type" not in next(viewed(readable_dashboard(board)).panels).panel


@pytest.mark.parametrize("document", [7, [], {"type": "stat", "gridPos": {}}, {"spec": {}}])
def test_what_is_no_dashboard_is_refused(document: Any) -> None:
    with pytest.raises(NotADashboardError):
        readable_dashboard(document)


HOSTILE: list[dict[str, Any]] = [
    {"panels": [7, None, {"id": "x"}, {"gridPos": 7}, {"type": "row", "panels": [7]}]},
    {"panels": [panel(1, repeat=7, maxPerRow="x")], "templating": {"list": [7, {"name": 7}, {}]}},
    {"panels": [panel(1)], "templating": 7, "links": [7], "time": 7, "timezone": 7, "annotations": 7},
    {"panels": [panel(1, dynamic=7), panel(2, dynamic={"showWhen": {"items": [7, {"kind": "data"}]}})]},
    {"panels": [{"type": "row", "dynamic": {"level": -3, "variables": [7]}}, panel(1)], "dynamic": 7},
    {"panels": [panel(1, timeFrom=7, timeShift=[], interval={}, fieldConfig=7, links=7, options=7)]},
    {"panels": [panel(1)], "time": {"from": "now-999999999y", "to": "x"}, "weekStart": 7},
    {"panels": [panel(1, w=1e300, h=1e300, x=-1e300)]},
]


@pytest.mark.parametrize("broken", HOSTILE)
def test_parts_of_any_shape_are_no_crash(broken: dict[str, Any]) -> None:
    board = viewed({"schemaVersion": 42, **broken})
    assert len({one.key for one in board.panels}) == len(list(board.panels))

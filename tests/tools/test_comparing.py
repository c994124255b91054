"""The tool that compares public dashboards with what their imports build to sees every value that is gone or changed."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tools.comparing import compare
from tests.tools.plain import Json, Steps, at, leaves, spelled
from tests.tools.reasons import may_go

PROMETHEUS = {"type": "prometheus", "uid": "p1"}
BOARD: Json = {
    "uid": "board", "title": "Shop", "description": "What it sells.", "tags": ["shop"], "refresh": "30s", "timezone": "utc",
    "time": {"from": "now-2h", "to": "now-1h"}, "graphTooltip": 1, "editable": True, "weekStart": "monday",
    "timepicker": {"refresh_intervals": ["10s", "1m"], "hidden": True, "nowDelay": "1m"},
    "links": [{"type": "link", "title": "Home", "url": "/d/home", "icon": "bolt", "tooltip": "t", "targetBlank": True}],
    "templating": {"list": [
        {"type": "query", "name": "job", "label": "Job", "query": "label_values(up, job)", "datasource": PROMETHEUS,
         "regex": "/x/", "sort": 2, "refresh": 2, "multi": True, "includeAll": True, "allValue": ".*", "hide": 1,
         "current": {"text": ["a", "b"], "value": ["a", "b"]}},
        {"type": "custom", "name": "tier", "query": "free,pro", "current": {"text": "pro", "value": "pro"}},
    ]},
    "annotations": {"list": [
        {"name": "Deploys", "enable": True, "datasource": PROMETHEUS, "iconColor": "red", "expr": "changes(up[1m])",
         "titleFormat": "{{job}}", "filter": {"ids": [1], "exclude": True}},
    ]},
    "panels": [
        {"id": 1, "type": "timeseries", "title": "Sales", "description": "d", "transparent": True, "datasource": PROMETHEUS,
         "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "interval": "1m", "maxDataPoints": 50, "timeFrom": "2h",
         "links": [{"title": "More", "url": "https://x", "targetBlank": True}],
         "transformations": [{"id": "organize", "options": {"indexByName": {"a": 1}}}],
         "targets": [{"refId": "A", "expr": "rate(sales[5m])", "legendFormat": "{{tier}}", "datasource": PROMETHEUS,
                      "interval": "30s", "intervalFactor": 2, "hide": True, "exemplar": True, "format": "table"}],
         "fieldConfig": {
             "defaults": {"unit": "s", "decimals": 2, "min": 1, "max": 9, "displayName": "n", "noValue": "none",
                          "color": {"mode": "fixed", "fixedColor": "blue"},
                          "thresholds": {"mode": "percentage",
                                         "steps": [{"color": "green", "value": None}, {"color": "red", "value": 80}]},
                          "mappings": [{"type": "value", "options": {"1": {"text": "one", "color": "red", "index": 0}}}],
                          "custom": {"lineWidth": 3, "drawStyle": "bars", "axisLabel": "axis"}},
             "overrides": [{"matcher": {"id": "byName", "options": "x"}, "properties": [{"id": "unit", "value": "ms"}]}]},
         "options": {"legend": {"calcs": ["max"], "displayMode": "table", "placement": "right", "showLegend": True},
                     "tooltip": {"mode": "multi", "sort": "asc"}}},
        {"id": 2, "type": "text", "title": "", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
         "options": {"mode": "markdown", "content": "# Hello"}},
    ],
}  # fmt: skip
ACCEPTED_CHANGES = {
    "annotations.list[].datasource.type", "annotations.list[].datasource.uid", "panels[].datasource.type",
    "panels[].datasource.uid", "panels[].targets[].datasource.type", "panels[].targets[].datasource.uid",
    "templating.list[].datasource.type", "templating.list[].datasource.uid",  # data sources are named anew
    "templating.list[].current.text", "templating.list[].current.text[]",  # follows from the value
    "panels[].fieldConfig.defaults.mappings[].options.1.index",  # the order is what counts
    "panels[].fieldConfig.defaults.thresholds.steps[].value",  # the base has none, the others are below
    "panels[].gridPos.x", "panels[].gridPos.y",  # rows close their gaps
    "panels[].id",  # of a panel that nothing names
}  # fmt: skip
"""What the tool lets pass in `BOARD`; a reason that is too wide would make this list longer."""
ACCEPTED_LOSSES = {
    "templating.list[].current.text", "templating.list[].current.text[]", "panels[].gridPos.x", "panels[].gridPos.y",
    "panels[].fieldConfig.defaults.mappings[].options.1.index", "panels[].fieldConfig.defaults.thresholds.steps[].value",
    "panels[].id", "panels[].title",
}  # fmt: skip


def _edited(path: Steps, *, keep: bool) -> Json:
    """`BOARD` with another value at a path, or none."""
    board = copy.deepcopy(BOARD)
    parent: Any = at(board, path[:-1])
    if not keep:
        del parent[path[-1]]
        return board
    value = parent[path[-1]]
    parent[path[-1]] = (
        not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}x"
    )
    return board


def _unseen(*, keep: bool) -> Iterator[str]:
    for path, _ in leaves(BOARD):
        if not compare(BOARD, _edited(path, keep=keep))[1]:
            yield spelled(path)


def test_a_dashboard_is_like_itself() -> None:
    count, faults = compare(BOARD, copy.deepcopy(BOARD))
    assert faults == []
    assert count > 70


def test_every_value_that_changes_is_seen_but_those_that_may() -> None:
    assert set(_unseen(keep=True)) == ACCEPTED_CHANGES


def test_every_value_that_goes_is_seen_but_those_that_may() -> None:
    assert set(_unseen(keep=False)) == ACCEPTED_LOSSES


@pytest.mark.parametrize("number", [80, 0])
def test_a_threshold_without_its_number_is_seen(number: int) -> None:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": number}]
    panel = {"type": "stat", "title": "T", "fieldConfig": {"defaults": {"thresholds": {"steps": steps}}}}
    built = copy.deepcopy(panel)
    built["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["color"] = "blue"  # type: ignore[index]
    assert compare({"panels": [panel]}, {"panels": [built]})[1]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda board: board["panels"].pop(), "panel(text)"),
        (lambda board: board["templating"]["list"].reverse(), "variable order"),
        (lambda board: board["templating"]["list"].pop(), "variable"),
        (lambda board: board["annotations"]["list"].pop(), "annotation"),
        (lambda board: board["panels"][0]["targets"].pop(), "targets"),
        (lambda board: board["panels"][0].update(type="stat"), "panel(timeseries).type"),
        (lambda board: board["panels"][0]["gridPos"].update(w=6), "gridPos.w"),
        (lambda board: board["links"].clear(), "link.[].title"),
        (lambda board: board["panels"][0]["fieldConfig"]["overrides"].clear(), "panel(timeseries).fieldConfig.overrides"),
    ],
)  # fmt: skip
def test_a_part_that_is_gone_or_moved_is_seen(change: Any, fault: str) -> None:
    board = copy.deepcopy(BOARD)
    change(board)
    assert any(found.startswith(fault) for found in compare(BOARD, board)[1]), compare(BOARD, board)[1]


PAIRS: list[tuple[str, Any, Any, bool]] = [
    ("dashboard.schemaVersion", 16, 42, True),
    ("dashboard.title", " Shop ", "Shop", True),
    ("dashboard.title", "Shop", "Store", False),
    ("dashboard.refresh", False, "", True),
    ("dashboard.refresh", "5s", "", False),
    ("dashboard.timezone", "", "browser", True),
    ("dashboard.timezone", "utc", "browser", False),
    ("dashboard.uid", "a/b", "a-b", True),
    ("dashboard.uid", "shop", "shop-2", False),
    ("panel(timeseries).maxDataPoints", "100", 100, True),
    ("panel(timeseries).maxDataPoints", "100", 10, False),
    ("panel(graph).lines", True, None, True),
    ("panel(my-own-panel).lines", True, None, False),
    ("panel(stat).options.tooltip.maxHeight", 600, None, True),
    ("panel(stat).options.tooltip.maxHeight", 300, None, False),
    ("panel(timeseries).fieldConfig.defaults.unit", "s", None, False),
    ("target(prometheus).expr", "up", None, False),
    ("target(prometheus).expr", "up", "down", False),
    ("target(prometheus).step", 4, None, True),
    ("target(loki).step", "1m", None, False),
    ("target(prometheus).intervalFactor", 1, None, True),
    ("target(prometheus).intervalFactor", 2, None, False),
    ("target(mysql).rawSql", "SELECT 1", None, False),
    ("variable(custom).query", "a, b", "a,b", True),
    ("variable(custom).query", "a,b", "a", False),
    ("variable(interval).query", "1m, 5m", "1m,5m", True),
    ("variable(interval).query", "1m,5m", "5m,1m", False),
    ("variable(query).regex", "/x/", "", False),
    ("variable(query).hide", True, 1, True),
    ("variable(query).hide", 2, 0, False),
    ("annotation.iconColor", "rgb(1, 2, 3)", "rgb(1,2,3)", True),
    ("annotation.expr", "up", None, False),
]


@pytest.mark.parametrize(("name", "value", "there", "expected"), PAIRS)
def test_a_value_may_go_only_for_a_reason(name: str, value: object, there: object, expected: bool) -> None:
    key = name.rpartition(".")[2]
    assert may_go(name, value, there, {key: value}, {key: there}, (key,)) is expected


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [(["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"], True), (["5s", "10s"], False)],
)
def test_only_the_refresh_intervals_that_grafana_offers_anyway_may_go(
    intervals: list[str], expected: bool
) -> None:
    before = {"timepicker": {"refresh_intervals": intervals}}
    path = ("timepicker", "refresh_intervals", 0)
    assert (
        may_go("dashboard.timepicker.refresh_intervals[]", intervals[0], None, before, {}, path) is expected
    )

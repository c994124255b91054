"""Every query of every panel, as Grafana would send it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from dashgen.core.diagnostics import Location
from dashgen.doctor.live.live_queries import DashboardView, PanelQuery, panel_queries

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
GENERATED = sorted((Path(__file__).parents[2] / "generated/dashboards").rglob("*.json"))


def _panel(*targets: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "type": "timeseries",
        "title": "Rate",
        "datasource": PROMETHEUS,
        "targets": list(targets),
        **more,
    }


def _queries(
    *panels: dict[str, Any], variables: tuple[dict[str, Any], ...] = (), **more: Any
) -> list[PanelQuery]:
    data = {"uid": "home", "title": "Home", "panels": list(panels), "templating": {"list": list(variables)}}
    return panel_queries([DashboardView({**data, **more.pop("top", {})}, **more)], NOW, {"prometheus": 30.0})


def test_a_query_knows_where_it_stands() -> None:
    place = Location("specs/a.yaml")
    (query,) = _queries(_panel({"refId": "A", "expr": "up"}), locations={(1, "A"): place})
    assert (query.dashboard, query.panel, query.panel_id, query.ref_id) == ("home", "Rate", 1, "A")
    assert (query.source_type, query.source_uid, query.location) == ("prometheus", "prometheus", place)
    assert (query.instant, query.window.scrape, query.unfilled) == (False, 30.0, ())


def test_hidden_queries_expressions_and_other_panels_data_are_left_out() -> None:
    targets = (
        {"refId": "A", "expr": "up", "hide": True},
        {"refId": "B", "expression": "$A", "datasource": {"type": "__expr__", "uid": "__expr__"}},
        {"refId": "C", "panelId": 2, "datasource": {"type": "datasource", "uid": "-- Dashboard --"}},
    )
    assert _queries(_panel(*targets)) == []


def test_panels_of_collapsed_rows_are_asked_too() -> None:
    row = {"type": "row", "title": "More", "panels": [_panel({"refId": "A", "expr": "up"})]}
    assert [query.panel for query in _queries(row)] == ["Rate"]


def test_a_repeated_panel_stands_for_its_first_copy() -> None:
    tier = {"name": "tier", "type": "custom", "multi": True, "current": {"value": ["a", "b"]}}
    query = {"refId": "A", "expr": 'up{tier="$tier"}'}
    repeated = _panel(query, repeat="tier", title="Of $tier")
    assert [(q.panel, q.expr) for q in _queries(repeated, variables=(tier,))] == [("Of a", 'up{tier="a"}')]
    row = {"type": "row", "repeat": "tier", "panels": []}
    assert _queries(row, _panel(query), variables=(tier,))[0].expr == 'up{tier="a"}'


def test_a_panels_interval_may_be_a_variable() -> None:
    per = {"name": "per", "type": "interval", "current": {"value": "1h"}}
    (query,) = _queries(
        _panel({"refId": "A", "expr": "increase(a[$per]) + rate(a[$__rate_interval])"}, interval="$per"),
        variables=(per,),
    )
    assert (query.window.step, query.expr) == (3600, "increase(a[1h]) + rate(a[3630s])")


def test_a_data_source_may_be_a_variable() -> None:
    source = {"name": "ds", "type": "datasource", "query": "prometheus", "current": {"value": "main"}}
    (query,) = _queries(
        _panel({"refId": "A", "expr": "up"}, datasource={"type": "prometheus", "uid": "${ds}"}),
        variables=(source,),
    )
    assert query.source_uid == "main"


@pytest.mark.parametrize(
    ("target", "instant"),
    [
        ({"instant": True}, True),
        ({"instant": True, "range": True}, False),
        ({"range": True}, False),
        ({"datasource": {"type": "loki"}, "queryType": "instant"}, True),
        ({"datasource": {"type": "loki"}, "queryType": "range"}, False),
    ],
)
def test_a_query_asks_for_now_or_for_all_the_time(target: dict[str, Any], instant: bool) -> None:
    (query,) = _queries(_panel({"refId": "A", "expr": "up", **target}))
    assert query.instant is instant


@pytest.mark.parametrize(
    ("target", "kind", "expr"),
    [
        ({"query": "{ duration > 8s }", "queryType": "traceql"}, "tempo", "{ duration > 8s }"),
        (
            {"queryType": "serviceMap"},
            "prometheus",
            "sum by (client, server) (traces_service_graph_request_total)",
        ),
        ({"queryType": "traceqlSearch", "filters": []}, "tempo", "{}"),
        (
            {
                "queryType": "traceqlSearch",
                "filters": [
                    {
                        "tag": "service.name",
                        "operator": "=",
                        "scope": "resource",
                        "valueType": "string",
                        "value": "bot",
                    },
                    {
                        "tag": "name",
                        "operator": "=",
                        "scope": "span",
                        "valueType": "string",
                        "value": ["a", "b"],
                    },
                    {"tag": "duration", "operator": ">", "valueType": "duration", "value": "8s"},
                    {"tag": "status", "scope": "intrinsic", "valueType": "keyword", "value": "error"},
                    {"tag": "empty"},
                ],
            },
            "tempo",
            '{resource.service.name="bot" && name=~"a|b" && duration>8s && status=error}',
        ),
    ],
)
def test_traces_are_asked_for_in_traceql(target: dict[str, Any], kind: str, expr: str) -> None:
    (query,) = _queries(_panel({"refId": "A", **target}, datasource={"type": "tempo", "uid": "tempo"}))
    assert (query.source_type, query.expr) == (kind, expr)


def test_a_query_with_an_unknown_variable_cannot_be_asked() -> None:
    (query,) = _queries(_panel({"refId": "A", "expr": 'up{a="$gone"}'}))
    assert query.unfilled == ("gone",)


@pytest.mark.parametrize(
    "data", [{}, {"panels": 7}, {"panels": [{"targets": [{"datasource": "x"}]}]}, {"panels": [7]}]
)
def test_any_data_is_no_queries(data: dict[str, Any]) -> None:
    assert panel_queries([DashboardView(data)], NOW) == []


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.stem)
def test_every_query_of_our_dashboards_can_be_run(path: Path) -> None:
    found = panel_queries([DashboardView(orjson.loads(path.read_bytes()))], NOW)
    assert found
    assert [query.panel for query in found if query.unfilled or not query.expr] == []
    # A group of a regular expression, as in "$1", is no variable.
    assert [query.panel for query in found if re.search(r"\$(?!\d)", query.expr)] == []


def test_queries_have_the_variables_of_the_sections_around_them() -> None:
    def variable(value: str) -> dict[str, Any]:
        return {"name": "q", "type": "custom", "current": {"value": value}}

    def header(kind: str, level: int, *variables: dict[str, Any], **more: Any) -> dict[str, Any]:
        dynamic = {"kind": kind, "level": level, "variables": list(variables)}
        return {"type": "row", "title": "S", "dynamic": dynamic, "panels": [], **more}

    target = {"refId": "A", "expr": "up * $q"}
    folded = {"collapsed": True, "panels": [_panel(target, title="folded")]}
    sections = [
        header("tab", 0, variable("1")), _panel(target, title="in a tab"),
        header("row", 1, variable("2")), _panel(target, title="in a row in it"),
        header("row", 1), _panel(target, title="in the next row"),
        header("row", 1, variable("3"), **folded),
        header("tab", 0), _panel(target, title="in the next tab"),
    ]  # fmt: skip
    found = _queries(*sections, variables=(variable("0"),))
    assert {query.panel: query.expr for query in found} == {
        "in a tab": "up * 1", "in a row in it": "up * 2", "in the next row": "up * 1", "folded": "up * 3",
        "in the next tab": "up * 0",
    }  # fmt: skip

"""Queries as each data source's editor writes them."""

from typing import Any

import pytest

from dashgen.compile.lower.lower_targets import lower_query
from dashgen.formats.dashboard.panel_json import migrate_target
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.model.target_spec import Query, Reduce, Resample, SearchTraces, ThresholdExpression

EXPRESSION = {"type": "__expr__", "uid": "__expr__"}


def _built(query: Query, kind: str, **settled: Any) -> dict[str, Any]:
    source = DataSourceRef(kind, kind)
    target = lower_query(SettledQuery(query, ("queries", 0), "A", source, **{"legend": "__auto", **settled}))
    json = migrate_target(target.to_json_data())
    assert json.pop("refId") == "A"
    assert json.pop("datasource") == (EXPRESSION if query.is_expression else {"type": kind, "uid": kind})
    return json


PROMETHEUS = {
    "editorMode": "code",
    "exemplar": False,
    "expr": "up",
    "format": "time_series",
    "instant": False,
    "legendFormat": "__auto",
    "range": True,
}


@pytest.mark.parametrize(
    ("query", "settled", "changed"),
    [
        (Query(content="up"), {}, {}),
        (Query(content="up", resolution="1/2"), {}, {"intervalFactor": 2}),
        (Query(content="up"), {"instant": True, "format": "table"}, {"instant": True, "range": False, "format": "table"}),
        (Query(content="up"), {"both": True}, {"instant": True, "range": True}),
        (Query(content="up", step="1m"), {}, {"interval": "1m"}),
        (Query(content="up", hide=True, exemplars=True), {}, {"hide": True, "exemplar": True}),
        (Query(content="up"), {"legend": "{{job}}"}, {"legendFormat": "{{job}}"}),
        (Query(content="up"), {"legend": ""}, {"legendFormat": ""}),
    ],
)  # fmt: skip
def test_a_prometheus_query(query: Query, settled: dict[str, Any], changed: dict[str, Any]) -> None:
    assert _built(query, "prometheus", **settled) == {**PROMETHEUS, **changed}


LOKI = {
    "direction": "backward",
    "editorMode": "code",
    "expr": "{a=1}",
    "legendFormat": "",
    "queryType": "range",
}


@pytest.mark.parametrize(
    ("query", "settled", "changed"),
    [
        (Query(content="{a=1}"), {}, {}),
        (Query(content="{a=1}"), {"instant": True}, {"queryType": "instant"}),
        (Query(content="{a=1}", max_lines=9, step="1m", direction="forward"), {"legend": "x"},
         {"maxLines": 9, "step": "1m", "direction": "forward", "legendFormat": "x"}),
    ],
)  # fmt: skip
def test_a_loki_query(query: Query, settled: dict[str, Any], changed: dict[str, Any]) -> None:
    assert _built(query, "loki", **settled) == {**LOKI, **changed}


TEMPO = {"filters": [], "limit": 20, "query": "", "queryType": "traceql", "spss": 3, "tableType": "traces"}


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        (Query(content="{ duration > 8s }"), {"query": "{ duration > 8s }"}),
        (Query(service_map=True), {"queryType": "serviceMap"}),
        (Query(service_map='{client="bot"}'), {"queryType": "serviceMap", "serviceMapQuery": '{client="bot"}'}),
        (Query(content="{}", limit=5, spans_per_trace=9, table="raw"), {"query": "{}", "limit": 5, "spss": 9, "tableType": "raw"}),
        (Query(search=SearchTraces(service="bot", min_duration="8s", tags={"user.tier": "pro"})), {
            "queryType": "traceqlSearch",
            "filters": [
                {"id": "service-name", "tag": "service.name", "operator": "=", "scope": "resource", "value": "bot", "valueType": "string"},
                {"id": "min-duration", "tag": "duration", "operator": ">", "value": "8s", "valueType": "duration"},
                {"id": "tag-user.tier", "tag": "user.tier", "operator": "=", "scope": "span", "value": "pro", "valueType": "string"},
            ],
        }),
    ],
)  # fmt: skip
def test_a_tempo_query(query: Query, changed: dict[str, Any]) -> None:
    assert _built(query, "tempo") == {**TEMPO, **changed}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(math="$A / $B"), {"type": "math", "expression": "$A / $B"}),
        (Query(reduce=Reduce(of="$A", by="max")), {"type": "reduce", "expression": "A", "reducer": "max", "settings": {"mode": ""}}),
        (Query(reduce=Reduce(of="A", non_numeric="replace", replace_with=1)),
         {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "replaceNN", "replaceWithValue": 1}}),
        (Query(resample=Resample(of="A", step="1m")),
         {"type": "resample", "expression": "A", "window": "1m", "downsampler": "mean", "upsampler": "fillna"}),
        (Query(threshold=ThresholdExpression(of="$B", when="between 1 and 5.5")),
         {"type": "threshold", "expression": "B", "conditions": [{"evaluator": {"type": "within_range", "params": [1, 5.5]}}]}),
        (Query(math="$A", hide=True), {"type": "math", "expression": "$A", "hide": True}),
    ],
)  # fmt: skip
def test_an_expression(query: Query, expected: dict[str, Any]) -> None:
    assert _built(query, "__expr__") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [(Query(content="SELECT 1"), {"query": "SELECT 1"}), (Query(raw={"rawSql": "SELECT 1"}), {})],
)
def test_a_query_of_another_data_source_is_plain(query: Query, expected: dict[str, Any]) -> None:
    assert _built(query, "some-plugin-datasource") == expected


def test_the_fields_of_a_plugins_query_are_its_target() -> None:
    query = Query(content={"rawSql": "SELECT 1", "format": "table"}, hide=True)
    made = lower_query(SettledQuery(query, (), "B", DataSourceRef("mysql", "db"), "")).to_json_data()
    assert made == {
        "refId": "B", "datasource": {"type": "mysql", "uid": "db"}, "rawSql": "SELECT 1", "format": "table", "hide": True,
    }  # fmt: skip

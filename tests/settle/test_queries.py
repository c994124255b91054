"""Queries get refs, data sources, legends and forms, and what is wrong with them is told at the character."""

import pytest

from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED
from tests.settle.settling import LOKI, PROMETHEUS, context, described, panel, settled
from tests.source.helpers import told


def test_refs_are_letters_and_leave_out_those_that_are_given() -> None:
    result = panel(
        "{title: T, queries: [{query: up}, {query: up, ref: A}, {query: up, ref: errors}, {query: up}]}"
    )
    assert [query.ref for query in result.queries] == ["B", "A", "errors", "C"]


def test_more_than_26_queries_have_refs_too() -> None:
    result = panel(f"{{title: T, queries: [{', '.join(['{query: up}'] * 30)}]}}")
    assert len({query.ref for query in result.queries}) == 30


@pytest.mark.parametrize(
    ("body", "sources", "own"),
    [
        ("query: up", ["prom"], "prom"),
        ("query: 'rate({app=\"a\"}[5m])', datasource: loki", ["logs"], "logs"),
        (
            "queries: [{query: up}, {query: 'rate({app=\"a\"}[5m])', datasource: loki}]",
            ["prom", "logs"],
            MIXED.uid,
        ),
        ("queries: [{query: 'rate({app=\"a\"}[5m])', datasource: loki}]", ["logs"], "logs"),
        ("queries: [{query: up, ref: A}, {math: $A * 2}]", ["prom", EXPRESSION.uid], "prom"),
        ("queries: {a: up, b: up}", ["prom", "prom"], "prom"),
        ("query: up, datasource: mixed", ["prom"], MIXED.uid),
        (
            "queries: [{query: up}, {query: 'rate({a=\"b\"}[5m])', datasource: loki}], datasource: mixed",
            ["prom", "logs"],
            MIXED.uid,
        ),
    ],
)
def test_a_panel_of_several_data_sources_is_mixed(body: str, sources: list[str], own: str) -> None:
    result = panel(f"{{title: T, {body}}}")
    assert [query.datasource.uid for query in result.queries] == sources
    assert result.datasource is not None
    assert result.datasource.uid == own


@pytest.mark.parametrize(
    ("body", "legend"),
    [
        ("query: 'sum by (tier) (rate(x[5m]))'", "{{tier}}"),
        ("query: 'sum by (tier, model) (rate(x[5m]))'", "{{tier}} {{model}}"),
        ("query: 'histogram_quantile(0.9, sum by (le, tier) (rate(x_bucket[5m])))'", "{{tier}}"),
        ("query: 'sum(rate(x[5m]))'", "Title"),
        ("query: 'rate(x[5m])'", "__auto"),
        ("query: 'rate(x[5m])', legend: mine", "mine"),
        ("query: 'rate(x[5m])', legend: ''", ""),
        ("queries: {mine: 'rate(x[5m])'}", "mine"),
        ("queries: {mine: {query: 'rate(x[5m])', legend: own}}", "own"),
        ("type: table, query: sum by (tier) (x)", "__auto"),
    ],
)
def test_a_legend_is_the_one_given_or_the_labels_that_the_query_keeps(body: str, legend: str) -> None:
    assert panel(f"{{title: Title, {body}}}").queries[0].legend == legend


@pytest.mark.parametrize(
    ("body", "instant", "both", "form"),
    [
        ("query: up", False, False, "time_series"),
        ("type: stat, query: up", True, False, "time_series"),
        ("type: stat, query: up, graph: area", False, False, "time_series"),
        ("type: stat, query: up, reduce: max", False, False, "time_series"),
        ("type: gauge, query: up, reduce: mean", False, False, "time_series"),
        ("type: bargauge, query: up, reduce: last", True, False, "time_series"),
        ("type: piechart, query: up, reduce: sum", False, False, "time_series"),
        ("type: table, query: up", True, False, "table"),
        ("type: heatmap, query: sum by (le) (x_bucket)", False, False, "heatmap"),
        ("queries: [{query: up, instant: true}]", True, False, "time_series"),
        ("queries: [{query: up, instant: both}]", False, True, "time_series"),
        (
            "type: table, queries: [{query: up, instant: false, format: time_series}]",
            False,
            False,
            "time_series",
        ),
    ],
)
def test_the_form_of_the_result_follows_the_panel_unless_the_query_says_otherwise(
    body: str, instant: bool, both: bool, form: str
) -> None:
    [query] = panel(f"{{title: T, {body}}}").queries
    assert (query.instant, query.both, query.format) == (instant, both, form)


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        ("query: up, datasource: lokki", ["5:39 datasource/unknown: there is no data source `lokki`"]),
        ("queries: [{query: up, datasource: $x}]", ["5:50 datasource/unknown: there is no data source `$x`"]),
        ("queries: [{query: up, ref: A}, {query: up, ref: A}]", ["5:64 query/ref: two queries have the ref `A`"]),
        ("queries: [{query: up}, {math: $A + $C}]", ["5:46 query/ref: there is no query `C`"]),
        ("queries: [{query: up, ref: JVM heap}, {math: '${JVM heap} * 2 + ${JVM x}'}]", ["5:61 query/ref: there is no query `JVM x`"]),
        ("queries: [{query: up, ref: '$A'}]", ["5:43 spec/value: expected a ref (text without `$`, `{` and `}`), got `$A`"]),
        ("queries: [{query: up}, {math: '${B}'}]", ["5:46 query/ref: an expression cannot use itself"]),
        ("queries: [{query: up}, {resample: {of: Z, step: 1m}}, {threshold: {of: Y, when: above 1}}]", [
            "5:55 query/ref: there is no query `Z`", "5:87 query/ref: there is no query `Y`",
        ]),
        ("query: 'sum(rate(x[5m])'", ["5:27 query/syntax: `(` is never closed"]),
        ("queries: {a: 'sum(rate(x[5m])'}", ["5:33 query/syntax: `(` is never closed"]),
        ("queries: [{query: 'sum(rate(x[5m])'}]", ["5:38 query/syntax: `(` is never closed"]),
        ("query: 'up{a=\"$tier\"}'", ["5:30 query/variable: there is no variable `$tier`"]),
        ("query: ''", ["5:23 query/empty: the query is empty"]),
        ("queries: [{hide: true}]", ["5:26 query/empty: the query is empty"]),
        ("query: up, queries: [{query: up}]", ["5:27 query/both: `query` and `queries` are both given"]),
        ("type: stat", ["5:5 query/missing: the panel `T` has no query"]),
        ("queries: []", ["5:5 query/missing: the panel `T` has no query"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_query_is_told_where_it_stands(body: str, findings: list[str]) -> None:
    assert told(settled(f"panels:\n  - {{title: T, {body}}}\n")[1]) == findings


def test_a_mistake_in_a_folded_query_is_told_on_its_own_line() -> None:
    _, [result] = settled(
        "panels:\n  - title: T\n    query: >-\n      sum(rate(x[5m]))\n      / sum(rate(y[$win]))\n"
    )
    assert str(result.location) == "spec.yaml:8:20"


@pytest.mark.parametrize(
    ("math", "findings"),
    [
        ("$A * $price", []),
        ("$A * ${price:raw}", []),
        ("$A / $__interval_ms * ${__range_s}", []),
        ("$A * $prize", ["there is no query `prize`"]),
        ("$B * $price", ["an expression cannot use itself"]),
    ],
)
def test_arithmetic_may_use_the_variables_of_the_dashboard(math: str, findings: list[str]) -> None:
    body = (
        "variables:\n  - {type: textbox, name: price, default: '3'}\n"
        f"panels:\n  - {{title: T, queries: [{{query: up}}, {{math: '{math}'}}]}}\n"
    )
    assert [problem.message for problem in settled(body)[1]] == findings


@pytest.mark.parametrize(
    "body", ["type: text, content: x", "type: dashlist", "raw: {targets: []}", "type: acme-panel"]
)
def test_panels_that_need_no_query_may_have_none(body: str) -> None:
    assert settled(f"panels:\n  - {{title: T, {body}}}\n")[1] == []


def test_the_data_source_of_the_dashboard_is_told_once() -> None:
    _, problems = settled(
        "datasource: lokki\nvariables: [{name: v, query: x}]\npanels: [{title: A, query: up}, {title: B, query: up}]\n"
    )
    assert told(problems) == ["4:13 datasource/unknown: there is no data source `lokki`"]


def test_without_a_data_source_there_is_something_to_say() -> None:
    _, problems = settled("panels: [{title: A, query: up}]\n", context(sources=type(context().sources)()))
    assert told(problems) == ["4:10 datasource/missing: no data source is named, and there is no default one"]


def test_metrics_outside_the_contract_are_warnings_with_the_nearest_name() -> None:
    _, [result] = settled(
        "panels: [{title: A, query: http_request_total}]\n",
        context(described=described("http_requests_total")),
    )
    assert (result.rule, result.severity, result.hint) == (
        "query/metric",
        "warning",
        "did you mean `http_requests_total`?",
    )


def test_log_queries_are_not_held_against_the_contract() -> None:
    body = "panels: [{title: A, datasource: loki, query: 'rate({app=\"a\"}[5m])'}]\n"
    assert settled(body, context(described=described("x")))[1] == []
    assert LOKI != PROMETHEUS


@pytest.mark.parametrize(
    ("body", "findings"),
    [
        ("query: {rawSql: SELECT 1}, datasource: mysql/db", []),
        ("queries: [{query: {target: a.b}, datasource: graphite/g}]", []),
        ("queries: [{query: {rawSql: SELECT 1}, datasource: mysql/db, ref: X}, {math: $X * 2}]", []),
        ("query: {expr: up}", ["5:23 query/fields: a query for prometheus is a text, not a map"]),
        (
            "query: {refId: A, rawSql: x}, datasource: mysql/db",
            ["5:24 query/fields: `refId` of a query has a key of its own"],
        ),
    ],
)
def test_a_query_may_be_the_fields_of_its_plugin(body: str, findings: list[str]) -> None:
    assert told(settled(f"panels:\n  - {{title: T, {body}}}\n")[1]) == findings

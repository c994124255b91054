"""Data warnings of panels: what is sent, what a reader sees, and what cannot be shown."""

from typing import Any

import pytest

from dashgen.compile.settled_json import dashboard_json
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import SampleStore, VectorSample, written_series
from tests.settle.settling import settled
from tests.source.helpers import told

SERIES = {
    'users{variant="a"}': "20",
    'users{variant="b"}': "400",
    'cohort{cohort="w1", age="0"}': "5",
    'cohort{cohort="w2", age="0"}': "7",
    'cohort{cohort="w2", age="1"}': "0",
}
"""Variant `a` is small."""
_MATRIX = """transformations: [{groupingToMatrix: {rowField: variant, columnField: a}},
     {organize: {renameByName: {'variant\\a': V}}}]"""
_VARIABLE = """{title: T, type: table, query: sum by (a) (users),
     warnings: [{query: 'users{a="$job"} < 1', message: m}]}"""
_OTHER_SOURCE = """{title: T, type: table, query: sum by (a) (users),
     warnings: [{query: 'rate({app="a"}[5m]) > 1', message: m, datasource: loki}]}"""


def _built(panel: str) -> dict[str, Any]:
    dashboard, problems = settled(f"panels:\n  - {panel}\n")
    assert told(problems) == []
    return dict(dashboard_json(dashboard)["panels"][0])


def _result(query: str) -> list[VectorSample]:
    result = evaluate_promql(query, SampleStore(written_series(SERIES, 60_000)), 0)
    assert isinstance(result, list)
    return result


@pytest.mark.parametrize("kind", ["timeseries", "stat", "gauge", "bargauge"])
@pytest.mark.parametrize(
    ("condition", "holding"),
    [
        ("query: users < 30", 1),
        ("query: users < 3", 0),
        ("query: users, when: below 30", 1),
        ("query: users or users offset 1d, when: above 10", 2),
        ("query: users, when: outside 30 and 300", 2),
        ("query: users, when: between 30 and 300", 0),
        ("query: 'users # of each variant', when: at most 20", 1),
        ("query: users < 30, when: present", 1),
    ],
)
def test_a_warning_is_one_more_value_while_it_holds(kind: str, condition: str, holding: int) -> None:
    panel = _built(
        f"{{title: T, type: {kind}, query: sum(users), warnings: [{{{condition}, message: too few}}]}}"
    )
    own, target = panel["targets"]
    assert own["expr"] == "sum(users)"
    assert (target["refId"], target["legendFormat"], target["instant"]) == (
        "warning",
        "⚠ too few",
        kind != "timeseries",
    )
    assert [sample.value for sample in _result(target["expr"])] == [1] * holding
    [override] = panel["fieldConfig"]["overrides"]
    properties = {one["id"]: one["value"] for one in override["properties"]}
    assert override["matcher"] == {"id": "byFrameRefID", "options": "warning"}
    assert properties["color"] == {"mode": "fixed", "fixedColor": "red"}
    assert properties["mappings"][0]["options"]["1"]["text"] == "⚠"
    assert ("custom.axisPlacement" in properties) is (kind == "timeseries")


def test_a_stat_without_names_shows_the_message_as_the_value() -> None:
    body = "{title: T, type: stat, text_mode: value, query: sum(users), warnings: [{query: users < 30, message: 'few in {{variant}}'}]}"
    [override] = _built(body)["fieldConfig"]["overrides"]
    mappings = next(one["value"] for one in override["properties"] if one["id"] == "mappings")
    assert mappings[0]["options"]["1"]["text"] == "⚠ few in variant"


@pytest.mark.parametrize(
    ("query", "warning", "rows"),
    [
        (
            "sum by (variant) (users)",
            "query: users < 30, message: 'few in {{variant}}'",
            [{"variant": "⚠ few in a"}],
        ),
        ("sum by (variant) (users)", "query: users < 3, message: few", []),
        # Two series that differ in the message's column only are one row.
        ("sum by (variant) (users)", "query: users > 1, message: costs $5", [{"variant": "⚠ costs $5"}]),
        (
            "max by (cohort, age) (cohort)",
            "query: cohort == 0, message: '{{cohort}} is young'",
            [{"cohort": "⚠ w2 is young", "age": "1"}],
        ),
        (
            "max by (cohort, age) (cohort)",
            "query: sum(cohort) > 1, message: odd, column: age",
            [{"age": "⚠ odd"}],
        ),
        (
            "cohort",
            "query: cohort > 5, message: 'of {{age}}', column: cohort",
            [{"cohort": "⚠ of 0", "age": "0"}],
        ),
        ("sum by (variant) (users) # all", "query: users < 30, message: few", [{"variant": "⚠ few"}]),
        ("sum by (variant) (users)", "query: users, when: below 30, message: few", [{"variant": "⚠ few"}]),
    ],
)
def test_a_warning_of_a_table_is_one_more_row(query: str, warning: str, rows: list[dict[str, str]]) -> None:
    panel = _built(f"{{title: T, type: table, query: '{query}', warnings: [{{{warning}}}]}}")
    shown, hidden = panel["targets"]
    plain = [sample for sample in _result(shown["expr"]) if sample.value == sample.value]
    added = [dict(sample.labels) for sample in _result(shown["expr"]) if sample.value != sample.value]
    assert added == rows
    assert len(plain) == len(_result(query))
    assert hidden["hide"] is True
    assert bool(_result(hidden["expr"])) is bool(rows)
    special = panel["fieldConfig"]["defaults"]["mappings"][-1]["options"]
    assert (special["match"], special["result"]["text"]) == ("nan", "⚠")


@pytest.mark.parametrize(
    ("keys", "column", "properties"),
    [
        ("", "variant", {"color", "mappings", "custom.cellOptions", "custom.wrapText"}),
        (
            "transformations: [{organize: {renameByName: {variant: Variant}}}]",
            "Variant",
            {"color", "mappings", "custom.cellOptions", "custom.wrapText"},
        ),
        (
            _MATRIX,
            "V",
            {"color", "mappings", "custom.cellOptions", "custom.wrapText"},
        ),
        ("columns: {variant: {cell: pill, color: blue}}", "variant", {"mappings", "custom.wrapText"}),
    ],
)
def test_the_column_of_a_message_is_red_where_nothing_else_is_written(
    keys: str, column: str, properties: set[str]
) -> None:
    body = f"query: sum by (variant) (users), warnings: [{{query: users < 30, message: few}}]{', ' * bool(keys)}{keys}"
    override = _built(f"{{title: T, type: table, {body}}}")["fieldConfig"]["overrides"][-1]
    assert override["matcher"]["options"] == column
    assert {one["id"] for one in override["properties"]} == properties


def test_several_warnings_have_refs_that_no_query_has() -> None:
    body = (
        "{title: T, queries: [{query: sum(users), ref: warning2}], warnings: "
        "[{query: users < 30, message: a}, {query: users > 30, message: b}]}"
    )
    assert [target["refId"] for target in _built(body)["targets"]] == ["warning2", "warning", "warning3"]


def test_warnings_change_nothing_that_is_derived() -> None:
    body = "{title: T, type: stat, query: 'sum(increase(cost_usd_total[1d]))'%s}"
    plain = _built(body.replace("%s", ""))
    warned = _built(body.replace("%s", ", warnings: [{query: users < 30, message: few}]"))
    for key in ("unit", "decimals"):
        assert warned["fieldConfig"]["defaults"].get(key) == plain["fieldConfig"]["defaults"].get(key)
    assert warned["description"] == plain["description"]
    assert warned["datasource"] == plain["datasource"]


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        (
            "{title: T, type: piechart, query: sum by (a) (users), warnings: [{query: users < 1, message: m}]}",
            "a piechart panel cannot show a data warning",
        ),
        (
            "{title: T, type: table, query: users, warnings: [{query: users < 1, message: m}]}",
            "the labels of the table's first query are not known, so the message has no column",
        ),
        (
            "{title: T, type: table, query: sum by (a) (users), warnings: [{query: users < 1, message: '{{a}} {{b}}'}]}",
            "the message has several labels, and a table can show one",
        ),
        (
            _OTHER_SOURCE,
            "the row of a warning comes with the table's first query, which has another data source",
        ),
        (
            "{title: T, query: users, warnings: [{query: 'users <', message: m}]}",
            "`<` has nothing on its right",
        ),
        ("{title: T, query: users, warnings: [{query: '', message: m}]}", "the query is empty"),
        (
            "{title: T, query: users, warnings: [{query: users, when: '> 3', message: m}]}",
            "`> 3` is not a condition",
        ),
        (
            "{title: T, query: users, warnings: [{query: users, when: absent, message: m}]}",
            "a missing series has no value to compare",
        ),
        (
            "{title: T, query: users, warnings: [{query: time(), message: m}]}",
            "the query is a number, so the warning holds always",
        ),
        (
            "{title: T, query: users, warnings: [{query: users < 1, message: m, datasource: nope}]}",
            "there is no data source `nope`",
        ),
        (
            "{title: T, query: users, warnings: [{query: '{x=\"1\"}', message: m, datasource: tempo}]}",
            "a data warning is a query in PromQL or LogQL, and `traces` is a tempo",
        ),
        (
            "{title: T, type: table, query: sum by (a) (users), warnings: [{query: 'users[5m]', message: m}]}",
            "the query yields the samples of a range",
        ),
        (
            "{title: T, type: stat, query: users, warnings: [{query: 'users[5m]', message: m}]}",
            "the query yields the samples of a range",
        ),
        (
            _VARIABLE,
            "there is no variable `$job`",
        ),
        (
            "{title: T, query: users, warnings: [{query: '{app=\"a\"}', message: m, datasource: loki}]}",
            "log lines",
        ),
        (
            "{title: T, query: users, warnings: [{query: sum(users) < 1, message: 'few in {{variant}}'}]}",
            "variant",
        ),
    ],
)
def test_what_cannot_be_shown_is_an_error_at_the_warning(panel: str, expected: str) -> None:
    _, problems = settled(f"panels:\n  - {panel}\n")
    [problem] = problems
    assert expected in problem.message
    assert problem.location is not None
    assert problem.location.span is not None
    assert problem.hint

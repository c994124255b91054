"""The queries and the condition of a rule of Grafana in words."""

from typing import Any

import pytest

from dashgen.importer.rules.built_rules import built_rule
from tests.importer.rules.proved_keys import keys_among, proved_keys
from tests.importer.rules.support import AROUND, computed, over_time, query, reduced, rule, threshold


def classic(
    of: str, reducer: str = "avg", kind: str = "gt", *numbers: float, operator: str = "and"
) -> dict[str, Any]:
    """A part of a classic condition."""
    return {
        "evaluator": {"type": kind, "params": list(numbers)}, "operator": {"type": operator},
        "query": {"params": [of]}, "reducer": {"type": reducer, "params": []}, "type": "query",
    }  # fmt: skip


def test_a_query_and_a_threshold_are_three_lines() -> None:
    assert proved_keys(rule(query("sum(rate(a[5m]))"), threshold("A", "gt", 0.1))) == {
        "alert": "SlowAnswers",
        "query": "sum(rate(a[5m]))",
        "when": "above 0.1",
        "for": "5m",
    }


@pytest.mark.parametrize(
    ("kind", "numbers", "said"),
    [
        ("gt", (5,), "above 5"),
        ("lt", (0.5,), "below 0.5"),
        ("gte", (1,), "at least 1"),
        ("lte", (-1,), "at most -1"),
        ("eq", (0,), "equals 0"),
        ("within_range", (1, 5), "between 1 and 5"),
        ("outside_range", (1, 5), "outside 1 and 5"),
        ("gt", (1e16,), "above 1e+16"),
        ("gt", (5, 0), "above 5"),
    ],
)
def test_comparisons_have_their_word(kind: str, numbers: tuple[float, ...], said: str) -> None:
    assert keys_among(rule(query("a"), threshold("A", kind, *numbers)), "when") == {"when": said}


def test_a_recovery_of_its_own() -> None:
    recovers = {"unloadEvaluator": {"type": "lt", "params": [70]}}
    assert keys_among(rule(query("a"), threshold("A", "gt", 80, **recovers)), "when", "recover", "raw") == {
        "when": "above 80",
        "recover": "below 70",
    }


def test_a_condition_that_is_never_true_waits_for_no_data() -> None:
    result = rule(query("a"), threshold("A", "within_range", 0, 0), noDataState="Alerting")
    assert keys_among(result, "when", "no_data", "raw") == {"when": "absent"}


def test_a_query_that_gives_only_what_is_wrong() -> None:
    built, _ = built_rule({"alert": "X", "query": "a > b", "when": "present", "no_data": "ok"}, AROUND)
    assert built is not None
    assert proved_keys(built) == {"alert": "X", "query": "a > b", "when": "present"}


def test_a_reduction_of_one_value_is_not_in_a_spec() -> None:
    result = rule(
        query("a"),
        reduced("A"),
        threshold("B", "gt", 5),
        annotations={
            "summary": "{{ $values.B.Value | humanize }} of {{ $values.B.Labels.job }}, {{ $values.B }}"
        },
    )
    assert keys_among(result, "query", "queries", "summary", "raw") == {
        "query": "a",
        "summary": "{{ $value | humanize }} of {{ $values.A.Labels.job }}, {{ $value }}",
    }


def test_a_reduction_over_time_stays_a_query_of_its_own() -> None:
    result = rule(over_time("a"), reduced("A", by="max"), threshold("B", "gt", 5))
    assert keys_among(result, "queries", "when", "raw") == {
        "queries": {"A": {"query": "a", "instant": False}, "B": {"reduce": {"of": "A", "by": "max"}}},
        "when": "above 5",
    }


def test_the_time_that_all_queries_look_back_is_written_once() -> None:
    span = {"from": 300, "to": 0}
    asked = (
        over_time("a", relativeTimeRange=span),
        over_time("b", "B", relativeTimeRange=span),
        query("c", "C"),
    )
    result = rule(*asked, computed("D", "math", "$A + $B + $C"), threshold("D", "gt", 5, ref="E"))
    assert keys_among(result, "queries", "over", "raw") == {
        "queries": {
            "A": {"query": "a", "instant": False},
            "B": {"query": "b", "instant": False},
            "C": "c",
            "D": {"math": "$A + $B + $C"},
        },
        "over": "5m",
    }


def test_times_that_differ_are_kept_beside_each_query() -> None:
    one = over_time("a", relativeTimeRange={"from": 300, "to": 0})
    other = over_time("a", "B", relativeTimeRange={"from": 90000, "to": 86400})
    built = proved_keys(rule(one, other, computed("C", "math", "$A - $B"), threshold("C", "gt", 5, ref="D")))
    assert built["queries"]["B"]["raw"] == {"relativeTimeRange": {"from": 90000, "to": 86400}}
    assert "over" not in built


def test_what_dashgen_builds_of_reduce_and_over_comes_back_as_those_keys() -> None:
    model = {"interval": "60s", "intervalMs": 60000}
    span = {"from": 1800, "to": 0}
    result = rule(
        over_time("a", model=model, relativeTimeRange=span),
        reduced("A", by="mean", mode="dropNN"),
        threshold("B", "gt", 5),
    )
    assert keys_among(result, "query", "reduce", "over", "raw") == {
        "query": "a",
        "reduce": "mean",
        "over": "30m",
    }


def test_arithmetic_over_several_queries() -> None:
    result = rule(
        query("errors", "errors"),
        query("all", "all"),
        computed("share", "math", "$errors / $all"),
        threshold("share", "gt", 0.1, ref="limit"),
    )
    assert keys_among(result, "queries", "on", "when", "raw") == {
        "queries": {"errors": "errors", "all": "all", "share": {"math": "$errors / $all"}},
        "when": "above 0.1",
    }


def test_a_condition_that_looks_at_an_earlier_query_names_it() -> None:
    result = rule(query("a"), query("b", "B"), threshold("A", "gt", 5))
    assert keys_among(result, "queries", "on") == {"queries": {"A": "a", "B": "b"}, "on": "A"}


@pytest.mark.parametrize("formula", ["$B > 80", " ${B} >80.0 "])
def test_a_comparison_as_a_formula_is_a_condition(formula: str) -> None:
    result = rule(query("a"), reduced("A"), computed("C", "math", formula))
    assert keys_among(result, "query", "when", "raw") == {"query": "a", "when": "above 80"}


def test_a_formula_that_gives_yes_or_no_fires_above_zero() -> None:
    result = rule(query("a"), query("b", "B"), computed("C", "math", "$A > 5 && $B < 3"))
    assert keys_among(result, "queries", "when", "raw") == {
        "queries": {"A": "a", "B": "b", "C": {"math": "$A > 5 && $B < 3"}},
        "when": "above 0",
    }


def test_a_formula_that_gives_a_number_stays_as_it_is() -> None:
    result = rule(query("a"), query("b", "B"), computed("C", "math", "$A - $B"))
    assert keys_among(result, "query", "raw")["raw"]["condition"] == "C"


def test_a_classic_condition_on_one_series_is_a_reduction() -> None:
    result = rule(
        over_time("sum(rate(a[5m]))"),
        computed("B", "classic_conditions", uid="-100", conditions=[classic("A", "avg", "gt", 5)]),
    )
    assert keys_among(result, "queries", "when", "raw") == {
        "queries": {
            "A": {"query": "sum(rate(a[5m]))", "instant": False},
            "B": {"reduce": {"of": "A", "by": "mean", "non_numeric": "drop"}},
        },
        "when": "above 5",
    }


@pytest.mark.parametrize(
    "parts",
    [
        [classic("A", "avg", "gt", 5), classic("A", "max", "gt", 9, operator="or")],
        [classic("A", "percent_diff", "gt", 5)],
        [classic("A", "avg", "no_value")],
    ],
)
def test_a_classic_condition_that_has_no_keys_is_kept_exactly(parts: list[dict[str, Any]]) -> None:
    result = rule(over_time("sum(a)"), computed("B", "classic_conditions", conditions=parts))
    assert keys_among(result, "query", "raw")["raw"] == {"condition": "B", "data": result["data"]}


def test_a_classic_condition_on_many_series_fires_once_and_is_kept_exactly() -> None:
    result = rule(
        over_time("a"), computed("B", "classic_conditions", conditions=[classic("A", "avg", "gt", 5)])
    )
    assert "data" in proved_keys(result)["raw"]


@pytest.mark.parametrize("expr", ["a > 5", "a >= 1", "a == 1", "absent(up)"])
def test_a_query_that_gives_only_what_is_above_zero_may_be_the_condition(expr: str) -> None:
    assert keys_among(rule(query(expr)), "query", "when", "raw") == {"query": expr, "when": "above 0"}


@pytest.mark.parametrize("expr", ["a", "a > -1", "a < 5", "a == 0", "a - b"])
def test_a_query_that_may_give_zero_or_less_is_kept_as_the_condition(expr: str) -> None:
    assert proved_keys(rule(query(expr)))["raw"]["condition"] == "A"

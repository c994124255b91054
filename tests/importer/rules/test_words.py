"""One rule of Grafana in words."""

from typing import Any

import pytest

from dashgen.importer.rules.built import built_rule
from dashgen.importer.rules.plain import plain_rule
from dashgen.importer.rules.words import rule_words, with_sources_of
from tests.importer.rules.support import AROUND, computed, logs, over_time, query, reduced, rule, threshold

KINDS = {ref.uid: ref.type for ref in AROUND.sources.values()}


def words(found: dict[str, Any]) -> dict[str, Any]:
    """The words, after proof that they build to the same rule."""
    made, leftovers = rule_words(found, AROUND)
    assert not [left for left in leftovers if left.kind == "dropped"], leftovers
    built, problems = built_rule(made, with_sources_of(found, AROUND))
    assert built is not None, problems
    assert plain_rule(built, KINDS) == plain_rule(found, KINDS)
    return made


def told(found: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Some of the words."""
    made = words(found)
    return {key: made[key] for key in keys if key in made}


def classic(
    of: str, reducer: str = "avg", kind: str = "gt", *numbers: float, operator: str = "and"
) -> dict[str, Any]:
    """A part of a classic condition."""
    return {
        "evaluator": {"type": kind, "params": list(numbers)}, "operator": {"type": operator},
        "query": {"params": [of]}, "reducer": {"type": reducer, "params": []}, "type": "query",
    }  # fmt: skip


def test_a_query_and_a_threshold_are_three_lines() -> None:
    assert words(rule(query("sum(rate(a[5m]))"), threshold("A", "gt", 0.1))) == {
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
    assert told(rule(query("a"), threshold("A", kind, *numbers)), "when") == {"when": said}


def test_a_recovery_of_its_own() -> None:
    recovers = {"unloadEvaluator": {"type": "lt", "params": [70]}}
    assert told(rule(query("a"), threshold("A", "gt", 80, **recovers)), "when", "recover", "raw") == {
        "when": "above 80",
        "recover": "below 70",
    }


def test_a_condition_that_is_never_true_waits_for_no_data() -> None:
    found = rule(query("a"), threshold("A", "within_range", 0, 0), noDataState="Alerting")
    assert told(found, "when", "no_data", "raw") == {"when": "absent"}


def test_a_query_that_gives_only_what_is_wrong() -> None:
    built, _ = built_rule({"alert": "X", "query": "a > b", "when": "present", "no_data": "ok"}, AROUND)
    assert built is not None
    assert words(built) == {"alert": "X", "query": "a > b", "when": "present"}


def test_a_reduction_of_one_value_is_not_said() -> None:
    found = rule(
        query("a"),
        reduced("A"),
        threshold("B", "gt", 5),
        annotations={
            "summary": "{{ $values.B.Value | humanize }} of {{ $values.B.Labels.job }}, {{ $values.B }}"
        },
    )
    assert told(found, "query", "queries", "summary", "raw") == {
        "query": "a",
        "summary": "{{ $value | humanize }} of {{ $values.A.Labels.job }}, {{ $value }}",
    }


def test_a_reduction_over_time_stays_a_query_of_its_own() -> None:
    found = rule(over_time("a"), reduced("A", by="max"), threshold("B", "gt", 5))
    assert told(found, "queries", "when", "raw") == {
        "queries": {"A": {"query": "a", "instant": False}, "B": {"reduce": {"of": "A", "by": "max"}}},
        "when": "above 5",
    }


def test_the_time_that_all_queries_look_back_is_said_once() -> None:
    span = {"from": 300, "to": 0}
    asked = (
        over_time("a", relativeTimeRange=span),
        over_time("b", "B", relativeTimeRange=span),
        query("c", "C"),
    )
    found = rule(*asked, computed("D", "math", "$A + $B + $C"), threshold("D", "gt", 5, ref="E"))
    assert told(found, "queries", "over", "raw") == {
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
    made = words(rule(one, other, computed("C", "math", "$A - $B"), threshold("C", "gt", 5, ref="D")))
    assert made["queries"]["B"]["raw"] == {"relativeTimeRange": {"from": 90000, "to": 86400}}
    assert "over" not in made


def test_what_dashgen_builds_of_reduce_and_over_is_said_so_again() -> None:
    model = {"interval": "60s", "intervalMs": 60000}
    span = {"from": 1800, "to": 0}
    found = rule(
        over_time("a", model=model, relativeTimeRange=span),
        reduced("A", by="mean", mode="dropNN"),
        threshold("B", "gt", 5),
    )
    assert told(found, "query", "reduce", "over", "raw") == {"query": "a", "reduce": "mean", "over": "30m"}


def test_arithmetic_over_several_queries() -> None:
    found = rule(
        query("errors", "errors"),
        query("all", "all"),
        computed("share", "math", "$errors / $all"),
        threshold("share", "gt", 0.1, ref="limit"),
    )
    assert told(found, "queries", "on", "when", "raw") == {
        "queries": {"errors": "errors", "all": "all", "share": {"math": "$errors / $all"}},
        "when": "above 0.1",
    }


def test_a_condition_that_looks_at_an_earlier_query_names_it() -> None:
    found = rule(query("a"), query("b", "B"), threshold("A", "gt", 5))
    assert told(found, "queries", "on") == {"queries": {"A": "a", "B": "b"}, "on": "A"}


@pytest.mark.parametrize("formula", ["$B > 80", " ${B} >80.0 "])
def test_a_comparison_as_a_formula_is_a_condition(formula: str) -> None:
    found = rule(query("a"), reduced("A"), computed("C", "math", formula))
    assert told(found, "query", "when", "raw") == {"query": "a", "when": "above 80"}


def test_a_formula_that_gives_yes_or_no_fires_above_zero() -> None:
    found = rule(query("a"), query("b", "B"), computed("C", "math", "$A > 5 && $B < 3"))
    assert told(found, "queries", "when", "raw") == {
        "queries": {"A": "a", "B": "b", "C": {"math": "$A > 5 && $B < 3"}},
        "when": "above 0",
    }


def test_a_formula_that_gives_a_number_stays_as_it_is() -> None:
    found = rule(query("a"), query("b", "B"), computed("C", "math", "$A - $B"))
    assert told(found, "query", "raw")["raw"]["condition"] == "C"


def test_a_classic_condition_on_one_series_is_a_reduction() -> None:
    found = rule(
        over_time("sum(rate(a[5m]))"),
        computed("B", "classic_conditions", uid="-100", conditions=[classic("A", "avg", "gt", 5)]),
    )
    assert told(found, "queries", "when", "raw") == {
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
def test_a_classic_condition_that_has_no_words_is_kept_exactly(parts: list[dict[str, Any]]) -> None:
    found = rule(over_time("sum(a)"), computed("B", "classic_conditions", conditions=parts))
    assert told(found, "query", "raw")["raw"] == {"condition": "B", "data": found["data"]}


def test_a_classic_condition_on_many_series_fires_once_and_is_kept_exactly() -> None:
    found = rule(
        over_time("a"), computed("B", "classic_conditions", conditions=[classic("A", "avg", "gt", 5)])
    )
    assert "data" in words(found)["raw"]


@pytest.mark.parametrize("expr", ["a > 5", "a >= 1", "a == 1", "absent(up)"])
def test_a_query_that_gives_only_what_is_above_zero_may_be_the_condition(expr: str) -> None:
    assert told(rule(query(expr)), "query", "when", "raw") == {"query": expr, "when": "above 0"}


@pytest.mark.parametrize("expr", ["a", "a > -1", "a < 5", "a == 0", "a - b"])
def test_a_query_that_may_give_zero_or_less_is_kept_as_the_condition(expr: str) -> None:
    assert words(rule(query(expr)))["raw"]["condition"] == "A"


def test_queries_of_loki() -> None:
    found = rule(logs("sum(count_over_time({app=`x`}[5m]))"), threshold("A", "gt", 5))
    assert told(found, "datasource", "query", "raw") == {
        "datasource": "loki",
        "query": "sum(count_over_time({app=`x`}[5m]))",
    }


def test_a_time_that_matters_is_kept_beside_the_query() -> None:
    found = rule(query("a", relativeTimeRange={"from": 660, "to": 60}), threshold("A", "gt", 5))
    assert told(found, "queries") == {
        "queries": {"A": {"query": "a", "raw": {"relativeTimeRange": {"from": 660, "to": 60}}}}
    }


def test_a_time_that_changes_nothing_is_not_kept() -> None:
    found = rule(query("a", relativeTimeRange={"from": 21600, "to": 0}), threshold("A", "gt", 5))
    assert told(found, "query", "raw") == {"query": "a"}


def test_a_data_source_without_a_language_keeps_its_own_keys() -> None:
    model = {
        "refId": "A",
        "rawSql": "SELECT 1",
        "format": "table",
        "datasource": {"type": "mysql", "uid": "db"},
    }
    found = rule({"refId": "A", "datasourceUid": "db", "model": model}, threshold("A", "gt", 5))
    assert told(found, "datasource", "queries") == {
        "datasource": "db",
        "queries": {"A": {"raw": {"rawSql": "SELECT 1", "format": "table"}}},
    }


def test_labels_annotations_and_states() -> None:
    found = rule(
        query("a"),
        threshold("A", "gt", 5),
        labels={"severity": "warning", "team": "shop"},
        annotations={
            "summary": "Slow",
            "runbook_url": "https://example.com/x",
            "owner": "me",
            "__dashboardUid__": "shop",
            "__panelId__": "7",
        },
        noDataState="NoData",
        execErrState="KeepLast",
        isPaused=True,
        keep_firing_for="10m",
        missing_series_evals_to_resolve=2,
        notification_settings={
            "receiver": "ops",
            "group_by": ["grafana_folder", "alertname", "tier"],
            "mute_time_intervals": ["weekends"],
            "group_wait": "1m",
        },
    )
    made = words(found)
    assert {key: made[key] for key in list(made)[3:]} == {
        "for": "5m",
        "keep_firing_for": "10m",
        "severity": "warning",
        "labels": {"team": "shop"},
        "summary": "Slow",
        "runbook": "https://example.com/x",
        "panel": "shop/query-rate",
        "annotations": {"owner": "me"},
        "no_data": "no_data",
        "on_error": "keep_last",
        "missing_evaluations": 2,
        "paused": True,
        "contact_point": "ops",
        "mute_timings": ["weekends"],
        "group_by": ["tier"],
        "raw": {"notification_settings": found["notification_settings"]},
    }


@pytest.mark.parametrize(
    ("labels", "annotations"),
    [
        ({"not-a-label": "x"}, {}),
        ({"severity": "page"}, {"summary": " padded "}),
        ({}, {"summary": "{{ $value }} is everything in Grafana"}),
        ({}, {"description": "{{ $values.C }} is the condition"}),
        ({}, {"summary": "{{ $values.gone.Value }}"}),
        ({"value": "{{ $values.A }}"}, {"empty": ""}),
        ({}, {"${{ x }}": "a key that looks like an expression"}),
        ({}, {"summary": '{{ printf "%.2f" $values.A }}'}),
    ],
)
def test_texts_without_words_are_kept_exactly(labels: dict[str, str], annotations: dict[str, str]) -> None:
    words(rule(query("a"), threshold("A", "gt", 5), labels=labels, annotations=annotations))


@pytest.mark.parametrize(
    "data",
    [
        [query("a"), computed("C", "threshold", "A", conditions=[])],
        [query("a"), threshold("A", "ne", 5)],
        [query("a"), threshold("gone", "gt", 5)],
        [query("a"), computed("B", "sql", "SELECT * FROM A", format="table"), threshold("B", "gt", 5)],
        [query("a", "has-dash"), computed("C", "math", "${has-dash} > 1")],
        [query("rate(a[$window])"), threshold("A", "gt", 5)],
        [query(""), threshold("A", "gt", 5)],
        [computed("A", "math", "1 > 0")],
        [query("a"), reduced("A", by="nope"), threshold("B", "gt", 1)],
        [computed("A", "math", "$A"), threshold("A", "gt", 1)],
        [
            query("a"),
            computed("B", "resample", "A", window="1m", downsampler="mean", upsampler="pad"),
            threshold("B", "gt", 1),
        ],
        [query("a"), threshold("A", "gt", 5, ref="B"), computed("C", "math", "$B + 1")],
    ],
)
def test_odd_rules_build_to_themselves(data: list[dict[str, Any]]) -> None:
    words(rule(*data))


def test_a_rule_without_a_title_cannot_be_kept() -> None:
    made, leftovers = rule_words(rule(query("a"), threshold("A", "gt", 5), title=""), AROUND)
    assert made == {}
    assert leftovers[0].kind == "dropped"


@pytest.mark.parametrize(
    "broken", [{}, {"title": "x", "data": "nope"}, {"title": 5, "data": [None, {"model": 3}]}]
)
def test_what_is_no_rule_is_dropped_or_kept_but_never_an_accident(broken: dict[str, Any]) -> None:
    rule_words(broken, AROUND)

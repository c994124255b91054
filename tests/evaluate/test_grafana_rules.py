"""A rule of Grafana goes through its states as in Grafana 12.4."""

from collections.abc import Sequence

import pytest

from dashgen.core.json_values import Json
from dashgen.evaluate.grafana.compute_expressions import compute_expression
from dashgen.evaluate.grafana.expression_values import (
    ExpressionFailedError,
    ExpressionNumber,
    ExpressionSeries,
    ExpressionValues,
)
from dashgen.evaluate.grafana.grafana_rule import GrafanaRule, GroupPlace
from dashgen.evaluate.samples import UnsupportedError

NAN = float("nan")
NONE: ExpressionValues = []


def numbers(*values: float | None, **series: float | None) -> ExpressionValues:
    """Numbers without labels, or with the label `job` of their names."""
    return [
        *(ExpressionNumber({}, value) for value in values),
        *(ExpressionNumber({"job": job}, value) for job, value in series.items()),
    ]


def rule(**changes: object) -> Json:
    """A rule that fires above 10."""
    threshold = {"type": "gt", "params": [10]}
    conditions = [{"evaluator": threshold}]
    model = {"type": "threshold", "expression": "A", "conditions": conditions}
    return {
        "uid": "r", "title": "Rule", "condition": "C", "for": "0s",
        "noDataState": "OK", "execErrState": "Error",
        "data": [
            {"refId": "C", "datasourceUid": "__expr__", "model": model},
            {"refId": "A", "datasourceUid": "p", "model": {}},
        ],
        **changes,
    }  # fmt: skip


def states(data: Json, results: Sequence[ExpressionValues | None], job: str = "") -> str:
    """The first letters of the states of one alert, minute by minute; `-` where there is none."""
    grafana_rule = GrafanaRule(
        data, GroupPlace("Folder", 60_000), lambda _, at: results[at // 60_000] or NONE
    )
    letters = []
    for minute, result in enumerate(results):
        evaluation = grafana_rule.evaluate(minute * 60_000, fails=result is None)
        kinds = [state.kind for state in evaluation.states if state.labels.get("job", "") == job]
        letters.append(kinds[0][0] if kinds else "-")
    return "".join(letters)


HIGH, LOW = numbers(11), numbers(5)


@pytest.mark.parametrize(
    ("changes", "results", "expected"),
    [
        ({}, [LOW, HIGH, HIGH, LOW], "naan"),
        ({"for": "2m"}, [HIGH, HIGH, HIGH, HIGH, LOW], "ppaan"),
        ({"for": "2m"}, [HIGH, HIGH, LOW, HIGH], "ppnp"),
        ({"keepFiringFor": "2m"}, [HIGH, LOW, LOW, LOW, LOW], "arrnn"),
        ({"keepFiringFor": "2m", "for": "1m"}, [HIGH, HIGH, LOW, HIGH, LOW, LOW, LOW], "pararrn"),
        ({"for": "2m"}, [numbers(NAN)] * 4, "nnnn"),
        ({}, [HIGH, numbers(None), HIGH], "ana"),  # a null is no data
        ({"noDataState": "OK"}, [HIGH, NONE, HIGH], "ana"),
        ({"noDataState": "Alerting", "for": "1m"}, [LOW, NONE, NONE, LOW], "npan"),
        ({"noDataState": "KeepLast", "for": "1m"}, [HIGH, NONE, NONE, LOW, NONE], "paann"),
        ({"execErrState": "Error"}, [HIGH, None, HIGH], "aea"),
        ({"execErrState": "OK"}, [HIGH, None, HIGH], "ana"),
        ({"execErrState": "Alerting", "for": "1m"}, [LOW, None, None, LOW], "npan"),
        ({"execErrState": "KeepLast"}, [HIGH, None, LOW, None], "aann"),
    ],
)
def test_states_follow_each_other_as_the_rule_says(
    changes: Json, results: list[ExpressionValues | None], expected: str
) -> None:
    assert states(rule(**changes), results) == expected


def test_no_data_is_an_alert_of_its_own_and_the_series_are_gone_after_two_evaluations() -> None:
    results = [numbers(a=11), NONE, NONE, NONE, numbers(a=5), numbers(a=5)]
    assert states(rule(noDataState="NoData"), results, "a") == "aa--nn"
    assert states(rule(noDataState="NoData"), results) == "-nnn--"


@pytest.mark.parametrize(("missing", "expected"), [(None, "aa--"), (1, "a---"), (3, "aaa-")])
def test_a_series_that_is_gone_recovers_after_some_evaluations(missing: int | None, expected: str) -> None:
    results = [numbers(a=11, b=1), numbers(b=1), numbers(b=1), numbers(b=1)]
    assert states(rule(missing_series_evals_to_resolve=missing), results, "a") == expected


def test_a_threshold_with_a_recovery_of_its_own_lets_go_only_there() -> None:
    data = rule()
    data["data"][0]["model"]["conditions"][0]["unloadEvaluator"] = {"type": "lt", "params": [8]}
    results = [numbers(9), numbers(11), numbers(9), numbers(7), numbers(9)]
    assert states(data, results) == "naann"
    # NaN does not recover, and an alert that recovers already is no longer held by the threshold.
    assert states(data, [numbers(11), numbers(NAN), numbers(7)]) == "aan"
    assert states({**data, "keepFiringFor": "3m"}, [numbers(11), numbers(7), *[numbers(9)] * 3]) == "arrrn"


def test_one_query_without_data_is_no_data_for_the_whole_rule() -> None:
    data = rule(noDataState="NoData")
    data["data"].append({"refId": "B", "datasourceUid": "q", "model": {}})
    grafana_rule = GrafanaRule(
        data, GroupPlace("F", 60_000), lambda entry, _: HIGH if entry["refId"] == "A" else NONE
    )
    (state,) = grafana_rule.evaluate(0).states
    assert state.kind == "no_data"
    assert (state.labels["ref_id"], state.labels["alertname"]) == ("B", "Rule")


def test_texts_show_the_values_of_the_last_result() -> None:
    texts = {"summary": "{{ $values.A.Value }} of {{ $labels.job }} in {{ $labels.grafana_folder }}"}
    data = rule(annotations=texts, labels={"level": "{{ $values.C.Value }}"}, noDataState="Alerting")
    results = [numbers(shop=11), NONE]
    grafana_rule = GrafanaRule(data, GroupPlace("F", 60_000), lambda _, at: results[at // 60_000])
    for minute in (0, 1):
        (state,) = grafana_rule.evaluate(minute * 60_000).states
        assert grafana_rule.annotations(state)["summary"].text == "11 of shop in F"
        assert state.labels["level"] == "1"


REFS = {
    "A": numbers(eu=6, us=NAN),
    "B": numbers(eu=3, us=1),
    "S": [ExpressionSeries({}, (0, 1, 2, 3), (1, 5, NAN, None))],
    "N": numbers(2),
    "L": [ExpressionNumber({"job": "eu", "i": "1"}, 4.0)],
    "X": NONE,
}


def computed(model: Json) -> list[tuple[str, float | None]]:
    """The values of an expression by the label `job`."""
    values = compute_expression({"refId": "E", "datasourceUid": "__expr__", "model": model}, REFS, ())
    assert all(isinstance(value, ExpressionNumber) for value in values)
    return [
        (value.labels.get("job", ""), value.value) for value in values if isinstance(value, ExpressionNumber)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A / $B", [("eu", 2), ("us", NAN)]),
        ("$B ** 2 - -1", [("eu", 10), ("us", 2)]),
        ("$N * (1 + 0x10) % 4", [("", 2)]),
        ("$B > 2 && !0", [("eu", 1), ("us", 0)]),
        ("is_nan($A) || 0", [("eu", 0), ("us", 1)]),
        ("is_number($A) + is_null(null()) + is_inf(infn())", [("eu", 3), ("us", 2)]),
        ("$L - ${B}", [("eu", 1)]),
        ("$A + $X", []),
        ("round($N / 4) + abs(-1) + ceil(0.1) + floor(1.9) + log(1)", [("", 4)]),
        ("2 ** 3 ** 2", [("", 64)]),
    ],
)
def test_math_is_computed_as_grafana_computes_it(text: str, expected: list[tuple[str, float]]) -> None:
    result = computed({"type": "math", "expression": text})
    assert [name for name, _ in result] == [name for name, _ in expected]
    assert [value for _, value in result] == pytest.approx([value for _, value in expected], nan_ok=True)


@pytest.mark.parametrize(
    ("reducer", "settings", "expected"),
    [
        ("sum", {}, NAN),
        ("count", {}, 4),
        ("last", {}, None),
        ("sum", {"mode": "dropNN"}, 6),
        ("mean", {"mode": "dropNN"}, 3),
        ("median", {"mode": "dropNN"}, 3),
        ("min", {"mode": "dropNN"}, 1),
        ("max", {"mode": "replaceNN", "replaceWithValue": 9}, 9),
        ("last", {"mode": "replaceNN", "replaceWithValue": 0}, 0),
    ],
)
def test_a_series_is_reduced_as_grafana_reduces_it(
    reducer: str, settings: Json, expected: float | None
) -> None:
    ((_, value),) = computed({"type": "reduce", "expression": "S", "reducer": reducer, "settings": settings})
    assert value is expected if expected is None else value == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "params", "expected"),
    [
        ("gt", [3], [0, 0]), ("gte", [3], [1, 0]), ("lt", [3], [0, 1]), ("lte", [3], [1, 1]),
        ("eq", [3], [1, 0]),
        ("ne", [3], [0, 1]), ("within_range", [1, 4], [1, 0]), ("outside_range", [1, 2], [1, 0]),
        ("within_range_included", [1, 2], [0, 1]), ("outside_range_included", [1, 4], [0, 1]),
    ],
)  # fmt: skip
def test_a_threshold_compares_as_its_type_says(kind: str, params: list[float], expected: list[float]) -> None:
    conditions = [{"evaluator": {"type": kind, "params": params}}]
    result = computed({"type": "threshold", "expression": "B", "conditions": conditions})
    assert [value for _, value in result] == expected


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"type": "math", "expression": "$Z"}, "no query `Z`"),
        ({"type": "math", "expression": "$A +"}, "missing"),
        ({"type": "threshold", "expression": "A", "conditions": []}, "exactly one"),
        ({"type": "threshold", "expression": "A", "conditions": [{"evaluator": {"type": "over"}}]}, "over"),
        ({"type": "reduce", "expression": "A", "reducer": "p99"}, "p99"),
        ({"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "some"}}, "some"),
    ],
)
def test_an_expression_that_grafana_refuses_puts_the_rule_into_its_error_state(
    model: Json, reason: str
) -> None:
    with pytest.raises(ExpressionFailedError, match=reason):
        computed(model)
    data = rule(data=[{"refId": "A", "datasourceUid": "p", "model": {}},
                      {"refId": "C", "datasourceUid": "__expr__", "model": model}])  # fmt: skip
    assert states(data, [HIGH]) == "e"


def test_an_expression_that_uses_itself_puts_the_rule_into_its_error_state() -> None:
    entry = {"refId": "C", "datasourceUid": "__expr__", "model": {"type": "math", "expression": "$C + 1"}}
    assert states(rule(data=[entry]), [HIGH]) == "e"


def test_values_over_time_are_no_condition() -> None:
    series: ExpressionValues = [ExpressionSeries({}, (0,), (11,))]
    assert states(rule(), [series]) == "e"


@pytest.mark.parametrize("kind", ["resample", "classic_conditions", "sql"])
def test_a_type_of_expression_that_is_not_known_here_is_named(kind: str) -> None:
    with pytest.raises(UnsupportedError, match=kind):
        computed({"type": kind, "expression": "A"})

"""The value of PromQL expressions on made-up series, and what is refused."""

import math

import pytest

from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import EvaluationFailedError, SampleStore, UnsupportedError, written_series

SERIES = {"up": "0+1x10 stale _x3 20x10", 'c{i="a"}': "0+60x20", 'c{i="b"}': "0+30x20", "g": "1 4 2 8 NaN 3"}


def value(query: str, minutes: float, *, is_left_open: bool = True) -> dict[str, float]:
    """The values by the label `i`."""
    store = SampleStore(written_series(SERIES, 60_000), is_left_open=is_left_open)
    result = evaluate_promql(query, store, round(minutes * 60_000))
    if isinstance(result, float):
        return {"": result}
    assert not isinstance(result, str)
    return {sample.labels.get("i", ""): sample.value for sample in result}


@pytest.mark.parametrize(
    ("query", "minutes", "expected"),
    [
        ("up", 10.5, {"": 10}),
        ("up", 11, {}),  # stale
        ("up", 24, {"": 20}),
        ("up", 29.9, {"": 20}),
        ("up", 30, {}),  # exactly five minutes old
        ("count_over_time(up[3m])", 10, {"": 3}),
        ("count_over_time(up[3m])", 12, {"": 1}),
        ("sum(rate(c[5m]))", 10, {"": 1.5}),
        ("c / on (i) c", 3, {"a": 1, "b": 1}),
        ("max_over_time(c[5m:1m])", 10, {"a": 600, "b": 300}),
        ("count_over_time(c[5m:1m])", 10, {"a": 5, "b": 5}),
        # Before the first sample of all.
        ("count_over_time(last_over_time(c[5m])[1h:1m])", 10, {"a": 11, "b": 11}),
        ("count_over_time((c or vector(0))[1h:1m])", 10, {"": 60, "a": 11, "b": 11}),
        ("count_over_time(absent(c)[1h:1m])", 10, {"": 49}),
        ("count_over_time((c offset -10m)[1h:1m])", 10, {"a": 21, "b": 21}),
        ("mad_over_time(g[10m])", 3, {"": 1.5}),
        ("first_over_time(g[10m]) + ts_of_max_over_time(g[10m])", 3, {"": 1 + 180}),
        ("double_exponential_smoothing(g[10m], 0.5, 0.5)", 3, {"": 7.125}),
        ("days_in_month(vector(2678400))", 0, {"": 28}),
        ("histogram_fraction(0, 1, g)", 3, {}),
        ("clamp(g, 5, 3)", 3, {}),
    ],
)
def test_an_expression_has_the_value_that_prometheus_3_computes(
    query: str, minutes: float, expected: dict[str, float]
) -> None:
    assert value(query, minutes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("query", "minutes", "expected"),
    [
        ("up", 29, {"": 20}),
        ("count_over_time(c[5m])", 10, {"a": 6, "b": 6}),
        ("count_over_time(up[5m:1m])", 5, {"": 6}),
    ],
)
def test_before_version_3_the_start_of_a_range_belonged_to_it(
    query: str, minutes: float, expected: dict[str, float]
) -> None:
    assert value(query, minutes, is_left_open=False) == expected


def test_not_a_number_is_a_value() -> None:
    assert math.isnan(value("g", 4)[""])
    assert value("g > 0", 4) == {}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("c + ignoring (i) up", "several series match one"),
        ("up + ignoring (i) c", "series on the right"),
        ('label_replace(c, "i", "x", "", "")', "the same labels"),
        ("c[5m]", "a range"),
    ],
)
def test_what_prometheus_refuses_on_this_data_is_refused(query: str, reason: str) -> None:
    with pytest.raises(EvaluationFailedError, match=reason):
        value(query, 5)


@pytest.mark.parametrize(
    "query",
    [
        "limitk(2, c)",
        "info(c)",
        "histogram_avg(c)",
        "c @ end()",
        'c{i=~"\\\\pL"}',
        "sum(",
        'sort_by_label(c, "i")',
    ],
)
def test_what_the_evaluator_lacks_is_named_instead_of_a_wrong_value(query: str) -> None:
    with pytest.raises(UnsupportedError):
        value(query, 5)


@pytest.mark.parametrize(
    "query", ["hour(vector(1e20))", "topk(scalar(vector(1e300) * 1e300), c)", "year(vector(NaN))"]
)
def test_numbers_that_are_too_large_are_named_and_do_not_end_the_run(query: str) -> None:
    with pytest.raises(UnsupportedError, match="as large as"):
        value(query, 5)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stddev(vector(1e200))", 0),
        ("round(vector(1e308), 0.01)", 1e308),
        ("vector(1e200) * 1e200", math.inf),
    ],
)
def test_large_numbers_are_computed_as_far_as_they_go(query: str, expected: float) -> None:
    assert value(query, 5) == {"": expected}


def test_native_histograms_are_not_supported() -> None:
    with pytest.raises(UnsupportedError, match="native histograms"):
        written_series({"h": "{{count:5}}x3"}, 60_000)

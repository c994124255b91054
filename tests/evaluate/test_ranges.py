"""A range of steps has at each step what the moment has, for expressions written by chance."""

import pytest

from dashgen.evaluate.logql.evaluate_logql import evaluate_logql, evaluate_logql_range
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql, evaluate_promql_range
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    SampleStore,
    SeriesRow,
    VectorSample,
    label_key,
    written_series,
)
from tests.evaluate.generated_queries import SERIES, QueryWriter

GRIDS = (range(0, 70 * 60_000, 97_000), (0, 240_000, 241_000, 1_000_000, 3_720_000))
FAILED = "the query is refused"


def at_moments(query, store, times):
    """The values at each time, or that the server refuses one of them."""
    steps = []
    for at in times:
        try:
            value = evaluate_promql(query, store, at)
        except EvaluationFailedError:
            return FAILED
        vector = [VectorSample({}, value)] if isinstance(value, float) else value
        steps.append({label_key(sample.labels): repr(sample.value) for sample in vector})
    return steps


def over_range(query, store, times):
    try:
        rows = evaluate_promql_range(query, store, times)
    except EvaluationFailedError:
        return FAILED
    return by_step(rows, times)


def by_step(rows, times):
    return [
        {label_key(row.labels): repr(row.values[step]) for row in rows if row.values[step] is not None}
        for step in range(len(times))
    ]


@pytest.mark.parametrize("is_left_open", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_each_step_has_what_the_moment_has(seed, is_left_open):
    writer = QueryWriter(seed)
    plain = SampleStore(written_series(SERIES, 60_000), is_left_open=is_left_open)
    remembering = SampleStore(written_series(SERIES, 60_000), is_left_open=is_left_open)
    remembering.results = {}
    for _ in range(40):
        query = writer.vector(4)
        for times in GRIDS:
            expected = at_moments(query, plain, times)
            assert over_range(query, plain, times) == expected, query
            assert over_range(query, remembering, times) == expected, query
    assert remembering.results


def test_what_a_store_remembers_is_not_computed_again(monkeypatch):
    store = SampleStore(written_series(SERIES, 60_000))
    store.results = {}
    selected = []
    windows = store.windows
    monkeypatch.setattr(store, "windows", lambda *args: selected.append(args) or windows(*args))
    evaluate_promql_range("sum by (job) (rate(c[5m])) / count(rate(c[5m]))", store, GRIDS[0])
    evaluate_promql_range("max(rate(c[5m]))", store, GRIDS[0])
    assert len(selected) == 1
    evaluate_promql_range("max(rate(c[5m]))", store, GRIDS[1])
    assert len(selected) == 2


@pytest.mark.parametrize(
    ("query", "values"),
    [
        # Series that never have the same labels at one time become one.
        ('label_replace(g > 3, "i", "x", "i", "1") and on () vector(1)', None),
        ('g{job="a",i="1"} or vector(7)', None),
        ("sort_desc(sum by (job) (c))", None),
        ("c @ 600", [600 / 60 * 7] * 3),
        ("3 > bool 2", [1.0] * 3),
    ],
)  # fmt: skip
def test_forms_that_differ_from_step_to_step(query, values):
    store = SampleStore(written_series(SERIES, 60_000))
    times = (300_000, 660_000, 1_200_000)
    assert over_range(query, store, times) == at_moments(query, store, times)
    if values:
        rows = evaluate_promql_range(query, store, times)
        assert rows[0].values == pytest.approx(values)


def test_windows_that_move_give_what_each_window_gives():
    values = " ".join(str((index * 37) % 101 - 50) for index in range(300))
    store = SampleStore(written_series({"g": values, "short": "5 1 4 NaN 2x40"}, 15_000))
    times = range(600_000, 4_200_000, 60_000)
    for function in ("min_over_time", "max_over_time", "sum_over_time", "delta", "stddev_over_time"):
        for query in (f"{function}(g[9m])", f"{function}(short[9m])", f"{function}(g[20s])"):
            assert over_range(query, store, times) == at_moments(query, store, times), query
    for share in ("0.3", "1", "scalar(g) / 100", "-1"):
        query = f"quantile_over_time({share}, g[9m])"
        assert over_range(query, store, times) == at_moments(query, store, times), query


LINES = LogStore(
    LogEntry(minute * 60_000, {"app": app, "level": level}, f'{{"cost": {minute % 7 + minute / 1000}, "user": "{minute % 3}"}}')
    for minute in range(40)
    for app, level in (("a", "info"), ("a", "error"), ("b", "info"))
    if minute % 5 or level == "info"
)  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        'sum by (level) (count_over_time({app="a"}[3m]))',
        'sum(rate({level="error"}[1m])) / sum(rate({app=~".+"}[1m]))',
        'topk(2, sum by (user) (sum_over_time({app="a"} | json | unwrap cost [5m] offset 2m)))',
        'quantile_over_time(0.9, {app="b"} | json | unwrap cost [10m]) by (app)',
        'absent_over_time({level="error"}[1m])',
        'sum(count_over_time({app="c"}[5m])) or vector(0)',
        'label_replace(sum by (app) (rate({app=~".+"}[5m])), "x", "$1", "app", "(.)") > 0.01',
    ],
)
def test_each_step_of_a_log_query_has_what_the_moment_has(query):
    times = range(60_000, 41 * 60_000, 90_000)
    moments = [
        [SeriesRow(labels, [value]) for labels, value in evaluate_logql(query, LINES, at)] for at in times
    ]  # fmt: skip
    expected = [
        {label_key(row.labels): repr(row.values[0]) for row in rows} for rows in moments
    ]  # fmt: skip
    assert by_step(evaluate_logql_range(query, LINES, times), times) == expected

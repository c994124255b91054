"""The labels of a result that its expression tells are those that an evaluation gives."""

from itertools import product

import pytest

from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    SampleStore,
    UnsupportedError,
    Vector,
    written_series,
)
from dashgen.query.promql.output_labels import OutputLabels
from dashgen.query.promql.promql_view import promql_view
from tests.evaluate.generated_queries import SERIES, QueryWriter
from tests.lint.lint_queries import messages, panel_query

STORE = SampleStore(written_series(SERIES, 60_000), is_left_open=True)
TIMES = (600_000, 2_000_000, 3_600_000)


def labels_of(text: str) -> OutputLabels:
    view = promql_view(text)
    assert view is not None
    return view.labels(view.tree)


def results(text: str) -> list[Vector]:
    vectors = []
    for time in TIMES:
        try:
            value = evaluate_promql(text, STORE, time)
        except (EvaluationFailedError, UnsupportedError):
            continue
        vectors += [value] if isinstance(value, list) else []
    return vectors


@pytest.mark.parametrize(
    ("text", "only", "surely", "dropped"),
    [
        ("x", None, "", ""),
        ('x{a="b", c=~"d|", e=~".+", f!="", g=""}', None, "a e f", "g"),
        ("sum(x)", "", "", ""),
        ("sum by (a, b) (x)", "a b", "", ""),
        ('sum by (a) (x{a="b"})', "a", "a", ""),
        ('sum without (a) (x{a="b", c="d"})', None, "c", "a"),
        ("sum by (a) (sum by (b) (x))", "", "", "a"),
        ("topk by (a) (5, x)", None, "", ""),
        ('count_values by (a) ("v", x)', "a v", "", ""),
        ("histogram_quantile(0.9, sum by (le, a) (x))", "a", "", "le"),
        ('label_replace(sum by (a) (x), "c", "$1", "a", "(.*)")', "a c", "", ""),
        ('label_join(sum without (a) (x), "a", "-", "b")', None, "", ""),
        ('absent(x{a="b", c=~"d"})', "a", "", ""),
        ('absent(sum(x{a="b"}))', "", "", ""),
        ("vector(1)", "", "", ""),
        ("sum by (a) (x) * 2", "a", "", ""),
        ("2 > sum by (a) (x)", "a", "", ""),
        ("sum by (a) (x) or sum by (b) (y)", "a b", "", ""),
        ("sum by (a) (x) and y", "a", "", ""),
        ('x{a="b"} / on (a, c) y{c="d"}', "a c", "a c", ""),
        ('x{a="b"} / ignoring (a) y', None, "", "a"),
        ("sum by (a) (x) * on (a) group_left (c) max by (a, c) (y)", "a c", "", ""),
        ("sum by (a) (x) * on (a) group_left (c) max by (a) (y)", "a", "", "c"),
        ("sum by (a) (x) * on (a) group_right (c) max by (a, d) (y)", "a d", "", "c"),
        ("sum by ($by) (x)", None, "", ""),
        ("sum by (a, ${by:csv}) (x)", None, "", ""),
        ('x{a="$a", b=~"$b"}', None, "", ""),
        ('label_replace(x, "$to", "$1", "a", "(.*)")', None, "", ""),
        ("max_over_time(sum by (a) (x)[1h:5m])", "a", "", ""),
        ("-(sum by (a) (x))", "a", "", ""),
        ("info(sum by (a) (x))", None, "", ""),
    ],
)
def test_each_part_of_an_expression_keeps_adds_and_drops_labels(
    text: str, only: str | None, surely: str, dropped: str
) -> None:
    labels = labels_of(text)
    assert labels.only == (None if only is None else frozenset(only.split()))
    assert labels.surely == frozenset(surely.split())
    assert set(labels.dropped) == set(dropped.split())
    assert all(0 <= offset < len(text) for offset in labels.dropped.values())


@pytest.mark.parametrize("seed", range(60))
def test_no_evaluation_has_other_labels(seed: int) -> None:
    writer = QueryWriter(seed * 7919 + 1)
    for _ in range(25):
        text = writer.vector()
        labels = labels_of(text)
        for vector in results(text):
            for sample in vector:
                names = {name for name in sample.labels if name != "__name__"}
                assert all(labels.may_have(name) for name in names), (text, sample.labels, labels)
                assert labels.surely <= names, (text, sample.labels, labels)


@pytest.mark.parametrize("operator", ["+", "/", ">", "and"])
@pytest.mark.parametrize("matching", ["", " on (job)", " on (i)", " ignoring (i)"])
def test_what_matches_nothing_by_its_labels_has_no_result(operator: str, matching: str) -> None:
    groupings = ("i", "job", "i, job")
    empty = full = 0
    for left, right in product(groupings, groupings):
        text = f"sum by ({left}) (c) {operator}{matching} sum by ({right}) (abs(c) - 1)"
        is_empty = not any(results(text))
        if messages("query/unmatched-labels", panel_query(text)):
            assert is_empty, text
            empty += 1
        full += not is_empty
    assert empty
    assert full

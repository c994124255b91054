"""What rules about PromQL claim is what an evaluation of the queries gives."""

import math
from typing import Any

import pytest

from dashgen.check.lint import LintQuery, Safety
from dashgen.check.lint.rule_registry import own_rules
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import EvaluationFailedError, SampleStore, UnsupportedError, written_series
from tests.evaluate.generated_queries import SERIES, QueryWriter
from tests.lint.lint_queries import PROJECT, messages, panel_query

STORE = SampleStore(written_series(SERIES, 60_000), is_left_open=True)
TIMES = (600_000, 2_000_000, 3_600_000)


class TextPlace:
    """A place at which an edit is the new text."""

    file = "x.yaml"

    def set(self, _keys: object, value: str) -> tuple[str]:
        return (value,)


def results(text: str) -> list[Any]:
    """The sorted results at some times; none at times at which the server would refuse."""
    found = []
    for time in TIMES:
        try:
            value = evaluate_promql(text, STORE, time)
        except (EvaluationFailedError, UnsupportedError):
            continue
        if isinstance(value, list):
            found.append(sorted((sorted(one.labels.items()), repr(round(one.value, 9))) for one in value))
    return found


def fixed(rule: str, query: LintQuery) -> str:
    """The text of a query after the first fix of a rule."""
    query.place = TextPlace()  # type: ignore[assignment]
    problem = next(iter(own_rules()[rule].problems(query, PROJECT)))
    return str(problem.edits[0])


@pytest.mark.parametrize(
    ("rule", "form"),
    [
        ("query/never-zero", "count(%s) == 0"),
        ("query/never-zero", "count by (job) (%s) < 1"),
        ("query/never-zero", "absent(%s) == 0"),
        ("query/never-zero", "group(%s) <= 0"),
    ],
)
@pytest.mark.parametrize("seed", range(15))
def test_what_is_never_true_has_no_result(rule: str, form: str, seed: int) -> None:
    text = form % QueryWriter(seed * 7919 + 3).vector(2)
    assert messages(rule, panel_query(text))
    assert all(vector == [] for vector in results(text)), text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("query/impossible-selector", 'c{job="a", job="b"}'),
        ("query/impossible-selector", 'c{job="a", job!~"a|c"}'),
        ("query/impossible-selector", 'c{job!~".*"}'),
        ("query/negative-rate", "sum by (job) (rate(c[5m])) < 0"),
        ("query/negative-rate", "increase(c[10m]) < -1"),
        ("query/unmatched-labels", "sum by (job, i) (c) / sum by (job) (c)"),
    ],
)
def test_what_selects_nothing_has_no_result(rule: str, text: str) -> None:
    assert messages(rule, panel_query(text))
    assert results(text)
    assert all(vector == [] for vector in results(text))


@pytest.mark.parametrize(
    ("rule", "form"),
    [
        ("query/twice-aggregated", "sum by (job) (sum by (job, i) (%s))"),
        ("query/twice-aggregated", "max(max by (job) (%s)) + 1"),
        ("query/sort-over-time", "sort_desc(%s)"),
        ("query/sort-over-time", "sum(sort(%s)) * 2"),
        ("query/needless-label-replace", '2 * label_replace(%s, "job", "$1", "job", "(.*)")'),
    ],
)
@pytest.mark.parametrize("seed", range(15))
def test_safe_fixes_of_expressions_keep_the_result(rule: str, form: str, seed: int) -> None:
    text = form % QueryWriter(seed * 104_729 + 5).vector(2)
    after = fixed(rule, panel_query(text))
    assert after != text
    assert results(after) == results(text), text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("query/needless-regex", 'c{job=~"a"}'),
        ("query/needless-regex", 'c{job!~"a"}'),
        ("query/needless-anchors", 'c{job=~"^[ab]$"}'),
        ("query/needless-anchors", 'c{job=~"^(a|c)"}'),
        ("query/needless-matcher", 'c{job=~".*", i="1"}'),
        ("query/computed-rate", "increase(c[5m]) / 300"),
        ("query/computed-rate", "rate(c[10m]) * 600"),
        ("query/needless-matcher", 'c{job=~"a", i="1", job=~"a"}'),
    ],
)
def test_safe_fixes_of_selectors_keep_the_result(rule: str, text: str) -> None:
    assert own_rules()[rule].safety is Safety.SAFE
    after = fixed(rule, panel_query(text))
    assert after != text
    assert results(after) == results(text)
    assert any(results(text))


def test_a_zero_stands_beside_the_series() -> None:
    text = "sum by (job) (c) or vector(0)"
    assert messages("query/zero-beside-series", panel_query(text))
    assert all(([], "0.0") in vector and len(vector) > 1 for vector in results(text))
    assert all(
        ([], "0.0") not in vector for vector in results(fixed("query/zero-beside-series", panel_query(text)))
    )


def test_the_scalar_of_several_series_is_no_number() -> None:
    assert messages("query/scalar-of-many", panel_query("scalar(sum by (job) (c))"))
    value = evaluate_promql("scalar(sum by (job) (c))", STORE, TIMES[0])
    assert isinstance(value, float)
    assert math.isnan(value)

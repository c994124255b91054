"""The labels of an expression, as its author wrote them and where."""

import pytest

from dashgen.query.promql.label_uses import label_uses


@pytest.mark.parametrize(
    ("expr", "matches", "clauses"),
    [
        ('x{a="b", c!~"d|e"}', [("x", "a", "=", "b", 2, False), ("x", "c", "!~", "d|e", 9, False)], []),
        ('{__name__="x", a="b"}', [("x", "a", "=", "b", 15, False)], []),
        ('{"x.y", "a.b"=\'c\'}', [("x.y", "a.b", "=", "c", 8, False)], []),
        ('{a="b"}[5m:]', [("", "a", "=", "b", 1, False)], []),
        (r'x{a="b\\.c"}', [("x", "a", "=", r"b\.c", 2, False)], []),
        ('x{a="$b", $c="d", e=~"${f:regex}"}', [("x", "a", "=", "$b", 2, True), ("x", "e", "=~", "${f:regex}", 18, True)], []),
        ('${m}_total{a="b"}', [("${m}_total", "a", "=", "b", 11, False)], []),
        ("sum by (a, $b, 'c.d') (x)", [], [("a", 8), ("c.d", 15)]),
        ("x * on (a) group_left (b, c) y", [], [("a", 8), ("b", 23), ("c", 26)]),
        ("sum(x) without (a) / ignoring (b) max by (c) (y)", [], [("a", 16), ("b", 31), ("c", 42)]),
        ('count_values("v", rate(x{a="b"}[5m]))', [("x", "a", "=", "b", 25, False)], []),
        ('x{a="by (b) {c=\\"d\\"}"} # by (e)', [("x", "a", "=", 'by (b) {c="d"}', 2, False)], []),
        ("x{a=}", [], []),
    ],
)  # fmt: skip
def test_labels_are_found_with_their_metrics_and_places(expr, matches, clauses):
    uses = label_uses(expr)
    assert [(metric, *match[:5]) for metric, match in uses.matches] == matches
    assert uses.clauses == clauses

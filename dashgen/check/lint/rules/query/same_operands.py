"""Both sides of an operation are the same expression.

`sum(a) / sum(a)` is 1 wherever it has a value, and `a or a` is `a`. Most likely one side was copied and not
changed.

Correct one side. `x == x`, which leaves out NaN, counts as intended.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, lint_rule
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import NumberLiteral
from dashgen.query.promql.promql_view import bare

_OPERATORS = frozenset({"/", "or", "and", "unless", "-", ">", "<", "!="})
_SPACE = lazy_pattern(r"\s+")


@lint_rule(
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        title: Share of errors
        query: sum(rate(http_requests_total[5m])) / sum(rate(http_requests_total[5m]))
    """,
    good="""
        title: Share of errors
        query: sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total[5m]))
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each operation of an expression with itself."""
    view = query.promql
    if view is None:
        return
    for node in view.operations:
        left, right = bare(node.lhs), bare(node.rhs)
        if node.op not in _OPERATORS or isinstance(left, NumberLiteral) or type(left) is not type(right):
            continue
        if _SPACE.sub("", view.written(left)) == _SPACE.sub("", view.written(right)):
            yield query.at(node.op_start, f"both sides of `{node.op}` are the same", "correct one of them")

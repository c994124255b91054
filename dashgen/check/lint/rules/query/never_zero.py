"""A comparison can never be true, because a count of nothing is no result rather than 0.

`count(up{job="shop"} == 1) == 0` looks like an alert for an application that is gone. But when nothing is
left to count, `count` has no result at all, the comparison has nothing to compare, and the alert stays
silent.

Write `absent(…)`, or give the count a value: `(count(…) or vector(0)) == 0`.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintQuery, Preset, Severity, lint_rule
from dashgen.query.promql.promql_nodes import AggregateExpr, BinaryExpr, Call, Expr, NumberLiteral
from dashgen.query.promql.promql_view import bare

_COUNTING_CALLS = frozenset({"count_over_time", "present_over_time", "absent", "absent_over_time"})
_ALWAYS_ONE = frozenset({"present_over_time", "absent", "absent_over_time"})
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "=="}


@lint_rule(
    severity=Severity.ERROR,
    presets=[Preset.RECOMMENDED, Preset.COMMUNITY],
    bad="""
        alert: ShopIsGone
        query: count(up{job="shop"}) == 0
        when: above 0
        for: 5m
        summary: No instance of the shop is left
    """,
    good="""
        alert: ShopIsGone
        query: absent(up{job="shop"})
        when: above 0
        for: 5m
        summary: No instance of the shop is left
    """,
)
def check(query: LintQuery) -> Iterator[LintProblem]:
    """Yield a problem for each comparison of a count with what it cannot be."""
    view = query.promql
    if view is None or view.is_open:
        return
    for node in view.operations:
        if node.return_bool or view.has_variable(node):
            continue
        for counted, operator, limit in _sides(node):
            name = _counting(counted)
            if name and _is_never(name, operator, limit):
                message = f"`{name}` is never {operator} {limit:g}: without series it has no result"
                hint = "write `absent(…)`, or `(… or vector(0))` around the count"
                yield query.at(node.op_start, message, hint)


def _sides(node: BinaryExpr) -> Iterator[tuple[Expr, str, float]]:
    """What is compared with a number, with the operator as if the number stood on the right."""
    left, right = bare(node.lhs), bare(node.rhs)
    if node.op in _MIRRORED and isinstance(right, NumberLiteral):
        yield left, node.op, right.val
    elif node.op in _MIRRORED and isinstance(left, NumberLiteral):
        yield right, _MIRRORED[node.op], left.val


def _counting(node: Expr) -> str:
    """The function that an expression is, when its result is at least 1."""
    if isinstance(node, AggregateExpr) and node.op in {"count", "group"}:
        return node.op
    return node.name if isinstance(node, Call) and node.name in _COUNTING_CALLS else ""


def _is_never(name: str, operator: str, limit: float) -> bool:
    if operator == "==":
        return limit < 1 or (name in _ALWAYS_ONE and limit != 1)
    if operator == "<":
        return limit <= 1
    if operator == "<=":
        return limit < 1
    return name in _ALWAYS_ONE and (limit >= 1 if operator == ">" else limit > 1)

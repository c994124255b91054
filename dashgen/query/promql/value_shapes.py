"""The shape of a PromQL syntax tree."""

from collections.abc import Callable
from typing import Any, Final

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatchOp,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from dashgen.query.promql import value_shape
from dashgen.query.promql.arithmetic import combine
from dashgen.query.promql.query_parts import is_part
from dashgen.query.promql.value_shape import UNKNOWN, Number, QueryShape, Value

_KEEPING_NAMES: Final = """
    abs ceil floor round clamp clamp_min clamp_max sort sort_desc sort_by_label sort_by_label_desc label_replace
    label_join scalar vector delta idelta predict_linear double_exponential_smoothing info avg_over_time
    min_over_time max_over_time sum_over_time last_over_time first_over_time stddev_over_time mad_over_time
    quantile_over_time histogram_sum histogram_stddev
"""
_KEEPING: Final = frozenset(_KEEPING_NAMES.split())
_CHANGING: Final[dict[str, Callable[[Value], Value]]] = {
    "rate": value_shape.rate,
    "irate": value_shape.rate,
    "deriv": value_shape.rate,
    "increase": value_shape.increase,
    "histogram_quantile": value_shape.quantile,
    "histogram_count": value_shape.observations,
    "histogram_avg": value_shape.mean,
    "histogram_fraction": value_shape.fraction,
    "count_over_time": value_shape.count,
    "changes": value_shape.count,
    "resets": value_shape.count,
}
_SERIES_ARGUMENT: Final = {"quantile_over_time": 1, "histogram_quantile": 1, "histogram_fraction": 2}
_RATES: Final = frozenset({"rate", "irate", "deriv", "increase"})
_COUNTING: Final = frozenset({"count", "count_values"})
_VALUELESS: Final = frozenset({"group", "stdvar"})


def shape_of(tree: Expr) -> QueryShape:
    """The shape of a whole expression."""
    value = _VISITORS[type(tree)](tree)
    return UNKNOWN if isinstance(value, Number) else value


def is_rate(tree: Expr) -> bool:
    """Whether the outermost function with a say in it is a rate or an increase, followed along first operands."""
    node: Any = tree
    while node is not None:
        kind = type(node)
        if kind is AggregateExpr:
            node = None if str(node.op) in _COUNTING | _VALUELESS else node.expr
        elif kind is Call:
            name = node.func.name
            if name in _RATES:
                return True
            arguments = node.args
            node = arguments[_SERIES_ARGUMENT.get(name, 0)] if name in _KEEPING and arguments else None
        elif kind is BinaryExpr:
            node = _value_side(node)
        else:
            node = node.expr if kind in _WRAPPERS else None
    return False


def _value_side(node: BinaryExpr) -> Any:
    """The operand whose kind the result has; None when it has a kind of its own."""
    operator = str(node.op)
    if type(node.rhs) is NumberLiteral:
        return node.lhs
    if type(node.lhs) is NumberLiteral:
        return None if operator == "/" else node.rhs
    return None if operator in {"*", "/", "^", "%", "atan2"} else node.lhs


def _selector(node: VectorSelector) -> Value:
    return QueryShape(metric=_name(node))


def _name(node: VectorSelector) -> str | None:
    if node.name:
        return node.name
    named = (matcher for matcher in node.matchers.matchers if matcher.name == "__name__")
    return next((matcher.value for matcher in named if matcher.op == MatchOp.Equal), None)


def _matrix(node: MatrixSelector) -> Value:
    return _selector(node.vector_selector)


def _number(node: NumberLiteral) -> Value:
    return Number(node.val)


def _string(_node: StringLiteral) -> Value:
    return Number()


def _wrapper(node: Any) -> Value:
    while (kind := type(node)) in _WRAPPERS:
        node = node.expr
    return _VISITORS[kind](node)


def _aggregate(node: AggregateExpr) -> Value:
    name = str(node.op)
    inner = node.expr
    value = _VISITORS[type(inner)](inner)
    if name in _COUNTING:
        return value_shape.count(value)
    return UNKNOWN if name in _VALUELESS else value


def _call(node: Call) -> Value:
    name = node.func.name
    arguments = node.args
    index = _SERIES_ARGUMENT.get(name, 0)
    if name in {"time", "pi"} or len(arguments) <= index:
        return Number()
    change = _CHANGING.get(name)
    if change is None and name not in _KEEPING:
        return UNKNOWN
    series = arguments[index]
    value = _VISITORS[type(series)](series)
    return change(value) if change else value


def _binary(node: BinaryExpr) -> Value:
    """Left operands nest as deep as a chain of operators is long, so they are not visited recursively."""
    chain = [node]
    while type(node.lhs) is BinaryExpr:
        node = node.lhs
        chain.append(node)
    first = node.lhs
    left = _VISITORS[type(first)](first)
    for link in reversed(chain):
        right = link.rhs
        value = _VISITORS[type(right)](right)
        left = _combined(link, left, value)
    return left


def _combined(node: BinaryExpr, left: Value, right: Value) -> Value:
    modifier = node.modifier
    return combine(
        str(node.op),
        left,
        right,
        returns_bool=modifier is not None and modifier.return_bool,
        is_part=lambda: is_part(node.lhs, node.rhs),
    )


_WRAPPERS: Final = frozenset({ParenExpr, UnaryExpr, SubqueryExpr})
_VISITORS: Final[dict[type, Callable[[Any], Value]]] = {
    VectorSelector: _selector,
    MatrixSelector: _matrix,
    NumberLiteral: _number,
    StringLiteral: _string,
    ParenExpr: _wrapper,
    UnaryExpr: _wrapper,
    SubqueryExpr: _wrapper,
    AggregateExpr: _aggregate,
    Call: _call,
    BinaryExpr: _binary,
}

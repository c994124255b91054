"""The shape of a PromQL syntax tree."""

from collections.abc import Callable
from typing import Any, Final

from dashgen.query.promql import value_shape
from dashgen.query.promql.arithmetic import combine
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    NumberLiteral,
    StringLiteral,
    VectorSelector,
    metric_name,
)
from dashgen.query.promql.query_parts import is_part
from dashgen.query.promql.syntax_tree import SERIES_ARGUMENT, WRAPPERS, Visitor
from dashgen.query.promql.value_shape import UNKNOWN, NumberShape, QueryShape, Value

_KEEPING_NAMES: Final = """
    abs ceil floor round clamp clamp_min clamp_max sort sort_desc sort_by_label sort_by_label_desc
    label_replace label_join scalar vector delta idelta predict_linear double_exponential_smoothing info
    avg_over_time min_over_time max_over_time sum_over_time last_over_time first_over_time
    stddev_over_time mad_over_time quantile_over_time histogram_sum histogram_stddev
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
_RATES: Final = frozenset({"rate", "irate", "deriv", "increase"})
_COUNTING: Final = frozenset({"count", "count_values"})
_VALUELESS: Final = frozenset({"group", "stdvar"})


def shape_of(tree: Expr) -> QueryShape:
    """The shape of a whole expression."""
    value = _SHAPES.visit(tree)
    return UNKNOWN if isinstance(value, NumberShape) else value


def is_rate(tree: Expr) -> bool:
    """Whether an expression yields a rate or an increase; of several operands the first one decides."""
    node: Any = tree
    while node is not None:
        kind = type(node)
        if kind is AggregateExpr:
            node = None if node.op in _COUNTING | _VALUELESS else node.expr
        elif kind is Call:
            name = node.name
            if name in _RATES:
                return True
            arguments = node.args
            node = arguments[SERIES_ARGUMENT.get(name, 0)] if name in _KEEPING and arguments else None
        elif kind is BinaryExpr:
            node = _value_side(node)
        else:
            node = node.expr if kind in WRAPPERS else None
    return False


def _value_side(node: BinaryExpr) -> Any:
    """The operand that determines the kind of the result; None when neither does."""
    operator = node.op
    if type(node.rhs) is NumberLiteral:
        return node.lhs
    if type(node.lhs) is NumberLiteral:
        return None if operator == "/" else node.rhs  # `1 / rate(…)` is no rate
    return None if operator in {"*", "/", "^", "%", "atan2"} else node.lhs


class _Shapes(Visitor[Value]):
    """Follows the values of metrics through an expression."""

    def selector(self, node: VectorSelector) -> Value:
        return QueryShape(metric=metric_name(node))

    def number(self, node: NumberLiteral) -> Value:
        return NumberShape(node.val)

    def string(self, _node: StringLiteral) -> Value:
        return NumberShape()

    def aggregate(self, node: AggregateExpr) -> Value:
        name = node.op
        value = self.visit(node.expr)
        if name in _COUNTING:
            return value_shape.count(value)
        return UNKNOWN if name in _VALUELESS else value

    def call(self, node: Call) -> Value:
        name = node.name
        arguments = node.args
        index = SERIES_ARGUMENT.get(name, 0)
        if name in {"time", "pi"} or len(arguments) <= index:
            return NumberShape()
        change = _CHANGING.get(name)
        if change is None and name not in _KEEPING:
            return UNKNOWN
        value = self.visit(arguments[index])
        return change(value) if change else value

    def combined(self, node: BinaryExpr, left: Value, right: Value) -> Value:
        return combine(
            node.op,
            left,
            right,
            returns_bool=node.return_bool,
            is_part=lambda: is_part(node.lhs, node.rhs),
        )


_SHAPES: Final = _Shapes()

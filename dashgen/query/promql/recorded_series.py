"""Recording rules read through: a query with the rules' own queries in the place of the names they record."""

from collections.abc import Mapping
from typing import Final

from dashgen.query.promql.output_labels import CHOOSING
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)
from dashgen.query.promql.promql_view import PromQLView, bare, promql_view

_MOST_LEVELS: Final = 5
"""How deep rules are read that read what other rules record."""
_LONGEST: Final = 20_000
_ABSENT: Final = frozenset({"absent", "absent_over_time"})


def with_recorded(text: str, recorded: Mapping[str, str]) -> str:
    """A query with the queries of recording rules in the place of the series that they record.

    A series that is chosen by labels stays a name, since a query in parentheses takes no matchers.

    Args:
        text: the query.
        recorded: the queries of recording rules by the name that they record.
    """
    for _ in range(_MOST_LEVELS):
        view = promql_view(text)
        if view is None or len(text) > _LONGEST:
            return text
        expanded = _expanded_once(view, recorded)
        if expanded == text:
            return text
        text = expanded
    return text


def _expanded_once(view: PromQLView, recorded: Mapping[str, str]) -> str:
    text = view.text
    for selector in reversed(view.selectors):
        inner = recorded.get(selector.name)
        if inner is None or selector.matchers or selector.offset or selector.at:
            continue
        parent = view.parents.get(id(selector))
        if isinstance(parent, MatrixSelector):
            # The values that a rule records over a time are those of its query in that time.
            range_text = text[selector.end : parent.end].strip()
            if ":" in range_text or not range_text.endswith("]"):
                continue
            text = f"{text[: selector.start]}({inner}){range_text[:-1]}:]{text[parent.end :]}"
        else:
            text = f"{text[: selector.start]}({inner}){text[selector.end :]}"
    return text


def several_series(text: str, recorded: Mapping[str, str]) -> str:
    """Why a query may yield more than one series, or no value; empty when it yields one series at most.

    Args:
        text: a query that parses, without variables.
        recorded: the queries of recording rules by the name that they record.
    """
    expanded = with_recorded(text, recorded)
    view = promql_view(expanded)
    if view is None:
        return ""
    if view.tree.type == "scalar":
        return "it yields a number without a series"
    if view.tree.type == "matrix":
        return "it yields the values of a time, not one value"
    return "" if _SingleSeries(view, recorded).holds(view.tree) else _several(view)


class _SingleSeries:
    """Whether expressions of a query yield one series at most."""

    def __init__(self, view: PromQLView, recorded: Mapping[str, str]) -> None:
        self._view = view
        self._recorded = recorded

    def holds(self, node: Expr) -> bool:
        """Whether an expression yields one series at most."""
        only = self._view.labels(node).only
        if only is not None and not only:
            return True
        node = bare(node)
        while isinstance(node, UnaryExpr):
            node = bare(node.expr)
        if isinstance(node, BinaryExpr):
            return self._combined(node)
        if isinstance(node, AggregateExpr):
            return _chooses_one(node)
        return self._called(node) if isinstance(node, Call) else self._recorded_once(node)

    def _combined(self, node: BinaryExpr) -> bool:
        # Each series of the left side is in the result once at most, but for those that `or` adds.
        sides = [side for side in (node.lhs, node.rhs) if side.type != "scalar"]
        is_right = node.matching is not None and node.matching.group == "group_right"
        return node.op != "or" and self.holds(sides[-1] if is_right else sides[0])

    def _called(self, node: Call) -> bool:
        if node.name in _ABSENT:
            return True
        series = [arg for arg in node.args if arg.type in {"vector", "matrix"}]
        # In a subquery each moment may have another series: of `topk`, say.
        return len(series) == 1 and not isinstance(series[0], SubqueryExpr) and self.holds(series[0])

    def _recorded_once(self, node: Expr) -> bool:
        """Whether the series is one that a rule records as the only one of its name."""
        selector = node.vector_selector if isinstance(node, MatrixSelector) else node
        if not isinstance(selector, VectorSelector) or selector.name not in self._recorded:
            return False
        others = {name: query for name, query in self._recorded.items() if name != selector.name}
        return not several_series(self._recorded[selector.name], others)


def _chooses_one(node: AggregateExpr) -> bool:
    """Whether an aggregation is one like `topk(1, …)`, which keeps the labels of what it chooses."""
    number = bare(node.param) if node.param is not None else None
    is_one = isinstance(number, NumberLiteral) and number.val == 1
    return is_one and node.op in CHOOSING - {"limit_ratio"} and node.grouping is None


def _several(view: PromQLView) -> str:
    only = view.labels(view.tree).only
    if only:
        named = ", ".join(f"`{label}`" for label in sorted(only))
        return f"it yields a series for each value of {named}"
    plain = next((one for one in view.selectors if one.name), None)
    return f"`{plain.name}` may have several series" if plain is not None else "it may yield several series"


def times(text: str) -> tuple[str, float]:
    """A query without the number that it is multiplied or divided by, and that number.

    `x * 60` and `60 * x` are `x` and 60. Anything else is itself, with 1.
    """
    view = promql_view(text)
    node = bare(view.tree) if view is not None else None
    if view is None or not isinstance(node, BinaryExpr) or node.op not in {"*", "/"}:
        return text.strip(), 1
    left, right = bare(node.lhs), bare(node.rhs)
    if factor := _number(right):
        return view.written(left), factor if node.op == "*" else 1 / factor
    if node.op == "*" and (factor := _number(left)):
        return view.written(right), factor
    return text.strip(), 1


def _number(node: Expr) -> float:
    """A number that is written; 0 for anything else."""
    return node.val if isinstance(node, NumberLiteral) else 0

"""Whether one PromQL expression is a part of what another adds up."""

from typing import Any, Final, NamedTuple

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    MatrixSelector,
    ParenExpr,
    SubqueryExpr,
    VectorSelector,
)

_ADDITIVE: Final = frozenset({"count", "rate", "irate", "increase", "sum_over_time", "count_over_time"})
_COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})


class _Selection(NamedTuple):
    """What an expression adds up: the series, the functions and ranges through which it does, and filters."""

    name: str | None
    conditions: frozenset[str]
    steps: tuple[object, ...]
    is_filtered: bool


def is_part(part: Any, whole: Any) -> bool:
    """Whether the first expression adds up some of what the second adds up.

    So it is for a selector with more label matchers than the other, and for one term of a sum.
    """
    whole = _unwrapped(whole)
    if type(whole) is BinaryExpr and str(whole.op) == "+":
        return str(_unwrapped(part)) in _terms(whole)
    some, all_ = _selection(part), _selection(whole)
    if some is None or all_ is None or all_.is_filtered:
        return False
    return (
        same_observations(some.name, all_.name)
        and some.steps == all_.steps
        and some.conditions >= all_.conditions
    )


def same_observations(part: str | None, whole: str | None) -> bool:
    """Whether one series counts what another counts: the same one, or a bucket and its histogram's count."""
    if part == whole or part is None or whole is None:
        return part == whole
    return part.endswith("_bucket") and whole == part.removesuffix("_bucket") + "_count"


def _unwrapped(node: Any) -> Any:
    while type(node) is ParenExpr:
        node = node.expr
    return node


def _terms(node: Any) -> set[str]:
    terms = set()
    while type(node) is BinaryExpr and str(node.op) == "+":
        terms.add(str(_unwrapped(node.rhs)))
        node = _unwrapped(node.lhs)
    return terms | {str(node)}


def _selection(node: Any) -> _Selection | None:
    """What an expression adds up; None when it does anything but add up."""
    steps: list[object] = []
    is_filtered = False
    while (kind := type(node)) is not VectorSelector:
        if kind is ParenExpr:
            node = node.expr
        elif kind is MatrixSelector:
            steps.append(node.range)
            node = node.vector_selector
        elif kind is SubqueryExpr:
            steps += node.range, node.step, node.offset, str(node.at)
            node = node.expr
        else:
            name, inner = _step(node)
            if inner is None:
                return None
            steps += [name] if name else []
            is_filtered |= type(node) is BinaryExpr
            node = inner
    steps += node.offset, node.at and str(node.at)
    conditions = frozenset([str(matcher) for matcher in node.matchers.matchers])
    return _Selection(node.name, conditions, tuple(steps), is_filtered)


def _step(node: Any) -> tuple[str, Any]:
    """The name of a function that adds up and what it is applied to, or a filter and what it filters."""
    kind = type(node)
    if kind is AggregateExpr:
        name = str(node.op)
        return ("", node.expr) if name == "sum" else (name, node.expr if name in _ADDITIVE else None)
    if kind is Call and node.func.name in _ADDITIVE:
        return node.func.name, node.args[0]
    if (
        kind is BinaryExpr
        and str(node.op) in _COMPARING
        and not (node.modifier and node.modifier.return_bool)
    ):
        return "", node.lhs
    return "", None

"""What a PromQL syntax tree says about metrics, labels and grouping."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from promql_parser import (
    AggModifierType,
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    LabelModifierType,
    MatchOp,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorMatchCardinality,
    VectorSelector,
)

from dashgen.query.language import MetricUse
from dashgen.query.promql.selectors import Places

Grouping = tuple[str, ...] | None

_NO_SERIES: Final[Grouping] = ("",)  # a number: it has no labels and takes those of what it is combined with
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_SERIES_ARGUMENT: Final = {"quantile_over_time": 1, "histogram_quantile": 1, "histogram_fraction": 2}
_WITHOUT_SERIES: Final = frozenset({"scalar", "vector", "time", "pi"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_RELABELLING: Final = frozenset({"label_replace", "label_join"})
_SPECIAL: Final = _WITHOUT_SERIES | _ABSENT | _RELABELLING | {"histogram_quantile"}
_BUCKET_LABELS: Final = frozenset({"le", "vmrange"})  # the second one is what VictoriaMetrics has instead
_LEFT_SIDE: Final = frozenset({"and", "unless"})


class Facts:
    """The metrics and functions found in one syntax tree, and the labels of its result."""

    __slots__ = ("calls", "functions", "grouping", "lacks_le", "selectors")

    def __init__(self, tree: Expr) -> None:
        self.functions: set[str] = set()
        self.selectors: list[tuple[str, tuple[str, ...]]] = []
        self.calls: dict[int, str] = {}
        self.lacks_le = False
        grouping = _VISITORS[type(tree)](self, tree)
        self.grouping: Grouping = () if grouping is _NO_SERIES else grouping

    def metrics(self, text: str) -> tuple[MetricUse, ...]:
        """The metrics with the offsets of their names in the text that was parsed."""
        if len(self.selectors) == 1:
            name, labels = self.selectors[0]
            if name and text.count(name) == 1:
                return (MetricUse(name, labels, text.find(name), self.calls.get(0, "")),)
        places = Places(text, [name for name, _ in self.selectors])
        return tuple(
            [
                MetricUse(name, labels, places.next(name), self.calls.get(index, ""))
                for index, (name, labels) in enumerate(self.selectors)
            ]
        )


def _selector(facts: Facts, node: VectorSelector) -> Grouping:
    name = node.name or ""
    labels = []
    matchers = node.matchers
    for matcher in matchers.matchers:
        label = matcher.name
        if label != "__name__":
            labels.append(label)
        elif not name and matcher.op == MatchOp.Equal:
            name = matcher.value
    for alternative in matchers.or_matchers:
        labels += [matcher.name for matcher in alternative if matcher.name != "__name__"]
    facts.selectors.append((name, tuple(labels)))
    return None


def _matrix(facts: Facts, node: MatrixSelector) -> Grouping:
    return _selector(facts, node.vector_selector)


def _wrapper(facts: Facts, node: Any) -> Grouping:
    while (kind := type(node)) in _WRAPPERS:
        node = node.expr
    return _VISITORS[kind](facts, node)


def _literal(_facts: Facts, _node: Any) -> Grouping:
    return _NO_SERIES


def _aggregate(facts: Facts, node: AggregateExpr) -> Grouping:
    name = str(node.op)
    facts.functions.add(name)
    parameter = node.param
    if parameter is not None:
        _VISITORS[type(parameter)](facts, parameter)
    inner = node.expr
    grouping = _VISITORS[type(inner)](facts, inner)
    if name in _CHOOSING:
        return grouping
    modifier = node.modifier
    if modifier is None:
        grouping = ()
    elif modifier.type == AggModifierType.By:
        grouping = tuple(modifier.labels)
    else:
        grouping = _less(grouping, modifier.labels)
    return _more(grouping, _text(parameter)) if name == "count_values" else grouping


def _call(facts: Facts, node: Call) -> Grouping:
    name = node.func.name
    facts.functions.add(name)
    arguments = node.args
    series = _SERIES_ARGUMENT.get(name, 0)
    grouping = _NO_SERIES
    before = len(facts.selectors)
    for index, argument in enumerate(arguments):
        found = _VISITORS[type(argument)](facts, argument)
        if index == series:
            grouping = found
        if type(argument) is MatrixSelector:
            facts.calls[len(facts.selectors) - 1] = name
    if name == "histogram_quantile" and grouping is not None and grouping is not _NO_SERIES:
        facts.lacks_le |= not _BUCKET_LABELS.intersection(grouping) and _reads_buckets(facts, before)
    if name in _SPECIAL:
        return _special(name, arguments, grouping)
    return grouping


def _reads_buckets(facts: Facts, before: int) -> bool:
    """Whether only classic buckets are read; a native histogram needs no `le`."""
    read = [name for name, _ in facts.selectors[before:]]
    return bool(read) and all(name.endswith("_bucket") for name in read)


def _special(name: str, arguments: list[Any], grouping: Grouping) -> Grouping:
    """The labels of a call that does not keep those of its series."""
    if name == "histogram_quantile":
        return _less(grouping, ("le",))
    if name in _RELABELLING:
        return _more(grouping, _text(arguments[1]))
    return None if name in _ABSENT else _NO_SERIES


def _binary(facts: Facts, node: BinaryExpr) -> Grouping:
    """Left operands nest as deep as a chain of operators is long, so they are not visited recursively."""
    chain = [node]
    while type(node.lhs) is BinaryExpr:
        node = node.lhs
        chain.append(node)
    first = node.lhs
    left = _VISITORS[type(first)](facts, first)
    for link in reversed(chain):
        right = link.rhs
        left = _combined(link, left, _VISITORS[type(right)](facts, right))
    return left


_WRAPPERS: Final = frozenset({ParenExpr, UnaryExpr, SubqueryExpr})
_VISITORS: Final[dict[type, Callable[[Facts, Any], Grouping]]] = {
    VectorSelector: _selector,
    MatrixSelector: _matrix,
    ParenExpr: _wrapper,
    UnaryExpr: _wrapper,
    SubqueryExpr: _wrapper,
    NumberLiteral: _literal,
    StringLiteral: _literal,
    AggregateExpr: _aggregate,
    Call: _call,
    BinaryExpr: _binary,
}


def _less(grouping: Grouping, labels: Iterable[str]) -> Grouping:
    if grouping is None or grouping is _NO_SERIES:
        return grouping
    dropped = set(labels)
    return tuple([label for label in grouping if label not in dropped])


def _more(grouping: Grouping, *labels: str) -> Grouping:
    if grouping is None or grouping is _NO_SERIES:
        return grouping
    return tuple(dict.fromkeys((*grouping, *[label for label in labels if label])))


def _text(node: Any) -> str:
    return node.val if type(node) is StringLiteral else ""


def _combined(node: BinaryExpr, left: Grouping, right: Grouping) -> Grouping:
    """The labels of what a binary operator makes of two operands."""
    if left is _NO_SERIES:
        return right
    if right is _NO_SERIES:
        return left
    operator = str(node.op)
    if operator in _LEFT_SIDE:
        return left
    if operator == "or":
        return left if left == right else None
    return _matched(node.modifier, left, right)


def _matched(modifier: Any, left: Grouping, right: Grouping) -> Grouping:
    if modifier is None:
        return right if left is None else left
    matching = modifier.matching
    extra = modifier.group_labels or ()
    if modifier.card == VectorMatchCardinality.ManyToOne:
        return _more(left, *extra)
    if modifier.card == VectorMatchCardinality.OneToMany:
        return _more(right, *extra)
    if matching is None:
        return right if left is None else left
    if matching.type == LabelModifierType.Include:
        return tuple(matching.labels)
    return _less(left, matching.labels)

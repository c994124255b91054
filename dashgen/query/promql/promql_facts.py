"""Gather the facts about metrics, labels and grouping from a PromQL syntax tree."""

from collections.abc import Iterable
from typing import Final

from promql_parser import (
    AggModifierType,
    AggregateExpr,
    BinaryExpr,
    BinModifier,
    Call,
    Expr,
    LabelModifierType,
    MatrixSelector,
    NumberLiteral,
    StringLiteral,
    VectorMatchCardinality,
    VectorSelector,
)

from dashgen.query.language import MetricUse
from dashgen.query.promql.selectors import SelectorSpans
from dashgen.query.promql.syntax_tree import SERIES_ARGUMENT, Visitor, metric_name

Grouping = tuple[str, ...] | None

_NO_SERIES: Final[Grouping] = ("",)  # a number: it has no labels and takes those of what it is combined with
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_WITHOUT_SERIES: Final = frozenset({"scalar", "vector", "time", "pi"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_RELABELLING: Final = frozenset({"label_replace", "label_join"})
_SPECIAL: Final = _WITHOUT_SERIES | _ABSENT | _RELABELLING | {"histogram_quantile"}
_BUCKET_LABELS: Final = frozenset({"le", "vmrange"})  # the second one is what VictoriaMetrics has instead
_LEFT_SIDE: Final = frozenset({"and", "unless"})


class Facts(Visitor[Grouping]):
    """The metrics and functions of one syntax tree, and the labels of its result.

    Attributes:
        functions: the functions and aggregations that are called.
        selectors: each selector's metric (empty without one) and the labels of its matchers, in the order of
            the text.
        calls: the function that is applied to a range selector, by the selector's number.
        lacks_le: whether a quantile is taken of buckets whose label ``le`` was aggregated away.
        grouping: the labels of the result; None when they are those of the series.
    """

    __slots__ = ("calls", "functions", "grouping", "lacks_le", "selectors")

    def __init__(self, tree: Expr) -> None:
        self.functions: set[str] = set()
        self.selectors: list[tuple[str, tuple[str, ...]]] = []
        self.calls: dict[int, str] = {}
        self.lacks_le = False
        grouping = self.visit(tree)
        self.grouping: Grouping = () if grouping is _NO_SERIES else grouping

    def metrics(self, text: str) -> tuple[MetricUse, ...]:
        """The metrics with the offsets of their names in the text that was parsed."""
        if len(self.selectors) == 1:
            name, labels = self.selectors[0]
            if name and text.count(name) == 1:
                return (MetricUse(name, labels, text.find(name), self.calls.get(0, "")),)
        places = SelectorSpans(text, [name for name, _ in self.selectors])
        return tuple(
            [
                MetricUse(name, labels, places.next(name), self.calls.get(index, ""))
                for index, (name, labels) in enumerate(self.selectors)
            ]
        )

    def selector(self, node: VectorSelector) -> Grouping:
        """Record the metric; its labels are known only to the server."""
        matchers = node.matchers
        alternatives = [matchers.matchers, *matchers.or_matchers]
        labels = [matcher.name for group in alternatives for matcher in group if matcher.name != "__name__"]
        self.selectors.append((metric_name(node) or "", tuple(labels)))
        return None

    def number(self, _node: NumberLiteral) -> Grouping:
        """A number has no series."""
        return _NO_SERIES

    def string(self, _node: StringLiteral) -> Grouping:
        """A text has no series."""
        return _NO_SERIES

    def aggregate(self, node: AggregateExpr) -> Grouping:
        """The labels that an aggregation leaves."""
        name = str(node.op)
        self.functions.add(name)
        if node.param is not None:
            self.visit(node.param)
        grouping = self.visit(node.expr)
        if name in _CHOOSING:
            return grouping  # they choose series, and keep all labels
        modifier = node.modifier
        if modifier is None:
            grouping = ()
        elif modifier.type == AggModifierType.By:
            grouping = tuple(modifier.labels)
        else:
            grouping = _without_labels(grouping, modifier.labels)
        return _with_label(grouping, _text(node.param)) if name == "count_values" else grouping

    def call(self, node: Call) -> Grouping:
        """The labels of a function's series, as far as it keeps them."""
        name = node.func.name
        self.functions.add(name)
        arguments = node.args
        series = SERIES_ARGUMENT.get(name, 0)
        grouping = _NO_SERIES
        before = len(self.selectors)
        for index, argument in enumerate(arguments):
            labels = self.visit(argument)
            if index == series:
                grouping = labels
            if type(argument) is MatrixSelector:
                self.calls[len(self.selectors) - 1] = name
        if name == "histogram_quantile" and grouping is not None and grouping is not _NO_SERIES:
            self.lacks_le |= not _BUCKET_LABELS.intersection(grouping) and self._reads_buckets(before)
        if name in _SPECIAL:
            return _special(name, arguments, grouping)
        return grouping

    def _reads_buckets(self, before: int) -> bool:
        """Whether only classic buckets are read from a selector on; a native histogram needs no `le`."""
        metrics = [name for name, _ in self.selectors[before:]]
        return bool(metrics) and all(name.endswith("_bucket") for name in metrics)

    def combined(self, node: BinaryExpr, left: Grouping, right: Grouping) -> Grouping:
        """The labels of a binary operation."""
        # A number takes the labels of the other operand.
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


def _special(name: str, arguments: list[Expr], grouping: Grouping) -> Grouping:
    """The labels of a call that does not keep those of its series."""
    if name == "histogram_quantile":
        return _without_labels(grouping, ("le",))
    if name in _RELABELLING:
        return _with_label(grouping, _text(arguments[1]))
    return None if name in _ABSENT else _NO_SERIES


def _without_labels(grouping: Grouping, labels: Iterable[str]) -> Grouping:
    if grouping is None or grouping is _NO_SERIES:
        return grouping
    dropped = set(labels)
    return tuple([label for label in grouping if label not in dropped])


def _with_label(grouping: Grouping, *labels: str) -> Grouping:
    if grouping is None or grouping is _NO_SERIES:
        return grouping
    return tuple(dict.fromkeys((*grouping, *[label for label in labels if label])))


def _text(node: Expr | None) -> str:
    return node.val if isinstance(node, StringLiteral) else ""


def _matched(modifier: BinModifier | None, left: Grouping, right: Grouping) -> Grouping:
    if modifier is None:
        return right if left is None else left
    # With `group_left` and `group_right` the result has the labels of the "many" side, and those that are
    # brought along. With `on` it has the labels that are matched on, with `ignoring` the others.
    matching = modifier.matching
    extra = modifier.group_labels or ()
    if modifier.card == VectorMatchCardinality.ManyToOne:
        return _with_label(left, *extra)
    if modifier.card == VectorMatchCardinality.OneToMany:
        return _with_label(right, *extra)
    if matching is None:
        return right if left is None else left
    if matching.type == LabelModifierType.Include:
        return tuple(matching.labels)
    return _without_labels(left, matching.labels)

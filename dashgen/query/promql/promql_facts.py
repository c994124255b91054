"""Gather the facts about metrics, labels and grouping from a PromQL syntax tree."""

from collections.abc import Iterable, Sequence
from typing import Final

from dashgen.query.language import MetricUse
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    SeriesMatching,
    StringLiteral,
    VectorSelector,
    metric_name,
    metric_start,
)
from dashgen.query.promql.syntax_tree import SERIES_ARGUMENT, Visitor

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
        selectors: the selectors in the order of the text, each with the labels of its matchers.
        calls: the function that is applied to a range selector, by the selector's number.
        lacks_le: the offset of a quantile that is taken of buckets whose label ``le`` was aggregated away, -1
            without one.
        grouping: the labels of the result; None when they are those of the series.
    """

    __slots__ = ("calls", "functions", "grouping", "lacks_le", "selectors")

    def __init__(self, tree: Expr) -> None:
        self.functions: set[str] = set()
        self.selectors: list[tuple[VectorSelector, tuple[str, ...]]] = []
        self.calls: dict[int, str] = {}
        self.lacks_le = -1
        grouping = self.visit(tree)
        self.grouping: Grouping = () if grouping is _NO_SERIES else grouping

    def metrics(self, text: str) -> tuple[MetricUse, ...]:
        """The metrics with the offsets of their names in the text that was parsed."""
        return tuple(
            [
                self._metric(node, labels, self.calls.get(index, ""), text)
                for index, (node, labels) in enumerate(self.selectors)
            ]
        )

    def _metric(self, node: VectorSelector, labels: tuple[str, ...], call: str, text: str) -> MetricUse:
        name = node.name
        if name:
            return MetricUse(name, labels, node.start, call)
        name, start = metric_name(node) or "", metric_start(node)
        # A name with escapes is not written as it is.
        return MetricUse(name, labels, start if text.startswith(name, start) and name else -1, call)

    def selector(self, node: VectorSelector) -> Grouping:
        """Record the metric; its labels are known only to the server."""
        labels = [matcher.label for matcher in node.matchers if matcher.label != "__name__"]
        self.selectors.append((node, tuple(labels)))
        return None

    def number(self, _node: NumberLiteral) -> Grouping:
        """A number has no series."""
        return _NO_SERIES

    def string(self, _node: StringLiteral) -> Grouping:
        """A text has no series."""
        return _NO_SERIES

    def aggregate(self, node: AggregateExpr) -> Grouping:
        """The labels that an aggregation leaves."""
        name = node.op
        self.functions.add(name)
        if node.param is not None:
            self.visit(node.param)
        grouping = self.visit(node.expr)
        if name in _CHOOSING:
            return grouping  # they choose series, and keep all labels
        clause = node.grouping
        if clause is None:
            grouping = ()
        elif not clause.without:
            grouping = clause.names
        else:
            grouping = _without_labels(grouping, clause.names)
        return _with_label(grouping, _text(node.param)) if name == "count_values" else grouping

    def call(self, node: Call) -> Grouping:
        """The labels of a function's series, as far as it keeps them."""
        name = node.name
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
            keeps = bool(_BUCKET_LABELS.intersection(grouping)) or not self._reads_buckets(before)
            self.lacks_le = self.lacks_le if keeps or self.lacks_le >= 0 else node.start
        if name in _SPECIAL:
            return _special(name, arguments, grouping)
        return grouping

    def _reads_buckets(self, before: int) -> bool:
        """Whether only classic buckets are read from a selector on; a native histogram needs no `le`."""
        metrics = [metric_name(node) or "" for node, _ in self.selectors[before:]]
        return bool(metrics) and all(name.endswith("_bucket") for name in metrics)

    def combined(self, node: BinaryExpr, left: Grouping, right: Grouping) -> Grouping:
        """The labels of a binary operation."""
        # A number takes the labels of the other operand.
        if left is _NO_SERIES:
            return right
        if right is _NO_SERIES:
            return left
        operator = node.op
        if operator in _LEFT_SIDE:
            return left
        if operator == "or":
            return left if left == right else None
        return _matched(node.matching, left, right)


def _special(name: str, arguments: Sequence[Expr], grouping: Grouping) -> Grouping:
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


def _matched(matching: SeriesMatching | None, left: Grouping, right: Grouping) -> Grouping:
    if matching is None:
        return right if left is None else left
    # With `group_left` and `group_right` the result has the labels of the "many" side, and those that are
    # brought along. With `on` it has the labels that are matched on, with `ignoring` the others.
    if matching.group:
        return _with_label(left if matching.group == "group_left" else right, *matching.included)
    if matching.labels is None:
        return right if left is None else left
    return matching.names if matching.on else _without_labels(left, matching.names)

"""The labels of the series that a PromQL expression yields, as far as the expression alone can tell.

Sources: promql/engine.go of Prometheus 3.14 (`resultMetric`, `aggregation`,
`createLabelsForAbsentFunction`) and promql/functions.go. The name of the metric is left out of it all.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.query.promql.promql_matchers import matches_empty
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    LabelName,
    MatrixSelector,
    ParenExpr,
    PromQLNode,
    SeriesMatcher,
    SeriesMatching,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)
from dashgen.query.scanning import HAS_VARIABLE

CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
"""Aggregations that choose series and leave their labels alone."""
UNFORESEEN: Final = "_"
"""The label of the stand-in for a variable that takes the place of matchers."""
_WITHOUT_LE: Final = frozenset({"histogram_quantile", "histogram_fraction"})
_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_NAME: Final = "__name__"


class OutputLabels(Struct, frozen=True):
    """The labels of a result's series.

    Attributes:
        only: the labels that a series can have at most; None when others are possible.
        surely: labels that every series has.
        dropped: labels that no series has, with the offset of what drops them.
        closed_at: the offset of what drops all labels but `only`, -1 when nothing does.
        named: labels that the expression keeps by name for every series, so that somebody expects them there.
    """

    only: frozenset[str] | None = None
    surely: frozenset[str] = frozenset()
    dropped: Mapping[str, int] = {}
    closed_at: int = -1
    named: frozenset[str] = frozenset()

    def may_have(self, label: str) -> bool:
        """Whether a series can have a label."""
        if label == _NAME:
            return True
        return label not in self.dropped and (self.only is None or label in self.only)

    def dropped_at(self, label: str) -> int:
        """The offset of what drops a label; -1 when nothing does."""
        return -1 if self.may_have(label) else self.dropped.get(label, self.closed_at)

    def keeping(self, labels: Iterable[str], at: int) -> "OutputLabels":
        """The labels after all but some are dropped."""
        remaining = frozenset(labels) - {_NAME}
        only = frozenset(label for label in remaining if self.may_have(label))
        dropped = {label: self.dropped_at(label) for label in remaining - only}
        return OutputLabels(only, self.surely & only, dropped, at, only)

    def dropping(self, labels: Iterable[str], at: int) -> "OutputLabels":
        """The labels after some are dropped."""
        removed = frozenset(labels) - {_NAME}
        only = None if self.only is None else self.only - removed
        dropped = {**dict.fromkeys(removed, at), **self.dropped}
        return OutputLabels(only, self.surely - removed, dropped, self.closed_at, self.named - removed)

    def adding(self, labels: Iterable[str]) -> "OutputLabels":
        """The labels after some may be added."""
        new = frozenset(labels)
        only = None if self.only is None else self.only | new
        dropped = {label: at for label, at in self.dropped.items() if label not in new}
        return replace(self, only=only, dropped=dropped)


ANY_LABELS: Final = OutputLabels()
NO_LABELS: Final = OutputLabels(frozenset())


def output_labels(node: Expr, text: str) -> OutputLabels:
    """The labels of the series that an expression yields.

    Args:
        node: the expression.
        text: the query as it is written, with Grafana's variables, whose values are not known.
    """
    return _LabelReader(text).labels(node)


def compared_labels(matching: SeriesMatching | None) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The labels that two operands are compared by: those of `on`, or None and those of `ignoring`."""
    if matching is None or matching.labels is None:
        return None, frozenset()
    names = frozenset(matching.names)
    return (names, frozenset()) if matching.on else (None, names)


class _LabelReader:
    """Finds the labels of expressions of one query."""

    def __init__(self, text: str) -> None:
        self._text = text

    def labels(self, node: Expr) -> OutputLabels:
        """The labels of an expression."""
        while isinstance(node, ParenExpr | UnaryExpr | SubqueryExpr):
            node = node.expr
        if node.type in {"scalar", "string"}:
            return NO_LABELS
        if isinstance(node, BinaryExpr):
            return self._chain(node)
        if isinstance(node, MatrixSelector):
            return self._selector(node.vector_selector)
        if isinstance(node, VectorSelector):
            return self._selector(node)
        if isinstance(node, AggregateExpr):
            return self._aggregated(node)
        return self._called(node) if isinstance(node, Call) else ANY_LABELS

    def _has_variable(self, part: PromQLNode) -> bool:
        return HAS_VARIABLE.search(self._text, part.start, part.end) is not None

    def _selector(self, node: VectorSelector) -> OutputLabels:
        surely, dropped = set(), {}
        for matcher in node.matchers:
            if matcher.label in {UNFORESEEN, _NAME} or self._has_variable(matcher):
                continue
            if matcher.operator == "=" and not matcher.value:
                dropped[matcher.label] = matcher.start
            elif not matches_empty(matcher):
                surely.add(matcher.label)
        return OutputLabels(None, frozenset(surely), dropped)

    def _chain(self, node: BinaryExpr) -> OutputLabels:
        # Left operands nest as deep as a chain of operators is long.
        chain = [node]
        while isinstance(node.lhs, BinaryExpr):
            node = node.lhs
            chain.append(node)
        labels = self.labels(node.lhs)
        for link in reversed(chain):
            labels = self._joined(link, labels, self.labels(link.rhs))
        return labels

    def _joined(self, node: BinaryExpr, left: OutputLabels, right: OutputLabels) -> OutputLabels:
        if "scalar" in {node.lhs.type, node.rhs.type}:
            return left if node.lhs.type != "scalar" else right
        if node.op in {"and", "unless"}:
            return left
        if node.op == "or":
            return _either(left, right)
        matching = node.matching
        if matching is not None and any(self._has_variable(one) for one in _names_of(matching)):
            return ANY_LABELS
        if matching is not None and matching.group:
            many, one = (left, right) if matching.group == "group_left" else (right, left)
            return _with_included(many, one, matching)
        on, ignored = compared_labels(matching)
        if on is not None and matching is not None:
            both = OutputLabels(left.only, left.surely | right.surely, {**right.dropped, **left.dropped})
            return both.keeping((label for label in on if right.may_have(label)), matching.start)
        return left.dropping(ignored, matching.start if matching else -1)

    def _aggregated(self, node: AggregateExpr) -> OutputLabels:
        inner = self.labels(node.expr)
        if node.op in CHOOSING:
            return inner
        labels = self._grouped(inner, node)
        if node.op == "count_values":
            return self._with_written(labels, node.param)
        return labels

    def _grouped(self, inner: OutputLabels, node: AggregateExpr) -> OutputLabels:
        clause = node.grouping
        if clause is None:
            return inner.keeping((), node.start)
        open_names = [label for label in clause.labels if self._has_variable(label)]
        if open_names and not clause.without:
            return ANY_LABELS
        names = [label.name for label in clause.labels if label not in open_names]
        if clause.without:
            labels = inner.dropping(names, clause.start)
            # What a variable drops is not known.
            return replace(labels, surely=frozenset(), named=frozenset()) if open_names else labels
        return inner.keeping(names, clause.start)

    def _called(self, node: Call) -> OutputLabels:
        if node.name in _ABSENT:
            return self._absent(node)
        series = next((one for one in node.args if one.type in {"vector", "matrix"}), None)
        if series is None:
            return NO_LABELS
        if node.name == "info":
            return ANY_LABELS
        labels = self.labels(series)
        if node.name in {"label_replace", "label_join"}:
            return self._with_written(labels, node.args[1])
        if node.name == "histogram_quantiles":
            return self._with_written(labels.dropping(("le",), node.start), node.args[1])
        return labels.dropping(("le",), node.start) if node.name in _WITHOUT_LE else labels

    def _with_written(self, labels: OutputLabels, name: Expr | None) -> OutputLabels:
        """The labels with the one that a text names, which may be empty afterwards."""
        if not isinstance(name, StringLiteral) or self._has_variable(name):
            return ANY_LABELS
        added = labels.adding((name.val,))
        return replace(added, surely=added.surely - {name.val}, named=added.named - {name.val})

    def _absent(self, node: Call) -> OutputLabels:
        selector: Expr = node.args[0]
        while isinstance(selector, ParenExpr):
            selector = selector.expr
        if isinstance(selector, MatrixSelector):
            selector = selector.vector_selector
        if not isinstance(selector, VectorSelector):
            return OutputLabels(frozenset(), closed_at=node.start)
        if any(matcher.label == UNFORESEEN for matcher in selector.matchers):
            return ANY_LABELS
        equal_labels = frozenset(_known_of_absent(selector.matchers))
        return OutputLabels(equal_labels, closed_at=node.start, named=equal_labels)


def _known_of_absent(matchers: Iterable[SeriesMatcher]) -> Iterable[str]:
    """The labels of what is absent: those that are equal to one text."""
    counts: dict[str, int] = {}
    for matcher in matchers:
        counts[matcher.label] = counts.get(matcher.label, 0) + 1
    return [one.label for one in matchers if one.operator == "=" and counts[one.label] == 1]


def _names_of(matching: SeriesMatching) -> tuple[LabelName, ...]:
    return (*(matching.labels or ()), *matching.include)


def _either(left: OutputLabels, right: OutputLabels) -> OutputLabels:
    only = None if left.only is None or right.only is None else left.only | right.only
    names = {*left.dropped, *right.dropped}
    dropped = {
        name: left.dropped_at(name) for name in names if not left.may_have(name) and not right.may_have(name)
    }
    return OutputLabels(only, left.surely & right.surely, dropped, left.closed_at, left.named & right.named)


def _with_included(many: OutputLabels, one: OutputLabels, matching: SeriesMatching) -> OutputLabels:
    included = frozenset(label for label in matching.included if one.may_have(label))
    labels = many.adding(included).dropping(frozenset(matching.included) - included, matching.start)
    sure = (labels.surely - frozenset(matching.included)) | (included & one.surely)
    return replace(labels, surely=sure)

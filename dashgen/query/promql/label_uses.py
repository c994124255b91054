"""The labels in a PromQL expression: those of matchers, and those of clauses such as `by` and `on`."""

from typing import NamedTuple

from dashgen.query.language import LabelMatch
from dashgen.query.promql.promql import read_promql
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    LabelName,
    NumberLiteral,
    SeriesMatcher,
    StringLiteral,
    VectorSelector,
    metric_matcher,
)
from dashgen.query.promql.syntax_tree import Visitor
from dashgen.query.scanning import RefusalError


class LabelUses(NamedTuple):
    """The label matchers with their metrics, and the labels of clauses with their offsets."""

    matches: list[tuple[str, LabelMatch]]
    clauses: list[tuple[str, int]]


def label_uses(expr: str) -> LabelUses:
    """The labels in an expression as the author wrote them, with their offsets.

    Args:
        expr: an expression, which may have variables; one that does not parse has no labels.
    """
    reading = read_promql(expr)
    visitor = _LabelUses(expr)
    if not isinstance(reading.tree, RefusalError):
        visitor.visit(reading.tree.expr)
    # Findings about them are reported in the order of the text.
    visitor.uses.clauses.sort(key=lambda clause: clause[1])
    return visitor.uses


class _LabelUses(Visitor[None]):
    """Collects the labels of one expression; labels that are variables are left out."""

    def __init__(self, expr: str) -> None:
        self._expr = expr
        self.uses = LabelUses([], [])

    def selector(self, node: VectorSelector) -> None:
        if not node.matchers:
            return
        metric = self._expr[node.start : node.start + len(node.name)]
        if not metric and (named := metric_matcher(node)) is not None:
            metric = self._written(named.value_start, named.end)[1:-1]
        for matcher in node.matchers:
            if matcher.label != "__name__" and not _is_open(self._written(matcher.start, matcher.label_end)):
                self.uses.matches.append((metric, self._match(matcher)))

    def _match(self, matcher: SeriesMatcher) -> LabelMatch:
        written = self._written(matcher.value_start, matcher.end)
        is_open = _is_open(written)
        value = written[1:-1] if is_open else matcher.value
        return LabelMatch(matcher.label, matcher.operator, value, matcher.start, is_open)

    def _written(self, start: int, end: int) -> str:
        return self._expr[start:end]

    def aggregate(self, node: AggregateExpr) -> None:
        if node.grouping is not None:
            self._clause(node.grouping.labels)
        if node.param is not None:
            self.visit(node.param)
        self.visit(node.expr)

    def call(self, node: Call) -> None:
        for argument in node.args:
            self.visit(argument)

    def combined(self, node: BinaryExpr, _left: None, _right: None) -> None:
        if node.matching is not None:
            self._clause(node.matching.labels or ())
            self._clause(node.matching.include)

    def _clause(self, labels: tuple[LabelName, ...]) -> None:
        for label in labels:
            if not _is_open(self._written(label.start, label.end)):
                self.uses.clauses.append((label.name, label.start))

    def number(self, node: NumberLiteral) -> None:
        pass

    def string(self, node: StringLiteral) -> None:
        pass


def _is_open(written: str) -> bool:
    """Whether a text has a Grafana variable in it."""
    return "$" in written or "[[" in written

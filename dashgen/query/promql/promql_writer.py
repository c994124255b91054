"""Write PromQL syntax trees as text, in one notation whatever the author's was."""

import re
from collections.abc import Iterator
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    AtModifier,
    BinaryExpr,
    Call,
    Duration,
    DurationExpr,
    Expr,
    GroupingClause,
    LabelName,
    MatrixSelector,
    NumberLiteral,
    OffsetModifier,
    ParenDuration,
    ParenExpr,
    SeriesMatcher,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)
from dashgen.query.promql.syntax_tree import Visitor

_UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))
_EXACT: Final = 2.0**53
"""Up to here a float has every whole number."""
_PLAIN_LABEL: Final = lazy_pattern(r"(?!(?:without|inf|nan)\Z)[a-z_][a-z0-9_]*", re.IGNORECASE)


def promql_text(tree: Expr) -> str:
    """An expression in one notation: durations in one unit, clauses behind their operators, plain spaces."""
    return _WRITER.visit(tree)


def quoted_text(text: str) -> str:
    """A text in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def number_text(value: float) -> str:
    """A number, with as few digits as it needs."""
    text = f"{value:.0f}" if value == value // 1 and abs(value) < _EXACT else repr(value)
    return text.replace("inf", "Inf").replace("nan", "NaN")


def seconds_text(seconds: float) -> str:
    """A duration in the largest unit that divides it: 90 seconds are `90s`, not `1m30s`."""
    size = round(abs(seconds) * 1000)
    unit, many = next((unit, many) for unit, many in _UNITS if size % many == 0)
    return f"{'-' if seconds < 0 else ''}{size // many}{unit}"


def duration_text(duration: Duration) -> str:
    """A duration, which may be calculated."""
    if isinstance(duration, NumberLiteral):
        return seconds_text(duration.val)
    if isinstance(duration, ParenDuration):
        return f"({duration_text(duration.expr)})"
    return _calculation_text(duration)


def _calculation_text(duration: DurationExpr) -> str:
    operands = [duration_text(operand) for operand in (duration.lhs, duration.rhs) if operand is not None]
    if duration.op.isidentifier():
        return f"{duration.op}({', '.join(operands)})"
    return f" {duration.op} ".join(operands) if len(operands) > 1 else duration.op + operands[0]


def matcher_text(label: str, operator: str, value: str) -> str:
    """A label matcher."""
    return f"{label_text(label)}{operator}{quoted_text(value)}"


def label_text(name: str) -> str:
    """The name of a label, in quotes if it needs them."""
    return name if _PLAIN_LABEL.fullmatch(name) else quoted_text(name)


def modifiers_text(offset: OffsetModifier | None, at: AtModifier | None) -> str:
    """`@` and `offset` with a space before each; an offset of zero is none."""
    parts = []
    if at is not None:
        parts.append(f" @ {at.function}()" if at.time is None else f" @ {number_text(at.time)}")
    if offset is not None and not (isinstance(offset.duration, NumberLiteral) and offset.duration.val == 0):
        parts.append(f" offset {duration_text(offset.duration)}")
    return "".join(parts)


def grouping_text(grouping: GroupingClause | None) -> str:
    """`by (…)` or `without (…)` with spaces around it."""
    if grouping is None:
        return ""
    return f" {'without' if grouping.without else 'by'} {_labels(grouping.labels)} "


def operator_text(node: BinaryExpr) -> str:
    """The operator of a binary operation with its clauses."""
    return " ".join([node.op, *_clauses(node)])


def _clauses(node: BinaryExpr) -> Iterator[str]:
    if node.return_bool:
        yield "bool"
    matching = node.matching
    if matching is None:
        return
    if matching.labels is not None:
        yield f"{'on' if matching.on else 'ignoring'} {_labels(matching.labels)}"
    if matching.group:
        yield f"{matching.group} {_labels(matching.include)}"
    if matching.fill_left is not None:
        yield f"fill_left({number_text(matching.fill_left)})"
    if matching.fill_right is not None:
        yield f"fill_right({number_text(matching.fill_right)})"


def _labels(labels: tuple[LabelName, ...]) -> str:
    return f"({', '.join(label_text(label.name) for label in labels)})"


def selector_text(node: VectorSelector, brackets: str = "") -> str:
    """A selector with its modifiers.

    Args:
        node: the selector.
        brackets: its range with brackets, if it has one.
    """
    conditions = ",".join(_condition(matcher) for matcher in node.matchers)
    braces = f"{{{conditions}}}" if conditions or not node.name else ""
    extension = f" {node.extension}" if node.extension else ""
    return f"{node.name}{braces}{brackets}{extension}{modifiers_text(node.offset, node.at)}"


def _condition(matcher: SeriesMatcher) -> str:
    return matcher_text(matcher.label, matcher.operator, matcher.value)


def subquery_brackets(node: SubqueryExpr) -> str:
    """The range and the step of a subquery, with brackets."""
    step = duration_text(node.step) if node.step is not None else ""
    return f"[{duration_text(node.range)}:{step}]"


class _Writer(Visitor[str]):
    """Writes expressions as they are nested."""

    def selector(self, node: VectorSelector) -> str:
        return selector_text(node)

    def matrix(self, node: MatrixSelector) -> str:
        return selector_text(node.vector_selector, f"[{duration_text(node.range)}]")

    def subquery(self, node: SubqueryExpr) -> str:
        return f"{self.visit(node.expr)}{subquery_brackets(node)}{modifiers_text(node.offset, node.at)}"

    def number(self, node: NumberLiteral) -> str:
        return number_text(node.val)

    def string(self, node: StringLiteral) -> str:
        return quoted_text(node.val)

    def aggregate(self, node: AggregateExpr) -> str:
        parameter = f"{self.visit(node.param)}, " if node.param is not None else ""
        return f"{node.op}{grouping_text(node.grouping)}({parameter}{self.visit(node.expr)})"

    def call(self, node: Call) -> str:
        return f"{node.name}({', '.join(self.visit(argument) for argument in node.args)})"

    def binary(self, node: BinaryExpr) -> str:
        # Joined at once: a chain of thousands of operands would be copied for each of them.
        parts: list[str] = []
        left: Expr = node
        while isinstance(left, BinaryExpr):
            parts += self.visit(left.rhs), operator_text(left)
            left = left.lhs
        return " ".join([self.visit(left), *reversed(parts)])

    def combined(self, node: BinaryExpr, left: str, right: str) -> str:
        return f"{left} {operator_text(node)} {right}"

    def paren(self, node: ParenExpr) -> str:
        return f"({self.visit(node.expr)})"

    def unary(self, node: UnaryExpr) -> str:
        return f"{node.op}{self.visit(node.expr)}"


_WRITER: Final = _Writer()

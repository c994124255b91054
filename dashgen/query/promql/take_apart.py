"""Split an expression into parts that are expressions, to find out on a server which has no result."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct
from promql_parser import (
    AggModifierType,
    AggregateExpr,
    AtModifier,
    BinaryExpr,
    BinModifier,
    Call,
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
from promql_parser import parse as parse_promql

from dashgen.query.promql.promql_limits import beyond_limits
from dashgen.query.promql.syntax_tree import COMPARISONS, SET_OPERATORS, Visitor

_OPERATORS: Final = (
    (MatchOp.Equal, "="),
    (MatchOp.NotEqual, "!="),
    (MatchOp.Re, "=~"),
    (MatchOp.NotRe, "!~"),
)
_MANY: Final = (
    (VectorMatchCardinality.ManyToOne, "group_left"),
    (VectorMatchCardinality.OneToMany, "group_right"),
)
_UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))
_EXACT: Final = 2.0**53
"""Up to here a float has every whole number."""


class Matcher(Struct, frozen=True):
    """A condition on a label."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        """The matcher in PromQL."""
        return f"{self.label}{self.operator}{_quoted(self.value)}"


class SelectorPart(Struct, frozen=True):
    """A selector: a metric, matchers, the modifiers `offset` and `@`, and the range in seconds, if any."""

    name: str
    matchers: tuple[Matcher, ...] = ()
    modifier: str = ""
    range: float | None = None

    def text(self, *matchers: Matcher, range: float | None = None) -> str:  # noqa: A002  # PromQL's word
        """The selector in PromQL, with only these matchers, and over a range if one is given."""
        conditions = ",".join(map(str, matchers))
        braces = f"{{{conditions}}}" if conditions or not self.name else ""
        brackets = f"[{_duration(timedelta(seconds=range))}]" if range is not None else ""
        return f"{self.name}{braces}{brackets}{self.modifier}"


class ExpressionPart(Struct, frozen=True):
    """A part of an expression: its text, the parts that it consists of, and its operation on them.

    ``kind`` is selector, range, subquery, call, aggregation, binary, sign or literal; ``name`` is the
    function or operator.
    """

    text: str
    kind: str
    name: str = ""
    parts: tuple["ExpressionPart", ...] = ()
    selector: SelectorPart | None = None

    @property
    def compares(self) -> bool:
        """Whether it filters by comparing values."""
        return self.kind == "binary" and self.name in COMPARISONS

    @property
    def is_set(self) -> bool:
        """Whether it joins two sets of series."""
        return self.kind == "binary" and self.name in SET_OPERATORS

    @property
    def is_number(self) -> bool:
        """Whether it yields a number independent of any series."""
        return self.kind == "literal" or (self.kind == "sign" and self.parts[0].is_number)

    def walk(self) -> Iterator["ExpressionPart"]:
        """All parts within this one, the innermost first, and at the end the part itself."""
        for part in self.parts:
            yield from part.walk()
        yield self


def take_apart(expr: str) -> ExpressionPart | None:
    """The parts of an expression without Grafana variables; None when it does not parse."""
    if beyond_limits(expr):
        return None
    try:
        return _PARTS.visit(parse_promql(expr))
    except (ValueError, OverflowError, RecursionError):
        return None


class _Parts(Visitor[ExpressionPart]):
    """Writes each part as an expression, with parentheses where it is an operand."""

    def selector(self, node: VectorSelector) -> ExpressionPart:
        selector = _selector_part(node)
        return ExpressionPart(selector.text(*selector.matchers), "selector", selector=selector)

    def matrix(self, node: MatrixSelector) -> ExpressionPart:
        seconds = node.range.total_seconds()
        selector = _selector_part(node.vector_selector, seconds)
        return ExpressionPart(selector.text(*selector.matchers, range=seconds), "range", selector=selector)

    def subquery(self, node: SubqueryExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        step = _duration(node.step) if node.step else ""
        brackets = f"[{_duration(node.range or timedelta())}:{step}]"
        text = f"{_bracketed(inner)}{brackets}{_modifier(node.offset, node.at)}"
        return ExpressionPart(text, "subquery", parts=(inner,))

    def call(self, node: Call) -> ExpressionPart:
        parts = tuple(self.visit(argument) for argument in node.args)
        text = f"{node.func.name}({', '.join(part.text for part in parts)})"
        return ExpressionPart(text, "call", node.func.name, parts)

    def aggregate(self, node: AggregateExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        parameter = (self.visit(node.param),) if node.param is not None else ()
        grouping = ""
        if node.modifier is not None:
            word = "by" if node.modifier.type == AggModifierType.By else "without"
            grouping = f" {word} ({', '.join(node.modifier.labels)}) "
        arguments = ", ".join(part.text for part in (*parameter, inner))
        return ExpressionPart(
            f"{node.op}{grouping}({arguments})", "aggregation", str(node.op), (*parameter, inner)
        )

    def combined(self, node: BinaryExpr, left: ExpressionPart, right: ExpressionPart) -> ExpressionPart:
        operator = " ".join([str(node.op), *_matching(node.modifier)])
        return ExpressionPart(
            f"{_bracketed(left)} {operator} {_bracketed(right)}", "binary", str(node.op), (left, right)
        )

    def paren(self, node: ParenExpr) -> ExpressionPart:
        return self.visit(node.expr)

    def unary(self, node: UnaryExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        return ExpressionPart(f"-{_bracketed(inner)}", "sign", parts=(inner,))

    def number(self, node: NumberLiteral) -> ExpressionPart:
        value = node.val
        text = f"{value:.0f}" if value == value // 1 and abs(value) < _EXACT else repr(value)
        return ExpressionPart(text.replace("inf", "Inf").replace("nan", "NaN"), "literal")

    def string(self, node: StringLiteral) -> ExpressionPart:
        return ExpressionPart(_quoted(node.val), "literal")


def _selector_part(node: VectorSelector, stretch: float | None = None) -> SelectorPart:
    if node.matchers.or_matchers:  # `{a="1" or b="2"}`, an experiment that promql-parser knows
        raise ValueError("alternatives of matchers cannot be told apart")
    matchers = [
        Matcher(matcher.name, _operator(matcher.op), matcher.value) for matcher in node.matchers.matchers
    ]
    name = node.name or ""
    return SelectorPart(name, tuple(matchers), _modifier(node.offset, node.at), stretch)


def _operator(kind: MatchOp) -> str:
    return next(word for operator, word in _OPERATORS if operator == kind)


def _matching(modifier: BinModifier | None) -> Iterator[str]:
    if modifier is None:
        return
    if modifier.return_bool:
        yield "bool"
    if modifier.matching is not None:
        word = "on" if modifier.matching.type == LabelModifierType.Include else "ignoring"
        yield f"{word} ({', '.join(modifier.matching.labels)})"
    for card, word in _MANY:
        if modifier.card == card:
            yield f"{word} ({', '.join(modifier.group_labels or ())})"


def _bracketed(part: ExpressionPart) -> str:
    return f"({part.text})" if part.kind in {"binary", "sign", "subquery"} else part.text


def _modifier(offset: timedelta | None, at: AtModifier | None) -> str:
    text = f" {at}" if at is not None else ""
    if not offset:
        return text
    sign = "-" if offset < timedelta() else ""
    return f"{text} offset {sign}{_duration(abs(offset))}"


def _duration(length: timedelta) -> str:
    # In the largest unit that divides it: 90 seconds are `90s`, not `1m30s`.
    size = round(length.total_seconds() * 1000)
    unit, many = next((unit, many) for unit, many in _UNITS if size % many == 0)
    return f"{size // many}{unit}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


_PARTS: Final = _Parts()

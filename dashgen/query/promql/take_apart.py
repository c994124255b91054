"""Split an expression into parts that are expressions, to find out on a server which has no result."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from dashgen.query.promql.promql_names import COMPARISONS, SET_OPERATORS
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
    seconds_of,
)
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.promql.promql_writer import (
    duration_text,
    grouping_text,
    matcher_text,
    modifiers_text,
    number_text,
    operator_text,
    quoted_text,
    seconds_text,
    subquery_brackets,
)
from dashgen.query.promql.syntax_tree import Visitor
from dashgen.query.scanning import RefusalError
from dashgen.query.shared_tokens import tokenize, too_deep


class Matcher(Struct, frozen=True):
    """A condition on a label."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        """The matcher in PromQL."""
        return matcher_text(self.label, self.operator, self.value)


class SelectorPart(Struct, frozen=True):
    """A selector: a metric, matchers, modifiers, and the range in seconds, as far as that is a number."""

    name: str
    matchers: tuple[Matcher, ...] = ()
    modifier: str = ""
    range: float | None = None

    def text(self, *matchers: Matcher, range: float | None = None) -> str:  # noqa: A002  # PromQL's word
        """The selector in PromQL, with only these matchers, and over a range if one is given."""
        conditions = ",".join(map(str, matchers))
        braces = f"{{{conditions}}}" if conditions or not self.name else ""
        brackets = f"[{seconds_text(range)}]" if range is not None else ""
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
    """The parts of an expression without Grafana variables; None when it does not parse or has too many."""
    # The parts of a chain are as many as its operators, and each has its text.
    if too_deep(tokenize(expr)):
        return None
    try:
        return _PARTS.visit(parse_promql(expr).expr)
    except RefusalError:
        return None


class _Parts(Visitor[ExpressionPart]):
    """Writes each part as an expression, with parentheses where it is an operand."""

    def selector(self, node: VectorSelector) -> ExpressionPart:
        selector = _selector_part(node)
        return ExpressionPart(selector.text(*selector.matchers), "selector", selector=selector)

    def matrix(self, node: MatrixSelector) -> ExpressionPart:
        seconds = seconds_of(node.range)
        selector = _selector_part(node.vector_selector, seconds)
        plain = selector.text(*selector.matchers).removesuffix(selector.modifier)
        text = f"{plain}[{duration_text(node.range)}]{selector.modifier}"
        return ExpressionPart(text, "range", selector=selector)

    def subquery(self, node: SubqueryExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        modifiers = modifiers_text(node.offset, node.at)
        text = f"{_bracketed(inner)}{subquery_brackets(node)}{modifiers}"
        return ExpressionPart(text, "subquery", parts=(inner,))

    def call(self, node: Call) -> ExpressionPart:
        parts = tuple(self.visit(argument) for argument in node.args)
        text = f"{node.name}({', '.join(part.text for part in parts)})"
        return ExpressionPart(text, "call", node.name, parts)

    def aggregate(self, node: AggregateExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        parameter = (self.visit(node.param),) if node.param is not None else ()
        arguments = ", ".join(part.text for part in (*parameter, inner))
        text = f"{node.op}{grouping_text(node.grouping)}({arguments})"
        return ExpressionPart(text, "aggregation", node.op, (*parameter, inner))

    def combined(self, node: BinaryExpr, left: ExpressionPart, right: ExpressionPart) -> ExpressionPart:
        text = f"{_bracketed(left)} {operator_text(node)} {_bracketed(right)}"
        return ExpressionPart(text, "binary", node.op, (left, right))

    def paren(self, node: ParenExpr) -> ExpressionPart:
        return self.visit(node.expr)

    def unary(self, node: UnaryExpr) -> ExpressionPart:
        inner = self.visit(node.expr)
        return ExpressionPart(f"{node.op}{_bracketed(inner)}", "sign", parts=(inner,))

    def number(self, node: NumberLiteral) -> ExpressionPart:
        return ExpressionPart(number_text(node.val), "literal")

    def string(self, node: StringLiteral) -> ExpressionPart:
        return ExpressionPart(quoted_text(node.val), "literal")


def _selector_part(node: VectorSelector, stretch: float | None = None) -> SelectorPart:
    matchers = tuple([Matcher(one.label, one.operator, one.value) for one in node.matchers])
    extension = f" {node.extension}" if node.extension else ""
    return SelectorPart(node.name, matchers, extension + modifiers_text(node.offset, node.at), stretch)


def _bracketed(part: ExpressionPart) -> str:
    return f"({part.text})" if part.kind in {"binary", "sign", "subquery"} else part.text


_PARTS: Final = _Parts()

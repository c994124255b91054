"""The parser of PromQL: from a text to its syntax tree, or to what is wrong with it.

It has the grammar of Prometheus 3.14 (promql/parser/generated_parser.y and parse.go), with all of its
experimental features; what needs a flag or a newer server is noted on the way. Operators are parsed by their
precedence, so that an expression takes time linear in its length.
"""

from typing import Final, NamedTuple, NoReturn

from dashgen.query.language import Fault, Requirement
from dashgen.query.promql import promql_features as features
from dashgen.query.promql import promql_refusals as refusals
from dashgen.query.promql import promql_types as types
from dashgen.query.promql.promql_matchers import matchers_of, matches_empty, string_value
from dashgen.query.promql.promql_names import (
    AGGREGATIONS,
    FILLING,
    GROUPING,
    MANY_TO_ONE,
    MATCHING,
    NO_METRICS,
    SIGNATURES,
)
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    NumberLiteral,
    ParenExpr,
    SeriesMatcher,
    StringLiteral,
    UnaryExpr,
    ValueType,
    VectorSelector,
)
from dashgen.query.promql.promql_postfixes import POSTFIX_WORDS, PostfixReader
from dashgen.query.promql.promql_refusals import refuse_at
from dashgen.query.promql.promql_tokens import SPECIAL_NUMBERS, Token
from dashgen.query.scanning import RefusalError
from dashgen.query.shared_tokens import tokenize, unbalanced

MOST_LEVELS: Final = 150
"""A level costs at most five frames, of which Python has 1000."""
_PRECEDENCES: Final = {
    **dict.fromkeys(["or"], 1),
    **dict.fromkeys(["and", "unless"], 2),
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">=", "</", ">/"], 3),
    **dict.fromkeys(["+", "-"], 4),
    **dict.fromkeys(["*", "/", "%", "atan2"], 5),
    **dict.fromkeys(["^"], 6),
}
_POWER: Final = 6
_MODIFIERS: Final = MATCHING | FILLING | {"bool"}
_SPECIAL_WORDS: Final = AGGREGATIONS | NO_METRICS
_CALL_WORDS: Final = GROUPING | MATCHING | MANY_TO_ONE | {"offset", "bool"}


class PromQLTree(NamedTuple):
    """A syntax tree, and what it needs of its server."""

    expr: Expr
    requirements: tuple[Requirement, ...]


def parse_promql(text: str) -> PromQLTree:
    """Parse an expression without Grafana variables.

    Raises:
        RefusalError: Prometheus would refuse it; the fault has the offset.
    """
    reader = _ExpressionReader(text)
    try:
        return PromQLTree(reader.whole(), tuple(reader.requirements))
    except RefusalError:
        # Brackets that do not match explain most other errors.
        if fault := unbalanced(tokenize(text)):
            raise RefusalError(fault) from None
        raise


class _ExpressionReader(PostfixReader):
    """Reads one expression from its tokens."""

    __slots__ = ("_depth", "_selects_info")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._selects_info = False

    def whole(self) -> Expr:
        """The syntax tree of the whole text."""
        if len(self.tokens) == 1:
            kind = "holds nothing but a comment" if self.text.strip() else "is empty"
            refuse_at(-1, f"the query {kind}", "write a PromQL expression")
        expr = self._expression(1)
        if self.tokens[self.index][0] != "end":
            self.refuse_after_operand()
        return expr

    def _expression(self, least: int) -> Expr:
        """An operand, with the operators behind it that bind at least so tightly."""
        self._depth += 1
        if self._depth > MOST_LEVELS:
            self._refuse_depth()
        left = self._operand()
        while True:
            kind, text, start = self.tokens[self.index]
            level = _PRECEDENCES.get(text)
            if level is None:
                if kind != "name":
                    break
                text = text.lower()
                level = _PRECEDENCES.get(text)
                if level is None:
                    break
            if level < least:
                break
            self.index += 1
            left = self._operation(left, text, start, level)
        self._depth -= 1
        return left

    def _refuse_depth(self) -> NoReturn:
        message = f"the query nests more than {MOST_LEVELS} levels"
        hint = "split it into several queries or recording rules"
        raise refusals.NestingError(Fault(message, hint, self.tokens[self.index][2]))

    def _operation(self, left: Expr, operator: str, start: int, level: int) -> Expr:
        returns_bool, matching = False, None
        if operator in _RARE_OPERATORS:
            self.need(_RARE_OPERATORS[operator], f"`{operator}`", start)
        kind, text, _ = self.tokens[self.index]
        if kind == "name" and text.lower() in _MODIFIERS:
            returns_bool, matching = self.modifiers()
        right = self._expression(level if level == _POWER else level + 1)
        type_: ValueType = "vector"
        if matching is not None:
            types.check_matching(operator, left, right, matching)
        if returns_bool or left.type != "vector" or right.type != "vector":
            type_ = types.check_operands(operator, start, left, right, returns_bool=returns_bool)
        return BinaryExpr(left.start, right.end, operator, left, right, start, type_, returns_bool, matching)

    def _operand(self) -> Expr:
        kind, text, start = self.tokens[self.index]
        node: Expr
        if kind == "name":
            self.index += 1
            node = self._named(text, start)
        elif kind == "number":
            self.index += 1
            node = self.number(text, start)
        elif text == "(":
            node = self._parenthesis(start)
        elif kind == "braces":
            node = self._selector("", start)
        elif text in {"+", "-"}:
            return self._signed()
        elif kind == "string":
            self.index += 1
            node = StringLiteral(start, start + len(text), string_value(text, start))
        else:
            self.refuse_operand()
        kind, text, _ = self.tokens[self.index]
        if kind == "brackets" or text == "@" or (kind == "name" and text.lower() in POSTFIX_WORDS):
            return self.postfixed(node)
        return node

    def _named(self, text: str, start: int) -> Expr:
        """An operand that starts with a word, which has been taken."""
        after = self.tokens[self.index][1]
        if after == "(":
            function = SIGNATURES.get(text)
            return self._called(text, start) if function is None else self._call(text, start)
        word = text.lower()
        if word in _SPECIAL_WORDS:
            if word in AGGREGATIONS and after.lower() in GROUPING:
                return self._aggregation(word, start)
            if word in SPECIAL_NUMBERS:
                return NumberLiteral(start, start + len(text), SPECIAL_NUMBERS[word])
            if word in NO_METRICS:
                self.index -= 1
                self.refuse_operand()
        return self._selector(text, start)

    def _parenthesis(self, start: int) -> Expr:
        self.index += 1
        inner = self._expression(1)
        return ParenExpr(start, self._close(start), inner, inner.type)

    def _close(self, opening: int) -> int:
        """Take the closing parenthesis; returns the offset after it."""
        kind, text, start = self.tokens[self.index]
        if text != ")":
            if kind == "end":
                refuse_at(opening, "`(` is never closed", "add the missing `)`")
            self.refuse_after_operand()
        self.index += 1
        return start + 1

    def _signed(self) -> Expr:
        signs: list[Token] = []
        while self.tokens[self.index][1] in {"+", "-"}:
            signs.append(self.tokens[self.index])
            self.index += 1
        if len(signs) > MOST_LEVELS:
            refuse_at(signs[0][2], f"more than {MOST_LEVELS} signs are in a row", "remove them")
        # A sign binds as `*` does, so that only `^` comes before it.
        node = self._expression(_POWER)
        for _, sign, start in reversed(signs):
            if isinstance(node, NumberLiteral):
                value = -node.val if sign == "-" else node.val
                node = NumberLiteral(start, node.end, value, node.is_duration)
            else:
                types.check_sign(start, node)
                node = UnaryExpr(start, node.end, sign, node, node.type)
        return node

    def _selector(self, name: str, start: int) -> VectorSelector:
        """A selector, from behind its name on, or from the braces on if it has none."""
        kind, text, opening = self.tokens[self.index]
        if kind != "braces":
            return VectorSelector(start, start + len(name), name)
        self.index += 1
        matchers = matchers_of(self.text, text, opening)
        for matcher in matchers:
            if matcher.label_end - matcher.start != len(matcher.label):
                self.need(features.UTF8_NAMES, "a name in quotes", matcher.start)
        if name:
            self._check_one_name(name, matchers)
        elif not self._selects_info and all(matches_empty(matcher) for matcher in matchers):
            hint = "name a metric or match a label on something that is not empty"
            refuse_at(start, "the selector would match every series", hint)
        return VectorSelector(start, opening + len(text), name, matchers)

    def _check_one_name(self, name: str, matchers: tuple[SeriesMatcher, ...]) -> None:
        for matcher in matchers:
            if matcher.label == "__name__":
                message = f"a selector names two metrics: `{name}`, `{matcher.value}`"
                refuse_at(matcher.value_start, message, "keep one of them")

    def _called(self, name: str, start: int) -> Expr:
        """What is called though it is no function."""
        word = name.lower()
        if word in AGGREGATIONS:
            return self._aggregation(word, start)
        if word in SPECIAL_NUMBERS:
            return NumberLiteral(start, start + len(name), SPECIAL_NUMBERS[word])
        if word in FILLING:
            hint = f"write it between an operator and its right operand, as in `a + {word}(0) b`"
            refuse_at(start, f"`{name}` belongs to no operator", hint)
        if word in _CALL_WORDS:
            self.index -= 1
            self.refuse_operand()
        raise refusals.unknown_function(name, start)

    def _call(self, name: str, start: int) -> Call:
        arguments, end = self._arguments(name)
        function = SIGNATURES[name]
        # Most functions take one argument.
        if len(arguments) != 1 or function.least > 1 or function.arguments[:1] != (arguments[0].type,):
            kind, behind, _ = self.tokens[self.index]
            types.check_call(name, start, function, arguments, behind if kind == "brackets" else "")
        if feature := features.FUNCTION_FEATURES.get(name):
            self.need(feature, f"`{name}`", start)
        return Call(start, end, name, tuple(arguments), function.returns)

    def _arguments(self, name: str) -> tuple[list[Expr], int]:
        """The arguments of a call, from the opening parenthesis on, and the offset after the closing one."""
        opening = self.tokens[self.index][2]
        self.index += 1
        arguments: list[Expr] = []
        if self.tokens[self.index][1] == ")":
            return arguments, self._close(opening)
        while True:
            self._selects_info = name == "info" and len(arguments) == 1
            arguments.append(self._expression(1))
            if self.tokens[self.index][1] != ",":
                break
            self.index += 1
            if self.tokens[self.index][1] == ")":
                comma = self.tokens[self.index - 1][2]
                refuse_at(comma, "a comma follows the last argument", "remove it")
        self._selects_info = False
        return arguments, self._close(opening)

    def _aggregation(self, name: str, start: int) -> AggregateExpr:
        grouping = self.grouping()
        if self.tokens[self.index][1] != "(":
            clause = self.text[start : grouping.end] if grouping is not None else name
            hint = f"write `{clause} (metric)`"
            refuse_at(start, f"`{name}` has nothing to aggregate", hint)
        arguments, end = self._arguments(name)
        types.check_aggregation(name, start, arguments)
        if grouping is None and (grouping := self.grouping()) is not None:
            end = grouping.end
        if feature := features.FUNCTION_FEATURES.get(name):
            self.need(feature, f"`{name}`", start)
        parameter = arguments[0] if len(arguments) > 1 else None
        return AggregateExpr(start, end, name, arguments[-1], parameter, grouping)


_RARE_OPERATORS: Final = {
    "</": features.TRIMMING,
    ">/": features.TRIMMING,
    "atan2": features.FUNCTION_FEATURES["atan2"],
}

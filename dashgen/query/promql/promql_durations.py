"""Read the durations between brackets and behind `offset`, which may be calculated.

Source: `duration_expr` and `offset_duration_expr` in promql/parser/generated_parser.y of Prometheus 3.14.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple, NoReturn, TypeGuard

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Requirement, ServerFeature
from dashgen.query.promql import promql_features as features
from dashgen.query.promql.promql_nodes import (
    Duration,
    DurationExpr,
    NumberLiteral,
    ParenDuration,
)
from dashgen.query.promql.promql_refusals import DURATION_HINT, refuse_at, refuse_number
from dashgen.query.promql.promql_tokens import MOST_SECONDS, SPECIAL_NUMBERS, NumberValue, Token, number_value

_SIMPLE: Final = lazy_pattern(
    r"\[[ \t\r\n]*+([0-9][0-9a-z]*+)[ \t\r\n]*+(:?)[ \t\r\n]*+([0-9][0-9a-z]*+)?[ \t\r\n]*+\]"
)
_TOKEN: Final = lazy_pattern(
    r"[ \t\r\n]*+(?:(?P<skip>#[^\r\n]*+)|(?P<name>[A-Za-z_]++)"
    r"|(?P<number>\.?+[0-9](?:[eE][-+]|[A-Za-z0-9_.])*)"
    r"|(?P<sign>[-+*/%^(),:])|(?P<end>\])|(?P<wrong>.))",
    re.DOTALL,
)
_PRECEDENCES: Final = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}
_SIGN_LEVEL: Final = 2  # a sign binds as `*` does
_MOST_LEVELS: Final = 50
_CALLS: Final = frozenset({"step", "range", "min_of", "max_of"})
_RENAMED: Final = {"min": "min_of", "max": "max_of"}
_CALCULATED: Final = "a calculated duration"
_TOO_LONG: Final = "a duration is out of bounds"
_NOT_POSITIVE: Final = "a range has to be longer than 0"


class RangeDurations(NamedTuple):
    """What brackets hold.

    ``step`` is that of a subquery, if any, ``requirement`` that of a `DurationReader`, and ``bare_colon`` the
    offset of a colon with no number before it, or -1.
    """

    range: Duration
    is_subquery: bool
    step: Duration | None
    requirement: Requirement | None = None
    bare_colon: int = -1


class _SimpleRange(NamedTuple):
    """Durations without calculations, with their offsets in the brackets."""

    size: NumberValue
    span: tuple[int, int]
    is_subquery: bool
    step: NumberValue | None
    step_span: tuple[int, int]


def range_durations(brackets: str, start: int) -> RangeDurations:
    """The durations between a pair of brackets.

    Args:
        brackets: the pair with everything between.
        start: the offset of the opening bracket.

    Raises:
        RefusalError: there is anything other than durations, or one that is not longer than 0.
    """
    simple = _simple_range(brackets)
    if simple is None:
        return _calculated_range(brackets, start)
    size, (first, last), is_subquery, step, (step_first, step_last) = simple
    range_ = NumberLiteral(start + first, start + last, size.value, size.is_duration)
    if step is None:
        return RangeDurations(range_, is_subquery=is_subquery, step=None)
    step_ = NumberLiteral(start + step_first, start + step_last, step.value, step.is_duration)
    return RangeDurations(range_, is_subquery=True, step=step_)


@lru_cache(maxsize=1 << 9)
def _simple_range(brackets: str) -> _SimpleRange | None:
    match = _SIMPLE.fullmatch(brackets)
    if match is None:
        return None
    value = number_value(match[1])
    step = number_value(match[3]) if match[3] else None
    if not _is_plain(value) or (match[3] and not (match[2] and _is_plain(step))):
        return None
    return _SimpleRange(value, match.span(1), match[2] == ":", step, match.span(3))


def _is_plain(value: NumberValue | None) -> TypeGuard[NumberValue]:
    """Whether a duration is valid and within its limits."""
    return value is not None and 0 < value.value <= MOST_SECONDS


def _calculated_range(brackets: str, start: int) -> RangeDurations:
    tokens = _bracket_tokens(brackets, start)
    reader = DurationReader(tokens, 0)
    if reader.here[0] == "end":
        refuse_at(start, "brackets hold a duration and nothing else", DURATION_HINT)
    size, step, bare_colon = reader.range(), None, -1
    is_subquery = reader.here[1] == ":"
    if is_subquery:
        if not any(token[0] == "number" for token in tokens[: reader.index]):
            bare_colon = reader.here[2]
        reader.index += 1
        if reader.here[0] != "end":
            step = reader.range()
    if reader.here[1] == ":":
        refuse_at(reader.here[2], "a subquery has two colons", "write it as `[1h:5m]`")
    if reader.here[0] != "end":
        reader.refuse_unexpected()
    return RangeDurations(size, is_subquery, step, reader.requirement, bare_colon)


def _bracket_tokens(brackets: str, start: int) -> list[Token]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(brackets, 1):
        kind = match.lastgroup or ""
        index = match.lastindex or 0
        # The lexer of Prometheus reads comments only behind a number.
        if kind != "skip" or not any(token[0] == "number" for token in tokens):
            tokens.append((kind, match[index], start + match.start(index)))
    return tokens


class DurationReader:
    """Reads durations from tokens, the last of which is of the kind ``end``.

    Args:
        tokens: those between brackets, or of the whole expression.
        index: that of the first one to read.
        offset: the word `offset` when it is before the duration, None between brackets.

    Attributes:
        index: that of the next token.
        requirement: the newest feature of the server that is needed, None without one.
    """

    def __init__(self, tokens: list[Token], index: int, offset: Token | None = None) -> None:
        self._tokens = tokens
        self._offset = offset
        self._levels = 0
        self._first = index
        self.index = index
        self.requirement: Requirement | None = None

    @property
    def here(self) -> Token:
        """The next token."""
        return self._tokens[self.index]

    def range(self) -> Duration:
        """The length of a range, which has to be positive as far as it is written.

        Raises:
            RefusalError: there is no duration.
        """
        duration = self.calculation(0)
        written = _without_parentheses(duration)
        number = _constant(written)
        if number is not None and not number > 0:
            refuse_at(written.start, _NOT_POSITIVE, DURATION_HINT)
        return duration

    def offset(self) -> Duration:
        """The duration behind `offset`.

        An operator behind a number or call does not belong to it: `x offset 5m * 2` doubles the values.

        Raises:
            RefusalError: there is no duration.
        """
        sign = self.here if self.here[1] in {"+", "-"} else None
        if sign is not None:
            self.index += 1
        kind, text, _ = self.here
        if sign is not None:
            self._note_sign(sign)
        if kind == "number" or (kind == "name" and text.lower() in _CALLS):
            return self._signed(sign, self._operand())
        if text == "(" and sign is not None:
            return self._signed(sign, self._operand())
        self.index -= sign is not None
        return self.calculation(0)

    def calculation(self, least: int) -> Duration:
        """A duration with the operators behind it that bind at least so tightly.

        Raises:
            RefusalError: there is no duration, or it is divided by zero.
        """
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            refuse_at(self.here[2], f"a duration nests more than {_MOST_LEVELS} levels", "write its result")
        if self.here[1] in {"+", "-"}:
            sign = self.here
            self.index += 1
            self._note_sign(sign)
            left = self._signed(sign, self.calculation(_SIGN_LEVEL + 1))
        else:
            left = self._operand()
        while (level := _PRECEDENCES.get(self.here[1], -1)) >= max(least, 1):
            _, operator, start = self.here
            self.index += 1
            right = self.calculation(level if operator == "^" else level + 1)
            if operator in "/%" and isinstance(right, NumberLiteral) and right.val == 0:
                refuse_at(start, "a duration is divided by zero", "write another divisor")
            self._note(features.CALCULATED_DURATIONS, _CALCULATED, left.start)
            left = DurationExpr(left.start, right.end, operator, left, right)
        self._levels -= 1
        return left

    def _note_sign(self, sign: Token) -> None:
        if sign[1] == "+" or self.here[1] in {"+", "-"}:
            self._note(features.SIGNED_DURATIONS, "a sign like this before a duration", sign[2])

    def _note(self, feature: ServerFeature, subject: str, start: int) -> None:
        """Note a feature; of several the newest counts, of equally new ones the first."""
        last = self.requirement
        if last is None or _newness(feature) > _newness(last.feature):
            self.requirement = Requirement(feature, subject, start)
        elif feature == last.feature and start < last.offset:
            self.requirement = last._replace(offset=start)

    def _operand(self) -> Duration:
        kind, text, start = self.here
        if kind == "number":
            self.index += 1
            return _literal(text, start)
        word = text.lower()
        if kind == "name" and word in SPECIAL_NUMBERS:
            refuse_at(start, _TOO_LONG, DURATION_HINT)
        if kind == "name" and word in _CALLS:
            return self._call(word)
        if text == "(":
            self.index += 1
            self._note(features.CALCULATED_DURATIONS, _CALCULATED, start)
            inner = self.calculation(0)
            return ParenDuration(start, self._take(")") + 1, inner)
        return self.refuse_unexpected()

    def _call(self, name: str) -> DurationExpr:
        start = self.here[2]
        self.index += 1
        subject = f"`{name}()` in a duration" if name in {"step", "range"} else f"`{name}` in a duration"
        self._note(features.DURATION_CALLS[name], subject, start)
        if self.here[1] != "(":
            shown = f"{name}()" if name in {"step", "range"} else f"{name}(5m, step())"
            refuse_at(start, f"`{name}` needs parentheses", f"write `{shown}`")
        self.index += 1
        if name in {"step", "range"}:
            return DurationExpr(start, self._take(")") + 1, name)
        left = self.calculation(0)
        self._take(",")
        right = self.calculation(0)
        return DurationExpr(start, self._take(")") + 1, name, left, right)

    def _signed(self, sign: Token | None, duration: Duration) -> Duration:
        if sign is None:
            return duration
        _, text, start = sign
        if isinstance(duration, NumberLiteral):
            value = -duration.val if text == "-" else duration.val
            return _bounded(NumberLiteral(start, duration.end, value, duration.is_duration))
        if isinstance(duration, ParenDuration) and isinstance(duration.expr, NumberLiteral):
            self._note(features.SIGNED_PARENTHESES, "a sign before parentheses in a duration", start)
        return DurationExpr(start, duration.end, text, None, duration)

    def _take(self, text: str) -> int:
        """The offset of the next token, which has to be this one."""
        if self.here[1] != text:
            self.refuse_unexpected()
        self.index += 1
        return self._tokens[self.index - 1][2]

    def refuse_unexpected(self) -> NoReturn:
        """Refuse the next token.

        Raises:
            RefusalError: always.
        """
        _, text, start = self.here
        hint = DURATION_HINT
        if self._offset is not None and self.index <= self._first + 1:
            refuse_at(self._offset[2], "`offset` needs a duration after it", "write one, such as `1h`")
        if text.lower() in _RENAMED:
            hint = (
                f"write `{_RENAMED[text.lower()]}`, as `{text}` is called in durations since Prometheus 3.13"
            )
        if self._offset is not None:
            refuse_at(start, f"`{text or ')'}` is not a part of a duration", hint)
        refuse_at(start, "brackets hold a duration and nothing else", hint)


def _newness(feature: ServerFeature) -> tuple[tuple[int, int], bool]:
    """How much of a server a feature needs: a version, and beside it a flag."""
    return feature.since, feature.flag != ""


def _literal(text: str, start: int) -> NumberLiteral:
    value = number_value(text)
    if value is None:
        refuse_number(text, start)
    return _bounded(NumberLiteral(start, start + len(text), *value))


def _bounded(literal: NumberLiteral) -> NumberLiteral:
    # NaN is within no bounds either.
    if not -MOST_SECONDS <= literal.val <= MOST_SECONDS:
        refuse_at(literal.start, _TOO_LONG, DURATION_HINT)
    return literal


def _without_parentheses(duration: Duration) -> Duration:
    while isinstance(duration, ParenDuration):
        duration = duration.expr
    return duration


def _constant(duration: Duration) -> float | None:
    """The value of a number with signs and parentheses around it, which Prometheus computes in parsing."""
    sign = 1
    while not isinstance(duration, NumberLiteral):
        if isinstance(duration, DurationExpr):
            if duration.lhs is not None or duration.rhs is None or duration.op not in {"+", "-"}:
                return None
            sign = -sign if duration.op == "-" else sign
            duration = duration.rhs
        else:
            duration = duration.expr
    return sign * duration.val

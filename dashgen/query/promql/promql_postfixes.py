"""Read what follows an operand of PromQL: ranges, `offset`, `@`, `anchored` and `smoothed`."""

from typing import Final, Literal

from msgspec.structs import replace

from dashgen.query.promql import promql_features as features
from dashgen.query.promql.promql_clauses import ClauseReader
from dashgen.query.promql.promql_durations import DurationReader, RangeDurations, range_durations
from dashgen.query.promql.promql_names import EXTENSIONS
from dashgen.query.promql.promql_nodes import (
    AtModifier,
    Duration,
    Expr,
    MatrixSelector,
    NumberLiteral,
    OffsetModifier,
    SubqueryExpr,
    VectorSelector,
    seconds_of,
)
from dashgen.query.promql.promql_refusals import refuse_at

POSTFIX_WORDS: Final = EXTENSIONS | {"offset"}
_LONGEST_TIME: Final = float(1 << 63)
_TIMES: Final[dict[str, Literal["start", "end"]]] = {"start": "start", "end": "end"}


class PostfixReader(ClauseReader):
    """Reads the ranges and modifiers behind an operand."""

    __slots__ = ("saw_number",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.saw_number = False

    def postfixed(self, node: Expr) -> Expr:
        """An operand with the ranges and modifiers behind it."""
        while True:
            kind, text, start = self.tokens[self.index]
            if kind == "brackets":
                self.index += 1
                node = self._ranged(node, text, start)
                continue
            word = text.lower() if kind == "name" else text
            if word == "offset":
                node = self._with_offset(node, start)
            elif word == "@":
                node = self._at(node, start)
            elif word in EXTENSIONS:
                self.index += 1
                node = self._extended(node, word, start)
            else:
                return node

    def _ranged(self, node: Expr, brackets: str, start: int) -> Expr:
        durations = range_durations(brackets, start)
        end = start + len(brackets)
        is_number = _is_number(durations.range) or _is_number(durations.step)
        self._need_durations(durations, start if is_number else -1)
        if durations.bare_colon >= 0 and not self.saw_number:
            hint = "write the number first, as in `[1 * step():]`"
            refuse_at(durations.bare_colon, "Prometheus reads no colon before a number in brackets", hint)
        # The lexer of Prometheus does not forget a number in earlier brackets.
        self.saw_number |= durations.requirement is None or any(map(str.isdigit, brackets))
        if durations.is_subquery:
            if node.type != "vector":
                hint = "write it after an expression that yields series"
                refuse_at(start, "a subquery has to follow series", hint)
            return SubqueryExpr(node.start, end, node, durations.range, durations.step)
        if not isinstance(node, VectorSelector):
            hint = "write a subquery with a colon, such as `[5m:]`, after an expression"
            refuse_at(start, "a range has to follow a metric", hint)
        if _shifts(node.offset):
            refuse_at(start, "`offset` is before the range", "write the range first")
        if node.at is not None:
            refuse_at(start, "`@` is before the range", "write the range first")
        return MatrixSelector(node.start, end, node, durations.range)

    def _need_durations(self, read: RangeDurations | DurationReader, number: int) -> None:
        """Note what durations need; ``number`` is the offset of one without a unit, -1 without such a one."""
        if read.requirement is not None:
            self.requirements.append(read.requirement)
        elif number >= 0:
            self.need(features.NUMBERS_AS_DURATIONS, "a number as a duration", number)

    def _with_offset(self, node: Expr, start: int) -> Expr:
        reader = DurationReader(self.tokens, self.index + 1, self.tokens[self.index])
        duration = reader.offset()
        self.index = reader.index
        seconds = seconds_of(duration)
        self._need_durations(reader, duration.start if _is_number(duration) else -1)
        if seconds is not None and seconds < 0:
            self.need(features.NEGATIVE_OFFSET, "a negative `offset`", start)
        elif seconds == 0:
            self.need(features.ZERO_DURATIONS, "an `offset` of 0", start)
        if not isinstance(node, VectorSelector | MatrixSelector | SubqueryExpr):
            refuse_at(start, "`offset` has to follow a metric or its range", "move it inside the parentheses")
        selector = node.vector_selector if isinstance(node, MatrixSelector) else node
        if _shifts(selector.offset):
            refuse_at(start, "a selector has two offsets", "keep one of them")
        offset = OffsetModifier(start, duration.end, duration)
        if isinstance(node, MatrixSelector):
            return replace(node, end=offset.end, vector_selector=replace(selector, offset=offset))
        return replace(node, end=offset.end, offset=offset)

    def _at(self, node: Expr, start: int) -> Expr:
        self.need(features.AT, "`@`", start)
        self.index += 1
        at = self._time(start)
        if not isinstance(node, VectorSelector | MatrixSelector | SubqueryExpr):
            refuse_at(start, "`@` has to follow a metric or its range", "move it inside the parentheses")
        selector = node.vector_selector if isinstance(node, MatrixSelector) else node
        if selector.at is not None:
            refuse_at(start, "a selector has two `@` times", "keep one of them")
        if isinstance(node, MatrixSelector):
            return replace(node, end=at.end, vector_selector=replace(selector, at=at))
        return replace(node, end=at.end, at=at)

    def _time(self, start: int) -> AtModifier:
        """The time behind `@`."""
        hint = "write a Unix time, `start()` or `end()`"
        word = self.word()
        if word in _TIMES:
            if [token[1] for token in self.tokens[self.index + 1 : self.index + 3]] != ["(", ")"]:
                refuse_at(self.tokens[self.index][2], f"`{word}` needs parentheses", f"write `@ {word}()`")
            self.index += 3
            return AtModifier(start, self.tokens[self.index - 1][2] + 1, None, _TIMES[word])
        first = self.tokens[self.index]
        value = self.plain_number()
        if value is None:
            shown = f"`@ {first[1]}` is not a time" if first[0] != "end" else "`@` has no time"
            refuse_at(start, shown, hint)
        if not -_LONGEST_TIME < value < _LONGEST_TIME:
            refuse_at(start, f"`@ {self.text[first[2] : self._last_end()]}` is not a time", hint)
        return AtModifier(start, self._last_end(), value)

    def _last_end(self) -> int:
        """The offset after the token that was taken last."""
        _, text, start = self.tokens[self.index - 1]
        return start + len(text)

    def _extended(self, node: Expr, word: str, start: int) -> Expr:
        self.need(features.EXTENDED_RANGES, f"`{word}`", start)
        if not isinstance(node, VectorSelector | MatrixSelector):
            what = "a subquery" if isinstance(node, SubqueryExpr) else "an expression"
            refuse_at(start, f"`{word}` cannot follow {what}", "write it after a metric or its range")
        selector = node.vector_selector if isinstance(node, MatrixSelector) else node
        if selector.extension not in {"", word}:
            refuse_at(start, "`anchored` and `smoothed` exclude each other", "keep one of them")
        end = start + len(word)
        if isinstance(node, MatrixSelector):
            return replace(node, end=end, vector_selector=replace(selector, extension=word))
        return replace(node, end=end, extension=word)


def _is_number(duration: Duration | None) -> bool:
    return isinstance(duration, NumberLiteral) and not duration.is_duration


def _shifts(offset: OffsetModifier | None) -> bool:
    """Whether an offset counts: Prometheus takes one of zero for none."""
    return offset is not None and seconds_of(offset.duration) != 0

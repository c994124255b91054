"""Match a regular expression of RE2 in linear time, as RE2 does, by following all of its paths at once.

Python's own engine tries one path after the other, which takes exponential time for some expressions.
Source of the method: https://swtch.com/~rsc/regexp/regexp2.html (Pike's machine, without captures).
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from dashgen.query.re2_tokens import RE2_TOKEN, UntranslatableError, one_character, repetitions

_MOST_STEPS: Final = 20_000
_DEEPEST: Final = 100
_WORD: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
Holds = Callable[[str, int], bool]
"""Whether a condition holds between two characters of a text."""


class _AutomatonStep(NamedTuple):
    """A step: one character, a condition, or ways to go on; the numbers of the steps that follow."""

    next: tuple[int, ...] = ()
    character: re.Pattern[str] | None = None
    condition: Holds | None = None


class Automaton:
    """A regular expression as steps; the last one is the end."""

    def __init__(self, steps: list[_AutomatonStep]) -> None:
        self._steps = steps

    def matches(self, value: str) -> bool:
        """Whether it matches the whole of a text."""
        current = self._reachable([0], value, 0)
        for position, character in enumerate(value, 1):
            following = [
                step.next[0]
                for step in (self._steps[number] for number in current)
                if step.character is not None and step.character.match(character)
            ]
            current = self._reachable(following, value, position)
        return len(self._steps) - 1 in current

    def _reachable(self, numbers: list[int], value: str, position: int) -> set[int]:
        """The steps at which a character is needed, or the end, from some steps on."""
        seen: set[int] = set()
        waiting = numbers
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            step = self._steps[number]
            if step.character is None and (step.condition is None or step.condition(value, position)):
                waiting += step.next
        return seen


class _ExpressionPart(NamedTuple):
    """A part of an expression: the kind, what it is made of, and how often it is repeated."""

    kind: str
    parts: "tuple[_ExpressionPart, ...]" = ()
    character: re.Pattern[str] | None = None
    condition: Holds | None = None
    least: int = 1
    most: int | None = 1


def automaton(pattern: str) -> Automaton:
    """The steps of a valid expression.

    Raises:
        UntranslatableError: it is too large, or has what Python has no equivalent for.
    """
    writer = _StepWriter()
    writer.write(_AutomatonReader(pattern).whole())
    return Automaton([*writer.steps, _AutomatonStep()])


class _AutomatonReader:
    """Reads an expression; an open group has its alternatives and the flags that were set before it."""

    def __init__(self, pattern: str) -> None:
        self._tokens = RE2_TOKEN.finditer(pattern)
        self._flags = ""
        self._open: list[tuple[list[list[_ExpressionPart]], str]] = [([[]], "")]
        self._is_repeated = False

    def whole(self) -> _ExpressionPart:
        for token in self._tokens:
            kind = token.lastgroup or ""
            if kind == "repeat" or (kind == "other" and token[0] in "*+?"):
                self._repeat(token[0])
            else:
                self._is_repeated = False
                self._token("flags" if kind == "flags_end" else kind, token)
        return _alternatives(self._open[0][0])

    def _token(self, kind: str, token: re.Match[str]) -> None:
        parts = self._open[-1][0][-1]
        if character := one_character(kind, token):
            parts.append(_ExpressionPart("character", character=self._compiled(character)))
        elif kind == "literal":
            parts += [
                _ExpressionPart("character", character=self._compiled(re.escape(one)))
                for one in token["literal"]
            ]
        elif kind == "flags":
            self._set_flags(token["flags"], is_group=token["flags_end"] == ":")
        elif kind == "name" or token[0] == "(":
            self._begin()
        elif token[0] == ")":
            self._end()
        elif token[0] == "|":
            self._open[-1][0].append([])
        else:
            parts.append(_ExpressionPart("condition", condition=self._condition(token[0])))

    def _begin(self) -> None:
        if len(self._open) > _DEEPEST:
            raise UntranslatableError
        self._open.append(([[]], self._flags))

    def _end(self) -> None:
        alternatives, self._flags = self._open.pop()
        self._open[-1][0][-1].append(_alternatives(alternatives))

    def _set_flags(self, text: str, *, is_group: bool) -> None:
        if is_group:
            self._begin()
        switched_on, _, switched_off = text.partition("-")
        flags = {*self._flags, *switched_on} - {*switched_off, "U"}
        self._flags = "".join(sorted(flags))

    def _compiled(self, character: str) -> re.Pattern[str]:
        flags = self._flags.replace("m", "")
        try:
            return re.compile(f"(?{flags}:{character})\\Z" if flags else f"{character}\\Z")
        except re.error:
            raise UntranslatableError from None

    def _condition(self, text: str) -> Holds:
        is_multiline = "m" in self._flags
        if text in ("^", "\\A"):
            return _at_line_start if is_multiline and text == "^" else _at_start
        if text in ("$", "\\z"):
            return _at_line_end if is_multiline and text == "$" else _at_end
        return _at_word_end if text == "\\b" else _inside_word

    def _repeat(self, text: str) -> None:
        parts = self._open[-1][0][-1]
        if self._is_repeated:
            # `a*?` is a repetition that takes as little as it can, and matches the same whole texts.
            return
        bounds: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        least, most = bounds[text] if text in bounds else repetitions(text)
        parts.append(_ExpressionPart("repetition", (parts.pop(),), least=least, most=most))
        self._is_repeated = True


def _alternatives(alternatives: list[list[_ExpressionPart]]) -> _ExpressionPart:
    return _ExpressionPart(
        "alternatives", tuple(_ExpressionPart("sequence", tuple(parts)) for parts in alternatives)
    )


class _StepWriter:
    """Writes parts as steps, each of which goes on to the next."""

    def __init__(self) -> None:
        self.steps: list[_AutomatonStep] = []

    def write(self, part: _ExpressionPart) -> None:
        if len(self.steps) > _MOST_STEPS:
            raise UntranslatableError
        if part.kind == "character":
            self.steps.append(_AutomatonStep((len(self.steps) + 1,), character=part.character))
        elif part.kind == "condition":
            self.steps.append(_AutomatonStep((len(self.steps) + 1,), condition=part.condition))
        elif part.kind == "sequence":
            for one in part.parts:
                self.write(one)
        elif part.kind == "alternatives":
            self._alternatives(part.parts)
        else:
            self._repetition(part)

    def _alternatives(self, parts: tuple[_ExpressionPart, ...]) -> None:
        ends = []
        for number, part in enumerate(parts):
            split = len(self.steps)
            self.steps.append(_AutomatonStep())
            self.write(part)
            ends.append(len(self.steps))
            self.steps.append(_AutomatonStep())
            is_last = number == len(parts) - 1
            self.steps[split] = _AutomatonStep((split + 1,) if is_last else (split + 1, len(self.steps)))
        for end in ends:
            self.steps[end] = _AutomatonStep((len(self.steps),))

    def _repetition(self, part: _ExpressionPart) -> None:
        (repeated,) = part.parts
        for _ in range(part.least):
            self.write(repeated)
        if part.most is None:
            split = len(self.steps)
            self.steps.append(_AutomatonStep())
            self.write(repeated)
            self.steps.append(_AutomatonStep((split,)))
            self.steps[split] = _AutomatonStep((split + 1, len(self.steps)))
            return
        splits = []
        for _ in range(part.most - part.least):
            splits.append(len(self.steps))
            self.steps.append(_AutomatonStep())
            self.write(repeated)
        for split in splits:
            self.steps[split] = _AutomatonStep((split + 1, len(self.steps)))


def _at_start(_value: str, position: int) -> bool:
    return position == 0


def _at_end(value: str, position: int) -> bool:
    return position == len(value)


def _at_line_start(value: str, position: int) -> bool:
    return position == 0 or value[position - 1] == "\n"


def _at_line_end(value: str, position: int) -> bool:
    return position == len(value) or value[position] == "\n"


def _at_word_end(value: str, position: int) -> bool:
    before = position > 0 and value[position - 1] in _WORD
    after = position < len(value) and value[position] in _WORD
    return before != after


def _inside_word(value: str, position: int) -> bool:
    return not _at_word_end(value, position)

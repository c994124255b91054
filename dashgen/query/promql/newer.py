"""Replace syntax of newer Prometheus servers, which the parser lacks, by older syntax of the same length.

Sources: prometheus/CHANGELOG.md up to 3.14, docs/feature_flags.md and promql/parser/generated_parser.y there.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Remark
from dashgen.query.shared_tokens import TextToken, matching_close, tokenize

_RULE: Final = "query/newer-syntax"
_HINT: Final = "check that the Prometheus that reads it is new enough"
_MAYBE: Final = lazy_pattern(
    r"anchored|smoothed|</|>/|\[[^\]\n]*[-+*/%^(][^\]\n]*\]|offset\s*[-+]?\s*[(a-z]", re.IGNORECASE
)
_MODIFIERS: Final = frozenset({"anchored", "smoothed"})
_TRIMMING: Final = frozenset({"</", ">/"})
_FUNCTIONS: Final = frozenset({"step", "range", "min_of", "max_of", "min", "max"})
_RENAMED: Final = {"min": "min_of", "max": "max_of"}
_CALCULATING: Final = frozenset("+-*/%^")


class _Replacement(NamedTuple):
    """A part of an expression to replace: its start and end, the new text, and a remark about it."""

    start: int
    end: int
    text: str
    message: str
    hint: str = _HINT


def is_newer(text: str) -> bool:
    """Whether an expression may have syntax of a newer server."""
    return _MAYBE.search(text) is not None


def older_form(text: str) -> tuple[str, tuple[Remark, ...]]:
    """Replace syntax of newer servers in an expression, and keep its length, so that offsets stay valid.

    Args:
        text: an expression, with stand-ins for variables.

    Returns:
        The expression, and remarks about the versions that it needs.
    """
    parts = list(_parts(tokenize(text))) if is_newer(text) else []
    # From the end, so that the offsets of the others stay valid.
    for part in reversed(parts):
        text = text[: part.start] + part.text.ljust(part.end - part.start) + text[part.end :]
    return text, tuple(Remark(_RULE, part.message, part.hint, part.start) for part in parts)


def _parts(tokens: Sequence[TextToken]) -> Iterator[_Replacement]:
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if before is None:
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        word = token.text.lower()
        if word in _MODIFIERS and (before.text in {"]", "}", ")"} or before.kind in {"name", "number"}):
            message = f"`{word}` needs Prometheus 3.7 and its flag `promql-extended-range-selectors`"
            yield _Replacement(token.start, token.end, "", message)
        # The tokens are cut for PromQL without these operators, so each of them is two tokens.
        elif after and token.text + after.text in _TRIMMING and token.end == after.start:
            message = f"`{token.text}/` trims histograms since Prometheus 3.11"
            yield _Replacement(token.start, after.end, token.text, message)
        elif token.text == "[":
            yield from _range(tokens[index : matching_close(tokens, index) + 1])
        elif word == "offset" and after:
            yield from _offset(tokens[index + 1 :])


def _range(tokens: Sequence[TextToken]) -> Iterator[_Replacement]:
    """The calculated durations between brackets."""
    inside = tokens[1:-1]
    if not inside or tokens[-1].text != "]":
        return
    colon = next((index for index, token in enumerate(inside) if token.text == ":"), len(inside))
    for part in (inside[:colon], inside[colon + 1 :]):
        if len(part) > 1 and _Calculation(part).is_whole():
            yield _calculated(part)


def _offset(tokens: Sequence[TextToken]) -> Iterator[_Replacement]:
    """The calculated duration after `offset`, which is in parentheses or a call."""
    start = 1 if tokens[0].text in {"-", "+"} else 0
    if len(tokens) <= start:
        return
    opening = start if tokens[start].text == "(" else start + 1
    if tokens[start].text != "(" and tokens[start].text not in _FUNCTIONS:
        return
    if opening < len(tokens) and tokens[opening].text == "(":
        part = tokens[start : matching_close(tokens, opening) + 1]
        if _Calculation(part).is_whole():
            yield _calculated(part)


def _calculated(part: Sequence[TextToken]) -> _Replacement:
    hint = _HINT
    for token in part:
        if token.text in _RENAMED:
            hint = f"write `{_RENAMED[token.text]}`, as `{token.text}` is called in durations since Prometheus 3.13"
    message = "a calculated duration needs Prometheus 3.14, or 3.4 with the flag `promql-duration-expr`"
    return _Replacement(part[0].start, part[-1].end, "1m", message, hint)


class _Calculation:
    """Recognises a calculated duration: numbers, durations and calls, joined by operators."""

    def __init__(self, tokens: Sequence[TextToken]) -> None:
        self._tokens = tokens
        self._index = 0

    def is_whole(self) -> bool:
        """Whether all tokens together are a calculated duration."""
        return len(self._tokens) <= 100 and self._sum() and self._index == len(self._tokens)

    def _sum(self) -> bool:
        if not self._operand():
            return False
        while self._here() in _CALCULATING:
            self._index += 1
            if not self._operand():
                return False
        return True

    def _operand(self) -> bool:
        while self._here() in {"-", "+"}:
            self._index += 1
        if self._index >= len(self._tokens):
            return False
        token = self._tokens[self._index]
        self._index += 1
        if token.kind == "number":
            return True
        if token.text in _FUNCTIONS and self._here() == "(":
            self._index += 1
            return self._arguments(0 if token.text in {"step", "range"} else 2)
        return token.text == "(" and self._sum() and self._closed()

    def _arguments(self, count: int) -> bool:
        for number in range(count):
            if number and self._here() != ",":
                return False
            self._index += number > 0
            if not self._sum():
                return False
        return self._closed()

    def _closed(self) -> bool:
        self._index += 1
        return self._tokens[self._index - 1].text == ")" if self._index <= len(self._tokens) else False

    def _here(self) -> str:
        return self._tokens[self._index].text if self._index < len(self._tokens) else ""

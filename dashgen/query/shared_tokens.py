"""The tokens of a query with their offsets, for error messages.

PromQL, LogQL and TraceQL have nearly the same tokens, so one scanner is enough; only their quotes differ.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault


class TextToken(NamedTuple):
    """One token: its kind (string, open, name, number, bracket, operator or other), text and offset."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


# Possessive quantifiers (`++`, `*+`): no text takes more than linear time. `open` is a quote without its end.
_WORDS: Final = r"""
  (?P<skip>\s++|\#[^\n]*+)
| (?P<name>(?:[A-Za-z_]|:(?=[A-Za-z_:]))[\w:]*+)
| (?P<number>0[xX]\w++|(?:\d[\d_]*+\.?|\.(?=\d))\d*+(?:[eE][-+]?\d++)?\w*+)
| (?P<bracket>[()\[\]{}])
| (?P<operator>=~|!~|\|=|\|~|&&|\|\||==|!=|>=|<=|[-+*/%^<>=,@!|:.;&~])
| (?P<string>STRINGS)
| (?P<open>[QUOTES].*+)
| (?P<other>.)
"""
_SINGLE: Final = r"'(?:[^'\\]|\\.)*'"
_COMMON: Final = r'"(?:[^"\\]|\\.)*"|`[^`]*+`'


def _scanner(strings: str, quotes: str) -> re.Pattern[str]:
    pattern = _WORDS.replace("STRINGS", strings).replace("QUOTES", quotes)
    return lazy_pattern(pattern, re.VERBOSE | re.DOTALL | re.ASCII)


PROMQL_WORDS: Final = _scanner(f"{_COMMON}|{_SINGLE}", "\"'`")
LOGQL_WORDS: Final = _scanner(_COMMON, '"`')

DEEPEST: Final = 200
"""What takes an expression apart recurses; a thread with half a megabyte of stack has room for this much."""

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_OPENING: Final = {")": "(", "]": "[", "}": "{"}
_JOINING: Final = frozenset(
    ["+", "-", "*", "/", "%", "^", "==", "!=", "<=", "<", ">=", ">", "and", "or", "unless", "atan2"]
)


def tokenize(text: str, pattern: re.Pattern[str] = PROMQL_WORDS) -> list[TextToken]:
    """The tokens of a query, without spaces and comments.

    Args:
        text: the query.
        pattern: the tokens of its language.
    """
    matches = pattern.finditer(text)
    return [TextToken(m.lastgroup or "", m.group(), m.start()) for m in matches if m.lastgroup != "skip"]


def unbalanced(tokens: Sequence[TextToken]) -> Fault | None:
    """The first bracket or quote without its counterpart, if any."""
    unclosed: list[TextToken] = []
    for token in tokens:
        if token.kind == "open":
            return Fault(
                f"the text that starts with {token.text[0]} has no end", "close the quotes", token.start
            )
        if token.kind != "bracket":
            continue
        if token.text in _CLOSING:
            unclosed.append(token)
        elif not unclosed:
            return Fault(
                f"`{token.text}` closes nothing",
                f"remove it or add the missing `{_OPENING[token.text]}`",
                token.start,
            )
        elif _CLOSING[unclosed[-1].text] != token.text:
            return _crossed(unclosed[-1], token)
        else:
            unclosed.pop()
    if not unclosed:
        return None
    last = unclosed[-1]
    return Fault(f"`{last.text}` is never closed", f"add the missing `{_CLOSING[last.text]}`", last.start)


def _crossed(opened: TextToken, closed: TextToken) -> Fault:
    closing_bracket = _CLOSING[opened.text]
    return Fault(
        f"`{closed.text}` is where `{opened.text}` has to be closed",
        f"write `{closing_bracket}` before it",
        closed.start,
    )


def too_deep(tokens: Sequence[TextToken]) -> Fault | None:
    """The first point at which a query nests too deeply to be parsed, if any.

    The depth of a pair of parentheses is that of the deepest pair within it, plus one for itself and for
    every operator and range in it: a parser recurses for each of them.
    """
    levels, in_braces = [_Level()], False
    for token in tokens:
        level = levels[-1]
        if in_braces or token.text == "{":  # the operators of matchers nest nothing
            in_braces = token.text != "}"
        elif token.text == "(":
            levels.append(_Level())
        elif token.text == ")" and len(levels) > 1:
            levels.pop()
            levels[-1].deepest = max(levels[-1].deepest, level.joins + level.deepest + 1)
        elif token.text == "[" or token.text.lower() in _JOINING:
            level.joins += 1
        if len(levels) + levels[-1].joins + levels[-1].deepest > DEEPEST:
            message = f"the query nests or chains more than {DEEPEST} operations"
            return Fault(message, "split it into several queries or recording rules", token.start)
    return None


class _Level(Struct):
    """One pair of parentheses: its number of operators and ranges, and the depth of the pairs within it."""

    joins: int = 0
    deepest: int = 0


def matching_close(tokens: Sequence[TextToken], opening: int) -> int:
    """The index of the bracket that closes the one at an index, or the number of tokens."""
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].kind == "bracket":
            depth += 1 if tokens[index].text in _CLOSING else -1
            if depth == 0:
                return index
    return len(tokens)

"""The tokens of Go templates. Source: ``lexInsideAction`` of Go's text/template/parse/lex.go (1.24)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern

_TOKEN = lazy_pattern(
    r"""
    (?P<space>[ \t\r\n]+(?!-\}\}))
  | (?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<number>[-+]?(?:
        0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*[pP][-+]?[0-9]+ | 0[xXbBoO][0-9a-fA-F_]*
      | (?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?
    )i?)
  | (?P<field>\.[^\W\d]\w*)
  | (?P<variable>\$\w*)
  | (?P<word>[^\W\d]\w*)
  | (?P<declare>:=)
  | (?P<sign>[.|(),=])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = lazy_pattern(r"\{\{(?:-[ \t\r\n])?/\*")
_COMMENT_END = lazy_pattern(r"\*/(?:[ \t\r\n]-)?\}\}")
_OPEN = lazy_pattern(r"\{\{(?:-(?=[ \t\r\n]))?")
_CLOSE = lazy_pattern(r"(?:[ \t\r\n]-)?\}\}")
_AFTER_NAME = frozenset(" \t\r\n.,|:)(}")


class TemplateToken(NamedTuple):
    """A token of an action: its kind, its text, its offset, and whether a space is before it."""

    kind: str
    text: str
    start: int
    spaced: bool

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


class Action(NamedTuple):
    """An action, ``{{ … }}``: its tokens, and its start and end with the braces."""

    tokens: list[TemplateToken]
    start: int
    end: int


class TokenError(ValueError):
    """An action that cannot be split into tokens; ``offset`` is where that fails."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def actions(text: str) -> Iterator[Action]:
    """The actions of a template, without comments.

    Raises:
        TokenError: an action has a character that no token starts with, or is not closed.
    """
    position = 0
    while (opening := _OPEN.search(text, position)) is not None:
        comment = _COMMENT.match(text, opening.start())
        if comment:
            end = _COMMENT_END.match(text, text.find("*/", comment.end()))
            if end is None:
                raise TokenError("a comment is not closed by `*/}}`", opening.start())
            position = end.end()
            continue
        tokens, position = _action(text, opening)
        yield Action(tokens, opening.start(), position)


def _action(text: str, opening: re.Match[str]) -> tuple[list[TemplateToken], int]:
    tokens: list[TemplateToken] = []
    position, spaced = opening.end(), False
    while True:
        closing = _CLOSE.match(text, position)
        if closing:
            return tokens, closing.end()
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _no_token(text, position, opening.start())
        position = match.end()
        if match.lastgroup == "space":
            spaced = True
            continue
        following = text[position : position + 1]
        # Go requires a terminator after a name (`atTerminator` in lex.go): `{{ a"b" }}` is an error.
        if match.lastgroup in ("field", "variable", "word") and following and following not in _AFTER_NAME:
            raise TokenError(f"`{following}` cannot follow `{match[0]}`", position)
        tokens.append(TemplateToken(match.lastgroup, match[0], match.start(), spaced))
        spaced = False


def _no_token(text: str, position: int, start: int) -> TokenError:
    character = text[position : position + 1]
    if character in ('"', "`", "'"):
        return TokenError(f"a quote {character} is not closed", position)
    if not character or character == "}" or text.startswith("{{", position):
        return TokenError("`{{` is not closed by `}}`", start)
    return TokenError(f"`{character}` is not possible in a template", position)

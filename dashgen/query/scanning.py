"""What the parsers of LogQL and TraceQL share: tokens with offsets, a cursor, and errors.

Grafana's variables are tokens of their own, so these parsers need no stand-ins for them as PromQL does.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.query_texts import escape_fault

# The same as in `query_context`, without its groups.
VARIABLE: Final = r"(?:\$\w+|\[\[\w+(?::\w+)?\]\]|\$\{\w+(?:\.[^:^}]{1,200})?(?::[^}]{1,200})?\})"
HAS_VARIABLE: Final = lazy_pattern(VARIABLE, re.ASCII)
OPENING: Final = {")": "(", "]": "[", "}": "{"}
MOST_LEVELS: Final = 60
"""A level costs a parser several frames, and a thread with a small stack has to be enough."""


class QueryToken(NamedTuple):
    """One token of a query: its kind, its text, and its offset."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """The text in lower case."""
        return self.text.lower()


def scan(text: str, pattern: re.Pattern[str]) -> list[QueryToken]:
    """The tokens of a query without spaces and comments, and a last one of the kind ``end``.

    Args:
        text: the query.
        pattern: the tokens of its language, each a named group; spaces and comments are ``skip``.
    """
    matches = [match for match in pattern.finditer(text) if match.lastgroup != "skip"]
    tokens = [QueryToken(match.lastgroup or "", match.group(), match.start()) for match in matches]
    return [*tokens, QueryToken("end", "", len(text.rstrip()))]


class RefusalError(Exception):
    """The server of a query would refuse it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Cursor(ABC):
    """A position in the tokens of a query, the last of which is of the kind ``end``."""

    def __init__(self, tokens: Sequence[QueryToken]) -> None:
        self.tokens = tokens
        self.index = 0
        self.levels = 0

    @property
    def here(self) -> QueryToken:
        """The next token."""
        return self.tokens[self.index]

    def ahead(self, steps: int = 1) -> QueryToken:
        """The token after some others; the ``end`` when there is none."""
        return self.tokens[min(self.index + steps, len(self.tokens) - 1)]

    def next(self) -> QueryToken:
        """Take the next token; the ``end`` can be taken again and again."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def take(self, *texts: str) -> QueryToken | None:
        """Take the next token if it is one of these operators or brackets."""
        return self.next() if self.here.kind == "sign" and self.here.text in texts else None

    def take_word(self, *choices: str) -> QueryToken | None:
        """Take the next token if it is one of these words."""
        return self.next() if self.here.kind == "name" and self.here.word in choices else None

    def deeper(self) -> None:
        """Enter one more level of nesting.

        Raises:
            RefusalError: there are too many levels.
        """
        self.levels += 1
        if self.levels > MOST_LEVELS:
            message = f"the query nests more than {MOST_LEVELS} levels"
            raise RefusalError(Fault(message, "split it into several queries", self.here.start))

    def check_string(self, token: QueryToken, language: str) -> None:
        """Refuse a string that is not closed, in single quotes, or with an invalid escape; other tokens pass.

        Raises:
            RefusalError: it is one.
        """
        if token.kind == "open":
            refuse(f"the text that starts with {token.text[0]} has no end", "close the quotes", token)
        if token.kind == "single":
            hint = f'{language} puts texts in double quotes or backticks: write `"{token.text[1:-1]}"`'
            refuse("a text is in single quotes", hint, token)
        if token.kind == "string" and (fault := escape_fault(token.text, token.start)):
            raise RefusalError(fault)

    def open(self, name: QueryToken) -> QueryToken:
        """Take the parenthesis before the arguments of a function."""
        message, hint = f"`{name.text}` needs its arguments in parentheses", f"write `{name.word}(…)`"
        return self.take("(") or refuse(message, hint, name)

    def close(self, opened: QueryToken) -> None:
        """Take the bracket that closes another one."""
        closing = {"(": ")", "{": "}"}[opened.text]
        if self.take(closing):
            return
        if self.here.kind == "end":
            refuse(f"`{opened.text}` is never closed", f"add the missing `{closing}`", opened)
        self.refuse_unexpected(self.here)

    def refuse_closing(self, token: QueryToken) -> None:
        """Refuse a closing bracket without an opening one; other tokens pass."""
        if token.kind == "sign" and token.text in OPENING:
            hint = f"remove it or add the missing `{OPENING[token.text]}`"
            refuse(f"`{token.text}` closes nothing", hint, token)

    @abstractmethod
    def refuse_unexpected(self, token: QueryToken) -> NoReturn:
        """Refuse a token that cannot follow the one before it."""


def refuse(message: str, hint: str, token: QueryToken) -> NoReturn:
    """Refuse a query because of one of its tokens.

    Raises:
        RefusalError: always.
    """
    raise RefusalError(Fault(message, hint, token.start))


def shown(token: QueryToken) -> str:
    """A token as messages name it."""
    return "the end of the query" if token.kind == "end" else f"`{token.text}`"


def meant(word: str, candidates: Iterable[str]) -> str:
    """A hint with the candidate closest to a misspelt word, or nothing."""
    close = get_close_matches(word.lower(), sorted(candidates), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""

"""What the parsers of LogQL and TraceQL share: tokens with places, Grafana's variables among them, and refusals."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple, NoReturn

from dashgen.query.language import Fault

VARIABLE: Final = r"(?:\$\w+|\[\[\w+(?::\w+)?\]\]|\$\{\w+(?:\.[^:^}]{1,200})?(?::[^}]{1,200})?\})"  # as `query/context` reads them
HAS_VARIABLE: Final = re.compile(VARIABLE, re.ASCII)
MOST_LEVELS: Final = 60
"""A parser descends through a handful of functions for each level, and a small stack has to be enough."""


class QueryToken(NamedTuple):
    """One word of a query: its kind, its text, and where it starts."""

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


class RefusalError(Exception):
    """A query that its server would refuse."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Cursor:
    """Walks through the tokens of a query; the last one is of the kind ``end``."""

    def __init__(self, tokens: Sequence[QueryToken]) -> None:
        self.tokens = tokens
        self.index = 0
        self.levels = 0

    @property
    def here(self) -> QueryToken:
        """The token that comes next."""
        return self.tokens[self.index]

    def ahead(self, steps: int = 1) -> QueryToken:
        """A later token; the end when there is none."""
        return self.tokens[min(self.index + steps, len(self.tokens) - 1)]

    def next(self) -> QueryToken:
        """Take the next token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def take(self, *texts: str) -> QueryToken | None:
        """Take the next token if it is one of some operators or brackets."""
        return self.next() if self.here.kind == "sign" and self.here.text in texts else None

    def take_word(self, *choices: str) -> QueryToken | None:
        """Take the next token if it is one of some words."""
        return self.next() if self.here.kind == "name" and self.here.word in choices else None

    def deeper(self) -> None:
        """Count one more level of nesting.

        Raises:
            RefusalError: there are too many.
        """
        self.levels += 1
        if self.levels > MOST_LEVELS:
            message = f"the query nests more than {MOST_LEVELS} levels"
            raise RefusalError(Fault(message, "split it into several queries", self.here.start))


def refuse(message: str, hint: str, token: QueryToken) -> NoReturn:
    """Refuse a query because of one of its tokens."""
    raise RefusalError(Fault(message, hint, token.start))


def shown(token: QueryToken) -> str:
    """How a message calls a token."""
    return "the end of the query" if token.kind == "end" else f"`{token.text}`"


def meant(word: str, candidates: Iterable[str]) -> str:
    """A hint that names the known word closest to a misspelt one, or nothing."""
    close = get_close_matches(word.lower(), sorted(candidates), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""

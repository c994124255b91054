"""What the parsers of LogQL and TraceQL share: tokens with offsets, and errors.

Grafana's variables are tokens of their own, so these parsers need no stand-ins for them as PromQL does.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault

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


class RefusalError(Exception):
    """The server of a query would refuse it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


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

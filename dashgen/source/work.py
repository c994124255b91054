"""How much the expressions of a document, and of a whole build, may do.

Each expression is bounded by what it takes and gives (`dashgen.source.sandbox`); a loop may evaluate many.
Their work is counted in weights, not in seconds, so the same specs are refused on every machine.
"""

from typing import Final

MAX_DOCUMENT: Final = 20_000_000
"""The work of one document's expressions: about a second."""
MAX_BUILD: Final = 60_000_000
"""The work of all of them."""
EACH: Final = 20
"""What each expression costs, however little it does."""
TOO_MUCH: Final = "the expressions do too much together"
HINT: Final = "loop over less, or compute a value once under `vars:`"


class TooMuchWorkError(Exception):
    """The expressions of a document do more than they may."""


class Work:
    """What was done so far, up to a limit."""

    def __init__(self, limit: int = MAX_DOCUMENT) -> None:
        self.limit = limit
        self.done = 0

    def add(self, amount: int) -> None:
        """Count some work.

        Raises:
            TooMuchWorkError: it is more than there may be.
        """
        self.done += amount
        if self.done > self.limit:
            raise TooMuchWorkError

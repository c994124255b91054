"""Listings that come page by page, from servers that may never come to an end."""

from typing import Final

from dashgen.servers.grafana.grafana_errors import UnusableAnswerError
from dashgen.servers.http import AnswerKind

MOST_PAGES: Final = 1000
MOST_ITEMS: Final = 50_000


class Paging:
    """Counts pages and what is on them.

    Args:
        what: what is listed, in the plural.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._pages = 0
        self._items = 0

    def count(self, items: int) -> None:
        """Count a page.

        Raises:
            UnusableAnswerError: there is no end to it.
        """
        self._pages += 1
        self._items += items
        if self._pages > MOST_PAGES or self._items > MOST_ITEMS:
            raise UnusableAnswerError(
                f"Grafana lists more than {MOST_ITEMS} {self._what}, or has more than {MOST_PAGES} pages of them",
                kind=AnswerKind.TOO_BIG,
                hint="see whether something before Grafana answers each page alike",
            )

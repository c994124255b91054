"""Listings that come page by page, from servers that may never end them."""

from typing import Final

from dashgen.servers.grafana.grafana_errors import UnusableAnswerError
from dashgen.servers.http import AnswerKind

MOST_PAGES: Final = 1000
MOST_ITEMS: Final = 50_000


class Paging:
    """Counts pages and the things on them.

    Args:
        nouns: the kind of things, in the plural.
    """

    def __init__(self, nouns: str) -> None:
        self._nouns = nouns
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
                f"Grafana lists more than {MOST_ITEMS} {self._nouns}, "
                f"or has more than {MOST_PAGES} pages of them",
                kind=AnswerKind.TOO_BIG,
                hint="check whether a proxy in front of Grafana answers each page alike",
            )

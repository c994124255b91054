"""Listings that come page by page, from servers that may never end them."""

from collections.abc import Iterator, Mapping
from typing import Final

from dashgen.core.json_values import Json
from dashgen.servers.grafana.grafana_errors import UnusableAnswerError
from dashgen.servers.grafana.session import Session
from dashgen.servers.http import AnswerKind
from dashgen.servers.http.response_values import mapping, objects, text

WITHOUT_CONTENT: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json"
"""The header `Accept` of a listing of Kubernetes-style objects whose contents are of no interest."""
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


def object_pages(
    session: Session,
    path: str,
    nouns: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> Iterator[Json]:
    """The pages of a listing of Kubernetes-style objects.

    Args:
        session: the connection.
        path: the path of the listing, made by ``route``.
        nouns: the kind of objects, in the plural.
        query: what selects them, with the ``limit`` of a page; pages that exceed the bound of an answer are
            read with fewer objects.
        headers: further headers.

    Raises:
        GrafanaError: a page cannot be read, or there is no end to them.
    """
    paging, following, seen, limit = Paging(nouns), "", set[str](), int(query["limit"])
    while True:
        page_query = {**query, "limit": str(limit), **({"continue": following} if following else {})}
        try:
            page = session.read(path, f"the {nouns}", query=page_query, headers=headers).mapping()
        except UnusableAnswerError as error:
            if error.kind is not AnswerKind.TOO_BIG or limit == 1:
                raise
            limit //= 2
            continue
        paging.count(len(objects(page, "items")))
        yield page
        following = text(mapping(page, "metadata"), "continue")
        # A cursor that comes twice would go on for ever.
        if not following or following in seen:
            return
        seen.add(following)

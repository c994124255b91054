"""What queries for the values of variables yield, run once for all views."""

from collections.abc import Callable
from typing import Any

from dashgen.doctor.live.queried_values import QuerySpan
from dashgen.preview.sources.source_messages import is_silent
from dashgen.servers.http import ServiceError


class ValueLists:
    """The lists of values, and the servers that gave no answer and are left alone since."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str, QuerySpan], list[str] | None] = {}
        self._silent: set[str] = set()

    def values(
        self, server: str, query: Any, span: QuerySpan, run: Callable[[], list[str] | None]
    ) -> list[str] | None:
        """The values that a query yields; None without an answer.

        Args:
            server: what the query is sent to: a uid, or a type where each type has one server.
            query: the query.
            span: the time that it is about.
            run: runs it.
        """
        key = server, str(query), span
        if key not in self._lists:
            self._lists[key] = None
            if server not in self._silent:
                try:
                    self._lists[key] = run()
                except ServiceError as error:
                    # The panels show why there is no answer; other variables need not wait for it too.
                    if is_silent(error):
                        self._silent.add(server)
        return self._lists[key]

"""Writes whose answer is lost: look first, and write again only when nothing happened."""

from collections.abc import Callable
from typing import TypeVar

from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
)

T = TypeVar("T")


def write_or_verify(
    write: Callable[[], T],
    read_back: Callable[[], T | None],
    pause: Callable[[int, float | None], None],
    *,
    attempts: int = 3,
) -> T:
    """Write; when it is unknown whether it happened, read and compare before anything else.

    Args:
        write: sends the change, with the precondition that makes it fail when somebody else was faster.
        read_back: the result when the change is in place as it was meant, else nothing.
        pause: waits before the next attempt; takes the number of attempts and the pause that the server
            requests.
        attempts: how often to write at most.

    Raises:
        OutcomeUnknownError: Grafana cannot be read after a lost answer.
        GrafanaError: it did not happen, with the reason.
    """
    doubt: OutcomeUnknownError | None = None
    for tried in range(1, attempts + 1):
        try:
            return write()
        except OutcomeUnknownError as error:
            doubt = error
        except (ConflictError, NotFoundError):
            # An earlier attempt of ours may be what is in the way.
            if doubt is None or (result := _look(read_back, doubt)) is None:
                raise
            return result
        # Wait before looking too: a write whose answer is lost may still be on its way into the database.
        pause(tried, doubt.retry_after)
        result = _look(read_back, doubt)
        if result is not None:
            return result
    raise doubt.cause if doubt else AssertionError("at least one attempt is made")


def _look(read_back: Callable[[], T | None], doubt: OutcomeUnknownError) -> T | None:
    try:
        return read_back()
    except GrafanaError:
        raise doubt from None

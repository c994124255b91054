"""What is sent to a server, and what comes back, without what sends it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

Query = Mapping[str, str | int | Sequence[str]]


class RawAnswer(Struct, frozen=True):
    """The status, headers and whole body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Request(Struct, frozen=True):
    """What to send: ``path`` is below the server's address, quoted, and starts with a slash."""

    method: str
    path: str
    query: Query = {}
    data: bytes | None = None
    headers: Mapping[str, str] = {}

"""The one way to read, create, replace and delete the things of one kind in Grafana."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.preconditions import require_unchanged
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import text
from dashgen.servers.http.secret import Secret

Content = Mapping[str, Any]
"""A thing as the API takes it: the JSON of a data source, an integration, a mute timing or a template."""
Live = TypeVar("Live")
NO_PROVENANCE = {"X-Disable-Provenance": "true"}
"""The header of a write of alerting that leaves no mark, so that people may edit the resource."""


def kept_provenance(headers: Mapping[str, str], provenance: str) -> Mapping[str, str]:
    """The headers of a write over a resource: Grafana takes no mark of its API away again.

    (pkg/services/ngalert/provisioning/validation/provenance.go, `ValidateProvenanceRelaxed`.)

    Args:
        headers: those of a write of something new.
        provenance: what the resource has.
    """
    return {key: value for key, value in headers.items() if provenance != "api" or key not in NO_PROVENANCE}


class Collection(ABC, Generic[Live]):
    """The things of one kind, each with a name or uid of its own.

    The APIs of these kinds take no precondition, or one that some writers reset. So each write reads the
    thing once more just before, and refuses to go on when it is not as the caller read it.

    Args:
        session: the connection.
        headers: further headers of each write.

    Attributes:
        noun: the kind in messages.
        base: the parts of the collection's path.
        item_base: the parts between that and the key of one thing.
        key: the field that identifies a thing.
        creates_by_put: whether the API takes a new thing at the path of its key.
        versioned_delete: whether a deletion names the version that it is for.
        unsent: fields that the API shows and does not take.
    """

    noun: ClassVar[str]
    base: ClassVar[tuple[str, ...]]
    item_base: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "uid"
    creates_by_put: ClassVar[bool] = False
    versioned_delete: ClassVar[bool] = False
    unsent: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, session: Session, headers: Mapping[str, str] | None = None) -> None:
        self._session = session
        self._headers = headers or {}

    @abstractmethod
    def live(self, data: Json) -> Live:
        """A thing as it was read, from the JSON of an answer."""

    @abstractmethod
    def content(self, live: Live) -> Json:
        """The JSON of a thing that was read."""

    @abstractmethod
    def is_stored(self, live: Live, content: Content, before: Live | None) -> bool:
        """Whether a write of ``content`` over ``before`` is what made this state."""

    def subject(self, content: Content) -> str:
        """The thing in messages."""
        return f"{self.noun} `{text(content, self.key)}`"

    def secrets(self, content: Content) -> tuple[Secret, ...]:
        """What no message may repeat."""
        del content
        return ()

    def list_all(self) -> list[Live]:
        """All of them."""
        reply = self._session.read(route(*self.base), f"the {self.noun}s")
        # Grafana sends `null` where it has none: a nil slice of Go.
        return [] if reply.data is None else [self.live(item) for item in reply.listing()]

    def get(self, key: str) -> Live | None:
        """One of them, or nothing when there is none."""
        reply = self._session.read_or_none(self._path(key), f"{self.noun} `{key}`")
        return None if reply is None else self.live(reply.mapping())

    def create(self, content: Content) -> None:
        """Add one.

        Raises:
            ConflictError: its uid or name is taken.
        """
        key = text(content, self.key)
        path = self._path(key)
        if self.creates_by_put:
            # The same request replaces one that is there already.
            require_unchanged(self.subject(content), None, self._current(key))
        else:
            path = route(*self.base)
        self._send("PUT" if self.creates_by_put else "POST", path, content, None)

    def update(self, content: Content, expected: Live) -> None:
        """Replace one, when it is still as it was read.

        Raises:
            ConflictError: it was changed since.
        """
        key = text(self.content(expected), self.key)
        require_unchanged(self.subject(content), self.content(expected), self._current(key))
        self._send("PUT", self._path(key), content, expected)

    def delete(self, expected: Live) -> None:
        """Delete one, when it is still as it was read; fine when it is gone already.

        Raises:
            ConflictError: it was changed since.
        """
        expected_content = self.content(expected)
        key, subject = text(expected_content, self.key), self.subject(expected_content)
        current = self._current(key)
        if current is None:
            return
        require_unchanged(subject, expected_content, current)
        version = text(expected_content, "version") if self.versioned_delete else ""
        query = {"version": version} if version else {}
        change = WriteRequest("DELETE", self._path(key), subject, None, query, self._headers_over(expected))
        self._session.delete(change, lambda: self.get(key) is None)

    def _path(self, key: str) -> str:
        return route(*self.base, *self.item_base, checked_uid(key) if self.key == "uid" else key)

    def _current(self, key: str) -> Json | None:
        live = self.get(key)
        return None if live is None else self.content(live)

    def _send(self, method: str, path: str, content: Content, before: Live | None) -> None:
        key = text(content, self.key)
        body = {name: value for name, value in content.items() if name not in self.unsent}
        if before is not None and (version := self.content(before).get("version")):
            body["version"] = version

        def is_done() -> bool:
            live = self.get(key)
            return live is not None and self.is_stored(live, content, before)

        subject, secrets = self.subject(content), self.secrets(content)
        headers = self._headers if before is None else self._headers_over(before)
        change = WriteRequest(method, path, subject, body, headers=headers, secrets=secrets)
        self._session.write_verified(change, is_done)

    def _headers_over(self, before: Live) -> Mapping[str, str]:
        return kept_provenance(self._headers, text(self.content(before), "provenance"))

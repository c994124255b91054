"""Data sources; their secrets can be written and never read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    GrafanaError,
    NotFoundError,
    RefusedError,
)
from dashgen.servers.grafana.preconditions import is_unchanged, require_unchanged
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import integer, mapping, text
from dashgen.servers.http.secret import Secret

_WRITE_ONLY = "secureJsonData"
_SHOWN_INSTEAD = "secureJsonFields"


@dataclass(frozen=True, slots=True)
class LiveDataSource:
    """One data source; ``content`` is as the API sends it, and never has secrets in it."""

    uid: str
    name: str
    type: str
    version: int
    read_only: bool
    secrets: tuple[str, ...]
    content: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether Grafana reaches a data source."""

    works: bool
    message: str


class DataSourcesApi:
    """Reads and writes data sources."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_all(self) -> list[LiveDataSource]:
        """Every data source, without versions: read one by itself before writing it."""
        listed = self._session.read(route("api", "datasources"), "the data sources").listing()
        return [_data_source(item) for item in listed]

    def get(self, uid: str) -> LiveDataSource | None:
        """One data source with its version, or nothing when there is none."""
        try:
            return _data_source(self._session.read(self._place(uid), f"data source `{uid}`").mapping())
        except NotFoundError:
            return None

    def create(self, content: Mapping[str, Any]) -> LiveDataSource:
        """Make a data source; a conflict when its uid or name is taken."""
        uid = checked_uid(text(content, "uid"))
        change = self._change("POST", route("api", "datasources"), uid, content)
        return write_or_verify(
            lambda: _data_source(mapping(self._session.write(change).mapping(), "datasource")),
            lambda: self._in_place(uid, content, None),
            self._session.pause,
        )

    def update(self, content: Mapping[str, Any], expected: LiveDataSource) -> LiveDataSource:
        """Replace a data source, when it is still as it was read; secrets left out stay as they are.

        Raises:
            ConflictError: when it was changed since, or comes from a provisioning file.
        """
        subject = f"data source `{expected.uid}`"
        if expected.read_only:
            raise ConflictError(f"{subject} comes from a provisioning file", kind=ConflictKind.MANAGED)
        # A writer that sends no version resets it to 1, so the number alone does not show every change.
        live_source = self.get(expected.uid)
        require_unchanged(subject, expected.content, live_source and live_source.content)
        body = {**content, "uid": expected.uid, "version": expected.version}
        change = self._change("PUT", self._place(expected.uid), expected.uid, body)
        return write_or_verify(
            lambda: _data_source(mapping(self._session.write(change).mapping(), "datasource")),
            lambda: self._in_place(expected.uid, content, expected),
            self._session.pause,
        )

    def delete(self, expected: LiveDataSource) -> None:
        """Delete a data source, when it is still as it was read; fine when it is gone already."""
        subject = f"data source `{expected.uid}`"
        live_source = self.get(expected.uid)
        if live_source is None:
            return
        require_unchanged(subject, expected.content, live_source.content)

        def delete() -> bool:
            self._session.write(WriteRequest("DELETE", self._place(expected.uid), subject))
            return True

        write_or_verify(delete, lambda: True if self.get(expected.uid) is None else None, self._session.pause)

    def health(self, uid: str) -> Health:
        """Ask Grafana to try a data source."""
        path = route("api", "datasources", "uid", checked_uid(uid), "health")
        try:
            reply = self._session.read(path, f"data source `{uid}`").mapping()
        except RefusedError as error:
            return Health(works=False, message=error.payload.message)
        return Health(works=text(reply, "status") == "OK", message=text(reply, "message"))

    def problem(self, uid: str, query: Mapping[str, Any]) -> str | None:
        """What a query fails with over the last minutes, or nothing when it can be asked."""
        full_query = {"refId": "A", **query, "datasource": {"uid": uid}}
        body = {"queries": [full_query], "from": "now-5m", "to": "now"}
        try:
            self._session.write(
                WriteRequest("POST", route("api", "ds", "query"), f"data source `{uid}`", body)
            )
        except GrafanaError as error:
            return error.payload.message or error.message
        return None

    def _place(self, uid: str) -> str:
        return route("api", "datasources", "uid", checked_uid(uid))

    def _change(self, method: str, path: str, uid: str, content: Mapping[str, Any]) -> WriteRequest:
        secrets = tuple(Secret(value) for value in mapping(content, _WRITE_ONLY).values() if _is_text(value))
        return WriteRequest(method, path, f"data source `{uid}`", dict(content), secrets=secrets)

    def _in_place(
        self, uid: str, content: Mapping[str, Any], before: LiveDataSource | None
    ) -> LiveDataSource | None:
        live_source = self.get(uid)
        if live_source is None or (before is not None and live_source.version == before.version):
            return None
        readable_fields = {key: value for key, value in content.items() if key != _WRITE_ONLY}
        shown = {key: live_source.content.get(key) for key in readable_fields}
        has_secrets = set(mapping(content, _WRITE_ONLY)) <= set(live_source.secrets)
        return live_source if has_secrets and is_unchanged(shown, readable_fields) else None


def _data_source(data: dict[str, Any]) -> LiveDataSource:
    return LiveDataSource(
        uid=text(data, "uid"),
        name=text(data, "name"),
        type=text(data, "type"),
        version=integer(data, "version"),
        read_only=data.get("readOnly") is True,
        secrets=tuple(key for key, is_set in mapping(data, _SHOWN_INSTEAD).items() if is_set is True),
        content={key: value for key, value in data.items() if key != _WRITE_ONLY},
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)

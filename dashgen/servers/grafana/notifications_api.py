"""Contact points, notification policies, mute timings and templates."""

import re
from collections.abc import Mapping
from typing import Any

from dashgen.servers.grafana.alert_rules_api import EDITABLE_HEADER
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.grafana_errors import NotFoundError
from dashgen.servers.grafana.preconditions import is_unchanged, require_unchanged
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http.response_values import text
from dashgen.servers.http.secret import Secret

_BASE = ("api", "v1", "provisioning")
_REDACTED = "[REDACTED]"
_SECRET_KEYS = re.compile(r"url|token|password|secret|key|auth|credential", re.IGNORECASE)
Item = dict[str, Any]


class _NotificationWriter:
    """What the four have in common: one header for all writes, and looking before repeating."""

    def __init__(self, session: Session, *, editable: bool = True) -> None:
        self._session = session
        self._headers = EDITABLE_HEADER if editable else {}

    def _write(self, change: WriteRequest, is_done: Any) -> None:
        def write() -> bool:
            self._session.write(change)
            return True

        write_or_verify(write, lambda: True if is_done() else None, self._session.pause)


class ContactPoints(_NotificationWriter):
    """Integrations of contact points; those with one ``name`` are one contact point."""

    def list_all(self, name: str | None = None) -> list[Item]:
        """The integrations, all or those of one contact point; secrets come as ``[REDACTED]``."""
        query = {"name": name} if name else {}
        return self._session.read(
            route(*_BASE, "contact-points"), "the contact points", query=query
        ).listing()

    def get(self, uid: str) -> Item | None:
        """One integration, or nothing when there is none; the API can only list."""
        return next((item for item in self.list_all() if text(item, "uid") == uid), None)

    def create(self, item: Mapping[str, Any]) -> None:
        """Add an integration; a conflict when its uid is taken."""
        uid = checked_uid(text(item, "uid"))
        change = self._change("POST", route(*_BASE, "contact-points"), item)
        self._write(change, lambda: _shows(self.get(uid), item))

    def update(self, item: Mapping[str, Any], expected: Item) -> None:
        """Replace an integration, when it is still as it was read."""
        uid = checked_uid(text(item, "uid"))
        require_unchanged(_integration(item), expected, self.get(uid))
        change = self._change("PUT", route(*_BASE, "contact-points", uid), item)
        self._write(change, lambda: _shows(self.get(uid), item))

    def delete(self, expected: Item) -> None:
        """Delete an integration, when it is still as it was read; fine when it is gone already."""
        uid = checked_uid(text(expected, "uid"))
        live_integration = self.get(uid)
        if live_integration is None:
            return
        require_unchanged(_integration(expected), expected, live_integration)
        path = route(*_BASE, "contact-points", uid)
        change = WriteRequest("DELETE", path, _integration(expected), headers=self._headers)
        self._write(change, lambda: self.get(uid) is None)

    def _change(self, method: str, path: str, item: Mapping[str, Any]) -> WriteRequest:
        body = {key: value for key, value in item.items() if key != "provenance"}
        secrets = tuple(_secrets(item.get("settings")))
        return WriteRequest(method, path, _integration(item), body, headers=self._headers, secrets=secrets)


class LivePolicies(_NotificationWriter):
    """The tree of notification policies; there is one."""

    subject = "the notification policies"

    def get(self) -> Item:
        """The whole tree, with its provenance."""
        return self._session.read(route(*_BASE, "policies"), self.subject).mapping()

    def put(self, tree: Mapping[str, Any], expected: Item) -> None:
        """Replace the whole tree, when it is still as it was read."""
        require_unchanged(self.subject, expected, self.get())
        body = {key: value for key, value in tree.items() if key != "provenance"}
        change = WriteRequest("PUT", route(*_BASE, "policies"), self.subject, body, headers=self._headers)
        self._write(change, lambda: is_unchanged(self.get(), body))

    def reset(self, expected: Item) -> None:
        """Put Grafana's own tree back, when the tree is still as it was read."""
        require_unchanged(self.subject, expected, self.get())
        change = WriteRequest("DELETE", route(*_BASE, "policies"), self.subject, headers=self._headers)
        self._write(change, lambda: not is_unchanged(self.get(), expected))


class _Named(_NotificationWriter):
    """What has a name and a version: mute timings and templates."""

    _collection: str
    _word: str

    def list_all(self) -> list[Item]:
        """All of them, with versions and provenance."""
        path = route(*_BASE, self._collection)
        data = self._session.read(path, f"the {self._word}s").data
        return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []

    def get(self, name: str) -> Item | None:
        """One of them, or nothing when there is none."""
        try:
            return self._session.read(self._place(name), self._subject(name)).mapping()
        except NotFoundError:
            return None

    def delete(self, expected: Item) -> None:
        """Delete the version that was read; fine when it is gone already."""
        name = text(expected, "name")
        live_item = self.get(name)
        if live_item is None:
            return
        require_unchanged(self._subject(name), expected, live_item)
        version = text(expected, "version")
        query = {"version": version} if version else {}
        change = WriteRequest("DELETE", self._place(name), self._subject(name), None, query, self._headers)
        self._write(change, lambda: self.get(name) is None)

    def _place(self, name: str) -> str:
        return route(*_BASE, self._collection, name)

    def _subject(self, name: str) -> str:
        return f"{self._word} `{name}`"

    def _send(self, method: str, path: str, item: Mapping[str, Any], expected: Item | None) -> None:
        name = text(item, "name")
        if expected is not None or method == "PUT":
            require_unchanged(self._subject(name), expected, self.get(name))
        body = {key: value for key, value in item.items() if key not in {"provenance", "version"}}
        if expected is not None and (version := text(expected, "version")):
            body["version"] = version
        change = WriteRequest(method, path, self._subject(name), body, headers=self._headers)
        self._write(change, lambda: _shows(self.get(name), item))


class MuteTimings(_Named):
    """Times in which notifications are muted."""

    _collection = "mute-timings"
    _word = "mute timing"

    def create(self, item: Mapping[str, Any]) -> None:
        """Add a mute timing; a conflict when its name is taken."""
        self._send("POST", route(*_BASE, self._collection), item, None)

    def update(self, item: Mapping[str, Any], expected: Item) -> None:
        """Replace the version that was read."""
        self._send("PUT", self._place(text(item, "name")), item, expected)


class Templates(_Named):
    """Templates of notification texts."""

    _collection = "templates"
    _word = "template"

    def create(self, item: Mapping[str, Any]) -> None:
        """Add a template; a conflict when its name is taken."""
        self._send("PUT", self._place(text(item, "name")), item, None)

    def update(self, item: Mapping[str, Any], expected: Item) -> None:
        """Replace the version that was read."""
        self._send("PUT", self._place(text(item, "name")), item, expected)


def _integration(item: Mapping[str, Any]) -> str:
    return f"`{text(item, 'type')}` of contact point `{text(item, 'name')}`"


def _shows(live_item: Item | None, expected_fields: Mapping[str, Any]) -> bool:
    """Whether an item says what was wanted, as far as secrets let it be seen."""
    if live_item is None:
        return False
    visible = {key: live_item.get(key) for key in expected_fields}
    return is_unchanged(_unredacted(visible, expected_fields), dict(expected_fields))


def _unredacted(shown_value: Any, expected_value: Any) -> Any:
    if isinstance(shown_value, dict) and isinstance(expected_value, Mapping):
        return {key: _unredacted(value, expected_value.get(key)) for key, value in shown_value.items()}
    return expected_value if shown_value == _REDACTED and isinstance(expected_value, str) else shown_value


def _secrets(settings: Any) -> list[Secret]:
    secret_values: list[Secret] = []
    for key, value in settings.items() if isinstance(settings, dict) else ():
        if isinstance(value, str) and _SECRET_KEYS.search(key) and value != _REDACTED:
            secret_values.append(Secret(value))
        secret_values += _secrets(value)
    return secret_values

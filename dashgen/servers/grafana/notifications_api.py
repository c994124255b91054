"""Contact points, notification policies, mute timings and templates, over ``/api/v1/provisioning``."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.grafana.api_paths import PROVISIONING, route
from dashgen.servers.grafana.collection import Collection, Content, kept_provenance
from dashgen.servers.grafana.notification_objects import REDACTED
from dashgen.servers.grafana.preconditions import is_unchanged, require_unchanged
from dashgen.servers.grafana.session import Session, WriteRequest
from dashgen.servers.http.response_values import text
from dashgen.servers.http.secret import Secret

_SECRET_KEYS = lazy_pattern(r"url|token|password|secret|key|auth|credential", re.IGNORECASE)
Item = Json


class NotificationCollection(Collection[Item]):
    """What collections of both APIs of notifications have in common: they are read as plain JSON."""

    def live(self, data: Item) -> Item:
        """The JSON itself."""
        return data

    def content(self, live: Item) -> Item:
        """The JSON itself."""
        return live

    def is_stored(self, live: Item, content: Content, before: Item | None) -> bool:
        """Whether each field that was sent is there, as far as redacted secrets let it be seen."""
        del before
        return is_stored(live, content)


class _Notifications(NotificationCollection):
    """Things of the provisioning API."""

    unsent: ClassVar[frozenset[str]] = frozenset({"provenance", "annotations", "version"})


class ContactPoints(_Notifications):
    """Integrations of contact points; those with one ``name`` are one contact point."""

    noun: ClassVar[str] = "contact point"
    base: ClassVar[tuple[str, ...]] = (*PROVISIONING, "contact-points")

    def subject(self, content: Content) -> str:
        """The integration with its contact point: uids mean nothing to people."""
        return f"`{text(content, 'type')}` of contact point `{text(content, 'name')}`"

    def secrets(self, content: Content) -> tuple[Secret, ...]:
        """The settings whose names are those of secrets."""
        return secrets_of(content)

    def get(self, key: str) -> Item | None:
        """One integration, or nothing when there is none; the API can only list."""
        return next((item for item in self.list_all() if text(item, "uid") == key), None)


class MuteTimings(_Notifications):
    """Times in which notifications are muted."""

    noun: ClassVar[str] = "mute timing"
    base: ClassVar[tuple[str, ...]] = (*PROVISIONING, "mute-timings")
    key: ClassVar[str] = "name"
    versioned_delete: ClassVar[bool] = True
    unsent: ClassVar[frozenset[str]] = frozenset({"provenance", "version"})


class Templates(MuteTimings):
    """Templates of notification texts: as mute timings, but there is no POST."""

    noun: ClassVar[str] = "template"
    base: ClassVar[tuple[str, ...]] = (*PROVISIONING, "templates")
    creates_by_put: ClassVar[bool] = True


class LivePolicies:
    """The tree of notification policies; there is one."""

    subject = "the notification policies"
    _path = route(*PROVISIONING, "policies")

    def __init__(self, session: Session, headers: Mapping[str, str]) -> None:
        self._session = session
        self._headers = headers

    def get(self) -> Item:
        """The whole tree, with its provenance."""
        return self._session.read(self._path, self.subject).mapping()

    def put(self, tree: Content, expected: Item) -> None:
        """Replace the whole tree, when it is still as it was read."""
        require_unchanged(self.subject, expected, self.get())
        body = {key: value for key, value in tree.items() if key != "provenance"}
        headers = kept_provenance(self._headers, text(expected, "provenance"))
        change = WriteRequest("PUT", self._path, self.subject, body, headers=headers)
        self._session.write_verified(change, lambda: is_unchanged(self.get(), body))

    def reset(self, expected: Item) -> None:
        """Put Grafana's own tree back, when the tree is still as it was read."""
        require_unchanged(self.subject, expected, self.get())
        headers = kept_provenance(self._headers, text(expected, "provenance"))
        change = WriteRequest("DELETE", self._path, self.subject, headers=headers)
        self._session.write_verified(change, lambda: not is_unchanged(self.get(), expected))


def is_stored(live: Item, content: Content) -> bool:
    """Whether each field that was sent is there, as far as redacted secrets let it be seen."""
    visible_fields = {key: live.get(key) for key in content}
    return is_unchanged(_unredacted(visible_fields, content), dict(content))


def secrets_of(content: Content) -> tuple[Secret, ...]:
    """The settings of an integration whose names are those of secrets."""
    return tuple(_secrets(content.get("settings")))


def _unredacted(shown_value: object, sent_value: object) -> Any:
    """What was read, with the secrets that were sent where Grafana shows that there is one."""
    if isinstance(shown_value, dict) and isinstance(sent_value, Mapping):
        return {key: _unredacted(value, sent_value.get(key)) for key, value in shown_value.items()}
    return sent_value if shown_value == REDACTED and isinstance(sent_value, str) else shown_value


def _secrets(settings: object) -> list[Secret]:
    secret_values: list[Secret] = []
    for key, value in settings.items() if isinstance(settings, dict) else ():
        if isinstance(value, str) and _SECRET_KEYS.search(key) and value != REDACTED:
            secret_values.append(Secret(value))
        secret_values += _secrets(value)
    return secret_values

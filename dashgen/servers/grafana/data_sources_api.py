"""Data sources; their secrets can be written and never read."""

from typing import ClassVar

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.api_paths import checked_uid, route
from dashgen.servers.grafana.collection import Collection, Content
from dashgen.servers.grafana.grafana_errors import ConflictError, ConflictKind, RefusedError
from dashgen.servers.grafana.preconditions import is_unchanged
from dashgen.servers.http.response_values import integer, mapping, text
from dashgen.servers.http.secret import Secret

# Secrets go to Grafana as `secureJsonData: {"password": "…"}` and come back as `secureJsonFields:
# {"password": true}`.
_WRITE_ONLY = "secureJsonData"
_SHOWN_INSTEAD = "secureJsonFields"


class LiveDataSource(Struct, frozen=True):
    """One data source; ``content`` is as the API sends it, and never has secrets in it."""

    uid: str
    name: str
    type: str
    version: int
    read_only: bool
    secrets: tuple[str, ...]
    content: Json


class Health(Struct, frozen=True):
    """Whether Grafana reaches a data source."""

    works: bool
    message: str


class DataSourcesApi(Collection[LiveDataSource]):
    """Reads and writes data sources."""

    noun: ClassVar[str] = "data source"
    base: ClassVar[tuple[str, ...]] = ("api", "datasources")
    item_base: ClassVar[tuple[str, ...]] = ("uid",)

    def live(self, data: Json) -> LiveDataSource:
        """A data source from its JSON, which has no version in a listing."""
        # So one that is to be written is read by itself first.
        return LiveDataSource(
            uid=text(data, "uid"),
            name=text(data, "name"),
            type=text(data, "type"),
            version=integer(data, "version"),
            read_only=data.get("readOnly") is True,
            secrets=tuple(key for key, is_set in mapping(data, _SHOWN_INSTEAD).items() if is_set is True),
            content={key: value for key, value in data.items() if key != _WRITE_ONLY},
        )

    def content(self, live: LiveDataSource) -> Json:
        """Its JSON, without secrets."""
        return live.content

    def is_stored(self, live: LiveDataSource, content: Content, before: LiveDataSource | None) -> bool:
        """Whether there is a new version with what was sent; of secrets only their names can be compared."""
        if before is not None and live.version == before.version:
            return False
        sent_fields = {key: value for key, value in content.items() if key != _WRITE_ONLY}
        shown_fields = {key: live.content.get(key) for key in sent_fields}
        has_secrets = set(mapping(content, _WRITE_ONLY)) <= set(live.secrets)
        return has_secrets and is_unchanged(shown_fields, sent_fields)

    def secrets(self, content: Content) -> tuple[Secret, ...]:
        """The values of ``secureJsonData``."""
        values = mapping(content, _WRITE_ONLY).values()
        return tuple(Secret(value) for value in values if isinstance(value, str) and value)

    def update(self, content: Content, expected: LiveDataSource) -> None:
        """Replace a data source, when it is still as it was read; secrets that are left out stay as they are.

        Raises:
            ConflictError: when it was changed since, or comes from a provisioning file.
        """
        if expected.read_only:
            message = f"data source `{expected.uid}` comes from a provisioning file"
            raise ConflictError(message, kind=ConflictKind.MANAGED)
        super().update({**content, "uid": expected.uid}, expected)

    def health(self, uid: str) -> Health:
        """Ask Grafana to try a data source."""
        path = route("api", "datasources", "uid", checked_uid(uid), "health")
        try:
            reply = self._session.read(path, f"data source `{uid}`").mapping()
        except RefusedError as error:
            return Health(works=False, message=error.payload.message)
        return Health(works=text(reply, "status") == "OK", message=text(reply, "message"))

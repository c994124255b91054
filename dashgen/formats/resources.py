"""What a tree of artifacts, a compilation or a Grafana holds, in one form."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json

DASHBOARD: Final = "dashboard"
FOLDER: Final = "folder"
DATA_SOURCE: Final = "datasource"
ALERT_RULE: Final = "alert-rule"
RECORDING_RULE: Final = "recording-rule"
RULE_GROUP: Final = "rule-group"
CONTACT_POINT: Final = "contact-point"
POLICIES: Final = "policies"
MUTE_TIMING: Final = "mute-timing"
TEMPLATE: Final = "template"
INHIBITION_RULE: Final = "inhibition-rule"
PROVIDER: Final = "provider"
SERVER_RULE: Final = "server-rule"
EVENT: Final = "event"
ALERTMANAGER: Final = "alertmanager"
SCALER: Final = "scaler"
MANIFEST: Final = "manifest"
DELETION: Final = "deletion"

KINDS: Final[dict[str, str]] = {
    DASHBOARD: "dashboard",
    FOLDER: "folder",
    DATA_SOURCE: "data source",
    ALERT_RULE: "alert rule",
    RECORDING_RULE: "recording rule",
    RULE_GROUP: "rule group",
    CONTACT_POINT: "contact point",
    POLICIES: "notification policies",
    MUTE_TIMING: "mute timing",
    TEMPLATE: "template",
    INHIBITION_RULE: "inhibition rule",
    PROVIDER: "dashboard provider",
    SERVER_RULE: "rule of Prometheus or Loki",
    EVENT: "event",
    ALERTMANAGER: "configuration of Alertmanager",
    SCALER: "scaler",
    MANIFEST: "resource of Kubernetes",
    DELETION: "deletion at Grafana's start",
}
"""Every kind of resource, with its name for people, in the order in which they are listed."""

Key = tuple[str, str]


def kind_name(kind: str) -> str:
    """The name of a kind for people; one that is not listed goes by its own."""
    return KINDS.get(kind, kind.replace("-", " "))


class Resource(Struct, frozen=True):
    """One resource in its normal form.

    Attributes:
        kind: one of `KINDS`.
        uid: what it is known by: a uid, or a name where Grafana knows it by name.
        title: what people call it.
        data: its content without what the server sets, fills in or orders in its own way.
        folder: the path of its folder's titles; empty at the root or where there are no folders.
        path: the file that it was read from.
        spec: the file of specs that it was made from, if that is known.
        warning: why the comparison of it may say less than it should.
        form: of a dashboard in a file, whether it is `classic` JSON or of schema `v2`.
    """

    kind: str
    uid: str
    title: str
    data: Json
    folder: str = ""
    path: str = ""
    spec: str = ""
    warning: str = ""
    form: str = ""

    @property
    def key(self) -> Key:
        """The kind and uid that identify it."""
        return self.kind, self.uid


class Resources:
    """Resources by kind and uid; of two with the same, the later one counts, as in Grafana."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._known = {resource.key: resource for resource in resources}

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, key: Key) -> bool:
        return key in self._known

    def add(self, resource: Resource) -> None:
        """Add a resource, or replace the one with its key."""
        self._known[resource.key] = resource

    def get(self, key: Key) -> Resource | None:
        """The resource with a key, or nothing."""
        return self._known.get(key)

    def of(self, *kinds: str) -> "Resources":
        """Only the resources of some kinds."""
        return Resources(resource for resource in self if resource.kind in kinds)

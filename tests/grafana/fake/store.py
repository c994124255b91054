"""What the fake remembers."""

import threading
import time
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.grafana.fake.config import FakeConfig

PREFIX = "grafana.app/"
DEFAULT_POLICY = {"receiver": "empty", "group_by": ["grafana_folder", "alertname"]}


@dataclass
class Snapshot:
    """One save in a dashboard's history."""

    generation: int
    resource_version: str
    annotations: dict[str, str]
    spec: dict[str, Any]
    created: str
    stored_as: str = "v0alpha1"


@dataclass
class StoredDashboard:
    """A dashboard, in the one store that both APIs look at."""

    uid: str
    number: int
    object_uid: str
    stored_as: str
    spec: dict[str, Any]
    annotations: dict[str, str]
    generation: int
    resource_version: str
    created: str
    updated: str
    manager: str
    sent: list[str]
    history: list[Snapshot] = field(default_factory=list)

    @property
    def folder_uid(self) -> str:
        return self.annotations.get(PREFIX + "folder", "")

    @property
    def title(self) -> str:
        return str(self.spec.get("title", ""))

    @property
    def is_v2(self) -> bool:
        return self.stored_as.startswith("v2")

    @property
    def provisioned(self) -> bool:
        managed = self.annotations.get(PREFIX + "managedBy") == "classic-file-provisioning"
        return managed and self.annotations.get(PREFIX + "managerAllowsEdits") != "true"


@dataclass
class StoredFolder:
    """A folder."""

    uid: str
    title: str
    number: int
    parent_uid: str
    created: str
    object_uid: str
    resource_version: str
    manager: str = "grafana"
    description: str = ""
    version: int = 1
    annotations: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)


class Store:
    """Everything in one organization."""

    def __init__(self, config: FakeConfig) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.dashboards: dict[str, StoredDashboard] = {}
        self.folders: dict[str, StoredFolder] = {}
        self.data_sources: dict[str, dict[str, Any]] = {}
        self.data_source_secrets: dict[str, dict[str, str]] = {}
        self.healthy = {"prometheus"}
        self.frames: dict[str, list[dict[str, Any]]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.intervals: dict[tuple[str, str], int] = {}
        self.sequences: dict[str, str] = {}
        self.contact_points: dict[str, dict[str, Any]] = {}
        self.policies: dict[str, Any] = deepcopy(DEFAULT_POLICY)
        self.mute_timings: dict[str, dict[str, Any]] = {}
        self.templates: dict[str, dict[str, Any]] = {}
        self.inhibition_rules: dict[str, dict[str, Any]] = {}
        self.named_trees: dict[str, dict[str, Any]] = {}
        self.annotations: dict[int, dict[str, Any]] = {}
        self.library: dict[str, dict[str, Any]] = {}
        self.index: list[dict[str, Any]] | None = [] if config.search_lags else None
        self.reloads: list[str] = []
        self.rule_errors: dict[str, str] = {}
        self.delivery_errors: dict[str, str] = {}
        self.numbers = {"object": 3602528504451072, "rule": 14, "data source": 6, "annotation": 3}
        self._last_version = 0

    def contents(self) -> dict[str, Any]:
        """Everything that it holds, to be set again with `vars(store).update`; copy it, or pickle it, to keep it."""
        return {name: value for name, value in vars(self).items() if isinstance(value, dict | list | set)}

    def next_number(self, kind: str) -> int:
        """A number for a new thing: an ``object``, ``rule``, ``data source`` or ``annotation``."""
        number = self.numbers[kind]
        self.numbers[kind] += 83886080 if kind == "object" else 1
        return number

    def resource_version(self) -> str:
        """A number that grows with every change."""
        self._last_version = max(self._last_version + 1, time.time_ns() // 1000)
        return str(self._last_version)

    def save(self, dashboard: StoredDashboard) -> None:
        """Remember a dashboard and the save that made it so."""
        if not self.config.keeps_marks:
            marks_kept = {
                PREFIX + name for name in ("folder", "message", "createdBy", "updatedBy", "updatedTimestamp")
            }
            dashboard.annotations = {k: v for k, v in dashboard.annotations.items() if k in marks_kept}
        dashboard.history.append(
            Snapshot(
                dashboard.generation,
                dashboard.resource_version,
                dict(dashboard.annotations),
                deepcopy(dashboard.spec),
                dashboard.updated,
                dashboard.stored_as,
            )
        )
        self.dashboards[dashboard.uid] = dashboard

    def folder_title(self, uid: str) -> str:
        return self.folders[uid].title if uid in self.folders else "General"

    def provision(
        self, uid: str, spec: dict[str, Any], path: str, *, folder_uid: str = "", edits: bool = False
    ) -> None:
        """Put a dashboard there as a file provider does."""
        marks = {
            "folder": folder_uid,
            "managedBy": "classic-file-provisioning",
            "managerId": "files",
            "sourcePath": path,
            "managerAllowsEdits": "true" if edits else "",
        }
        self.save(new_dashboard(self, uid, spec, {PREFIX + k: v for k, v in marks.items() if v}, "v0alpha1"))

    def edit(self, uid: str, **changes: Any) -> None:
        """Change a dashboard as a person does over the API, at the version that it is stored at."""
        dashboard = self.dashboards[uid]
        dashboard.spec = {**deepcopy(dashboard.spec), **changes}
        renew(self, dashboard)
        self.save(dashboard)


def new_dashboard(
    store: Store, uid: str, spec: dict[str, Any], annotations: dict[str, str], stored_as: str
) -> StoredDashboard:
    moment = now()
    return StoredDashboard(
        uid=uid,
        number=store.next_number("object"),
        object_uid=str(uuid.uuid4()),
        stored_as=stored_as,
        spec=deepcopy(spec),
        annotations={PREFIX + "createdBy": "user:bg55jvph6ae4gf", **annotations},
        generation=1,
        resource_version=store.resource_version(),
        created=moment,
        updated=moment,
        manager="grafana",
        sent=sorted(spec),
    )


def renew(store: Store, dashboard: StoredDashboard) -> None:
    """A further generation, by somebody, now."""
    dashboard.generation += 1
    dashboard.resource_version = store.resource_version()
    dashboard.updated = now()
    dashboard.annotations[PREFIX + "updatedBy"] = "user:bg55jvph6ae4gf"
    dashboard.annotations[PREFIX + "updatedTimestamp"] = dashboard.updated


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(title: str) -> str:
    """The part of an address that a title becomes."""
    dashed = "".join(c.lower() if c.isalnum() else "-" for c in title)
    return "-".join(word for word in dashed.split("-") if word)

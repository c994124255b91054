"""How a fake Grafana differs from another."""

from dataclasses import dataclass, field

_SERVED: dict[tuple[int, int], dict[str, tuple[str, ...]]] = {
    (12, 0): {
        "collections": ("v1alpha1",),
        "features": ("v0alpha1",),
        "dashboard": ("v1beta1", "v0alpha1", "v2beta1", "v2alpha1"),
        "folder": ("v1beta1",),
        "iam": ("v0alpha1",),
        "userstorage": ("v0alpha1",),
        "preferences": ("v1alpha1",),
        "playlist": ("v1", "v0alpha1"),
        "plugins": ("v0alpha1",),
        "example": ("v1alpha1", "v0alpha1"),
        "notifications.alerting": ("v0alpha1",),
    },
    (13, 0): {
        "dashboard": ("v1", "v1beta1", "v0alpha1", "v2", "v2beta1", "v2alpha1"),
        "folder": ("v1", "v1beta1"),
        "rules.alerting": ("v0alpha1",),
    },
    (13, 3): {
        "rules.alerting": ("v1beta1", "v0alpha1"),
        "notifications.alerting": ("v1beta1", "v0alpha1"),
    },
}
"""The API groups by the version since which they are served so; what a newer entry lacks is as before it.

12: 12.4.3, recorded (`auth.json`, `GET /apis`). 13.0, `dashboard`: apps/dashboard/kinds/manifest.cue, commit
04e520d5 (`preferredVersion: "v1"`; every version is served, none is marked otherwise).
"""


@dataclass
class FakeConfig:
    """``search_lags``: the index changes only when told; ``keeps_marks``: unified storage;
    ``swallows_groups``: rule groups are answered well and not stored; ``lists_heads``: listings leave contents out when
    asked to; ``tells_conversions``: answers at `v1` and `v2` say that they were converted, as 13.0 did not always;
    ``failing_conversions``: the uids of classic dashboards that cannot be converted.
    """

    version: str = "12.4.3"
    prefix: str = ""
    hide_version: bool = False
    anonymous_role: str | None = None
    latency: float = 0.0
    search_lags: bool = False
    keeps_marks: bool = True
    swallows_groups: bool = False
    lists_heads: bool = True
    namespace: str = "default"
    tells_conversions: bool = True
    failing_conversions: set[str] = field(default_factory=set)
    hides_permissions: bool = False

    @property
    def major(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The API groups, by the name before `.grafana.app`, and their versions, the preferred one first."""
        number = tuple(map(int, self.version.split(".")[:2]))
        served: dict[str, tuple[str, ...]] = {}
        for since, groups in _SERVED.items():
            served |= groups if since <= number else {}
        return served

    @property
    def dashboard_versions(self) -> tuple[str, ...]:
        return self.groups.get("dashboard", ())

    @property
    def preferred(self) -> str:
        return self.dashboard_versions[0] if self.dashboard_versions else ""

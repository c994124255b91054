"""How a fake Grafana differs from another."""

from dataclasses import dataclass

_SERVED = {
    12: ("v1beta1", "v0alpha1", "v2beta1", "v2alpha1"),
    13: ("v1", "v1beta1", "v0alpha1", "v2", "v2beta1", "v2alpha1"),
}


@dataclass(frozen=True)
class FakeConfig:
    """``search_lags``: the index changes only when told; ``keeps_marks``: unified storage;
    ``swallows_groups``: rule groups are answered well and not stored; ``lists_heads``: listings leave contents out when
    asked to.
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

    @property
    def major(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    @property
    def dashboard_versions(self) -> tuple[str, ...]:
        return _SERVED.get(min(self.major, 13), ())

    @property
    def preferred(self) -> str:
        return self.dashboard_versions[0] if self.dashboard_versions else ""

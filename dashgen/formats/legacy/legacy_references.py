"""Data sources: a name becomes a reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_BUILT_IN = {
    "-- Grafana --": {"type": "grafana", "uid": "-- Grafana --"},
    "-- Mixed --": {"type": "datasource", "uid": "-- Mixed --"},
    "-- Dashboard --": {"type": "datasource", "uid": "-- Dashboard --"},
}


@dataclass(frozen=True, slots=True)
class References:
    """References by the names that a dashboard uses."""

    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def find(self, name: Any) -> Any:
        """The reference for a name; Grafana takes an unknown one as a uid and then as a name.

        Before: ``"Prometheus"``
        After: ``{"type": "prometheus", "uid": "prom"}``
        """
        if not isinstance(name, str):
            return name
        if name in self.known:
            return dict(self.known[name])
        if name in _BUILT_IN:
            return dict(_BUILT_IN[name])
        if name.startswith("$"):
            return {"uid": "${" + name.strip("${}") + "}"}
        return {"uid": name}

    def resolved(self, item: dict[str, Any]) -> dict[str, Any]:
        """A variable or annotation with a reference instead of a name."""
        if not item.get("datasource"):
            return {key: value for key, value in item.items() if key != "datasource"}
        return {**item, "datasource": self.find(item["datasource"])}

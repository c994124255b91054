"""A public dashboard as Grafana would find it: without its envelope, constants filled in, panels in one list."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Steps = tuple[str | int, ...]
_NAMES = {
    "bar-gauge": "bargauge", "grafana-bar-gauge-panel": "bargauge", "grafana-singlestat-panel": "singlestat",
    "singlestat2": "stat", "table2": "table", "text2": "text",
}  # fmt: skip


def as_dashboard(data: Any) -> Json:
    """The dashboard in a file."""
    if not isinstance(data, dict):
        raise TypeError("no object")
    if isinstance(data.get("dashboard"), dict):
        data = data["dashboard"]
    if isinstance(data.get("spec"), dict) and "apiVersion" in data:
        data = data["spec"]
    constants = {
        item["name"]: str(item.get("value"))
        for item in data.get("__inputs") or []
        if isinstance(item, dict) and item.get("type") == "constant"
    }
    return fill(data, constants) if constants else data


def fill(value: Any, constants: dict[str, str]) -> Any:
    """Constants of an export in their places."""
    if isinstance(value, dict):
        return {key: fill(part, constants) for key, part in value.items()}
    if isinstance(value, list):
        return [fill(part, constants) for part in value]
    if isinstance(value, str):
        return re.sub(r"\$\{([\w-]+)\}", lambda m: constants.get(m[1], m[0]), value)
    return value


def panels_of(dashboard: Json) -> list[Json]:
    """All panels in the order in which they stand, rows among them, without copies that repetition left."""
    found = []
    for row in dashboard.get("rows") or []:
        if isinstance(row, dict) and not row.get("repeatIteration"):
            found += [p for p in row.get("panels") or [] if isinstance(p, dict)]
    for panel in dashboard.get("panels") or []:
        if isinstance(panel, dict):
            found.append(panel)
            found += [p for p in panel.get("panels") or [] if isinstance(p, dict)]
    kept = [p for p in found if not (p.get("repeatPanelId") or p.get("repeatedByRow"))]
    return [p for p in kept if p.get("type") != "row"]


def kind_of(panel: Json) -> str:
    """The type of a panel by its name of today, of those that were only renamed."""
    kind = panel.get("type") or "timeseries"
    return _NAMES.get(kind, kind)


def leaves(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value with its path; empty containers are values too."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list) and value:
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))
    else:
        yield path, value


def at(value: Any, path: Steps) -> Any:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def spelled(path: Steps) -> str:
    """A path for people, without the numbers of items."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def number(value: Any) -> float | None:
    """A number, also from text."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

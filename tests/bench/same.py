"""Whether everybody's dashboards say the same."""

import json
from pathlib import Path
from typing import Any

Fact = tuple[str, str, tuple[tuple[str, str], ...]]


def facts(path: Path) -> list[Fact]:
    """Title, type and queries of each panel of a dashboard file, in order."""
    data = json.loads(path.read_text(encoding="utf-8"))
    panels: list[dict[str, Any]] = []
    for panel in data["panels"]:
        panels += [panel, *(panel.get("panels") or [])]
    return [_fact(panel) for panel in panels if panel["type"] != "row"]


def _fact(panel: dict[str, Any]) -> Fact:
    queries = tuple((target["expr"], target["legendFormat"]) for target in panel["targets"])
    return panel["title"], panel["type"], queries


def same(paths: list[Path]) -> bool:
    """Whether all files say the same."""
    first, *others = (facts(path) for path in paths)
    return all(other == first for other in others)

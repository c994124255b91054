"""The table of panel types' defaults, against what a lowered panel writes that has no key but its type."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.compare import compare
from dashgen.core.json_values import ABSENT, at, dotted, same, walk
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.panel_defaults import CUSTOM, OPTIONS
from dashgen.formats.resources import Resources
from dashgen.formats.upgrade.upgrade_panels import with_defaults
from tests.lower.settled import built_panel
from tests.lower.test_panels import FILES, _file

CHOSEN = {
    "alertlist": {"sortOrder", "stateFilter.noData"},
    "barchart": {"tooltip.mode", "tooltip.sort"},
    "bargauge": {"orientation"},
    "candlestick": {"fillOpacity", "tooltip.mode", "tooltip.sort"},
    "dashlist": {"showSearch", "showStarred"},
    "geomap": {"view.id", "view.zoom"},
    "histogram": {"tooltip.mode", "tooltip.sort"},
    "logs": {"showTime"},
    "piechart": {"legend.placement", "legend.values", "tooltip.sort"},
    "stat": {"graphMode"},
    "timeseries": {"fillOpacity", "tooltip.mode", "tooltip.sort"},
    "trend": {"fillOpacity", "tooltip.mode", "tooltip.sort"},
}
"""Where a spec's default is another than Grafana's."""
WITHOUT_DEFAULT = {
    "candlestick": {"colors.flat"},
    "canvas": {"root"},
    "dashlist": {"includeVars", "keepTime", "showFolderNames"},
    "geomap": {"layers"},
    "grafana-clock-panel": {"clockType", "dateSettings", "mode", "timezone", "timezoneSettings"},
    "news": {"feedUrl"},
    "state-timeline": {"insertNulls", "spanNulls"},
    "text": {"content"},
    "timeseries": {"axisSoftMin"},
    "trend": {"axisSoftMin"},
}
"""What is written always, for an option that has no default of its own."""
PARTS = ((OPTIONS, ("options",)), (CUSTOM, ("fieldConfig", "defaults", "custom")))


def _plain(path: Path) -> dict[str, Any]:
    kind, source, _ = _file(path)
    return built_panel(kind, {"uid": "x"} if kind == "library" else {}, source)


def _is_in(path: str, known: set[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_table_has_each_default_that_a_lowered_panel_writes(path: Path) -> None:
    panel = _plain(path)
    kind = panel.get("type", "library")
    missing, other = set(), set()
    for table, part in PARTS:
        for steps, value in walk(at(panel, part, {})):
            default = at(table.get(kind, {}), steps)
            name = dotted(steps)
            if not steps or same(value, list(default) if isinstance(default, tuple) else default):
                continue
            if _is_in(name, CHOSEN.get(kind, set())):
                other.add(next(one for one in CHOSEN[kind] if _is_in(name, {one})))
            elif not (default is ABSENT and _is_in(name, WITHOUT_DEFAULT.get(kind, set()))):
                missing.add(f"{name}: {value!r}, not {default!r}")
    assert missing == set()
    assert other == CHOSEN.get(kind, set())


@pytest.mark.parametrize("kind", sorted({*OPTIONS, *CUSTOM}))
def test_an_import_writes_the_defaults_and_a_diff_does_not_see_them(kind: str) -> None:
    bare = {"id": 1, "type": kind, "title": "T", "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0}}
    bare = {**bare, "options": {}, "fieldConfig": {"defaults": {"custom": {}}, "overrides": []}}
    full = with_defaults(bare)
    assert all(
        at(full, (*part, *steps)) == value
        for table, part in PARTS
        for steps, value in walk(table.get(kind, {}))
    )
    sides = ([dashboard_resource({"uid": "x", "title": "X", "panels": [panel]})] for panel in (bare, full))
    assert compare(*map(Resources, sides)) == []

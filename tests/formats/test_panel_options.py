"""The one table of panel types' options, against what lowered panels write."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from dashgen.compare import compare
from dashgen.compile.lower.panels import panel_types
from dashgen.core.json_values import ABSENT, at, dotted, same, walk
from dashgen.formats.json_shapes import plain_schema
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.panel_options import CUSTOM, OPTIONS, PANEL_TABLE
from dashgen.formats.resources import Resources
from dashgen.formats.upgrade.upgrade_panels import with_defaults
from tests.lower.settled import built_panel
from tests.lower.test_panels import CASES, FILES, _file

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


def test_every_panel_type_of_grafana_has_its_options_in_the_table() -> None:
    # A library panel has those of the panel that it refers to, and a plugin with an author in its name has its own.
    lowered = {kind for kind in panel_types() if kind != "library" and not kind.startswith("grafana-")}
    assert lowered == set(PANEL_TABLE)


@pytest.mark.parametrize(("path", "size"), CASES, ids=lambda part: getattr(part, "stem", part))
def test_what_a_lowered_panel_writes_has_the_type_and_range_of_the_table(path: Path, size: str) -> None:
    kind, source, cases = _file(path)
    panel = built_panel(kind, cases[size], source)
    for part, steps in (("options", ("options",)), ("custom", ("fieldConfig", "defaults", "custom"))):
        shape = plain_schema(PANEL_TABLE.get(kind, {}).get(part, {}))
        jsonschema_rs.validate(shape, at(panel, steps, {}))


@pytest.mark.parametrize("kind", sorted(PANEL_TABLE))
def test_every_default_of_the_table_has_the_type_and_range_beside_it(kind: str) -> None:
    def check(shape: dict[str, Any]) -> None:
        if "default" in shape:
            default = shape["default"]
            jsonschema_rs.validate(
                plain_schema(shape), list(default) if isinstance(default, tuple) else default
            )
        for inner in shape.get("properties", {}).values():
            check(inner)

    for shape in PANEL_TABLE[kind].values():
        check(shape)

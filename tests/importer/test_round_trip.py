"""What dashgen built comes back as specs that build to the same."""

import re
from pathlib import Path

import orjson
import pytest
import yaml

from dashgen.source.shipped_components import library_text
from tests.importer.support import ROOT, dashboard, imported, importer_for, rebuilt, small_project

OWN = sorted((ROOT / "generated" / "dashboards").rglob("*.json"))
GOLDEN = sorted((ROOT / "tests" / "lower" / "golden").glob("*.json"))
IN_RAW = {
    "candlestick.rich": {"options.colors.up", "options.fields.close", "options.fields.open"},
    "canvas.rich": {"options.root.background.color.fixed"},
    "clock.rich": {"options.countdownSettings.endText"},
    "heatmap.rich": {
        "options.calculation.xBuckets.value", "options.calculation.yBuckets.mode",
        "options.calculation.yBuckets.scale.log", "options.calculation.yBuckets.scale.type",
        "options.calculation.yBuckets.value",
    },
    "nodegraph.rich": {"options.nodes.arcs"},
    "traces.min": {"query"},
    "traces.rich": {"filters", "queryType"},
    "xychart.rich": {"options.mapping", "options.series"},
}  # fmt: skip
"""Golden panels with options that import has no words for, and those options."""


def _importable(path: Path) -> dict:
    """A golden panel as the whole pipeline would make it."""
    panel = orjson.loads(path.read_bytes())
    panel.pop("pluginVersion", None)
    return panel


def _by_hand(name: str) -> int:
    """How many lines people wrote for a dashboard of this project, for components in it, and for scalers that draw on it."""
    spec = (ROOT / "specs" / "dashboards" / f"{name}.yaml").read_text(encoding="utf-8")
    lines = spec.split("\n")
    for used in re.findall(r"use: (std/\w+)", spec):
        component = yaml.safe_load(library_text(used))["components"][used]
        body = component.get("row") or component.get("panel")
        lines += yaml.safe_dump(body, width=120, default_flow_style=False).split("\n")
    for document in (ROOT / "specs" / "scalers.yaml").read_text(encoding="utf-8").split("\n---\n"):
        lines += document.split("\n") if f"panel: {name}/" in document else []
    return sum(bool(line.strip()) and not line.startswith("#") for line in lines)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_a_dashboard_of_this_project_comes_back_exactly(path, tmp_path):
    importer = importer_for(ROOT)
    file = imported(path.read_bytes(), tmp_path, importer)
    assert rebuilt(file, importer) == orjson.loads(path.read_bytes())
    assert file.imported.differences == []
    assert file.text.count("\n") <= 1.25 * _by_hand(path.stem)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_panel_type_comes_back_exactly(path, tmp_path):
    importer = importer_for(small_project(tmp_path))
    panel = _importable(path)
    file = imported(dashboard(panel), tmp_path, importer)
    built = rebuilt(file, importer)["panels"][0]
    derived = {"id"} if "targets" in panel else {"id", "targets", "datasource"}
    assert {k: v for k, v in built.items() if k not in derived} == {
        k: v for k, v in panel.items() if k not in derived
    }
    assert file.imported.differences == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_panel_type_has_keys(path, tmp_path):
    file = imported(dashboard(_importable(path)), tmp_path, importer_for(small_project(tmp_path)))
    assert {key for _, keys in file.imported.notes.raw for key in keys} == IN_RAW.get(path.stem, set())


def test_importing_what_was_imported_changes_nothing_more(tmp_path):
    importer = importer_for(ROOT)
    first = imported(OWN[0].read_bytes(), tmp_path, importer)
    second = imported(rebuilt(first, importer), tmp_path, importer)
    assert second.text == first.text


def test_the_keys_of_a_panel_are_in_the_order_of_its_options_by_name(tmp_path):
    importer = importer_for(small_project(tmp_path))
    options = {"textMode": "value", "graphMode": "line", "colorMode": "background", "justifyMode": "center"}
    panel = {
        "type": "stat", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "options": options,
        "targets": [{"refId": "A", "expr": "up"}],
    }  # fmt: skip
    text = imported(dashboard(panel), tmp_path, importer).text
    keys = [key for line in text.splitlines() if (key := line.strip().partition(":")[0]) in KEYS]
    assert keys == KEYS


KEYS = ["color_mode", "graph", "justify", "text_mode"]

"""Tabs, conditions and layouts of schema v2 become words of the language, and build to the same again."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings

from dashgen.formats.v2 import extended_dashboard, v2_spec
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_summary import headline
from tests.formats.v2.extended_dashboards import dashboards
from tests.importer.support import imported, importer_for, rebuilt, skeleton, small_project, spec_of

Json = dict[str, Any]
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
AUTO = {"kind": "auto", "columns": 3, "columnWidth": "standard", "rowHeight": "standard", "fill": False}
TIER = {"type": "custom", "name": "tier", "query": "free,pro", "multi": True}
PRO = {"kind": "variable", "variable": "tier", "operator": "equals", "value": "pro"}


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Importer:
    return importer_for(small_project(tmp_path_factory.mktemp("project")))


def panel(number: int, **keys: Any) -> Json:
    """A stat as wide as the grid."""
    return {
        "id": number,
        "type": "stat",
        "title": f"P{number}",
        "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
        "datasource": PROMETHEUS,
        "targets": [{"refId": "A", "datasource": PROMETHEUS, "expr": f"m{number}"}],
        **keys,
    }


def section(title: str, *, collapsed: bool = False, repeat: str = "", **dynamic: Any) -> Json:
    """The header of a row or tab."""
    header = {"type": "row", "title": title, "collapsed": collapsed, "panels": [], "dynamic": dynamic}
    return {**header, "repeat": repeat} if repeat else header


def tab(title: str, **keys: Any) -> Json:
    return section(title, kind="tab", **keys)


def row(title: str, level: int = 1, **keys: Any) -> Json:
    return section(title, kind="row", level=level, **keys)


def board(*panels: Json, **keys: Any) -> Json:
    """A dashboard of schema v2 with panels and headers one below the other."""
    y, placed = 0, []
    for one in panels:
        height = 1 if one["type"] == "row" else 8
        placed.append({**one, "gridPos": {**one.get("gridPos", {"x": 0, "w": 24}), "y": y, "h": height}})
        y += height
    dashboard = {"uid": "x", "title": "X", "schemaVersion": 42, "timezone": "browser", "panels": placed}
    return {
        "apiVersion": "dashboard.grafana.app/v2",
        "kind": "Dashboard",
        "metadata": {"name": "x"},
        "spec": v2_spec({**dashboard, "templating": {"list": [TIER]}, **keys}),
    }


WORDS = {
    "tabs": (
        board(tab("Overview"), panel(1), tab("Costs"), row("Detail"), panel(2), row("Trend"), panel(3)),
        {
            "tabs": [
                {"title": "Overview", "panels": ["P1"]},
                {
                    "title": "Costs",
                    "rows": [{"title": "Detail", "panels": ["P2"]}, {"title": "Trend", "panels": ["P3"]}],
                },
            ]
        },
    ),
    "collapsed rows": (
        board(tab("A"), row("Closed", collapsed=True) | {"panels": [panel(1, gridPos={"x": 0, "y": 1, "w": 24, "h": 8})]}),
        {"tabs": [{"title": "A", "rows": [{"title": "Closed", "collapsed": True, "panels": ["P1"]}]}]},
    ),
    "tabs in a collapsed row": (
        board(row("R", 0, collapsed=True), section("T", kind="tab", level=1), panel(1)),
        {"rows": [{"title": "R", "collapsed": True, "tabs": [{"title": "T", "panels": ["P1"]}]}]},
    ),
    "conditions": (
        board(
            tab("A", showWhen={"items": [PRO]}),
            row("R", showWhen={"visibility": "hide", "items": [PRO, {"kind": "timeRange", "value": "7d"}]}),
            panel(1),
            tab("B", layout=AUTO),
            panel(2, dynamic={"showWhen": {"join": "or", "items": [PRO, {"kind": "data", "value": False}]}}),
        ),
        {
            "tabs": [
                {
                    "title": "A",
                    "show_when": {"variable": "tier", "equals": "pro"},
                    "rows": [
                        {
                            "title": "R",
                            "hide_when": [{"variable": "tier", "equals": "pro"}, {"time_range": "7d"}],
                            "panels": ["P1"],
                        }
                    ],
                },
                {"title": "B", "layout": "auto", "panels": ["P2"]},
            ]
        },
    ),
    "layouts": (
        board(
            tab("A", layout={**AUTO, "columns": 2, "columnWidth": 300, "fill": True}),
            panel(1),
            tab("B", layout={**AUTO, "rowHeight": "tall"}),
            panel(2),
        ),
        {
            "tabs": [
                {"title": "A", "layout": {"columns": 2, "column_width": 300, "fill": True}, "panels": ["P1"]},
                {"title": "B", "layout": {"row_height": "tall"}, "panels": ["P2"]},
            ]
        },
    ),
    "one layout for all": (
        board(tab("A", layout=AUTO), panel(1), tab("B", layout=AUTO), panel(2)),
        {
            "layout": "auto",
            "tabs": [{"title": "A", "panels": ["P1"]}, {"title": "B", "panels": ["P2"]}],
        },
    ),
    "a layout of the dashboard": (
        board(panel(1), panel(2), dynamic={"layout": {**AUTO, "columns": 4}}),
        {"layout": {"columns": 4}, "panels": ["P1", "P2"]},
    ),
    "rows that only schema v2 has": (
        board(row("A", 0, hideHeader=True, fillScreen=True), panel(1), row("", 0, hideHeader=True, layout=AUTO), panel(2)),
        {
            "rows": [
                {"title": "A", "hide_header": True, "fill_screen": True, "panels": ["P1"]},
                {"layout": "auto", "panels": ["P2"]},
            ]
        },
    ),
    "repeated tabs": (
        board(tab("A $tier", repeat="tier"), panel(1)),
        {"tabs": [{"title": "A $tier", "repeat": "tier", "panels": ["P1"]}]},
    ),
    "variables of a tab": (
        board(tab("A", variables=[{"type": "textbox", "name": "q", "query": "x"}]), panel(1)),
        {"tabs": [{"title": "A", "variables": [{"type": "textbox", "name": "q", "default": "x"}], "panels": ["P1"]}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_sections_become_words(name: str, importer: Importer, tmp_path: Path) -> None:
    source, expected = WORDS[name]
    file = imported(source, tmp_path, importer)
    assert file.imported.differences == []
    assert not file.imported.notes.lost()
    spec = spec_of(file)
    assert {
        key: _titles(spec[key]) for key in ("layout", "tabs", "rows", "panels") if key in spec
    } == expected
    original = extended_dashboard(source["spec"], "x").dashboard
    assert skeleton(rebuilt(file, importer)) == skeleton(original)


def _titles(value: Any) -> Any:
    """The spec with its panels as their titles."""
    if isinstance(value, dict):
        return {
            key: [one["title"] for one in part] if key == "panels" else _titles(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [one["title"] if "query" in one else _titles(one) for one in value]
    return value


PANELS = {
    "subtitle": ({"dynamic": {"subtitle": "of all"}}, {"subtitle": "of all"}),
    "time comparison": ({"timeCompare": "1w"}, {"time_compare": "1w"}),
    "threshold of a variable": (
        {
            "fieldConfig": {
                "defaults": {
                    "thresholds": {
                        "mode": "absolute",
                        "steps": [
                            {"color": "green", "value": None},
                            {"color": "red", "value": 80, "valueExpr": "$tier"},
                        ],
                    }
                }
            }
        },
        {"thresholds": {"green": 0, "red": {"value": "$tier", "fallback": 80}}},
    ),
    "gradient": (
        {
            "fieldConfig": {
                "defaults": {
                    "color": {"mode": "gradient", "fixedColor": "blue", "gradientColorTo": "red"}
                }
            }
        },
        {"color": {"start": "blue", "end": "red"}},
    ),
    "palette": (
        {"fieldConfig": {"defaults": {"color": {"mode": "palette-colorblind"}}}},
        {"color": "palette-colorblind"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PANELS)
def test_what_panels_of_schema_v2_have_becomes_words(name: str, importer: Importer, tmp_path: Path) -> None:
    keys, expected = PANELS[name]
    file = imported(board(panel(1, **keys)), tmp_path, importer)
    assert file.imported.differences == []
    (spec,) = spec_of(file)["panels"]
    assert {key: spec.get(key) for key in expected} == expected
    assert "raw" not in spec


def test_a_switch_becomes_one(importer: Importer, tmp_path: Path) -> None:
    options = [{"text": "1", "value": "1", "selected": True}, {"text": "0", "value": "0", "selected": False}]
    switch = {"type": "switch", "name": "s", "current": {"text": "1", "value": "1"}, "options": options}
    file = imported(board(panel(1), templating={"list": [switch]}), tmp_path, importer)
    (spec,) = spec_of(file)["variables"]
    assert {key: spec[key] for key in ("type", "name", "on", "off", "default")} == {
        "type": "switch",
        "name": "s",
        "on": "1",
        "off": "0",
        "default": "1",
    }


def test_what_no_word_says_of_a_section_stays_in_raw(importer: Importer, tmp_path: Path) -> None:
    annotation = {"name": "Deploys", "enable": True, "iconColor": "red"}
    unknown = {"kind": "variable", "variable": "gone", "operator": "equals", "value": "x"}
    source = board(
        tab("A", annotations=[annotation], showWhen={"items": [unknown]}), panel(1), tab("B"), panel(2)
    )
    file = imported(source, tmp_path, importer)
    assert file.imported.differences == []
    raw = spec_of(file)["tabs"][0]["raw"]["dynamic"]
    assert raw["showWhen"]["items"] == [unknown]
    assert raw["annotations"][0]["name"] == "Deploys"
    original = extended_dashboard(source["spec"], "x").dashboard
    assert [_said(one) for one in skeleton(rebuilt(file, importer))] == list(map(_said, skeleton(original)))


def test_alike_panels_in_tabs_are_folded(importer: Importer, tmp_path: Path) -> None:
    parts: list[Json] = []
    for number in range(6):
        parts += [
            tab(f"Node {number}"),
            row("Load"),
            panel(number + 1, title="Load", description="How busy it is."),
        ]
    file = imported(board(*parts), tmp_path, importer)
    assert file.imported.differences == []
    assert "for_each" in file.text
    assert len(skeleton(rebuilt(file, importer))) == 18


def test_the_summary_names_the_tabs(importer: Importer, tmp_path: Path) -> None:
    file = imported(board(tab("Overview"), panel(1), tab("Costs"), panel(2)), tmp_path, importer)
    assert "2 panels in 2 tabs (Overview, Costs)" in headline("x.json", file)


_UNKNOWN = {"größe": "size", '"$source"': "null", "$logs": "logs"}
"""What an import leaves out or refuses, with a note: names that Grafana does not take, unknown variables."""


def _known(dashboard: Json) -> Json:
    text = orjson.dumps(dashboard).decode()
    for before, after in _UNKNOWN.items():
        text = text.replace(before, after)
    known: Json = orjson.loads(text)
    return known


# Without shrinking: each try imports and builds, so it would take minutes.
@settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.generate),
)
@pytest.mark.property
@given(dashboard=dashboards().map(_known))
def test_any_dashboard_of_schema_v2_keeps_its_sections(
    dashboard: Json, importer: Importer, tmp_path: Path
) -> None:
    spec = v2_spec(dashboard)
    source = {"apiVersion": "dashboard.grafana.app/v2", "metadata": {"name": "x"}, "spec": spec}
    file = imported(source, tmp_path, importer)
    assert not file.imported.problems
    assert file.imported.differences == []
    original, built = skeleton(extended_dashboard(spec, "x").dashboard), skeleton(rebuilt(file, importer))
    assert [_said(one) for one in built] == [_said(one) for one in original]


def _said(one: Json) -> Json:
    """A panel or header, with the names of its variables and annotations, in which defaults are filled in."""
    dynamic = dict(one.get("dynamic", {}))
    for key in ("variables", "annotations"):
        if key in dynamic:
            dynamic[key] = Counter(item["name"] for item in dynamic[key])
    return {**one, "dynamic": dynamic}

"""Dashboards of schema v2: each wrong place is found, at its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashgen.check.check_tree import validate_paths
from dashgen.check.v2_schema import v2_schema
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.formats.v2 import v2_envelope

from .samples import REMOVED, changed

Json = dict[str, Any]
_PROM = {"type": "prometheus", "uid": "prom"}
_CONDITION = {
    "visibility": "show",
    "join": "or",
    "items": [
        {"kind": "variable", "variable": "tier", "operator": "equals", "value": "pro"},
        {"kind": "timeRange", "value": "7d"},
        {"kind": "data", "value": True},
    ],
}


def _panel(number: int, **more: Any) -> Json:
    place = {"x": 0, "y": 8 * number, "w": 12, "h": 8}
    query = {"refId": "A", "expr": "sum(rate(x_total[5m]))", "datasource": _PROM}
    panel = {"id": number, "type": "timeseries", "title": f"P{number}", "gridPos": place, "datasource": _PROM}
    return {
        **panel,
        "targets": [query],
        "options": {},
        "fieldConfig": {"defaults": {}, "overrides": []},
        **more,
    }


def _header(title: str, top: int, **dynamic: Any) -> Json:
    place = {"x": 0, "y": top, "w": 24, "h": 1}
    return {
        "type": "row",
        "title": title,
        "collapsed": False,
        "panels": [],
        "gridPos": place,
        "dynamic": dynamic,
    }


_SECTION_VARIABLE = {
    "type": "custom",
    "name": "quantile",
    "query": "0.5,0.9",
    "current": {},
    "options": [],
    "hide": 0,
}
_VARIABLES = [
    {
        "type": "custom",
        "name": "tier",
        "query": "free,pro",
        "current": {"text": "free", "value": "free"},
        "options": [],
    },
    {
        "type": "query",
        "name": "job",
        "query": "label_values(up, job)",
        "datasource": _PROM,
        "current": {},
        "refresh": 1,
    },
]
_DASHBOARD: Json = {
    "uid": "shop", "title": "Shop", "schemaVersion": 42, "tags": ["dashgen"], "timezone": "", "time": {"from": "now-6h", "to": "now"},
    "templating": {"list": _VARIABLES}, "annotations": {"list": []}, "timepicker": {},
    "panels": [
        _header("Traffic", 0, kind="tab", level=0, showWhen=_CONDITION, variables=[_SECTION_VARIABLE]),
        _header("By job", 1, kind="row", level=1), _panel(1), _panel(2),
        _header("Latency", 40, kind="tab", level=0, layout={"kind": "auto", "rowHeight": 120}),
        _panel(3, dynamic={"showWhen": _CONDITION}),
    ],
}  # fmt: skip
SOUND = v2_envelope(_DASHBOARD)
_LAYOUT = "spec.layout.spec.tabs"
_GRID = f"{_LAYOUT}.0.spec.layout.spec.rows.0.spec.layout.spec.items"
_AUTO = f"{_LAYOUT}.1.spec.layout.spec"
_CONDITIONS = f"{_LAYOUT}.0.spec.conditionalRendering.spec"
_P1 = "spec.elements.panel-1.spec"
_QUERY = f"{_P1}.data.spec.queries.0.spec"

BROKEN: list[tuple[str, Any, str, str]] = [
    ("spec.elemnts", {}, "dashboard/unknown-key", "unknown key `elemnts`"),
    ("spec.preload", "yes", "dashboard/wrong-type", "expected true or false"),
    ("spec.cursorSync", "Cross", "dashboard/unknown-value", "`Cross` is not a value of `cursorSync`"),
    ("spec.timeSettings", REMOVED, "dashboard/missing-key", "`timeSettings` is missing"),
    ("spec.timeSettings.weekStart", "Monday", "dashboard/unknown-value", "`Monday`"),
    ("spec.timeSettings.from", "yesterday", "time/range", "yesterday"),
    ("spec.layout.kind", "Tabs", "resource/layout", "`Tabs` is not a value of `layout.kind`"),
    (f"{_LAYOUT}.0.spec.layout.kind", "Grid", "resource/layout", "`Grid`"),
    (f"{_LAYOUT}.0.spec.collapse", True, "dashboard/unknown-key", "unknown key `collapse`"),
    (f"{_LAYOUT}.0.kind", "RowsLayoutRow", "dashboard/unknown-value", "`RowsLayoutRow`"),
    (f"{_GRID}.0.spec.element.name", "panel-11", "resource/element", "there is no element `panel-11`"),
    (f"{_GRID}.0.spec.x", "0", "dashboard/wrong-type", "expected a whole number"),
    (f"{_GRID}.0.spec.x", 20, "panel/grid", "column 32"),
    (f"{_GRID}.1.spec.y", 12, "panel/overlap", "overlaps"),
    (f"{_GRID}.0.spec.repeat", {"mode": "variable", "value": "jobs"}, "dashboard/unknown-variable", "`jobs`"),
    (f"{_GRID}.0.spec.repeat", {"mode": "label", "value": "job"}, "dashboard/unknown-value", "`label`"),
    (f"{_AUTO}.rowHeight", REMOVED, "dashboard/missing-key", "`rowHeight` is missing"),
    (f"{_AUTO}.columnWidthMode", "broad", "dashboard/unknown-value", "`broad`"),
    (f"{_CONDITIONS}.visibility", "maybe", "dashboard/unknown-value", "`maybe`"),
    (f"{_CONDITIONS}.items.0.spec.operator", "=", "dashboard/unknown-value", "`=`"),
    (f"{_CONDITIONS}.items.0.spec.variable", "tiers", "resource/condition", "there is no such variable"),
    (f"{_CONDITIONS}.items.1.spec.value", "a week", "resource/condition", "`a week` is not a length of time"),
    (f"{_CONDITIONS}.items.2.spec.value", "true", "dashboard/wrong-type", "true or false"),
    (f"{_AUTO}.items.0.spec.conditionalRendering.spec.items.0.spec.variable", "quantile", "resource/condition", "`quantile`"),
    (f"{_LAYOUT}.1.spec.repeat", {"mode": "variable", "value": "jobs"}, "dashboard/unknown-variable", "`jobs`"),
    ("spec.elements.panel-2.spec.id", 1, "panel/id", "the panel id 1 is used twice"),
    (f"{_P1}.id", "1", "dashboard/wrong-type", "expected a whole number"),
    (f"{_P1}.titel", "x", "dashboard/unknown-key", "unknown key `titel`"),
    (f"{_P1}.vizConfig.group", "timeserie", "panel/type", "there is no panel type `timeserie`"),
    (f"{_P1}.vizConfig.spec.options.legnd", {}, "dashboard/unknown-key", "unknown key `legnd`"),
    (f"{_P1}.vizConfig.spec.fieldConfig.defaults.unit", "second", "panel/unit", "`second`"),
    (f"{_P1}.vizConfig.spec.fieldConfig.defaults.color", {"mode": "rainbow"}, "dashboard/unknown-value", "`rainbow`"),
    (f"{_P1}.data.spec.queryOptions.maxDataPoints", "100", "dashboard/wrong-type", "whole number"),
    (f"{_P1}.data.spec.queryOptions.timeFrom", "2 hours", "time/span", "2 hours"),
    (f"{_QUERY}.query.spec.expr", "sum(", "query/syntax", ""),
    (f"{_QUERY}.query.spec.expr", "up{a='$nope'}", "query/variable", "nope"),
    (f"{_QUERY}.query.datasource.name", "$sources", "datasource/unknown", "`sources`"),
    (f"{_QUERY}.hidden", REMOVED, "dashboard/missing-key", "`hidden` is missing"),
    ("spec.variables.0.spec.hide", "no", "dashboard/unknown-value", "`no`"),
    ("spec.variables.1.spec.name", "tier", "dashboard/duplicate-variable", "`tier` is defined twice"),
    ("spec.variables.1.spec.query.spec.__legacyStringValue", "label_value(up)", "query/syntax", ""),
    ("spec.variables.1.spec.sort", "up", "dashboard/unknown-value", "`up`"),
    (f"{_LAYOUT}.0.spec.variables.1", {"kind": "CustomVariable", "spec": {"name": "quantile", "query": "1", "current": {"text": "", "value": ""}}}, "dashboard/duplicate-variable", "twice in this section"),
    ("spec.title", "", "dashboard/title", "cannot be empty"),
]  # fmt: skip


def _checked(folder: Path, document: Json) -> tuple[list[Diagnostic], list[str]]:
    path = folder / "dashboards" / "shop.json"
    path.parent.mkdir()
    path.write_text(json.dumps(document, indent=1))
    found = validate_paths([path], show=lambda one: one.name)
    return [one for one in found if one.severity is not Severity.INFO], path.read_text().splitlines()


def _line_of(document: Json, path: str, value: Any) -> int:
    """The line of a value in the file, or of what is around it when it was taken out."""
    mark = "\x00mark"
    steps = path.split(".")
    # A value may stand several times: the marked copy has it once.
    marked = changed(document, path if value is not REMOVED else ".".join(steps[:-1]), mark)
    return next(
        n for n, line in enumerate(json.dumps(marked, indent=1).splitlines(), 1) if json.dumps(mark) in line
    )


def test_nothing_is_wrong_with_a_sound_one(tmp_path: Path) -> None:
    assert _checked(tmp_path, SOUND)[0] == []


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"),
    BROKEN,
    ids=[f"{number}: {wrong[0]}" for number, wrong in enumerate(BROKEN)],
)
def test_a_wrong_place_is_found_at_its_line(
    path: str, value: Any, rule: str, fragment: str, tmp_path: Path
) -> None:
    document = changed(SOUND, path, value)
    found, lines = _checked(tmp_path, document)
    listed = [f"{one.location} {one.rule}: {one.message}" for one in found]
    own = [one for one in found if one.rule == rule and fragment in one.message]
    assert own, listed
    assert own[0].location is not None
    assert own[0].location.span is not None
    line = own[0].location.span.line
    expected = _line_of(document, path, value)
    if rule in ("panel/grid", "panel/overlap"):
        # A place is wrong as a whole.
        assert lines[line - 1].strip() == '"spec": {'
        assert 0 < expected - line <= 4
        return
    # What is missing is reported at what it is missing in, which begins on that line.
    assert line == expected or (isinstance(value, dict) and expected < line < len(lines)), listed


def test_what_grafana_drops_is_a_warning_in_foreign_dashboards(tmp_path: Path) -> None:
    foreign = changed(changed(SOUND, "spec.tags", []), f"{_P1}.titel", "x")
    (found,) = _checked(tmp_path, foreign)[0]
    assert (found.rule, found.severity) == ("dashboard/unknown-key", Severity.WARNING)


def test_an_element_without_a_place_is_not_shown(tmp_path: Path) -> None:
    document = changed(SOUND, f"{_AUTO}.items", [])
    found = _checked(tmp_path, document)[0]
    assert [(one.rule, one.severity) for one in found] == [("resource/element", Severity.WARNING)]


@pytest.mark.parametrize("levels", [21, 150])
def test_layouts_in_each_other_end_somewhere(levels: int, tmp_path: Path) -> None:
    layout: Json = {"kind": "GridLayout", "spec": {"items": [5]}}
    for _ in range(levels):
        tab = {"kind": "TabsLayoutTab", "spec": {"title": "T", "layout": layout}}
        layout = {"kind": "TabsLayout", "spec": {"tabs": [tab]}}
    document = {**SOUND, "spec": {**SOUND["spec"], "layout": layout, "elements": {}}}
    (found,) = _checked(tmp_path, document)[0]
    assert (found.rule, "more than 20 levels" in found.message) == ("resource/layout", True)


@pytest.mark.parametrize(
    "spec", [{"elements": [], "layout": 5}, {"elements": {"a": None}, "layout": {"kind": []}}]
)
def test_no_broken_dashboard_stops_the_check(spec: Json, tmp_path: Path) -> None:
    assert _checked(tmp_path, {**SOUND, "spec": spec})[0]


@pytest.mark.parametrize("version", ["v2alpha1", "v2beta1", "v2"])
def test_every_version_is_read(version: str, tmp_path: Path) -> None:
    document = changed(SOUND, "apiVersion", f"dashboard.grafana.app/{version}")
    assert _checked(tmp_path, document)[0] == []


def test_the_schema_is_a_schema() -> None:
    from jsonschema import Draft202012Validator

    for version in ("v2beta1", "v2"):
        Draft202012Validator.check_schema(v2_schema(version))

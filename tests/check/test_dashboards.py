"""Dashboards as dashgen writes them, and as others do."""

import json
from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import DASHBOARD, DATA_SOURCES, PANEL, REMOVED, changed

_FILE = "dashboards/A/mission-control.json"
_SOURCES = {"provisioning/datasources/a.yaml": DATA_SOURCES}
_P = "panels.1"
_T = f"{_P}.targets.0"
_CUSTOM = f"{_P}.fieldConfig.defaults.custom"
_DEFAULTS = f"{_P}.fieldConfig.defaults"
_OVERRIDE = f"{_P}.fieldConfig.overrides.0"
_EXPR = {"type": "__expr__", "uid": "__expr__"}


def _expression(**keys: Any) -> dict[str, Any]:
    return {"refId": "B", "datasource": _EXPR, **keys}


BROKEN: list[tuple[str, str, Any, str, str]] = [
    # the top
    ("no title", "title", " ", "dashboard/title", "Dashboard title cannot be empty"),
    ("long title", "title", "x" * 5001, "name/too-long", "5000 are allowed"),
    ("long uid", "uid", "x" * 41, "dashboard/uid", "41 characters long"),
    ("bad uid", "uid", "a/b", "dashboard/uid", "characters other than"),
    ("long tag", "tags.1", "x" * 51, "name/too-long", "50 are allowed"),
    ("tag of another kind", "tags.1", 5, "dashboard/wrong-type",
     "expected text for `tags[1]` of the dashboard, got a number"),
    ("refresh", "refresh", "often", "dashboard/refresh", "`often` is not an interval"),
    ("refresh of another kind", "refresh", False, "dashboard/wrong-type", "expected text for `refresh`"),
    ("unknown key", "timezon", "utc", "dashboard/unknown-key", "unknown key `timezon` in the dashboard"),
    ("tooltip", "graphTooltip", 3, "dashboard/unknown-value", "`3` is not a value of `graphTooltip`"),
    ("week", "weekStart", "mon", "dashboard/unknown-value", "`mon` is not a value of `weekStart`"),
    ("time", "time", {"from": "now-1h"}, "dashboard/missing-key",
     "`to` is missing in `time` of the dashboard"),
    ("panels", "panels", {}, "dashboard/wrong-type", "`panels` of the dashboard has to be a list"),
    ("null", "description", None, "dashboard/null", "`description` is null"),
    # what older generators leave behind
    ("rows", "rows", [], "dashboard/unknown-key", "unknown key `rows`"),
    ("id", "id", 5, "dashboard/unknown-key", "unknown key `id`"),
    ("null id", "id", None, "dashboard/null", "`id` is null"),
    ("version", "version", 0, "dashboard/unknown-key", "unknown key `version`"),
    ("style", "style", "dark", "dashboard/unknown-key", "unknown key `style`"),
    ("shared crosshair", "sharedCrosshair", False, "dashboard/unknown-key", "unknown key `sharedCrosshair`"),
    ("time options", "timepicker.time_options", [], "dashboard/unknown-key",
     "unknown key `time_options` in `timepicker`"),
    ("span", f"{_P}.span", 6, "dashboard/unknown-key", "unknown key `span` in timeseries panel `Query rate`"),
    ("null editable", f"{_P}.editable", None, "dashboard/null", "`editable` is null"),
    ("error", f"{_P}.error", False, "dashboard/unknown-key", "unknown key `error`"),
    ("null point mode", f"{_P}.nullPointMode", "null", "dashboard/unknown-key",
     "unknown key `nullPointMode`"),
    ("step factor", f"{_T}.stepFactor", 2, "dashboard/unknown-key", "unknown key `stepFactor`"),
    ("data source as text", f"{_P}.datasource", "Prometheus", "dashboard/wrong-type",
     "expected an object for `datasource`"),
    ("data source of a query as text", f"{_T}.datasource", "prom", "dashboard/wrong-type",
     "expected an object for `targets[0].datasource`"),
    ("fields without overrides", f"{_P}.fieldConfig.overrides", REMOVED, "dashboard/missing-key",
     "`overrides` is missing"),
    ("threshold value as text", f"{_DEFAULTS}.thresholds.steps.0.value", "null", "dashboard/wrong-type",
     "a number or null"),
    ("threshold key", f"{_DEFAULTS}.thresholds.steps.1.op", "gt", "dashboard/unknown-key",
     "unknown key `op`"),
    ("angular panel", f"{_P}.type", "graph", "panel/angular", "panels of type `graph` do not run"),
    # panels
    ("no type", f"{_P}.type", REMOVED, "dashboard/missing-key", "`libraryPanel` or `type` is missing"),
    ("no place", f"{_P}.gridPos", REMOVED, "dashboard/missing-key", "`gridPos` is missing"),
    ("no id", f"{_P}.id", REMOVED, "dashboard/missing-key", "`id` is missing"),
    ("id of zero", f"{_P}.id", 0, "dashboard/out-of-range", "`0` is out of range"),
    ("id twice", f"{_P}.id", 2, "panel/id", "the panel id 2 is used twice"),
    ("too wide", f"{_P}.gridPos.w", 25, "dashboard/out-of-range", "`25` is out of range"),
    ("beyond the grid", f"{_P}.gridPos.x", 20, "panel/grid", "reaches column 32: the grid has 24"),
    ("no height", f"{_P}.gridPos.h", 0, "dashboard/out-of-range", "`0` is out of range"),
    ("overlap", f"{_P}.gridPos.y", 0, "panel/overlap",
     "timeseries panel `Query rate` overlaps row `Traffic`"),
    ("open row with panels", "panels.2.collapsed", False, "panel/row", "is open but has its panels inside"),
    ("panels in a panel", f"{_P}.panels", [{**PANEL, "id": 3}], "dashboard/unknown-key",
     "unknown key `panels`"),
    ("repeat", f"{_P}.repeat", "model", "dashboard/unknown-variable", "repeated by `model`"),
    ("repeat direction", f"{_P}.repeatDirection", "x", "dashboard/unknown-value", "`x` is not a value"),
    ("option", f"{_P}.options.legnd", {}, "dashboard/unknown-key", "unknown key `legnd` in `options`"),
    ("legend", f"{_P}.options.legend.displayMode", "tabel", "dashboard/unknown-value",
     "`tabel` is not a value of `options.legend"),
    ("reducer", f"{_P}.options.legend.calcs", ["avg"], "dashboard/unknown-value", "`avg` is not a value"),
    ("custom", f"{_CUSTOM}.lineWidht", 1, "dashboard/unknown-key", "unknown key `lineWidht`"),
    ("custom kind", f"{_CUSTOM}.lineWidth", "1", "dashboard/wrong-type", "expected a number for"),
    ("custom range", f"{_CUSTOM}.fillOpacity", 200, "dashboard/out-of-range", "`200` is out of range"),
    ("two kinds", f"{_CUSTOM}.spanNulls", "yes", "dashboard/wrong-type",
     "expected true or false or a number"),
    ("unit", f"{_DEFAULTS}.unit", 5, "dashboard/wrong-type", "expected text for `fieldConfig.defaults.unit`"),
    ("colour", f"{_DEFAULTS}.color.mode", "palete-classic", "dashboard/unknown-value",
     "`palete-classic` is not a value"),
    ("no thresholds", f"{_DEFAULTS}.thresholds.steps", [], "dashboard/empty", "is empty"),
    ("mapping type", f"{_DEFAULTS}.mappings.0.type", "vale", "dashboard/unknown-value",
     "`vale` is not a value"),
    ("mapping result", f"{_DEFAULTS}.mappings.0.options.0.txt", "x", "dashboard/unknown-key",
     "unknown key `txt`"),
    ("data link", f"{_DEFAULTS}.links.0.ulr", "x", "dashboard/unknown-key", "unknown key `ulr`"),
    ("matcher", f"{_OVERRIDE}.matcher.id", "byRegex", "dashboard/unknown-value", "`byRegex` is not a value"),
    ("property", f"{_OVERRIDE}.properties.0.id", "custom.width", "dashboard/unknown-value",
     "`custom.width` is not a value"),
    ("property value", f"{_OVERRIDE}.properties.0.value", "3", "dashboard/wrong-type", "expected a number"),
    ("transformation", f"{_P}.transformations.0.id", "organise", "dashboard/unknown-value",
     "`organise` is not a value"),
    # queries
    ("no refId", f"{_T}.refId", REMOVED, "dashboard/missing-key", "`refId` is missing"),
    ("empty refId", f"{_T}.refId", "", "dashboard/empty", "is empty"),
    ("refId twice", f"{_P}.targets.1", PANEL["targets"][0], "panel/ref-id", "the refId `A` is used twice"),
    ("query key", f"{_T}.legend", "x", "dashboard/unknown-key", "unknown key `legend` in `targets[0]`"),
    ("query format", f"{_T}.format", "timeseries", "dashboard/unknown-value", "`timeseries` is not a value"),
    ("empty query", f"{_T}.expr", "", "panel/no-query", "the query is empty"),
    ("syntax", f"{_T}.expr", "sum(rate(x[5m])", "query/syntax", ""),
    ("unknown data source", f"{_T}.datasource.uid", "promm", "datasource/unknown",
     "no data source with the uid `promm`"),
    ("unknown variable", f"{_T}.datasource.uid", "${ds}", "datasource/unknown",
     "the variable `ds`, which the dashboard does not define"),
    ("input", f"{_T}.datasource.uid", "${DS_PROM}", "dashboard/unresolved-input",
     "the input `DS_PROM` is not filled in"),
    ("expression", f"{_P}.targets.1", _expression(type="math", expression="$Z * 2"), "panel/expression",
     "refers to `Z`"),
    ("expression type", f"{_P}.targets.1", _expression(type="treshold"), "panel/expression",
     "`treshold` is not a type"),
    ("Loki key", f"{_P}.targets.1", {"refId": "B", "datasource": {"type": "loki", "uid": "loki"},
     "expr": '{a="b"}', "resolution": 1},
     "dashboard/unknown-key", "unknown key `resolution`"),
    ("Tempo filters", f"{_P}.targets.1", {"refId": "B", "datasource": {"type": "tempo", "uid": "tempo"},
     "query": "{}"},
     "dashboard/missing-key", "`filters` is missing"),
    # variables, annotations and links
    ("variable type", "templating.list.0.type", "querry", "dashboard/unknown-value",
     "`querry` is not a value"),
    ("variable key", "templating.list.0.useTags", False, "dashboard/unknown-key", "unknown key `useTags`"),
    ("variable name", "templating.list.0.name", "a b", "dashboard/unknown-value", "`a b` is not a value"),
    ("variable hide", "templating.list.0.hide", True, "dashboard/unknown-value", "`True` is not a value"),
    ("variable twice", "templating.list.1", {"type": "textbox", "name": "tier"},
     "dashboard/duplicate-variable", "`tier` is defined twice"),
    ("variable data source", "templating.list.0.datasource", "Prometheus", "dashboard/wrong-type",
     "expected an object"),
    ("annotation", "annotations.list.0.colour", "red", "dashboard/unknown-key", "unknown key `colour`"),
    ("annotation without colour", "annotations.list.0.iconColor", REMOVED, "dashboard/missing-key",
     "`iconColor` is missing"),
    ("link type", "links.0.type", "url", "dashboard/unknown-value",
     "`url` is not a value of `links[0].type`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    found = [
        d
        for d in check({_FILE: changed(DASHBOARD, path, value), **_SOURCES})
        if d.rule != "dashboard/file-name"
    ]
    if path in (f"{_P}.type", f"{_P}.targets.1") and len(found) > 1:
        found = [d for d in found if d.rule == rule]
    error = expect(found, rule, fragment)
    assert error.severity is Severity.ERROR
    assert error.location is not None
    assert error.location.span is not None


FINE: list[tuple[str, str, Any]] = [
    ("refresh may be off", "refresh", ""),
    ("refresh may follow the range", "refresh", "auto"),
    ("refresh in two units", "refresh", "1h30m"),
    ("panels of other types are free", f"{_P}", {**PANEL, "type": "acme-flow-panel",
     "options": {"anything": [1]}}),
    ("a panel from the library", f"{_P}", {"id": 1, "title": "L", "gridPos": PANEL["gridPos"],
     "libraryPanel": {"uid": "l", "name": "L"}}),
    ("a data source variable", f"{_T}.datasource.uid", "${tier}"),
    ("a short data source variable", f"{_T}.datasource.uid", "$tier"),
    ("mixed data sources", f"{_P}.datasource", {"type": "datasource", "uid": "-- Mixed --"}),
    ("another panel's data", f"{_T}.datasource", {"type": "datasource", "uid": "-- Dashboard --"}),
    ("an expression", f"{_P}.targets.1", _expression(type="math", expression="$A * 2")),
    ("a Loki query", f"{_P}.targets.1", {"refId": "B", "datasource": {"type": "loki", "uid": "loki"},
     "expr": '{app="bot"} | json', "queryType": "range"}),
    ("a Tempo query", f"{_P}.targets.1", {"refId": "B", "datasource": {"type": "tempo", "uid": "tempo"},
     "query": "{}", "queryType": "traceql", "filters": []}),
    ("a query of another data source", f"{_P}.targets.1", {"refId": "B", "datasource": {"type": "acme",
     "uid": "loki"}, "free": {"x": 1}}),
    ("the first step may lack its value", f"{_DEFAULTS}.thresholds.steps.0.value", REMOVED),
    ("an open range", f"{_DEFAULTS}.mappings.0", {"type": "range", "options": {"from": 5, "to": None,
     "result": {"text": "many"}}}),
    ("a special mapping", f"{_DEFAULTS}.mappings.0", {"type": "special", "options": {"match": "null+nan",
     "result": {"text": "-"}}}),
    ("an override by value", f"{_OVERRIDE}.matcher", {"id": "byValue", "options": {"op": "gt",
     "reducer": "max", "value": 1}}),
    ("a setting within a setting", f"{_OVERRIDE}.properties.0", {"id": "custom.stacking.mode",
     "value": "normal"}),
    ("a repeated panel", f"{_P}.repeat", "tier"),
    ("a custom variable", "templating.list.1", {"type": "custom", "name": "m", "query": "a,b",
     "current": {"text": ["a"], "value": ["a"]}}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), [f[1:] for f in FINE], ids=[f[0] for f in FINE])
def test_what_grafana_takes_is_fine(check: Check, path: str, value: Any) -> None:
    assert check({_FILE: changed(DASHBOARD, path, value), **_SOURCES}) == []


HINTS: list[tuple[str, str, Any, str]] = [
    ("nearest key", f"{_CUSTOM}.lineWidht", 1, "did you mean `lineWidth`?"),
    ("nearest value", f"{_P}.options.legend.displayMode", "tabel", "did you mean `table`?"),
    ("nearest transformation", f"{_P}.transformations.0.id", "organise", "did you mean `organize`?"),
    (
        "nearest property",
        f"{_OVERRIDE}.properties.0.id",
        "custom.linewidth",
        "did you mean `custom.lineWidth`?",
    ),
    ("what replaced a key", f"{_P}.span", 6, "give the panel a `gridPos`"),
    ("bounds", f"{_P}.gridPos.w", 25, "use at most 24"),
]


@pytest.mark.parametrize(("path", "value", "hint"), [h[1:] for h in HINTS], ids=[h[0] for h in HINTS])
def test_hints_say_what_to_do(check: Check, path: str, value: Any, hint: str) -> None:
    assert hint in [d.hint for d in check({_FILE: changed(DASHBOARD, path, value), **_SOURCES})]


def test_everything_that_is_wrong_is_said_at_once(check: Check) -> None:
    broken = DASHBOARD
    for path, value in (
        (f"{_CUSTOM}.a", 1),
        (f"{_P}.options.b", 1),
        ("c", 1),
        ("panels.2.panels.0.options.d", 1),
    ):
        broken = changed(broken, path, value)
    found = check({_FILE: broken})
    assert [d.message.split("`")[1] for d in found] == ["a", "b", "d", "c"]


def test_positions_are_those_of_keys_and_values(check: Check) -> None:
    text = json.dumps(changed(DASHBOARD, f"{_CUSTOM}.lineWidht", 1), indent=2, ensure_ascii=False)
    (found,) = check({_FILE: text})
    lines = text.split("\n")
    assert found.location is not None
    assert found.location.span is not None
    span = found.location.span
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == '"lineWidht"'


def test_tabs_in_json_do_not_matter(check: Check) -> None:
    text = json.dumps(changed(DASHBOARD, "refresh", "often"), indent="\t", ensure_ascii=False)
    found = expect(check({_FILE: text}), "dashboard/refresh", "often")
    assert found.location is not None
    assert found.location.span is not None
    assert text.split("\n")[found.location.span.line - 1].strip().startswith('"refresh"')


def test_a_file_with_another_name_is_a_warning(check: Check) -> None:
    found = expect(
        check({"dashboards/A/other.json": DASHBOARD}), "dashboard/file-name", "is called `other.json`"
    )
    assert found.severity is Severity.WARNING


def test_a_dashboard_that_is_too_large_is_an_error(check: Check) -> None:
    found = check({_FILE: b'{"title": "' + b"x" * 17_000_000 + b'"}'})
    expect(found, "file/too-large", "Grafana's limit is 16 MB")


def test_overlaps_are_found_inside_collapsed_rows(check: Check) -> None:
    child = {
        "id": 3,
        "type": "text",
        "title": "B",
        "gridPos": {"x": 12, "y": 12, "w": 12, "h": 4},
        "options": {},
    }
    found = expect(
        check({_FILE: changed(DASHBOARD, "panels.2.panels.1", child)}),
        "panel/overlap",
        "text panel `B` overlaps",
    )
    assert found.related


def test_each_overlapping_panel_is_named_once(check: Check) -> None:
    panels = [
        {"id": i + 1, "type": "text", "title": str(i), "gridPos": {"x": 0, "y": 0, "w": 24, "h": 9}}
        for i in range(4)
    ]
    found = check({_FILE: changed(DASHBOARD, "panels", panels)})
    assert [d.rule for d in found] == ["panel/overlap"] * 3


def test_huge_panels_do_not_take_long(check: Check) -> None:
    panels = [
        {
            "id": i + 1,
            "type": "text",
            "title": str(i),
            "gridPos": {"x": 0, "y": i * 10**9, "w": 24, "h": 10**9},
        }
        for i in range(50)
    ]
    assert check({_FILE: changed(DASHBOARD, "panels", panels)}) == []


def test_many_wrong_panels_are_cut_short(check: Check) -> None:
    panels = [
        {"id": i + 1, "type": "text", "colour": 1, "gridPos": {"x": 0, "y": i, "w": 24, "h": 1}}
        for i in range(600)
    ]
    found = check({_FILE: changed(DASHBOARD, "panels", panels)})
    assert len(found) == 501
    assert {d.rule for d in found} == {"dashboard/unknown-key", "dashboard/many-problems"}


def test_a_name_where_a_uid_belongs_is_a_warning(check: Check) -> None:
    found = check({_FILE: changed(DASHBOARD, f"{_T}.datasource.uid", "Prometheus"), **_SOURCES})
    assert expect(found, "datasource/by-name", "not its uid").severity is Severity.WARNING


def test_without_data_sources_no_reference_to_them_is_judged(check: Check) -> None:
    assert check({_FILE: changed(DASHBOARD, f"{_T}.datasource.uid", "elsewhere")}) == []


def test_a_list_among_dashboards_is_an_error(check: Check) -> None:
    expect(check({"dashboards/A/x.json": "[]"}), "dashboard/wrong-type", "a dashboard is a JSON object")


def test_an_api_body_is_no_dashboard(check: Check) -> None:
    found = check({"dashboards/A/x.json": {"dashboard": DASHBOARD, "overwrite": True}})
    expect(found, "dashboard/api-body", "the body of an API request")

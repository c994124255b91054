"""Dashboards of the new schema become specs."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.formats.upgrade.envelope import find_dashboard
from dashgen.formats.v2 import v2_spec
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_summary import urgent
from tests.formats.v2.v2_support import classic, envelope, grid, item, panel, query, rows, spec, tabs
from tests.importer.support import imported, importer_for, rebuilt, small_project, spec_of


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return importer_for(small_project(tmp_path))


def variable(kind: str, **said: Any) -> dict[str, Any]:
    """One variable in the classic form."""
    given = {"kind": kind, "spec": {"name": "v", **said}}
    built: dict[str, Any] = classic(grid(), variables=[given]).dashboard["templating"]["list"][0]
    return built


def one_panel(element: dict[str, Any]) -> dict[str, Any]:
    """A panel in the classic form."""
    built: dict[str, Any] = classic(grid(item(f"panel-{element['spec']['id']}")), element).dashboard[
        "panels"
    ][0]
    return built


def test_a_resource_becomes_a_spec_that_builds_to_the_same(tmp_path: Path, importer: Importer) -> None:
    board = spec(
        rows({"title": "Traffic", "layout": grid(item("panel-1"), item("panel-2", 12))}),
        panel(1, query("sum(rate(a[5m]))")),
        panel(2, query("b", source=None), kind="stat"),
        tags=["shop"],
        cursorSync="Crosshair",
    )
    result = imported(envelope(board), tmp_path, importer)
    assert result.imported.differences == []
    assert result.imported.problems == []
    produced = spec_of(result)
    assert (produced["uid"], produced["title"], produced["rows"][0]["title"]) == ("shop", "Shop", "Traffic")
    built = rebuilt(result, importer)
    assert [p["title"] for p in built["panels"]] == ["Traffic", "Panel 1", "Panel 2"]
    assert built["graphTooltip"] == 1
    assert built["time"] == {"from": "now-1h", "to": "now"}


def test_a_bare_spec_is_read_too(tmp_path: Path, importer: Importer) -> None:
    result = imported(spec(grid(item("panel-1")), panel(1, query("up"))), tmp_path, importer)
    assert spec_of(result)["panels"][0]["query"] == "up"


def test_the_report_says_what_a_project_of_classic_files_loses(tmp_path: Path, importer: Importer) -> None:
    board = spec(tabs({"title": "T", "layout": grid(item("panel-1"))}), panel(1, query("up")))
    file = imported(envelope(board), tmp_path, importer)
    assert not file.imported.notes.converted
    (line,) = urgent(file)
    assert line.startswith("the project's files have the classic form, in which tabs became rows")
    assert "`format: v2` in dashgen.yaml keeps it" in line


def test_the_first_version_names_plugins_by_kind() -> None:
    shown = {
        "pluginVersion": "12.0.0",
        "options": {"graphMode": "none"},
        "fieldConfig": {"defaults": {}, "overrides": []},
    }
    asked = {
        "kind": "PanelQuery",
        "spec": {
            "refId": "A", "hidden": True, "datasource": {"type": "loki", "uid": "logs"},
            "query": {"kind": "loki", "spec": {"expr": "{a=`b`}"}},
        },
    }  # fmt: skip
    element = panel(1, asked, vizConfig={"kind": "stat", "spec": shown}, transparent=True)
    built = one_panel(element)
    assert (built["type"], built["pluginVersion"], built["options"]) == (
        "stat",
        "12.0.0",
        {"graphMode": "none"},
    )
    source = {"type": "loki", "uid": "logs"}
    assert built["targets"] == [{"refId": "A", "expr": "{a=`b`}", "datasource": source, "hide": True}]
    assert (built["datasource"], built["transparent"]) == (source, True)


def test_queries_of_several_data_sources_are_mixed() -> None:
    built = one_panel(panel(1, query("a"), query("b", "B", "other")))
    assert built["datasource"] == {"type": "datasource", "uid": "-- Mixed --"}


def test_expressions_do_not_make_a_panel_mixed() -> None:
    built = one_panel(panel(1, query("a"), query("$A", "B", None, "__expr__")))
    assert built["datasource"] == {"type": "prometheus", "uid": "prometheus"}
    assert built["targets"][1]["datasource"] == {"type": "__expr__", "uid": "__expr__"}


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "reduce", "spec": {"id": "reduce", "options": {"x": 1}, "disabled": True}},
        {"kind": "Transformation", "group": "reduce", "spec": {"options": {"x": 1}, "disabled": True}},
    ],
)
def test_transformations_of_both_versions(part: dict[str, Any]) -> None:
    built = one_panel(
        panel(1, group={"transformations": [part], "queryOptions": {"interval": "1m", "timeFrom": "1h"}})
    )
    assert built["transformations"] == [{"id": "reduce", "options": {"x": 1}, "disabled": True}]
    assert (built["interval"], built["timeFrom"]) == ("1m", "1h")


def test_a_library_panel_stays_one() -> None:
    element = {
        "kind": "LibraryPanel",
        "spec": {"id": 4, "title": "Lib", "libraryPanel": {"name": "Lib", "uid": "lib"}},
    }
    built = one_panel(element)
    assert (built["id"], built["libraryPanel"]) == (4, {"name": "Lib", "uid": "lib"})


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (
            "QueryVariable",
            {
                "query": {"kind": "DataQuery", "group": "prometheus", "datasource": {"name": "p"}, "spec": {"__legacyStringValue": "x"}},
                "refresh": "onTimeRangeChanged", "sort": "naturalDesc", "hide": "hideLabel", "multi": True,
            },
            {
                "type": "query", "query": "x", "datasource": {"type": "prometheus", "uid": "p"}, "refresh": 2, "sort": 8,
                "hide": 1, "multi": True,
            },
        ),
        (
            "QueryVariable",
            {"query": {"kind": "DataQuery", "group": "loki", "spec": {"label": "app", "type": 1}}},
            {"type": "query", "query": {"label": "app", "type": 1}, "datasource": {"type": "loki"}},
        ),
        ("CustomVariable", {"query": "a,b", "hide": "inControlsMenu"}, {"type": "custom", "query": "a,b", "hide": 3}),
        ("ConstantVariable", {"query": "x", "hide": "hideVariable"}, {"type": "constant", "query": "x", "hide": 2}),
        ("CustomVariable", {"query": "a", "allowCustomValue": False}, {"type": "custom", "allowCustomValue": False}),
        ("TextVariable", {"query": "x"}, {"type": "textbox", "query": "x"}),
        ("DatasourceVariable", {"pluginId": "loki", "regex": "/x/"}, {"type": "datasource", "query": "loki", "regex": "/x/"}),
        ("IntervalVariable", {"query": "1m,5m", "auto": True, "auto_count": 30}, {"type": "interval", "auto": True, "auto_count": 30}),
        ("SwitchVariable", {"current": "true"}, {"type": "switch", "current": {"text": "true", "value": "true"}}),
    ],
)  # fmt: skip
def test_variables_have_their_classic_kind(kind: str, said: dict[str, Any], expected: dict[str, Any]) -> None:
    built = variable(kind, **said)
    assert {key: built.get(key) for key in expected} == expected


def test_ad_hoc_filters_keep_their_data_source() -> None:
    given = {
        "kind": "AdhocVariable", "group": "prometheus", "datasource": {"name": "p"},
        "spec": {"name": "v", "filters": [{"key": "a", "operator": "=", "value": "b"}]},
    }  # fmt: skip
    (built,) = classic(grid(), variables=[given]).dashboard["templating"]["list"]
    assert built["datasource"] == {"type": "prometheus", "uid": "p"}
    assert built["filters"]


def test_annotations_keep_their_query() -> None:
    asked = {
        "kind": "DataQuery",
        "group": "loki",
        "datasource": {"name": "logs"},
        "spec": {"expr": "{a=`b`}"},
    }
    given = {
        "kind": "AnnotationQuery",
        "spec": {
            "name": "Deploys",
            "enable": True,
            "hide": False,
            "iconColor": "red",
            "query": asked,
            "filter": {"ids": [1]},
        },
    }
    (built,) = classic(grid(), annotations=[given]).dashboard["annotations"]["list"]
    assert built["datasource"] == {"type": "loki", "uid": "logs"}
    assert built["target"] == {"expr": "{a=`b`}"}
    assert built["filter"] == {"ids": [1]}


def test_grafanas_own_annotations_keep_their_tags() -> None:
    asked = {"kind": "DataQuery", "group": "grafana", "spec": {"type": "tags", "tags": ["a"]}}
    given = {"kind": "AnnotationQuery", "spec": {"name": "Annotations", "builtIn": True, "query": asked}}
    (built,) = classic(grid(), annotations=[given]).dashboard["annotations"]["list"]
    assert (built["builtIn"], built["target"]) == (1, {"type": "tags", "tags": ["a"]})


def test_unknown_kinds_are_reported() -> None:
    result = classic(grid(), variables=[{"kind": "FutureVariable", "spec": {"name": "x"}}])
    assert result.notes == [("dropped", "a variable of kind `FutureVariable`")]


@pytest.mark.parametrize(
    "broken", [{"elements": {}, "layout": {}}, {"elements": {"a": 5}, "layout": grid(item("a"))}]
)
def test_an_empty_or_broken_dashboard_is_an_empty_one(
    broken: dict[str, Any], tmp_path: Path, importer: Importer
) -> None:
    result = imported(envelope({"title": "X", **broken}), tmp_path, importer)
    assert result.imported.panels == 0


@pytest.mark.parametrize("hide", ["dontHide", "hideLabel", "hideVariable", "inControlsMenu"])
def test_a_constant_is_as_hidden_as_it_was(tmp_path: Path, importer: Importer, hide: str) -> None:
    constant = {"kind": "ConstantVariable", "spec": {"name": "v", "query": "a", "hide": hide}}
    original = {"elements": {}, "layout": {}, "variables": [constant]}
    built = rebuilt(imported(original, tmp_path, importer), importer)
    assert v2_spec(built)["variables"][0]["spec"]["hide"] == hide


def _labelled(label: str, **keys: object) -> dict[str, Any]:
    query = {
        "kind": "DataQuery",
        "group": "prometheus",
        "labels": {"grafana.app/export-label": label},
        **keys,
    }
    return {"kind": "AnnotationQuery", "spec": {"name": label, "query": query}}


@pytest.mark.parametrize(
    ("annotations", "note"),
    [
        (
            [_labelled("p-1"), _labelled("p-2")],
            "the prometheus data sources `p-1`, `p-2` of the export became one",
        ),
        ([_labelled("p-1"), _labelled("p-1")], None),
        ([_labelled("p-1"), _labelled("p-2", datasource={"name": "x"})], None),
    ],
)
def test_data_sources_that_only_labels_tell_apart_are_reported(annotations: Any, note: str | None) -> None:
    notes = find_dashboard({"elements": {}, "layout": {}, "annotations": annotations}).notes
    assert [text for _, text in notes if "of the export" in text] == ([note] if note else [])

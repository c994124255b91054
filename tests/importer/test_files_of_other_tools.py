"""Files of Grizzly and of grafyaml are read like what those tools give to Grafana."""

import pytest

from dashgen.core.diagnostics import Diagnostic
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.grafyaml_dashboards import without_grafyaml
from dashgen.importer.grizzly_resources import folder_of_resource, opened_resource
from dashgen.importer.import_files import ImportedFile, import_input
from dashgen.importer.rules.rule_document import ImportedRules
from tests.importer.support import importer_for, rebuilt, small_project

PANEL = {
    "id": 1, "type": "timeseries", "title": "T", "datasource": {"type": "prometheus", "uid": "prometheus"},
    "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "targets": [{"refId": "A", "expr": "up"}],
}  # fmt: skip
BOARD = {"uid": "b", "title": "B", "schemaVersion": 42, "panels": [PANEL]}
RULE = {
    "uid": "wait", "title": "Wait", "condition": "B", "for": "5m", "noDataState": "OK", "execErrState": "Error",
    "folderUID": "f", "ruleGroup": "queue", "orgID": 1, "labels": {"severity": "critical"}, "annotations": {"summary": "s"},
    "data": [
        {"refId": "A", "datasourceUid": "prometheus", "relativeTimeRange": {"from": 600, "to": 0}, "model": {"expr": "sum(w)", "instant": True, "refId": "A"}},
        {"refId": "B", "datasourceUid": "__expr__", "model": {"type": "threshold", "expression": "A", "refId": "B", "conditions": [{"evaluator": {"type": "gt", "params": [9]}}]}},
    ],
}  # fmt: skip


def grizzly(kind, spec, **metadata):
    return {
        "apiVersion": "grizzly.grafana.com/v1alpha1",
        "kind": kind,
        "metadata": {"name": "n", **metadata},
        "spec": spec,
    }


def results(data, tmp_path):
    importer = importer_for(small_project(tmp_path))
    return list(import_input(ImportInput("a.yaml", data, 1), importer)), importer


def test_a_dashboard_of_grizzly_is_the_dashboard_in_it_and_its_folder_is_named(tmp_path):
    [result], importer = results(grizzly("Dashboard", BOARD, folder="sales"), tmp_path)
    assert isinstance(result, ImportedFile)
    assert (rebuilt(result, importer)["title"], result.name) == ("B", "b.yaml")
    assert list(result.imported.notes.dropped) == ["the folder with the uid `sales`: name it with `folder:`"]


@pytest.mark.parametrize("folder", ["general", ""])
def test_a_dashboard_at_the_root_has_no_folder_to_lose(folder):
    assert folder_of_resource(grizzly("Dashboard", BOARD, folder=folder)) == ""


@pytest.mark.parametrize("data", [BOARD, {"apiVersion": "v1", "metadata": {"folder": "x"}}, [], None])
def test_what_is_not_of_grizzly_stays_as_it_is(data):
    source = ImportInput("a.json", data, 1)
    assert opened_resource(source) is source
    assert folder_of_resource(data) == ""


@pytest.mark.parametrize(
    ("kind", "spec", "text"),
    [
        ("PrometheusRuleGroup", {"name": "g", "rules": [{"record": "a:b", "expr": "sum(c)"}]}, "record: 'a:b'"),
        ("AlertRuleGroup", {"title": "queue", "folderUid": "f", "interval": 60, "rules": [RULE]}, "when: above 9"),
        ("AlertContactPoint", {"name": "team", "uid": "t", "type": "email", "settings": {"addresses": "a@example.com"}, "provenance": "api"}, "to: a@example.com"),
        ("AlertNotificationPolicy", {"receiver": "team", "group_by": ["alertname"], "provenance": "api"}, "contact_point: team"),
        ("AlertNotificationTemplate", {"name": "title", "template": '{{ define "title" }}x{{ end }}'}, "templates: {title:"),
    ],
)  # fmt: skip
def test_alerting_of_grizzly_becomes_specs(kind, spec, text, tmp_path):
    [result], _ = results(grizzly(kind, spec), tmp_path)
    assert isinstance(result, ImportedRules)
    assert (result.differences, text in result.text) == ([], True), result.text
    assert not result.notes.dropped


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("Datasource", "kind `DataSources`"),
        ("DashboardFolder", "kind `Folder`"),
        ("LibraryElement", "from a Grafana"),
        ("SyntheticMonitoringCheck", "keep it where it is"),
        ("Thing", "what can be imported are Dashboard, AlertRuleGroup, PrometheusRuleGroup"),
    ],
)
def test_a_kind_of_grizzly_that_nothing_is_made_of_is_refused_with_what_to_do(kind, hint, tmp_path):
    [result], _ = results(grizzly(kind, {"name": "x"}), tmp_path)
    assert isinstance(result, Diagnostic)
    assert (result.rule, hint in result.hint) == ("import/kind", True), result


GRAFYAML = {
    "dashboard": {
        "title": "Hosts",
        "templating": [{"name": "host", "type": "query", "datasource": "prometheus", "query": "label_values(up, host)", "refresh": 1}],
        "rows": [
            {
                "title": "CPU", "height": "250px", "showTitle": True,
                "panels": [
                    {"title": "Idle", "type": "graph", "targets": [{"expr": "a"}], "legend": {"avg": True, "values": True}},
                    {"title": "Load", "type": "singlestat", "span": 6, "targets": [{"expr": "b"}]},
                ],
            }
        ],
    }
}  # fmt: skip


def test_a_dashboard_of_grafyaml_has_the_defaults_of_that_tool(tmp_path):
    [result], importer = results(GRAFYAML, tmp_path)
    assert isinstance(result, ImportedFile)
    built = rebuilt(result, importer)
    panels = [panel for panel in built["panels"] if panel["type"] != "row"]
    assert (built["title"], built["timezone"], [one["name"] for one in built["templating"]["list"]]) == (
        "Hosts",
        "utc",
        ["host"],
    )
    assert [panel["gridPos"]["w"] for panel in panels] == [24, 12]
    assert [panel["type"] for panel in panels] == ["timeseries", "stat"]
    assert panels[0]["options"]["legend"]["showLegend"] is False
    assert panels[0]["fieldConfig"]["defaults"]["custom"]["lineWidth"] == 2


@pytest.mark.parametrize(
    "data",
    [
        BOARD,
        {"dashboard": BOARD},
        {"dashboard": {"title": "T", "rows": []}, "meta": {"folderTitle": "F"}},
        {"dashboard": {"title": "T", "rows": []}, "overwrite": True},
        {"dashboard": {}},
        [],
        None,
    ],
)
def test_what_is_not_of_grafyaml_is_not_changed(data):
    assert without_grafyaml(data) is data

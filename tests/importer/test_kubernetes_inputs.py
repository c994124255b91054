"""Dashboards and rules inside resources of Kubernetes are read like the files that those stand for."""

import orjson

from dashgen.core.diagnostics import Diagnostic
from dashgen.importer.exported_inputs import parse

BOARD = {"uid": "x", "title": "X", "panels": []}
CONFIG = {
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"annotations": {"grafana_folder": "Ops"}},
    "data": {"d.json": orjson.dumps(BOARD).decode(), "readme.txt": "x"},
}  # fmt: skip


def given(data):
    result = parse("a.json", orjson.dumps(data))
    assert not isinstance(result, Diagnostic), result
    return result


def test_a_config_map_has_its_dashboards_in_its_folder():
    [result] = given(CONFIG)
    assert result.data == {"dashboard": BOARD, "meta": {"folderTitle": "Ops"}}


def test_a_list_of_resources_has_all_of_theirs():
    listed = {"apiVersion": "v1", "kind": "ConfigMapList", "items": [CONFIG, {**CONFIG, "metadata": {}}]}
    assert [one.data.get("title", "in Ops") for one in given(listed)] == ["in Ops", "X"]


def test_a_dashboard_of_the_grafana_operator_is_one():
    resource = {
        "apiVersion": "grafana.integreatly.org/v1beta1", "kind": "GrafanaDashboard", "metadata": {"name": "n"},
        "spec": {"json": orjson.dumps(BOARD).decode()},
    }  # fmt: skip
    assert [one.data for one in given(resource)] == [BOARD]


def test_what_is_wrong_in_a_resource_is_reported():
    result = parse("a.json", orjson.dumps({**CONFIG, "data": {"d.json": "{"}}))
    assert isinstance(result, Diagnostic)
    assert result.rule == "import/json"

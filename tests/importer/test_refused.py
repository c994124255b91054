"""What the build refuses of a dashboard that Grafana takes is kept in a form that builds, or goes with a reason."""

import pytest

from dashgen.importer.import_summary import losses
from tests.importer.support import dashboard, imported, importer_for, rebuilt, small_project, spec_of


@pytest.fixture
def importer(tmp_path):
    return importer_for(small_project(tmp_path))


UP = {
    "type": "timeseries",
    "title": "Up",
    "targets": [{"refId": "A", "expr": "up"}],
    "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
}


def _file(data, tmp_path, importer):
    file = imported(data, tmp_path, importer)
    assert file.imported.differences == []
    assert file.imported.problems == []
    return file


def _with_override(name, value):
    override = {
        "matcher": {"id": "byName", "options": "a"},
        "properties": [{"id": "unit", "value": "s"}, {"id": name, "value": value}],
    }
    return {**UP, "fieldConfig": {"defaults": {}, "overrides": [override]}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("custom.dashPattern", [10, 10]),  # near `custom.axisPlacement`
        ("custom.stacking", {"group": "A", "mode": "off"}),
        ("custom.lineWith", 3),
        ("custom.fillOpacity", "70"),
    ],
)
def test_a_property_that_no_panel_has_stays_as_it_is(name, value, tmp_path, importer):
    panel = _with_override(name, value)
    file = _file(dashboard(panel), tmp_path, importer)
    (built,) = rebuilt(file, importer)["panels"]
    (override,) = built["fieldConfig"]["overrides"]
    assert {"id": name, "value": value} in override["properties"]
    assert losses(file) == []


def test_a_property_of_another_type_stays_as_it_is(tmp_path, importer):
    panel = {**_with_override("custom.stacking", {"group": "A", "mode": "normal"}), "type": "barchart"}
    (built,) = rebuilt(_file(dashboard(panel), tmp_path, importer), importer)["panels"]
    assert built["fieldConfig"]["overrides"] == panel["fieldConfig"]["overrides"]


def test_hiding_says_all_three_places(tmp_path, importer):
    panel = _with_override("custom.hideFrom", {"legend": True})
    (built,) = rebuilt(_file(dashboard(panel), tmp_path, importer), importer)["panels"]
    properties = built["fieldConfig"]["overrides"][0]["properties"]
    hidden = next(item["value"] for item in properties if item["id"] == "custom.hideFrom")
    assert hidden == {"legend": True, "tooltip": False, "viz": False}


MISSPELT = [
    (dashboard({**UP, "options": {"timezones": ["browser"]}}), "`options.timezones` of a panel"),
    (dashboard({**UP, "maxDatapoints": 5}), "`maxDatapoints` of a panel"),
    (dashboard(UP, graphtooltip=1), "`graphtooltip` of a dashboard"),
    (
        dashboard({**UP, "targets": [{"refId": "A", "expr": "up", "legendFormats": "x"}]}),
        "`legendFormats` of a target",
    ),
    (
        dashboard(
            {"type": "row", "title": "R", "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}},
            {**UP, "gridPos": {**UP["gridPos"], "y": 1}, "targets": [{"refId": "A", "expr": "up"}, {"refId": "B", "expr": "up > 1", "legendFormats": "x"}]},
        ),
        "`legendFormats` of a target",
    ),
    (
        dashboard(UP, templating={"list": [{"type": "custom", "name": "v", "query": "a", "allowCustomValues": True}]}),
        "`allowCustomValues` of a variable",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "what"), MISSPELT)
def test_a_near_miss_of_a_key_goes_and_is_reported_once(data, what, tmp_path, importer):
    file = _file(data, tmp_path, importer)
    rebuilt(file, importer)
    assert [one for one in losses(file) if "`" in one] == [f"lost: {what}, which Grafana does not read"]


def test_a_row_repeated_by_a_variable_that_is_not_there_is_shown_once(tmp_path, importer):
    row = {"type": "row", "title": "R", "repeat": "zone", "collapsed": False, "panels": []}
    data = dashboard(
        {**row, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}},
        {**UP, "gridPos": {**UP["gridPos"], "y": 1}},
    )
    data.pop("templating")
    file = _file(data, tmp_path, importer)
    assert "repeat" not in spec_of(file)["rows"][0]
    assert "repeat" not in rebuilt(file, importer)["panels"][0]
    assert [one for one in losses(file) if "repetition of a row" in one]


def test_a_row_repeated_by_a_variable_that_is_there_stays_repeated(tmp_path, importer):
    row = {"type": "row", "title": "R", "repeat": "zone", "collapsed": False, "panels": []}
    data = dashboard(
        {**row, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}},
        {**UP, "gridPos": {**UP["gridPos"], "y": 1}},
    )
    file = _file(data, tmp_path, importer)
    assert spec_of(file)["rows"][0]["repeat"] == "zone"
    assert losses(file) == []


@pytest.mark.parametrize("text", ["01", "-007", "08", "00.5"])
def test_a_value_that_looks_like_a_number_is_quoted(text, tmp_path, importer):
    mappings = [{"type": "value", "options": {text: {"index": 0, "text": text}}}]
    panel = {**UP, "fieldConfig": {"defaults": {"mappings": mappings}, "overrides": []}}
    file = _file(dashboard(panel), tmp_path, importer)
    assert f"'{text}':" in file.text
    assert rebuilt(file, importer)["panels"][0]["fieldConfig"]["defaults"]["mappings"] == mappings


PLUGIN_QUERIES = [
    (None, {"connectionArgs": {"region": "r"}, "format": 1, "rawSQL": "SELECT 1"}, "grafana-athena-datasource"),
    ("Infinity", {"source": "url", "url": "https://x"}, "yesoreyeram-infinity-datasource"),
    ("AWS X-Ray eu-west-1", {"queryType": "getTraceSummaries", "region": "default"}, "grafana-x-ray-datasource"),
    ("Zabbix", {"queryType": "0", "group": {"filter": "a"}}, "alexanderzobnin-zabbix-datasource"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "query", "kind"), PLUGIN_QUERIES)
def test_a_plugin_is_known_by_its_query_or_by_the_name_of_its_source(source, query, kind, tmp_path, importer):
    panel = {**UP, "datasource": source, "targets": [{"refId": "A", **query}]}
    (built,) = rebuilt(_file(dashboard(panel), tmp_path, importer), importer)["panels"]
    (target,) = built["targets"]
    assert target["datasource"]["type"] == kind
    assert {key: target[key] for key in query} == query


def test_a_query_that_no_plugin_is_known_for_stays_and_builds(tmp_path, importer):
    query = {"refId": "A", "source": "url", "columns": [{"selector": "id"}]}
    panel = {**UP, "datasource": "Something", "targets": [query]}
    (built,) = rebuilt(_file(dashboard(panel), tmp_path, importer), importer)["panels"]
    assert {key: built["targets"][0][key] for key in query} == query


def test_a_variable_that_names_no_source_keeps_the_fields_of_its_plugin(tmp_path, importer):
    query = {"infinityQuery": {"url": "https://x"}, "query": "Collection(a,b)", "queryType": "legacy"}
    variable = {"type": "query", "name": "v", "query": query, "definition": "Infinity- (legacy)"}
    built = rebuilt(_file(dashboard(UP, templating={"list": [variable]}), tmp_path, importer), importer)
    (result,) = built["templating"]["list"]
    assert (result["query"], result["definition"]) == (query, "Infinity- (legacy)")


def test_the_text_of_a_graphite_annotation_stays(tmp_path, importer):
    item = {"name": "Deploys", "datasource": "graphite", "enable": True, "target": "deploy.*.count"}
    built = rebuilt(_file(dashboard(UP, annotations={"list": [item]}), tmp_path, importer), importer)
    assert built["annotations"]["list"][1]["target"] == "deploy.*.count"


def test_a_clock_keeps_what_its_plugin_wrote_beside_its_options(tmp_path, importer):
    panel = {
        **UP,
        "type": "grafana-clock-panel",
        "mode": "time",
        "clockType": "12 hour",
        "options": {"mode": "time"},
    }
    (built,) = rebuilt(_file(dashboard(panel), tmp_path, importer), importer)["panels"]
    assert (built["mode"], built["clockType"]) == ("time", "12 hour")


def test_a_number_for_no_value_is_no_loss(tmp_path, importer):
    panel = {**UP, "fieldConfig": {"defaults": {"noValue": 0}, "overrides": []}}
    file = _file(dashboard(panel), tmp_path, importer)
    assert rebuilt(file, importer)["panels"][0]["fieldConfig"]["defaults"]["noValue"] == "0"
    assert losses(file) == []

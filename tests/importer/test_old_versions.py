"""What dashboards of earlier versions say stays, in words or as it is."""

import pytest

from dashgen.formats.upgrade import upgrade_panels as upgraded
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


def _built(data, tmp_path, importer):
    file = imported(data, tmp_path, importer)
    assert file.imported.differences == []
    assert file.imported.problems == []
    return rebuilt(file, importer)


OLD_TEXT = {"type": "text", "content": "# hi", "mode": "markdown", "title": "T"}


@pytest.mark.parametrize(
    ("panel", "options"),
    [
        (OLD_TEXT, {"content": "# hi", "mode": "markdown"}),
        ({**OLD_TEXT, "mode": "text"}, {"content": "# hi", "mode": "markdown"}),
        ({**OLD_TEXT, "options": {"content": "new"}, "pluginVersion": "7.0.0"}, {"content": "# hi"}),
        ({**OLD_TEXT, "options": {"content": "new"}, "pluginVersion": "10.1.2"}, {"content": "new"}),
        ({"type": "text", "content": "alone"}, {"content": "alone", "mode": "markdown"}),
        (
            {"type": "dashlist", "starred": False, "search": True, "limit": 5, "query": "q", "tags": ["a"]},
            {"showStarred": False, "showSearch": True, "maxItems": 5, "query": "q", "tags": ["a"]},
        ),
        ({"type": "dashlist", "limit": 5, "options": {"maxItems": 7}}, {"maxItems": 7}),
        (
            {
                "type": "alertlist",
                "limit": 5,
                "show": "current",
                "options": {"maxItems": 7, "alertName": "N"},
            },
            {"maxItems": 7, "alertName": "N"},
        ),
        (
            {"type": "alertlist", "stateFilter": ["alerting"], "onlyAlertsOnDashboard": True},
            {"dashboardAlerts": True},
        ),
    ],
)
def test_options_that_stood_beside_the_options_are_kept(panel, options, tmp_path, importer):
    [built] = _built(dashboard(panel), tmp_path, importer)["panels"]
    assert {key: built["options"].get(key) for key in options} == options


OLD_GRAPH = {
    "type": "graph", "title": "G", "targets": [{"refId": "A", "expr": "up"}], "y_formats": ["bytes", "short"],
    "leftYAxisLabel": "used",
    "grid": {"leftMin": 0, "leftMax": 100, "leftLogBase": 2, "threshold1": 80, "threshold1Color": "red", "threshold2": 90},
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "path", "value"),
    [
        ({}, ("defaults", "unit"), "bytes"),
        ({}, ("defaults", "min"), 0),
        ({}, ("defaults", "max"), 100),
        ({}, ("defaults", "custom", "axisLabel"), "used"),
        ({}, ("defaults", "custom", "scaleDistribution"), {"type": "log", "log": 2}),
        ({}, ("defaults", "custom", "thresholdsStyle"), {"mode": "area"}),
        ({"grid": {"threshold1": 5, "thresholdLine": True}}, ("defaults", "custom", "thresholdsStyle"), {"mode": "line"}),
        ({"yaxes": [{"format": "s"}, {}]}, ("defaults", "unit"), "s"),
    ],
)  # fmt: skip
def test_graphs_from_before_their_axes_were_lists(more, path, value, tmp_path, importer):
    data = {**dashboard(), "panels": [], "rows": [{"panels": [{**OLD_GRAPH, **more}]}], "schemaVersion": 8}
    result = _built(data, tmp_path, importer)["panels"][0]["fieldConfig"]
    for step in path:
        result = result[step]
    assert result == value


def test_what_nothing_here_knows_is_kept_in_raw(tmp_path, importer):
    panel = {**UP, "acme": {"a": 1}, "aliasColors": {"x": "red"}, "pluginVersion": "11.0.0"}
    data = {**dashboard(panel), "acme": [1], "version": 7}
    built = _built(data, tmp_path, importer)
    assert (built["acme"], built["panels"][0]["acme"]) == ([1], {"a": 1})
    assert not {"aliasColors", "pluginVersion"} & set(built["panels"][0])


def test_options_of_a_foreign_plugin_are_its_own(tmp_path, importer):
    options = {"legend": True, "tooltip": "always", "text": "x", "mode": 3, "content": ["a"], "sortBy": "n"}
    panel = {**UP, "type": "acme-chart-panel", "options": options, "legend": {"show": True}}
    [built] = _built(dashboard(panel), tmp_path, importer)["panels"]
    assert built["options"] == options
    assert built["legend"] == {"show": True}


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ({"target": "a.b.c"}, "graphite"),
        ({"rawSql": "SELECT 1", "format": "table"}, "mysql"),
        ({"query": "SELECT a FROM b", "rawQuery": True}, "influxdb"),
        ({"bucketAggs": [{"id": "1"}], "metrics": [{"id": "2"}]}, "elasticsearch"),
        ({"namespace": "AWS/EC2", "metricName": "CPU", "dimensions": {"a": "b"}}, "cloudwatch"),
        ({"expr": "up"}, "prometheus"),
        ({"expr": '{a="b"} |= "x"'}, "loki"),
    ],
)
def test_a_query_of_the_default_source_keeps_its_plugin(target, kind, tmp_path, importer):
    panel = {**UP, "targets": [{"refId": "A", **target}]}
    [built] = _built(dashboard(panel), tmp_path, importer)["panels"]
    assert built["targets"][0]["datasource"]["type"] == kind
    assert {key: built["targets"][0][key] for key in target if key != "format"} == {
        key: value for key, value in target.items() if key != "format"
    }


def test_inputs_of_one_type_stay_several_data_sources(tmp_path, importer):
    inputs = [{"name": f"DS_{n}", "type": "datasource", "pluginId": "prometheus"} for n in ("EU", "US")]
    panels = [
        {**UP, "title": n, "datasource": "${DS_" + n + "}", "gridPos": {"x": 0, "y": y, "w": 12, "h": 8}}
        for y, n in ((0, "EU"), (8, "US"))
    ]
    built = _built({**dashboard(*panels), "__inputs": inputs}, tmp_path, importer)
    assert [p["datasource"]["uid"] for p in built["panels"]] == ["${DS_EU}", "${DS_US}"]
    assert [v["name"] for v in built["templating"]["list"]] == ["DS_EU", "DS_US"]


def test_an_input_for_expressions_is_nothing_to_choose(tmp_path, importer):
    inputs = [{"name": "DS_EXPRESSION", "type": "datasource", "pluginId": "__expr__"}]
    math = {
        "refId": "B",
        "type": "math",
        "expression": "$A * 2",
        "datasource": {"type": "__expr__", "uid": "${DS_EXPRESSION}"},
    }
    panel = {**UP, "targets": [*UP["targets"], math]}
    built = _built({**dashboard(panel), "__inputs": inputs}, tmp_path, importer)
    assert built["panels"][0]["targets"][1]["datasource"] == {"type": "__expr__", "uid": "__expr__"}
    assert built["templating"]["list"] == []


def test_a_place_with_a_fraction_is_rounded(tmp_path, importer):
    places = {"first": 0, "second": 7.6, "row": 16.2, "third": 17.4}
    panels = [
        {
            **UP,
            "title": title,
            "gridPos": {"x": 0, "y": y, "w": 24, "h": 8},
            **({"type": "row"} if title == "row" else {}),
        }
        for title, y in places.items()
    ]
    built = _built(dashboard(*panels), tmp_path, importer)["panels"]
    assert [panel["title"] for panel in built] == list(places)


VARIABLE = {"name": "v", "hide": 0}


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        (
            {"type": "custom", "query": '[{"text":"a","value":"1"}]', "valuesFormat": "json"},
            {"query": '[{"text":"a","value":"1"}]', "valuesFormat": "json"},
        ),
        ({"type": "custom", "query": "Ratio : a : b, c"}, {"query": "Ratio : a : b,c"}),
        (
            {"type": "switch", "options": [{"text": "y", "value": "y"}, {"text": "n", "value": "n"}], "current": {"value": "y"}},
            {"current": {"text": "y", "value": "y"}},
        ),
        ({"type": "query", "query": "label_values(up, a)", "skipUrlSync": True}, {"skipUrlSync": True}),
        ({"type": "query", "query": "label_values(up, a)", "acme": 1}, {"acme": 1}),
        ({"type": "query", "query": "", "datasource": "prometheus"}, {"query": ""}),
        ({"type": "query", "query": "label_values(up, a)", "sort": "1"}, {"sort": 1}),
        ({"type": "custom", "query": "a,b", "current": {"text": "z", "value": "z"}}, {"current": {"text": "z", "value": "z"}}),
        ({"type": "groupby", "options": [{"text": "job", "value": "job"}]}, {"options": [{"text": "job", "value": "job"}]}),
    ],
)  # fmt: skip
def test_variables_keep_what_they_say(variable, expected, tmp_path, importer):
    data = dashboard(UP, templating={"list": [{**VARIABLE, **variable}]})
    [built] = _built(data, tmp_path, importer)["templating"]["list"]
    assert {key: built.get(key) for key in expected} == expected


def test_a_traceql_query_says_nothing_that_its_editor_takes_for_granted(tmp_path, importer):
    query = {
        "refId": "A",
        "query": "{ .a = 1 }",
        "queryType": "traceql",
        "datasource": {"type": "tempo", "uid": "tempo"},
    }
    file = imported(dashboard({**UP, "targets": [query]}), tmp_path, importer)
    spec = spec_of(file)
    assert spec["panels"][0]["query"] == "{ .a = 1 }"
    assert "raw" not in spec["panels"][0]


LOSSES = [
    ({"type": "graph", "nullPointMode": "null as zero"}, "missing values of a graph as 0"),
    ({"type": "graph", "timeRegions": [{"op": "time", "fill": True}]}, "time regions of graphs"),
    ({"type": "alertlist", "show": "current", "dashboardTags": ["a"]}, "the dashboards of an old alert list"),
    ({"type": "singlestat", "format": "s", "prefix": "~"}, "the text around a single stat"),
    ({**UP, "alert": {"name": "x"}}, "alerts inside panels"),
    (
        {**UP, "fieldConfig": {"defaults": {"decimals": [1]}, "overrides": []}},
        "`decimals`, where it has a type",
    ),
]


@pytest.mark.parametrize(("panel", "lost"), LOSSES, ids=[lost for _, lost in LOSSES])
def test_visible_losses_are_reported(panel, lost, tmp_path, importer):
    file = imported(dashboard(panel), tmp_path, importer)
    assert any(line.startswith(f"lost: {lost}") for line in losses(file)), losses(file)


def test_what_the_upgrade_loses_by_mistake_is_reported(tmp_path, importer, monkeypatch):
    original = upgraded.defaults_of

    def without_units(config, kind):
        return {key: value for key, value in original(config, kind).items() if key != "unit"}

    monkeypatch.setattr(upgraded, "defaults_of", without_units)
    panel = {**UP, "fieldConfig": {"defaults": {"unit": "s"}, "overrides": []}}
    file = imported(dashboard(panel), tmp_path, importer)
    assert losses(file) == ["lost: `panel.fieldConfig.defaults.unit`"]


def test_harmless_losses_are_not_reported(tmp_path, importer):
    panel = {**UP, "pluginVersion": "9.1.0", "editable": True, "aliasColors": {"a": "red"}, "interval": "1m"}
    target = {**UP["targets"][0], "editorMode": "builder", "step": 20, "intervalFactor": 1, "hide": False}
    file = imported(
        {**dashboard({**panel, "targets": [target]}), "version": 3, "style": "dark"}, tmp_path, importer
    )
    assert losses(file) == []


@pytest.mark.parametrize(
    "more",
    [
        {"links": [{"title": "big", "type": "link", "url": "/d/x/x?viewPanel=7"}]},
        {"annotations": {"list": [{"name": "a", "expr": "up", "filter": {"exclude": False, "ids": [7]}}]}},
        {"templating": {"list": [{"type": "textbox", "name": "t", "query": "?editPanel=panel-7&orgId=1"}]}},
    ],
)
def test_a_panel_that_something_names_keeps_its_number(more, tmp_path, importer):
    panels = [
        {**UP, "id": 7},
        {**UP, "id": 8, "title": "Other", "gridPos": {"x": 0, "y": 8, "w": 24, "h": 8}},
    ]
    first, second = _built({**dashboard(*panels), **more}, tmp_path, importer)["panels"]
    assert first["id"] == 7
    assert second["id"] != 8


@pytest.mark.parametrize(
    ("override", "words"),
    [
        (
            {"matcher": {"id": "byValue", "options": {"op": "gte", "reducer": "allIsZero", "value": 0}},
             "properties": [{"id": "custom.hideFrom", "value": {"legend": True, "tooltip": True, "viz": False}}]},
            {"matcher": {"byValue": {"op": "gte", "reducer": "allIsZero", "value": 0}}},
        ),
        (
            {"matcher": {"id": "byNames", "options": {"names": ["a"]}}, "properties": [{"id": "unit", "value": "s"}]},
            {"matcher": {"byNames": {"names": ["a"]}}, "unit": "s"},
        ),
    ],
)  # fmt: skip
def test_an_override_of_any_matcher_has_keys(override, words, tmp_path, importer):
    panel = {**UP, "fieldConfig": {"defaults": {}, "overrides": [override]}}
    file = imported(dashboard(panel), tmp_path, importer)
    [result] = spec_of(file)["panels"][0]["overrides"]
    assert words.items() <= result.items()
    assert rebuilt(file, importer)["panels"][0]["fieldConfig"]["overrides"] == [override]


def test_what_grafana_writes_for_everybody_is_not_in_a_spec(tmp_path, importer):
    panel = {
        **UP, "targets": [{"refId": "A", "expr": "up", "legendFormat": "__auto", "intervalFactor": 1}],
        "fieldConfig": {"defaults": {"unitScale": True, "custom": {"showValues": False}}, "overrides": []},
        "options": {"tooltip": {"mode": "single", "maxHeight": 600}, "legend": {"asTable": True, "showLegend": True}},
    }  # fmt: skip
    color = {"builtIn": 1, "name": "Annotations & Alerts", "type": "dashboard", "enable": True, "hide": True,
             "iconColor": "rgba(0,211,255,1)", "datasource": "-- Grafana --"}  # fmt: skip
    data = {**dashboard(panel), "timezone": "", "annotations": {"list": [color]}, "gnetId": 17}
    file = imported(data, tmp_path, importer)
    spec = spec_of(file)
    assert spec["timezone"] == "default"
    assert "raw" not in spec
    assert "raw" not in spec["panels"][0]
    assert losses(file) == []
    assert rebuilt(file, importer)["timezone"] == ""


def test_fields_of_a_plugin_that_look_like_an_old_target_stay(tmp_path, importer):
    target = {
        "refId": "A",
        "expr": "",
        "intervalFactor": 2,
        "query": "SELECT 1",
        "format": "table",
        "interval": "1m",
    }
    panel = {
        **UP,
        "targets": [{**target, "datasource": {"type": "vertamedia-clickhouse-datasource", "uid": "c"}}],
    }
    [built] = _built(dashboard(panel), tmp_path, importer)["panels"]
    assert {key: built["targets"][0].get(key) for key in target} == target


def test_what_grafanas_own_migration_wrote_wrongly_is_mended(tmp_path, importer):
    stacking = {"id": "custom.stacking", "value": {"group": False, "mode": "normal"}}
    hidden = {"id": "custom.hideFrom", "value": {"graph": True, "legend": False, "tooltip": False}}
    override = {"matcher": {"id": "byName", "options": "a"}, "properties": [stacking, hidden]}
    panel = {**UP, "fieldConfig": {"defaults": {}, "overrides": [override]}}
    [built] = _built(dashboard(panel), tmp_path, importer)["panels"]
    result = {p["id"]: p["value"] for p in built["fieldConfig"]["overrides"][0]["properties"]}
    assert result["custom.stacking"] == {"group": "A", "mode": "normal"}
    assert result["custom.hideFrom"]["viz"] is True


def test_a_refused_query_in_a_panel_that_keeps_its_number_builds(tmp_path, importer):
    panel = {**UP, "id": 7, "targets": [{"refId": "A", "expr": "increase(up)"}]}
    link = {"title": "big", "type": "link", "url": "/d/x/x?viewPanel=7"}
    built = _built({**dashboard(panel), "links": [link]}, tmp_path, importer)
    assert built["panels"][0]["id"] == 7
    assert built["panels"][0]["targets"][0]["expr"] == "increase(up)"


@pytest.mark.parametrize(
    ("expr", "raw"),
    [
        ("", {"expr": "", "legendFormat": ""}),
        ("rate(up{a=~'$nowhere'}[5m])", {"expr": "rate(up{a=~'$nowhere'}[5m])", "legendFormat": ""}),
    ],
)
def test_a_query_that_only_raw_can_hold_has_its_empty_legend_there_too(expr, raw, tmp_path, importer):
    query = {"refId": "B", "expr": expr, "legendFormat": ""}
    panel = {**UP, "targets": [*UP["targets"], query]}
    file = imported(dashboard(panel), tmp_path, importer)
    assert spec_of(file)["panels"][0]["queries"][1] == {"raw": raw}
    assert rebuilt(file, importer)["panels"][0]["targets"][1].items() >= query.items()


def test_a_key_whose_json_raw_decides_is_not_written_beside_it(tmp_path, importer):
    config = {"defaults": {"custom": {"footer": {"reducers": []}}}, "overrides": []}
    file = imported(dashboard({**UP, "type": "table", "fieldConfig": config}), tmp_path, importer)
    panel = spec_of(file)["panels"][0]
    assert panel["raw"]["fieldConfig"]["defaults"]["custom"] == {"footer": {"reducers": []}}
    assert "footer" not in panel
    assert file.imported.differences == []

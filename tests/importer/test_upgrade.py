"""Dashboards of every version and wrapping become specs."""

import pytest

from dashgen.formats.upgrade.envelope import NotADashboardError, find_dashboard
from tests.importer.support import dashboard, imported, importer_for, rebuilt, small_project, spec_of


@pytest.fixture
def importer(tmp_path):
    return importer_for(small_project(tmp_path))


def _spec(data, tmp_path, importer):
    file = imported(data, tmp_path, importer)
    assert file.imported.differences == []
    assert file.imported.problems == []
    return spec_of(file)


def _panel(data, tmp_path, importer):
    spec = _spec(data, tmp_path, importer)
    panels = spec.get("panels") or spec["rows"][0]["panels"]
    return panels[0]


UP = {
    "type": "timeseries",
    "title": "Up",
    "targets": [{"refId": "A", "expr": "up"}],
    "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
}


@pytest.mark.parametrize(
    "wrapped",
    [
        dashboard(UP),
        {"dashboard": dashboard(UP), "meta": {"folderTitle": "General"}},
        {
            "apiVersion": "dashboard.grafana.app/v1beta1",
            "kind": "Dashboard",
            "metadata": {"name": "x"},
            "spec": dashboard(UP),
        },
        {
            **dashboard(UP),
            "__inputs": [],
            "__requires": [],
            "id": 7,
            "version": 3,
            "iteration": 1,
            "style": "dark",
        },
    ],
)
def test_a_dashboard_is_found_in_its_wrapping(wrapped, tmp_path, importer):
    spec = _spec(wrapped, tmp_path, importer)
    assert (spec["uid"], spec["panels"][0]["title"]) == ("x", "Up")
    assert "folder" not in spec


def test_an_answer_of_the_api_says_the_folder(tmp_path, importer):
    spec = _spec({"dashboard": dashboard(UP), "meta": {"folderTitle": "Ops"}}, tmp_path, importer)
    assert spec["folder"] == "Ops"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "it is not a dashboard"),
        ({}, "neither panels nor rows"),
        (UP, "a single panel"),
    ],
)
def test_what_is_no_classic_dashboard_is_refused_in_a_sentence(data, words):
    with pytest.raises(NotADashboardError, match=words):
        find_dashboard(data)


def test_nothing_that_is_derived_or_a_default_is_in_a_spec(tmp_path, importer):
    panel = {
        **UP,
        "id": 4,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "targets": [
            {"refId": "A", "expr": "sum by (job) (rate(node_cpu_seconds_total[5m]))", "legendFormat": "{{job}}",
             "datasource": {"type": "prometheus", "uid": "prometheus"}, "editorMode": "builder", "range": True}
        ],
        "fieldConfig": {
            "defaults": {
                "unit": "percentunit", "color": {"mode": "palette-classic"}, "mappings": [],
                "thresholds": {"mode": "absolute", "steps": [{"color": "green"}]},
                "custom": {"fillOpacity": 10, "lineWidth": 1, "drawStyle": "line", "axisSoftMin": 0},
            },
            "overrides": [],
        },
        "options": {"legend": {"calcs": [], "displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
    }  # fmt: skip
    spec = _spec(dashboard(panel), tmp_path, importer)
    assert spec == {
        "kind": "Dashboard",
        "uid": "x",
        "title": "X",
        "panels": [{"title": "Up", "query": "sum by (job) (rate(node_cpu_seconds_total[5m]))"}],
    }


@pytest.mark.parametrize(
    ("defaults", "words"),
    [
        ({"custom": {"fillOpacity": 10}}, {"axis_soft_min": "auto"}),
        ({"custom": {"fillOpacity": 0}}, {"fill": 0}),
        ({"custom": {"fillOpacity": 80, "drawStyle": "bars"}}, {"draw": "bars", "axis_soft_min": "auto"}),
        ({"custom": {"fillOpacity": 80, "drawStyle": "bars"}, "min": 0}, {"draw": "bars", "min": 0}),
        ({"custom": {"fillOpacity": 10, "axisSoftMin": 3}}, {"axis_soft_min": 3}),
    ],
)
def test_a_scale_that_does_not_start_at_zero_says_so(defaults, words, tmp_path, importer):
    panel = {**UP, "fieldConfig": {"defaults": defaults, "overrides": []}}
    assert _panel(dashboard(panel), tmp_path, importer).items() >= words.items()
    assert "raw" not in _panel(dashboard(panel), tmp_path, importer)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("stat", {"graphMode": "area"}, {"graph": "area"}),
        ("stat", {"graphMode": "none"}, {"instant": False}),
        ("piechart", {"legend": {"values": []}}, {"legend_values": [], "instant": False}),
        ("bargauge", {"minVizHeight": 16, "orientation": "horizontal"}, {"min_height": 16, "instant": False}),
        ("logs", {"wrapLogMessage": True}, {"wrap": True}),
        ("timeseries", {"legend": {"showLegend": True}}, {"legend_mode": "list", "color": "palette-classic"}),
        ("timeseries", {"legend": {"displayMode": "table", "showLegend": True}}, {"legend_mode": "table"}),
    ],
)
def test_an_option_that_dashgen_derives_otherwise_is_in_a_spec(kind, options, words, tmp_path, importer):
    panel = {
        **UP,
        "type": kind,
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "targets": [{"refId": "A", "expr": "topk(10, sum(up))", "legendFormat": "Up"}],
        "fieldConfig": {"defaults": {}, "overrides": []},
        "options": options,
    }
    result = _panel(dashboard(panel), tmp_path, importer)
    [query] = result.pop("queries", [{}])
    assert {**result, **query}.items() >= words.items()
    assert "raw" not in result


def test_keys_for_the_most_usual_options(tmp_path, importer):
    panel = {
        **UP,
        "type": "stat",
        "fieldConfig": {
            "defaults": {
                "unit": "s", "decimals": 1, "min": 0, "color": {"mode": "fixed", "fixedColor": "blue"},
                "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 80}]},
                "mappings": [{"type": "value", "options": {"0": {"text": "Down", "color": "red", "index": 0}, "1": {"text": "Up", "index": 1}}}],
            },
            "overrides": [
                {"matcher": {"id": "byName", "options": "errors"}, "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}}]}
            ],
        },
        "options": {"colorMode": "background", "graphMode": "none", "reduceOptions": {"calcs": ["mean"], "fields": "", "values": False}},
        "targets": [{"refId": "A", "expr": "up", "instant": True, "legendFormat": "__auto"}],
    }  # fmt: skip
    assert _panel(dashboard(panel), tmp_path, importer) == {
        "title": "Up",
        "type": "stat",
        "queries": [{"query": "up", "instant": True}],
        "unit": "s",
        "decimals": 1,
        "min": 0,
        "thresholds": {"green": 0, "red": 80},
        "color": "blue",
        "mappings": {"0": {"text": "Down", "color": "red"}, "1": "Up"},
        "reduce": "mean",
        "color_mode": "background",
        "overrides": [{"name": "errors", "color": "red"}],
    }


def test_what_no_key_says_is_kept_in_raw(tmp_path, importer):
    panel = {**UP, "cacheTimeout": "60", "options": {"futureOption": {"a": [1, 2]}}}
    spec = _panel(dashboard(panel), tmp_path, importer)
    assert spec["raw"] == {"cacheTimeout": "60", "options": {"futureOption": {"a": [1, 2]}}}


def test_rows_of_grafana_4_become_rows(tmp_path, importer):
    graph = {
        "type": "graph",
        "title": "Load",
        "span": 6,
        "lines": True,
        "datasource": "Prometheus",
        "targets": [{"expr": "up", "step": 10}],
    }
    data = {"title": "Old", "schemaVersion": 12, "sharedCrosshair": True, "rows": [
        {"title": "First", "showTitle": True, "height": "250px", "panels": [graph, graph]},
        {"title": "Second", "collapse": True, "panels": [{"type": "singlestat", "title": "One", "span": 12, "targets": [{"expr": "up"}]}]},
    ]}  # fmt: skip
    spec = _spec(data, tmp_path, importer)
    assert spec["tooltip"] == "crosshair"
    assert [row["title"] for row in spec["rows"]] == ["First", "Second"]
    assert [panel["title"] for panel in spec["rows"][0]["panels"]] == ["Load", "Load"]
    assert spec["rows"][1]["collapsed"] is True
    assert spec["rows"][1]["panels"][0]["type"] == "stat"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "graph", "lines": True}, "timeseries"),
        ({"type": "graph", "xaxis": {"mode": "series"}}, "barchart"),
        ({"type": "singlestat", "valueName": "avg"}, "stat"),
        ({"type": "singlestat", "gauge": {"show": True}}, "gauge"),
        ({"type": "table", "styles": [], "transform": "table"}, "table"),
        ({"type": "table-old", "columns": []}, "table"),
        ({"type": "grafana-piechart-panel", "pieType": "donut"}, "piechart"),
        ({"type": "text2", "options": {"content": "x"}}, "text"),
        ({"type": "heatmap", "color": {"mode": "spectrum"}}, "heatmap"),
    ],
)
def test_panels_that_no_longer_run_become_their_successors(old, new, tmp_path, importer):
    data = dashboard({**UP, **old}, schemaVersion=16)
    panel = _panel(data, tmp_path, importer)
    assert panel.get("type", "timeseries") == new


def test_styles_of_an_old_table_become_columns(tmp_path, importer):
    styles = [
        {"pattern": "Value", "type": "number", "unit": "s", "decimals": 1, "alias": "Duration"},
        {"pattern": "/job|instance/", "type": "hidden"},
    ]
    panel = _panel(dashboard({**UP, "type": "table", "styles": styles}, schemaVersion=18), tmp_path, importer)
    assert panel["columns"] == {"Value": {"display_name": "Duration", "unit": "s", "decimals": 1}}
    assert panel["overrides"] == [{"regex": "/job|instance/", "custom": {"hidden": True}}]


def test_rows_repetition_and_folded_panels_are_kept(tmp_path, importer):
    row = {"type": "row", "title": "Tier $tier", "repeat": "tier", "collapsed": True, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1},
           "panels": [{**UP, "repeat": "tier", "repeatDirection": "v", "gridPos": {"x": 0, "y": 40, "w": 24, "h": 8}}]}  # fmt: skip
    variable = {"type": "custom", "name": "tier", "query": "free,pro", "multi": True}
    after = {**UP, "title": "After", "gridPos": {"x": 0, "y": 9, "w": 24, "h": 8}}
    copies = {**UP, "repeatPanelId": 3, "gridPos": {"x": 0, "y": 17, "w": 24, "h": 8}}
    data = dashboard(row, after, copies, templating={"list": [variable]})
    spec = _spec(data, tmp_path, importer)
    first, second = spec["rows"]
    assert (first["repeat"], first["collapsed"]) == ("tier", True)
    assert first["panels"][0]["repeat"] == {"by": "tier", "direction": "vertical"}
    assert "title" not in second
    assert [panel["title"] for panel in second["panels"]] == ["After"]


def test_library_panels_and_plugins_are_kept(tmp_path, importer):
    library = {
        "id": 1,
        "title": "Cost",
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "libraryPanel": {"uid": "cost", "name": "Cost"},
    }
    plugin = {
        **UP,
        "type": "acme-flow-panel",
        "options": {"speed": 3},
        "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
    }
    panels = _spec(dashboard(library, plugin), tmp_path, importer)["panels"]
    assert panels[0] == {"type": "library", "uid": "cost", "name": "Cost", "title": "Cost"}
    assert panels[1]["type"] == "acme-flow-panel"
    assert panels[1]["options"] == {"speed": 3}


def test_queries_of_loki_tempo_and_expressions(tmp_path, importer):
    targets = [
        {"refId": "A", "expr": 'sum(rate({app="x"}[5m]))', "datasource": {"type": "loki", "uid": "loki"}, "legendFormat": "lines"},
        {"refId": "B", "query": "{ duration > 1s }", "queryType": "traceql", "datasource": {"type": "tempo", "uid": "tempo"}, "limit": 50,
         "filters": [], "spss": 3, "tableType": "traces"},
        {"refId": "C", "type": "math", "expression": "$A * 2", "datasource": {"type": "__expr__", "uid": "__expr__"}},
        {"refId": "total", "type": "reduce", "expression": "A", "reducer": "sum", "settings": {"mode": "dropNN"},
         "datasource": {"type": "__expr__", "uid": "__expr__"}},
    ]  # fmt: skip
    panel = {**UP, "targets": targets, "datasource": {"type": "datasource", "uid": "-- Mixed --"}}
    queries = _panel(dashboard(panel), tmp_path, importer)["queries"]
    assert queries == [
        {"query": 'sum(rate({app="x"}[5m]))', "datasource": "loki", "legend": "lines"},
        {"query": "{ duration > 1s }", "datasource": "tempo", "limit": 50},
        {"math": "$A * 2"},
        {"reduce": {"of": "A", "by": "sum", "non_numeric": "drop"}, "ref": "total"},
    ]  # fmt: skip


def test_a_query_that_the_build_refuses_is_kept_in_raw_and_reported(tmp_path, importer):
    panel = {**UP, "targets": [{"refId": "A", "expr": "rate(up"}, {"refId": "B", "expr": 'up{x="$nobody"}'}]}
    file = imported(dashboard(panel), tmp_path, importer)
    assert file.imported.problems == []
    assert [target["expr"] for target in rebuilt(file, importer)["panels"][0]["targets"]] == [
        "rate(up",
        'up{x="$nobody"}',
    ]
    assert [title for title, _ in file.imported.notes.refused] == ["Up", "Up"]


def test_rows_of_grafana_4_are_placed_as_grafana_places_them(tmp_path, importer):
    def row(*panels, **more):
        return {
            "panels": [{"type": "stat", "targets": [{"expr": "up"}], **panel} for panel in panels],
            **more,
        }

    rows = [
        row({"span": 6}, {"span": 6}, height=250),
        row({"span": 12}, {"span": 6, "height": 200}, {"span": 6, "height": 200}, collapse=True, height=300),
        row({"span": 4}, {"span": 4}, {"span": 4}, showTitle=True, height=200),
        row({"span": 8}, {"span": 4, "height": 100}, height=150),
        row({"span": 12}, repeat="server", height=250),
        row({"span": 12}, repeatIteration=True),
    ]
    server = {"type": "custom", "name": "server", "query": "a,b"}
    data = {"title": "Old", "schemaVersion": 15, "rows": rows, "templating": {"list": [server]}}
    built = rebuilt(imported(data, tmp_path, importer), importer)
    places = [[p["gridPos"][key] for key in "xywh"] for p in built["panels"] if p["type"] != "row"]
    assert places == [
        [0, 1, 12, 7], [12, 1, 12, 7],
        [0, 10, 8, 6], [8, 10, 8, 6], [16, 10, 8, 6],
        [0, 17, 16, 4], [16, 17, 8, 3],
        [0, 22, 24, 7],
    ]  # fmt: skip
    inside = [[p["gridPos"][key] for key in "xywh"] for p in built["panels"][3]["panels"]]
    assert inside == [[0, 9, 24, 8], [0, 17, 12, 6], [12, 17, 12, 6]]


def test_how_narrow_a_repeated_panel_may_be_becomes_how_many_stand_side_by_side(tmp_path, importer):
    panel = {**UP, "repeat": "tier", "minSpan": 8}
    variable = {"type": "custom", "name": "tier", "query": "free,pro"}
    data = dashboard(panel, schemaVersion=16, templating={"list": [variable]})
    assert _panel(data, tmp_path, importer)["repeat"] == {"by": "tier", "max_per_row": 3}

"""Variables, annotations, links, data sources and the keys at the top."""

import pytest

from dashgen.compare import Resources, compare
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.importer.import_summary import losses
from tests.importer.support import SOURCES, dashboard, imported, importer_for, rebuilt, small_project, spec_of

UP = {
    "type": "stat",
    "title": "Up",
    "targets": [{"refId": "A", "expr": "up"}],
    "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
}
QUERY = {
    "type": "query", "name": "job", "datasource": {"type": "prometheus", "uid": "prometheus"}, "refresh": 2, "sort": 1,
    "query": {"qryType": 1, "query": "label_values(up, job)", "refId": "PrometheusVariableQueryEditor-VariableQuery"},
}  # fmt: skip


@pytest.fixture
def importer(tmp_path):
    return importer_for(small_project(tmp_path))


def _spec(data, tmp_path, importer):
    file = imported(data, tmp_path, importer)
    assert (file.imported.differences, file.imported.problems) == ([], [])
    return spec_of(file)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (QUERY, {"name": "job", "query": "label_values(up, job)"}),
        ({**QUERY, "query": "label_values(up, job)", "datasource": "Prometheus", "refresh": True},
         {"name": "job", "query": "label_values(up, job)", "refresh": "load"}),
        ({**QUERY, "multi": True, "includeAll": True, "allValue": ".*", "current": {"text": ["All"], "value": ["$__all"]}},
         {"name": "job", "query": "label_values(up, job)", "multi": True, "include_all": True, "all_value": ".*", "default": "all"}),
        ({"type": "custom", "name": "tier", "query": "free, Pro : pro"},
         {"type": "custom", "name": "tier", "values": {"free": "free", "Pro": "pro"}, "default": "free"}),
        ({"type": "interval", "name": "step", "query": "1m, 5m", "current": {"text": "5m", "value": "5m"}},
         {"type": "interval", "name": "step", "values": ["1m", "5m"], "default": "5m"}),
        ({"type": "datasource", "name": "ds", "query": "loki"}, {"type": "datasource", "name": "ds", "plugin": "loki"}),
        ({"type": "textbox", "name": "search", "query": "x", "label": "Search"},
         {"type": "textbox", "name": "search", "label": "Search", "default": "x"}),
        ({"type": "constant", "name": "env", "query": "prod", "hide": 2}, {"type": "constant", "name": "env", "value": "prod"}),
    ],
)  # fmt: skip
def test_variables_in_their_short_form(given, words, tmp_path, importer):
    spec = _spec(dashboard(UP, templating={"list": [given]}), tmp_path, importer)
    result = spec["variables"][0]
    assert {key: value for key, value in result.items() if key != "raw"} == {
        key: value for key, value in words.items() if key in result or key != "default"
    }
    assert "raw" not in result


def test_a_variable_of_another_type_is_kept_in_raw(tmp_path, importer):
    groupby = {"type": "groupby", "name": "by", "current": {"text": ["a"], "value": ["a"]}}
    file = imported(dashboard(UP, templating={"list": [groupby]}), tmp_path, importer)
    assert rebuilt(file, importer)["templating"]["list"][0]["type"] == "groupby"


def test_annotations_and_links(tmp_path, importer):
    annotations = [
        {"name": "Launches", "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True, "iconColor": "purple",
         "target": {"type": "tags", "tags": ["launch"], "matchAny": False, "limit": 100}},
        {"name": "Deploys", "datasource": {"type": "prometheus", "uid": "prometheus"}, "enable": True, "iconColor": "blue",
         "target": {"expr": "changes(up[1m])", "refId": "Anno", "interval": ""}, "titleFormat": "{{job}}"},
    ]  # fmt: skip
    links = [
        {
            "type": "dashboards",
            "title": "More",
            "tags": ["ops"],
            "asDropdown": True,
            "keepTime": True,
            "includeVars": True,
        },
        {"type": "link", "title": "Wiki", "url": "https://wiki", "targetBlank": True},
    ]
    spec = _spec(dashboard(UP, annotations={"list": annotations}, links=links), tmp_path, importer)
    assert spec["annotations"] == [
        {"name": "Launches", "datasource": "grafana", "tags": ["launch"], "color": "purple"},
        {"name": "Deploys", "query": "changes(up[1m])", "title": "{{job}}"},
    ]
    assert spec["links"] == [
        {"title": "More", "tags": ["ops"], "dropdown": True},
        {
            "title": "Wiki",
            "url": "https://wiki",
            "keep_time": False,
            "keep_variables": False,
            "new_tab": True,
        },
    ]


def test_the_keys_at_the_top(tmp_path, importer):
    more = {
        "tags": ["ops"], "time": {"from": "now-24h", "to": "now"}, "refresh": "30s", "timezone": "utc", "graphTooltip": 1,
        "editable": False, "weekStart": "monday", "description": "What it is for.", "timepicker": {"nowDelay": "1m"},
    }  # fmt: skip
    spec = _spec(dashboard(UP, **more), tmp_path, importer)
    del spec["panels"]
    assert spec == {
        "kind": "Dashboard", "uid": "x", "title": "X", "description": "What it is for.", "tags": ["ops"], "time": "24h",
        "refresh": "30s", "timezone": "utc", "week_start": "monday", "tooltip": "crosshair", "editable": False,
        "time_picker": {"now_delay": "1m"},
    }  # fmt: skip


def test_what_the_project_says_by_default_is_not_repeated(tmp_path):
    defaults = "specs: [specs]\ndefaults:\n  dashboard: {tags: [ops], refresh: 30s, tooltip: crosshair}\n"
    importer = importer_for(small_project(tmp_path, project=defaults))
    spec = _spec(dashboard(UP, tags=["ops"], graphTooltip=1), tmp_path, importer)
    assert "tags" not in spec
    assert "tooltip" not in spec
    assert spec["refresh"] == "off"


def test_annotations_of_the_project_are_not_repeated_though_they_name_the_usual_data_source(tmp_path):
    asked = "{name: Deploys, datasource: prometheus, query: 'changes(up[1m])'}"
    defaults = f"specs: [specs]\ndefaults: {{dashboard: {{annotations: [{asked}]}}}}\n"
    importer = importer_for(small_project(tmp_path, project=defaults))
    annotation = {"name": "Deploys", "datasource": {"type": "prometheus", "uid": "prometheus"}, "enable": True,
                  "iconColor": "blue", "target": {"expr": "changes(up[1m])", "refId": "Anno", "interval": ""}}  # fmt: skip
    assert "annotations" not in _spec(dashboard(UP, annotations={"list": [annotation]}), tmp_path, importer)


def test_a_panel_that_asks_nothing_needs_no_data_source(tmp_path, importer):
    asks = {
        **UP,
        "datasource": {"type": "mysql", "uid": "P1"},
        "targets": [{"refId": "A", "query": "SELECT 1"}],
    }
    text = {
        "type": "text",
        "title": "Notes",
        "gridPos": {"x": 0, "y": 8, "w": 24, "h": 4},
        "options": {"content": "x"},
    }
    assert _sources(_spec(dashboard(asks, text), tmp_path, importer)) == ("mysql/P1", [])


def test_a_panel_marked_as_mixed_keeps_the_mark_where_all_its_queries_ask_one_data_source(tmp_path, importer):
    target = {"expr": "up", "datasource": {"type": "prometheus", "uid": "prometheus"}}
    targets = [{"refId": ref, **target} for ref in ("A", "B")]
    panel = {**UP, "datasource": {"type": "datasource", "uid": "-- Mixed --"}, "targets": targets}
    assert _spec(dashboard(panel), tmp_path, importer)["panels"][0]["datasource"] == "mixed"


def test_variables_that_a_component_of_the_project_makes_are_its_use(tmp_path):
    shared = (
        "kind: Components\ncomponents:\n  job: {variable: {name: job, query: 'label_values(up, job)'}}\n---\n"
    )
    importer = importer_for(small_project(tmp_path, shared + SOURCES))
    spec = _spec(dashboard(UP, templating={"list": [QUERY]}), tmp_path, importer)
    assert spec["variables"] == [{"use": "job"}]


def _sources(spec):
    return spec.get("datasource"), [variable["name"] for variable in spec.get("variables", ())]


@pytest.mark.parametrize(
    ("reference", "more", "expected"),
    [
        ("Prometheus", {}, (None, [])),
        (None, {}, (None, [])),
        ({"type": "loki", "uid": "loki"}, {}, ("loki", [])),
        ("${DS_PROM}", {"__inputs": [{"name": "DS_PROM", "type": "datasource", "pluginId": "prometheus"}]}, (None, [])),
        ("${DS_SQL}", {"__inputs": [{"name": "DS_SQL", "type": "datasource", "pluginId": "mysql"}]}, ("$DS_SQL", ["DS_SQL"])),
        ({"type": "prometheus", "uid": "${ds}"}, {"templating": {"list": [{"type": "datasource", "name": "ds", "query": "prometheus"}]}},
         ("$ds", ["ds"])),
    ],
)  # fmt: skip
def test_data_sources_by_the_names_of_the_project(reference, more, expected, tmp_path, importer):
    panel = {**UP, "datasource": reference, "targets": [{"refId": "A", "expr": "up", "query": "SELECT 1"}]}
    file = imported(dashboard(panel, **more), tmp_path, importer)
    assert (file.imported.differences, file.imported.problems) == ([], [])
    assert _sources(spec_of(file)) == expected


def test_a_data_source_that_the_project_lacks_is_named_by_its_type_and_uid(tmp_path, importer):
    panel = {
        **UP,
        "datasource": {"type": "mysql", "uid": "P123"},
        "targets": [{"refId": "A", "rawSql": "SELECT 1"}],
    }
    file = imported(dashboard(panel), tmp_path, importer)
    assert file.imported.notes.sources == {"mysql/P123": ("mysql", "P123")}
    assert spec_of(file)["datasource"] == "mysql/P123"
    defined = SOURCES + "  mysql: {uid: P123, url: 'mysql:3306'}\n"
    other = importer_for(small_project(tmp_path / "other", defined))
    assert imported(dashboard(panel), tmp_path, other).imported.notes.sources == {}


def test_the_only_foreign_data_source_of_a_type_is_the_projects_only_one(tmp_path, importer):
    one = {**UP, "datasource": {"type": "prometheus", "uid": "PBFA97"}}
    file = imported(dashboard(one), tmp_path, importer)
    assert "datasource" not in spec_of(file)
    assert file.imported.problems == []
    assert any("PBFA97" in what for what in file.imported.notes.converted)
    other = {
        **UP,
        "datasource": {"type": "prometheus", "uid": "P2"},
        "gridPos": {"x": 0, "y": 8, "w": 24, "h": 8},
    }
    file = imported(dashboard(one, other), tmp_path, importer)
    assert sorted(file.imported.notes.sources) == ["prometheus/P2", "prometheus/PBFA97"]


def test_the_user_can_name_a_data_source(tmp_path):
    importer = importer_for(small_project(tmp_path), {"P123": "prometheus"})
    panel = {**UP, "datasource": {"type": "prometheus", "uid": "P123"}}
    file = imported(dashboard(panel), tmp_path, importer)
    assert "datasource" not in spec_of(file)
    assert file.imported.notes.sources == {}


def test_numbers_of_panels_are_kept_where_something_refers_to_them(tmp_path, importer):
    other = {**UP, "id": 9, "title": "Same", "gridPos": {"x": 0, "y": 8, "w": 24, "h": 8},
             "datasource": {"type": "datasource", "uid": "-- Dashboard --"}, "targets": [{"refId": "A", "panelId": 4}]}  # fmt: skip
    file = imported(dashboard({**UP, "id": 4}, other), tmp_path, importer)
    assert [
        panel["id"] == number for panel, number in zip(rebuilt(file, importer)["panels"], (4, 9), strict=True)
    ] == [True, False]
    every = importer_for(tmp_path, keep_ids=True)
    file = imported(dashboard({**UP, "id": 4}, other), tmp_path, every)
    assert [panel["id"] for panel in rebuilt(file, every)["panels"]] == [4, 9]


@pytest.mark.parametrize(
    "more",
    [
        {"time": {"from": "now-1h30m", "to": "now"}},
        {"time": {"from": "now", "to": "now-6h"}},
        {"time": {"from": "soon", "to": "later"}},
        {"timezone": "Mars/Olympus"},
        {"timepicker": {"nowDelay": "1 minute"}},
        {
            "annotations": {
                "list": [{"name": "x", "expr": "up", "datasource": "Prometheus", "iconColor": "reddish"}]
            }
        },
        {"annotations": {"list": [{"name": "x", "expr": "up", "datasource": "Prometheus", "step": "5min"}]}},
        {"templating": {"list": [{**QUERY, "regex": "/(/"}]}},
        {
            "templating": {
                "list": [{"type": "interval", "name": "i", "query": "1m", "auto": True, "auto_min": "1 m"}]
            }
        },
    ],
)
def test_values_that_grafana_does_not_read_are_kept_and_the_build_goes_on(more, tmp_path, importer):
    _spec(dashboard(UP, **more), tmp_path, importer)


@pytest.mark.parametrize(
    "change", [{"interval": "5min"}, {"timeFrom": "7 days"}, {"timeShift": "soon"},
               {"fieldConfig": {"defaults": {"color": {"mode": "fixed", "fixedColor": "reddish"}, "unit": "seconds"}}}]
)  # fmt: skip
def test_values_of_panels_that_grafana_does_not_read_are_kept(change, tmp_path, importer):
    _spec(dashboard({**UP, **change}), tmp_path, importer)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        (["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"], None),
        (["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h"], {"refresh_intervals": 9}),
        (["1s", "5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"], {"refresh_intervals": 11}),
    ],
)
def test_only_refresh_intervals_that_grafana_does_not_offer_anyway_are_in_a_spec(
    intervals, expected, tmp_path, importer
):
    data = dashboard(UP, timepicker={"refresh_intervals": intervals, "nowDelay": "1m"})
    file = imported(data, tmp_path, importer)
    picker = spec_of(file)["time_picker"]
    assert picker.pop("now_delay") == "1m"
    assert ({key: len(value) for key, value in picker.items()} or None) == expected
    assert (file.imported.differences, losses(file)) == ([], [])
    sides = ([dashboard_resource(side)] for side in (data, rebuilt(file, importer)))
    changed = [detail.path for change in compare(*map(Resources, sides)) for detail in change.details]
    assert "timepicker" not in {path[0] for path in changed}

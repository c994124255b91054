"""What is no change: order, defaults, what servers add, and the ways in which one thing can be written."""

import json
import os
from pathlib import Path

import pytest

from dashgen.compare import Resources, compare
from dashgen.formats.normal.normal_dashboard import dashboard_resource, flat_panels
from dashgen.formats.normal.normal_notifications import (
    contact_points_of_api,
    contact_points_of_file,
    policies_resource,
)
from dashgen.formats.normal.normal_others import data_source_resource
from dashgen.formats.normal.normal_rules import rule_resource, rules_of_api, rules_of_file
from dashgen.formats.upgrade.envelope import find_dashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from tests.compare.support import PROMETHEUS, dashboard, panel, said

PLAIN = dashboard(panel(1, "A"), panel(2, "B", x=12))
SERVER = {
    "id": 17, "version": 4, "iteration": 1, "gnetId": None, "style": "dark", "hideControls": False, "editable": True,
    "graphTooltip": 0, "fiscalYearStartMonth": 0, "liveNow": False, "links": [], "tags": [], "timezone": "", "weekStart": "",
    "refresh": "", "time": {"from": "now-6h", "to": "now"}, "timepicker": {}, "templating": {"list": []}, "preload": False,
    "annotations": {"list": [{"builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True,
    "hide": True, "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard"}]},
}  # fmt: skip
PANEL = {
    "pluginVersion": "12.4.3", "transparent": False, "links": [], "transformations": [], "description": "",
    "cachedPluginOptions": {}, "repeatDirection": "h",
}  # fmt: skip
TARGET = {
    "hide": False,
    "exemplar": False,
    "editorMode": "code",
    "format": "time_series",
    "range": True,
    "instant": False,
}


def test_what_a_server_fills_in_is_no_change():
    panels = [
        {
            **one,
            **PANEL,
            "targets": [{**target, **TARGET} for target in one["targets"]],
            "fieldConfig": {"defaults": {**one["fieldConfig"]["defaults"], "mappings": [], "custom": {"lineWidth": 1}}, "overrides": []},
            "options": {"legend": {"placement": "bottom", "showLegend": True, "calcs": []}, "tooltip": {"mode": "single"}},
        }
        for one in PLAIN["panels"]
    ]  # fmt: skip
    assert said(PLAIN, {**PLAIN, **SERVER, "panels": panels}) == []
    assert said({**PLAIN, **SERVER, "panels": panels}, PLAIN) == []


def test_order_is_no_change():
    turned = {key: PLAIN[key] for key in reversed(PLAIN)}
    turned["panels"] = [dict(reversed(one.items())) for one in reversed(PLAIN["panels"])]
    assert said({**PLAIN, "tags": ["a", "b"]}, {**turned, "tags": ["b", "a"]}) == []


def test_data_sources_of_queries_and_their_panel_are_the_same_wherever_they_stand():
    query = {"refId": "A", "expr": "up"}
    ways = [
        panel(1, "A", targets=[query]),
        panel(1, "A", targets=[{**query, "datasource": PROMETHEUS}]),
        panel(1, "A", targets=[{**query, "datasource": {"uid": "prometheus"}}]),
        {**panel(1, "A", targets=[{**query, "datasource": PROMETHEUS}]), "datasource": None},
        panel(1, "A", targets=[{"expr": "up"}]),
    ]
    for way in ways:
        assert said(dashboard(ways[0]), dashboard(way)) == []


def test_repeated_copies_and_ids_that_stand_twice_are_left_out():
    clone = {**panel(9, "A", x=12), "repeatPanelId": 1}
    assert said(dashboard(panel(1, "A")), dashboard(panel(1, "A"), clone)) == []
    twice = dashboard(panel(1, "A"), panel(1, "B", x=12))
    assert said(twice, twice) == []


def test_what_grafana_adds_to_a_variable_is_no_change_and_its_default_is_one():
    def made(**more):
        return {
            **PLAIN,
            "templating": {"list": [{"type": "query", "name": "job", "query": "label_values(job)", **more}]},
        }

    seen = made(
        current={"text": "a", "value": "a"},
        options=[{"value": "a"}],
        definition="label_values(job)",
        refresh=1,
        hide=0,
    )
    plain = made(current={"value": "a"})
    assert said(plain, seen) == []
    assert said(made(), plain) == ["variable $job: default set to a"]
    assert said(plain, made()) == ["variable $job: default a removed"]
    asked = {"query": "label_values(job)", "refId": "x", "qryType": 1}
    assert said(made(), made(query=asked)) == []
    assert said(seen, made(current={"value": ["b"]})) == ["variable $job: default a → b"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda d: {"dashboard": d, "meta": {"folderUid": "", "folderTitle": "General"}},
        lambda d: {
            "apiVersion": "dashboard.grafana.app/v1beta1",
            "kind": "Dashboard",
            "metadata": {"name": "shop"},
            "spec": d,
        },
    ],
)
def test_an_envelope_is_no_change(wrap):
    bare = {key: value for key, value in PLAIN.items() if key != "uid"}
    inner = PLAIN if "dashboard" in wrap({}) else bare
    assert compare(Resources([dashboard_resource(PLAIN)]), Resources([dashboard_resource(wrap(inner))])) == []


QUERY = {"refId": "A", "expr": "up", "instant": True, "range": False}
THRESHOLD = {
    "refId": "C",
    "type": "threshold",
    "expression": "A",
    "conditions": [{"evaluator": {"type": "gt", "params": [0.1]}}],
}
FILE_RULE = {
    "uid": "r", "title": "Costs $$", "condition": "C", "for": "60s", "keepFiringFor": "0s", "labels": {"a": "b"},
    "dashboardUid": "d", "panelId": 1, "execErrState": "Error", "noDataState": "NoData",
    "data": [
        {"refId": "A", "relativeTimeRange": {"from": 600, "to": 0}, "datasourceUid": "p", "model": {**QUERY, "datasource": PROMETHEUS | {"uid": "p"}}},
        {"refId": "C", "relativeTimeRange": {"from": 0, "to": 0}, "datasourceUid": "__expr__", "model": THRESHOLD},
    ],
}  # fmt: skip
API_RULE = {
    "id": 3, "uid": "r", "orgID": 1, "folderUID": "f", "ruleGroup": "g", "title": "Costs $", "condition": "C",
    "for": "1m", "keep_firing_for": "0s", "labels": {"a": "b"}, "annotations": {"__dashboardUid__": "d", "__panelId__": "1"},
    "execErrState": "Error", "noDataState": "NoData", "isPaused": False, "notification_settings": None, "record": None,
    "provenance": "api", "updated": "2026-01-01T00:00:00Z",
    "data": [
        {"refId": "A", "queryType": "", "relativeTimeRange": {"from": 600, "to": 0}, "datasourceUid": "p",
         "model": {**QUERY, "intervalMs": 1000, "maxDataPoints": 43200}},
        {"refId": "C", "queryType": "", "datasourceUid": "__expr__", "relativeTimeRange": {"from": 0, "to": 0},
         "model": {**THRESHOLD, "datasource": {"type": "__expr__", "uid": "-100"}, "intervalMs": 1000}},
    ],
}  # fmt: skip


def test_an_alert_rule_is_the_same_from_a_file_and_from_the_api():
    file = Resources(rules_of_file({"name": "g", "folder": "F", "interval": "1m", "rules": [FILE_RULE]}))
    live = Resources(
        rules_of_api([{"title": "g", "folderUid": "f", "interval": 60, "rules": [API_RULE]}], {"f": "F"})
    )
    assert len(file) == len(live) == 2
    assert compare(file, live) == []


def test_contact_points_are_the_same_from_a_file_and_from_the_api_whatever_their_secrets():
    receivers = [
        {"uid": "b", "type": "slack", "settings": {"url": "https://hooks/secret"}},
        {"uid": "a", "type": "email", "settings": {"addresses": "x@y"}, "disableResolveMessage": False},
    ]
    file = Resources(contact_points_of_file([{"orgId": 1, "name": "ops", "receivers": receivers}]))
    shown = {
        "uid": "b",
        "type": "slack",
        "settings": {"url": "[REDACTED]"},
        "name": "ops",
        "provenance": "api",
    }
    live = Resources(contact_points_of_api([{**receivers[1], "name": "ops"}, shown]))
    assert compare(file, live) == []


def test_policies_are_the_same_however_matchers_and_times_are_written():
    one = {
        "receiver": "a",
        "group_by": ["x", "y"],
        "repeat_interval": "4h",
        "routes": [{"object_matchers": [["s", "=", "c"]]}],
    }
    for matchers in (
        {"matchers": ['s="c"']},
        {"match": {"s": "c"}},
        {"object_matchers": [["s", "=", "c"]], "continue": False},
    ):
        other = {
            "receiver": "a",
            "group_by": ["y", "x"],
            "repeat_interval": "240m",
            "routes": [matchers],
            "provenance": "api",
        }
        assert compare(Resources([policies_resource(one)]), Resources([policies_resource(other)])) == []


def test_a_data_source_is_the_same_from_a_file_and_from_the_api():
    file = {
        "name": "P",
        "uid": "p",
        "type": "prometheus",
        "access": "proxy",
        "url": "http://p",
        "secureJsonData": {"k": "$K"},
    }
    live = {**file, "id": 3, "orgId": 1, "typeLogoUrl": "x", "user": "", "basicAuth": False, "readOnly": False,
            "jsonData": {}, "secureJsonFields": {"k": True}, "version": 2}  # fmt: skip
    del live["secureJsonData"]
    assert compare(Resources([data_source_resource(file)]), Resources([data_source_resource(live)])) == []


RECORDED = Path(os.environ.get("DASHGEN_RECORDED", Path(__file__).parents[1] / "grafana/recordings"))


@pytest.mark.parametrize("name", ["dashboards", "dashboards-apis", "alerting"])
def test_what_a_grafana_gave_back_is_what_was_sent(name):
    found = list(RECORDED.rglob(f"{name}.json"))
    for path in found:
        sent = {}
        for exchange in json.loads(path.read_text())["exchanges"]:
            request, response = exchange["request"], exchange["response"]
            if response["status"] >= 300 or not isinstance(response.get("body"), dict):
                continue
            body, answer = request.get("body"), response["body"]
            if name == "alerting" and request["path"].endswith("/alert-rules") and isinstance(body, dict):
                assert compare(_rule(body), _rule(answer)) == []
            elif (
                name == "dashboards-apis"
                and isinstance(body, dict)
                and "spec" in body
                and "v1beta1" in request["path"]
            ):
                assert compare(_board(body), _board(answer)) == []
            elif name == "dashboards" and request["path"] == "/api/dashboards/db" and isinstance(body, dict):
                sent[body["dashboard"].get("uid")] = body["dashboard"]
            elif (
                name == "dashboards"
                and (uid := request["path"].rpartition("/")[2]) in sent
                and "dashboard" in answer
            ):
                assert compare(_board(sent[uid]), _board(answer["dashboard"])) == []


def _rule(body):
    return Resources([rule_resource({**body, "uid": "x"}, "f", "g")])


def _board(body):
    return Resources([dashboard_resource(body, folder="")])


def test_rows_of_old_dashboards_are_read():
    old = {
        "uid": "x",
        "title": "X",
        "schemaVersion": 14,
        "rows": [
            {"title": "R", "height": 250, "panels": [{"id": 1, "type": "graph", "title": "A", "span": 6}]}
        ],
    }
    found = dashboard_resource(old).data["panels"]
    assert [one["title"] for one in found if one.get("type") != "row"] == ["A"]
    strange = {**old, "rows": [{"height": [], "panels": [{"span": "x"}, 1]}, 3]}
    assert dashboard_resource(strange).data["panels"]


def test_rows_of_old_dashboards_are_where_an_import_puts_them():
    old = {
        "uid": "x",
        "title": "X",
        "schemaVersion": 14,
        "rows": [
            {"title": "R", "height": "50px", "panels": [{"type": "text", "span": 5}, {"type": "text"}, {"type": "text", "span": 7}]},
            {"title": "S", "showTitle": True, "panels": [{"type": "text", "span": 12, "height": 400}]},
            {"title": "S", "repeatIteration": 1, "panels": [{"type": "text", "span": 12}]},
        ],
    }  # fmt: skip
    upgraded = upgrade(find_dashboard(old), Notes())
    places = [[panel["gridPos"] for panel in flat_panels(data)] for data in (old, upgraded)]
    assert places[0] == places[1]
    assert [place["w"] for place in places[0]] == [24, 10, 8, 14, 24, 24]


OLD_GRAPH = {
    "id": 1, "type": "graph", "title": "A", "span": 6, "datasource": "Prometheus", "lines": True, "fill": 1,
    "yaxes": [{"format": "s"}, {"format": "short"}], "targets": [{"refId": "A", "expr": "up", "intervalFactor": 1}],
}  # fmt: skip


def _old(panel, **keys):
    return {"uid": "x", "title": "X", "schemaVersion": 14, **keys, "rows": [{"panels": [panel]}]}


def test_an_old_dashboard_is_compared_as_grafana_migrates_it():
    old = _old(OLD_GRAPH, sharedCrosshair=True)
    today = {**upgrade(find_dashboard(old), Notes()), "schemaVersion": 42}
    # An import fills in what the old dashboard leaves open: colours, and the type of its data source.
    (graph,) = today["panels"]
    graph["fieldConfig"]["defaults"].pop("color")
    graph["fieldConfig"]["defaults"].pop("thresholds")
    for owner in (graph, *graph["targets"]):
        owner["datasource"].pop("type")
    assert compare(_board(old), _board(today)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"yaxes": [{"format": "ms"}, {}]}, "unit s → ms"),
        ({"fill": 3}, "fill 10 → 30"),
        ({"stack": True}, "stacking set to normal"),
        ({"type": "heatmap"}, "type timeseries → heatmap"),
    ],
)
def test_a_change_of_an_old_dashboard_is_told_in_the_terms_of_today(change, sentence):
    (found,) = compare(_board(_old(OLD_GRAPH)), _board(_old({**OLD_GRAPH, **change})))
    assert sentence in [detail.sentence for detail in found.details]


@pytest.mark.parametrize("field", ["datasource", "type", "targets"])
def test_what_an_old_dashboard_leaves_open_is_no_difference(field):
    panel = {"id": 1, "type": "graph", "title": "A", "span": 6, "targets": [{"refId": "A", "expr": "up"}]}
    left_open = {key: value for key, value in panel.items() if key != field}
    data = dashboard_resource(_old(left_open)).data
    assert "prometheus" not in json.dumps(data)
    assert "thresholds" not in json.dumps(data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thresholds", {"steps": [None, {"color": "red", "value": 1}]}),
        ("thresholds", {"steps": None}),
        ("thresholds", [1]),
        ("mappings", [None, {"type": 1}]),
        ("mappings", {"a": 1}),
        ("links", [None, 2]),
        ("links", "x"),
    ],
)
def test_values_of_overrides_that_grafana_cannot_read_are_no_traceback(name, value):
    def board(value):
        properties = [{"id": name, "value": value}, {"id": "unit", "value": "s"}]
        config = {
            "defaults": {},
            "overrides": [{"matcher": {"id": "byName", "options": "a"}, "properties": properties}],
        }
        return _board({**PLAIN, "panels": [{**panel(1, "A"), "fieldConfig": config}]})

    sound = {"thresholds": {"steps": [{"color": "green", "value": None}]}, "mappings": [], "links": []}[name]
    compare(board(value), board(sound))
    compare(board(sound), board(value))

"""A page on sample data shows something in every panel, the same each time, and names what it cannot evaluate."""

import math
from pathlib import Path

import pytest

from dashgen.compile.outputs.rule_expression import rule_expression
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql_range
from dashgen.preview.opened_view import opened_view
from dashgen.preview.preview_subject import project_subject
from dashgen.preview.sample.label_pools import alternatives, example_text, matching_values
from dashgen.preview.sources.sample_source import SampleSource, sample_source
from dashgen.preview.views.view import View
from tests.stack.files import ROOT

PROMETHEUS = {"type": "prometheus", "uid": "p"}
LOKI = {"type": "loki", "uid": "l"}
HOUR = 3_600_000


@pytest.fixture(scope="module")
def subject():
    return project_subject(Path(ROOT), None)


@pytest.fixture(scope="module")
def source(subject):
    return sample_source(subject.inspection)


def panel_of(target, kind="timeseries", **keys):
    targets = target if isinstance(target, list) else [target]
    targets = [{"refId": chr(65 + index), **one} for index, one in enumerate(targets)]
    return {
        "id": 1,
        "type": kind,
        "title": "Panel",
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "targets": targets,
        **keys,
    }


def dashboard_of(*panels, variables=(), **keys):
    numbered = [{**panel, "id": index + 1} for index, panel in enumerate(panels)]
    return {
        "uid": "foreign", "title": "Foreign", "schemaVersion": 42, "panels": numbered,
        "templating": {"list": list(variables)}, "time": {"from": "now-6h", "to": "now"}, **keys,
    }  # fmt: skip


def shown(*panels, source=None, view=None, **keys):
    opened = opened_view(dashboard_of(*panels, **keys), view or View(), source or SampleSource())
    return [opened.data_of(panel) for panel in opened.viewed.panels]


def numbers(data):
    return [
        value
        for frame in data.frames
        for one in frame.fields
        if one.kind == "number"
        for value in one.values
        if value is not None
    ]


def test_every_panel_of_the_project_shows_something(subject, source):
    empty = []
    for dashboard in subject.dashboards:
        opened = opened_view(dashboard.data, View(), source)
        empty += [
            panel.panel["title"]
            for panel in opened.viewed.panels
            if panel.panel.get("targets")
            and (opened.data_of(panel).error or not any(one.length for one in opened.data_of(panel).frames))
        ]
    # In a healthy service nothing needs attention, and nobody is at risk while the shares of the model are as they are.
    assert set(empty) <= {"🔎 Needs Attention", "Paying Users at Risk"}


def test_the_same_specs_give_the_same_data_whatever_else_is_shown(subject, source):
    (dashboard,) = (one for one in subject.dashboards if one.uid == "user-analytics")
    alone = opened_view(dashboard.data, View(), sample_source(subject.inspection))
    beside_others = opened_view(dashboard.data, View(), source)
    assert {key: data.frames for key, data in alone.data.items()} == {
        key: data.frames for key, data in beside_others.data.items()
    }


def test_alerts_that_look_back_two_hours_fire_once_and_none_fires_now(subject, source):
    opened = {one.uid: opened_view(one.data, View(), source) for one in subject.dashboards}
    firing = [
        panel.panel["title"]
        for view in opened.values()
        for panel in view.viewed.panels
        if view.data_of(panel).alert_state == "firing"
    ]
    assert firing == []
    store = source.answers_of(subject.dashboards[0].data).series
    times = range(source.now_ms - 6 * HOUR, source.now_ms + 1, 120_000)
    met = {}
    for group in subject.inspection.groups:
        for alert in group.alerts:
            if alert.queries[0].datasource.type == "prometheus":
                rows = evaluate_promql_range(
                    rule_expression(alert, "prometheus", group.interval), store, times
                )
                met[alert.rule.alert] = sum(value is not None for row in rows for value in row.values)
    for name in (
        "HourlyBudget",
        "HighErrorRate",
        "CriticalErrorRate",
        "SlowResponses",
        "NoQueries",
        "CostAnomaly",
    ):
        assert 0 < met[name] < len(times) / 2, name


def test_a_list_of_alerts_and_one_of_dashboards_have_entries(subject, source):
    (data, _) = shown(
        {"type": "alertlist", "title": "Alerts"}, {"type": "dashlist", "title": "Boards"}, source=source
    )
    states = {entry.name: entry.state for entry in data.alerts}
    assert states["HighErrorRate"] == "normal"
    assert states["NoQueries"] == "normal"


@pytest.mark.parametrize(
    "expr",
    [
        "up",
        'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
        "histogram_quantile(0.9, sum by (le, handler) (rate(request_seconds_bucket[5m])))",
        'sum(rate(request_seconds_bucket{le="0.75"}[5m])) / sum(rate(request_seconds_count[5m]))',
        "rate(go_gc_duration_seconds_sum[5m]) / rate(go_gc_duration_seconds_count[5m])",
        'go_gc_duration_seconds{quantile="0.75"}',
        '100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100',
        'node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs"} / node_filesystem_size_bytes',
        'sum by (node) (kube_pod_info * on (pod, namespace) group_left (node) kube_pod_labels{node=~".+"})',
        "app_errors_total * on (instance) group_left (version) app_build_info",
        'count(kube_pod_status_phase{phase="Pending"} == 1)',
        'sum({__name__=~"shop_(orders|carts)_total"})',
        'job:requests:rate5m{job="web"}',
        'label_replace(app_queue_length, "short", "$1", "pod", "([^-]+)-.*")',
        "avg_over_time(temperature_celsius[1h:5m]) - temperature_celsius offset 1d",
        "topk(3, sum by (topic) (increase(kafka_messages_total[1h])))",
        "rate(quick_total[15s])",
    ],
)
def test_metrics_that_nobody_knows_are_guessed_from_their_queries(expr):
    (data,) = shown(panel_of({"expr": expr, "datasource": PROMETHEUS}))
    assert not data.error
    assert numbers(data)
    assert all(math.isfinite(value) for value in numbers(data))


def test_a_share_of_space_is_a_share():
    expr = 'node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}'
    (data,) = shown(panel_of({"expr": expr, "datasource": PROMETHEUS}))
    assert min(numbers(data)) > 0


VARIABLES = [
    {"type": "query", "name": "job", "query": "label_values(up, job)", "datasource": PROMETHEUS, "multi": True, "includeAll": True,
     "current": {"text": "All", "value": "$__all"}},
    {"type": "query", "name": "host", "query": 'label_values(up{job=~"$job"}, instance)', "regex": "/([^:]+):.*/", "datasource": PROMETHEUS},
    {"type": "query", "name": "port", "query": {"query": 'up{job="api"}', "refId": "x"}, "regex": '/instance="[^:]+:([0-9]+)"/',
     "datasource": PROMETHEUS},
    {"type": "query", "name": "app", "query": {"label": "app", "stream": '{namespace="shop"}', "type": 1}, "datasource": LOKI},
]  # fmt: skip


def test_variables_have_the_values_of_the_data_and_queries_with_them_find_some():
    panels = [
        panel_of(
            {"expr": 'rate(requests_total{job=~"$job", instance=~"$host:.*"}[5m])', "datasource": PROMETHEUS}
        ),
        panel_of({"expr": 'requests_total{instance="$host:$port"}', "datasource": PROMETHEUS}),
        panel_of({"expr": '{app="$app", namespace="shop"}', "datasource": LOKI}, "logs"),
    ]
    source, dashboard = SampleSource(), dashboard_of(*panels, variables=VARIABLES)
    options = source.variable_options(dashboard, View())
    assert {"job", "host", "port", "app"} == {name for name, listed in options.items() if listed}
    assert all(":" not in option.value for option in options["host"])
    opened = opened_view(dashboard, View(), source)
    assert [bool(opened.data_of(panel).frames) for panel in opened.viewed.panels] == [True, True, True]
    one = opened_view(dashboard, View(variables={"job": (options["job"][0].value,)}), source)
    assert one.data_of(next(iter(one.viewed.panels))).frames


def test_what_cannot_be_evaluated_is_named_on_its_panel_alone():
    good = panel_of({"expr": "up", "datasource": PROMETHEUS})
    bad, wrong = (panel_of({"expr": expr, "datasource": PROMETHEUS}) for expr in ("limitk(2, up)", "sum(up"))
    (first, second, third) = shown(bad, good, wrong)
    assert (
        first.error
        == "Aggregation `limitk` is not computed on sample data. `--prometheus URL` shows real data."
    )
    assert not second.error
    assert second.frames
    assert third.error


@pytest.mark.parametrize(
    ("target", "kind", "columns"),
    [
        ({"datasource": {"type": "postgres"}, "rawSql": 'SELECT name AS "Table", count(*) AS rows FROM t', "format": "table"}, "table",
         ["Table", "rows"]),
        ({"datasource": {"type": "mysql"}, "rawSql": "SELECT created_at, coalesce(a, b) total FROM t", "format": "table"}, "table",
         ["created_at", "coalesce"]),
        ({"datasource": {"type": "influxdb"}, "query": 'from(bucket: "b") |> range(start: -1h)'}, "timeseries", ["Time"]),
        ({"datasource": {"type": "cloudwatch"}, "metricName": "CPUUtilization"}, "timeseries", ["Time", "CPUUtilization"]),
        ({"datasource": {"type": "graphite"}, "target": "servers.*.cpu"}, "stat", ["Time"]),
        ({"datasource": {"type": "elasticsearch"}, "bucketAggs": [{"type": "date_histogram"}]}, "logs", ["Time", "Line"]),
        ({"datasource": {"type": "some-graph"}}, "nodeGraph", ["id", "title"]),
        # Without a type, the query tells the language.
        ({"rawSql": "SELECT 1 AS one"}, "table", ["one"]),
    ],
)  # fmt: skip
def test_other_data_sources_give_the_shape_of_an_answer(target, kind, columns):
    (data,) = shown(panel_of(target, kind))
    assert data.frames
    names = [one.name for one in data.frames[0].fields]
    assert names[: len(columns)] == columns
    assert all(len(one.values) == data.frames[0].length > 0 for one in data.frames[0].fields)
    assert any("Made up" in notice for notice in data.notices)


@pytest.mark.parametrize(
    "expr",
    [
        '{app="shop"} |= "panic"',
        'sum by (level) (count_over_time({job="api"} | json | level="error" [10m]))',
        'sum by (path) (rate({job="nginx"} | pattern `<ip> - <_> "<method> <path> <_>" <status>` | status="500" [10m]))',
        'quantile_over_time(0.9, {app="api"} | logfmt | took > 250ms | unwrap duration(took) [10m]) by (route)',
        'sum(sum_over_time({app="api"} | json | unwrap bytes(size) [1h]))',
        '{job="db"} |~ "(?i)slow query: [0-9]+ms"',
        'count_over_time({job="ssh"} | regexp `user (?P<user>[a-z]+)` | user!="" [30m])',
        'sum by (namespace) (bytes_rate({namespace=~".+"}[5m]))',
    ],
)
def test_lines_are_made_so_that_queries_find_some(expr):
    (data,) = shown(panel_of({"expr": expr, "datasource": LOKI}))
    assert not data.error
    assert any(frame.length for frame in data.frames)


def test_expressions_shared_results_and_exemplars():
    exemplary = panel_of({"expr": "histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))", "datasource": PROMETHEUS,
                          "exemplar": True})  # fmt: skip
    computed = panel_of([
        {"expr": "up", "datasource": PROMETHEUS, "hide": True},
        {"datasource": {"type": "__expr__", "uid": "__expr__"}, "type": "math", "expression": "$A * 2"},
    ])  # fmt: skip
    shared = panel_of({"panelId": 1, "datasource": {"type": "datasource", "uid": "-- Dashboard --"}})
    (first, second, third) = shown(exemplary, computed, shared)
    (exemplars,) = first.exemplars
    assert [one.name for one in exemplars.fields] == ["Time", "Value", "trace_id"]
    assert set(numbers(second)) == {2.0}
    assert third.frames == first.frames


def test_annotations_are_evaluated_and_those_of_grafana_are_made_up():
    listed = [
        {
            "name": "Deploys",
            "enable": True,
            "datasource": {"type": "grafana"},
            "target": {"tags": ["deploy", "outage"], "type": "tags"},
        },
        {
            "name": "Restarts",
            "enable": True,
            "datasource": PROMETHEUS,
            "expr": "changes(process_start_time_seconds[10m]) >= 0",
        },
        {"name": "Off", "enable": False, "datasource": PROMETHEUS, "expr": "up"},
    ]
    (data,) = shown(panel_of({"expr": "up", "datasource": PROMETHEUS}), annotations={"list": listed})
    assert [mark.tags for mark in data.annotations if mark.text.endswith("(sample)")] == [
        ("deploy",),
        ("outage",),
    ]
    assert "Restarts" in {mark.text for mark in data.annotations}
    assert "Off" not in {mark.text for mark in data.annotations}


def test_traces_are_found_counted_and_shown_whole():
    tempo = {"type": "tempo", "uid": "t"}
    table, series, whole, services = shown(
        panel_of(
            {"query": '{resource.service.name="shop"}', "queryType": "traceql", "datasource": tempo}, "table"
        ),
        panel_of(
            {"query": "{} | rate() by (resource.service.name)", "queryType": "traceql", "datasource": tempo}
        ),
        panel_of(
            {"query": "0123456789abcdef0123456789abcdef", "queryType": "traceql", "datasource": tempo},
            "traces",
        ),
        panel_of({"queryType": "serviceMap", "datasource": tempo}, "nodeGraph"),
    )
    assert "shop" in table.frames[0].fields[2].values
    assert len(series.frames) == 3
    assert [frame.name for frame in whole.frames] == ["Trace", "nodes", "edges"]
    assert services.error or services.frames


@pytest.mark.parametrize("expr", ["vector(NaN)", "vector(1) / 0", "-vector(Inf)", "up > 1000"])
def test_odd_numbers_and_empty_answers_are_no_error(expr):
    (data,) = shown(panel_of({"expr": expr, "datasource": PROMETHEUS}))
    assert not data.error


def test_a_panel_has_no_more_points_than_its_picture_needs():
    (data,) = shown(
        panel_of({"expr": "up", "datasource": PROMETHEUS}, maxDataPoints=1_000_000),
        time={"from": "now-90d", "to": "now"},
    )
    assert max(frame.length for frame in data.frames) < 250


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [("a|b", ["a", "b"]), ("(a\\.b|c-d)", ["a.b", "c-d"]), ("5..", []), (".+", []), ("api", ["api"])],
)  # fmt: skip
def test_the_texts_of_a_pattern_of_alternatives(pattern, texts):
    assert alternatives(pattern) == texts


@pytest.mark.parametrize(
    "pattern", ["5..", "web-.*", "[a-z]+-[0-9]{2}", "(?:a|b)c\\d+", ".*thanos.*", "^x$", "a?b", "\\w+:9100"]
)  # fmt: skip
def test_a_value_that_a_pattern_matches_is_made(pattern):
    assert matching_values(pattern, ())
    assert example_text("(un)?closed [a-z]+") == "unclosed a"

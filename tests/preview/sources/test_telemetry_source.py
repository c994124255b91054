"""Panels with the answers of a Prometheus, a Loki and a Tempo on this machine."""

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from dashgen.doctor.live.run_queries import Servers
from dashgen.drawing.fields.field_names import display_name
from dashgen.drawing.panel_data import DashboardEntry, PanelData
from dashgen.preview.sources.telemetry_source import TelemetrySource
from dashgen.preview.views.view import VariableOption, View
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.servers.http import Secret
from dashgen.servers.telemetry import Loki, Prometheus, Tempo
from tests.preview.views.dashboards import NOW, custom, dashboard, panel
from tests.telemetry.running import ReceivedRequest, Scripted, endpoint, scripted

PROMETHEUS = {"type": "prometheus", "uid": "p"}
LOKI = {"type": "loki", "uid": "l"}
TEMPO = {"type": "tempo", "uid": "t"}
RANGE, INSTANT = "/api/v1/query_range", "/api/v1/query"
AT = NOW / 1000


def _matrix(*series: tuple[dict[str, str], list[list[Any]]]) -> dict[str, Any]:
    result = [{"metric": labels, "values": values} for labels, values in series]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def _vector(*series: tuple[dict[str, str], str]) -> dict[str, Any]:
    result = [{"metric": labels, "value": [AT, value]} for labels, value in series]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def _query(expr: str, ref: str = "A", source: dict[str, str] = PROMETHEUS, **more: Any) -> dict[str, Any]:
    return {"refId": ref, "expr": expr, "datasource": source, **more}


class Case:
    """A source over one scripted server that stands for all three."""

    def __init__(self, server: Scripted, source: TelemetrySource) -> None:
        self.server = server
        self.source = source

    def data(self, board: dict[str, Any], view: View | None = None) -> dict[str, PanelData]:
        view = view or View()
        options = self.source.variable_options(board, view)
        return dict(self.source.panel_data(viewed_dashboard(board, view, options, NOW)))

    def requests(self, path: str) -> list[ReceivedRequest]:
        return [one for one in self.server.log if one.path == path]


@contextmanager
def serving(answers: dict[str, Any], **more: Any) -> Iterator[Case]:
    with ExitStack() as opened:
        server = opened.enter_context(scripted(answers))
        clients = [
            opened.enter_context(kind(endpoint(server.url, kind.__name__)))
            for kind in (Prometheus, Loki, Tempo)
        ]
        servers = Servers(*clients, concurrency=2)
        yield Case(server, TelemetrySource(servers, NOW, **more))


def test_a_panel_shows_series_with_their_legends_and_runs_equal_queries_once() -> None:
    answer = _matrix(({"tier": "pro"}, [[AT - 60, "1"], [AT, "2"]]), ({"tier": "free"}, [[AT, "NaN"]]))
    board = dashboard(
        panel(1, targets=[_query("up", legendFormat="{{tier}}")]),
        panel(2, x=6, targets=[_query("up"), _query("up", "B")]),
    )
    with serving({RANGE: answer}) as case:
        data = case.data(board)
        case.data(board)
        assert len(case.requests(RANGE)) == 1
        sent = case.requests(RANGE)[0].fields
    assert float(sent["end"][0]) - float(sent["start"][0]) == pytest.approx(6 * 3600, abs=120)
    assert [frame.name for frame in data["1"].frames] == ["pro", "free"]
    assert data["1"].frames[0].fields[1].values == [1.0, 2.0]
    assert math.isnan(float(str(data["1"].frames[1].fields[1].values[0])))
    assert [frame.ref_id for frame in data["2"].frames] == ["A", "A", "B", "B"]


def test_a_copy_of_a_panel_queries_with_its_own_value() -> None:
    board = dashboard(
        panel(1, repeat="tier", targets=[_query('up{tier="$tier"}', instant=True)]),
        variables=(custom("tier", "free,pro", ["$__all"], multi=True, includeAll=True),),
    )
    with serving({INSTANT: lambda call: _vector(({"q": call.fields["query"][0]}, "1"))}) as case:
        data = case.data(board)
    queries = {key: one.frames[0].fields[1].labels for key, one in data.items()}
    assert queries == {"1:tier=free": {"q": 'up{tier="free"}'}, "1:tier=pro": {"q": 'up{tier="pro"}'}}


def test_a_query_that_fails_is_on_its_panel_and_the_others_draw() -> None:
    def answer(call: ReceivedRequest) -> Any:
        if "bad" in call.fields["query"][0]:
            return 400, b'{"status":"error","error":"1:4: parse error: unexpected end"}'
        return _matrix(({}, [[AT, "1"]]))

    board = dashboard(
        panel(1, targets=[_query("bad(")]),
        panel(2, x=6, targets=[_query("good"), _query("bad(", "B")]),
        panel(3, x=12, targets=[_query("good")]),
        panel(4, x=18, targets=[_query("up{a='$gone'}")]),
    )
    with serving({RANGE: answer}) as case:
        data = case.data(board)
    refused = "Prometheus refuses the query: 1:4: parse error: unexpected end."
    assert (data["1"].error, list(data["1"].frames)) == (refused, [])
    assert (data["2"].error, len(data["2"].frames), data["2"].notices) == ("", 1, [refused])
    assert (data["3"].error, len(data["3"].frames)) == ("", 1)
    assert data["4"].error == "There is no value for `$gone`. Give the variable a default."


def test_a_server_that_is_down_is_on_its_panels_with_what_to_do() -> None:
    board = dashboard(
        panel(1, targets=[_query("up")]),
        panel(2, targets=[_query("down")]),
        panel(3, targets=[_query('{a="b"}', source=LOKI)]),
        {**panel(4), "type": "alertlist"},
    )
    streams = {"data": {"resultType": "streams", "result": [{"stream": {"a": "b"}, "values": [["1", "x"]]}]}}
    with (
        scripted({"/loki/api/v1/query_range": streams}) as server,
        Prometheus(endpoint("http://127.0.0.1:1")) as away,
        Loki(endpoint(server.url, "Loki")) as loki,
    ):
        source = TelemetrySource(Servers(away, loki), NOW)
        data = source.panel_data(viewed_dashboard(board, View(), {}, NOW))
    for key in ("1", "2"):
        assert data[key].error.startswith(
            "The address of Prometheus refuses connections: `127.0.0.1:1`. Check"
        )
    assert (data["3"].error, data["3"].frames[0].length) == ("", 1)
    assert "Prometheus" in data["4"].error


def test_a_panel_without_a_server_says_which_option_it_wants() -> None:
    board = dashboard(
        panel(1, targets=[_query("up")]),
        panel(2, targets=[{"refId": "A", "query": "{}", "queryType": "traceql", "datasource": TEMPO}]),
        panel(3, targets=[{"refId": "A", "rawSql": "select 1", "datasource": {"type": "mysql", "uid": "m"}}]),
        {**panel(4), "type": "text", "options": {"content": "x"}},
    )
    data = TelemetrySource(Servers(), NOW).panel_data(viewed_dashboard(board, View(), {}, NOW))
    assert [data[key].error for key in "1234"] == [
        "No Prometheus is named for this panel. Give its address with `--prometheus URL`.",
        "No Tempo is named for this panel. Give its address with `--tempo URL`.",
        "Data sources of type `mysql` are queried through a Grafana only. Give its address with `--url`.",
        "",
    ]


def test_the_name_of_a_source_is_its_addresses() -> None:
    with serving({}) as case:
        # One address may be that of several servers behind a proxy.
        assert case.source.name == case.server.url


def test_expressions_are_computed_from_hidden_queries_too() -> None:
    source = {"type": "__expr__", "uid": "__expr__"}
    board = dashboard(
        panel(
            1,
            targets=[
                {"refId": "C", "type": "math", "expression": "$B / 2", "datasource": source},
                _query("up", "A", hide=True),
                {"refId": "B", "type": "reduce", "reducer": "max", "expression": "A", "datasource": source},
                {"refId": "D", "type": "sql", "expression": "select 1", "datasource": source},
            ],
        )
    )
    with serving({RANGE: _matrix(({"t": "x"}, [[AT - 60, "3"], [AT, "8"]]))}) as case:
        shown = case.data(board)["1"]
    values = {frame.ref_id: (frame.fields[0].labels, frame.fields[0].values) for frame in shown.frames}
    assert values == {"C": ({"t": "x"}, [4.0]), "B": ({"t": "x"}, [8.0])}
    assert shown.notices == [
        "`D` is of the type `sql`, which a Grafana computes. Give the address of one with `--url`."
    ]


def test_a_panel_shows_what_another_one_queried() -> None:
    shared = {"type": "datasource", "uid": "-- Dashboard --"}
    limit = [{"id": "limit", "options": {"limitField": 1}}]
    board = dashboard(
        panel(1, targets=[{"refId": "A", "panelId": 2, "datasource": shared}]),
        panel(2, targets=[_query("up")], transformations=limit),
        panel(3, targets=[{"refId": "A", "panelId": 2, "withTransforms": True, "datasource": shared}]),
        panel(4, targets=[{"refId": "A", "panelId": 9, "datasource": shared}]),
    )
    with serving({RANGE: _matrix(({}, [[AT - 60, "3"], [AT, "8"]]))}) as case:
        data = case.data(board)
    assert [data[key].frames[0].length for key in "123"] == [2, 2, 1]
    assert data["4"].error == "Panel 9, whose data this one shows, is not on the dashboard."


@pytest.mark.parametrize(("written", "shift"), [("1w", 604_800), ("__previousPeriod", 6 * 3600)])
def test_a_panel_compares_with_an_earlier_time(written: str, shift: int) -> None:
    def answer(call: ReceivedRequest) -> Any:
        end = float(call.fields["end"][0])
        return _matrix(({"tier": "pro"}, [[end, "1" if end > AT - 3600 else "2"]]))

    targets = [_query("up", legendFormat="{{tier}}"), _query("down", "B", timeRangeCompare=False)]
    with serving({RANGE: answer}) as case:
        frames = case.data(dashboard(panel(1, targets=targets, timeCompare=written)))["1"].frames
        ends = sorted(float(one.fields["end"][0]) for one in case.requests(RANGE))
    assert len(ends) == 3
    assert ends[2] - ends[0] == pytest.approx(shift, abs=60)
    now, earlier, other = frames
    assert (now.ref_id, earlier.ref_id, other.ref_id) == ("A", "A-compare", "B")
    assert earlier.fields[1].values == [2.0]
    assert earlier.fields[0].values[0] == pytest.approx(now.fields[0].values[0], abs=60_000)
    assert display_name(earlier.fields[1], earlier, frames) == "pro (comparison)"
    assert earlier.fields[1].config["custom"]["lineStyle"]["fill"] == "dash"


def test_a_target_that_leaves_its_data_source_open_is_queried_by_what_it_is() -> None:
    open_targets = [{"refId": "A", "expr": "up"}]
    logs = [{"refId": "A", "expr": '{app="bot"} |= "x"', "datasource": {"uid": "${ds}"}}]
    with serving({RANGE: _matrix(({}, [[AT, "1"]]))}) as case:
        data = case.data(dashboard(panel(1, targets=open_targets), panel(2, targets=logs)))
        assert len(case.requests("/loki/api/v1/query_range")) == 1
    assert len(data["1"].frames) == 1


def test_tables_of_several_queries_number_their_values() -> None:
    targets = [_query("a", format="table", instant=True), _query("b", "B", format="table", instant=True)]
    with serving({INSTANT: _vector(({"tier": "pro"}, "7"))}) as case:
        frames = case.data(dashboard(panel(1, targets=targets)))["1"].frames
    assert [[one.name for one in frame.fields] for frame in frames] == [
        ["Time", "tier", "Value #A"],
        ["Time", "tier", "Value #B"],
    ]


def test_log_lines_come_newest_first() -> None:
    streams = [
        {"stream": {"level": "info"}, "values": [["1796040000000000000", "b"], ["1796039000000000000", "a"]]}
    ]
    answer = {"data": {"resultType": "streams", "result": streams}}
    with serving({"/loki/api/v1/query_range": answer}) as case:
        board = dashboard(panel(1, targets=[_query('{a="b"}', source=LOKI, maxLines=7)]))
        frame = case.data(board)["1"].frames[0]
        assert case.requests("/loki/api/v1/query_range")[0].fields["limit"] == ["7"]
    line = frame.named("Line")
    assert line is not None
    assert line.values == ["b", "a"]


SEARCH = {
    "traces": [
        {
            "traceID": "a1",
            "rootServiceName": "bot",
            "rootTraceName": "POST /query",
            "startTimeUnixNano": "1796039999000000000",
            "durationMs": 8200,
            "spanSets": [
                {
                    "attributes": [{"key": "tier", "value": {"stringValue": "pro"}}],
                    "spans": [
                        {
                            "spanID": "s1",
                            "name": "model",
                            "startTimeUnixNano": "1796039999500000000",
                            "durationNanos": "7000000000",
                            "attributes": [{"key": "tokens", "value": {"intValue": "12"}}],
                        }
                    ],
                }
            ],
        },
        {"traceID": "b2", "startTimeUnixNano": "1796040000000000000"},
    ]
}


def test_traces_are_a_table_with_the_newest_first() -> None:
    target = {"refId": "A", "query": "{}", "queryType": "traceql", "datasource": TEMPO, "limit": 5}
    with serving({"/api/search": SEARCH}) as case:
        frame = case.data(dashboard(panel(1, targets=[target])))["1"].frames[0]
        assert case.requests("/api/search")[0].fields["limit"] == ["5"]
    assert {one.config["displayNameFromDS"]: one.values for one in frame.fields} == {
        "Trace ID": ["b2", "a1"],
        "Start time": [NOW, NOW - 1000],
        "Service": ["", "bot"],
        "Name": ["", "POST /query"],
        "Duration": ["<1ms", 8200.0],
    }


def test_spans_are_a_table_with_a_column_for_each_attribute() -> None:
    target = {"refId": "A", "query": "{}", "queryType": "traceql", "tableType": "spans", "datasource": TEMPO}
    with serving({"/api/search": SEARCH}) as case:
        frame = case.data(dashboard(panel(1, targets=[target])))["1"].frames[0]
    row = {one.name: one.values[0] for one in frame.fields}
    assert (row["spanID"], row["name"], row["tier"], row["tokens"], row["duration"]) == (
        "s1", "model", "pro", 12.0, 7e9,
    )  # fmt: skip


def test_traceql_metrics_are_series() -> None:
    series = {
        "labels": [{"key": "service", "value": {"stringValue": "bot"}}],
        "samples": [{"timestampMs": str(NOW), "value": 2.5}],
    }
    target = {"refId": "A", "query": "{} | rate()", "queryType": "traceql", "datasource": TEMPO}
    with serving({"/api/metrics/query_range": {"series": [series]}}) as case:
        frame = case.data(dashboard(panel(1, targets=[target])))["1"].frames[0]
    assert (frame.name, frame.fields[0].values, frame.fields[1].values) == ("bot", [NOW], [2.5])


def _span(span: str, name: str, start: int, end: int) -> dict[str, Any]:
    """A span of OTLP; times in milliseconds."""
    times = {"startTimeUnixNano": f"{start}000000", "endTimeUnixNano": f"{end}000000"}
    return {"traceId": "aabbccdd", "spanId": span, "name": name, **times}


def test_a_trace_comes_with_its_graph() -> None:
    spans = [
        _span("1", "root", 0, 10),
        {**_span("2", "db", 2, 6), "parentSpanId": "1", "status": {"code": "STATUS_CODE_ERROR"}},
        {**_span("3", "", 0, 0), "parentSpanId": "gone"},
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "bot"}}]}
    batches = [{"resource": resource, "scopeSpans": [{"spans": spans}]}]
    target = {"refId": "A", "query": "aabbccdd", "queryType": "traceql", "datasource": TEMPO}
    with serving({"/api/traces/aabbccdd": {"batches": batches}}) as case:
        trace, nodes, edges = case.data(dashboard(panel(1, targets=[target])))["1"].frames
    row = {one.name: one.values[1] for one in trace.fields}
    assert (row["serviceName"], row["duration"], row["statusCode"]) == ("bot", 4.0, 2)
    stats = {one.name: one.values for one in nodes.fields}
    assert stats["mainstat"][:2] == ["total: 10ms (100%)", "total: 4ms (40%)"]
    assert stats["secondarystat"][0] == "self: 6ms (60%)"
    assert [one.values for one in edges.fields] == [["1--2"], ["2"], ["1"]]


def test_the_service_map_is_made_of_three_queries_of_prometheus() -> None:
    numbers = {"request_total": "10", "server_seconds_sum": "2.5", "failed_total": "1"}

    def answer(call: ReceivedRequest) -> Any:
        value = next(value for name, value in numbers.items() if name in call.fields["query"][0])
        return _vector(({"client": "user", "server": "bot"}, value))

    target = {"refId": "A", "queryType": "serviceMap", "datasource": TEMPO}
    with serving({INSTANT: answer}) as case:
        nodes, edges = case.data(dashboard(panel(1, targets=[target])))["1"].frames
        assert "[21600s]" in case.requests(INSTANT)[0].fields["query"][0]
    assert {one.name: one.values for one in nodes.fields} == {
        "id": ["bot", "user"],
        "title": ["bot", "user"],
        "subtitle": ["", ""],
        "mainstat": [250.0, None],
        "secondarystat": [10.0, None],
        "arc__success": [0.9, 1.0],
        "arc__failed": [0.1, 0.0],
    }
    assert {one.name: one.values[0] for one in edges.fields}["source"] == "user"


def test_exemplars_stand_beside_the_series_and_are_thinned() -> None:
    exemplars = [
        {"labels": {"trace_id": f"t{index}"}, "value": str(value), "timestamp": AT - 1 + index / 100}
        for index, value in enumerate([1, 1.1, 1.2, 1.1, 1, 20])
    ]
    answers = {
        RANGE: _matrix(({}, [[AT, "1"]])),
        "/api/v1/query_exemplars": {
            "data": [{"seriesLabels": {"job": "bot"}, "exemplars": exemplars}, "odd", {"exemplars": [{}]}]
        },
    }
    with serving(answers) as case:
        shown = case.data(dashboard(panel(1, targets=[_query("h", exemplar=True)]), panel(2)))
    frame = shown["1"].exemplars[0]
    # The greatest of the step, and the first one that is two standard deviations below it.
    assert {one.name: one.values for one in frame.fields} == {
        "Time": [NOW - 980, NOW - 950],
        "Value": [1.2, 20.0],
        "job": ["bot", "bot"],
        "trace_id": ["t2", "t5"],
    }
    assert list(shown["2"].exemplars) == []


def test_values_above_zero_are_events_as_long_as_they_last() -> None:
    deploys = {
        "name": "Deploys", "enable": True, "iconColor": "blue", "titleFormat": "Deployed {{version}}",
        "tagKeys": "version", "datasource": PROMETHEUS, "target": {"expr": "changes", "interval": "1m"},
    }  # fmt: skip
    elsewhere = {**deploys, "name": "Off", "enable": False}
    filtered = {**deploys, "titleFormat": "2 only", "filter": {"ids": [2], "exclude": False}}
    points = [[AT - 600, "1"], [AT - 540, "1"], [AT - 300, "0"], [AT - 60, "2"]]
    board = dashboard(panel(1), panel(2), annotations={"list": [deploys, elsewhere, filtered]})
    with serving({RANGE: _matrix(({"version": "7"}, points))}) as case:
        data = case.data(board)
    marks = [(one.start, one.end, one.text, tuple(one.tags), one.color) for one in data["1"].annotations]
    assert marks == [
        (NOW - 600_000, NOW - 540_000, "Deployed 7", ("7",), "blue"),
        (NOW - 60_000, None, "Deployed 7", ("7",), "blue"),
    ]
    assert len(data["2"].annotations) == 4


def test_rules_are_the_alerts_of_a_list_and_the_state_of_their_panel() -> None:
    rule = {
        "type": "alerting", "name": "ErrorRate", "state": "firing", "health": "ok",
        "labels": {"severity": "critical"},
        "annotations": {"summary": "too many", "__dashboardUid__": "d", "__panelId__": "1"},
        "alerts": [{"activeAt": "2026-11-30T11:00:00.123456789Z"}],
    }  # fmt: skip
    groups = [
        {"name": "g", "file": "/etc/rules/errors.yaml", "rules": [rule, {"type": "recording", "name": "r"}]}
    ]
    with serving({"/api/v1/rules": {"data": {"groups": groups}}}) as case:
        data = case.data(dashboard(panel(1), {**panel(2), "type": "alertlist"}))
    assert (data["1"].alert_state, data["2"].alert_state) == ("firing", "")
    (entry,) = data["2"].alerts
    assert (entry.name, entry.state, entry.folder, entry.group, entry.summary) == (
        "ErrorRate", "firing", "errors.yaml", "g", "too many",
    )  # fmt: skip
    assert entry.since == NOW - 3_600_000 + 123


@pytest.mark.parametrize(
    ("annotations", "state"),
    [
        ({"__dashboardUid__": "d", "__panelId__": "1"}, "pending"),
        ({"dashboard": "http://localhost:3000/d/d?viewPanel=1"}, "pending"),
        ({"dashboard": "https://x.example/sub/d/d/slug?from=now-1h&viewPanel=panel-1"}, "pending"),
        ({"dashboard": "http://localhost:3000/d/d?viewPanel=12"}, ""),
        ({"dashboard": "http://localhost:3000/d/other?viewPanel=1"}, ""),
        ({"__dashboardUid__": "other", "__panelId__": "1"}, ""),
        ({"summary": "see viewPanel=1"}, ""),
        ({}, ""),
    ],
)
def test_a_rule_names_its_panel_by_numbers_or_by_its_address(annotations: dict[str, str], state: str) -> None:
    rule = {"type": "alerting", "name": "A", "state": "pending", "health": "ok", "annotations": annotations}
    with serving({"/api/v1/rules": {"data": {"groups": [{"name": "g", "rules": [rule]}]}}}) as case:
        assert case.data(dashboard(panel(1)))["1"].alert_state == state


def test_lines_of_a_log_are_events() -> None:
    launches = {
        "name": "Launches", "enable": True, "datasource": LOKI, "tagKeys": "app",
        "target": {"expr": '{app="bot"} |= "launch"'},
    }  # fmt: skip
    streams = [{"stream": {"app": "bot"}, "values": [[f"{NOW - 1000}000000", "launch of 7"]]}]
    answer = {"data": {"resultType": "streams", "result": streams}}
    with serving({"/loki/api/v1/query_range": answer}) as case:
        shown = case.data(dashboard(panel(1), annotations={"list": [launches]}))["1"].annotations
    assert [(one.start, one.text, tuple(one.tags)) for one in shown] == [
        (NOW - 1000, "launch of 7", ("bot",))
    ]


def test_a_list_of_dashboards_has_those_of_the_project() -> None:
    entries = [DashboardEntry("Shop", "shop")]
    with serving({}, dashboards=entries) as case:
        data = case.data(dashboard({**panel(1), "type": "dashlist"}))
    assert list(data["1"].dashboards) == entries


def test_a_library_panel_that_only_grafana_has_is_named() -> None:
    with serving({}) as case:
        data = case.data(dashboard({"id": 1, "libraryPanel": {"uid": "x", "name": "CPU"}}))
    assert data["1"].error.startswith("The library panel `CPU` is kept in Grafana. Import")


@pytest.mark.parametrize(
    ("variable", "path", "answer", "expected"),
    [
        ({"query": "label_values(up, job)"}, "/api/v1/label/job/values", {"data": ["b", "a"]}, ["a", "b"]),
        ({"query": {"query": "label_values(job)"}}, "/api/v1/label/job/values", {"data": ["a"]}, ["a"]),
        ({"query": "label_names()"}, "/api/v1/labels", {"data": ["job"]}, ["job"]),
        ({"query": "metrics(^up$)"}, "/api/v1/label/__name__/values", {"data": ["up", "upper"]}, ["up"]),
        (
            {"query": "query_result(topk(1, up))", "regex": '/job="([^"]+)"/'},
            INSTANT, _vector(({"__name__": "up", "job": "bot"}, "3")), ["bot"],
        ),
        (
            {"query": "label_values(up, job)", "regex": "/(?<text>.)-(?<value>\\d+)/", "sort": 4},
            "/api/v1/label/job/values", {"data": ["a-2", "b-10", "c"]}, ["10", "2"],
        ),
        (
            {"query": {"label": "level", "stream": "", "type": 1}, "datasource": LOKI},
            "/loki/api/v1/label/level/values", {"data": ["info"]}, ["info"],
        ),
        (
            {"query": 'label_values({app="x"}, level)', "datasource": LOKI},
            "/loki/api/v1/label/level/values", {"data": ["info"]}, ["info"],
        ),
        (
            {"query": {"label": "resource.service.name", "type": 1}, "datasource": TEMPO},
            "/api/v2/search/tag/resource.service.name/values", {"tagValues": [{"value": "bot"}]}, ["bot"],
        ),
        ({"query": "label_values(up, job)"}, "/gone", {}, []),
        ({"query": "label_values(up, job)", "refresh": 0}, "/api/v1/label/job/values", {"data": ["a"]}, []),
    ],
)  # fmt: skip
def test_a_variable_has_the_options_that_its_server_has(
    variable: dict[str, Any], path: str, answer: dict[str, Any], expected: list[str]
) -> None:
    full = {"type": "query", "name": "v", "datasource": PROMETHEUS, "refresh": 1, **variable}
    with serving({path: answer}) as case:
        options = case.source.variable_options(dashboard(variables=(full,)), View())
    assert [one.value for one in options.get("v", ())] == expected


def test_a_variable_may_depend_on_the_one_before_it() -> None:
    region = {
        "type": "query",
        "name": "region",
        "query": "label_values(up, region)",
        "datasource": PROMETHEUS,
    }
    host = {
        "type": "query",
        "name": "host",
        "query": 'label_values(up{r="$region"}, host)',
        "datasource": PROMETHEUS,
    }
    answers = {
        "/api/v1/label/region/values": {"data": ["eu", "us"]},
        "/api/v1/label/host/values": lambda call: {"data": [call.fields["match[]"][0]]},
    }
    board = dashboard(variables=(region, host))
    with serving(answers) as case:
        assert case.source.variable_options(board, View())["host"] == [
            VariableOption('up{r="eu"}', 'up{r="eu"}')
        ]
        chosen = View(variables={"region": ("us",)})
        assert case.source.variable_options(board, chosen)["host"][0].value == 'up{r="us"}'


def test_views_share_the_options_and_a_server_that_is_away_is_queried_once() -> None:
    names = ("a", "b", "c")
    variables = tuple(
        {"type": "query", "name": name, "query": f"label_values({name})", "datasource": PROMETHEUS}
        for name in names
    )
    with serving({"/api/v1/label/a/values": {"data": ["x"]}}) as case:
        case.data(dashboard(variables=variables))
        case.data(dashboard(variables=variables), View(variables={"a": ("x",)}))
        assert [len(case.requests(f"/api/v1/label/{name}/values")) for name in names] == [1, 1, 1]

    with serving({f"/api/v1/label/{name}/values": (401, b"no") for name in names}) as case:
        case.data(dashboard(variables=variables))
        assert [len(case.requests(f"/api/v1/label/{name}/values")) for name in names] == [1, 0, 0]


def test_a_million_points_are_cut_to_what_a_panel_shows() -> None:
    points = [[AT - 1_000_000 + index, "9" if index == 777_777 else "1"] for index in range(1_000_000)]
    with serving({RANGE: _matrix(({}, points))}) as case:
        board = dashboard(panel(1, w=24, targets=[_query("up")]))
        frame = case.data(board)["1"].frames[0]
    assert 100 < frame.length <= 3200
    # No spike is lost.
    assert 9.0 in frame.fields[1].values


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"resultType": "matrix", "result": []}},
        {"data": {"resultType": "matrix", "result": [7, {"metric": 7, "values": [[1], ["x", "y"]]}]}},
        {"data": {"resultType": "vector", "result": {"a": 1}}},
        {"data": {}},
        {"data": 7},
        [],
        (200, b"<html>"),
        (500, b""),
    ],
)
def test_an_answer_of_any_shape_gives_nothing_or_a_sentence(answer: Any) -> None:
    with serving({RANGE: answer}) as case:
        shown = case.data(dashboard(panel(1, targets=[_query("up")])))["1"]
    assert shown.error.endswith(".") or all(frame.length <= 2 for frame in shown.frames)


def test_no_secret_is_in_an_error_or_a_name() -> None:
    def answer(call: ReceivedRequest) -> Any:
        return 400, f'{{"error": "sent {call.headers.get("Authorization")}"}}'.encode()

    with (
        scripted({RANGE: answer}) as server,
        Prometheus(endpoint(server.url, token=Secret("s3cr3t-token"))) as prometheus,
    ):
        source = TelemetrySource(Servers(prometheus), NOW)
        board = dashboard(panel(1, targets=[_query("up")]))
        shown = source.panel_data(viewed_dashboard(board, View(), {}, NOW))["1"]
        assert server.log[0].headers["Authorization"] == "Bearer s3cr3t-token"
    assert "refuses the query" in shown.error
    assert "s3cr3t" not in shown.error + source.name


def test_hidden_tables_leave_the_values_of_the_shown_one_without_number() -> None:
    shown, hidden = (
        _query("up", "A", format="table", instant=True),
        _query("down", "B", format="table", instant=True),
    )
    with serving({INSTANT: _vector(({"job": "x"}, "1"))}) as case:
        board = dashboard(
            panel(1, targets=[shown, {**hidden, "hide": True}]), panel(2, targets=[shown, hidden])
        )
        data = case.data(board)
    assert [[one.name for one in frame.fields][-1] for frame in data["1"].frames] == ["Value"]
    assert [[one.name for one in frame.fields][-1] for frame in data["2"].frames] == ["Value #A", "Value #B"]

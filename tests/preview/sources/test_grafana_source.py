"""Panels with the answers of a Grafana; frames in the shape of tests/grafana/recordings (Grafana 12.4.3)."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashgen.doctor.live.run_queries import Servers
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.sources.grafana_source import GrafanaSource
from dashgen.preview.sources.telemetry_source import TelemetrySource
from dashgen.preview.views.view import VariableOption, View
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.servers.telemetry import Prometheus
from tests.grafana.fake import FakeConfig, FakeGrafana
from tests.grafana.support import connect
from tests.preview.views.dashboards import NOW, custom, dashboard, panel
from tests.telemetry.running import endpoint, scripted

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
TEMPO = {"type": "tempo", "uid": "tempo"}


def _frame(
    values: list[list[Any]], labels: dict[str, str] | None = None, ref: str = "A", **more: Any
) -> dict[str, Any]:
    """A frame of one series, as `POST /api/ds/query` has it."""
    name = (labels or {}).get("__name__", "Value")
    fields = [
        {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}, "config": {"interval": 15_000}},
        {
            "name": name, "type": "number", "typeInfo": {"frame": "float64"}, "labels": labels or {},
            "config": {"displayNameFromDS": name},
        },
    ]  # fmt: skip
    meta = {"type": "timeseries-multi", "typeVersion": [0, 1], "custom": {"resultType": "matrix"}}
    return {"schema": {"refId": ref, "meta": meta, "fields": fields}, "data": {"values": values, **more}}


def _query(expr: str, ref: str = "A", source: dict[str, str] = PROMETHEUS, **more: Any) -> dict[str, Any]:
    return {"refId": ref, "expr": expr, "datasource": source, **more}


class Session:
    """A source over the fake."""

    def __init__(self, fake: FakeGrafana, grafana: Grafana) -> None:
        self.fake = fake
        self.grafana = grafana
        self.source = GrafanaSource(grafana, NOW)

    def data(self, board: dict[str, Any], view: View | None = None) -> dict[str, PanelData]:
        view = view or View()
        options = self.source.variable_options(board, view)
        return dict(self.source.panel_data(viewed_dashboard(board, view, options, NOW)))

    def sent(self) -> list[dict[str, Any]]:
        return [call.json for call in self.fake.log if call.path == "/api/ds/query"]


@contextmanager
def serving(**frames: list[dict[str, Any]]) -> Iterator[Session]:
    with FakeGrafana(FakeConfig()) as fake, connect(fake) as grafana:
        for number, (uid, kind) in enumerate(
            [("prometheus", "prometheus"), ("other", "prometheus"), ("loki", "loki"), ("tempo", "tempo")]
        ):
            content = {"uid": uid, "name": uid.title(), "type": kind, "isDefault": number == 0}
            settings = {"serviceMap": {"datasourceUid": "other"}} if kind == "tempo" else {}
            grafana.data_sources.create({**content, "access": "proxy", "jsonData": settings})
        fake.store.frames.update(frames)
        yield Session(fake, grafana)


def test_a_panel_is_one_request_with_all_that_grafana_sends() -> None:
    board = dashboard(
        panel(1, w=12, targets=[_query("up"), _query("cpu{t='$tier'}", "B")], maxDataPoints=None),
        panel(2, targets=[_query("up"), _query("gone", "B", hide=True)], maxDataPoints=50),
        variables=(custom("tier", "free,pro", "pro"),),
    )
    with serving(up=[_frame([[NOW - 15_000, NOW], [1, 2]], {"__name__": "up", "job": "bot"})]) as session:
        data = session.data(board)
        first, second = sorted(session.sent(), key=lambda body: -len(body["queries"]))
        session.data(board)
        assert len(session.sent()) == 2
    assert (first["from"], first["to"]) == (str(NOW - 6 * 3_600_000), str(NOW))
    assert [query["expr"] for query in first["queries"]] == ["up", "cpu{t='pro'}"]
    assert first["queries"][0]["datasource"] == PROMETHEUS
    assert (first["queries"][0]["maxDataPoints"], second["queries"][0]["maxDataPoints"]) == (800, 50)
    assert first["queries"][0]["intervalMs"] == 30_000
    frame = data["1"].frames[0]
    assert (frame.ref_id, frame.fields[1].name, frame.fields[1].labels, frame.fields[1].values) == (
        "A", "up", {"__name__": "up", "job": "bot"}, [1, 2],
    )  # fmt: skip


def test_numbers_that_json_cannot_hold_are_in_their_places() -> None:
    values = [[1, 2, 3, 4, 5], [None, 1.5, None, None, None]]
    entities = [None, {"NaN": [0], "Inf": [2], "NegInf": [3]}]
    with serving(up=[_frame(values, entities=entities)]) as session:
        shown = session.data(dashboard(panel(1, targets=[_query("up")])))["1"].frames[0].fields[1].values
    assert math.isnan(float(str(shown[0])))
    assert shown[1:] == [1.5, math.inf, -math.inf, None]


def test_every_type_of_a_frame_is_a_field() -> None:
    fields = [
        {"name": "t", "type": "time"},
        {"name": "s", "type": "string", "config": {"unit": "short"}},
        {"name": "b", "type": "boolean"},
        {"name": "o", "type": "other"},
        {"name": "n", "type": "", "typeInfo": {"frame": "int64"}},
        {"name": "e", "type": "enum", "config": {"type": {"enum": {"text": ["up", "down"]}}}},
        {"name": "short", "type": "number"},
        {"name": "missing", "type": "number"},
    ]
    values = [[1, 2], ["x", None], [True, False], [{"a": 1}, None], [7, 8], [1, 0], [9]]
    frame = {"schema": {"name": "mixed", "fields": fields}, "data": {"values": values}}
    with serving(up=[frame]) as session:
        (shown,) = session.data(dashboard(panel(1, targets=[_query("up")])))["1"].frames
    assert [(one.name, one.kind, one.values) for one in shown.fields] == [
        ("t", "time", [1, 2]),
        ("s", "string", ["x", None]),
        ("b", "boolean", [True, False]),
        ("o", "other", [{"a": 1}, None]),
        ("n", "number", [7, 8]),
        ("e", "string", ["down", "up"]),
        ("short", "number", [9, None]),
        ("missing", "number", [None, None]),
    ]
    assert (shown.name, shown.fields[1].config) == ("mixed", {"unit": "short"})


@pytest.mark.parametrize("frames", [[], [{}], [7], [{"schema": 7, "data": 7}], [{"schema": {"fields": [7]}}]])
def test_frames_of_any_shape_are_no_rows(frames: list[Any]) -> None:
    with serving(up=frames) as session:
        shown = session.data(dashboard(panel(1, targets=[_query("up")])))["1"]
    assert shown.error == ""
    assert not any(frame.length for frame in shown.frames)


def test_a_query_that_fails_is_on_its_panel_and_the_others_draw() -> None:
    board = dashboard(
        panel(1, targets=[_query("sum(up")]),
        panel(2, targets=[_query("up"), _query("sum(up", "B")]),
        panel(3, targets=[_query("up", source={"type": "prometheus", "uid": "gone"})]),
        panel(4, targets=[_query("up{a='$gone'}")]),
    )
    with serving(up=[_frame([[1], [2]])]) as session:
        data = session.data(board)
    reason = "Bad_data: parse error. Query `{}` of data source `prometheus`, status 400."
    assert data["1"].error == reason.format("A")
    assert (data["2"].error, len(data["2"].frames), data["2"].notices) == ("", 1, [reason.format("B")])
    assert "cannot find" in data["3"].error
    assert data["4"].error == "There is no value for `$gone`. Give the variable a default."


def test_tables_are_made_of_series_as_in_the_browser() -> None:
    frames = [_frame([[NOW], [7]], {"tier": "pro"}), _frame([[NOW], [8]], {"tier": "free"})]
    targets = [_query("up", format="table", instant=True)]
    with serving(up=frames) as session:
        (table,) = session.data(dashboard(panel(1, targets=targets)))["1"].frames
    assert {one.name: one.values for one in table.fields} == {
        "Time": [NOW, NOW],
        "tier": ["pro", "free"],
        "Value": [7.0, 8.0],
    }


def test_a_panel_compares_with_an_earlier_time() -> None:
    with serving(up=[_frame([[NOW], [7]])]) as session:
        board = dashboard(panel(1, targets=[_query("up")], timeCompare="1w"))
        shown = session.data(board)["1"].frames
        spans = sorted((int(body["from"]), body["queries"][0]["refId"]) for body in session.sent())
    week = 7 * 24 * 3_600_000
    assert spans == [(NOW - 6 * 3_600_000 - week, "A-compare"), (NOW - 6 * 3_600_000, "A")]
    assert [(one.ref_id, one.fields[0].values) for one in shown] == [
        ("A", [NOW]),
        ("A-compare", [NOW + week]),
    ]


def test_exemplars_are_no_series() -> None:
    exemplar = _frame([[NOW], [3]])
    exemplar["schema"]["meta"]["custom"]["resultType"] = "exemplar"
    with serving(up=[_frame([[NOW], [7]]), exemplar]) as session:
        shown = session.data(dashboard(panel(1, targets=[_query("up", exemplar=True)])))["1"]
    assert [one.fields[1].values for one in shown.frames] == [[7]]
    assert [one.fields[1].values for one in shown.exemplars] == [[3]]


def test_expressions_go_along_with_the_queries_that_they_use() -> None:
    targets = [
        _query("up", hide=True),
        {
            "refId": "B",
            "type": "math",
            "expression": "$A * 2",
            "datasource": {"type": "__expr__", "uid": "__expr__"},
        },
    ]
    with serving(up=[_frame([[NOW], [7]])], **{"$A * 2": [_frame([[NOW], [14]], ref="B")]}) as session:
        shown = session.data(dashboard(panel(1, targets=targets)))["1"]
        (body,) = session.sent()
    assert [(query["refId"], query.get("hide")) for query in body["queries"]] == [("A", True), ("B", None)]
    assert [(frame.ref_id, frame.fields[1].values) for frame in shown.frames] == [("B", [14])]


@pytest.mark.parametrize(
    ("source", "uid"),
    [
        ({"type": "prometheus", "uid": "Other"}, "other"),
        ({"type": "prometheus", "uid": "$ds"}, "other"),
        ({"type": "prometheus", "uid": "default"}, "prometheus"),
        ({"type": "prometheus"}, "prometheus"),
        ({"uid": "other"}, "other"),
        (None, "prometheus"),
    ],
)
def test_a_data_source_is_known_by_uid_name_variable_or_as_the_default(
    source: dict[str, str] | None, uid: str
) -> None:
    variable = {"type": "datasource", "name": "ds", "query": "prometheus", "regex": "/^O/"}
    target = {key: value for key, value in _query("up", source=source or {}).items() if value}
    with serving(up=[_frame([[NOW], [7]])]) as session:
        shown = session.data(dashboard(panel(1, targets=[target]), variables=(variable,)))["1"]
        assert session.sent()[0]["queries"][0]["datasource"] == {"type": "prometheus", "uid": uid}
    assert len(shown.frames) == 1


def test_a_variable_of_data_sources_lists_those_of_its_type() -> None:
    variable = {"type": "datasource", "name": "ds", "query": "prometheus"}
    with serving() as session:
        options = session.source.variable_options(dashboard(variables=(variable,)), View())
    assert options["ds"] == [VariableOption("Other", "other"), VariableOption("Prometheus", "prometheus")]


def test_the_service_map_is_queried_from_the_prometheus_of_the_tempo() -> None:
    labels = "client, server, client_service_namespace, server_service_namespace"
    metric = "traces_service_graph_request_total"
    expr = f"sum by ({labels}) (rate({metric}[21600s]))"
    target = {"refId": "A", "queryType": "serviceMap", "datasource": TEMPO}
    with serving(**{expr: [_frame([[NOW], [4]], {"client": "user", "server": "bot"})]}) as session:
        nodes, edges = session.data(dashboard(panel(1, targets=[target])))["1"].frames
        assert {query["datasource"]["uid"] for query in session.sent()[0]["queries"]} == {"other"}
    assert (nodes.fields[0].values, edges.fields[0].values) == (["bot", "user"], ["user_bot"])


def test_stored_events_are_marks_by_dashboard_and_by_tags() -> None:
    stored = {
        "name": "Events", "enable": True, "builtIn": 1, "type": "dashboard",
        "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    }  # fmt: skip
    tagged = {
        **stored, "builtIn": 0, "name": "Launches", "iconColor": "purple",
        "target": {"type": "tags", "tags": ["launch"], "limit": 1},
    }  # fmt: skip
    off = {**stored, "name": "Off", "enable": False}
    board = dashboard(panel(1), annotations={"list": [stored, tagged, off]})
    with serving() as session:
        for text, tags, uid in (("here", (), "d"), ("launched", ("launch",), ""), ("other", ("x",), "")):
            session.grafana.annotations.create(
                LiveAnnotation(text, NOW - 60_000, NOW - 30_000, tags, dashboard_uid=uid)
            )
        shown = session.data(board)["1"].annotations
    assert [(one.text, one.start, one.end, one.color) for one in shown] == [
        ("here", NOW - 60_000, NOW - 30_000, ""),
        ("launched", NOW - 60_000, NOW - 30_000, "purple"),
    ]


def test_events_of_a_query_are_marks() -> None:
    deploys = {
        "name": "Deploys", "enable": True, "titleFormat": "{{version}}", "datasource": PROMETHEUS,
        "target": {"expr": "changes"},
    }  # fmt: skip
    frame = _frame([[NOW - 60_000, NOW], [1, 0]], {"version": "7"}, "Anno")
    with serving(changes=[frame]) as session:
        shown = session.data(dashboard(panel(1), annotations={"list": [deploys]}))["1"].annotations
    assert [(one.text, one.start) for one in shown] == [("7", NOW - 60_000)]


def test_a_grafana_that_is_away_is_on_every_panel() -> None:
    board = dashboard(panel(1, targets=[_query("up")]), panel(2, targets=[_query("x")]), panel(3))
    with FakeGrafana(FakeConfig()) as fake, connect(fake, url="http://127.0.0.1:1") as grafana:
        source = GrafanaSource(grafana, NOW)
        data = source.panel_data(viewed_dashboard(board, View(), {}, NOW))
    for key in ("1", "2"):
        assert "127.0.0.1:1" in data[key].error
        assert data[key].error.endswith(".")
    assert data["3"].error == ""


def test_an_account_that_may_not_query_is_told_which_permission_it_lacks() -> None:
    with serving() as session, connect(session.fake, "wrong") as grafana:
        source = GrafanaSource(grafana, NOW)
        board = dashboard(panel(1, targets=[_query("up")]))
        shown = source.panel_data(viewed_dashboard(board, View(), {}, NOW))["1"]
    assert "credentials" in shown.error
    assert "wrong" not in shown.error


def test_servers_that_are_named_answer_themselves_and_grafana_for_the_rest() -> None:
    answer = {"data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[NOW / 1000, "5"]]}]}}
    loki = {"type": "loki", "uid": "loki"}
    board = dashboard(
        panel(1, targets=[_query("up")]), panel(2, targets=[_query("rate({a=1}[1m])", source=loki)])
    )
    with (
        serving(**{"rate({a=1}[1m])": [_frame([[NOW], [6]])]}) as session,
        scripted({"/api/v1/query_range": answer}) as server,
        Prometheus(endpoint(server.url)) as prometheus,
    ):
        source = TelemetrySource(Servers(prometheus), NOW, others=session.source)
        data = source.panel_data(viewed_dashboard(board, View(), {}, NOW))
        assert [query["datasource"]["uid"] for body in session.sent() for query in body["queries"]] == [
            "loki"
        ]
        assert source.name == f"{server.url}, {session.fake.url}"
    assert [data[key].frames[0].fields[1].values for key in "12"] == [[5.0], [6]]

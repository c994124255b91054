"""Panels against servers: real, scripted, hostile and hung."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dashgen.cli.documents.check_document import check_document
from dashgen.core.diagnostics import Location, Severity
from dashgen.doctor.live import live_text
from dashgen.doctor.live.check_live import LiveReport, check_panels
from dashgen.doctor.live.live_queries import DashboardView, PanelQuery, panel_queries
from dashgen.doctor.live.panel_verdict import Bounds, QueryState, by_cause, by_panel, diagnostics_of
from dashgen.doctor.live.run_queries import Servers
from dashgen.servers.grafana import ConnectionSettings, Grafana
from dashgen.servers.http import Secret
from dashgen.servers.telemetry import Loki, Prometheus, Tempo
from tests.grafana.fake import FakeGrafana
from tests.grafana.support import connect
from tests.telemetry.running import Scripted, endpoint, hang, scripted
from tests.tools.hanging import PATIENT

READY = {"/-/ready": (200, b"Ready\n"), "/ready": (200, b"ready\n")}
PLACE = Location("specs/a.yaml")


def _queries(*targets: dict[str, Any], source: str = "prometheus", **more: Any) -> list[PanelQuery]:
    panels = [
        {
            "id": number,
            "type": "timeseries",
            "title": f"Panel {number}",
            "datasource": {"type": source, "uid": source},
            "targets": [{"refId": "A", **target}],
        }
        for number, target in enumerate(targets, 1)
    ]
    data = {"uid": "home", "title": "Home", "time": {"from": "now-1h", "to": "now"}, "panels": panels, **more}
    return panel_queries([DashboardView(data, PLACE)], datetime.now(UTC))


def _check(queries: list[PanelQuery], servers: Servers, bounds: Bounds | None = None) -> LiveReport:
    return check_panels(queries, servers, bounds or Bounds(), datetime.now(UTC))


def _states(checked: LiveReport) -> list[QueryState]:
    return [one.state for one in checked.verdicts]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted(dict(READY)) as running:
        yield running


@pytest.mark.external
def test_every_state_of_a_panel_is_told(prometheus_url: str) -> None:
    queries = _queries(
        {"expr": "sum by (status) (rate(app_queries_total[5m]))", "interval": "1m"},
        {"expr": "app_user"},
        {"expr": "sum("},
        {"expr": "app_queries_total"},
        {"expr": "app_users{tier='$gone'}"},
        {"expr": "app_users", "instant": True},
        {"expr": "app_users * 0 / 0"},
        {"expr": "{app='bot'}", "datasource": {"type": "loki", "uid": "loki"}},
    )
    with Prometheus(endpoint(prometheus_url)) as prometheus:
        checked = _check(queries, Servers(prometheus), Bounds(series=3))
    assert _states(checked) == [
        QueryState.DATA,
        QueryState.EMPTY,
        QueryState.ERROR,
        QueryState.TOO_MANY,
        QueryState.ERROR,
        QueryState.DATA,
        QueryState.EMPTY,
        QueryState.NOT_ASKED,
    ]
    verdicts = checked.verdicts
    assert verdicts[0].answer.series == 2
    assert verdicts[0].answer.cost.samples
    causes = [one.finding.cause if one.finding else "" for one in verdicts]
    assert causes[1] == "the metric `app_user` is absent"
    assert "parse error" in causes[2]
    assert causes[3] == "4 series are more than the 3 that a panel can show"
    assert causes[4] == "there is no value for `$gone`"
    assert "NaN" in causes[6]
    assert checked.servers == []


@pytest.mark.external
def test_what_costs_too_much_is_slow_with_the_measure(prometheus_url: str) -> None:
    with Prometheus(endpoint(prometheus_url)) as prometheus:
        checked = _check(_queries({"expr": "app_users"}), Servers(prometheus), Bounds(samples=1))
    (verdict,) = checked.verdicts
    assert verdict.state is QueryState.SLOW
    assert verdict.finding is not None
    assert "samples" in verdict.finding.evidence


@pytest.mark.external
def test_the_same_query_is_asked_once(prometheus_url: str) -> None:
    with scripted(
        {**READY, "/api/v1/query_range": {"data": {"resultType": "matrix", "result": []}}}
    ) as server:
        server.answers["/api/v1/query"] = server.answers["/api/v1/query_range"]
        with Prometheus(endpoint(server.url)) as prometheus:
            checked = _check(_queries({"expr": "up"}, {"expr": "up"}), Servers(prometheus))
    assert len([asked for asked in server.log if asked.path == "/api/v1/query_range"]) == 1
    assert [one.query.panel for one in checked.verdicts] == ["Panel 1", "Panel 2"]


def test_a_server_that_is_away_is_one_finding_and_no_query_is_asked() -> None:
    queries = _queries(*[{"expr": f"a{number}"} for number in range(20)])
    with Prometheus(endpoint("http://127.0.0.1:1")) as prometheus:
        checked = _check(queries, Servers(prometheus))
    assert set(_states(checked)) == {QueryState.NOT_ASKED}
    assert [one.cause for one in checked.servers] == ["Prometheus does not answer"]
    (said,) = live_text.servers_down(checked)
    assert "refuses connections" in said.message


def test_a_server_that_hangs_is_left_after_a_few_queries(server: Scripted) -> None:
    server.answers["/api/v1/query_range"] = hang
    queries = _queries(*[{"expr": f"a{number}"} for number in range(30)])
    with Prometheus(endpoint(server.url)) as prometheus:
        checked = _check(queries, Servers(prometheus, concurrency=4))
    states = _states(checked)
    assert set(states) == {QueryState.SLOW, QueryState.NOT_ASKED}
    assert states.count(QueryState.SLOW) <= 3 + 4
    assert [one.what for one in checked.servers] == ["Prometheus"]


def test_text_of_a_hostile_server_is_cleaned(server: Scripted) -> None:
    server.answers["/api/v1/query_range"] = (400, b'{"error": "\\u001b[2J\\u202e bad"}')
    with Prometheus(endpoint(server.url)) as prometheus:
        checked = _check(_queries({"expr": "up"}), Servers(prometheus))
    (found,) = diagnostics_of(checked.verdicts)
    assert "\x1b" not in found.message + live_text.as_text(checked)
    assert "\u202e" not in found.message
    assert (found.rule, found.location) == ("live/error", PLACE)


def _loki(lines: dict[str, int], labels: dict[str, list[str]]) -> dict[str, Any]:
    """A Loki that has so many lines for a query, and these labels."""

    def answer(asked: Any) -> Any:
        rows = lines.get(asked.fields["query"][0], 0)
        values = [[str(number), "line"] for number in range(rows)]
        return {
            "data": {"resultType": "streams", "result": [{"stream": {}, "values": values}] if rows else []}
        }

    paths: dict[str, Any] = {
        f"/loki/api/v1/label/{name}/values": {"data": found} for name, found in labels.items()
    }
    return {
        **READY,
        **paths,
        "/loki/api/v1/query_range": answer,
        "/loki/api/v1/labels": {"data": list(labels)},
    }


@pytest.mark.parametrize(
    ("expr", "cause", "certain"),
    [
        ('{app="bot"} | json | level="error"', 'no line passes `| level="error"`', False),
        ('{app="bat"}', "the label `app` is never `bat`", True),
        ('{name="bot"}', "no stream has the label `name`", True),
        ('{app="bot", level="info"}', "no stream matches all conditions together, or none had a line", False),
    ],
)
def test_why_there_are_no_logs(expr: str, cause: str, certain: bool) -> None:
    lines = {'{app="bot"}': 5, '{app="bot"} | json': 5}
    with (
        scripted(_loki(lines, {"app": ["bot"], "level": ["info"]})) as server,
        Loki(endpoint(server.url, "Loki")) as loki,
    ):
        checked = _check(_queries({"expr": expr}, source="loki"), Servers(loki=loki))
    (verdict,) = checked.verdicts
    assert verdict.finding is not None
    assert (verdict.state, verdict.finding.cause, verdict.is_fault) == (QueryState.EMPTY, cause, certain)
    (found,) = diagnostics_of(checked.verdicts)
    assert found.severity is (Severity.ERROR if certain else Severity.WARNING)


def test_a_loki_without_any_logs_is_told() -> None:
    with scripted(_loki({}, {})) as server, Loki(endpoint(server.url, "Loki")) as loki:
        checked = _check(_queries({"expr": '{app="bot"}'}, source="loki"), Servers(loki=loki))
    assert checked.verdicts[0].finding is not None
    assert checked.verdicts[0].finding.cause == "Loki has no logs at all"


def test_logs_that_are_there_are_rows() -> None:
    with (
        scripted(_loki({'{app="bot"}': 7}, {"app": ["bot"]})) as server,
        Loki(endpoint(server.url, "Loki")) as loki,
    ):
        checked = _check(_queries({"expr": '{app="bot"}', "maxLines": 50}, source="loki"), Servers(loki=loki))
    assert (checked.verdicts[0].state, checked.verdicts[0].answer.rows) == (QueryState.DATA, 7)
    assert server.log[-1].fields["limit"] == ["50"]


@pytest.mark.parametrize(
    ("found", "others", "state", "cause"),
    [
        (2, 2, QueryState.DATA, ""),
        (0, 3, QueryState.EMPTY, "no trace matches `{ duration > 8s }`"),
        (0, 0, QueryState.EMPTY, "Tempo has no traces at all"),
    ],
)
def test_traces_are_looked_for(found: int, others: int, state: QueryState, cause: str) -> None:
    def answer(asked: Any) -> Any:
        rows = others if asked.fields["q"] == ["{}"] else found
        return {"traces": [{"traceID": "a"}] * rows, "metrics": {}}

    with scripted({**READY, "/api/search": answer}) as server, Tempo(endpoint(server.url, "Tempo")) as tempo:
        checked = _check(_queries({"query": "{ duration > 8s }"}, source="tempo"), Servers(tempo=tempo))
    (verdict,) = checked.verdicts
    assert verdict.state is state
    assert (verdict.finding.cause if verdict.finding else "") == cause


def test_a_metric_of_traces_is_asked_over_time() -> None:
    answers = {**READY, "/api/metrics/query_range": {"series": [{"samples": [{"value": 1}]}]}}
    with scripted(answers) as server, Tempo(endpoint(server.url, "Tempo")) as tempo:
        checked = _check(_queries({"query": "{ } | rate() by (name)"}, source="tempo"), Servers(tempo=tempo))
    assert checked.verdicts[0].state is QueryState.DATA


def test_without_a_servers_own_address_grafana_is_asked() -> None:
    frame = {
        "schema": {"fields": [{"type": "time"}, {"type": "number"}]},
        "data": {"values": [[1, 2], [1.0, 2.0]]},
    }
    with FakeGrafana() as fake, connect(fake) as grafana:
        grafana.data_sources.create(
            {"uid": "prometheus", "name": "P", "type": "prometheus", "access": "proxy"}
        )
        fake.store.frames["up"] = [frame]
        checked = _check(
            _queries({"expr": "up"}, {"expr": "down"}, {"expr": "sum("}), Servers(grafana=grafana)
        )
    assert _states(checked) == [QueryState.DATA, QueryState.EMPTY, QueryState.ERROR]
    assert checked.verdicts[0].answer.rows == 2


def test_reasons_are_asked_through_the_proxy_of_grafana(server: Scripted) -> None:
    proxy = "/api/datasources/proxy/uid/prometheus/api/v1"
    server.answers |= {
        "/api/ds/query": {"results": {"A": {"status": 200, "frames": []}}},
        f"{proxy}/query": {"data": {"resultType": "vector", "result": []}},
        f"{proxy}/label/__name__/values": {"data": ["app_users"]},
    }
    settings = ConnectionSettings(server.url, token=Secret("glsa_token"), limits=PATIENT)
    with Grafana(settings) as grafana:
        checked = _check(_queries({"expr": "sum(app_user)"}), Servers(grafana=grafana))
    (verdict,) = checked.verdicts
    assert verdict.finding is not None
    assert (verdict.is_fault, verdict.finding.fix) == (True, "did you mean `app_users`?")
    assert {asked.headers["Authorization"] for asked in server.log} == {"Bearer glsa_token"}


def test_without_the_proxy_an_empty_panel_is_still_a_fault(server: Scripted) -> None:
    server.answers["/api/ds/query"] = {"results": {"A": {"status": 200, "frames": []}}}
    with Grafana(ConnectionSettings(server.url, token=Secret("x"), limits=PATIENT)) as grafana:
        checked = _check(_queries({"expr": "up"}), Servers(grafana=grafana))
    assert checked.verdicts[0].is_fault
    assert "matches the query" in by_cause(checked.verdicts)[0].message


def test_a_grafana_that_is_away_is_one_finding() -> None:
    with FakeGrafana() as fake, connect(fake, url="http://127.0.0.1:1") as grafana:
        checked = _check(
            _queries(*[{"expr": f"a{n}"} for n in range(9)]), Servers(grafana=grafana, concurrency=1)
        )
    assert [one.what for one in checked.servers] == ["Grafana"]
    assert _states(checked).count(QueryState.NOT_ASKED) == 8


def test_one_cause_is_told_once_with_where_else_it_shows(server: Scripted) -> None:
    server.answers["/api/v1/query_range"] = (422, b'{"error": "too heavy"}')
    with Prometheus(endpoint(server.url)) as prometheus:
        checked = _check(_queries(*[{"expr": f"a{n}"} for n in range(9)]), Servers(prometheus))
    (found,) = by_cause(checked.verdicts)
    assert len(found.related) == 5
    assert found.message.endswith(", and 3 more as well")
    assert len(diagnostics_of(checked.verdicts)) == 9


def test_the_queries_of_a_panel_are_told_together(server: Scripted) -> None:
    server.answers["/api/v1/query_range"] = lambda asked: (
        (400, b'{"error": "no"}')
        if asked.fields["query"] == ["bad"]
        else {"data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"], [2, "2"]]}]}}
    )
    panel = {
        "id": 7,
        "title": "Both",
        "targets": [{"refId": "A", "expr": "a"}, {"refId": "B", "expr": "bad"}],
    }
    panel["datasource"] = {"type": "prometheus", "uid": "p"}
    queries = _queries(panels=[panel])
    with Prometheus(endpoint(server.url)) as prometheus:
        checked = _check(queries, Servers(prometheus))
    (together,) = by_panel(checked.verdicts)
    assert (together.worst.state, together.rows) == (QueryState.ERROR, 2)
    (panel_document,) = check_document(checked).panels
    assert [query.state for query in panel_document.queries] == ["data", "error"]
    assert 'failures="1"' in live_text.as_junit(checked)
    assert "1 panel: 1 error" in live_text.as_text(checked)


def test_nothing_to_ask_is_said() -> None:
    assert live_text.as_text(LiveReport()) == "there are no queries\n"

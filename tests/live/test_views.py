"""The dashboards of a project, ready to be asked for."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashgen.core.diagnostics import Severity
from dashgen.doctor.live.check_live import check_panels
from dashgen.doctor.live.live_queries import panel_queries
from dashgen.doctor.live.panel_verdict import Bounds, QueryState, by_panel, diagnostics_of
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.project.inspection import inspect_project
from dashgen.servers.telemetry import Prometheus
from tests.telemetry.running import ReceivedRequest, endpoint, scripted

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SPEC = """kind: Dashboard
uid: home
title: Home
variables:
  - {name: tier, query: "label_values(app_queries_total, tier)"}
  - {name: status, query: 'label_values(app_queries_total{tier="$tier"}, status)'}
panels:
  - title: Rate
    queries:
      - query: sum(rate(app_queries_total{tier="$tier", status="$status"}[5m]))
      - query: app_users
"""
SOURCES = """kind: DataSources
datasources:
  prometheus: {type: prometheus, url: "http://prometheus:9090", scrape_interval: 30s}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/home.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "specs/sources.yaml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def test_each_query_leads_back_to_its_line(project: Path) -> None:
    found = inspect_project(project)
    queries = panel_queries(project_views(found), NOW, scrape_intervals(found))
    places = [query.location.span.line for query in queries if query.location and query.location.span]
    assert places == [10, 11]
    assert {query.window.scrape for query in queries} == {30.0}


def test_variables_without_a_value_get_the_servers_first(project: Path) -> None:
    (view,) = project_views(inspect_project(project))
    values = {
        "/api/v1/label/tier/values": {"data": ["pro", "free"]},
        "/api/v1/label/status/values": {"data": ["success"]},
    }
    with scripted(values) as server, Prometheus(endpoint(server.url)) as prometheus:
        (first, _) = panel_queries([with_options(view, prometheus, NOW)], NOW)
    assert 'tier="free", status="success"' in first.expr
    assert server.log[1].fields["match[]"] == ['app_queries_total{tier="free"}']


def test_a_server_that_cannot_say_leaves_them_unfilled(project: Path) -> None:
    (view,) = project_views(inspect_project(project))
    with scripted() as server, Prometheus(endpoint(server.url)) as prometheus:
        (first, _) = panel_queries([with_options(view, prometheus, NOW)], NOW)
    assert first.unfilled == ("tier", "status")


WARNED = """kind: Dashboard
uid: home
title: Home
panels:
  - title: Users
    type: KIND
    query: sum by (tier) (app_users)
    warnings:
      - query: sum by (region) (app_users)
        when: below 30
        message: fewer than 30 users in {{region}}
        fix: wait for more
"""
USERS = {"data": {"resultType": "vector", "result": [{"metric": {"tier": "pro"}, "value": [0, "400"]}]}}
RANGE = {"data": {"resultType": "matrix", "result": [{"metric": {"tier": "pro"}, "values": [[0, "400"]]}]}}
FEW = {"data": {"resultType": "vector", "result": [{"metric": {"region": "asia"}, "value": [0, "20"]}]}}
NONE: dict[str, Any] = {"data": {"resultType": "vector", "result": []}}


@pytest.mark.parametrize("kind", ["timeseries", "stat", "table"])
@pytest.mark.parametrize("holds", [True, False])
def test_a_warning_that_holds_now_is_reported_at_its_line(project: Path, kind: str, holds: bool) -> None:
    (project / "specs/home.yaml").write_text(WARNED.replace("KIND", kind), encoding="utf-8")

    def answer(request: ReceivedRequest) -> dict[str, Any]:
        query = request.fields["query"][0]
        if "tier" in query:
            return USERS
        return FEW if holds else NONE

    answers = {"/-/ready": (200, b"Ready\n"), "/api/v1/query": answer, "/api/v1/query_range": RANGE}
    views = project_views(inspect_project(project))
    with scripted(answers) as server, Prometheus(endpoint(server.url)) as prometheus:
        checked = check_panels(panel_queries(views, NOW), Servers(prometheus), Bounds(), NOW)
    (panel,) = by_panel(checked.verdicts)
    assert panel.worst.state is (QueryState.WARNING if holds else QueryState.DATA)
    assert panel.rows == 1
    findings = diagnostics_of(checked.verdicts)
    assert [(one.rule, one.message, one.hint, one.severity) for one in findings] == [
        (
            "live/warning",
            "`Users` of `home` cannot be trusted: fewer than 30 users in asia (`sum by (region) (app_users)` is below 30)",
            "wait for more",
            Severity.WARNING,
        )
    ] * holds
    lines = [one.location.span.line for one in findings if one.location and one.location.span]
    assert lines == [9] * holds
    assert not any(one.is_fault for one in checked.verdicts)

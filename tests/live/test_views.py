"""The dashboards of a project, ready to be asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashgen.doctor.live.live_queries import panel_queries
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.project.inspection import inspect_project
from dashgen.servers.telemetry import Prometheus
from tests.telemetry.running import endpoint, scripted

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

"""Questions to a real Prometheus."""

import time
from collections.abc import Iterator

import pytest

from dashgen.servers.telemetry import Prometheus, QueryRefusedError
from dashgen.servers.telemetry.scrape import scrape
from tests.telemetry.running import endpoint

pytestmark = pytest.mark.external


@pytest.fixture
def prometheus(prometheus_url: str) -> Iterator[Prometheus]:
    with Prometheus(endpoint(prometheus_url)) as client:
        yield client


def test_one_value_now_and_what_it_cost(prometheus: Prometheus) -> None:
    found = prometheus.query('app_users{tier="free"}')
    assert (found.kind, found.rows, found.series[0].labels["tier"]) == ("vector", 1, "free")
    assert found.series[0].points[0][1] == 7
    assert found.cost.samples is not None
    assert found.cost.seconds is not None


def test_values_over_time(prometheus: Prometheus) -> None:
    now = time.time()
    found = prometheus.query_range(
        "sum by (status) (rate(app_queries_total[5m]))", start=now - 3600, end=now, step=60
    )
    assert {one.labels["status"] for one in found.series} == {"success", "error"}
    assert found.rows >= 2 * 50
    assert found.cost.samples is not None
    assert found.cost.samples > found.rows


def test_a_number_is_a_series_without_labels(prometheus: Prometheus) -> None:
    found = prometheus.query("vector(1) + 1")
    assert (found.rows, prometheus.query("1 + 1").rows) == (1, 1)


def test_an_expression_that_is_wrong_is_refused_with_its_reason(prometheus: Prometheus) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        prometheus.query("sum(")
    assert "parse error" in caught.value.reason
    assert caught.value.exit_code == 1


def test_too_many_steps_are_refused(prometheus: Prometheus) -> None:
    with pytest.raises(QueryRefusedError, match="exceeded maximum resolution"):
        prometheus.query_range("up", start=0, end=2**31, step=1)


def test_a_long_expression_goes_in_the_body(prometheus: Prometheus) -> None:
    long = " or ".join(f'app_users{{tier="{number:0100}"}}' for number in range(50))
    assert prometheus.query(long).rows == 0


def test_labels_and_series(prometheus: Prometheus) -> None:
    now = time.time()
    assert prometheus.label_values("status", ["app_queries_total"], start=now - 600, end=now) == (
        "error",
        "success",
    )
    assert len(prometheus.series(["app_queries_total"], start=now - 600, end=now)) == 4


def test_what_it_scrapes_and_evaluates(prometheus: Prometheus) -> None:
    (target,) = prometheus.targets()
    assert (target.job, target.health, target.labels["app"]) == ("gone", "down", "gone")
    assert "refused" in target.error
    assert {(rule.name, rule.kind) for rule in prometheus.rules()} == {
        ("app:queries:rate5m", "recording"),
        ("NoUsers", "alerting"),
    }


def test_its_state(prometheus: Prometheus) -> None:
    assert prometheus.not_ready() == ""
    assert prometheus.version().startswith("2.")
    assert prometheus.tsdb_status().series > 0
    prometheus.reload()


def test_what_prometheus_says_of_itself_is_read_without_a_problem(prometheus_url: str) -> None:
    found = scrape(endpoint(f"{prometheus_url}/metrics"))
    assert found.problems == []
    kinds = {name: family.type for name, family in found.families.items()}
    assert kinds["prometheus_http_requests_total"] == "counter"
    assert kinds["prometheus_http_request_duration_seconds"] == "histogram"
    assert kinds["go_gc_duration_seconds"] == "summary"
    assert "unknown" not in kinds.values()

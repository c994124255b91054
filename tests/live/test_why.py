"""Why a query is empty, asked of a real Prometheus."""

from collections.abc import Iterator

import pytest

from dashgen.doctor.live.empty_panels import metrics_of, why_empty
from dashgen.doctor.live.metric_probe import PrometheusProbe
from dashgen.servers.telemetry import Prometheus
from tests.telemetry.running import Scripted, endpoint, scripted

pytestmark = pytest.mark.external


@pytest.fixture
def probe(prometheus_url: str) -> Iterator[PrometheusProbe]:
    with Prometheus(endpoint(prometheus_url)) as server:
        # A second after a sample, so that what a short range holds does not depend on when the test runs.
        last = server.query("max(timestamp(app_users))").series[0].points[0][1]
        yield PrometheusProbe(server, last + 1)


@pytest.mark.parametrize(
    ("expr", "cause", "fix"),
    [
        ("app_querie_total", "the metric `app_querie_total` is absent", "did you mean `app_queries_total`?"),
        ("sum(rate(app_quries_total[5m]))", "the metric `app_quries_total` is absent", "did you mean"),
        (
            "other_thing",
            "scraping fails, the target http://127.0.0.1:1/metrics of the job `gone` is down",
            "start",
        ),
        ("app_ended", "scraping fails", "start"),
        (
            'app_users{tier="fre"}',
            'the label `tier` of `app_users` never matches `tier="fre"`',
            "did you mean `free`?",
        ),
        ('sum(app_users{tier="gold"} > 0)', "the label `tier` of `app_users` never matches", ""),
        ('app_users{region="x"}', "the label `region` is absent from `app_users`", "correct the label"),
        (
            'app_queries_total{status="error",tier!~"free|pro"}',
            'the label `tier` of `app_queries_total` never matches `tier!~"free|pro"`',
            "",
        ),
        (
            "rate(app_queries_total[15s] offset 30s)",
            "the range of `app_queries_total[15s] offset 30s` is shorter than the time between two scrapes",
            "write `[$__rate_interval]`",
        ),
        (
            "sum(rate(app_queries_total[30s]))",
            "`app_queries_total[30s]` holds a single value, and `rate` needs two",
            "write `[$__rate_interval]`",
        ),
        ("app_users > 100", "the comparison `app_users > 100` keeps no series", "look at its bound"),
        (
            "sum by (status) (app_queries_total) / app_users",
            "no series of `sum by (status) (app_queries_total)` has the labels of one of `app_users`",
            "choose the labels",
        ),
        ("app_users and app_queries_total", "`and` keeps nothing of `app_users`", "compare the labels"),
        ("app_users unless app_users", "`unless` keeps nothing of `app_users`", "compare the labels"),
        ("absent(app_users)", "`absent` yields a value only when there are no series", "add `or vector(0)`"),
        ("app_users offset 5d", "the history does not reach back so far", "wait"),
        ("app_users", "there is data now and none in the dashboard's time range", "look at the time range"),
        ("sum(", "nothing in the time range matches the query", ""),
        (
            'max_over_time((sum(app_users{tier="x"}))[5m:1m])',
            "the label `tier` of `app_users` never matches",
            "",
        ),
    ],
)
def test_the_part_that_loses_everything_is_found(
    probe: PrometheusProbe, expr: str, cause: str, fix: str
) -> None:
    found = why_empty(expr, "a panel", probe)
    assert found.cause.startswith(cause)
    assert found.fix.startswith(fix)
    assert found.evidence


def test_steps_that_are_longer_than_the_history_are_told(probe: PrometheusProbe) -> None:
    found = why_empty("app_users", "a panel", probe, step=10_800.0)
    assert found.cause == "the last whole step of 3h lies before the first value"
    assert "`instant: true`" in found.fix


def test_conditions_that_exclude_each_other_are_told() -> None:
    series = [{"metric": {}, "value": [1, "1"]}]

    def answer(asked: object) -> object:
        text = asked.fields["query"][0]  # type: ignore[attr-defined]
        both = 'a="1"' in text and 'b="2"' in text
        return {"data": {"resultType": "vector", "result": [] if both else series}}

    with scripted({"/api/v1/query": answer}) as server, Prometheus(endpoint(server.url)) as client:
        found = why_empty('m{a="1",b="2"}', "a panel", PrometheusProbe(client, 1.0))
    assert found.cause == 'no series of `m` matches all conditions of `m{a="1",b="2"}` together'


def test_a_server_that_answers_nothing_to_probes_ends_in_no_reason() -> None:
    with scripted() as server, Prometheus(endpoint(server.url)) as client:
        found = why_empty("sum(rate(m[5m])) / n", "a panel", PrometheusProbe(client, 1.0))
    assert found.cause == "nothing in the time range matches the query"


def test_questions_are_remembered_and_bounded(server: Scripted) -> None:
    server.answers["/api/v1/query"] = {"data": {"resultType": "vector", "result": []}}
    with Prometheus(endpoint(server.url)) as client:
        probe = PrometheusProbe(client, 1.0)
        assert [probe.count("up"), probe.count("up")] == [0, 0]
        assert len(server.log) == 1
        for number in range(500):
            probe.count(f"a{number}")
        assert len(server.log) == 400


def test_a_server_that_fails_is_not_asked_on_and_on(server: Scripted) -> None:
    server.answers["/api/v1/query"] = (500, b"boom")
    with Prometheus(endpoint(server.url)) as prometheus:
        probe = PrometheusProbe(prometheus, 1.0)
        assert [probe.count(f"a{number}") for number in range(20)] == [1] * 20
    assert (len(server.log), probe.has_answers) == (3, False)


def test_the_metrics_of_a_query_are_listed_once() -> None:
    assert list(metrics_of("a + rate(b[5m]) / a")) == ["a", "b"]
    assert list(metrics_of("sum(")) == []


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running

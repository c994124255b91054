"""Data made up from a contract has the shape that the contract promises."""

from itertools import pairwise

import pytest

from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.model.metrics_spec import Bound, LabelValues, Metric, Metrics
from dashgen.preview.sample.contract_series import contract_series, label_values
from dashgen.preview.sample.made_up_lines import made_up_lines
from dashgen.preview.sample.made_up_store import MadeUpStore

NOW = 1_796_040_000_000
DAY = 86_400_000
METRICS = {
    "shop_orders_total": Metric(type="counter", help="Orders.", labels={"status": ["success", "error"]}),
    "shop_wait_seconds": Metric(type="histogram", help="Wait.", labels={"page": ["home", "cart"]}),
    "shop_share_ratio": Metric(type="gauge", help="Share."),
    "shop_cohort_users": Metric(
        type="gauge",
        help="Users.",
        labels={"cohort": Bound(max=12, example="2026-11-02"), "age_weeks": Bound(max=12, example="0")},
    ),
}


@pytest.fixture(scope="module")
def store():
    return MadeUpStore(contract_series(METRICS, NOW), [], LogStore(), NOW)


def value(store, query, at=NOW):
    (sample,) = evaluate_promql(query, store, at)
    return sample.value


def test_a_counter_grows_with_a_rhythm_of_the_day(store):
    rates = [value(store, "sum(rate(shop_orders_total[30m]))", NOW - hour * 3_600_000) for hour in range(48)]
    assert min(rates) > 0
    assert max(rates) > 1.5 * min(rates)
    night = value(store, "sum(rate(shop_orders_total[1h]))", NOW - NOW % DAY + 4 * 3_600_000 + 1_800_000)
    assert night < sum(rates) / len(rates)


def test_the_increase_is_the_rate_over_time(store):
    rate = value(store, 'sum(rate(shop_orders_total{status="success"}[1h]))')
    assert value(store, 'sum(increase(shop_orders_total{status="success"}[1h]))') == pytest.approx(
        rate * 3600
    )


def test_faults_are_few_but_for_one_bad_hour(store):
    share = 'sum(rate(shop_orders_total{status="error"}[5m])) / sum(rate(shop_orders_total[5m]))'
    assert value(store, share) < 0.06
    assert value(store, share, NOW - 130 * 60_000) > 0.1


def test_quantiles_are_in_order(store):
    quantiles = [
        value(store, f"histogram_quantile({q}, sum by (le) (rate(shop_wait_seconds_bucket[10m])))")
        for q in (0.5, 0.9, 0.99)
    ]
    assert quantiles == sorted(quantiles)
    assert quantiles[0] > 0
    mean = value(store, "sum(rate(shop_wait_seconds_sum[10m])) / sum(rate(shop_wait_seconds_count[10m]))")
    assert quantiles[0] / 2 < mean < quantiles[-1]


def test_a_share_is_between_0_and_1(store):
    shares = [value(store, "shop_share_ratio", NOW - hour * 3_600_000) for hour in range(100)]
    assert 0 <= min(shares) < max(shares) <= 1


def test_a_cohort_is_only_as_old_as_it_can_be(store):
    ages = evaluate_promql("shop_cohort_users", store, NOW)
    newest = max(sample.labels["cohort"] for sample in ages)
    assert newest == "2026-11-30"
    assert {sample.labels["age_weeks"] for sample in ages if sample.labels["cohort"] == newest} == {"0"}
    assert len({sample.labels["age_weeks"] for sample in ages}) > 6


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["a", "b"], ["a", "b"]),
        (Bound(max=3, example="01"), ["01", "02", "03"]),
        (Bound(max=3, example="0"), ["0", "1", "2"]),
        (Bound(max=2, example="2026-11-02"), ["2026-11-23", "2026-11-30"]),
        (Bound(max=50, example="roi"), ["roi", "roi-2", "roi-3", "roi-4"]),
        (Bound(max=20, example="200"), ["200", "404", "500"]),
        (Bound(max=20, example="4xx"), ["4xx", "2xx", "5xx"]),
    ],
)
def test_values_of_labels_look_like_their_example(written, values):
    assert label_values("x", written, NOW) == values


def test_lines_have_the_fields_and_what_queries_compare_them_with():
    contract = Metrics(
        log_labels={"app": ["shop"], "level": ["info", "error"]},
        log_fields={"event": "What.", "user_id": "Who.", "status": "How.", "error_type": "Why."},
    )
    lines = made_up_lines([contract], ['{app="shop"} | json | event="order" | status="error"'], NOW, DAY)
    assert lines.entries
    assert {entry.stream["app"] for entry in lines.entries} == {"shop"}
    assert all('"event": "order"' in entry.line for entry in lines.entries)
    assert max(entry.at for entry in lines.entries) == NOW
    again = made_up_lines([contract], ['{app="shop"} | json | event="order" | status="error"'], NOW, DAY)
    assert [entry.line for entry in lines.entries] == [entry.line for entry in again.entries]


@pytest.fixture(scope="module")
def parcels():
    """What a small service exports, as `dashgen init --from` reads it."""
    status: LabelValues = Bound(max=10, example="200")
    metrics = {
        "parcels_requests_total": Metric(type="counter", help="Requests.", labels={"status": status}),
        "parcels_request_duration_seconds": Metric(type="histogram", help="Time."),
        "parcels_queue_depth": Metric(type="gauge", help="Parcels that wait."),
        "parcels_cache_hits_total": Metric(type="counter", help="Hits."),
        "parcels_cache_requests_total": Metric(type="counter", help="Reads of the cache."),
        "process_cpu_seconds_total": Metric(type="counter", help="Processor time."),
        "process_open_fds": Metric(type="gauge", help="Open files."),
        "process_resident_memory_bytes": Metric(type="gauge", help="Memory."),
    }
    return MadeUpStore(contract_series(metrics, NOW), (), LogStore(), NOW)


@pytest.mark.parametrize(
    ("query", "least", "most"),
    [
        ("sum(rate(parcels_requests_total[5m]))", 1, 20),
        ('sum(rate(parcels_requests_total{status=~"5.."}[5m])) / sum(rate(parcels_requests_total[5m]))', 0, 0.02),
        ("histogram_quantile(0.95, sum by (le) (rate(parcels_request_duration_seconds_bucket[5m])))", 0.1, 0.5),
        ("parcels_queue_depth", 5, 60),
        ("rate(parcels_cache_hits_total[5m]) / rate(parcels_cache_requests_total[5m])", 0.3, 1),
        ("rate(process_cpu_seconds_total[5m])", 0, 1),
        ("process_open_fds", 10, 100),
        ("process_resident_memory_bytes", 100 * 2**20, 500 * 2**20),
    ],
)  # fmt: skip
def test_a_service_is_lively_and_healthy_now(parcels, query, least, most):
    assert least < value(parcels, query) < most


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        (
            'sum(rate(parcels_requests_total{status=~"5.."}[5m])) / sum(rate(parcels_requests_total[5m]))',
            0.05,
        ),
        ("histogram_quantile(0.95, sum by (le) (rate(parcels_request_duration_seconds_bucket[5m])))", 1),
        ("parcels_queue_depth", 60),
    ],
)
def test_one_incident_crosses_the_limits_that_people_set(parcels, query, limit):
    values = [value(parcels, query, NOW - minutes * 60_000) for minutes in range(0, 250, 10)]
    above = [one > limit for one in values]
    assert any(above)
    assert not above[0]
    assert sum(before != after for before, after in pairwise(above)) == 2

"""What the contract tells of series, labels and log lines."""

import pytest

from dashgen.model.metrics_spec import Bound, LogField, Metric, Metrics
from dashgen.model.series_contract import SeriesContract, SeriesEstimate, series_contract

CONTRACT = series_contract(
    [
        Metrics(
            metrics={
                "queries_total": Metric(
                    type="counter",
                    help="H",
                    labels={
                        "tier": ["free", "pro"],
                        "tool": Bound(max=50),
                        "status": ["ok", "error", "none"],
                    },
                ),
                "latency_seconds": Metric(
                    type="histogram", help="H", unit="s", labels={"tier": ["free", "pro"]}
                ),
                "sizes": Metric(type="summary", help="H", deprecated="Use latency_seconds."),
            },
            target_labels=["team"],
            log_labels={"app": ["shop"]},
            log_fields={"user": "Who.", "cost": LogField(help="Dollars.", type="number", unit="currencyUSD")},
        )
    ],
    ["job:queries:rate5m"],
)
assert CONTRACT is not None


@pytest.mark.parametrize(
    ("name", "by", "estimate"),
    [
        ("queries_total", None, SeriesEstimate(2 * 50 * 3)),
        ("queries_total", ["tier", "status"], SeriesEstimate(6)),
        ("queries_total", ["tier", "tier"], SeriesEstimate(2)),
        ("queries_total", [], SeriesEstimate(1)),
        ("queries_total", ["instance", "tier", "team"], SeriesEstimate(2, ("instance", "team"))),
        ("queries_total", ["teir"], SeriesEstimate(1)),
        ("latency_seconds_bucket", None, SeriesEstimate(24)),
        ("latency_seconds_count", None, SeriesEstimate(2)),
        ("sizes", None, SeriesEstimate(1, ("quantile",))),
        ("latency_seconds", None, None),
        ("job:queries:rate5m", None, None),
    ],
)
def test_series_are_estimated_from_the_labels_of_the_contract(
    name: str, by: list[str] | None, estimate: SeriesEstimate | None
) -> None:
    assert CONTRACT.estimated_series(name, by) == estimate


@pytest.mark.parametrize(
    ("name", "label", "has", "values"),
    [
        ("queries_total", "tier", True, {"free", "pro"}),
        ("queries_total", "tool", True, None),
        ("queries_total", "instance", True, None),
        ("queries_total", "team", True, None),
        ("queries_total", "le", False, None),
        ("latency_seconds_bucket", "le", True, None),
        ("unknown_total", "tier", None, None),
    ],
)
def test_a_label_is_known_by_its_series(
    name: str, label: str, has: bool | None, values: set[str] | None
) -> None:
    assert CONTRACT.has_label(name, label) is has
    assert CONTRACT.label_values(name, label) == values


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("user", True),
        ("cost", True),
        ("app", True),
        ("app_extracted", True),
        ("filename", True),
        ("__error__", True),
        ("usr", False),
        ("usr_extracted", False),
    ],
)
def test_a_log_query_reads_labels_and_fields(name: str, has: bool) -> None:
    assert CONTRACT.has_log_name(name) is has


def test_without_fields_any_name_may_be_in_log_lines() -> None:
    assert SeriesContract().has_log_name("anything") is None


def test_a_series_knows_its_metric() -> None:
    assert CONTRACT.series["latency_seconds_bucket"].metric == "latency_seconds"
    assert CONTRACT.series["latency_seconds_sum"].unit == "s"
    assert CONTRACT.series["sizes_count"].deprecated == "Use latency_seconds."


@pytest.mark.parametrize(
    ("second", "values"),
    [(["job"], {"shop", "job"}), (Bound(max=3), None)],
)
def test_streams_of_several_programs_have_the_values_of_all(
    second: list[str] | Bound, values: set[str] | None
) -> None:
    for contracts in (
        [Metrics(log_labels={"app": ["shop"]}), Metrics(log_labels={"app": second})],
        [Metrics(log_labels={"app": second}), Metrics(log_labels={"app": ["shop"]})],
    ):
        contract = series_contract(contracts)
        assert contract is not None
        assert contract.log_labels == {"app": values}

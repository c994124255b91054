"""Units come from the contract, then from the name; what does not tell has none."""

import pytest

from tests.settle.settling import panel, parsed


@pytest.mark.parametrize(("words", "digits"), [("", 0), (", decimals: 2", 2), (", decimals: auto", None)])
def test_counts_have_no_digits_after_the_point_unless_the_panel_says_so(
    words: str, digits: int | None
) -> None:
    assert panel(f"{{title: T, query: 'increase(http_requests_total[1h])'{words}}}").panel.decimals == digits


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        ("rate(http_requests_total[5m])", "reqps"),
        ("sum by (tier) (rate(http_requests_total[5m]))", "reqps"),
        ("increase(http_requests_total[1h])", "short"),
        ("rate(node_network_receive_bytes_total[5m])", "Bps"),
        ("process_resident_memory_bytes", "bytes"),
        ("histogram_quantile(0.9, sum by (le) (rate(http_duration_seconds_bucket[5m])))", "s"),
        ("rate(http_duration_seconds_sum[5m]) / rate(http_duration_seconds_count[5m])", "s"),
        ("increase(cost_usd_total[1d])", "currencyUSD"),
        ("30 * increase(cost_usd_total[1d])", "currencyUSD"),
        ("process_resident_memory_bytes / 1024", None),
        ('sum(rate(a_total{x="y"}[5m])) / sum(rate(a_total[5m]))', "percentunit"),
        ('sum(rate(a_total{x="y"}[5m])) / sum(rate(a_total[5m])) * 100', "percent"),
        ("cache_hit_ratio", "percentunit"),
        ("count(up)", "short"),
        ("users", None),
        ("sum(cost_usd_total) / sum(http_requests_total)", None),
        ("up", None),
        ("1", None),
    ],
)  # fmt: skip
def test_a_unit_is_derived_from_what_the_query_reads(query: str, unit: str | None) -> None:
    result = panel(f"{{title: T, query: '{query}'}}")
    assert result.unit == unit
    assert ("unit" in result.derived) == (unit is not None)


def test_a_given_unit_wins() -> None:
    result = panel("{title: T, query: 'rate(http_requests_total[5m])', unit: short}")
    assert (result.unit, "unit" in result.derived) == ("short", False)


def test_queries_of_different_units_have_none_together() -> None:
    assert (
        panel(
            "{title: T, queries: {a: 'rate(http_requests_total[5m])', b: process_resident_memory_bytes}}"
        ).unit
        is None
    )
    assert (
        panel(
            "{title: T, queries: {a: 'rate(http_requests_total[5m])', b: 'rate(http_requests_total[1m])'}}"
        ).unit
        == "reqps"
    )


def test_log_queries_tell_no_unit() -> None:
    assert panel("{title: T, datasource: loki, query: 'rate({app=\"a\"}[5m])'}").unit is None


@pytest.mark.parametrize(
    ("digits", "message"),
    [
        ("many", "expected a number of digits, 0 to 20 or one of `auto`, got `many`"),
        ("3.5", "expected a number of digits, 0 to 20 or one of `auto`, got `3.5`"),
        ("50", "expected a number of digits, 0 to 20, got `50`"),
    ],
)
def test_what_is_no_number_of_digits_is_told_with_what_is(digits: str, message: str) -> None:
    result, problems = parsed(
        f"panels: [{{title: T, query: up, decimals: {digits}}}]\n", "uid: d\ntitle: T\n"
    )
    assert [one.message for one in problems] == [message]
    assert [panel.decimals for panel in result.panels.values()] == [None]

"""How a panel is drawn follows from what its queries give, and each word that a spec says wins."""

from typing import Any

import pytest

from tests.settle.settling import panel, panels, settled

QUANTILE = "histogram_quantile(0.95, sum by (le) (rate(http_duration_seconds_bucket[5m])))"
MEAN = "sum(rate(http_duration_seconds_sum[5m])) / sum(rate(http_duration_seconds_count[5m]))"
SINGLE = {"legend_mode": "hidden", "color": "blue"}
MANY = {"legend_mode": None, "color": None}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("query: sum(users)", SINGLE),
        ("query: sum(users), draw: bars, stack: normal", SINGLE),
        ("query: sum(users), legend: T", SINGLE),
        ("query: sum(users), legend: Before, key: before", SINGLE),
        ("type: histogram, query: sum(users)", SINGLE),
        ("type: candlestick, query: sum(users)", SINGLE),
        ("type: barchart, query: sum(users)", MANY),
        ("type: piechart, query: sum(users)", MANY),
        ("query: users", MANY),
        ("query: sum by (tier) (users)", MANY),
        ("query: sum(users), legend: everybody", MANY),
        ("query: 'sum(users) or sum by (tier) (users)'", MANY),
        ("queries: {T: sum(users), b: sum(users)}", MANY),
        ("query: sum(users), repeat: tier", MANY),
        ("query: sum(users), transformations: [merge]", MANY),
        ("query: sum(users), overrides: [{name: T, unit: s}]", MANY),
        ("query: sum(users), legend_mode: list", {"legend_mode": "list", "color": "blue"}),
        ("query: sum(users), legend_calcs: [max]", {"legend_mode": None, "color": "blue"}),
        ("query: sum(users), color: palette-classic", {"legend_mode": "hidden", "color": "palette-classic"}),
        ("datasource: loki, query: 'sum(rate({app=\"x\"}[5m]))'", SINGLE),
    ],
)
def test_one_series_that_is_called_like_the_panel_has_no_legend_and_a_neutral_colour(
    body: str, words: dict[str, Any]
) -> None:
    drawn = panel(f"{{title: T, {body}}}").panel
    assert {name: getattr(drawn, name) for name in words} == words


@pytest.mark.parametrize(
    ("body", "span"),
    [
        (f"query: '{QUANTILE}'", "1h"),
        (f"query: '{QUANTILE} >= 0'", "1h"),
        (f"query: '{MEAN}'", "1h"),
        (f"queries: {{P95: '{QUANTILE}', users: users}}", "1h"),
        (f"query: '{QUANTILE}', draw: bars", None),
        (f"query: '{QUANTILE}', span_nulls: false", False),
        (f"query: '{QUANTILE}', span_nulls: 5m", "5m"),
        ("query: 'rate(http_requests_total[5m])'", None),
    ],
)
def test_quantiles_and_means_are_joined_over_quiet_hours(body: str, span: object) -> None:
    assert getattr(panel(f"{{title: T, {body}}}").panel, "span_nulls", None) == span


@pytest.mark.parametrize(
    ("body", "height"),
    [
        ("query: 'topk(10, users)'", 15),
        ("query: 'bottomk(10, users)'", 15),
        ("datasource: loki, query: 'topk(10, sum by (a) (rate({app=\"x\"}[5m])))'", 15),
        ("query: 'topk(10, users)', height: 6", 8),
        ("query: 'topk(10, users)', height: 9", None),
        ("query: 'topk(5, users)'", None),
        ("query: users", None),
        ("query: 'topk by (tier) (10, users)'", None),
        ("query: 'topk(10, users)', min_height: 20", 20),
        ("query: 'topk(10, users)', orientation: vertical", None),
        ("queries: [{query: 'topk(10, users)'}, {query: users}]", None),
    ],
)
def test_bars_are_as_small_as_it_takes_to_show_those_that_the_query_leaves(
    body: str, height: int | None
) -> None:
    assert getattr(panel(f"{{title: T, type: bargauge, {body}}}").panel, "min_height", 0) == height


def test_more_bars_than_fit_are_reported_with_the_height_that_they_need() -> None:
    body = "panels: [{title: T, type: bargauge, query: 'topk(25, users)'}]\n"
    dashboard, [problem] = settled(body)
    assert (problem.rule, problem.severity) == ("panel/bars", "warning")
    assert problem.message == "25 bars do not fit into a panel 8 grid rows high"
    assert problem.hint == "make it 19 rows high: `height: 19`"
    dashboard, problems = settled(body.replace("'}", "', height: 19}"))
    assert problems == []
    assert getattr(panels(dashboard)[0].panel, "min_height", 0) is None
    for words in ("min_height: 8", "orientation: vertical"):
        assert settled(body.replace("'}", f"', {words}}}"))[1] == []


def test_what_was_derived_has_a_reason() -> None:
    derived = panel("{title: T, query: sum(users)}").derived
    assert derived["legend_mode"] == "there is one series, and its name is the title"
    assert derived["color"] == "there is one series, which is neither good nor bad"

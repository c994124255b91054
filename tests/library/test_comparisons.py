"""`std/compare`, `std/kpi`, `std/verdict` and `std/attention`: what they say of figures that are known."""

from pathlib import Path
from typing import Any

import pytest

from tests.library.replayed_rules import DAY, HOUR, MINUTE, STEP, ReplayedRules

WEEK = 7 * DAY
NOW = 8 * DAY


def kpi(folder: Path, **arguments: Any) -> ReplayedRules:
    given = {"title": "Orders", "query": "sum(orders)", "unit": "short", "description": "How many? Look."}
    return ReplayedRules(folder, "std/kpi", given | arguments)


def with_values(rules: ReplayedRules, now: float | None, before: float | None) -> ReplayedRules:
    for end in (NOW - WEEK, NOW):
        times = range(end - 10 * MINUTE, end + 1, MINUTE)
        rules.add('orders{i="1"}', lambda at: now if at > NOW - DAY else before, times)
    return rules


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        (112.5, 100, "+12.5% on last week"),
        (97, 100, "-3% on last week"),
        (0, 100, "-100% on last week"),
        (100, 100, "+0% on last week"),
        (99.99, 100, "+0% on last week"),
        (100, None, "nothing a week ago"),
        (100, 0, "nothing a week ago"),
    ],
)
def test_a_key_figure_has_its_change_as_its_name(
    tmp_path: Path, now: float, before: float | None, change: str
) -> None:
    rules = with_values(kpi(tmp_path), now, before)
    assert rules.shown(0, NOW) == [({"change": change}, now)]


def test_a_key_figure_without_a_value_shows_nothing(tmp_path: Path) -> None:
    assert with_values(kpi(tmp_path), None, 100).shown(0, NOW) == []


def test_the_target_stands_behind_the_change(tmp_path: Path) -> None:
    assert kpi(tmp_path, target="95%").panel.queries[0].legend == "{{change}} · target 95%"


@pytest.mark.parametrize(
    ("good", "colours"),
    [
        ("up", ["green", "semi-dark-red", "text"]),
        ("down", ["semi-dark-red", "green", "text"]),
        ("neither", ["thresholds", "thresholds", "thresholds"]),
    ],
)
def test_the_colour_says_whether_the_change_is_good(tmp_path: Path, good: str, colours: list[str]) -> None:
    assert [one.color for one in kpi(tmp_path, good=good).panel.panel.overrides] == colours


def test_last_week_may_be_a_query_of_its_own(tmp_path: Path) -> None:
    rules = with_values(kpi(tmp_path, last_week="sum(orders_a_week_ago)"), 150, 1)
    rules.add("orders_a_week_ago", lambda _: 100, range(NOW - MINUTE, NOW + 1, MINUTE))
    assert rules.shown(0, NOW) == [({"change": "+50% on last week"}, 150)]


def test_a_comparison_draws_now_then_and_the_target(tmp_path: Path) -> None:
    arguments = {"title": "Orders", "query": "sum(orders)", "unit": "short", "target": 120}
    rules = with_values(ReplayedRules(tmp_path, "std/compare", arguments), 100, 90)
    assert [rules.shown(number, NOW) for number in range(3)] == [[({}, 100)], [({}, 90)], [({}, 120)]]
    assert [one.legend for one in rules.panel.queries] == ["now", "a week ago", "target"]


def test_a_comparison_without_a_target_or_a_past_has_no_line_for_it(tmp_path: Path) -> None:
    arguments = {"title": "Orders", "query": "sum(orders)", "unit": "short"}
    rules = with_values(ReplayedRules(tmp_path, "std/compare", arguments), 100, None)
    assert len(rules.panel.queries) == 2
    assert rules.shown(1, NOW) == []


CONDITIONS = [
    {"says": "Nobody can pay", "query": "payments < 1"},
    {"says": "Few orders", "query": "orders < 10", "severity": "warning"},
]


@pytest.mark.parametrize(
    ("payments", "orders", "sentences"),
    [
        (5, 50, {"The shop sells": 0}),
        (0, 50, {"Nobody can pay": 2}),
        (5, 5, {"Few orders": 1}),
        (0, 5, {"Nobody can pay": 2, "Few orders": 1}),
        (None, None, {"The shop sells": 0}),
    ],
)
def test_a_verdict_says_each_condition_that_fails_or_that_all_is_well(
    tmp_path: Path, payments: float | None, orders: float | None, sentences: dict[str, float]
) -> None:
    arguments = {"name": "shop", "conditions": CONDITIONS, "healthy": "The shop sells"}
    rules = ReplayedRules(tmp_path, "std/verdict", arguments)
    rules.add("payments", lambda _: payments, range(0, HOUR, MINUTE))
    rules.add("orders", lambda _: orders, range(0, HOUR, MINUTE))
    rules.run(range(0, HOUR, MINUTE))
    shown = rules.shown(0, HOUR - MINUTE)
    assert {labels["says"]: value for labels, value in shown} == sentences


def test_a_verdict_is_not_known_while_no_rule_is_evaluated(tmp_path: Path) -> None:
    rules = ReplayedRules(tmp_path, "std/verdict", {"name": "shop", "conditions": CONDITIONS})
    assert rules.shown(0, HOUR) == []


def figure(good: str, smallest: float = 0) -> dict[str, Any]:
    return {"name": "Orders", "query": "sum(orders)", "good": good, "dashboard": "shop", "smallest": smallest}


@pytest.mark.parametrize(
    ("figures", "last_week", "hour_before", "now", "sudden", "week"),
    [
        (figure("up"), 100, 100, 100, None, None),
        (figure("up"), 100, 100, 50, -0.5, -0.125),
        (figure("up"), 100, 100, 200, None, None),
        (figure("down"), 100, 100, 200, 1, 0.25),
        (figure("down"), 100, 100, 50, None, None),
        (figure("neither"), 100, 100, 50, -0.5, -0.125),
        (figure("neither"), 100, 100, 140, 0.4, 0.1),
        (figure("up"), 300, 100, 100, 0, -2 / 3),
        (figure("up"), None, 100, 50, -0.5, None),
        (figure("up"), 0, 100, 50, -0.5, None),
        (figure("down", smallest=10), 1, 1, 5, None, None),
        (figure("down", smallest=10), 1, 1, 20, 1, 0.25),
    ],
)
def test_a_figure_is_listed_when_it_became_worse_suddenly_or_since_last_week(
    tmp_path: Path, figures: dict[str, Any], last_week: float | None, hour_before: float, now: float,
    sudden: float | None, week: float | None,
) -> None:  # fmt: skip
    rules = ReplayedRules(tmp_path, "std/attention", {"name": "shop", "series": [figures]})
    if last_week is not None:
        rules.add("orders", lambda _: last_week, range(NOW - WEEK - 2 * HOUR, NOW - WEEK + 1, STEP))
    changed = NOW - 15 * MINUTE
    rules.add("orders", lambda at: now if at > changed else hour_before, range(NOW - 2 * HOUR, NOW + 1, STEP))
    rules.run(range(NOW - WEEK - 2 * HOUR, NOW - WEEK + 1, STEP))
    rules.run(range(NOW - 2 * HOUR, NOW + 1, STEP))
    for number, expected in enumerate((sudden, week)):
        shown = rules.shown(number, NOW)
        assert [value for _, value in shown] == pytest.approx([] if expected is None else [expected])
        assert all(labels == {"series": "Orders", "dashboard": "shop"} for labels, _ in shown)

"""`std/budget`: what is spent belongs to its period, and the forecast says when the budget is gone."""

import calendar
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.replayed_rules import DAY, HOUR, STEP, Curve, ReplayedRules

SPENT_AN_HOUR = 0.5


def moment(text: str, offset: float = 0) -> int:
    """The milliseconds of a time on clocks that are some hours ahead of UTC."""
    return round((datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() - offset * 3600) * 1000)


def budget(folder: Path, **arguments: Any) -> ReplayedRules:
    given = {"name": "x", "counter": "cost_total", "budget": 300}
    return ReplayedRules(folder, "std/budget", given | arguments)


def steady(start: int) -> Curve:
    return lambda at: (at - start) / HOUR * SPENT_AN_HOUR


def replayed(rules: ReplayedRules, start: int, end: int, curve: Curve | None = None) -> ReplayedRules:
    times = range(start, end + 1, STEP)
    rules.add('cost_total{model="a"}', curve or steady(start), times)
    rules.run(times)
    return rules


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, float], ReplayedRules]:
    """Budgets by period and offset."""
    made = {}
    for period in ("day", "week", "month"):
        for offset in (0, 4, -5, 5.5):
            folder = tmp_path_factory.mktemp("budget")
            made[period, float(offset)] = budget(folder, period=period, utc_offset=offset)
    return made


def period_of(now: datetime, period: str) -> tuple[datetime, timedelta]:
    """Where a period begins, and how long it is."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return midnight, timedelta(days=1)
    if period == "week":
        return midnight - timedelta(days=now.weekday()), timedelta(days=7)
    return midnight.replace(day=1), timedelta(days=calendar.monthrange(now.year, now.month)[1])


@settings(max_examples=150)
@given(
    seconds=st.integers(1_700_000_000, 2_000_000_000),
    period=st.sampled_from(["day", "week", "month"]),
    offset=st.sampled_from([0.0, 4.0, -5.0, 5.5]),
)
def test_what_has_passed_and_what_remains_are_those_of_the_calendar(
    clocks: dict[tuple[str, float], ReplayedRules], seconds: int, period: str, offset: float
) -> None:
    rules = clocks[period, offset]
    now = datetime.fromtimestamp(seconds, timezone(timedelta(hours=offset)))
    start, length = period_of(now, period)
    queries = {one.rule.record: one.rule.query for one in rules.records}
    elapsed = (now - start).total_seconds()
    assert rules.value(queries["budget:x:elapsed_seconds"], seconds * 1000) == elapsed
    remaining = queries["budget:x:remaining_seconds"].replace("budget:x:elapsed_seconds", str(elapsed))
    assert rules.value(f"vector(0) + ({remaining})", seconds * 1000) == (length.total_seconds() - elapsed)


@pytest.mark.parametrize(
    ("end_of_month", "offset"),
    [("2027-03-01", 0), ("2027-03-01", 4), ("2028-03-01", -5), ("2027-01-01", 4), ("2026-12-01", 4)],
)
def test_a_new_month_begins_at_nothing_and_the_old_one_keeps_what_it_spent(
    tmp_path: Path, end_of_month: str, offset: float
) -> None:
    midnight = moment(end_of_month, offset)
    start = midnight - 30 * HOUR
    rules = replayed(budget(tmp_path, utc_offset=offset), start, midnight + 4 * HOUR + STEP)
    # The first hour has no increase before its second sample, and the last one is full at midnight.
    spent = rules.value("budget:x:spent", midnight)
    assert spent == pytest.approx(30 * SPENT_AN_HOUR, abs=SPENT_AN_HOUR)
    assert rules.value("budget:x:spent", midnight + STEP) == 0
    assert rules.value("budget:x:spent", midnight + HOUR) == pytest.approx(SPENT_AN_HOUR, rel=0.1)
    assert rules.value("budget:x:spent", midnight + 4 * HOUR + STEP) == pytest.approx(
        4 * SPENT_AN_HOUR, rel=0.1
    )


@pytest.mark.parametrize("period", ["day", "week"])
def test_days_and_weeks_begin_at_nothing_too(tmp_path: Path, period: str) -> None:
    midnight = moment("2026-11-30", 4)  # a Monday
    rules = replayed(
        budget(tmp_path, period=period, utc_offset=4), midnight - 20 * HOUR, midnight + 2 * HOUR + STEP
    )
    assert rules.value("budget:x:spent", midnight) == pytest.approx(20 * SPENT_AN_HOUR, abs=SPENT_AN_HOUR)
    assert rules.value("budget:x:spent", midnight + 2 * HOUR + STEP) == pytest.approx(
        2 * SPENT_AN_HOUR, rel=0.1
    )


def test_a_restart_of_the_counter_and_a_second_series_are_counted(tmp_path: Path) -> None:
    start = moment("2026-11-01")
    rules = budget(tmp_path)
    times = range(start, start + DAY + STEP, STEP)
    rules.add('cost_total{model="b"}', steady(start), times)
    restart = start + 10 * HOUR + 2 * STEP
    replayed(
        rules,
        start,
        start + DAY,
        lambda at: ((at - start) if at < restart else (at - restart)) / HOUR * SPENT_AN_HOUR,
    )
    assert rules.value("budget:x:spent", start + DAY) == pytest.approx(2 * 24 * SPENT_AN_HOUR, rel=0.03)


def test_hours_without_values_are_missing_and_said(tmp_path: Path) -> None:
    start = moment("2026-11-01")
    curve = steady(start)
    rules = replayed(
        budget(tmp_path), start, start + DAY + STEP,
        lambda at: None if start + 6 * HOUR < at <= start + 12 * HOUR else curve(at),
    )  # fmt: skip
    assert rules.value("budget:x:covered_ratio", start + 6 * HOUR + STEP) == 1
    assert rules.value("budget:x:covered_ratio", start + DAY + STEP) == pytest.approx(19 / 24)
    assert rules.warnings(start + 6 * HOUR + STEP) == []
    assert rules.warnings(start + DAY + STEP) == ["⚠ a part of the month has no values, so more was spent"]


def test_the_forecast_and_the_day_on_which_the_budget_is_spent(tmp_path: Path) -> None:
    start = moment("2026-11-01")
    for limit, day in ((300, 25), (400, None), (6, 0)):
        (folder := tmp_path / str(limit)).mkdir()
        rules = replayed(budget(folder, budget=limit), start, start + DAY + STEP)
        at = start + DAY + STEP
        assert rules.value("budget:x:forecast", at) == pytest.approx(30 * 24 * SPENT_AN_HOUR, rel=0.01)
        (folder / "date").mkdir()
        shown = ReplayedRules(folder / "date", "std/budget_date", {"name": "x"})
        date = rules.value(shown.panel.queries[0].query.query, at)
        if day is None:
            assert date == -1
            assert rules.met == []
        elif day == 0:
            assert date == 0
        else:
            assert date == pytest.approx(start + day * DAY, abs=6 * HOUR)
            assert rules.met[-1] == at
    assert ReplayedRules(tmp_path, "std/budget_date", {"name": "x"}).shown(0, start) == []


def test_a_budget_may_be_a_query_and_change(tmp_path: Path) -> None:
    start = moment("2026-11-01")
    rules = budget(tmp_path, budget='budget_usd{period="month"}')
    times = range(start, start + DAY + STEP, STEP)
    rules.add('budget_usd{period="month", i="1"}', lambda at: 300 if at < start + 12 * HOUR else 500, times)
    replayed(rules, start, start + DAY)
    assert rules.value("budget:x:limit", start + 11 * HOUR) == 300
    assert rules.value("budget:x:limit", start + DAY) == 500
    assert rules.met
    assert max(rules.met) < start + 12 * HOUR


def test_the_bars_show_what_is_used_and_what_has_passed(tmp_path: Path) -> None:
    start = moment("2026-11-01")
    (tmp_path / "used").mkdir()
    rules = replayed(budget(tmp_path, budget=24), start, start + DAY)
    bars = ReplayedRules(tmp_path / "used", "std/budget_used", {"name": "x"})
    shown = [rules.value(one.query.query, start + DAY) for one in bars.panel.queries]
    assert shown == pytest.approx([0.5, 1 / 30], rel=0.05)

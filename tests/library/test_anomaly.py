"""`std/anomaly`: its band holds what is usual, and the alert finds what is not."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.library.replayed_rules import DAY, HOUR, MINUTE, STEP, Curve, ReplayedRules, chance

both_strategies = pytest.mark.parametrize("strategy", ["adaptive", "robust"])


def replayed(folder: Path, curve: Curve, hours: float, **arguments: Any) -> ReplayedRules:
    """The rules over a figure with the values of a curve, for some hours."""
    given = {"name": "x", "query": "max(figure)", "title": "Figure", "unit": "short", "smallest": 1}
    rules = ReplayedRules(folder, "std/anomaly", given | arguments)
    times = range(0, round(hours * HOUR) + 1, STEP)
    rules.add("figure", curve, times)
    rules.run(times)
    return rules


def band(rules: ReplayedRules, at: float) -> tuple[float | None, float | None]:
    return tuple(rules.value(f"anomaly:x:{edge}", round(at)) for edge in ("lower", "upper"))  # type: ignore[return-value]


def in_time(inside: float, outside: float, start: float, end: float) -> Curve:
    """One value, and another one between two hours."""
    return lambda at: outside if start * HOUR <= at < end * HOUR else inside


@both_strategies
@pytest.mark.parametrize(
    ("level", "edges"), [(100, (50, 150)), (0, (0, 1)), (0.5, (0, 1.5)), (1e9, (0.5e9, 1.5e9))]
)
def test_a_constant_figure_has_the_band_of_its_margin_or_of_the_smallest_difference(
    tmp_path: Path, strategy: str, level: float, edges: tuple[float, float]
) -> None:
    rules = replayed(tmp_path, lambda _: level, 30, strategy=strategy)
    assert band(rules, 30 * HOUR) == pytest.approx(edges)
    assert rules.met == []


@both_strategies
def test_a_spike_fires_and_does_not_hide_the_same_spike_a_day_later(tmp_path: Path, strategy: str) -> None:
    def curve(at: int) -> float:
        return 1000.0 if at // HOUR in (28, 52) else 100.0

    rules = replayed(tmp_path, curve, 56, strategy=strategy)
    assert rules.fires() == [28 * HOUR + 15 * MINUTE, 52 * HOUR + 15 * MINUTE]
    assert max(edge for at in range(52, 54) if (edge := band(rules, at * HOUR)[1])) < 400


@both_strategies
@pytest.mark.parametrize(
    ("factor", "fires"), [(1.4, False), (1.6, True), (2, True), (0.6, False), (0.4, True)]
)
def test_a_step_fires_when_it_is_larger_than_the_margin(
    tmp_path: Path, strategy: str, factor: float, *, fires: bool
) -> None:
    rules = replayed(tmp_path, in_time(100, 100 * factor, 28, 99), 30, strategy=strategy)
    assert bool(rules.fires()) is fires


@pytest.mark.parametrize(("factor", "hours"), [(2, 1), (10, 7), (0, 1.5)])
def test_what_stays_is_the_new_normal(tmp_path: Path, factor: float, hours: float) -> None:
    rules = replayed(tmp_path, in_time(100, 100 * factor, 28, 99), 60)
    assert rules.fires()
    assert max(rules.met) <= (28 + hours) * HOUR


@pytest.mark.parametrize(
    ("direction", "high", "low"), [("up", True, False), ("down", False, True), ("both", True, True)]
)
def test_the_direction_chooses_the_side_that_alerts(
    tmp_path: Path, direction: str, *, high: bool, low: bool
) -> None:
    for folder, value, fires in (("high", 300.0, high), ("low", 10.0, low)):
        (tmp_path / folder).mkdir()
        rules = replayed(tmp_path / folder, in_time(100, value, 28, 29), 30, direction=direction)
        assert bool(rules.fires()) is fires


def test_the_band_of_a_figure_that_may_be_negative_goes_below_zero(tmp_path: Path) -> None:
    rules = replayed(tmp_path, lambda _: -100, 30, may_be_negative=True)
    assert band(rules, 30 * HOUR) == pytest.approx((-150, -50))


@both_strategies
def test_the_first_day_is_silent_and_the_panel_says_until_when(tmp_path: Path, strategy: str) -> None:
    begin = 6 * HOUR + 10 * MINUTE  # of 1 January
    curve = in_time(100, 1000, 20, 22)
    rules = replayed(tmp_path, lambda at: curve(at) if at >= begin else None, 33, strategy=strategy)
    assert rules.met == []
    for at in (begin, 10 * HOUR, 30 * HOUR):
        assert rules.warnings(at) == ["⚠ needs a day of values, until day 2, 7:00 UTC"]
    assert rules.warnings(31 * HOUR) == []


def test_a_pause_of_two_days_settles_anew_and_a_shorter_one_does_not(tmp_path: Path) -> None:
    def curve(at: int) -> float | None:
        return None if 30 * HOUR <= at < 36 * HOUR or 60 * HOUR <= at < 110 * HOUR else 100.0

    rules = replayed(tmp_path, curve, 120)
    assert rules.met == []
    assert rules.warnings(40 * HOUR) == []
    assert rules.warnings(114 * HOUR) == ["⚠ needs a day of values, until day 6, 14:00 UTC"]
    assert rules.value("anomaly:x:value", 33 * HOUR) is None


def test_the_band_spans_now_yesterday_and_last_week_as_far_as_they_are_known(tmp_path: Path) -> None:
    def curve(at: int) -> float:
        return {0: 300.0, 6: 200.0}.get(at // DAY, 100.0)

    rules = replayed(tmp_path, curve, 8 * 24)
    assert band(rules, 5 * DAY + 12 * HOUR) == pytest.approx((50, 150))
    assert band(rules, 7 * DAY - 6 * HOUR) == pytest.approx((50, 300))  # yesterday 100, now 200
    assert band(rules, 7 * DAY + 12 * HOUR) == pytest.approx((50, 450))  # yesterday 200, last week 300


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_not_learnt(tmp_path: Path, broken: float) -> None:
    rules = replayed(tmp_path, in_time(100, broken, 10, 11), 30)
    assert rules.value("anomaly:x:value", round(10.5 * HOUR)) is None
    assert band(rules, 30 * HOUR) == pytest.approx((50, 150))


def test_a_restart_of_the_counter_is_no_anomaly(tmp_path: Path) -> None:
    rules = ReplayedRules(
        tmp_path,
        "std/anomaly",
        {"name": "x", "query": "sum(increase(c_total[1h]))", "title": "C", "unit": "short", "smallest": 1},
    )
    times = range(0, 30 * HOUR + 1, STEP)
    rules.add("c_total", lambda at: (at if at < 27 * HOUR else at - 27 * HOUR) / HOUR * 100, times)
    rules.run(times)
    assert rules.met == []
    assert rules.value("anomaly:x:value", 28 * HOUR) == pytest.approx(100, rel=0.1)


def busy_week(seed: int, noise: float = 0.1) -> Curve:
    """Nights and weekends are quiet; each value is off by chance."""

    def curve(at: int) -> float:
        hour = at / HOUR % 24
        day = 20 + 80 * max(0.0, math.sin((hour - 6) / 18 * math.pi)) if hour > 6 else 20
        return day * (0.6 if at // DAY % 7 >= 5 else 1) * max(0.0, 1 + noise * chance(seed, at))

    return curve


@both_strategies
def test_days_and_weeks_with_noise_are_no_anomaly_once_a_week_is_known(tmp_path: Path, strategy: str) -> None:
    rules = replayed(tmp_path, busy_week(1), 10 * 24, strategy=strategy)
    assert [at for at in rules.fires() if at > 8 * DAY] == []


@both_strategies
def test_three_times_the_usual_at_the_busiest_hour_is_one(tmp_path: Path, strategy: str) -> None:
    usual = busy_week(3)
    peak = range(9 * DAY + 15 * HOUR, 9 * DAY + 16 * HOUR)
    rules = replayed(
        tmp_path, lambda at: (usual(at) or 0) * (3 if at in peak else 1), 10 * 24, strategy=strategy
    )
    assert [at for at in rules.fires() if at > 8 * DAY] == [9 * DAY + 15 * HOUR + 15 * MINUTE]


@both_strategies
def test_a_figure_that_always_jumps_has_a_band_that_holds_its_jumps(tmp_path: Path, strategy: str) -> None:
    rules = replayed(tmp_path, lambda at: 100.0 * (at // STEP % 2), 40, strategy=strategy)
    assert rules.met == []


def test_each_series_has_its_own_band(tmp_path: Path) -> None:
    rules = ReplayedRules(
        tmp_path,
        "std/anomaly",
        {"name": "x", "query": "max by (model) (m)", "title": "M", "unit": "short", "smallest": 1},
    )
    times = range(0, 29 * HOUR + 1, STEP)
    rules.add('m{model="a"}', lambda _: 100, times)
    rules.add('m{model="b"}', in_time(10, 100, 28, 30), times)
    rules.run(times)
    assert rules.alert is not None
    assert [labels["model"] for labels, _ in rules.vector(rules.alert.expression, 28 * HOUR + STEP)] == ["b"]

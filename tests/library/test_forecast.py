"""`std/forecast`: the forecast of what repeats is right, and its band holds the errors that it promises."""

import math
from pathlib import Path
from typing import Any

import pytest

from tests.library.replayed_rules import DAY, HOUR, MINUTE, Curve, ReplayedRules, chance

STEP = 30 * MINUTE


def replayed(folder: Path, curve: Curve, days: float, step: int = STEP, **arguments: Any) -> ReplayedRules:
    """The rules over a figure with the values of a curve, for some days."""
    given = {"name": "x", "query": "max(figure)", "title": "Figure", "unit": "short"}
    rules = ReplayedRules(folder, "std/forecast", given | arguments)
    times = range(0, round(days * DAY) + 1, step)
    rules.add("figure", curve, times)
    rules.run(times)
    return rules


def daily(growth: float = 0, noise: float = 0, seed: int = 1) -> Curve:
    """A wave of a day around 100, growing by a part a day, off by chance."""
    return lambda at: (
        (100 + 50 * math.sin(at / DAY * 2 * math.pi)) * (1 + growth) ** (at / DAY) + noise * chance(seed, at)
    )


def weekly(at: int) -> float:
    """Quiet nights, and a quiet weekend."""
    return (100 + 50 * math.sin(at / DAY * 2 * math.pi)) * (0.5 if at // DAY % 7 >= 5 else 1)


def test_what_repeats_each_week_is_forecast_as_it_comes(tmp_path: Path) -> None:
    rules = replayed(tmp_path, weekly, 29, step=HOUR)
    for hour in (3, 27, 100, 130):
        ahead = rules.value("forecast:x:ahead", 21 * DAY + hour * HOUR)
        assert ahead == pytest.approx(weekly(28 * DAY + hour * HOUR), rel=1e-6)
    assert rules.value("forecast:x:error", 29 * DAY) == pytest.approx(0, abs=1e-6)
    # What was drawn at a time is the forecast for it.
    at = 28 * DAY + 6 * HOUR
    assert rules.shown(2, at)[0][1] == pytest.approx(weekly(at))
    assert rules.shown(3, at)[0][1] == pytest.approx(weekly(at))


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_growth_goes_on(tmp_path: Path, horizon: int) -> None:
    growing = daily(growth=0.04)
    rules = replayed(tmp_path, growing, 8, season="day", horizon=horizon)
    for hour in (0, 6, 12, 18):
        at = 7 * DAY + hour * HOUR
        truth = growing(at + horizon * DAY)
        assert rules.value("forecast:x:ahead", at) == pytest.approx(truth, rel=0.06)


@pytest.mark.parametrize("may_be_negative", [False, True])
def test_a_line_goes_on_and_ends_at_zero(tmp_path: Path, *, may_be_negative: bool) -> None:
    rules = replayed(
        tmp_path, lambda at: 100 - 30 * at / DAY, 3, method="linear", season="day", horizon=1,
        may_be_negative=may_be_negative,
    )  # fmt: skip
    assert rules.value("forecast:x:ahead", 2 * DAY) == pytest.approx(10)
    assert rules.value("forecast:x:ahead", 3 * DAY) == pytest.approx(-20 if may_be_negative else 0)
    assert rules.value("forecast:x:lower", 3 * DAY) == pytest.approx(-20 if may_be_negative else 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_band_holds_the_part_of_values_that_it_promises(tmp_path: Path, seed: int) -> None:
    rules = replayed(tmp_path, daily(noise=10, seed=seed), 22, season="day", horizon=1)
    times = range(12 * DAY, 22 * DAY, STEP)
    inside = sum(
        rules.shown(1, at)[0][1] <= rules.shown(3, at)[0][1] <= rules.shown(0, at)[0][1] for at in times
    )
    assert inside / len(times) == pytest.approx(0.9, abs=0.05)


def test_a_wider_coverage_is_a_wider_band(tmp_path: Path) -> None:
    widths = []
    for coverage in (0.5, 0.9, 0.98):
        (folder := tmp_path / str(coverage)).mkdir()
        rules = replayed(folder, daily(noise=10), 8, season="day", horizon=1, coverage=coverage)
        widths.append(rules.value("forecast:x:upper - forecast:x:lower", 8 * DAY) or 0)
    assert widths[0] < widths[1] < widths[2]


def test_a_forecast_from_less_than_two_seasons_and_one_without_a_band_are_said(tmp_path: Path) -> None:
    rules = replayed(tmp_path, daily(), 6, season="day", horizon=1)
    # The forecast that is drawn at noon of the second day was made at noon of the first.
    assert rules.warnings(DAY // 2) == ["⚠ no band yet, no forecast could be compared"]
    assert rules.warnings(2 * DAY + HOUR) == ["⚠ from less than two days of history"]
    assert rules.warnings(3 * DAY - HOUR) == ["⚠ from less than two days of history"]
    assert rules.warnings(3 * DAY + HOUR) == []
    assert rules.warnings(6 * DAY) == []


def test_the_days_to_come_are_drawn_beyond_now(tmp_path: Path) -> None:
    rules = replayed(tmp_path, daily(), 6, season="day", horizon=2, ahead=True)
    assert rules.panel.panel.time_from == "+2d"
    for hour in (1, 24, 47):
        at = 6 * DAY + hour * HOUR
        assert rules.shown(2, at)[0][1] == pytest.approx(daily()(at), rel=0.02)
    assert rules.warnings(6 * DAY + HOUR) == []


def test_zero_has_no_forecast_and_what_is_no_number_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "zero").mkdir()
    zero = replayed(tmp_path / "zero", lambda _: 0, 4, season="day", horizon=1)
    assert zero.value("forecast:x:ahead", 4 * DAY) is None
    (tmp_path / "nan").mkdir()
    broken = replayed(
        tmp_path / "nan", lambda at: math.nan if at // HOUR == 30 else 100, 4, season="day", horizon=1
    )
    assert broken.value("forecast:x:ahead", 4 * DAY) == pytest.approx(100)


def test_a_gap_of_a_day_leaves_the_forecast_to_the_season_before(tmp_path: Path) -> None:
    curve = daily()
    rules = replayed(tmp_path, lambda at: None if at // DAY == 4 else curve(at), 6.5, season="day", horizon=1)
    at = 6 * DAY + 6 * HOUR
    assert rules.value("forecast:x:ahead", at) == pytest.approx(curve(at + DAY), rel=0.05)

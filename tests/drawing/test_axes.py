"""Axes have the ends and ticks that uPlot gives them in Grafana."""

from itertools import pairwise
from pathlib import Path

import pytest

from dashgen.drawing.plots.number_axis import (
    AxisLimits,
    NumberScale,
    minor_ticks,
    number_scale,
    number_ticks,
    tick_decimals,
)
from dashgen.drawing.plots.time_axis import time_ticks

# Written by tests/tools/uplot_ranges.cjs from uPlot 1.6.32.
RANGES = [
    line.split("\t") for line in Path(__file__).with_name("axis_ranges.tsv").read_text("utf-8").splitlines()
]
HOUR, DAY = 3_600_000, 86_400_000
NOON = 1_796_040_000_000


def number(text):
    return float(text) if text else None


@pytest.mark.parametrize("case", RANGES, ids="|".join)
def test_the_ends_of_an_axis(case):
    low, high, soft_low, soft_high, start, end = map(number, case)
    scale = number_scale((low, high), AxisLimits(soft_low=soft_low, soft_high=soft_high))
    assert (scale.low, scale.high) == pytest.approx((start, end), abs=1e-12)


@pytest.mark.parametrize(
    ("limits", "values", "ends"),
    [
        (AxisLimits(low=0, high=10), (3, 4), (0, 10)),
        (AxisLimits(low=5), (6, 20), (5, 22)),
        (AxisLimits(decimals=0), (0.2, 3.4), (0, 4)),
        (AxisLimits(is_centered=True), (-1, 8), (-10, 10)),
        (AxisLimits(log_base=10), (3, 4200), (1, 10_000)),
        (AxisLimits(log_base=2), (0, 100), (1, 128)),
        (AxisLimits(), None, (0, 100)),
        (AxisLimits(log_base=10, linear_up_to=1), (-30, 4200), (-100, 10_000)),
        (AxisLimits(log_base=2, linear_up_to=1), (0, 5), (0, 8)),
    ],
)
def test_limits_of_an_axis(limits, values, ends):
    scale = number_scale(values, limits)
    assert (scale.low, scale.high) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("scale", "length", "ticks"),
    [
        (NumberScale(0, 120), 200, [0, 20, 40, 60, 80, 100, 120]),
        (NumberScale(0, 1), 100, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (NumberScale(-2, 7), 90, [-2, 0, 2, 4, 6]),
        (NumberScale(1, 1000, 10), 200, [1, 10, 100, 1000]),
        (NumberScale(0, 1), 0, []),
        (NumberScale(1, 10, 10), 400, [1, 2, 3, 5, 7, 10]),
        (NumberScale(1, 1e6, 10), 160, [1, 100, 10_000, 1_000_000]),
        (NumberScale(1, 1024, 2), 200, [1, 4, 16, 64, 256, 1024]),
        (NumberScale(-100, 100, 10, 10), 400, [-100, -10, 0, 10, 100]),
    ],
)
def test_the_ticks_of_numbers(scale, length, ticks):
    assert number_ticks(scale, length) == pytest.approx(ticks)


def test_ticks_of_binary_units_are_powers_of_two():
    assert number_ticks(NumberScale(0, 3000), 200, AxisLimits(is_binary=True)) == [
        0,
        512,
        1024,
        1536,
        2048,
        2560,
    ]


def test_lines_between_powers_of_ten():
    assert minor_ticks(NumberScale(1, 10, 10), [1, 10]) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert minor_ticks(NumberScale(1, 8, 2), [1, 2, 4, 8]) == minor_ticks(NumberScale(0, 10), [0, 5]) == []


def test_decimals_of_ticks():
    assert [tick_decimals(step) for step in (5, 0.5, 0.025, 100)] == [None, 1, 3, None]


@pytest.mark.parametrize(
    ("span", "zone", "first", "last", "step"),
    [
        (6 * HOUR, "UTC", "06:00", "12:00", HOUR),
        (6 * HOUR, "Asia/Kolkata", "12:00", "17:00", HOUR),
        (24 * HOUR, "UTC", "12:00", "12:00", 3 * HOUR),
        (7 * DAY, "UTC", "11/24", "11/30", 2 * DAY),
        (30 * DAY, "Asia/Dubai", "11/01", "11/28", 3 * DAY),
        (2 * 365 * DAY, "UTC", "2025-02", "2026-11", None),
        (4_000, "UTC", "11:59:56", "12:00:00", 1_000),
    ],
)
def test_the_ticks_of_times(span, zone, first, last, step):
    ticks = time_ticks((NOON - span, NOON), 520, zone)
    assert (ticks[0][1], ticks[-1][1]) == (first, last)
    if step:
        assert {after[0] - before[0] for before, after in pairwise(ticks)} == {step}


def test_days_stay_days_when_the_clocks_change():
    start = 1_792_800_000_000  # 2026-10-24, before the night in which summer time ends
    ticks = time_ticks((start, start + 3 * DAY), 300, "Europe/Berlin")
    assert all(text.endswith("00:00") for _, text in ticks)
    assert time_ticks((0, 0), 100, "UTC") == []

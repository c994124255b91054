"""Times and steps as Grafana works them out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashgen.doctor.live.query_moments import moment
from dashgen.doctor.live.time_window import interval_text, round_interval, window_of

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-23T10:20:30"),
        ("now-6h", "2026-11-23T04:20:30"),
        ("now+1d", "2026-11-24T10:20:30"),
        ("now/d", "2026-11-23T00:00:00"),
        ("now-1d/d", "2026-11-22T00:00:00"),
        ("now/w", "2026-11-23T00:00:00"),
        ("now/M", "2026-11-01T00:00:00"),
        ("now-1M/M", "2026-10-01T00:00:00"),
        ("now/Q", "2026-10-01T00:00:00"),
        ("now-1y", "2025-11-23T10:20:30"),
        ("now/y", "2026-01-01T00:00:00"),
        ("2026-03-31", "2026-03-31T00:00:00"),
        ("2026-03-31T10:00:00Z", "2026-03-31T10:00:00"),
        ("0", "1970-01-01T00:00:00"),
    ],
)
def test_a_time_is_a_moment(text: str, expected: str) -> None:
    found = moment(text, NOW)
    assert found is not None
    assert found.isoformat().removesuffix("+00:00") == expected


def test_the_end_of_a_range_is_the_end_of_the_day() -> None:
    found = moment("now/d", NOW, end=True)
    assert found is not None
    assert found.isoformat() == "2026-11-23T23:59:59.999000+00:00"


@pytest.mark.parametrize(
    "text", ["", "now-", "now-6", "now*6h", "yesterday", "9" * 40, "now-" + "9" * 12 + "y"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text, NOW) is None


def test_a_month_before_the_31st_ends_with_its_last_day() -> None:
    found = moment("now-1M", datetime(2026, 3, 31, tzinfo=UTC))
    assert found is not None
    assert found.isoformat()[:10] == "2026-02-28"


@pytest.mark.parametrize(
    ("length", "rounded"),
    [
        (3, 1),
        (10, 10),
        (14, 10),
        (15, 20),
        (999, 1000),
        (13_500, 15_000),
        (90_000, 120_000),
        (4e12, 31_536_000_000),
    ],
)
def test_intervals_are_round(length: float, rounded: int) -> None:
    assert round_interval(length) == rounded


@pytest.mark.parametrize(
    ("length", "text"), [(15, "15s"), (60, "1m"), (90, "90s"), (3600, "1h"), (86_400, "1d"), (0.05, "50ms")]
)
def test_intervals_are_written_in_their_largest_unit(length: float, text: str) -> None:
    assert interval_text(length) == text


@pytest.mark.parametrize(
    ("panel", "target", "step"),
    [
        ({"gridPos": {"w": 24}}, {}, 15),
        ({"gridPos": {"w": 4}}, {}, 60),
        ({"maxDataPoints": 100}, {}, 300),
        ({"interval": "10m"}, {}, 600),
        ({"interval": ">1m"}, {}, 60),
        ({}, {"interval": "5m"}, 300),
        ({}, {"step": "2m"}, 120),
        ({"gridPos": "x", "maxDataPoints": "y", "interval": 7}, {}, 15),
    ],
)
def test_the_step_follows_from_the_width_and_the_least_step(
    panel: dict[str, Any], target: dict[str, Any], step: float
) -> None:
    window = window_of({"time": {"from": "now-6h", "to": "now"}}, panel, target, NOW, 15.0)
    assert (window.step, window.length) == (step, 6 * 3600)


def test_a_long_range_has_no_more_steps_than_prometheus_gives() -> None:
    window = window_of(
        {"time": {"from": "now-1y", "to": "now"}}, {"interval": "15s", "maxDataPoints": 10**6}, {}, NOW, 15.0
    )
    assert window.length / window.step <= 11_000


def test_a_panel_has_its_own_time() -> None:
    window = window_of({"time": {"from": "now-6h", "to": "now-1h"}}, {"timeFrom": "1h"}, {}, NOW, 15.0)
    assert (window.length, window.end) == (3600, NOW.timestamp())
    shifted = window_of({}, {"timeShift": "1d"}, {}, NOW, 15.0)
    assert (shifted.length, shifted.end) == (6 * 3600, NOW.timestamp() - 86_400)


def test_the_rate_interval_covers_four_scrapes() -> None:
    window = window_of({"time": {"from": "now-1h", "to": "now"}}, {}, {}, NOW, 15.0)
    assert (window.step, window.rate_interval) == (15, 60)
    assert window_of({}, {"interval": "5m"}, {}, NOW, 15.0).rate_interval == 315


def test_a_range_without_times_or_backwards_is_still_one() -> None:
    assert window_of({}, {}, {}, NOW, 15.0).length == 6 * 3600
    assert window_of({"time": {"from": "now", "to": "now-1h"}}, {}, {}, NOW, 15.0).length == 1
    assert window_of({"time": 7}, {}, {}, NOW, 15.0).length == 6 * 3600


def test_a_panel_may_look_ahead() -> None:
    window = window_of({"time": {"from": "now-6h", "to": "now"}}, {"timeFrom": "+7d"}, {}, NOW, 15.0)
    assert (window.start, window.end) == (NOW.timestamp(), NOW.timestamp() + 7 * 86400)

"""Calendar days and weeks of time zones, and when reports are due."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.errors import DashgenError
from dashgen.model.report_spec import ComparisonWord, ReportSpec
from dashgen.report.periods import due_period, earlier, last_period, period_of, schedule_of, utc, zone_of

NOW = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)


def spec(**keys: Any) -> ReportSpec:
    return msgspec.convert({"uid": "a", "title": "A", "sections": [{"title": "S"}], **keys}, ReportSpec)


DAYS = {
    # zone, day: first moment in UTC, hours
    ("Asia/Dubai", "2026-11-29"): ("2026-11-28T20:00", 24),
    ("UTC", "2026-11-29"): ("2026-11-29T00:00", 24),
    ("Europe/Berlin", "2026-03-29"): ("2026-03-28T23:00", 23),
    ("Europe/Berlin", "2026-10-25"): ("2026-10-24T22:00", 25),
    ("Australia/Lord_Howe", "2026-04-05"): ("2026-04-04T13:00", 24.5),
    # The clock skips midnight there: the day begins at the change.
    ("Africa/Cairo", "2026-04-24"): ("2026-04-23T22:00", 23),
    ("Asia/Kolkata", "2026-11-29"): ("2026-11-28T18:30", 24),
}


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_day_is_a_calendar_day_of_its_zone(zone: str, day: str) -> None:
    period = period_of(spec(timezone=zone), date.fromisoformat(day), NOW)
    start, hours = DAYS[zone, day]
    assert utc(period.start) == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.length == hours * 3600
    assert period.is_over


@given(st.dates(date(2000, 1, 1), date(2037, 12, 30)), st.sampled_from(sorted({zone for zone, _ in DAYS})))
def test_each_day_ends_where_the_next_one_begins(day: date, zone: str) -> None:
    later = datetime(2040, 1, 1, tzinfo=UTC)
    period = period_of(spec(timezone=zone), day, later)
    following = period_of(spec(timezone=zone), date.fromordinal(day.toordinal() + 1), later)
    assert period.end == following.start
    assert 22 * 3600 <= period.length <= 26 * 3600


COMPARED: dict[tuple[str, str, ComparisonWord], tuple[str, float]] = {
    ("Europe/Berlin", "2026-03-30", "day before"): ("2026-03-28T23:00", 23),
    ("Europe/Berlin", "2026-03-30", "same weekday last week"): ("2026-03-22T23:00", 24),
    ("Asia/Dubai", "2026-11-29", "four weeks before"): ("2026-10-31T20:00", 24),
}


@pytest.mark.parametrize(("zone", "day", "word"), COMPARED)
def test_an_earlier_day_is_a_whole_one_however_long(zone: str, day: str, word: ComparisonWord) -> None:
    period = earlier(period_of(spec(timezone=zone), date.fromisoformat(day), NOW), word)
    start, hours = COMPARED[zone, day, word]
    assert utc(period.start) == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.length == hours * 3600


def test_a_day_that_is_not_over_is_compared_up_to_the_same_time() -> None:
    now = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)  # noon in Berlin, eleven hours after midnight
    period = period_of(spec(timezone="Europe/Berlin"), date(2026, 3, 29), now)
    before = earlier(period, "day before")
    assert (period.length, before.length) == (11 * 3600, 12 * 3600)
    assert not period.is_over
    with pytest.raises(DashgenError, match="has not begun"):
        period_of(spec(timezone="Europe/Berlin"), date(2026, 3, 30), now)


WEEKS = {"monday": ("2026-11-23", "2026-11-23+7d"), "sunday": ("2026-11-22", "2026-11-22+7d"), "tuesday": ("2026-11-17", "2026-11-17+7d")}  # fmt: skip


@pytest.mark.parametrize("first", WEEKS)
def test_the_last_week_is_the_last_full_one(first: str) -> None:
    day, key = WEEKS[first]
    period = last_period(spec(period="week", week_starts=first, timezone="Asia/Dubai"), NOW)
    assert (period.first.isoformat(), period.days, period.key) == (day, 7, key)


def test_a_week_has_an_hour_less_when_the_clock_goes_forward() -> None:
    period = period_of(spec(period="week", timezone="Europe/Berlin"), date(2026, 3, 25), NOW)
    assert period.label == "March 23 to March 29, 2026"
    assert period.length == 167 * 3600


SCHEDULES = {
    "daily at 07:00": ("2026-11-30T03:00", "2026-12-01T03:00", "2026-11-30"),
    "daily 23:30": ("2026-11-29T19:30", "2026-11-30T19:30", "2026-11-29"),
    "weekly on monday at 07:30": ("2026-11-30T03:30", "2026-12-07T03:30", "2026-11-30"),
    "weekly monday 10:00": ("2026-11-23T06:00", "2026-11-30T06:00", "2026-11-23"),
    "weekly on friday 07:30": ("2026-11-27T03:30", "2026-12-04T03:30", "2026-11-27"),
}


@pytest.mark.parametrize("text", SCHEDULES)
def test_a_schedule_has_a_moment_before_and_one_after_each_moment(text: str) -> None:
    (last, day), (following, _) = schedule_of(text).moments(NOW, zone_of("Asia/Dubai"))
    moments = [utc(one).strftime("%Y-%m-%dT%H:%M") for one in (last, following)]
    assert (*moments, day.isoformat()) == SCHEDULES[text]


def test_a_time_that_the_clock_skips_is_the_moment_of_the_change() -> None:
    now = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    (last, _), _ = schedule_of("daily at 02:30").moments(now, zone_of("Europe/Berlin"))
    assert utc(last) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_what_is_due_on_a_day_is_the_period_before_it() -> None:
    assert due_period(spec(timezone="Asia/Dubai"), date(2026, 11, 30), NOW).key == "2026-11-29"
    weekly = spec(timezone="Asia/Dubai", period="week")
    assert due_period(weekly, date(2026, 11, 30), NOW).key == "2026-11-23+7d"

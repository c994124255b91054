"""Times of a dashboard, such as `now-6h` and `now/d`, as moments."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.duration import milliseconds

_STEP: Final = lazy_pattern(r"([+-])(\d+)f?([smhdwMQy])|/(f[Qy]|[smhdwMQy])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_DAYS: Final = {"d": 1, "w": 7}
_OF_NO_PLACE: Final = frozenset(("", "browser", "utc"))
_WEEK_STARTS: Final = {"saturday": 5, "sunday": 6}
_MONTHS: Final = {"M": 1, "Q": 3, "y": 12}


class Calendar(NamedTuple):
    """When weeks and fiscal years begin: a day of the week from 0 for Monday, a month from 0 for January."""

    week_start: int = 0
    fiscal_month: int = 0


PLAIN_CALENDAR: Final = Calendar()
"""Weeks begin on Monday, years in January."""


def calendar_of(dashboard: Mapping[str, Any]) -> Calendar:
    """The calendar of a dashboard; weeks begin on Monday where that is left to the browser."""
    month = dashboard.get("fiscalYearStartMonth")
    week = _WEEK_STARTS.get(str(dashboard.get("weekStart")).lower(), 0)
    return Calendar(week, month % 12 if isinstance(month, int) else 0)


def zone_of(dashboard: Mapping[str, Any]) -> str:
    """The time zone of a dashboard; UTC where it is left to the browser, or is none."""
    name = str(dashboard.get("timezone") or "")
    return "UTC" if _time_zone(name) is UTC else name


def in_zone_of(now: datetime, dashboard: Mapping[str, Any]) -> datetime:
    """A moment with the clock of a dashboard's time zone, in which its days begin."""
    return now.astimezone(_time_zone(str(dashboard.get("timezone") or "")))


def _time_zone(name: str) -> tzinfo:
    if name.lower() in _OF_NO_PLACE:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def moment(
    text: str, now: datetime, *, end: bool = False, calendar: Calendar = PLAIN_CALENDAR
) -> datetime | None:
    """The moment that a text stands for; nothing when it is not a time.

    Args:
        text: a relative time, a date, or milliseconds since 1970.
        now: the present moment, in the zone in which days begin.
        end: whether it ends a range, so that rounding to a day means the day's end.
        calendar: when weeks and fiscal years begin.
    """
    text = text.strip()
    if text.startswith("now"):
        return _relative(text.removeprefix("now"), now, calendar, end=end)
    if text.isascii() and text.isdigit():
        return _epoch(int(text))
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _relative(steps: str, now: datetime, calendar: Calendar, *, end: bool) -> datetime | None:
    at, result = 0, now
    while at < len(steps):
        if (match := _STEP.match(steps, at)) is None:
            return None
        sign, count, unit, rounded = match.groups()
        try:
            if rounded:
                result = _rounded(result, rounded, calendar, end=end)
            else:
                result = _moved(result, sign, int(count), unit)
        except (OverflowError, ValueError):
            return None
        at = match.end()
    return result


def _moved(at: datetime, sign: str, count: int, unit: str) -> datetime:
    count = -count if sign == "-" else count
    if unit in _DAYS:
        return at + timedelta(days=count * _DAYS[unit])
    if unit in _SECONDS:
        # Hours are as long as ever where clocks are put forward, days are not.
        return (at.astimezone(UTC) + timedelta(seconds=count * _SECONDS[unit])).astimezone(at.tzinfo)
    # Months count from 0 here; a day that the month lacks becomes its last one.
    month = at.year * 12 + at.month - 1 + count * _MONTHS[unit]
    day = min(at.day, monthrange(month // 12, month % 12 + 1)[1])
    return at.replace(year=month // 12, month=month % 12 + 1, day=day)


def _rounded(at: datetime, unit: str, calendar: Calendar, *, end: bool) -> datetime:
    start = at.replace(microsecond=0)
    fiscal = calendar.fiscal_month if unit.startswith("f") else 0
    unit = unit.removeprefix("f")
    for smaller, part in (("mhdwMQy", "second"), ("hdwMQy", "minute"), ("dwMQy", "hour")):
        if unit in smaller:
            start = start.replace(**{part: 0})  # type: ignore[arg-type]
    if unit == "w":
        start -= timedelta(days=(start.weekday() - calendar.week_start) % 7)
    if unit in _MONTHS:
        start = _moved(start.replace(day=1), "-", (start.month - 1 - fiscal) % _MONTHS[unit], "M")
    return _moved(start, "+", 1, unit) - timedelta(milliseconds=1) if end else start


def _epoch(number: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(number / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def seconds(text: str) -> float | None:
    """The length of a duration such as `15s`, also of Grafana's `>15s`; nothing when it is not a duration."""
    length = milliseconds(text.strip().lstrip("<>=").strip())
    return length / 1000 if length else None

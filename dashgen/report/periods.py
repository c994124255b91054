"""The days and weeks of reports, exactly: calendar days of a time zone, which have 23 to 25 hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.model.report_spec import ComparisonWord, ReportSpec

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_BACK: Final = {"day before": 1, "same weekday last week": 7, "week before": 7, "four weeks before": 28}


class Period(Struct, frozen=True):
    """A stretch of whole days of a time zone.

    Attributes:
        first: the first day.
        days: how many days it has.
        start: its first moment, in seconds since 1970.
        end: its last moment.
        until: the moment up to which it is evaluated: its end, or earlier in a period that is not over.
        zone: the name of the time zone.
    """

    first: date
    days: int
    start: float
    end: float
    until: float
    zone: str

    @property
    def length(self) -> float:
        """The seconds that are evaluated."""
        return self.until - self.start

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.until >= self.end

    @property
    def key(self) -> str:
        """Its name in files and headers, which sorts by time: ``2026-11-29``, ``2026-11-23+7d``."""
        return self.first.isoformat() + (f"+{self.days}d" if self.days > 1 else "")

    @property
    def label(self) -> str:
        """Its days as people write them."""
        last = self.first + timedelta(days=self.days - 1)
        if self.days == 1:
            return _long(self.first)
        start = f"{self.first:%B} {self.first.day}" if self.first.year == last.year else _long(self.first, "")
        return f"{start} to {_long(last, '')}"


def _long(day: date, weekday: str = "%A, ") -> str:
    # English whatever the locale of the process is: `strftime` of Python follows it only after `setlocale`.
    return f"{day.strftime(weekday)}{day:%B} {day.day}, {day.year}"


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name.

    Raises:
        DashgenError: this machine's database does not have it.
    """
    try:
        return ZoneInfo("UTC" if name.lower() == "utc" else name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DashgenError(
            f"this machine knows no time zone `{name}`; install the time zone database (Debian: tzdata)"
        ) from None


def midnight(day: date, zone: ZoneInfo) -> float:
    """The first moment of a day; where the clock skips midnight, the moment of the change."""
    return datetime.combine(day, time(0), zone).timestamp()


def last_period(spec: ReportSpec, now: datetime) -> Period:
    """The last full day or week before a moment."""
    zone = zone_of(spec.timezone)
    today = now.astimezone(zone).date()
    if spec.period == "day":
        return _period(spec, today - timedelta(days=1), now)
    return _period(spec, week_start(spec, today) - timedelta(days=7), now)


def period_of(spec: ReportSpec, day: date, now: datetime) -> Period:
    """The day, or the week that a day is in; it may not be over.

    Raises:
        DashgenError: it has not begun.
    """
    period = _period(spec, week_start(spec, day) if spec.period == "week" else day, now)
    if period.until <= period.start:
        raise DashgenError(f"{period.label} has not begun in {spec.timezone}")
    return period


def week_start(spec: ReportSpec, day: date) -> date:
    """The first day of the week that a day is in."""
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(spec.week_starts)) % 7)


def _period(spec: ReportSpec, first: date, now: datetime) -> Period:
    days = 7 if spec.period == "week" else 1
    zone = zone_of(spec.timezone)
    try:
        start, end = midnight(first, zone), midnight(first + timedelta(days=days), zone)
    except (OverflowError, ValueError):
        raise DashgenError(f"{first} is outside the calendar") from None
    return Period(first, days, start, end, min(end, now.timestamp()), spec.timezone)


def earlier(period: Period, word: ComparisonWord) -> Period:
    """The period that one is compared to, up to the same time where that one is not over."""
    zone = zone_of(period.zone)
    back = timedelta(days=_DAYS_BACK[word])
    first = period.first - back
    start, end = midnight(first, zone), midnight(first + timedelta(days=period.days), zone)
    if period.is_over:
        return Period(first, period.days, start, end, end, period.zone)
    # The same time on the clock, not the same number of seconds: days may differ in length.
    local = datetime.fromtimestamp(period.until, zone) - back
    return Period(first, period.days, start, end, max(start, local.timestamp()), period.zone)


def local_text(moment: float, zone: str) -> str:
    """A moment as people of the time zone write it: ``2026-11-29 13:45``."""
    return datetime.fromtimestamp(moment, zone_of(zone)).strftime("%Y-%m-%d %H:%M")


# When reports are due


class Schedule(Struct, frozen=True):
    """Daily, or weekly on ``weekday`` (0 is Monday), at ``minute`` of the day."""

    minute: int
    weekday: int | None = None

    def moments(self, now: datetime, zone: ZoneInfo) -> Iterator[tuple[float, date]]:
        """The last scheduled moment before ``now`` and the next one after it, each with its day."""
        today = now.astimezone(zone).date()
        days = [today + timedelta(days=number) for number in range(-8, 9)]
        timed = [(self._moment(day, zone), day) for day in days if self.weekday in (None, day.weekday())]
        yield max(one for one in timed if one[0] <= now.timestamp())
        yield min(one for one in timed if one[0] > now.timestamp())

    def _moment(self, day: date, zone: ZoneInfo) -> float:
        # A time that the clock skips is the moment of the change, one that it has twice is the first.
        return datetime.combine(day, time(*divmod(self.minute, 60)), zone).timestamp()


def schedule_of(text: str) -> Schedule:
    """The schedule that is written as ``daily at 07:00`` or ``weekly on monday at 07:30``."""
    *day_words, clock = text.split()
    hours, minutes = clock.split(":")
    weekday = next((WEEKDAYS.index(word) for word in day_words if word in WEEKDAYS), None)
    return Schedule(int(hours) * 60 + int(minutes), weekday)


def due_period(spec: ReportSpec, day: date, now: datetime) -> Period:
    """The period that a report is about when it is due on a day."""
    zone = zone_of(spec.timezone)
    noon = datetime.combine(day, time(12), zone)
    period = last_period(spec, noon)
    return Period(
        period.first, period.days, period.start, period.end, min(period.end, now.timestamp()), period.zone
    )


def utc(moment: float) -> datetime:
    """A moment as a time."""
    return datetime.fromtimestamp(moment, UTC)

"""Times as Moment.js writes them, in English: patterns such as `YYYY-MM-DD HH:mm:ss`, and `5 minutes ago`.

Source: moment 2.30.1 (src/lib/format, src/lib/duration/humanize.js), which @grafana/data uses.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.values.formatted_value import ValueClock
from dashgen.drawing.values.javascript_numbers import rounded

_TOKENS = lazy_pattern(
    r"\[[^\[\]]*\]|\\.|MMMM|MMM|MM|Mo|M|Qo|Q|YYYY|YY|Do|DDDD|DDD|DD|D|dddd|ddd|dd|do|d|e|E"
    r"|ww|w|WW|W|gggg|GGGG|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|A|a|ZZ|Z|zz|z|X|x|LTS|LT|LLLL|LLL|LL|L|llll|lll|ll|l"
)
_LONG = {
    "LTS": "h:mm:ss A", "LT": "h:mm A", "LLLL": "dddd, MMMM D, YYYY h:mm A", "LLL": "MMMM D, YYYY h:mm A",
    "LL": "MMMM D, YYYY", "L": "MM/DD/YYYY", "llll": "ddd, MMM D, YYYY h:mm A", "lll": "MMM D, YYYY h:mm A",
    "ll": "MMM D, YYYY", "l": "M/D/YYYY",
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def _ordinal(number: int) -> str:
    tens = number % 100 // 10
    return f"{number}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _offset(time: datetime, colon: str) -> str:
    minutes = int((time.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


def _week(time: datetime) -> int:
    # English weeks start on Sunday, and the first has the first of January.
    first = datetime(time.year, 1, 1, tzinfo=time.tzinfo)
    week = (time.timetuple().tm_yday - 1 + first.isoweekday() % 7) // 7 + 1
    last = datetime(time.year, 12, 31, tzinfo=time.tzinfo)
    return 1 if week == 53 and last.isoweekday() % 7 != 6 else week


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "M": lambda t: str(t.month), "Mo": lambda t: _ordinal(t.month), "MM": lambda t: f"{t.month:02}",
    "MMM": lambda t: _MONTHS[t.month - 1][:3], "MMMM": lambda t: _MONTHS[t.month - 1],
    "Q": lambda t: str((t.month + 2) // 3), "Qo": lambda t: _ordinal((t.month + 2) // 3),
    "YYYY": lambda t: f"{t.year:04}", "YY": lambda t: f"{t.year % 100:02}",
    "D": lambda t: str(t.day), "DD": lambda t: f"{t.day:02}", "Do": lambda t: _ordinal(t.day),
    "DDD": lambda t: str(t.timetuple().tm_yday), "DDDD": lambda t: f"{t.timetuple().tm_yday:03}",
    "d": lambda t: str(t.isoweekday() % 7), "do": lambda t: _ordinal(t.isoweekday() % 7),
    "dd": lambda t: _DAYS[t.isoweekday() % 7][:2], "ddd": lambda t: _DAYS[t.isoweekday() % 7][:3],
    "dddd": lambda t: _DAYS[t.isoweekday() % 7],
    "e": lambda t: str(t.isoweekday() % 7), "E": lambda t: str(t.isoweekday()),
    "w": lambda t: str(_week(t)), "ww": lambda t: f"{_week(t):02}",
    "W": lambda t: str(t.isocalendar().week), "WW": lambda t: f"{t.isocalendar().week:02}",
    "gggg": lambda t: str(t.year + (_week(t) == 1 and t.month == 12)),
    "GGGG": lambda t: str(t.isocalendar().year),
    "H": lambda t: str(t.hour), "HH": lambda t: f"{t.hour:02}", "h": lambda t: str(t.hour % 12 or 12),
    "hh": lambda t: f"{t.hour % 12 or 12:02}", "k": lambda t: str(t.hour or 24),
    "kk": lambda t: f"{t.hour or 24:02}", "m": lambda t: str(t.minute), "mm": lambda t: f"{t.minute:02}",
    "s": lambda t: str(t.second), "ss": lambda t: f"{t.second:02}",
    "A": lambda t: "AM" if t.hour < 12 else "PM", "a": lambda t: "am" if t.hour < 12 else "pm",
    "Z": lambda t: _offset(t, ":"), "ZZ": lambda t: _offset(t, ""),
    "z": lambda t: t.tzname() or "", "zz": lambda t: t.tzname() or "",
    "X": lambda t: str(int(t.timestamp())), "x": lambda t: str(int(t.timestamp() * 1000)),
}  # fmt: skip


@lru_cache(maxsize=32)
def zone_named(name: str) -> ZoneInfo:
    """A time zone; `browser`, the empty name and one that this machine does not know are UTC."""
    try:
        return ZoneInfo("UTC" if name in {"", "browser", "utc"} else name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def zoned_time(value_ms: float, zone: str) -> datetime | None:
    """A moment in a zone; None when it is outside the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(milliseconds=math.trunc(value_ms))).astimezone(zone_named(zone))
    except (OverflowError, ValueError):
        return None


def moment_text(value_ms: float, pattern: str, zone: str = "UTC") -> str:
    """A time in milliseconds, written by a pattern of Moment.js."""
    time = zoned_time(value_ms, zone)
    return "Invalid date" if time is None else _written(time, pattern)


def _written(time: datetime, pattern: str) -> str:
    return _TOKENS.sub(lambda match: _token_text(time, match.group()), pattern)


def _token_text(time: datetime, token: str) -> str:
    if token[0] == "[":
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    if token[0] == "S":
        return f"{time.microsecond // 1000:03}000000"[: len(token)]
    if token in _LONG:
        return _written(time, _LONG[token])
    return _WRITERS[token](time)


def is_same_day(value_ms: float, clock: ValueClock) -> bool:
    """Whether a time is on the clock's day in the clock's zone."""
    return moment_text(value_ms, "x", "UTC") != "Invalid date" and moment_text(
        value_ms, "YYYYDDDD", clock.zone
    ) == moment_text(clock.now_ms, "YYYYDDDD", clock.zone)


def from_now_text(value_ms: float, clock: ValueClock) -> str:
    """How long ago a time was, or how far it is away: `fromNow`."""
    time, now = zoned_time(value_ms, clock.zone), zoned_time(clock.now_ms, clock.zone)
    if time is None or now is None:
        return "Invalid date"
    months, rest = _difference(min(time, now), max(time, now))
    text = _humanized(months, rest)
    return f"in {text}" if time > now else f"{text} ago"


def _difference(first: datetime, second: datetime) -> tuple[int, float]:
    # Whole months of the calendar, and the days that are left.
    months = (second.year - first.year) * 12 + second.month - first.month
    if _months_later(first, months) > second:
        months -= 1
    return months, (second - _months_later(first, months)).total_seconds() / 86_400


def _months_later(time: datetime, months: int) -> datetime:
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    following = datetime(year + month // 11, (month + 1) % 12 + 1, 1, tzinfo=UTC) if year < 9999 else None
    last = (following - timedelta(days=1)).day if following else 31
    return time.replace(year=year, month=month + 1, day=min(time.day, last))


def _humanized(whole_months: int, rest_days: float) -> str:
    days_exact = rest_days + rounded(whole_months * 146_097 / 4800)
    months_exact = whole_months + rest_days * 4800 / 146_097
    seconds = rounded(days_exact * 86_400)
    if seconds <= 44:
        return "a few seconds"
    steps = (
        ("minute", rounded(days_exact * 1440), 45), ("hour", rounded(days_exact * 24), 22),
        ("day", rounded(days_exact), 26), ("month", rounded(months_exact), 11),
        ("year", rounded(months_exact / 12), math.inf),
    )  # fmt: skip
    for unit, amount, limit in steps:
        if amount <= 1:
            return f"{'an' if unit == 'hour' else 'a'} {unit}"
        if amount < limit:
            return f"{int(amount)} {unit}s"
    raise AssertionError(steps)

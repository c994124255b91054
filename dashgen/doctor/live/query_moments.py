"""Times of a dashboard, such as `now-6h` and `now/d`, as moments."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.duration import milliseconds

_STEP: Final = lazy_pattern(r"([+-])(\d+)([smhdwMQy])|/([smhdwMQy])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_MONTHS: Final = {"M": 1, "Q": 3, "y": 12}


def moment(text: str, now: datetime, *, end: bool = False) -> datetime | None:
    """The moment that a text stands for; nothing when it is not a time.

    Args:
        text: a relative time, a date, or milliseconds since 1970.
        now: the present moment.
        end: whether it ends a range, so that rounding to a day means the day's end.
    """
    text = text.strip()
    if text.startswith("now"):
        return _relative(text.removeprefix("now"), now, end=end)
    if text.isascii() and text.isdigit():
        return _epoch(int(text))
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _relative(steps: str, now: datetime, *, end: bool) -> datetime | None:
    at, result = 0, now
    while at < len(steps):
        if (match := _STEP.match(steps, at)) is None:
            return None
        sign, count, unit, rounded = match.groups()
        try:
            result = _rounded(result, rounded, end=end) if rounded else _moved(result, sign, int(count), unit)
        except (OverflowError, ValueError):
            return None
        at = match.end()
    return result


def _moved(at: datetime, sign: str, count: int, unit: str) -> datetime:
    count = -count if sign == "-" else count
    if unit in _SECONDS:
        return at + timedelta(seconds=count * _SECONDS[unit])
    # Months count from 0 here; a day that the month lacks becomes its last one.
    month = at.year * 12 + at.month - 1 + count * _MONTHS[unit]
    day = min(at.day, monthrange(month // 12, month % 12 + 1)[1])
    return at.replace(year=month // 12, month=month % 12 + 1, day=day)


def _rounded(at: datetime, unit: str, *, end: bool) -> datetime:
    start = at.replace(microsecond=0)
    for smaller, part in (("mhdwMQy", "second"), ("hdwMQy", "minute"), ("dwMQy", "hour")):
        if unit in smaller:
            start = start.replace(**{part: 0})  # type: ignore[arg-type]
    if unit == "w":
        start -= timedelta(days=start.weekday())
    if unit in _MONTHS:
        step = _MONTHS[unit]
        start = start.replace(day=1, month=(start.month - 1) // step * step + 1)
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

"""The ticks of an axis of time, and how they are written.

Source: `genTimeStuffs` of uPlot 1.6.32, and components/uPlot/config/UPlotAxisBuilder.ts of @grafana/ui
12.4.3.
"""

import math
from datetime import timedelta
from typing import Final

from dashgen.drawing.svg.text_widths import text_width
from dashgen.drawing.values.moment_formats import moment_text, zoned_time

_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_MONTH, _YEAR = 30 * _DAY, 365 * _DAY
TIME_INCREMENTS: Final = (
    *(1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500),
    *(_SECOND * count for count in (1, 5, 10, 15, 30)),
    *(_MINUTE * count for count in (1, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 4, 6, 8, 12)),
    *(_DAY * count for count in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15)),
    *(_MONTH * count for count in (1, 2, 3, 4, 6)),
    *(_YEAR * count for count in (1, 2, 5, 10, 25, 50, 100)),
)
"""The distances of ticks in milliseconds, from the smallest."""
_MOST_TICKS = 200
_GAP, _TICK_SPACE = 18, 40


def time_ticks(time_range: tuple[int, int], length: float, zone: str) -> list[tuple[int, str]]:
    """The moments at which an axis has ticks, with their texts.

    Args:
        time_range: the ends of the axis, in milliseconds since 1970.
        length: its length in pixels.
        zone: the time zone of texts and of full hours and days.
    """
    start, end = time_range
    if length <= 0 or end <= start:
        return []
    rough = (end - start) / (length / _TICK_SPACE)
    sample = moment_text(end, _pattern(rough, end - start), zone)
    space = text_width(sample, 12) + _GAP
    increment = next(
        (one for one in TIME_INCREMENTS if length * one / (end - start) >= space), TIME_INCREMENTS[-1]
    )
    pattern = _pattern(increment, end - start)
    return [(at, moment_text(at, pattern, zone)) for at in _moments(time_range, increment, zone)]


def _pattern(increment: float, span: float) -> str:
    if increment < _SECOND:
        return "HH:mm:ss.SSS"
    if increment <= _MINUTE:
        return "HH:mm:ss"
    if span <= _DAY:
        return "HH:mm"
    if increment <= _DAY:
        return "MM/DD HH:mm"
    if span < _YEAR:
        return "MM/DD"
    return "YYYY" if round(increment / _DAY) == 365 else "YYYY-MM"


def _moments(time_range: tuple[int, int], increment: int, zone: str) -> list[int]:
    start, end = time_range
    first = zoned_time(start, zone)
    if first is None:
        return []
    if increment >= _MONTH:
        return _months(time_range, increment, zone)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    base = round(midnight.timestamp() * 1000)
    step = min(increment, _DAY)
    at = base + math.ceil((start - base) / step) * step
    moments: list[int] = []
    while at <= end and len(moments) < _MOST_TICKS:
        moments.append(_at_full_hour(at, base, increment, zone))
        at += increment
    return [moment for moment in moments if start <= moment <= end]


def _at_full_hour(at: int, base: int, increment: int, zone: str) -> int:
    # A change of the clocks between the first tick and this one moves the hours of the day.
    if increment <= _HOUR:
        return at
    first, now = zoned_time(base, zone), zoned_time(at, zone)
    shift = (
        ((now.utcoffset() or timedelta()) - (first.utcoffset() or timedelta()))
        if first and now
        else timedelta()
    )
    return at - round(shift.total_seconds() * 1000)


def _months(time_range: tuple[int, int], increment: int, zone: str) -> list[int]:
    start, end = time_range
    first = zoned_time(start, zone)
    step = 12 * round(increment / _YEAR) if increment >= _YEAR else round(increment / _MONTH)
    moments: list[int] = []
    month = 0
    while first is not None and len(moments) < _MOST_TICKS:
        index = first.year * 12 + (0 if step >= 12 else first.month - 1) + month
        if not 12 <= index < 9999 * 12:
            break
        day = first.replace(
            year=index // 12, month=index % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
        )  # fmt: skip
        at = round(day.timestamp() * 1000)
        if at > end:
            break
        moments += [at] if at >= start else []
        month += step
    return moments

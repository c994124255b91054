"""Made-up series: curves with waves of a day and a week, growth, noise and bumps, the same each time."""

import math
from hashlib import sha256
from typing import Final, NamedTuple

from dashgen.evaluate.samples import StoredSeries
from dashgen.model.duration import milliseconds
from dashgen.model.library_example import Curve, SampleSpec
from dashgen.query.promql.series_notation import series_labels, series_values

_DAY: Final = 86_400_000
_WEEK: Final = 7 * _DAY
_LOWEST: Final = 4 * 3_600_000
"""The time of day at which the wave of a day is lowest."""
_SUNDAY: Final = 3 * _DAY
"""1970-01-01 was a Thursday."""


class SampleTimes(NamedTuple):
    """The times of samples in milliseconds: the first, the last, and what lies between two."""

    start: int
    end: int
    step: int


def sample_times(sample: SampleSpec, now: int) -> SampleTimes:
    """The times of made-up data that ends now."""
    step = milliseconds(sample.interval) or 60_000
    duration = milliseconds(sample.duration) or step
    return SampleTimes(now - duration, now, step)


def sample_series(sample: SampleSpec, now: int) -> list[StoredSeries]:
    """The series of made-up data that ends now; what is in promtool's notation ends earlier when it is short."""
    times = sample_times(sample, now)
    stored = []
    for name, values in sample.series.items():
        one = StoredSeries(series_labels(name))
        if isinstance(values, str):
            for number, value in enumerate(series_values(values)):
                at = times.start + number * times.step
                if value is not None and at <= times.end:
                    one.add(at, value)
        else:
            _draw(values, name, times, one)
        stored.append(one)
    return stored


def _draw(curve: Curve, name: str, times: SampleTimes, series: StoredSeries) -> None:
    # As a counter that has been running for long: its first value is no increase.
    total = abs(curve.level) * 1000 if curve.counter else 0.0
    for at in range(times.start, times.end + 1, times.step):
        value = _height(curve, at, at - times.start) + curve.noise * _chance(name, at)
        if curve.counter:
            total += max(value, 0) * times.step / 1000
            value = total
        series.add(at, value)


def _chance(name: str, at: int) -> float:
    """A number that is normally distributed, by chance but the same for a series and time (Box and Muller)."""
    drawn = sha256(f"{name} {at}".encode()).digest()
    one, other = (int.from_bytes(part, "big") / 2**64 for part in (drawn[:8], drawn[8:16]))
    return math.sqrt(-2 * math.log(1 - one)) * math.cos(math.tau * other)


def _height(curve: Curve, at: int, since: int) -> float:
    """The curve at a time, which is so long after its start."""
    day = -math.cos((at - _LOWEST) % _DAY / _DAY * math.tau)
    week = -math.cos((at - _SUNDAY - _DAY // 2) % _WEEK / _WEEK * math.tau)
    height = curve.level + curve.growth * since / _DAY + curve.daily * day + curve.weekly * week
    for bump in curve.bumps:
        start = milliseconds(bump.at) or 0
        if start <= since < start + (milliseconds(bump.for_) or 0):
            height += bump.add
    return height

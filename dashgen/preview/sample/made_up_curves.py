"""Curves of made-up data: waves of a day and a week and slow noise, with an area in closed form.

A counter is the area under the curve of its rate, so that its value at any time costs a few sines, and no
samples have to be stored.
"""

import math
from hashlib import sha256
from typing import Final, NamedTuple

_HOUR: Final = 3_600_000
_DAY, _WEEK = 24 * _HOUR, 168 * _HOUR
_LOWEST_HOUR, _SUNDAY = 4 * _HOUR, 3.5 * _DAY
_NOISE_PERIODS: Final = (61 * _HOUR, 7.3 * _HOUR, 1.9 * _HOUR, 0.47 * _HOUR)
_MONTH: Final = 30 * _DAY


class Wave(NamedTuple):
    """A cosine around 0: its height, its period and the time of its top, in milliseconds."""

    height: float
    period: float
    top: float


class CurveBump(NamedTuple):
    """A time in which a curve is higher, in milliseconds; `factor` is of the curve's level."""

    start: int
    end: int
    factor: float


class MadeUpCurve(NamedTuple):
    """A curve around a level.

    Attributes:
        level: its mean.
        waves: relative to the level.
        growth: what share of the level a month before `now` adds.
        now: the time at which the level holds, in milliseconds.
        bumps: times in which it is higher.
        ends: the least and the greatest value.
    """

    level: float
    waves: tuple[Wave, ...]
    growth: float
    now: int
    bumps: tuple[CurveBump, ...] = ()
    ends: tuple[float, float] = (0.0, math.inf)

    def height(self, at: int) -> float:
        """The value of a gauge."""
        share = 1 + self.growth * (at - self.now) / _MONTH
        share += sum(wave.height * math.cos((at - wave.top) / wave.period * math.tau) for wave in self.waves)
        share += sum(bump.factor for bump in self.bumps if bump.start <= at < bump.end)
        return min(max(self.level * share, self.ends[0]), self.ends[1])

    def area(self, at: int) -> float:
        """The value of a counter whose rate a second is the curve; it started 120 days before `now`."""
        since = at - (self.now - 4 * _MONTH)
        total = float(since)
        for height, period, top in self.waves:
            total += height * period / math.tau * math.sin((at - top) / period * math.tau)
        for start, end, factor in self.bumps:
            total += factor * min(max(at - start, 0), end - start)
        return max(self.level * total / 1000, 0.0)


def chance(name: str, *, low: float = 0.0, high: float = 1.0) -> float:
    """A number between two others that is always the same for a name."""
    drawn = int.from_bytes(sha256(name.encode()).digest()[:8], "big") / 2**64
    return low + (high - low) * drawn


def rhythm(name: str, *, daily: float, weekly: float, noise: float) -> tuple[Wave, ...]:
    """The waves of a series.

    Args:
        name: tells its noise from that of other series.
        daily: the height of the wave of a day, which is lowest at 04:00 UTC.
        weekly: the height of the wave of a week, which is lowest on Sunday.
        noise: the height of all noise together.
    """
    part = noise / len(_NOISE_PERIODS)
    waves = [
        Wave(part, period * chance(f"{name}{index}p", low=0.8, high=1.2), period * chance(f"{name}{index}"))
        for index, period in enumerate(_NOISE_PERIODS)
    ]
    return (
        Wave(daily, _DAY, _LOWEST_HOUR + _DAY / 2), Wave(weekly, _WEEK, _SUNDAY + _WEEK / 2), *waves,
    )  # fmt: skip

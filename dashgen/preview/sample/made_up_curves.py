"""Curves of made-up data: waves of a day and a week, and noise, with their areas in closed form.

A counter is the area under the curve of its rate, so that its value at any time needs no sum of samples. A
curve gives its values for all times of a grid at once, and what curves have in common (the waves, and the
noise that they are mixed from) is computed once for a grid.

Only sums, products and quotients are used: they have the same bits on every machine, as sines have not.
"""

import math
from bisect import bisect_left, bisect_right
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Final, NamedTuple

from dashgen.evaluate.samples import Times

_HOUR: Final = 3_600_000
_DAY, _WEEK = 24 * _HOUR, 168 * _HOUR
_MONTH: Final = 30 * _DAY
_TOP_OF_DAY, _TOP_OF_WEEK = 16 * _HOUR, 7 * _DAY
_GRIDS: Final = 512
"""How many grids have their shared rows kept."""
_POINTS: Final = 64
_OCTAVES: Final = ((3 * _HOUR + 660_000, 0.45), (23 * 60_000, 0.3), (5 * 60_000, 0.25))
"""The milliseconds between two points of noise, and its share."""
_NOISES: Final = 16


class CurveBump(NamedTuple):
    """A time in which a curve is higher, in milliseconds; `factor` is of the curve's level.

    With a negative factor it is lower: a gauge by that share, and what is counted stands still.
    """

    start: int
    end: int
    factor: float


class Rhythm(NamedTuple):
    """How high the waves of a curve are, relative to its level.

    Attributes:
        name: tells its noise from that of other curves.
        daily: the height of the wave of a day, which is lowest at 04:00 UTC.
        weekly: the height of the wave of a week, which is lowest on Sunday.
        noise: the height of all noise together.
    """

    name: str
    daily: float
    weekly: float
    noise: float


class MadeUpCurve(NamedTuple):
    """A curve around a level.

    Attributes:
        level: its mean.
        rhythm: its waves.
        growth: what share of the level a month before `now` adds.
        now: the time at which the level holds, in milliseconds.
        bumps: times in which it is higher or lower.
        ends: the least and the greatest value.
    """

    level: float
    rhythm: Rhythm
    growth: float
    now: int
    bumps: tuple[CurveBump, ...] = ()
    ends: tuple[float, float] = (0.0, math.inf)

    def heights(self, times: Times) -> list[float]:
        """The values of a gauge."""
        low, high = self.ends
        growth = self.growth / _MONTH
        waves = self._waves(times, is_area=False)
        shares = [1 + growth * (at - self.now) + wave for at, wave in zip(times, waves, strict=True)]
        for bump in self.bumps:
            if bump.start < times[-1] + 1 and bump.end > times[0]:
                shares = [
                    _bumped(share, bump.factor) if bump.start <= at < bump.end else share
                    for at, share in zip(times, shares, strict=True)
                ]
        level = self.level
        return [min(max(level * share, low), high) for share in shares]

    def areas(self, times: Times) -> list[float]:
        """The values of a counter whose rate a second is the curve; it started 120 days before `now`."""
        start = self.now - 4 * _MONTH
        waves = self._waves(times, is_area=True)
        totals = [at - start + wave for at, wave in zip(times, waves, strict=True)]
        for begin, end, factor in self.bumps:
            if factor < 0:
                totals = self._paused(times, totals, (begin, end))
            elif times[-1] > begin:
                # Times are in their order: a part is before the bump, a part in it, and the rest behind it.
                first, last = bisect_right(times, begin), bisect_left(times, end)
                whole = factor * (end - begin)
                rising = zip(times[first:last], totals[first:last], strict=True)
                totals[first:] = [
                    *(total + factor * (at - begin) for at, total in rising),
                    *(total + whole for total in totals[last:]),
                ]
        level = self.level / 1000
        if level >= 0 and min(totals, default=0) >= 0:
            return [level * total for total in totals]
        return [max(level * total, 0.0) for total in totals]

    def _paused(self, times: Times, totals: list[float], pause: tuple[int, int]) -> list[float]:
        begin, end = pause
        if times[-1] < begin:
            return totals
        first, last = (
            at - (self.now - 4 * _MONTH) + wave
            for at, wave in zip(pause, self._waves(pause, is_area=True), strict=True)
        )
        return [
            total if at < begin else first if at < end else total - (last - first)
            for at, total in zip(times, totals, strict=True)
        ]

    def _waves(self, times: Times, *, is_area: bool) -> list[float]:
        name, daily, weekly, noise = self.rhythm
        one, other, share = _mixture(name)
        rows = (
            _wave(times, (_DAY, _TOP_OF_DAY), is_area=is_area),
            _wave(times, (_WEEK, _TOP_OF_WEEK), is_area=is_area),
            _noise(times, one, is_area=is_area),
            _noise(times, other, is_area=is_area),
        )
        main, rest = noise * (1 - abs(share)), noise * share
        return [
            daily * day + weekly * week + main * first + rest * second
            for day, week, first, second in zip(*rows, strict=True)
        ]


def _bumped(share: float, factor: float) -> float:
    return share + factor if factor > 0 else share * max(1 + factor, 0.0)


def chance(name: str, *, low: float = 0.0, high: float = 1.0) -> float:
    """A number between two others that is always the same for a name."""
    drawn = int.from_bytes(sha256(name.encode()).digest()[:8], "big") / 2**64
    return low + (high - low) * drawn


@lru_cache(maxsize=4096)
def _mixture(name: str) -> tuple[int, int, float]:
    """Which two noises a curve has, and the share of the second one, with its sign."""
    digest = sha256(name.encode()).digest()
    one = digest[0] % _NOISES
    other = (one + 1 + digest[1] % (_NOISES - 1)) % _NOISES
    return one, other, (digest[2] - 127.5) / 255


@lru_cache(maxsize=_GRIDS)
def _wave(times: Times, form: tuple[int, int], *, is_area: bool) -> list[float]:
    """A wave of parabolas between -1 and 1, with this period and top, or its area in milliseconds."""
    period, top = form
    phases = [(at - top + period // 4) % period / period for at in times]
    if not is_area:
        return [
            16 * phase * (0.5 - phase) if phase < 0.5 else 16 * (phase - 0.5) * (phase - 1)
            for phase in phases
        ]
    return [
        period * (_half_area(phase) if phase < 0.5 else 1 / 3 - _half_area(phase - 0.5)) for phase in phases
    ]


def _half_area(phase: float) -> float:
    return phase * phase * (4 - 16 / 3 * phase)


@lru_cache(maxsize=_GRIDS * _NOISES)
def _noise(times: Times, number: int, *, is_area: bool) -> list[float]:
    """A noise between -1 and 1, or its area in milliseconds."""
    rows = [
        _octave(times, (spacing, *_table(number, octave, share)), is_area=is_area)
        for octave, (spacing, share) in enumerate(_OCTAVES)
    ]
    return [first + second + third for first, second, third in zip(*rows, strict=True)]


def _octave(
    times: Times, details: tuple[int, int, list[float], list[float], list[float]], *, is_area: bool
) -> list[float]:
    spacing, offset, values, slopes, areas = details
    places = [divmod(at + offset, spacing) for at in times]
    if not is_area:
        return [
            values[index % _POINTS] + rest / spacing * slopes[index % _POINTS] for index, rest in places
        ]  # fmt: skip
    return [
        spacing * areas[index % _POINTS]
        + rest * (values[index % _POINTS] + rest / spacing * slopes[index % _POINTS] / 2)
        for index, rest in places
    ]


@lru_cache(maxsize=_NOISES * len(_OCTAVES))
def _table(number: int, octave: int, share: float) -> tuple[int, list[float], list[float], list[float]]:
    """The offset of a noise, its points, the steps between them, and the areas before them."""
    drawn = b"".join(sha256(f"{number} {octave} {part}".encode()).digest() for part in range(_POINTS // 16))
    points = [
        int.from_bytes(drawn[2 * index : 2 * index + 2], "big") / 32767.5 - 1 for index in range(_POINTS)
    ]
    mean = sum(points) / _POINTS
    # Around 0, so that the area does not grow from one period to the next.
    values = [share * (point - mean) for point in points]
    slopes = [after - before for before, after in zip(values, [*values[1:], values[0]], strict=True)]
    areas = [0.0, *accumulate(value + slope / 2 for value, slope in zip(values, slopes, strict=True))]
    return int(chance(f"{number} {octave}") * _POINTS * 3_600_000), values, slopes, areas

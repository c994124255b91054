"""The range and the ticks of an axis of numbers.

Source: `_rangeNum`, `rangeLog`, `findIncr`, `numAxisSplits` and `logAxisSplits` of uPlot 1.6.32, and
components/uPlot/config of @grafana/ui 12.4.3.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_MULTIPLES = (1.0, 2.0, 2.5, 5.0)
_SMALL_PLOT = 150
_MOST_TICKS = 200


class AxisLimits(NamedTuple):
    """What a panel says about an axis: fixed ends, ends that data may pass, and the scale."""

    low: float | None = None
    high: float | None = None
    soft_low: float | None = None
    soft_high: float | None = None
    log_base: int = 0
    decimals: int | None = None
    is_centered: bool = False


class NumberScale(NamedTuple):
    """The ends of an axis; `log_base` is 0 for a linear one."""

    low: float
    high: float
    log_base: int = 0

    def share(self, value: float) -> float:
        """How far a value is on the way from the lower end to the upper one."""
        if not self.log_base:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return -1
        return math.log(value / self.low) / math.log(self.high / self.low)


def number_scale(values: tuple[float, float] | None, limits: AxisLimits) -> NumberScale:
    """The ends of an axis for the least and the greatest value, None when there are none."""
    if values is None:
        low, high = limits.low, limits.high
        return NumberScale(0.0 if low is None else low, 100.0 if high is None or high <= (low or 0) else high)
    if limits.log_base:
        return _log_scale(values, limits)
    if limits.is_centered:
        most = max(abs(values[0]), abs(values[1])) or 80.0
        values = (-most, most)
    low, high = _padded(values, limits)
    if limits.decimals == 0:
        low, high = math.floor(low), math.ceil(high)
    low = limits.low if limits.low is not None and limits.soft_low is None else low
    high = limits.high if limits.high is not None and limits.soft_high is None else high
    return NumberScale(low, high) if low < high else NumberScale(0, 100)


def _padded(values: tuple[float, float], limits: AxisLimits) -> tuple[float, float]:
    least = limits.low if limits.low is not None and limits.soft_low is None else values[0]
    most = limits.high if limits.high is not None and limits.soft_high is None else values[1]
    delta, scalar = most - least, max(abs(least), abs(most))
    if delta < 1e-24 or abs(math.log10(scalar or 1) - math.log10(delta)) > 10:
        delta = 1e-24 if 0 in {least, most} else 0
    size = delta or scalar or 1e3
    step = 10.0 ** math.floor(math.log10(size)) / 10
    low = _floor_to(least - size * _padding(delta, least), step)
    high = _ceil_to(most + size * _padding(delta, most), step)
    low = _soft_low(least, low, limits)
    high = _soft_high(most, high, limits)
    if low == high == 0:
        high = 100
    return low, high


def _padding(delta: float, value: float) -> float:
    if delta:
        return 0.1
    return 0.1 if value == 0 else 1


def _soft_low(least: float, padded: float, limits: AxisLimits) -> float:
    # Without a soft end 0 is one, which data that stays above it does not pass by its padding.
    soft = 0.0 if limits.soft_low is None else limits.soft_low
    is_used = least >= soft and (limits.soft_low is not None or padded <= soft)
    low = min(padded, soft) if is_used else padded
    low = soft if is_used and padded < soft else low
    return low if limits.low is None else max(limits.low, low)


def _soft_high(most: float, padded: float, limits: AxisLimits) -> float:
    soft = 0.0 if limits.soft_high is None else limits.soft_high
    is_used = most <= soft and (limits.soft_high is not None or padded >= soft)
    high = soft if is_used else padded
    return high if limits.high is None else min(limits.high, high)


def _settled(value: float) -> float:
    # Without what floating point adds to a whole number.
    return float(f"{value:.13g}")


def _floor_to(value: float, step: float) -> float:
    return round(math.floor(_settled(value / step)) * step, 24)


def _ceil_to(value: float, step: float) -> float:
    return round(math.ceil(_settled(value / step)) * step, 24)


def _log_scale(values: tuple[float, float], limits: AxisLimits) -> NumberScale:
    base = limits.log_base
    least = limits.low if limits.low is not None and limits.low > 0 else values[0]
    most = limits.high if limits.high is not None and limits.high > 0 else values[1]
    if least <= 0:
        least = min(1.0, most) if most > 0 else 1.0
    most = max(most, least)
    if least == most:
        least, most = least / base, most * base
    low = float(base) ** math.floor(round(math.log(least, base), 9))
    high = float(base) ** math.ceil(round(math.log(most, base), 9))
    return NumberScale(low, high if high > low else low * base, base)


@lru_cache(maxsize=1)
def nice_increments() -> Sequence[float]:
    """The distances at which ticks and buckets stand, from the smallest."""
    return [float(f"{multiple:g}e{power}") for power in range(-32, 32) for multiple in _MULTIPLES]


def tick_increment(scale: NumberScale, length: float, space: float | None = None) -> float:
    """The distance of two ticks on an axis of a length in pixels; 0 when none fits."""
    if length <= 0:
        return 0
    space = (15 if length <= _SMALL_PLOT else 30) if space is None else space
    delta = scale.high - scale.low
    fitting = (one for one in nice_increments() if length * one / delta >= space)
    return next(fitting, 0)


def number_ticks(scale: NumberScale, length: float, limits: AxisLimits | None = None) -> list[float]:
    """The values at which an axis has ticks."""
    if scale.log_base:
        return _log_ticks(scale, length)
    step = tick_increment(scale, length)
    if not step:
        return []
    first = math.ceil(_settled(scale.low / step))
    last = math.floor(_settled(scale.high / step))
    decimals = max(0, 2 - math.floor(math.log10(step)))
    ticks = [
        round(index * step, decimals) + 0.0 for index in range(first, min(last, first + _MOST_TICKS) + 1)
    ]
    return [tick for tick in ticks if limits is None or limits.decimals != 0 or tick == int(tick)]


def _log_ticks(scale: NumberScale, length: float) -> list[float]:
    base = scale.log_base
    first = round(math.log(scale.low, base))
    last = round(math.log(scale.high, base))
    space = length / max(last - first, 1)
    skip = max(1, math.ceil((15 if length <= _SMALL_PLOT else 30) / space))
    return [float(base) ** power for power in range(first, last + 1) if (power - first) % skip == 0]


def tick_decimals(step: float) -> int | None:
    """How many decimals ticks at a distance need; None for whole ones."""
    text = f"{round(step, 6):.6f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    return decimals or None

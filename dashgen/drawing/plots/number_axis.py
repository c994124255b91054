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
# The distance of two numbers beyond this is no number.
_GREATEST = 1e300
_POWERS_OF_TWO = tuple(float(2**power) for power in range(53))


class AxisLimits(NamedTuple):
    """The settings of an axis: fixed ends, ends that data may pass, and the scale.

    Attributes:
        log_base: of a logarithmic scale; 0 for a linear one.
        linear_up_to: up to which size the values of a logarithmic scale with negative ones stand linearly; 0
            for a scale without them.
        is_binary: whether ticks stand at powers of two.
    """

    low: float | None = None
    high: float | None = None
    soft_low: float | None = None
    soft_high: float | None = None
    log_base: int = 0
    decimals: int | None = None
    is_centered: bool = False
    linear_up_to: float = 0
    is_binary: bool = False


class NumberScale(NamedTuple):
    """The ends of an axis; `log_base` is 0 for a linear one, `linear_up_to` for one of positive values."""

    low: float
    high: float
    log_base: int = 0
    linear_up_to: float = 0

    @property
    def base(self) -> float:
        """Where bars and filled areas stand: at zero, or at the end of the axis that is nearest to it."""
        is_positive = self.log_base and not self.linear_up_to
        return self.low if is_positive else min(max(0.0, self.low), self.high)

    def share(self, value: float) -> float:
        """How far a value is on the way from the lower end to the upper one."""
        if self.linear_up_to:
            low, high = math.asinh(self.low / self.linear_up_to), math.asinh(self.high / self.linear_up_to)
            return (math.asinh(value / self.linear_up_to) - low) / (high - low)
        if not self.log_base:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return -1
        return math.log(value / self.low) / math.log(self.high / self.low)


def number_scale(values: tuple[float, float] | None, limits: AxisLimits) -> NumberScale:
    """The ends of an axis for the least and the greatest value, None when there are none."""
    limits = limits._replace(low=_bounded(limits.low), high=_bounded(limits.high))
    if values is not None:
        values = max(values[0], -_GREATEST), min(values[1], _GREATEST)
    else:
        low, high = limits.low, limits.high
        return NumberScale(0.0 if low is None else low, 100.0 if high is None or high <= (low or 0) else high)
    if limits.log_base and limits.linear_up_to:
        return _symmetric_scale(values, limits)
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
    low, high = max(low, -_GREATEST), min(high, _GREATEST)
    return NumberScale(low, high) if low < high else NumberScale(0, 100)


def _bounded(value: float | None) -> float | None:
    return None if value is None else min(max(value, -_GREATEST), _GREATEST)


def _padded(values: tuple[float, float], limits: AxisLimits) -> tuple[float, float]:
    least = limits.low if limits.low is not None and limits.soft_low is None else values[0]
    most = limits.high if limits.high is not None and limits.soft_high is None else values[1]
    if most < least:
        return least, most
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


def _symmetric_scale(values: tuple[float, float], limits: AxisLimits) -> NumberScale:
    low, high = values
    base = limits.log_base
    if low == high:
        low, high = (low * base, high / base) if low < 0 else (low / base, high * base)
    low, high = _whole_power(low, base, is_low=True), _whole_power(high, base, is_low=False)
    low = low if limits.low is None else limits.low
    high = high if limits.high is None else limits.high
    return NumberScale(low, high, base, limits.linear_up_to) if low < high else NumberScale(0, 100)


def _whole_power(value: float, base: int, *, is_low: bool) -> float:
    # The power of the base, with the sign of the value, at which an axis ends.
    if value == 0:
        return 0.0
    exponent = round(math.log(abs(value), base), 9)
    grows = (value > 0) is not is_low
    return math.copysign(float(base) ** (math.ceil(exponent) if grows else math.floor(exponent)), value)


@lru_cache(maxsize=1)
def nice_increments() -> Sequence[float]:
    """The distances at which ticks and buckets stand, from the smallest."""
    return [float(f"{multiple:g}e{power}") for power in range(-32, 32) for multiple in _MULTIPLES]


def tick_increment(
    scale: NumberScale, length: float, space: float | None = None, *, is_binary: bool = False
) -> float:
    """The distance of two ticks on an axis of a length in pixels; 0 when none fits."""
    if length <= 0:
        return 0
    space = (15 if length <= _SMALL_PLOT else 30) if space is None else space
    delta = scale.high - scale.low
    fitting = (
        one for one in (_POWERS_OF_TWO if is_binary else nice_increments()) if length * one / delta >= space
    )
    return next(fitting, 0)


def number_ticks(
    scale: NumberScale, length: float, limits: AxisLimits | None = None, space: float | None = None
) -> list[float]:
    """The values at which an axis has ticks; `space` is what each needs at least, in pixels."""
    if scale.log_base:
        return _log_ticks(scale, length)
    step = tick_increment(scale, length, space, is_binary=limits is not None and limits.is_binary)
    if not step:
        return []
    first = math.ceil(_settled(scale.low / step))
    last = math.floor(_settled(scale.high / step))
    decimals = max(0, 2 - math.floor(math.log10(step)))
    ticks = [
        round(index * step, decimals) + 0.0 for index in range(first, min(last, first + _MOST_TICKS) + 1)
    ]
    return [tick for tick in ticks if limits is None or limits.decimals != 0 or tick == int(tick)]


def minor_ticks(scale: NumberScale, ticks: Sequence[float]) -> list[float]:
    """The values of a logarithmic axis that have a line and, unlike the ticks, no text."""
    return [split for split in _log_splits(scale) if split not in set(ticks)] if scale.log_base else []


def _log_splits(scale: NumberScale) -> list[float]:
    # All values that may have a tick: the powers of the base, and of ten also what is between them.
    base, threshold = scale.log_base, scale.linear_up_to
    if not threshold:
        return _magnitudes(scale.low, scale.high, base)
    above = (
        _magnitudes(max(threshold, scale.low), scale.high, base) if scale.high > threshold else [threshold]
    )
    below = (
        _magnitudes(max(threshold, -scale.high), -scale.low, base) if scale.low < -threshold else [threshold]
    )
    zero = [0.0] if scale.low <= 0 <= scale.high else []
    return [*(-size for size in reversed(below)), *zero, *above]


def _magnitudes(low: float, high: float, base: int) -> list[float]:
    step = float(base) ** math.floor(round(math.log(low, base), 9))
    sizes: list[float] = []
    size = low
    while size <= high * (1 + 1e-12) and len(sizes) < _MOST_TICKS:
        sizes.append(size)
        size = _settled(size + step)
        if size >= step * base * (1 - 1e-12):
            step = size
    return sizes


def _log_ticks(scale: NumberScale, length: float) -> list[float]:
    # Those of the splits that have room for a text, counted from the highest where not every power has.
    splits, space = _log_splits(scale), 15 if length <= _SMALL_PLOT else 30

    def room(first: float, second: float) -> float:
        return max(abs(scale.share(first) - scale.share(second)) * length, 1e-9)

    if scale.log_base != 10:
        every = 1 if scale.linear_up_to else math.ceil(space / room(1, 2))
        return splits[::-1][::every][::-1]
    fitting = ((9, "123456789"), (7, "12357"), (5, "125"))
    digits = next((digits for nearest, digits in fitting if room(nearest, 10) >= space), "1")
    every = math.ceil(space / room(1, 10)) if digits == "1" else 1
    candidates = enumerate(reversed(splits))
    return [
        split for index, split in candidates if split == 0 or (index % every == 0 and _digit(split) in digits)
    ][::-1]


def _digit(value: float) -> str:
    return f"{abs(value):e}"[0]


def tick_decimals(step: float) -> int | None:
    """How many decimals ticks at a distance need; None for whole ones."""
    text = f"{round(step, 6):.6f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    return decimals or None

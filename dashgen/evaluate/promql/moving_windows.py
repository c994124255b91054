"""Functions of ranges at all steps at once, where neighbouring windows share most of their samples.

Each gives exactly what the function of one window in `window_functions` gives.
"""

import math
import operator
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, NamedTuple, cast

from dashgen.evaluate.promql.window_functions import (
    VALUES_FUNCTIONS,
    WINDOW_FUNCTIONS,
    WindowCall,
    extension,
    quantile_of_ordered,
)
from dashgen.evaluate.samples import RateLayout, RowValues, SeriesWindows, WindowLayout

_MOST_OF_A_LOOK: Final = 16
"""The samples of a window up to which a look at all of them is quicker than moving its ends."""


class WindowSteps(NamedTuple):
    """The times of the steps, the other arguments of a function at each step, and what a window has.

    ``is_left_open`` is whether windows leave out a sample at their start.
    """

    times: Sequence[int]
    arguments: Sequence[Sequence[float]]
    is_left_open: bool


def window_values(name: str, windows: SeriesWindows, steps: WindowSteps) -> RowValues:
    """The value of a function of a range at each step.

    Args:
        name: a function of `WINDOW_FUNCTIONS`.
        windows: the samples of a series.
        steps: the steps.
    """
    layout = windows.layout
    values = _values_at_once(name, windows, steps) if len(layout.spans) > 1 else None
    return _values_one_by_one(name, windows, steps) if values is None else values


def _values_at_once(name: str, windows: SeriesWindows, steps: WindowSteps) -> RowValues | None:
    """The values; None where the samples are such that each window has to be computed by itself."""
    if name in _RATES and steps.is_left_open:
        return _rates(windows, _RATES[name])
    if name in _MOVING and _is_long(windows.layout):
        return _MOVING[name](windows, steps)
    compute = VALUES_FUNCTIONS.get(name)
    if compute is None:
        return None
    values, layout = windows.values, windows.layout
    return [
        float(compute(values[low:high])) if low < high else None
        for low, high in zip(layout.lows, layout.highs, strict=True)
    ]


def _values_one_by_one(name: str, windows: SeriesWindows, steps: WindowSteps) -> RowValues:
    layout = windows.layout
    compute = WINDOW_FUNCTIONS[name]
    results: RowValues = []
    for step, (low, high, span) in enumerate(zip(layout.lows, layout.highs, layout.spans, strict=True)):
        times, values = layout.times[low:high], windows.values[low:high]
        numbers = [argument[step] for argument in steps.arguments]
        call = WindowCall(times, values, *span, steps.times[step], steps.is_left_open, numbers)
        value = compute(call)
        results.append(None if value is None else float(value))
    return results


def _is_long(layout: WindowLayout) -> bool:
    """Whether windows have many samples, and share them."""
    most = max(high - low for low, high in zip(layout.lows, layout.highs, strict=True))
    return most > _MOST_OF_A_LOOK and layout.highs[-1] - layout.lows[0] < most * len(layout.lows) / 2


_MARGIN: Final = 1.001
"""Leaves what is close to a counter's zero to the exact computation."""


class _RateKind(NamedTuple):
    """Whether a function is of counters, and whether it is by second."""

    is_counter: bool
    is_rate: bool


_RATES: Final = {
    "rate": _RateKind(is_counter=True, is_rate=True),
    "increase": _RateKind(is_counter=True, is_rate=False),
    "delta": _RateKind(is_counter=False, is_rate=False),
}


def _rates(windows: SeriesWindows, kind: _RateKind) -> RowValues | None:
    values, layout = windows.values, windows.layout
    # What a counter lost when it was set back is added window by window.
    if kind.is_counter and not all(map(operator.le, values, islice(values, 1, None))):
        return None
    if kind.is_rate not in layout.rates:
        layout.rates[kind.is_rate] = _rate_layout(layout, is_rate=kind.is_rate)
    rates = layout.rates[kind.is_rate]
    if not rates.steps:
        return [None] * len(layout.spans)
    firsts = [values[index] for index in rates.firsts]
    differences = [values[index] - first for index, first in zip(rates.lasts, firsts, strict=True)]
    # A counter is not extended beyond its zero, which depends on its values.
    if kind.is_counter and not min(firsts) >= max(differences) * rates.reach:
        return None
    results = [*map(operator.mul, differences, rates.factors)]
    if len(results) == len(layout.spans):
        return cast("RowValues", results)
    spread: RowValues = [None] * len(layout.spans)
    for step, value in zip(rates.steps, results, strict=True):
        spread[step] = value
    return spread


def _rate_layout(layout: WindowLayout, *, is_rate: bool) -> RateLayout:
    """What the times alone make of the difference in each window, extended towards its ends."""
    rates = RateLayout()
    times = layout.times
    for step, (low, high, span) in enumerate(zip(layout.lows, layout.highs, layout.spans, strict=True)):
        # One sample has no difference.
        if high - low < 2:
            continue
        first, last = times[low], times[high - 1]
        sampled = last - first
        mean_step = sampled / (high - low - 1)
        to_start = extension(float(first - span.start), mean_step)
        factor = (sampled + to_start + extension(span.end - last, mean_step)) / sampled
        rates.steps.append(step)
        rates.firsts.append(low)
        rates.lasts.append(high - 1)
        rates.factors.append(factor / ((span.end - span.start) / 1000) if is_rate else factor)
        rates.reach = max(rates.reach, to_start / sampled * _MARGIN)
    return rates


def _extremes(windows: SeriesWindows, sign: int) -> RowValues | None:
    """The smallest values, or with the sign -1 the largest."""
    values, layout = windows.values, windows.layout
    if any(math.isnan(value) for value in values):
        return None
    # In order of their values, the extreme first: what a later value beats can never be the extreme again.
    candidates: deque[int] = deque()
    results: RowValues = []
    reached = 0
    for low, high in zip(layout.lows, layout.highs, strict=True):
        for index in range(reached, high):
            while candidates and sign * values[candidates[-1]] > sign * values[index]:
                candidates.pop()
            candidates.append(index)
        reached = max(reached, high)
        while candidates and candidates[0] < low:
            candidates.popleft()
        results.append(values[candidates[0]] if low < high else None)
    return results


def _quantiles(windows: SeriesWindows, steps: WindowSteps) -> RowValues | None:
    values, layout = windows.values, windows.layout
    shares = steps.arguments[0]
    if any(math.isnan(value) for value in values) or not all(0 <= share <= 1 for share in shares):
        return None
    ordered: list[float] = []
    start = end = layout.lows[0]
    results: RowValues = []
    for low, high, share in zip(layout.lows, layout.highs, shares, strict=True):
        # Samples that come in and go out are found by bisection; windows apart have none in common.
        if low >= end:
            ordered, start, end = sorted(values[low:high]), low, high
        for value in values[end:high]:
            insort(ordered, value)
        for value in values[start:low]:
            del ordered[bisect_left(ordered, value)]
        start, end = low, high
        results.append(quantile_of_ordered(share, ordered) if ordered else None)
    return results


_MOVING: Final[dict[str, Callable[[SeriesWindows, WindowSteps], RowValues | None]]] = {
    "min_over_time": lambda windows, _: _extremes(windows, 1),
    "max_over_time": lambda windows, _: _extremes(windows, -1),
    "quantile_over_time": _quantiles,
}

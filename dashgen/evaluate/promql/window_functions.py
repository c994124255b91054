"""Functions of the samples in a range. Source: promql/functions.go of Prometheus 3.14.

Each takes a `WindowCall` and returns the series' value, or None when it has none.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.evaluate.promql.arithmetic_operators import divided, total


class WindowCall(NamedTuple):
    """A function's samples: times and values, the range in milliseconds, and its other arguments.

    ``is_left_open`` is whether the range leaves out the sample at its start (Prometheus since 3.0); ``now``
    is the time of the evaluation.
    """

    times: Sequence[int]
    values: Sequence[float]
    start: int
    end: int
    now: int
    is_left_open: bool
    arguments: Sequence[float] = ()


WindowFunction = Callable[[WindowCall], float | None]


def _extrapolated(call: WindowCall, *, is_counter: bool, is_rate: bool) -> float | None:
    """`rate`, `increase` and `delta`: the difference in the range, extended towards its ends.

    Source: ``extrapolatedRate``. A counter is not extended beyond its zero.
    """
    values, times = call.values, call.times
    if len(values) < 2:
        return None
    difference = values[-1] - values[0]
    if is_counter:
        difference += sum(before for before, after in pairwise(values) if after < before)
    sampled = times[-1] - times[0]
    mean_step = sampled / (len(values) - 1)
    to_start = _to_start(call, difference, mean_step) if is_counter else float(times[0] - call.start)
    to_start = extension(to_start, mean_step)
    if is_counter and call.is_left_open:
        to_start = min(to_start, _to_zero(call, difference))
    factor = (sampled + to_start + extension(call.end - times[-1], mean_step)) / sampled
    if is_rate:
        factor /= (call.end - call.start) / 1000
    return difference * factor


def extension(distance: float, mean_step: float) -> float:
    """How far a difference is extended towards an end of its range that is so far from its samples."""
    return distance if distance < mean_step * 1.1 else mean_step / 2


def _to_zero(call: WindowCall, difference: float) -> float:
    """The time from a counter's zero to its first sample, if it grew at this speed all the time."""
    if difference <= 0 or call.values[0] < 0:
        return math.inf
    return (call.times[-1] - call.times[0]) * (call.values[0] / difference)


def _to_start(call: WindowCall, difference: float, mean_step: float) -> float:
    # Before 3.0, the zero of a counter counted before the distance to the start was limited.
    to_start = float(call.times[0] - call.start)
    return to_start if call.is_left_open or not mean_step else min(to_start, _to_zero(call, difference))


def _instant(call: WindowCall, *, is_rate: bool) -> float | None:
    if len(call.values) < 2:
        return None
    before, last = call.values[-2], call.values[-1]
    step = (call.times[-1] - call.times[-2]) / 1000
    if not is_rate:
        return last - before
    return (last if last < before else last - before) / step


def _slope(call: WindowCall, origin: int) -> tuple[float, float] | None:
    """The slope of a line through the samples, and its value at a time. Source: ``linearRegression``."""
    if len(call.values) < 2:
        return None
    first = call.values[0]
    if all(value == first for value in call.values):
        return (math.nan, math.nan) if math.isinf(first) else (0.0, first)
    seconds = [(at - origin) / 1000 for at in call.times]
    count = len(seconds)
    sum_x, sum_y = total(seconds), total(call.values)
    covariance = total(x * y for x, y in zip(seconds, call.values, strict=True)) - sum_x * sum_y / count
    variance = total(x * x for x in seconds) - sum_x * sum_x / count
    slope = divided(covariance, variance)
    return slope, sum_y / count - slope * sum_x / count


def _deriv(call: WindowCall) -> float | None:
    line = _slope(call, call.times[0]) if len(call.values) > 1 else None
    return None if line is None else line[0]


def _predict_linear(call: WindowCall) -> float | None:
    line = _slope(call, call.now)
    return None if line is None else line[0] * call.arguments[0] + line[1]


def _smoothed(call: WindowCall) -> float | None:
    """`double_exponential_smoothing`, by its smoothing factor and its trend factor."""
    factor, trend_factor = call.arguments
    values = call.values
    if len(values) < 2:
        return None
    smooth, trend = values[0], values[1] - values[0]
    previous = 0.0
    for index, value in enumerate(values[1:]):
        if index:
            trend = trend_factor * (smooth - previous) + (1 - trend_factor) * trend
        previous, smooth = smooth, factor * value + (1 - factor) * (smooth + trend)
    return smooth


def quantile(share: float, values: Sequence[float]) -> float:
    """A quantile with interpolation between neighbours, as `quantile` and `quantile_over_time` compute it."""
    if not values or math.isnan(share):
        return math.nan
    if share < 0 or share > 1:
        return math.copysign(math.inf, share - 0.5)
    return quantile_of_ordered(share, sorted(values, key=lambda value: (not math.isnan(value), value)))


def quantile_of_ordered(share: float, ordered: Sequence[float]) -> float:
    """A quantile between 0 and 1 of values in order."""
    rank = share * (len(ordered) - 1)
    low = max(0, math.floor(rank))
    high = min(len(ordered) - 1, low + 1)
    weight = rank - math.floor(rank)
    return ordered[low] * (1 - weight) + ordered[high] * weight


def variance(values: Sequence[float]) -> float:
    """The variance of all values."""
    mean = divided(total(values), len(values))
    return divided(total((value - mean) * (value - mean) for value in values), len(values))


def smallest(values: Sequence[float]) -> float:
    """The smallest number; NaN only when there is none."""
    return min((value for value in values if not math.isnan(value)), default=math.nan)


def largest(values: Sequence[float]) -> float:
    """The largest number; NaN only when there is none."""
    return max((value for value in values if not math.isnan(value)), default=math.nan)


def mean(values: Sequence[float]) -> float:
    """The mean of all values."""
    return total(values) / len(values)


def _of_values(compute: Callable[[Sequence[float]], float]) -> WindowFunction:
    return lambda call: compute(call.values) if call.values else None


def _median_deviation(values: Sequence[float]) -> float:
    middle = quantile(0.5, values)
    return quantile(0.5, [abs(value - middle) for value in values])


def _is_other(before: float, after: float) -> bool:
    return before != after and not (math.isnan(before) and math.isnan(after))


def _changes(values: Sequence[float]) -> float:
    return sum(_is_other(before, after) for before, after in pairwise(values))


def _resets(values: Sequence[float]) -> float:
    return sum(after < before for before, after in pairwise(values))


def _time_of(choose: Callable[[Sequence[float]], float]) -> WindowFunction:
    def moment(call: WindowCall) -> float | None:
        if not call.values:
            return None
        value = choose(call.values)
        # The last of equal values counts.
        pairs = zip(reversed(call.times), reversed(call.values), strict=True)
        return next((at / 1000 for at, other in pairs if other == value), call.times[0] / 1000)

    return moment


VALUES_FUNCTIONS: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "changes": _changes,
    "resets": _resets,
    "avg_over_time": mean,
    "min_over_time": smallest,
    "max_over_time": largest,
    "sum_over_time": total,
    "count_over_time": len,
    "last_over_time": lambda values: values[-1],
    "first_over_time": lambda values: values[0],
    "present_over_time": lambda _: 1.0,
    "stddev_over_time": lambda values: math.sqrt(variance(values)),
    "stdvar_over_time": variance,
    "mad_over_time": _median_deviation,
}
"""Functions that look at the values of a range only, of which there is one at least."""
WINDOW_FUNCTIONS: Final[dict[str, WindowFunction]] = {
    "rate": lambda call: _extrapolated(call, is_counter=True, is_rate=True),
    "increase": lambda call: _extrapolated(call, is_counter=True, is_rate=False),
    "delta": lambda call: _extrapolated(call, is_counter=False, is_rate=False),
    "irate": lambda call: _instant(call, is_rate=True),
    "idelta": lambda call: _instant(call, is_rate=False),
    "deriv": _deriv,
    "predict_linear": _predict_linear,
    "double_exponential_smoothing": _smoothed,
    "holt_winters": _smoothed,
    **{name: _of_values(compute) for name, compute in VALUES_FUNCTIONS.items()},
    "quantile_over_time": lambda call: quantile(call.arguments[0], call.values) if call.values else None,
    "ts_of_first_over_time": lambda call: call.times[0] / 1000 if call.values else None,
    "ts_of_last_over_time": lambda call: call.times[-1] / 1000 if call.values else None,
    "ts_of_min_over_time": _time_of(smallest),
    "ts_of_max_over_time": _time_of(largest),
}
KEEP_NAMES: Final = frozenset({"last_over_time", "first_over_time"})
"""Functions whose results keep the name of the metric."""

"""Functions of single values. Source: promql/functions.go of Prometheus 3.14."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from dashgen.evaluate.promql.arithmetic_operators import divided

ValueFunction = Callable[..., float]


def _safely(compute: Callable[[float], float]) -> ValueFunction:
    """The function with NaN where Python raises an error."""

    def computed(value: float) -> float:
        try:
            return compute(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return computed


def _logarithm(compute: Callable[[float], float]) -> ValueFunction:
    return lambda value: -math.inf if value == 0 else _safely(compute)(value)


def _whole(compute: Callable[[float], int]) -> ValueFunction:
    return lambda value: float(compute(value)) if math.isfinite(value) else value


def _rounded(value: float, nearest: float = 1) -> float:
    # Prometheus multiplies by the inverse, so that 0.1 does not round to 0.30000000000000004.
    inverse = divided(1, nearest)
    if not math.isfinite(value) or not math.isfinite(inverse):
        return value if math.isfinite(inverse) else math.nan
    scaled = value * inverse
    return math.floor(scaled + 0.5) / inverse if math.isfinite(scaled) else value


def _larger(one: float, other: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(other) else max(one, other)


def _smaller(one: float, other: float) -> float:
    return -_larger(-one, -other)


def clamped_value(value: float, low: float, high: float) -> float:
    """The value, at least and at most these; NaN when a limit is NaN."""
    return _larger(low, _smaller(high, value))


def _sign(value: float) -> float:
    return value if not value or math.isnan(value) else math.copysign(1, value)


def _of_date(part: Callable[[datetime], int]) -> ValueFunction:
    def computed(value: float) -> float:
        try:
            return float(part(datetime.fromtimestamp(int(value), UTC)))
        except (ValueError, OSError) as error:
            raise OverflowError(str(error)) from None

    return computed


def _days_in_month(date: datetime) -> int:
    following = date.replace(day=28).toordinal() + 4
    return datetime.fromordinal(following - datetime.fromordinal(following).day).day


VALUE_FUNCTIONS: Final[dict[str, ValueFunction]] = {
    "abs": abs,
    "ceil": _whole(math.ceil),
    "floor": _whole(math.floor),
    "round": _rounded,
    "clamp_min": lambda value, low: _larger(low, value),
    "clamp_max": lambda value, high: _smaller(high, value),
    "exp": _safely(math.exp),
    "ln": _logarithm(math.log),
    "log2": _logarithm(math.log2),
    "log10": _logarithm(math.log10),
    "sqrt": _safely(math.sqrt),
    "sgn": _sign,
    "deg": math.degrees,
    "rad": math.radians,
    **{
        name: _safely(getattr(math, name))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh")
    },
    "atanh": lambda value: math.copysign(math.inf, value) if abs(value) == 1 else _safely(math.atanh)(value),
}
DATE_FUNCTIONS: Final[dict[str, ValueFunction]] = {
    "minute": _of_date(lambda date: date.minute),
    "hour": _of_date(lambda date: date.hour),
    "day_of_week": _of_date(lambda date: date.isoweekday() % 7),
    "day_of_month": _of_date(lambda date: date.day),
    "day_of_year": _of_date(lambda date: date.timetuple().tm_yday),
    "days_in_month": _of_date(_days_in_month),
    "month": _of_date(lambda date: date.month),
    "year": _of_date(lambda date: date.year),
}
"""Functions of a time in seconds, which is that of the evaluation when there is no argument."""

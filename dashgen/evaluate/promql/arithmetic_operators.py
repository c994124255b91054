"""Arithmetic and comparisons of numbers as Go computes them, with infinities and NaN instead of errors."""

import math
import operator
from collections.abc import Callable, Iterable
from typing import Final


def divided(dividend: float, divisor: float) -> float:
    """The quotient; that of zero by zero is NaN."""
    if divisor:
        return dividend / divisor
    if not dividend or math.isnan(dividend) or math.isnan(divisor):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def remainder(dividend: float, divisor: float) -> float:
    """The rest of a division, with the sign of the dividend; NaN where there is none."""
    return math.nan if math.isinf(dividend) or not divisor else math.fmod(dividend, divisor)


def power(base: float, exponent: float) -> float:
    """A power; what is too large is infinite, and a root of a negative number is NaN."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        is_negative = base < 0 and exponent % 2 == 1
        return -math.inf if is_negative else math.inf
    except ValueError:
        return math.inf if not base else math.nan


def total(values: Iterable[float]) -> float:
    """The sum without the rounding errors of adding one after the other."""
    numbers = list(values)
    try:
        return math.fsum(numbers)
    except (ValueError, OverflowError):
        return sum(numbers)


ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divided,
    "%": remainder,
    "^": power,
    "atan2": math.atan2,
}
COMPARING: Final[dict[str, Callable[[float, float], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

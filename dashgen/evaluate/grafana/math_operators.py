"""Operators and functions of `math` expressions. Source: pkg/expr/mathexp/{exp,funcs}.go of Grafana 12.4."""

import math
import operator
from collections.abc import Callable
from typing import Final

from dashgen.evaluate.grafana.expression_values import MaybeNumber
from dashgen.evaluate.promql.arithmetic_operators import COMPARING, divided, power, remainder

_COMPUTING: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divided,
    "%": remainder,
    "**": power,
    "||": lambda left, right: float(left != 0 or right != 0),
    "&&": lambda left, right: float(left != 0 and right != 0),
}


def computed(sign: str, left: MaybeNumber, right: MaybeNumber) -> MaybeNumber:
    """The result of a binary operation; NaN of NaN, unless the left side of `||` or `&&` decides alone."""
    if left is None or right is None:
        return None
    if (sign == "||" and left) or (sign == "&&" and not left):
        return float(sign == "||")
    if math.isnan(left) or math.isnan(right):
        return math.nan
    return float(COMPARING[sign](left, right)) if sign in COMPARING else _COMPUTING[sign](left, right)


def negated(sign: str, value: MaybeNumber) -> MaybeNumber:
    """The result of `-` or `!`."""
    if value is None or math.isnan(value):
        return value
    return -value if sign == "-" else float(value == 0)


def _of_number(compute: Callable[[float], float]) -> Callable[[MaybeNumber], MaybeNumber]:
    return lambda value: math.nan if value is None else compute(value)


def _log(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.nan if value < 0 or math.isnan(value) else math.log(value)


def _whole(compute: Callable[[float], float]) -> Callable[[MaybeNumber], MaybeNumber]:
    return _of_number(lambda value: float(compute(value)) if math.isfinite(value) else value)


MATH_FUNCTIONS: Final[dict[str, Callable[[MaybeNumber], MaybeNumber]]] = {
    "abs": _of_number(abs),
    "log": _of_number(_log),
    "round": _whole(lambda value: math.copysign(math.floor(abs(value) + 0.5), value)),
    "ceil": _whole(math.ceil),
    "floor": _whole(math.floor),
    "is_nan": _of_number(lambda value: float(math.isnan(value))),
    "is_inf": _of_number(lambda value: float(math.isinf(value))),
    "is_null": lambda value: float(value is None),
    "is_number": lambda value: float(value is not None and math.isfinite(value)),
}
MATH_CONSTANTS: Final[dict[str, MaybeNumber]] = {
    "nan": math.nan,
    "inf": math.inf,
    "infn": -math.inf,
    "null": None,
}

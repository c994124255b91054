"""A way to write numbers: as a function, and described for the script of a page."""

import math
from collections.abc import Callable
from typing import NamedTuple

from dashgen.core.json_values import Json
from dashgen.drawing.values.formatted_value import FormattedValue
from dashgen.drawing.values.javascript_numbers import number_text


class NumberFormat(NamedTuple):
    """How the numbers of a unit are written.

    Attributes:
        write: gives the parts of a number with a number of decimals; Grafana chooses them for None.
        description: the same for `value_formats.js` of a page: its kind, and the details of that kind.
    """

    write: Callable[[float, int | None], FormattedValue]
    description: Json

    def __call__(self, value: float, decimals: int | None) -> FormattedValue:
        """The parts of a number; what is infinite, or too large or small for its unit, stands alone."""
        try:
            return self.write(value, decimals)
        except (ArithmeticError, ValueError):
            return (
                FormattedValue("∞", "-" if value < 0 else "")
                if math.isinf(value)
                else FormattedValue(number_text(value))
            )

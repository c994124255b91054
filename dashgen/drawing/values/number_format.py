"""A way to write numbers: as a function, and described for the script of a page."""

from collections.abc import Callable
from typing import NamedTuple

from dashgen.core.json_values import Json
from dashgen.drawing.values.formatted_value import FormattedValue


class NumberFormat(NamedTuple):
    """How the numbers of a unit are written.

    Attributes:
        write: gives the parts of a number with a number of decimals; Grafana chooses them for None.
        description: the same for `value_formats.js` of a page: its kind, and the details of that kind.
    """

    write: Callable[[float, int | None], FormattedValue]
    description: Json

    def __call__(self, value: float, decimals: int | None) -> FormattedValue:
        """The parts of a number."""
        return self.write(value, decimals)

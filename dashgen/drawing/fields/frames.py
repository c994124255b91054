"""A frame: columns of one length, as Grafana's panels read them."""

import math
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct, field

from dashgen.core.json_values import Json

FieldKind: TypeAlias = Literal["time", "number", "string", "boolean", "other"]
Cell: TypeAlias = float | bool | str | Json | list[Any] | None
"""A value of a field. Times are milliseconds since 1970; what is missing is None."""
TIME_NAME: Final = "Time"
VALUE_NAME: Final = "Value"


class Field(Struct):
    """A column of a frame.

    Attributes:
        labels: those of a time series; None for a column that is none.
        config: Grafana's field config: `unit`, `decimals`, `displayName`, `custom`, …
        title: the name that viewers see, once the config of the panel was applied.
        series_index: its number among the columns that are no times, which chooses its colour.
        bounds: the least and the greatest value by which colours and bars are measured.
    """

    name: str
    kind: FieldKind
    values: list[Cell]
    labels: dict[str, str] | None = None
    config: Json = field(default_factory=dict)
    title: str = ""
    series_index: int = 0
    bounds: tuple[float, float] | None = None

    def numbers(self) -> list[float | None]:
        """The values that are numbers, and None in the places of the others."""
        return [number_or_none(value) for value in self.values]

    def finite(self) -> list[float | None]:
        """The values that can be drawn: numbers that are not infinite."""
        return [None if value is None or math.isinf(value) else value for value in self.numbers()]


class Frame(Struct):
    """Columns of one length: the result of a query, or of a transformation."""

    fields: list[Field]
    ref_id: str = ""
    name: str = ""
    meta: Json = field(default_factory=dict)

    @property
    def length(self) -> int:
        """How many rows there are."""
        return max((len(one.values) for one in self.fields), default=0)

    def first(self, kind: FieldKind) -> Field | None:
        """The first field of a kind."""
        return next((one for one in self.fields if one.kind == kind), None)

    def named(self, name: str) -> Field | None:
        """The field of a name."""
        return next((one for one in self.fields if one.name == name), None)


def number_or_none(value: Cell) -> float | None:
    """A number that is one; None for texts, truth values, nothing and NaN."""
    # Nearly every value is a float: that test comes first.
    if type(value) is float or (isinstance(value, int | float) and not isinstance(value, bool)):
        return None if math.isnan(value) else value
    return None


def kind_of(values: list[Cell]) -> FieldKind:
    """What kind of field values make, by the first that is there."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return "boolean"
    if isinstance(first, int | float):
        return "number"
    return "string" if isinstance(first, str) else "other"

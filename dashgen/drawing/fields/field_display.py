"""The values of a field as viewers see them. Source: field/displayProcessor.ts of @grafana/data 12.4.3."""

from typing import NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text, whole
from dashgen.drawing.fields.field_colors import share_of, value_color
from dashgen.drawing.fields.frames import Cell, Field, number_or_none
from dashgen.drawing.fields.themes import THEMES, Theme
from dashgen.drawing.fields.value_mappings import cell_text, mapped
from dashgen.drawing.values.formatted_value import UTC_CLOCK, FormattedValue, ValueClock
from dashgen.drawing.values.javascript_numbers import number_text
from dashgen.drawing.values.value_formats import SYSTEM_TIME, is_time_unit, number_format, value_parts


class ShownValue(NamedTuple):
    """A value with its text and colour.

    Attributes:
        number: the value if it is a number.
        is_color_mapped: whether the colour comes from a value mapping.
        share: how far the number is on the way from the field's lower bound to its upper one.
    """

    parts: FormattedValue
    number: float | None
    color: str
    is_color_mapped: bool = False
    share: float = 0.0

    @property
    def text(self) -> str:
        """The whole text."""
        return self.parts.whole


class FieldDisplay(NamedTuple):
    """How the values of a field are written and coloured."""

    field: Field
    theme: Theme = THEMES["dark"]
    clock: ValueClock = UTC_CLOCK

    @property
    def unit(self) -> str:
        """The unit in force: a time has one without having it configured."""
        unit = text(self.field.config.get("unit"))
        if self.field.kind == "time" and not is_time_unit(unit):
            return _time_unit(self.field)
        if self.field.kind == "boolean" and not unit.startswith("bool"):
            return "bool"
        return unit or ("string" if self.field.kind == "string" else "none")

    @property
    def decimals(self) -> int | None:
        """The configured decimals."""
        value = self.field.config.get("decimals")
        return None if value is None else whole(value)

    def shown(self, value: Cell, neighbour_decimals: int | None = None) -> ShownValue:
        """A value as viewers see it.

        Args:
            value: a cell of the field, or what a calculation made of them.
            neighbour_decimals: how many decimals the values of a scale need, where none are configured.
        """
        number = self._number(value)
        result = mapped(mappings(self.field.config.get("mappings")), value) or {}
        parts = self._parts(value, number, result, neighbour_decimals)
        color = text(result.get("color"))
        share = 0.0 if number is None else share_of(self.field, number)
        chosen = self.theme.color(color) if color else value_color(self.field, number, self.theme)
        return ShownValue(parts, number, chosen, bool(color), share)

    def _number(self, value: Cell) -> float | None:
        if self.unit == "string":
            return None
        if isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            try:
                return number_or_none(float(value))
            except ValueError:
                return None
        return number_or_none(value)

    def _parts(
        self, value: Cell, number: float | None, result: Json, neighbour_decimals: int | None
    ) -> FormattedValue:
        if isinstance(result.get("text"), str):
            return FormattedValue(result["text"])
        # Truth values stay as they are, also with a unit for them, which is for numbers.
        if number is not None and not isinstance(value, bool):
            return self._formatted(number, neighbour_decimals)
        return FormattedValue(_plain_text(value) or text(self.field.config.get("noValue")))

    def _formatted(self, number: float, neighbour_decimals: int | None) -> FormattedValue:
        if is_time_unit(self.unit):
            return value_parts(number, self.unit, None, self.clock)
        is_trimmed = (
            neighbour_decimals is not None and self.decimals is None and self.field.kind == "number"
            and not self.unit.startswith(("currency", "bool")) and self.unit != "locale"
        )  # fmt: skip
        if not is_trimmed:
            return number_format(self.unit)(number, self.decimals)
        parts = number_format(self.unit)(number, neighbour_decimals)
        try:
            return parts._replace(text=number_text(float(parts.text)))
        except ValueError:
            return parts


def _plain_text(value: Cell) -> str:
    if isinstance(value, list):
        return ", ".join(cell_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={cell_text(one)}" for key, one in mapping(value).items())
    return cell_text(value)


def _time_unit(field: Field) -> str:
    # Milliseconds are shown when all times are within a minute.
    first, last = (number_or_none(field.values[index]) if field.values else None for index in (0, -1))
    if first is not None and last is not None and len(field.values) > 1 and abs(last - first) < 60_000:
        return "time:YYYY-MM-DD HH:mm:ss.SSS"
    return SYSTEM_TIME

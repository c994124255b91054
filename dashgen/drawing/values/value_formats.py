"""Format values by a unit of Grafana's.

Source: valueFormats/valueFormats.ts, arithmeticFormatters.ts and dateTimeFormatters.ts of @grafana/data
12.4.3. A test compares what this gives with what that package gives.
"""

import math
import unicodedata
from functools import lru_cache
from typing import Final

from dashgen.core.json_values import Json
from dashgen.drawing.values.duration_formats import DURATIONS
from dashgen.drawing.values.formatted_value import UTC_CLOCK, FormattedValue, ValueClock
from dashgen.drawing.values.javascript_numbers import (
    fixed_text,
    grouped_text,
    hexadecimal_text,
    number_text,
    scientific_text,
)
from dashgen.drawing.values.moment_formats import from_now_text, is_same_day, moment_text
from dashgen.drawing.values.number_format import NumberFormat
from dashgen.drawing.values.unit_formats import (
    SI_PREFIXES,
    SYMBOL_FORMATS,
    counted,
    currency,
    prefixed,
    si_scaled,
    suffixed,
)

SYSTEM_TIME: Final = "dateTimeAsSystem"
_US_DATE, _US_TIME = "MM/DD/YYYY h:mm:ss a", "h:mm:ss a"
# Browsers part the half of the day by a narrow space that does not break.
_LOCAL_DATE, _LOCAL_TIME = "MM/DD/YYYY, hh:mm:ss\u202fA", "hh:mm:ss\u202fA"
_ISO_DATE, _ISO_TIME = "YYYY-MM-DD HH:mm:ss", "HH:mm:ss"
# The pattern of a date unit, and the one for times of today.
_DATES = {
    "dateTimeAsIso": (_ISO_DATE, ""), "dateTimeAsIsoNoDateIfToday": (_ISO_DATE, _ISO_TIME),
    "dateTimeAsUS": (_US_DATE, ""), "dateTimeAsUSNoDateIfToday": (_US_DATE, _US_TIME),
    "dateTimeAsLocal": (_LOCAL_DATE, ""), "dateTimeAsLocalNoDateIfToday": (_LOCAL_DATE, _LOCAL_TIME),
    SYSTEM_TIME: (_ISO_DATE, ""),
}  # fmt: skip
_BOOLEANS = {"bool": ("True", "False"), "bool_yes_no": ("Yes", "No"), "bool_on_off": ("On", "Off")}
_FROM_NOW = "dateTimeFromNow"


def format_value(
    value: float | str | None, unit: str = "", decimals: int | None = None,
    clock: ValueClock = UTC_CLOCK,
) -> str:  # fmt: skip
    """A value as Grafana shows it.

    Args:
        value: a number, a text that is a number, or nothing. Times are milliseconds since 1970.
        unit: an id of Grafana's, or one of its forms with a colon.
        decimals: how many; Grafana chooses when there are none.
        clock: the present and the zone, for units that are times.

    Returns:
        The text with prefix and suffix; empty for None. A text that is no number stands as it is.
    """
    return value_parts(value, unit, decimals, clock).whole


def value_parts(
    value: float | str | None, unit: str = "", decimals: int | None = None,
    clock: ValueClock = UTC_CLOCK,
) -> FormattedValue:  # fmt: skip
    """A value as `format_value` gives it, in its parts."""
    if value is None:
        return FormattedValue("")
    if unit == "string":
        return FormattedValue(value if isinstance(value, str) else number_text(value))
    try:
        number = float(value)
    except ValueError:
        return FormattedValue(str(value))
    if is_time_unit(unit):
        return FormattedValue(_time_text(number, unit, clock))
    if math.isnan(number) and not unit.startswith("bool"):
        return FormattedValue("NaN")
    return number_format(unit)(number, decimals)


def is_time_unit(unit: str) -> bool:
    """Whether the values of a unit are moments."""
    return unit in _DATES or unit == _FROM_NOW or unit.startswith("time:")


def _time_text(value: float, unit: str, clock: ValueClock) -> str:
    if not math.isfinite(value):
        return "Invalid date"
    if unit == _FROM_NOW:
        return from_now_text(value, clock)
    if unit.startswith("time:"):
        return moment_text(value, unit.removeprefix("time:"), clock.zone)
    pattern, today = _DATES[unit]
    return moment_text(value, today if today and is_same_day(value, clock) else pattern, clock.zone)


def format_description(unit: str) -> Json:
    """How the values of a unit are written, for `value_formats.js` of a page.

    Formats are defined here alone: the script has the kinds of formats, and no unit.
    """
    if unit == "string":
        return {"kind": "text"}
    if not is_time_unit(unit):
        return number_format(unit).description
    if unit == _FROM_NOW:
        return {"kind": "ago"}
    pattern, today = (unit.removeprefix("time:"), "") if unit.startswith("time:") else _DATES[unit]
    return {"kind": "time", "pattern": pattern, "today": today}


def _percent(value: float, decimals: int | None) -> FormattedValue:
    return FormattedValue(fixed_text(value, decimals), suffix="%")


def _hexadecimal(value: float, decimals: int | None) -> FormattedValue:
    if not math.isfinite(value):
        return FormattedValue("NAN")
    return FormattedValue(hexadecimal_text(float(fixed_text(value, decimals))))


def _hexadecimal_0x(value: float, decimals: int | None) -> FormattedValue:
    text = _hexadecimal(value, decimals).text
    return FormattedValue(f"-0x{text[1:]}" if text.startswith("-") else f"0x{text}")


def _scientific(value: float, decimals: int | None) -> FormattedValue:
    return FormattedValue(scientific_text(value, decimals))


def _grouped(value: float, decimals: int | None) -> FormattedValue:
    return FormattedValue(grouped_text(value, 3 if decimals is None else decimals))


_ARITHMETIC: dict[str, NumberFormat] = {
    "": suffixed(""), "none": suffixed(""),
    "percent": NumberFormat(_percent, {"kind": "fixed", "suffix": "%"}),
    "percentunit": NumberFormat(
        lambda value, decimals: _percent(100 * value, decimals),
        {"kind": "fixed", "factor": 100, "suffix": "%"},
    ),
    "hex": NumberFormat(_hexadecimal, {"kind": "hexadecimal", "prefix": ""}),
    "hex0x": NumberFormat(_hexadecimal_0x, {"kind": "hexadecimal", "prefix": "0x"}),
    "sci": NumberFormat(_scientific, {"kind": "scientific"}),
    "locale": NumberFormat(_grouped, {"kind": "grouped", "decimals": 3}),
}  # fmt: skip


@lru_cache(maxsize=512)
def number_format(unit: str) -> NumberFormat:
    """The function that writes numbers in a unit; a text that is no unit stands after the number."""
    unit = "fahrenheit" if unit == "farenheit" else unit
    for formats in (_ARITHMETIC, SYMBOL_FORMATS, DURATIONS):
        if unit in formats:
            return formats[unit]
    if unit in _BOOLEANS:
        return _boolean(*_BOOLEANS[unit])
    form, colon, rest = unit.partition(":")
    return _form(form, rest) or suffixed(unit) if colon else suffixed(unit)


def _form(form: str, rest: str) -> NumberFormat | None:
    simple = {"prefix": prefixed, "suffix": suffixed, "count": counted}
    if form in simple:
        return simple[form](rest)
    if form == "si":
        return _si_form(rest)
    if form == "currency":
        return _currency_form(rest)
    if form == "bool":
        yes, slash, no = rest.partition("/")
        return _boolean(yes, no if slash else "-")
    return None


def _si_form(rest: str) -> NumberFormat:
    # Two letters look alike: the micro sign and the Greek mu.
    letters = [unicodedata.normalize("NFKD", prefix) for prefix in SI_PREFIXES]
    first = unicodedata.normalize("NFKD", rest[:1])
    power = letters.index(first) - letters.index("") if first in letters else 0
    return si_scaled(rest[1:] if power else rest, power)


def _currency_form(rest: str) -> NumberFormat:
    kind, *details = rest.split(":")
    if kind != "financial" or not details:
        return currency(rest)
    if not details[0]:
        return suffixed("")
    return _whole_currency(details[0], is_after=details[1:2] == ["suffix"])


def _whole_currency(symbol: str, *, is_after: bool) -> NumberFormat:
    def written(value: float, decimals: int | None) -> FormattedValue:
        text = grouped_text(value, 1) if decimals is None else grouped_text(value, decimals, decimals)
        return FormattedValue(text, "" if is_after else symbol, symbol if is_after else "")

    side = "suffix" if is_after else "prefix"
    return NumberFormat(written, {"kind": "grouped", "decimals": 1, "isExact": True, side: symbol})


def _boolean(yes: str, no: str) -> NumberFormat:
    return NumberFormat(
        lambda value, _decimals: FormattedValue(yes if value and not math.isnan(value) else no),
        {"kind": "boolean", "yes": yes, "no": no},
    )

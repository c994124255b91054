"""Values are written as @grafana/data writes them."""

from itertools import groupby
from pathlib import Path

import pytest

from dashgen.drawing.values.formatted_value import ValueClock
from dashgen.drawing.values.value_formats import format_value, value_parts
from dashgen.model.units_catalogue import UNITS

NOW = 1_764_460_800_000
# Written by tests/tools/grafana_value_formats.cjs from @grafana/data 12.4.3.
RECORDED = Path(__file__).with_name("value_formats.tsv").read_text("utf-8").splitlines()
CASES = [line.split("\t") for line in RECORDED]
BY_UNIT = {unit: list(cases) for unit, cases in groupby(CASES, lambda case: case[0])}


@pytest.mark.parametrize("unit", BY_UNIT)
def test_each_unit_gives_what_grafana_gives(unit):
    for _, value, decimals, *parts in BY_UNIT[unit]:
        shown = value_parts(float(value), unit, int(decimals) if decimals else None, ValueClock(NOW))
        prefix, text, suffix = parts
        assert (shown.prefix, shown.text, shown.suffix) == (prefix, text, suffix), (value, decimals)


def test_every_unit_of_the_catalogue_is_compared():
    assert set(BY_UNIT) >= UNITS
    assert len(CASES) >= 400


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "short", ""), (float("nan"), "s", "NaN"), (float("inf"), "short", "∞"), ("abc", "s", "abc"),
        ("12.5", "currencyUSD", "$12.5"), (True, "bool_on_off", "On"), (-0.0, "percent", "0%"),
        (-5, "currencyDKK", "-5kr"), ("x", "string", "x"), (1e300, "dateTimeAsIso", "Invalid date"),
    ],
)  # fmt: skip
def test_odd_values_have_a_text(value, unit, shown):
    assert format_value(value, unit) == shown


@pytest.mark.parametrize("unit", BY_UNIT)
@pytest.mark.parametrize(
    "value", [float("inf"), float("-inf"), 1e300, -1e300, 5e-324, 1.7976931348623157e308]
)
@pytest.mark.parametrize("decimals", [None, 2])
def test_extreme_numbers_have_a_text(unit, value, decimals):
    shown = value_parts(value, unit, decimals, ValueClock(NOW))
    assert shown.text or unit.startswith(("bool", "dtduration"))
    assert len(shown.whole) < 800


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (float("inf"), "dtdurations", "∞"), (float("inf"), "clockms", "∞"), (float("inf"), "currencyDKK", "∞"),
        (float("-inf"), "currencyUSD", "-$∞"), (float("inf"), "s", "∞ years"), (5e-324, "bytes", "5e-324"),
    ],
)  # fmt: skip
def test_infinities_stand_alone(value, unit, shown):
    assert format_value(value, unit) == shown


def test_times_are_written_in_the_clocks_zone():
    dubai = ValueClock(NOW, "Asia/Dubai")
    assert format_value(NOW, "dateTimeAsIso", None, dubai) == "2025-11-30 04:00:00"
    assert format_value(NOW + 72_000_001, "dateTimeAsIsoNoDateIfToday", None, dubai) == "2025-12-01 00:00:00"
    assert format_value(NOW, "time:HH:mm Z", None, ValueClock(NOW, "No/Where")) == "00:00 +00:00"

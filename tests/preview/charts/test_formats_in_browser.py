"""The scripts of a page write values and times as Python does."""

import json
from itertools import groupby
from pathlib import Path

import pytest

import tests.drawing as drawing_tests
from dashgen.drawing.fields.field_display import FieldDisplay
from dashgen.drawing.fields.frames import Field
from dashgen.drawing.fields.themes import THEMES
from dashgen.drawing.markup.field_description import field_description
from dashgen.drawing.values.formatted_value import ValueClock
from dashgen.drawing.values.moment_formats import moment_text
from dashgen.drawing.values.value_formats import format_description

NOW = 1_764_460_800_000
RECORDED = (Path(drawing_tests.__file__).parent / "value_formats.tsv").read_text("utf-8").splitlines()
ROWS = [line.split("\t") for line in RECORDED]
WRITE = """rows.map(([format, value, decimals]) => {
  const {prefix, text, suffix} = dashgen.values.formatted(format, value, decimals, {now: %d, zone: 'UTC'});
  return [prefix || '', text, suffix || ''];
})"""


def call(page, expression, **values):
    """The value of an expression of names."""
    names = "".join(f"const {name} = {json.dumps(value)};" for name, value in values.items())
    return page.evaluate(f"(() => {{ {names} return {expression} }})()")


def test_every_recorded_value_is_written_as_grafana_writes_it(charts):
    page = charts()
    given, expected = [], []
    for unit, rows in groupby(ROWS, lambda row: row[0]):
        for _, value, decimals, *parts in rows:
            given.append([format_description(unit), float(value), int(decimals) if decimals else None])
            expected.append(parts)
    written = call(page, WRITE % NOW, rows=given)
    assert len(written) == len(ROWS) > 5000
    differing = [(ROWS[index], one) for index, one in enumerate(written) if one != expected[index]]
    assert differing == []


CONFIGS = [
    {}, {"unit": "s"}, {"unit": "bytes", "decimals": 1}, {"unit": "percentunit"}, {"unit": "currencyUSD"}, {"unit": "locale"},
    {"unit": "bool"}, {"noValue": "none"}, {"unit": "dateTimeAsIso"},
    {"mappings": [{"type": "value", "options": {"2": {"text": "two", "color": "red"}}},
                  {"type": "range", "options": {"from": 5, "to": None, "result": {"text": "many"}}},
                  {"type": "special", "options": {"match": "null+nan", "result": {"text": "nothing"}}}]},
    {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 1}]}},
    {"thresholds": {"mode": "percentage", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 50}]}},
]  # fmt: skip
VALUES = [None, 0, 1, 2, 0.25, 12.5, -3, 1234.5, 1e9]


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_values_of_a_field_have_the_texts_and_colours_that_python_gives_them(charts, config):
    page = charts()
    field = Field("v", "number", VALUES, config=config, bounds=(0.0, 10.0))
    display = FieldDisplay(field, THEMES["dark"], ValueClock(NOW, "Asia/Dubai"))
    for decimals in (None, 0, 2):
        texts = call(page, "values.map(value => dashgen.values.text(display, value, decimals ?? undefined))",
                     values=VALUES, display=field_description(display), decimals=decimals)  # fmt: skip
        assert texts == [display.shown(value, decimals).text for value in VALUES]
    colors = call(page, "values.map(value => dashgen.values.color(display, value))",
                  values=VALUES[1:], display=field_description(display))  # fmt: skip
    assert colors == [display.shown(value).color for value in VALUES[1:]]


PATTERNS = ["YYYY-MM-DD HH:mm:ss.SSS", "Z", "ddd Do MMM YY, h:mm A", "[at] DDDD w WW gggg GGGG E"]
MOMENTS = [
    NOW,
    1_761_440_400_000,
    1_761_444_000_000,
    1_743_300_000_000,
    951_782_400_000,
    -1,
    1_735_603_200_123,
]


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Dubai", "Europe/Berlin", "America/St_Johns", "browser", "No/Where"]
)
def test_moments_are_written_in_a_zone(charts, zone):
    page = charts()
    written = call(page, "moments.map(ms => patterns.map(one => dashgen.values.moment(ms, one, zone)))",
                   moments=MOMENTS, patterns=PATTERNS, zone=zone)  # fmt: skip
    assert written == [[moment_text(ms, pattern, zone) for pattern in PATTERNS] for ms in MOMENTS]

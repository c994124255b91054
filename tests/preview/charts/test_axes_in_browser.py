"""Axes of charts have the ends, ticks and texts that Python's pictures have."""

import pytest
from msgspec.structs import replace

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import panel_markup
from dashgen.drawing.panel_svg import panel_drawing
from dashgen.drawing.plots.number_axis import NumberScale
from dashgen.drawing.plots.plot_area import bottom_ticks, value_axes
from dashgen.drawing.plots.plot_series import plot_series
from dashgen.drawing.plots.time_axis import time_ticks
from dashgen.drawing.svg.elements import Box
from tests.drawing.picture_support import CONTEXT, END, HOUR, panel

DAY = 24 * HOUR
PLOT = "handles[0].state.plot"
# The values of the ticks that have a text, and the texts.
TICKS = f"""(index => {{
  const axis = {PLOT}.axes[index];
  return axis._splits.map((at, i) => [at, axis._values[i]]).filter(([, text]) => text !== '' && text != null);
}})"""


def frames_of(values, context=CONTEXT):
    start, end = context.time_range
    step = (end - start) / len(values)
    times = [start + step * (index + 0.5) for index in range(len(values))]
    return [Frame([Field("Time", "time", times), Field("v", "number", list(values))], "A")]


def chart(frames, defaults, context=CONTEXT):
    return panel_markup(panel("timeseries", defaults=defaults), PanelData(frames), (600, 260), context)


SPANS = [
    (5 * 60_000, "UTC"), (HOUR, "UTC"), (6 * HOUR, "Asia/Kolkata"), (DAY, "Asia/Dubai"), (2 * DAY, "Europe/Berlin"),
    (7 * DAY, "UTC"), (30 * DAY, "America/New_York"), (90 * DAY, "UTC"), (2 * 365 * DAY, "UTC"), (4_000, "UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("span", "zone"), SPANS)
def test_the_ticks_of_times(charts, span, zone):
    context = replace(CONTEXT, time_range=(END - span, END), zone=zone)
    page = charts(
        chart(frames_of([1, 2, 3], context), {}, context), range=list(context.time_range), zone=zone
    )
    for width in (400, 600, 900):
        page.evaluate(f"document.querySelector('.room').style.width = '{width}px'; handles[0].resize()")
        page.settle()
        length = page.evaluate(f"{PLOT}.bbox.width")
        ticks = [[at, text] for at, text in page.evaluate(f"{TICKS}(0)")]
        assert ticks == [list(tick) for tick in time_ticks(context.time_range, length, zone)], width


AXES = [
    ([3, 17], {}), ([0, 0], {}), ([5], {}), ([-4, 12], {"unit": "s"}), ([0.2, 0.9], {"unit": "percentunit"}),
    ([1200, 98_000], {"unit": "short"}), ([1e9, 3.3e9], {"unit": "decbytes"}), ([99.2, 99.9], {"unit": "percent"}),
    ([3, 17], {"min": 0, "max": 20}), ([3, 17], {"custom": {"axisSoftMin": -5, "axisSoftMax": 30}}),
    ([1, 2], {"decimals": 0}), ([-1, 8], {"custom": {"axisCenteredZero": True}}), ([0.001, 0.004], {"unit": "s"}),
    ([1.5, 2.25], {"unit": "currencyUSD"}), ([1e9, 3.3e9], {"unit": "bytes"}), ([100, 900], {"unit": "KiBs"}),
    ([3, 9], {"custom": {"scaleDistribution": {"type": "log", "log": 10}}}),
    ([1, 5e7], {"custom": {"scaleDistribution": {"type": "log", "log": 10}}}),
    ([3, 4200], {"custom": {"scaleDistribution": {"type": "log", "log": 2}}}),
    ([-3, 30], {"custom": {"scaleDistribution": {"type": "symlog", "log": 2}}}),
    ([-400, 3000], {"custom": {"scaleDistribution": {"type": "symlog", "log": 10, "linearThreshold": 10}}}), ([3, 4200], {"custom": {"scaleDistribution": {"type": "log", "log": 10}}}),
]  # fmt: skip


@pytest.mark.parametrize(("values", "defaults"), AXES, ids=str)
def test_the_ends_and_ticks_of_values(charts, values, defaults):
    frames = frames_of(values)
    page = charts(chart(frames, defaults))
    height, low, high = page.evaluate(f"[{PLOT}.bbox.height, {PLOT}.scales.y0.min, {PLOT}.scales.y0.max]")
    drawing = panel_drawing(
        panel("timeseries", defaults=defaults), PanelData(frames), Box(0, 0, 600, 260), CONTEXT, "p"
    )
    axis = value_axes(plot_series(drawing.frames), height, drawing.context)[0]
    assert (low, high) == pytest.approx((axis.scale.low, axis.scale.high))
    ticks = page.evaluate(f"{TICKS}(1)")
    written = [(at, text) for at, text in axis.ticks if text]
    assert [text for _, text in ticks] == [text for _, text in written]
    assert [at for at, _ in ticks] == pytest.approx([at for at, _ in written])


def test_axes_of_other_units_stand_right(charts):
    times = Field("Time", "time", [END - HOUR, END])
    frames = [Frame([times, Field("a", "number", [1, 2]), Field("b", "number", [1000, 4000])])]
    subject = panel("timeseries")
    subject["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": "b"}, "properties": [{"id": "unit", "value": "bytes"}]}
    ]
    page = charts(panel_markup(subject, PanelData(frames), (600, 260), CONTEXT))
    assert page.evaluate(f"{PLOT}.axes.map(one => [one.side, one.grid.show])") == [
        [2, True],
        [3, True],
        [1, False],
    ]
    texts = [text for _, text in page.evaluate(f"{TICKS}(2)")]
    assert texts[0] == "1 KiB"


@pytest.mark.parametrize(
    ("places", "unit"), [([1, 2, 4], "none"), ([0, 5000, 90_000], "short"), ([-3.5, 2], "s")]
)
def test_the_ticks_of_numbers_below(charts, places, unit):
    frames = [
        Frame(
            [
                Field("x", "number", places, config={"unit": unit}),
                Field("y", "number", places, config={"unit": unit}),
            ]
        )
    ]
    page = charts(panel_markup(panel("trend"), PanelData(frames), (600, 260), CONTEXT))
    low, high, length = page.evaluate(f"[{PLOT}.scales.x.min, {PLOT}.scales.x.max, {PLOT}.bbox.width]")
    display = panel_drawing(panel("trend"), PanelData(frames), Box(0, 0, 600, 260), CONTEXT, "p")
    expected = bottom_ticks(NumberScale(low, high), length, display.display(display.frames[0].fields[0]))
    ticks = page.evaluate(f"{TICKS}(0)")
    assert [text for _, text in ticks] == [text for _, text in expected]

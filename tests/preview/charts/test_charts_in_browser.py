"""Charts in Chromium: drawn at any width, and used with the mouse."""

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.markup.chart_markers import CHART_MARKERS
from dashgen.drawing.panel_data import AnnotationMark
from tests.drawing.picture_support import END, HOUR, line, table
from tests.drawing.test_chart_markup import markup
from tests.drawing.test_panel_pictures import BUCKETS, CANDLES, LINES, SALES, STATES, UP
from tests.drawing.test_panel_safety import EVIL

FRAMES = {
    "barchart": SALES, "candlestick": CANDLES, "heatmap": BUCKETS, "state-timeline": STATES, "status-history": STATES,
    "trend": [table(x=[1, 2, 4], y=[2.5, 9, 3])], "xychart": [table(x=[1, 2, 4], y=[2.5, 9, 3])],
}  # fmt: skip
THREE = [line("free"), line("basic", offset=3), line("pro", offset=7)]
PLOT = "handles[0].state.plot"
SHOWN = f"{PLOT}.series.slice(1).map(one => one.show)"
TOOLTIP = """(box => !box || getComputedStyle(box).display === 'none' ? null
  : [...box.querySelectorAll('div, .chart-tooltip-label, .chart-tooltip-value, .chart-tooltip-tags span')]
    .filter(one => !one.children.length || one.matches('span')).map(one => one.textContent))(document.querySelector('.chart-tooltip'))"""
# Whether a pixel of the canvas within the axes has a colour that is neither of the grid nor of the panel.
INK = """(index => {
  const plot = handles[index].state.plot, {left, top, width, height} = plot.bbox;
  const data = plot.ctx.getImageData(left, top, width, height).data;
  let count = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 40) count += 1;
  return count;
})"""


def place(page, x, y, room="#room0"):
    """A point within the axes of a chart, by its shares of their width and height."""
    return page.evaluate(
        f"(b => [b.x + b.width * {x}, b.y + b.height * {y}])"
        f"(document.querySelector('{room} .u-over').getBoundingClientRect())"
    )


def move(page, x, y, room="#room0"):
    """Move the mouse over a chart."""
    at = place(page, x, y, room)
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=at[0], y=at[1])
    page.settle()
    return page.evaluate(TOOLTIP)


def drag(page, start, end):
    """Drag the mouse over the first chart."""
    for kind, share in (
        ("mouseMoved", start),
        ("mousePressed", start),
        ("mouseMoved", end),
        ("mouseReleased", end),
    ):
        x, y = place(page, share, 0.5)
        page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    page.settle()


def click(page, selector, modifiers=0):
    """Click an element, perhaps with Ctrl (2)."""
    x, y = page.evaluate(
        f"(b => [b.x + b.width / 2, b.y + b.height / 2])(document.querySelector({selector!r}).getBoundingClientRect())"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1, modifiers=modifiers
        )
    page.settle()


@pytest.mark.parametrize("kind", CHART_MARKERS)
def test_a_chart_is_drawn_at_every_width(charts, kind):
    page = charts(markup(kind, FRAMES.get(kind, LINES)))
    for width, height in ((600, 260), (240, 160), (1200, 500), (60, 40), (0, 0), (600, 260)):
        page.evaluate(
            f"(room => {{ room.style.width = '{width}px'; room.style.height = '{height}px'; handles[0].resize() }})"
            "(document.querySelector('.room'))"
        )
        page.settle()
    assert page.evaluate(f"{INK}(0)") > 100
    page.evaluate("handles[0].destroy()")
    assert page.evaluate("document.querySelectorAll('canvas').length") == 0


STYLES = {
    "bars": {"drawStyle": "bars", "fillOpacity": 60}, "points": {"drawStyle": "points"},
    "smooth": {"lineInterpolation": "smooth", "fillOpacity": 30, "gradientMode": "hue"},
    "steps": {"lineInterpolation": "stepBefore", "gradientMode": "opacity", "fillOpacity": 30},
    "after": {"lineInterpolation": "stepAfter", "lineStyle": {"fill": "dot", "dash": [0, 10]}},
    "scheme": {"gradientMode": "scheme", "fillOpacity": 20, "thresholdsStyle": {"mode": "dashed+area"}},
    "stacked": {"stacking": {"mode": "normal"}, "fillOpacity": 50},
    "percent": {"stacking": {"mode": "percent"}, "fillOpacity": 50},
    "log": {"scaleDistribution": {"type": "log", "log": 2}},
    "symlog": {"scaleDistribution": {"type": "symlog", "log": 10}},
    "values": {"showValues": True, "showPoints": "always", "axisLabel": "things", "axisBorderShow": True},
    "hidden axis": {"axisPlacement": "hidden"}, "spans": {"spanNulls": 3_600_000},
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_drawn(charts, style):
    steps = [{"color": "transparent", "value": None}, {"color": "red", "value": 8}]
    defaults = {"custom": STYLES[style], "thresholds": {"mode": "absolute", "steps": steps}}
    if style == "scheme":
        defaults["color"] = {"mode": "thresholds"}
    page = charts(markup("timeseries", THREE, defaults=defaults))
    assert page.evaluate(f"{INK}(0)") > 100


def test_a_click_in_the_legend_shows_a_series_alone(charts):
    page = charts(markup("timeseries", THREE))
    highest = page.evaluate(f"{PLOT}.scales.y0.max")
    click(page, "#room0 [data-series='0'] button")
    assert page.evaluate(SHOWN) == [True, False, False]
    assert page.evaluate(f"{PLOT}.scales.y0.max") < highest
    click(page, "#room0 [data-series='2'] button", modifiers=2)
    assert page.evaluate(SHOWN) == [True, False, True]
    click(page, "#room0 [data-series='2'] button", modifiers=2)
    click(page, "#room0 [data-series='0'] button")
    assert page.evaluate(SHOWN) == [True, True, True]
    assert page.evaluate("document.querySelectorAll('.is-hidden').length") == 0


def test_stacks_close_where_a_series_is_hidden(charts):
    frames = [
        Frame([Field("Time", "time", [END - HOUR, END]), Field(name, "number", [value, value])])
        for name, value in (("a", 1), ("b", 2), ("c", 4))
    ]
    page = charts(markup("timeseries", frames, defaults={"custom": {"stacking": {"mode": "normal"}}}))
    heights = f"{PLOT}.data.slice(1).map(one => one[0])"
    assert page.evaluate(heights) == [1, 3, 7]
    click(page, "#room0 [data-series='1'] button", modifiers=2)
    assert page.evaluate(heights)[::2] == [1, 5]


def test_bars_of_a_histogram_stand_upon_each_other(charts):
    frames = [table(v=[1, 1, 1, 5]), table(v=[1, 1])]
    stacked = {"custom": {"stacking": {"mode": "normal"}}}
    page = charts(markup("histogram", frames, defaults=stacked, options={"bucketSize": 2}))
    assert page.evaluate(f"{PLOT}.data[2][0]") == 5
    click(page, "#room0 [data-series='1'] button")
    assert page.evaluate(f"{PLOT}.data[2][0]") == 2


def test_a_series_that_is_hidden_at_first_can_be_shown(charts):
    page = charts(markup("timeseries", THREE, overrides=[("pro", "custom.hideFrom", {"viz": True})]))
    assert page.evaluate(SHOWN) == [True, True, False]
    click(page, "#room0 [data-series='2'] button", modifiers=2)
    assert page.evaluate(SHOWN) == [True, True, True]


def test_the_tooltip_has_the_values_at_the_cursor(charts):
    times = Field("Time", "time", [END - 6 * HOUR, END - 3 * HOUR, END])
    frames = [Frame([times, Field("a", "number", [1, 2, 3]), Field("b", "number", [10, 40, 30])])]
    options = {"tooltip": {"mode": "multi", "sort": "desc"}}
    page = charts(markup("timeseries", frames, defaults={"unit": "s"}, options=options))
    assert move(page, 0.5, 0.5) == ["2025-11-30 13:00:00", "b", "40 s", "a", "2 s"]
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=700)
    page.settle()
    assert page.evaluate(TOOLTIP) is None


def test_a_single_tooltip_is_of_the_nearest_series(charts):
    times = Field("Time", "time", [END - 6 * HOUR, END - 3 * HOUR, END])
    frames = [Frame([times, Field("a", "number", [0, 0, 0]), Field("b", "number", [40, 40, 40])])]
    page = charts(markup("timeseries", frames))
    assert move(page, 0.5, 0.97) == ["2025-11-30 13:00:00", "a", "0"]
    assert move(page, 0.5, 0.5) is None


@pytest.mark.parametrize(
    "kind",
    [
        "barchart",
        "histogram",
        "heatmap",
        "state-timeline",
        "status-history",
        "candlestick",
        "trend",
    ],
)
def test_each_chart_has_a_tooltip(charts, kind):
    page = charts(markup(kind, FRAMES.get(kind, LINES), defaults={"mappings": UP} if "stat" in kind else {}))
    found = [one for x in range(1, 20) for y in (0.98, 0.7, 0.4) if (one := move(page, x / 20, y))]
    assert found
    assert all(len(one) >= 3 for one in found)


def test_a_point_of_two_numbers_has_a_tooltip(charts):
    page = charts(markup("xychart", FRAMES["xychart"]))
    x, y = page.evaluate(
        f"[{PLOT}.valToPos(2, 'x') / {PLOT}.rect.width, {PLOT}.valToPos(9, 'y0') / {PLOT}.rect.height]"
    )
    assert move(page, x, y) == ["y", "", "x", "2", "y", "9"]
    assert move(page, x + 0.1, y) is None


def test_hostile_names_stay_texts_in_tooltips(charts):
    times = Field("Time", "time", [END - 6 * HOUR, END])
    frames = [Frame([times, Field("Value", "number", [1, 2], config={"displayNameFromDS": EVIL})])]
    note = [AnnotationMark(END - 3 * HOUR, EVIL, tags=(EVIL,), color=EVIL)]
    page = charts(
        markup("timeseries", frames, options={"tooltip": {"mode": "multi"}}, data={"annotations": note})
    )
    assert any("<script>" in one for one in move(page, 0.9, 0.5))
    x, y = page.evaluate(
        "(b => [b.x + 5, b.y + 3])(document.querySelector('.chart-annotation').getBoundingClientRect())"
    )
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    page.settle()
    assert "<script>" in "".join(page.evaluate(TOOLTIP))
    assert (
        page.evaluate("document.querySelectorAll('main script, main image, .chart-tooltip script').length")
        == 0
    )


def test_dragging_zooms_all_charts_and_a_double_click_goes_back(charts):
    page = charts(markup("timeseries", THREE), markup("timeseries", LINES), markup("state-timeline", STATES))
    ends = "handles.map(one => [one.state.plot.scales.x.min, one.state.plot.scales.x.max])"
    whole = page.evaluate(ends)
    drag(page, 0.25, 0.5)
    zoomed = page.evaluate(ends)
    assert zoomed[0] == pytest.approx([END - 4.5 * HOUR, END - 3 * HOUR], abs=HOUR / 20)
    assert zoomed[0] == zoomed[1] == zoomed[2]
    x, y = place(page, 0.5, 0.5)
    for count in (1, 2):
        for kind in ("mousePressed", "mouseReleased"):
            page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=count)
    page.settle()
    assert page.evaluate(ends) == whole


@pytest.mark.parametrize(("shared", "follows"), [(1, True), (0, False)])
def test_charts_share_their_cursor_as_the_dashboard_says(charts, shared, follows):
    page = charts(markup("timeseries", THREE), markup("timeseries", LINES), graphTooltip=shared)
    move(page, 0.5, 0.5)
    left = page.evaluate("handles[1].state.plot.cursor.left")
    assert (left is not None and left > 0) is follows


def test_annotations_and_exemplars_show_what_they_are(charts):
    notes = [AnnotationMark(END - 3 * HOUR, "Deployed v2", tags=("prod",), color="yellow"),
             AnnotationMark(END - 2 * HOUR, "Outage", end=END - HOUR, color="red")]  # fmt: skip
    exemplars = Frame(
        [
            Field("Time", "time", [END - 5 * HOUR]),
            Field("Value", "number", [10.0]),
            Field("trace_id", "string", ["abc"]),
        ]
    )
    data = {"annotations": notes, "exemplars": [exemplars]}
    page = charts(markup("timeseries", THREE, data=data))
    x, y = page.evaluate(
        "(b => [b.x + 5, b.y + 3])(document.querySelector('.chart-annotation').getBoundingClientRect())"
    )
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    page.settle()
    assert page.evaluate(TOOLTIP) == ["2025-11-30 13:00:00", "Deployed v2", "prod"]
    assert page.evaluate("document.querySelector('.chart-annotation.is-region').offsetWidth") > 50
    share = page.evaluate(f"{PLOT}.valToPos(10, 'y0') / {PLOT}.rect.height")
    assert move(page, 1 / 6, share)[-2:] == ["trace_id", "abc"]


def test_columns_of_a_legend_sort(charts):
    legend = {"displayMode": "table", "calcs": ["max"]}
    page = charts(markup("timeseries", THREE, options={"legend": legend}))
    names = "[...document.querySelectorAll('#room0 tbody button')].map(one => one.textContent)"
    click(page, "#room0 th:nth-child(2)")
    assert page.evaluate(names) == ["free", "basic", "pro"]
    click(page, "#room0 th:nth-child(2)")
    assert page.evaluate(names) == ["pro", "basic", "free"]
    click(page, "#room0 th:first-child")
    assert page.evaluate(names) == ["basic", "free", "pro"]


def test_gaps_stay_gaps_and_lonely_values_are_points(charts):
    times = Field("Time", "time", [END - HOUR * index / 200 for index in range(1000, -1, -1)])
    values = [float(index % 5) if index % 10 else None for index in range(1001)]
    values[300:400] = [None] * 100
    values[350] = 4.0
    page = charts(markup("timeseries", [Frame([times, Field("v", "number", values)])]))
    gaps = page.evaluate(f"{PLOT}.series[1]._paths.gaps.length")
    assert gaps > 20
    shown = f"{PLOT}.series[1].points.filter({PLOT}, 1, false, {PLOT}.series[1]._paths.gaps)"
    assert page.evaluate(shown) == [350]


def test_axes_have_room_for_their_texts(charts):
    names = [f"A long name {index}" for index in range(30)]
    frames = [table(name=names, v=[index * 3.7 % 17 for index in range(30)])]
    page = charts(markup("barchart", frames, options={"xTickLabelRotation": -45}))
    left, room = page.evaluate(f"[{PLOT}.bbox.left, {PLOT}.axes[1]._size]")
    assert left == room


def test_bars_turn_with_the_form_of_their_room(charts):
    page = charts(markup("barchart", SALES))
    lying = f"{PLOT}.scales.x.ori"
    assert page.evaluate(lying) == 0
    page.evaluate("document.querySelector('.room').style.width = '150px'; handles[0].resize()")
    page.settle()
    assert page.evaluate(lying) == 1
    click(page, "#room0 [data-series='0'] button")
    assert page.evaluate(SHOWN) == [True, False]


def test_a_thousand_series_are_drawn(charts):
    frames = [line(f"series {index}", offset=index / 50) for index in range(1000)]
    page = charts(markup("timeseries", frames, options={"tooltip": {"mode": "multi", "sort": "desc"}}))
    assert page.evaluate(f"{INK}(0)") > 1000
    assert move(page, 0.5, 0.5)[-1] == "… 970 more"
    click(page, "#room0 [data-series='5'] button")
    assert page.evaluate(f"{PLOT}.series.filter(one => one.show).length") == 2

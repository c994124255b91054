"""Bars, buckets, cells, states and candles as charts for a page."""

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.markup.chart_markers import CHART_MARKERS
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import panel_markup, themed_markup
from dashgen.drawing.panel_svg import panel_svg
from tests.drawing.picture_support import CONTEXT, END, elements, panel, table
from tests.drawing.test_chart_markup import Tags, chart, markup
from tests.drawing.test_panel_pictures import BUCKETS, CANDLES, COLORED, LINES, SALES, STATES, STEP, UP, frame
from tests.drawing.test_panel_safety import COLOR, EVIL, hostile_frames


def test_bars_have_a_name_for_each_row():
    drawn = chart("barchart", SALES, options={"stacking": "percent", "xTickLabelRotation": -45})
    assert drawn["names"] == ["Dubai", "Ajman", "Sharjah"]
    assert [(one["name"], one["values"]) for one in drawn["series"]] == [
        ("sold", [120, 80, 45]), ("rented", [60, 90, 30]),
    ]  # fmt: skip
    # The widths of groups and bars are swapped where bars are stacked.
    assert (drawn["groupWidth"], drawn["barWidth"], drawn["rotation"]) == (0.97, 0.7, -45)
    assert (drawn["scale"]["softMin"], drawn["scale"]["isPercent"]) == (0, True)


def test_bars_are_coloured_by_value_or_by_another_field():
    assert chart("barchart", SALES, defaults=COLORED)["series"][1]["colors"] == ["#F2495C"] * 3
    frames = [table(city=["a", "b"], sold=[1, 2], risk=[2, 18])]
    drawn = chart("barchart", frames, defaults=COLORED, options={"colorByField": "risk"})
    assert [one["name"] for one in drawn["series"]] == ["sold"]
    assert drawn["series"][0]["colors"] == ["#73BF69", "#F2495C"]


def test_buckets_of_a_histogram():
    frames = [table(v=[1, 2, 2, 9]), table(v=[5])]
    drawn = chart("histogram", frames, options={"bucketSize": 2, "bucketOffset": 1})
    assert [one["buckets"] for one in drawn["series"]] == [[[1, 3, 3], [9, 11, 1]], [[5, 7, 1]]]
    assert (drawn["range"], drawn["isStacked"]) == ([1, 11], False)
    combined = chart("histogram", frames, options={"bucketSize": 2, "combine": True})
    assert [one["name"] for one in combined["series"]] == ["Count"]


def test_buckets_that_were_counted_before():
    frames = [table(xMin=[0, 1, 4], xMax=[1, 4, 16], count=[3, 5, 2])]
    drawn = chart("histogram", frames, defaults={"custom": {"stacking": {"mode": "normal"}}})
    assert [(one["name"], one["buckets"]) for one in drawn["series"]] == [
        ("count", [[0, 1, 3], [1, 4, 5], [4, 16, 2]]),
    ]  # fmt: skip
    assert (drawn["range"], drawn["isStacked"]) == ([0, 16], True)


def test_cells_of_a_heatmap():
    content = markup("heatmap", BUCKETS, options={"yAxis": {"unit": "s"}, "color": {"steps": 8}})
    drawn = content.chart
    assert drawn["ticks"] == [[0.5, "500 ms"], [1.5, "1 s"], [2.5, "+Inf"]]
    assert (len(drawn["times"]), drawn["step"], len(drawn["colors"])) == (13, STEP, 8)
    assert drawn["columns"][2] == [2, 4, 6]
    assert drawn["bounds"] == [1, 6]
    assert [text for text in Tags(content.html).texts if text] == ["1", "6"]
    assert "chart-scale" not in markup("heatmap", BUCKETS, options={"legend": {"show": False}}).html


@pytest.mark.parametrize(
    ("color", "bounds"), [({"min": 0, "max": 10}, [0, 10]), ({"max": 3}, [1, 3]), ({"min": 9}, [0, 6])]
)
def test_the_colours_of_a_heatmap_are_between_its_limits(color, bounds):
    assert chart("heatmap", BUCKETS, options={"color": color})["bounds"] == bounds


def test_buckets_of_a_server_lie_below_their_bounds():
    frames = [
        Frame(
            [
                Field("Time", "time", [END]),
                Field("Value", "number", [count], {"le": le}, {"displayNameFromDS": le}),
            ]
        )
        for le, count in (("0.5", 1), ("+Inf", 2))
    ]
    drawn = chart("heatmap", frames, options={"yAxis": {"unit": "s"}})
    assert drawn["ticks"] == [[0, "0 s"], [1, "500 ms"], [2, "+Inf"]]
    assert drawn["buckets"] == ["0 s to 500 ms", "500 ms to +Inf"]
    reverse = chart("heatmap", frames, options={"yAxis": {"unit": "s", "reverse": True}})
    assert (reverse["columns"], reverse["ticks"][0]) == ([[2, 1]], [0, "+Inf"])


@pytest.mark.parametrize(
    ("calculation", "step", "buckets"),
    [
        ({"xBuckets": {"mode": "size", "value": "1h"}, "yBuckets": {"mode": "size", "value": "10"}}, 3_600_000,
         ["0 to 10", "10 to 20", "20 to 30"]),
        ({"xBuckets": {"mode": "count", "value": "4"}, "yBuckets": {"mode": "count", "value": "3"}}, 3_600_000,
         ["0 to 10", "10 to 20", "20 to 30"]),
        ({"yBuckets": {"scale": {"type": "log", "log": 10}}}, 600_000, ["1 to 10", "10 to 100"]),
        ({"yBuckets": {"value": "2", "scale": {"type": "log", "log": 2}}}, 600_000, None),
    ],
)  # fmt: skip
def test_values_are_counted_in_the_buckets_of_the_options(calculation, step, buckets):
    times = [END - 4 * 3_600_000 + index * 3_600_000 for index in range(5)]
    frames = [Frame([Field("Time", "time", times), Field("v", "number", [1.0, 9.0, 12.0, 15.0, 25.0])])]
    drawn = chart("heatmap", frames, options={"calculate": True, "calculation": calculation})
    assert drawn["step"] == step
    assert sum(map(sum, drawn["columns"])) == 5
    if buckets:
        assert drawn["buckets"] == buckets
    else:
        assert [text for _, text in drawn["ticks"]] == ["1", "2", "4", "8", "16", "32"]


def test_equal_states_are_one_where_they_are_merged():
    drawn = chart("state-timeline", STATES, defaults={"mappings": UP})
    assert [one[:2] for one in drawn["values"]] == [["up", "#73BF69"], ["down", "#F2495C"]]
    first = STATES[0].fields[0].values
    assert drawn["rows"][0]["states"][:2] == [[first[0], first[4], 0], [first[4], first[8], 1]]
    apart = chart("state-timeline", STATES, options={"mergeValues": False})
    assert len(apart["rows"][0]["states"]) == 13
    assert "cellWidth" not in drawn


def test_each_value_of_a_status_history_is_a_cell():
    drawn = chart("status-history", STATES, options={"colWidth": 0.5})
    assert len(drawn["rows"][0]["states"]) == 13
    assert drawn["cellWidth"] == 0.5


def test_candles_with_their_volume():
    drawn = chart(
        "candlestick", CANDLES, defaults={"unit": "currencyUSD"}, options={"colorStrategy": "close-close"}
    )
    candles = drawn["candles"]
    assert candles["marks"][1] == [CANDLES[0].fields[0].values[1], 11, 14, 9, 12.8, 1]
    assert (candles["priceScale"], candles["volumeScale"], candles["isAgainstLast"]) == (0, 1, True)
    assert drawn["scales"][1]["headroom"] == 7
    assert all(one["isMark"] for one in drawn["series"])
    assert chart("candlestick", CANDLES, options={"mode": "candles"})["candles"]["volumeScale"] == -1
    assert "candles" not in chart("candlestick", LINES)


def test_more_fields_of_a_candlestick_are_lines():
    frames = [frame(open=[1.0] * 13, close=[2.0] * 13, average=[1.5] * 13)]
    assert len(chart("candlestick", frames)["series"]) == 2
    content = markup("candlestick", frames, options={"includeAllFields": True})
    assert [one.get("isMark") for one in content.chart["series"]] == [True, True, None]
    assert [text for text in Tags(content.html).texts if text] == ["average"]


def test_points_of_two_numbers():
    frames = [table(x=[1, 2, 4], y=[2.5, 9, 3], size=[0, 50, 100])]
    by_name = [{part: {"matcher": {"id": "byName", "options": part}} for part in ("x", "y", "size")}]
    drawn = chart("xychart", frames, options={"mapping": "manual", "series": by_name})
    assert [one["points"] for one in drawn["series"]] == [[[1, 2.5, 5], [2, 9, 70.7990113], [4, 3, 100]]]
    assert drawn["x"]["name"] == "x"
    assert [one["name"] for one in chart("xychart", frames)["series"]] == ["y", "size"]


ODD = [
    [], [Frame([])], [Frame([Field("Time", "time", [END]), Field("v", "number", [None])])],
    [Frame([Field("Time", "time", [END - 1, END]), Field("v", "number", [float("nan"), float("inf")])])],
    [Frame([Field("Time", "time", [END]), Field("v", "string", ["a"])])],
    [Frame([Field("Time", "time", [END, END]), Field("v", "number", [-1e300, 1e300])])],
]  # fmt: skip


@pytest.mark.parametrize("kind", CHART_MARKERS)
@pytest.mark.parametrize("frames", ODD)
def test_odd_frames_give_content(kind, frames):
    assert chart(kind, frames).get("kind", "") in {
        "",
        "bars",
        "buckets",
        "candles",
        "cells",
        "lines",
        "states",
        "points",
    }


@pytest.mark.parametrize("kind", CHART_MARKERS)
def test_hostile_texts_stay_texts(kind):
    defaults = {
        "unit": f"suffix:{EVIL}", "color": {"mode": "fixed", "fixedColor": COLOR},
        "mappings": [{"type": "value", "options": {"2": {"text": EVIL, "color": COLOR}}}],
    }  # fmt: skip
    tags = Tags(markup(kind, hostile_frames(), defaults=defaults, options={"color": {"fill": COLOR}}).html)
    for tag, attributes in tags.tags:
        assert tag in {"div", "i", "span", "button"}
        assert set(attributes) <= {"class", "style", "title", "type", "data-series", "role"}
        assert "url(" not in attributes.get("style", "")


@pytest.mark.parametrize("kind", CHART_MARKERS)
def test_the_same_data_give_the_same_chart_in_both_themes_but_for_colours(kind):
    themes = [
        chart(kind, LINES, context=CONTEXT.__class__(CONTEXT.time_range, END, theme))
        for theme in ("dark", "light")
    ]
    assert themes[0].get("tables") == themes[1].get("tables")
    assert set(themes[0]) == set(themes[1])


@pytest.mark.parametrize("kind", CHART_MARKERS)
def test_a_chart_in_two_themes_is_as_in_each_alone(kind):
    contexts = [CONTEXT.__class__(CONTEXT.time_range, END, theme) for theme in ("dark", "light")]
    subject, data = (
        panel(kind, options={"legend": {"calcs": ["max"]}}),
        PanelData([table(x=[1, 2], y=[3, 4])] if kind in {"trend", "xychart"} else LINES),
    )
    both = themed_markup(subject, data, (600, 260), contexts)
    assert both == [panel_markup(subject, data, (600, 260), context) for context in contexts]
    assert both[0] != both[1]


@pytest.mark.parametrize("kind", CHART_MARKERS)
@pytest.mark.parametrize(
    ("defaults", "options"),
    [
        ({"min": 0, "max": -1e308}, {}), ({"min": -1e308, "max": 1e308}, {}),
        ({"custom": {"scaleDistribution": {"type": "log", "log": 1}}}, {}),
        ({"custom": {"scaleDistribution": {"type": "symlog", "log": 0}, "axisPlacement": "above"}}, {}),
        ({}, {"groupWidth": -1e308, "barWidth": 1e308, "colWidth": 1e308, "rowHeight": -1, "bucketOffset": 1e308}),
        ({}, {"bucketSize": -3, "bucketCount": 1e308, "stacking": ["x"], "tooltip": "abc", "legend": []}),
        ({}, {"calculate": True, "calculation": {"xBuckets": {"value": "1e-300"}, "yBuckets": {"value": "1e-300"}}}),
    ],
)  # fmt: skip
def test_odd_options_give_content(kind, defaults, options):
    for frames in (LINES, SALES, CANDLES, [table(x=[1, 2], y=[-5.0, 1e300])]):
        subject = panel(kind, defaults=defaults, options=options)
        chart(kind, frames, defaults=defaults, options=options)
        assert panel_svg(subject, PanelData(frames), (600, 260), CONTEXT).startswith("<svg")


def test_names_are_turned_in_pictures():
    subject = panel("barchart", options={"xTickLabelRotation": -45, "orientation": "vertical"})
    svg = panel_svg(subject, PanelData(SALES), (600, 260), CONTEXT)
    turned = [attributes["transform"] for name, attributes, _ in elements(svg) if "transform" in attributes]
    assert len(turned) == 3
    assert all(one.startswith("rotate(45 ") for one in turned)


def test_bars_below_zero_stack_downwards():
    frames = [table(name=["a"], up=[5], down=[-3], more=[-1])]
    marks = elements(
        panel_svg(panel("barchart", options={"stacking": "normal"}), PanelData(frames), (600, 260), CONTEXT)
    )
    bars = [
        attributes
        for name, attributes, _ in marks
        if name == "rect" and attributes.get("fill-opacity") == "0.8"
    ]
    up, down, more = ((float(one["y"]), float(one["y"]) + float(one["height"])) for one in bars)
    assert up[1] == pytest.approx(down[0], abs=0.02)
    assert down[1] == pytest.approx(more[0], abs=0.02)

"""Charts for a page: what Python gives the script that draws them."""

import json
from html.parser import HTMLParser

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.markup.chart_columns import MOST_POINTS, runs_of, short_number
from dashgen.drawing.panel_data import AnnotationMark, PanelData
from dashgen.drawing.panel_markup import panel_markup
from tests.drawing.picture_support import CONTEXT, END, HOUR, line, panel
from tests.drawing.test_panel_safety import COLOR, EVIL, hostile_frames

SIZE = (600, 240)
TWO = [line("free"), line("pro", offset=3)]


def markup(kind, frames, *, overrides=(), context=CONTEXT, data=None, **panel_parts):
    subject = panel(kind, **panel_parts)
    subject["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": name}, "properties": [{"id": key, "value": value}]}
        for name, key, value in overrides
    ]
    return panel_markup(subject, PanelData(frames, **(data or {})), SIZE, context)


def chart(kind, frames, **parts):
    given = markup(kind, frames, **parts).chart
    # What is not JSON would not reach the script.
    return json.loads(json.dumps(given, allow_nan=False))


def custom(**options):
    return {"custom": options}


class Tags(HTMLParser):
    """The tags of markup, with their attributes and the texts between them."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_series_have_their_points_names_and_colours():
    drawn = chart("timeseries", TWO, defaults={"unit": "s"})
    assert [one["name"] for one in drawn["series"]] == ["free", "pro"]
    assert [one["color"] for one in drawn["series"]] == ["#73BF69", "#F2CC0C"]
    assert len(drawn["tables"]) == 1
    assert drawn["tables"][0]["x"] == [[END - 36 * 600_000, 600_000, 37]]
    assert drawn["tables"][0]["columns"][1] == TWO[1].fields[1].values
    assert drawn["range"] == [END - 6 * HOUR, END]


def test_series_of_other_times_have_tables_of_their_own():
    drawn = chart("timeseries", [line("a"), line("b", count=10, unit_step=HOUR)])
    assert [one["at"] for one in drawn["series"]] == [[0, 0], [1, 0]]


def test_values_that_are_no_numbers_are_gaps():
    times = Field("Time", "time", [END - 3000, END - 2000, END - 1000, END])
    values = Field("v", "number", [float("nan"), float("inf"), None, 4.0])
    assert chart("timeseries", [Frame([times, values])])["tables"][0]["columns"] == [[None, None, None, 4]]


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        ({"drawStyle": "bars", "barAlignment": 1, "barWidthFactor": 0.9}, "bars", [0.9, 200, 1]),
        ({"drawStyle": "points"}, "points", "always"),
        ({"lineInterpolation": "stepAfter"}, "line", "stepAfter"),
        ({"lineWidth": 3}, "width", 3),
        ({"lineWidth": 0}, "width", 0),
        ({"lineStyle": {"fill": "dash"}}, "dash", [10, 10]),
        ({"lineStyle": {"fill": "dot", "dash": [0, 8]}}, "isRound", True),
        ({"fillOpacity": 25}, "fill", 0.25),
        ({"gradientMode": "opacity"}, "gradient", "opacity"),
        ({"gradientMode": "scheme"}, "gradient", None),
        ({"spanNulls": True}, "span", True),
        ({"spanNulls": 60_000}, "span", 60_000),
        ({"spanNulls": False}, "span", None),
        ({"showPoints": "never"}, "points", "never"),
        ({"hideFrom": {"viz": True}}, "isHidden", True),
        ({"hideFrom": {"tooltip": True}}, "isWithoutTooltip", True),
    ],
)
def test_options_of_a_series(options, key, value):
    assert chart("timeseries", TWO[:1], defaults=custom(**options))["series"][0].get(key) == value


def test_each_unit_has_an_axis():
    overrides = [("pro", "unit", "bytes")]
    drawn = chart("timeseries", TWO, defaults={"unit": "s"}, overrides=overrides)
    assert [one["side"] for one in drawn["scales"]] == ["left", "right"]
    assert [one["scale"] for one in drawn["series"]] == [0, 1]
    assert drawn["scales"][1]["isBinary"] is True


@pytest.mark.parametrize(
    ("defaults", "key", "value"),
    [
        ({"min": 1, "max": 9}, "max", 9),
        (custom(axisSoftMin=0), "softMin", 0),
        (custom(scaleDistribution={"type": "log", "log": 2}), "log", 2),
        (custom(scaleDistribution={"type": "symlog", "log": 10, "linearThreshold": 5}), "linearThreshold", 5),
        (custom(axisCenteredZero=True), "isCentered", True),
        (custom(axisPlacement="hidden"), "side", "hidden"),
        (custom(axisLabel="Queries"), "label", "Queries"),
        (custom(axisWidth=80), "width", 80),
        (custom(axisColorMode="series"), "color", "#73BF69"),
        ({"decimals": 0}, "decimals", 0),
        ({"unit": "bool"}, "isBoolean", True),
    ],
)
def test_options_of_an_axis(defaults, key, value):
    assert chart("timeseries", TWO[:1], defaults=defaults)["scales"][0][key] == value


def test_series_stand_upon_those_of_their_group_and_direction():
    stacking = custom(stacking={"mode": "percent", "group": "A"})
    frames = [*TWO, line("down", offset=1), line("alone", offset=2)]
    overrides = [
        ("down", "custom.transform", "negative-Y"), ("alone", "custom.stacking", {"mode": "none"}),
    ]  # fmt: skip
    drawn = chart("timeseries", frames, defaults=stacking, overrides=overrides)
    assert [one.get("stack") for one in drawn["series"]] == [0, 0, 1, None]
    assert drawn["stacks"] == [{"direction": 1, "isPercent": True}, {"direction": -1, "isPercent": True}]
    axis = drawn["displays"][drawn["scales"][0]["display"]]
    assert axis["format"] == {"kind": "fixed", "factor": 100, "suffix": "%"}


def test_a_band_is_filled_down_to_its_lower_series():
    below = chart("timeseries", TWO, overrides=[("pro", "custom.fillBelowTo", "free")])["series"][1]
    assert (below["below"], below["fill"]) == (0, 0.35)
    missing = chart("timeseries", TWO, overrides=[("pro", "custom.fillBelowTo", "gone")])["series"][1]
    assert "below" not in missing
    assert "fill" not in missing


def test_thresholds_are_areas_and_lines():
    steps = [{"color": "transparent", "value": None}, {"color": "red", "value": 8}]
    defaults = {
        "thresholds": {"mode": "absolute", "steps": steps}, **custom(thresholdsStyle={"mode": "dashed+area"}),
    }  # fmt: skip
    assert chart("timeseries", TWO, defaults=defaults)["thresholds"] == [
        {"scale": 0, "areas": [[8, None, "#F2495C"]], "lines": [[8, "#F2495C"]], "isDashed": True}
    ]


def test_annotations_and_exemplars_of_the_range():
    marks = [AnnotationMark(END - HOUR, "Deployed", tags=("prod",)), AnnotationMark(END - 9 * HOUR, "before"),
             AnnotationMark(END - 9 * HOUR, "long", end=END, color="red")]  # fmt: skip
    exemplars = Frame(
        [Field("Time", "time", [END - HOUR, END + HOUR]), Field("Value", "number", [2.5, 3.0]),
         Field("trace_id", "string", ["abc", "def"])]
    )  # fmt: skip
    drawn = chart("timeseries", TWO, data={"annotations": marks, "exemplars": [exemplars]})
    assert [one["text"] for one in drawn["annotations"]] == ["Deployed", "long"]
    assert drawn["annotations"][1]["end"] == END
    assert drawn["exemplars"] == [{"x": END - HOUR, "y": 2.5, "labels": [["trace_id", "abc"]]}]


def test_the_legend_lists_series_with_their_calculations():
    legend = {
        "displayMode": "table",
        "placement": "right",
        "calcs": ["max"],
        "sortBy": "Max",
        "sortDesc": True,
    }
    html = markup("timeseries", TWO, options={"legend": {**legend, "width": 220}}).html
    tags = Tags(html)
    rows = [
        attributes["data-series"]
        for tag, attributes in tags.tags
        if tag == "tr" and "data-series" in attributes
    ]
    assert rows == ["1", "0"]
    assert tags.tags[0] == ("div", {"class": "chart beside", "style": "--legend-width:220px"})
    assert [text for text in tags.texts if text] == ["Name", "Max", "pro", "21.0", "free", "18.0"]
    assert "chart-legend" not in markup("timeseries", TWO, options={"legend": {"showLegend": False}}).html


def test_a_series_hidden_in_the_chart_stays_in_the_legend():
    html = markup("timeseries", TWO, overrides=[("pro", "custom.hideFrom", {"viz": True})]).html
    assert [attributes["class"] for _, attributes in Tags(html).tags if "data-series" in attributes] == [
        "chart-legend-item", "chart-legend-item is-hidden",
    ]  # fmt: skip


def test_many_points_are_those_that_are_seen():
    count = 1_000_000
    values = [float(index % 7) for index in range(count)]
    values[654_321] = 99.0
    frame = Frame(
        [Field("Time", "time", [END - count + index for index in range(count)]), Field("v", "number", values)]
    )
    kept = chart("timeseries", [frame])["tables"][0]["columns"][0]
    assert len(kept) <= MOST_POINTS + 8
    assert max(kept) == 99


def test_numbers_are_short():
    assert [short_number(one) for one in (0.1234567890123, 5.0, 123456789012345.0, None, float("nan"))] == [
        0.123456789, 5, 123456789012345, None, None,
    ]  # fmt: skip
    assert runs_of([0, 10, 20, 50, 51]) == [[0, 10, 3], [50, 1, 2]]


def test_hostile_texts_stay_texts():
    defaults = {"unit": f"suffix:{EVIL}", "color": {"mode": "fixed", "fixedColor": COLOR}}
    options = {"legend": {"calcs": ["max"], "displayMode": "table"}}
    html = markup("timeseries", hostile_frames(), defaults=defaults, options=options).html
    tags = Tags(html)
    assert {tag for tag, _ in tags.tags} <= {
        "div", "i", "span", "button", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    for _, attributes in tags.tags:
        assert set(attributes) <= {
            "class",
            "style",
            "title",
            "type",
            "data-series",
            "data-sort",
            "data-number",
        }
        assert "url(" not in attributes.get("style", "")


@pytest.mark.parametrize("kind", ["timeseries", "trend"])
@pytest.mark.parametrize(
    "frames", [[], [Frame([])], [Frame([Field("Time", "time", [END]), Field("v", "number", [None])])]]
)
def test_a_panel_without_values_has_no_chart(kind, frames):
    empty = markup(kind, frames)
    assert empty.chart == {}
    assert "No data" in empty.html

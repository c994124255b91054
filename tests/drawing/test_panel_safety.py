"""No text of a panel or of its data becomes markup, and no picture refers to anything outside itself."""

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import DRAWERS, panel_svg
from tests.drawing.picture_support import CONTEXT, END, elements, panel

EVIL = '<script>alert(1)</script>"\'&<image href="http://x.test/a.png"/>\x00\x1b[31m]]>\ud800'
COLOR = 'url(http://x.test/#a)"/><script/>'


def hostile_frames():
    times = Field("Time", "time", [END - 60_000, END])
    value = Field("Value", "number", [1.0, 2.0], {EVIL: EVIL}, {"displayNameFromDS": EVIL})
    log = Frame(
        [Field("labels", "other", [{"level": EVIL}] * 2), times, Field("Line", "string", [EVIL, EVIL])], "L"
    )
    return [Frame([times, value], "A", EVIL), log]


@pytest.mark.parametrize("kind", [*DRAWERS, "nodeGraph", EVIL])
def test_hostile_texts_stay_texts(kind):
    hostile = panel(
        kind,
        title=EVIL,
        description=EVIL,
        defaults={"unit": f"suffix:{EVIL}", "color": {"mode": "fixed", "fixedColor": COLOR},
                  "mappings": [{"type": "value", "options": {"2": {"text": EVIL, "color": COLOR}}}],
                  "thresholds": {"mode": "absolute", "steps": [{"color": COLOR, "value": None}]},
                  "links": [{"url": "javascript:alert(1)", "title": EVIL}]},
        options={"content": EVIL, "legend": {"showLegend": True, "calcs": ["max"]}, "showTime": True},
        targets=[{"refId": "A", "expr": EVIL}],
    )  # fmt: skip
    svg = panel_svg(hostile, PanelData(hostile_frames()), (400, 260), CONTEXT)
    tags = {name for name, _, _ in elements(svg)}
    assert tags <= {
        "svg", "title", "g", "rect", "text", "tspan", "path", "line", "circle", "clipPath", "linearGradient",
        "radialGradient", "stop",
    }  # fmt: skip
    for _, attributes, _ in elements(svg):
        for name, value in attributes.items():
            assert "href" not in name
            assert not name.lower().startswith("on")
            assert "url(" not in value or value.startswith("url(#p")


@pytest.mark.parametrize("kind", DRAWERS)
@pytest.mark.parametrize(
    "values", [[], [None, None], [float("nan"), float("inf")], [-1e300, 1e300], ["a", None], [0.0, 0.0]]
)
@pytest.mark.parametrize("size", [(400, 260), (40, 20)])
def test_odd_data_and_little_room_give_a_picture(kind, values, size):
    kinds = "string" if "a" in values else "number"
    times = Field("Time", "time", [END - 60_000, END][: len(values)])
    frames = [Frame([times, Field("Value", kinds, values, {})], "A")]
    for given in (frames, [], [Frame([], "A")]):
        svg = panel_svg(
            panel(kind, options={"legend": {"displayMode": "table"}}), PanelData(given), size, CONTEXT
        )
        assert elements(svg)[0][0] == "svg"
        assert "nan" not in svg.lower().replace("nan</text>", "").replace("nan<tspan", "")


def test_the_same_data_give_the_same_bytes():
    frames = hostile_frames()
    pictures = {panel_svg(panel("timeseries"), PanelData(frames), (400, 260), CONTEXT) for _ in range(3)}
    assert len(pictures) == 1

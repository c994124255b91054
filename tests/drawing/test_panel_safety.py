"""No text of a panel or of its data becomes markup, and no picture refers to anything outside itself."""

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import AlertEntry, AnnotationMark, DashboardEntry, PanelData
from dashgen.drawing.panel_markup import MARKERS, panel_markup
from dashgen.drawing.panel_svg import DRAWERS, panel_svg
from tests.drawing.markup_support import assert_inert, shown_text
from tests.drawing.picture_support import CONTEXT, END, elements, panel, table

EVIL = '<script>alert(1)</script>"\'&<image href="http://x.test/a.png"/>\x00\x1b[31m]]>\ud800'
HTML = (
    '<img src=x onerror=alert(1)><svg onload=alert(1)><a xlink:href="javascript:alert(1)"><circle/></a></svg>'
    "<iframe src=javascript:alert(1)></iframe><a href='java\tscript:alert(1)' onclick=alert(1)>a</a>"
    '<p style="background:url(http://x.test/a);position:fixed">p</p><style>*{color:red}</style><form action=x>'
    "<math><mi xlink:href='javascript:alert(1)'>m</mi></math><!--c--><![CDATA[x]]><?php x ?><base href=//x.test>"
    "[l](javascript:alert(1)) ![i](http://x.test/i.png) [d](data:text/html,<script>alert(1)</script>) </div></body>"
    "\u202egnp.exe\u2066 \x1b]8;;http://x.test\x07link\x1b]8;;\x07 \x1b[31;40mred"
)
COLOR = 'url(http://x.test/#a)"/><script/>'


def hostile_frames():
    times = Field("Time", "time", [END - 60_000, END])
    value = Field("Value", "number", [1.0, 2.0], {EVIL: EVIL}, {"displayNameFromDS": EVIL})
    log = Frame(
        [Field("labels", "other", [{"level": EVIL}] * 2), times, Field("Line", "string", [EVIL, EVIL])], "L"
    )
    columns = [
        Field(name, "string", [EVIL, HTML])
        for name in ("id", "title", "source", "target", "mainstat", "traceID")
    ]
    return [Frame([times, value], "A", EVIL), log, Frame(columns, EVIL, EVIL)]


def hostile_data():
    alert = AlertEntry(EVIL, "firing", EVIL, EVIL, END, {EVIL: EVIL, "a": HTML}, HTML)
    mark = AnnotationMark(END - 1000, HTML, END, (EVIL,), COLOR)
    board = DashboardEntry(HTML, 'x"><script>', EVIL, (EVIL,))
    return PanelData(hostile_frames(), (), (mark,), "", (alert,), (board,))


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


def hostile_panel(kind, content, **options):
    links = [
        {"url": "javascript:alert(1)", "title": EVIL}, {"url": "${__value.raw}", "title": HTML},
        {"url": 'https://x.test/${__data.fields.title}"onclick=alert(1)', "title": "x"},
    ]  # fmt: skip
    return panel(
        kind,
        title=EVIL,
        defaults={"unit": f"suffix:{EVIL}", "color": {"mode": "fixed", "fixedColor": COLOR}, "noValue": HTML, "links": links,
                  "displayName": content, "description": HTML, "actions": [{"title": HTML}],
                  "mappings": [{"type": "value", "options": {"2": {"text": HTML, "color": COLOR}}}],
                  "thresholds": {"mode": "absolute", "steps": [{"color": COLOR, "value": None}]}},
        options={"content": content, "legend": {"showLegend": True, "values": ["value"], "width": COLOR},
                 "showTime": True, "showLabels": True, "showCommonLabels": True, "timezone": EVIL, **options},
        targets=[{"refId": EVIL, "expr": HTML}],
        transformations=[{"id": EVIL}],
    )  # fmt: skip


@pytest.mark.parametrize("kind", [*MARKERS, "geomap", EVIL])
@pytest.mark.parametrize("content", [EVIL, HTML])
def test_hostile_texts_are_inert_as_markup(kind, content):
    for mode in ("markdown", "html", "code"):
        content_markup = panel_markup(
            hostile_panel(kind, content, mode=mode), hostile_data(), (400, 260), CONTEXT
        )
        assert_inert(content_markup.html, identity=CONTEXT.prefix)
    error = panel_markup(hostile_panel(kind, content), PanelData(error=HTML), (400, 260), CONTEXT)
    assert_inert(error.html, identity=CONTEXT.prefix)
    assert "gnp.exe" in shown_text(error.html)


CELLS = (
    "auto", "color-text", "color-background", "gauge", "sparkline", "json-view", "image", "data-links",
    "pill",
    "markdown", "geo", "actions", EVIL,
)  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_hostile_cells_are_inert(kind):
    subject = hostile_panel("table", EVIL)
    subject["fieldConfig"]["defaults"] |= {
        "custom": {"cellOptions": {"type": kind, "mode": EVIL, "alt": HTML}, "align": EVIL}
    }
    del subject["fieldConfig"]["defaults"]["displayName"]
    cells = [EVIL, HTML, "data:image/svg+xml;base64,PHN2Zy8+", "data:text/html,x", '{"a": "<script>"}']
    others = Field(
        "o", "other", [{"trend": [1, "x", None], "value": EVIL}, {EVIL: [HTML]}, [HTML], None, EVIL]
    )
    frame = Frame(
        [Field("title", "string", cells), others, Field("n", "number", [1, None, 2, float("nan"), 1e308])],
        "A",
        HTML,
    )
    markup = panel_markup(subject, PanelData([frame, frame]), (400, 260), CONTEXT)
    assert_inert(markup.html, identity=CONTEXT.prefix)


@pytest.mark.parametrize("kind", MARKERS)
def test_odd_data_give_markup(kind):
    for values in (
        [],
        [None, None],
        [float("nan"), float("inf")],
        [-1e300, 1e300],
        ["a", None],
        [0.0, 0.0],
        [True, False],
    ):
        times = Field("Time", "time", [END - 60_000, END][: len(values)])
        number = Field("Value", "string" if "a" in values else "number", values, {})
        for frames in ([Frame([times, number], "A")], [], [Frame([], "A")]):
            for size in ((400, 260), (40, 20)):
                markup = panel_markup(panel(kind), PanelData(frames), size, CONTEXT)
                assert_inert(markup.html, identity=CONTEXT.prefix)


def test_huge_texts_are_cut():
    rows = [table(text=["x" * 3_000_000])]
    for kind in ("table", "text", "logs"):
        subject = panel(kind, options={"content": "y" * 3_000_000})
        assert len(panel_markup(subject, PanelData(rows), (400, 260), CONTEXT).html) < 300_000


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

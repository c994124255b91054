"""Pictures of panels: what was drawn once, looked at, and kept (DASHGEN_GOLDEN=1 records them again)."""

from pathlib import Path

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import DRAWERS, panel_svg
from tests.drawing.list_support import GRAPH, LISTS, TRACE, data_of
from tests.drawing.picture_support import CONTEXT, END, elements, line, panel, table, texts
from tests.golden import check

GOLDEN = Path(__file__).parent / "pictures"
STEP = 1_800_000
TIMES = [END - (12 - index) * STEP for index in range(13)]
LINES = [line(name, offset=offset, count=13, unit_step=STEP) for name, offset in (("free", 0), ("basic", 3))]
SALES = [table(city=["Dubai", "Ajman", "Sharjah"], sold=[120, 80, 45], rented=[60, 90, 30])]
STEPS = [{"color": "green", "value": None}, {"color": "yellow", "value": 10}, {"color": "red", "value": 16}]
COLORED = {
    "color": {"mode": "thresholds"},
    "thresholds": {"mode": "absolute", "steps": STEPS},
    "min": 0,
    "max": 20,
}
UP = [
    {
        "type": "value",
        "options": {"0": {"text": "up", "color": "green"}, "1": {"text": "down", "color": "red"}},
    }
]


def frame(**columns):
    return Frame(
        [Field("Time", "time", TIMES), *(Field(name, "number", values) for name, values in columns.items())]
    )


STATES = [frame(api=[float(index // 4 % 2) for index in range(13)])]
CANDLES = [frame(open=[10 + i for i in range(13)], high=[13 + i for i in range(13)], low=[8 + i for i in range(13)],
                 close=[12 + i * 0.8 for i in range(13)], volume=[float(i % 5) for i in range(13)])]  # fmt: skip
BUCKETS = [
    frame(**{le: [float((i * k) % 7) for i in range(13)] for k, le in enumerate(("0.5", "1", "+Inf"), 1)})
]
LOGS = [Frame([Field("labels", "other", [{"level": "error"}, {"level": "info"}]), Field("Time", "time", TIMES[-2:]),
               Field("Line", "string", ["no answer from <model>", "answered & paid"])])]  # fmt: skip
TABLE_LEGEND = {"legend": {"displayMode": "table", "placement": "bottom", "calcs": ["mean", "lastNotNull"]}}
CASES = {
    "timeseries": ("timeseries", LINES, {"unit": "s", "custom": {"fillOpacity": 20}}, TABLE_LEGEND),
    "timeseries-stacked": (
        "timeseries", LINES, {"custom": {"stacking": {"mode": "normal"}, "drawStyle": "bars", "fillOpacity": 80}},
        {"legend": {"placement": "right"}},
    ),
    "timeseries-thresholds": (
        "timeseries", LINES[:1],
        {**COLORED, "custom": {"thresholdsStyle": {"mode": "line+area"}, "gradientMode": "scheme", "lineWidth": 2}}, {},
    ),
    "stat": ("stat", LINES, {**COLORED, "unit": "reqps"}, {"showPercentChange": True, "colorMode": "background"}),
    "gauge": ("gauge", LINES[:1], {**COLORED, "unit": "percent"}, {}),
    "bargauge": ("bargauge", LINES, COLORED, {"orientation": "horizontal", "displayMode": "gradient"}),
    "barchart": ("barchart", SALES, {}, {"orientation": "vertical"}),
    "piechart": ("piechart", LINES, {}, {"pieType": "donut", "displayLabels": ["percent"]}),
    "table": ("table", SALES, {**COLORED, "custom": {"cellOptions": {"type": "color-background"}}}, {}),
    "logs": ("logs", LOGS, {}, {"showTime": True}),
    "heatmap": ("heatmap", BUCKETS, {}, {"yAxis": {"unit": "s"}}),
    "histogram": ("histogram", LINES, {}, {"combine": True}),
    "state-timeline": ("state-timeline", STATES, {"mappings": UP}, {}),
    "status-history": ("status-history", STATES, {"mappings": UP}, {}),
    "candlestick": ("candlestick", CANDLES, {"unit": "currencyUSD"}, {}),
    "trend": ("trend", [table(x=[1, 2, 4], y=[2.5, 9, 3])], {}, {}),
    "xychart": ("xychart", [table(x=[1, 2, 4], y=[2.5, 9, 3], z=[1, 5, 8])], {"custom": {"show": "points+lines"}}, {}),
    "text": ("text", [], {}, {"content": "# Plan\n- **one** [link](x)\n\n```\nrun it\n```"}),
    "nodeGraph": ("nodeGraph", GRAPH, {}, {}),
    "traces": ("traces", TRACE, {}, {}),
    "alertlist": ("alertlist", LISTS, {}, {"stateFilter": {"firing": True, "pending": True}}),
    "annolist": ("annolist", LISTS, {}, {}),
    "dashlist": ("dashlist", LISTS, {}, {"showStarred": True, "showSearch": True, "tags": ["cost"]}),
    "grafana-clock-panel": ("grafana-clock-panel", [], {}, {"dateSettings": {"showDate": True}}),
    "unsupported": ("geomap", SALES, {}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_picture(name):
    kind, frames, defaults, options = CASES[name]
    subject = panel(kind, title=name, defaults=defaults, options=options, targets=[{"expr": "up == 0"}])
    check(GOLDEN / f"{name}.svg", panel_svg(subject, data_of(frames), (320, 200), CONTEXT) + "\n")


def test_each_drawer_has_a_picture():
    assert {kind for kind, *_ in CASES.values()} >= set(DRAWERS) - {"graph"}


def drawn(kind, frames, defaults=None, options=None, **others):
    return texts(
        panel_svg(
            panel(kind, defaults=defaults, options=options, **others), PanelData(frames), (320, 200), CONTEXT
        )
    )


def test_values_are_written_with_unit_decimals_and_mappings():
    frames = [table(v=[1234.5])]
    assert "$1.23K" in drawn("stat", frames, {"unit": "currencyUSD"})
    assert "1234.50" in drawn("stat", frames, {"decimals": 2})
    mapped = {"mappings": [{"type": "range", "options": {"from": 1000, "result": {"text": "much"}}}]}
    assert "much" in drawn("stat", frames, mapped)


def test_no_values_are_told():
    assert "No data" in drawn("timeseries", [])
    assert "quiet" in drawn("stat", [], {"noValue": "quiet"})


def test_names_take_labels_and_overrides():
    frames = [
        Frame([Field("Time", "time", TIMES), Field("Value", "number", [1.0] * 13, {"tier": "pro"})], "A")
    ]
    assert "tier pro" in drawn("timeseries", frames, {"displayName": "tier ${__field.labels.tier}"})
    subject = panel("stat", options={"textMode": "name"})
    override = {
        "matcher": {"id": "byType", "options": "number"},
        "properties": [{"id": "displayName", "value": "X"}],
    }
    subject["fieldConfig"]["overrides"] = [override]
    assert "X" in texts(panel_svg(subject, PanelData(frames), (320, 200), CONTEXT))


def test_titles_have_the_texts_of_variables():
    context = CONTEXT.__class__(CONTEXT.time_range, CONTEXT.now_ms, variables={"tier": "pro"})
    svg = panel_svg(panel("text", title="Of ${tier} and $unknown"), PanelData([]), (320, 200), context)
    assert "Of pro and $unknown" in texts(svg)


def test_a_band_is_filled_to_its_lower_line():
    bands = {"custom": {"fillOpacity": 30}}
    subject = panel("timeseries", defaults=bands)
    names = [
        {
            "matcher": {"id": "byName", "options": "basic"},
            "properties": [{"id": "custom.fillBelowTo", "value": "free"}],
        }
    ]
    subject["fieldConfig"]["overrides"] = names
    svg = panel_svg(subject, PanelData(LINES), (320, 200), CONTEXT)
    assert sum(attributes.get("fill-opacity") == "0.3" for _, attributes, _ in elements(svg)) == 1

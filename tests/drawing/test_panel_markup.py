"""Contents as HTML: what was drawn once, looked at in a browser, and kept (DASHGEN_GOLDEN=1 records it again)."""

import re
from pathlib import Path

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import panel_markup
from tests.drawing.list_support import ALERTS, GRAPH, LISTS, TRACE, data_of
from tests.drawing.markup_support import assert_inert, read_markup, shown_text
from tests.drawing.picture_support import CONTEXT, END, line, panel, table
from tests.golden import check

GOLDEN = Path(__file__).parent / "markup"
STEPS = [{"color": "green", "value": None}, {"color": "yellow", "value": 10}, {"color": "red", "value": 16}]
COLORED = {
    "color": {"mode": "thresholds"},
    "thresholds": {"mode": "absolute", "steps": STEPS},
    "min": 0,
    "max": 20,
}
LINES = [line(name, offset=offset, count=7) for name, offset in (("free", 0), ("basic", 3), ("pro", 5))]
SALES = [table(city=["Dubai", "Ajman", "Sharjah"], sold=[12.5, 8.0, 19.0], tags=["a,b", "c", ""])]
LOGS = [
    Frame(
        [
            Field("labels", "other", [{"level": "error", "app": "x"}, {"level": "info", "app": "x"}]),
            Field("Time", "time", [END - 1000, END]),
            Field("Line", "string", ["no answer from <model>", "\x1b[31mred\x1b[0m plain\x1b[2K"]),
        ]
    )
]
CASES = {
    "stat": ("stat", LINES[:1], {**COLORED, "unit": "s"}, {}),
    "stat-many": ("stat", LINES, COLORED, {"colorMode": "background", "showPercentChange": True}),
    "gauge": ("gauge", LINES[:1], {**COLORED, "unit": "percent"}, {"showThresholdLabels": True}),
    "bargauge": ("bargauge", LINES, COLORED, {"orientation": "horizontal"}),
    "bargauge-upright": ("bargauge", LINES, COLORED, {"displayMode": "lcd"}),
    "piechart": ("piechart", LINES, {}, {"pieType": "donut", "legend": {"displayMode": "table", "values": ["percent"]}}),
    "table": ("table", SALES, COLORED, {"footer": {"show": True, "reducer": ["sum"]}}),
    "logs": ("logs", LOGS, {}, {"showTime": True, "showLabels": True}),
    "nodeGraph": ("nodeGraph", GRAPH, {}, {}),
    "traces": ("traces", TRACE, {}, {}),
    "alertlist": ("alertlist", LISTS, {}, {"stateFilter": {"firing": True, "pending": True}}),
    "annolist": ("annolist", LISTS, {}, {}),
    "dashlist": ("dashlist", LISTS, {}, {"showStarred": True, "showSearch": True, "tags": ["cost"]}),
    "clock": ("grafana-clock-panel", [], {}, {"dateSettings": {"showDate": True}}),
    "unsupported": ("geomap", SALES, {}, {}),
    "text": ("text", [], {}, {"content": "# Plan\n- **one** [link](https://x.test)\n  1. two\n\n```\nrun it\n```"}),
}  # fmt: skip


def markup(kind, frames, defaults=None, options=None, **others):
    subject = panel(kind, defaults=defaults, options=options, **others)
    return panel_markup(subject, data_of(frames), (320, 200), CONTEXT).html


@pytest.mark.parametrize("name", CASES)
def test_a_content(name):
    html = markup(*CASES[name])
    assert_inert(html, identity=CONTEXT.prefix)
    check(GOLDEN / f"{name}.html", html.replace("><", ">\n<") + "\n")


def test_errors_and_answers_without_values_have_a_message():
    failed = panel_markup(panel("stat"), PanelData(error="a <server> is down"), (320, 200), CONTEXT)
    assert shown_text(failed.html) == "a <server> is down"
    for kind in ("stat", "gauge", "bargauge", "piechart", "table", "logs"):
        assert shown_text(markup(kind, [], {"noValue": "quiet"})) == "quiet"
        assert shown_text(markup(kind, [])) == "No data"


def test_a_grid_of_values_has_columns_for_each_width():
    html = markup("stat", LINES * 3)
    columns = [int(one) for one in re.findall(r"--columns:(\d+)", html)]
    assert columns == sorted(columns)
    assert columns[0] == 1
    assert columns[-1] == 9


def styles_of(html, name):
    return [
        attributes.get("style", "") for _, attributes in read_markup(html).elements
        if name in (attributes.get("class") or "").split()
    ]  # fmt: skip


def test_colour_modes_of_a_stat():
    looks = {
        mode: markup(
            "stat", LINES[:1], {"color": {"mode": "fixed", "fixedColor": "#112233"}}, {"colorMode": mode}
        )
        for mode in ("value", "background", "background_solid", "none")
    }
    assert styles_of(looks["value"], "stat-value") == ["color:#112233"]
    assert styles_of(looks["none"], "stat-value") == [f"color:{CONTEXT.palette.text}"]
    assert (
        "background:linear-gradient(120deg,#112233,#112233)"
        in styles_of(looks["background_solid"], "stat-room")[0]
    )
    assert "background:linear-gradient(120deg,#" in styles_of(looks["background"], "stat-room")[0]
    assert "#112233,#112233" not in styles_of(looks["background"], "stat-room")[0]


def test_text_modes_of_a_stat():
    shown = {mode: shown_text(markup("stat", LINES[:1], {}, {"textMode": mode, "graphMode": "none"}))
             for mode in ("auto", "value", "value_and_name", "name", "none")}  # fmt: skip
    value = shown["value"]
    assert shown == {
        "auto": value,
        "value": value,
        "value_and_name": f"free {value}",
        "name": "free",
        "none": "",
    }


def test_a_bar_is_filled_by_its_share():
    html = markup("bargauge", [table(v=[5.0])], {"min": 0, "max": 20}, {"displayMode": "basic"})
    assert styles_of(html, "bar-fill")[0].startswith("--share:25%")


def column_panel(kind, options, name="sold"):
    subject = panel("table", defaults=COLORED)
    value = {"type": kind, **options}
    override = {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": "custom.cellOptions", "value": value}],
    }
    subject["fieldConfig"]["overrides"] = [override]
    return subject


@pytest.mark.parametrize(
    ("kind", "options", "name", "part"),
    [
        ("color-text", {}, "sold", 'style="color:#'),
        ("color-background", {"mode": "basic"}, "sold", "background:#"),
        ("color-background", {"mode": "gradient"}, "sold", "background:linear-gradient(120deg,#"),
        ("color-background", {"applyToRow": True, "mode": "basic"}, "sold", '<tr style="color:#'),
        ("gauge", {"mode": "lcd"}, "sold", "bar-cells"),
        ("gauge", {"mode": "basic"}, "sold", "bar-fill-basic"),
        ("gauge", {"valueDisplayMode": "hidden"}, "sold", '<div class="cell-bar"><div class="bar-track"'),
        ("pill", {}, "tags", '>a</span><span class="pill"'),
        ("json-view", {}, "city", 'class="cell-json"'),
        ("markdown", {}, "city", "<p>Dubai</p>"),
    ],
)  # fmt: skip
def test_a_type_of_cells(kind, options, name, part):
    html = panel_markup(column_panel(kind, options, name), PanelData(SALES), (320, 200), CONTEXT).html
    assert part in html


def test_links_of_cells_lead_to_their_own_rows():
    links = [
        {
            "url": "https://x.test/${__data.fields.city}?v=${__value.raw}&t=${__from}",
            "title": "of ${__value.text}",
        }
    ]
    subject = column_panel("auto", {})
    subject["fieldConfig"]["overrides"][0]["properties"].append({"id": "links", "value": links})
    html = panel_markup(subject, PanelData(SALES), (320, 200), CONTEXT).html
    found = [attributes for tag, attributes in read_markup(html).elements if tag == "a"]
    assert [one["href"] for one in found] == [
        f"https://x.test/{city}?v={value}&t={CONTEXT.time_range[0]}" for city, value in (("Dubai", "12.5"), ("Ajman", "8"), ("Sharjah", "19"))
    ]  # fmt: skip
    assert found[0]["title"] == "of 12.5"
    assert {one["rel"] for one in found} == {"noopener noreferrer"}


def test_links_within_grafana_name_their_dashboard():
    subject = column_panel("auto", {})
    links = [{"url": "/d/ai-cost/costs?var-tier=${__data.fields.city}", "title": ""}]
    subject["fieldConfig"]["overrides"][0]["properties"].append({"id": "links", "value": links})
    html = panel_markup(subject, PanelData(SALES), (320, 200), CONTEXT).html
    found = [attributes for tag, attributes in read_markup(html).elements if tag == "a"]
    assert {one["data-uid"] for one in found} == {"ai-cost"}
    assert not any("href" in one for one in found)


def test_rows_are_sorted_as_configured_and_many_are_cut():
    html = markup("table", SALES, {}, {"sortBy": [{"displayName": "sold", "desc": True}]})
    assert shown_text(html).index("Sharjah") < shown_text(html).index("Ajman")
    assert 'aria-sort="descending"' in html
    assert "1000 of 1500 rows" in shown_text(markup("table", [table(n=[*range(1500)])]))


def test_hidden_columns_and_headers_are_left_out():
    subject = column_panel("auto", {})
    subject["fieldConfig"]["overrides"][0]["properties"] = [{"id": "custom.hideFrom", "value": {"viz": True}}]
    subject["options"]["showHeader"] = False
    html = panel_markup(subject, PanelData(SALES), (320, 200), CONTEXT).html
    assert "12.5" not in html
    assert "<thead" not in html


@pytest.mark.parametrize(
    ("strategy", "lines", "shown"),
    [
        ("exact", ["a 1", "a 1", "a 2"], ["2x a 1", "a 2"]),
        ("numbers", ["a 1", "a 2", "b 2"], ["2x a 1", "b 2"]),
        ("signature", ["a 1", "b 2", "b: 2"], ["2x a 1", "b: 2"]),
        ("none", ["a", "a"], ["a", "a"]),
    ],
)
def test_repeated_lines_are_counted(strategy, lines, shown):
    times = [END - index for index in range(len(lines))]
    frame = Frame([Field("Time", "time", times), Field("Line", "string", lines)])
    html = markup("logs", [frame], {}, {"dedupStrategy": strategy})
    assert re.findall(r"(?:\d+x )?[ab]:?(?: \d)?", shown_text(html)) == shown


def test_lines_are_pretty_and_in_order():
    frame = Frame([Field("Time", "time", [END, END - 5]), Field("Line", "string", ['{"a": 1}', "first"])])
    html = markup("logs", [frame], {}, {"prettifyLogMessage": True, "sortOrder": "Ascending"})
    assert html.index("first") < html.index("{\n  &quot;a&quot;: 1\n}")


def test_markdown_and_html_lose_what_acts():
    content = "<b onclick='x()'>bold</b> <script>alert(1)</script><a href=javascript:x>l</a> <span style='color:red;position:fixed'>r</span>"
    for mode in ("markdown", "html"):
        html = markup("text", [], {}, {"content": content, "mode": mode})
        assert "<b>bold</b>" in html
        assert '<span style="color:red">r</span>' in html
        assert "alert" not in html
        assert "href" not in html


def test_code_keeps_its_lines():
    html = markup("text", [], {}, {"content": "a\n  <b>", "mode": "code", "code": {"showLineNumbers": True}})
    assert 'a</span>\n<span class="code-line">  &lt;b&gt;' in html


def listed(options, names=("Cost is high", "Answers are slow", "All is well", "No data")):
    shown = shown_text(markup("alertlist", LISTS, {}, options))
    return [name for name in names if name in shown]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Cost is high", "Answers are slow", "No data"]),
        ({"stateFilter": {"firing": True}}, ["Cost is high"]),
        ({"stateFilter": {"normal": True, "noData": True}}, ["All is well", "No data"]),
        ({"folder": {"title": "Speed", "uid": "s"}}, ["Answers are slow"]),
        ({"alertName": "COST"}, ["Cost is high"]),
        ({"alertInstanceLabelFilter": '{severity="warning"}'}, ["Answers are slow"]),
        ({"alertInstanceLabelFilter": '{severity=~"crit.*|warning", team!="ai"}'}, ["Answers are slow"]),
        ({"maxItems": 1, "sortOrder": 2}, ["No data"]),
        ({"maxItems": 1, "sortOrder": 3}, ["Cost is high"]),
    ],
)
def test_alerts_pass_the_filters_of_their_list(options, names):
    assert listed(options) == names


def test_alerts_are_grouped_and_counted():
    grouped = markup("alertlist", LISTS, {}, {"groupMode": "custom", "groupBy": ["team"]})
    assert [text for tag, text in read_markup(grouped).texts if tag == "h6"] == [
        "team=web",
        "team=ai",
        "No grouping",
    ]
    assert shown_text(markup("alertlist", LISTS, {}, {"viewMode": "stat"})) == str(len(ALERTS) - 1)
    assert "firing for 1h 2m" in shown_text(markup("alertlist", LISTS))
    assert shown_text(markup("alertlist", LISTS, {}, {"alertName": "x"})) == "No alerts matching filters"


def test_dashboards_are_listed_by_tags_and_folders():
    found = markup("dashlist", LISTS, {}, {"showSearch": True, "tags": ["cost"]})
    assert [attributes["data-uid"] for tag, attributes in read_markup(found).elements if tag == "a"] == [
        "bills",
        "costs",
    ]
    by_folder = markup(
        "dashlist", LISTS, {}, {"showSearch": True, "folderUID": "speed", "showHeadings": False}
    )
    assert shown_text(by_folder) == "Answers Speed"
    assert "known to Grafana only" in shown_text(markup("dashlist", LISTS, {}, {"showRecentlyViewed": True}))


def test_a_panel_that_is_not_drawn_shows_its_queries_and_result():
    context = CONTEXT.__class__(CONTEXT.time_range, CONTEXT.now_ms, variables={"tier": "pro"})
    subject = panel("geomap", targets=[{"refId": "A", "expr": 'up{tier="$tier"}'}])
    shown = shown_text(panel_markup(subject, PanelData(SALES), (320, 200), context).html)
    assert shown.startswith('A world map (geomap) is drawn by Grafana only. up{tier="pro"}')
    assert "Sharjah" in shown
    for kind, sentence in (
        ("acme-chart-panel", "The plugin acme-chart-panel is drawn by Grafana only."),
        ("unknown", "A panel of type unknown is drawn by Grafana only."),
        ("", "A panel without a type is drawn by nobody."),
    ):
        assert shown_text(markup(kind, [])) == sentence
    library = panel("library-panel-ref", libraryPanel={"uid": "u", "name": "Costs"})
    assert shown_text(panel_markup(library, PanelData(), (320, 200), context).html) == (
        "The library panel Costs is kept in Grafana and is not here."
    )


def test_what_only_grafana_transforms_is_noted():
    html = markup(
        "table", SALES, transformations=[{"id": "spatial"}, {"id": "limit", "options": {"limitField": 1}}]
    )
    assert "Not transformed by spatial: only Grafana computes that." in shown_text(html)
    assert "Ajman" not in shown_text(html)


def test_a_graph_of_arrows_alone_has_their_ends():
    html = markup("nodeGraph", GRAPH[1:])
    assert {"web", "api", "db"} <= set(shown_text(html).split())


def test_spans_are_below_those_that_called_them():
    html = markup("traces", TRACE)
    names = [text for tag, text in read_markup(html).texts if tag == "strong"]
    assert names == ["web", "bot", "llm"]
    places = styles_of(html, "trace-bar")
    assert places[1].startswith("margin-left:10.000%;width:80.000%")
    assert "trace-failed" in html


def arcs(options, defaults=None, value=5.0):
    html = markup("gauge", [table(v=[value])], {"min": 0, "max": 20, **(defaults or {})}, options)
    return [attributes["d"] for tag, attributes in read_markup(html).elements if tag == "path"]


def test_gauges_have_segments_neutral_values_and_circles():
    assert len(arcs({})) == 2
    assert len(arcs({"segmentCount": 4, "segmentSpacing": 0.3})) == 4 + 1
    assert len(arcs({"segmentCount": 4}, value=12.0)) == 4 + 3
    assert arcs({}, {"custom": {"neutral": 10}}) == arcs({"neutral": 10}) != arcs({})
    assert arcs({"shape": "circle"}) != arcs({})
    assert len(arcs({"showThresholdMarkers": False}, COLORED)) == len(arcs({}, COLORED)) - 3


def test_percentages_of_a_gauge_are_of_a_hundred():
    html = markup("gauge", [table(v=[50.0])], {"unit": "percent", **COLORED, "min": None, "max": None})
    assert html == markup("gauge", [table(v=[50.0])], {"unit": "percent", **COLORED, "min": 0, "max": 100})

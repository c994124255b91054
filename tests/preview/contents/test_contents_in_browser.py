"""Contents in a browser: tables sort and page, lines open, texts fit at any width, nothing acts."""

import pytest

from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_markup import MARKERS, panel_markup
from tests.drawing.list_support import GRAPH, LISTS, TRACE, data_of
from tests.drawing.picture_support import CONTEXT, line, panel, table
from tests.drawing.test_panel_markup import LOGS
from tests.drawing.test_panel_safety import EVIL, HTML, hostile_data, hostile_panel
from tests.preview.contents.contents_page import contents_page

ROWS = [table(city=["Dubai", "ajman", "Sharjah", "Abu Dhabi"], sold=[12.5, 8.0, 119.0, 30.0])]
LINES = [line(name, offset=offset) for name, offset in (("free", 0), ("basic", 3), ("pro", 5), ("team", 6))]


@pytest.fixture
def contents(page, tmp_path):
    """Opens a page of panels; what the page complains about or asks for fails the test."""

    def opened(*rooms):
        path = tmp_path / "contents.html"
        parts = [
            (panel_markup(subject, data_of(data), size, CONTEXT.__class__(
                CONTEXT.time_range, CONTEXT.now_ms, prefix=f"p{index}")).html, *size)
            for index, (subject, data, size) in enumerate(rooms)
        ]  # fmt: skip
        path.write_text(contents_page(parts), encoding="utf-8")
        page.open(path)
        page.settle()
        return page

    yield opened
    assert page.messages == []
    assert [one for one in page.requests if not one.startswith(("file:", "data:"))] == []


def column(page, number):
    rows = f"[...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).map(r => r.cells[{number}].textContent)"
    return page.evaluate(rows)


def test_a_click_sorts_rows_by_numbers_and_texts(contents):
    page = contents((panel("table"), ROWS, (400, 260)))
    page.click("th:nth-child(2) button")
    assert column(page, 1) == ["8", "12.5", "30", "119"]
    page.click("th:nth-child(2) button")
    assert column(page, 1) == ["119", "30", "12.5", "8"]
    page.click("th:nth-child(1) button")
    assert column(page, 0) == ["Abu Dhabi", "ajman", "Dubai", "Sharjah"]
    page.click("th:nth-child(1) button")
    page.click("th:nth-child(1) button")
    assert column(page, 0) == ["Dubai", "ajman", "Sharjah", "Abu Dhabi"]


def test_pages_of_a_table_have_as_many_rows_as_fit(contents):
    page = contents((panel("table", options={"enablePagination": True}), ROWS, (400, 160)))
    assert column(page, 0) == ["Dubai", "ajman"]
    page.click("button[aria-label='Next page']")
    assert column(page, 0) == ["Sharjah", "Abu Dhabi"]
    assert page.evaluate("document.querySelector('.table-pages span').textContent") == "3–4 of 4 rows"


def test_frames_of_a_table_are_chosen(contents):
    page = contents((panel("table"), [*ROWS, table(n=[1])], (400, 260)))
    page.choose(".table-choice", "1")
    assert page.evaluate("[...document.querySelectorAll('.table-scroll')].map(s => s.hidden)") == [
        True,
        False,
    ]


def test_a_line_of_a_log_opens_to_its_labels(contents):
    page = contents((panel("logs", options={"showTime": True}), LOGS, (400, 260)))
    cells = "[...document.querySelectorAll('.log-details tr')].map(row => row.innerText.split('\\t'))"
    assert page.evaluate(cells) == []
    page.click(".log-line summary")
    page.settle()
    assert page.evaluate(cells) == [["app", "x"], ["level", "info"]]


@pytest.mark.parametrize("width", [120, 260, 420, 900, 1600])
@pytest.mark.parametrize("height", [50, 90, 160, 300])
def test_values_of_a_stat_stay_in_their_rooms(contents, width, height):
    stat = panel(
        "stat", options={"textMode": "value_and_name", "showPercentChange": True, "colorMode": "background"}
    )
    page = contents((stat, LINES[:1], (width, height)), (stat, LINES, (width, height)))
    outside = page.evaluate(
        """[...document.querySelectorAll('.stat')].filter(stat => {
          const room = stat.getBoundingClientRect(), text = stat.querySelector('.stat-value').getBoundingClientRect();
          return text.right > room.right + 1 || text.left < room.left - 1 || text.bottom > room.bottom + 8;
        }).map(stat => stat.textContent)"""
    )
    assert outside == []


def test_a_grid_of_values_has_columns_by_its_width(contents):
    stat = panel("stat")
    page = contents(*((stat, LINES, (width, 160)) for width in (150, 400, 1200)))
    tops = (
        "[...document.querySelectorAll('#room{} .stat')].map(s => Math.round(s.getBoundingClientRect().top))"
    )
    counts = [len(set(page.evaluate(tops.format(index)))) for index in range(3)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 4
    assert counts[-1] == 1


def test_bars_are_as_long_as_their_values(contents):
    bars = panel(
        "bargauge",
        defaults={"min": 0, "max": 20},
        options={"orientation": "horizontal", "displayMode": "basic"},
    )
    page = contents((bars, [table(a=[5.0], b=[20.0])], (500, 120)))
    shares = page.evaluate(
        "[...document.querySelectorAll('.bar-fill')].map(f => f.clientWidth / f.parentElement.clientWidth)"
    )
    assert shares == pytest.approx([0.25, 1], abs=0.01)


def test_columns_that_stay_are_beside_each_other(contents):
    wide = {f"c{index}": [index, index] for index in range(12)}
    page = contents((panel("table", options={"frozenColumns": {"left": 2}}), [table(**wide)], (400, 200)))
    page.evaluate("document.querySelector('.table-scroll').scrollLeft = 500")
    page.settle()
    lefts = page.evaluate(
        "[...document.querySelectorAll('.content, thead th')].slice(0, 3).map(c => Math.round(c.getBoundingClientRect().left))"
    )
    assert [left - lefts[0] for left in lefts] == [0, 0, 150]


def test_hostile_contents_do_nothing(contents):
    rooms = [
        (hostile_panel(kind, text), hostile_data(), (400, 200))
        for kind in [*(kind for kind in MARKERS if kind), "geomap"]
        for text in (EVIL, HTML)
    ]
    page = contents(*rooms)
    assert (
        page.evaluate("document.querySelectorAll('main script, main iframe, main object, main base').length")
        == 0
    )
    assert page.evaluate(
        "[...document.querySelectorAll('a[href]')].every(a => /^(https?|mailto):/.test(a.href))"
    )


def test_graphs_lists_and_traces_fill_their_rooms(contents):
    rooms = [
        (panel("nodeGraph"), GRAPH, (300, 200)), (panel("traces"), TRACE, (500, 160)),
        (panel("alertlist"), LISTS, (300, 160)), (panel("dashlist", options={"showSearch": True}), LISTS, (300, 160)),
        (panel("gauge"), PanelData(LINES), (500, 200)), (panel("piechart"), PanelData(LINES), (300, 200)),
    ]  # fmt: skip
    page = contents(*rooms)
    outside = page.evaluate(
        """[...document.querySelectorAll('.content')].filter(content => {
          const inner = content.firstElementChild.getBoundingClientRect(), room = content.getBoundingClientRect();
          return inner.width > room.width + 1 || inner.height > room.height + 1;
        }).length"""
    )
    assert outside == 0

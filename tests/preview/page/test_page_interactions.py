"""What a reader does with a page: fold, tabs, variables, times, theme, keys, links, and what may harm him."""

import json

import pytest

from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.sample_source import SampleSource

HOSTILE = (
    "</script><script>document.title='bad'</script><img src=x onerror=\"document.title='bad'\">\u202e\x1b[31m"
)


def stat(number, title, x=0, y=0, w=6, **more):
    target = {"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "p"}}
    grid = {"x": x, "y": y, "w": w, "h": 4}
    return {"id": number, "type": "stat", "title": title, "gridPos": grid, "targets": [target], **more}


def row(number, title, y, *, collapsed=False, panels=()):
    grid = {"x": 0, "y": y, "w": 24, "h": 1}
    return {
        "id": number, "type": "row", "title": title, "gridPos": grid, "collapsed": collapsed, "panels": list(panels),
    }  # fmt: skip


def tab(number, title, y):
    return {**row(number, title, y), "dynamic": {"kind": "tab", "level": 0}}


SHOP = {
    "uid": "shop", "title": "Shop", "tags": ["sales"], "time": {"from": "now-6h", "to": "now"},
    "templating": {"list": [
        {"name": "tier", "type": "custom", "query": "free,pro", "current": {"text": "free", "value": "free"},
         "options": [{"text": "free", "value": "free"}, {"text": "pro", "value": "pro"}]},
    ]},
    "links": [{"type": "dashboards", "title": "All", "tags": ["sales"], "asDropdown": True}],
    "panels": [
        stat(1, "Orders of $tier", description="What **sells**."),
        stat(2, HOSTILE, x=6, description=HOSTILE, links=[{"title": "run", "url": "javascript:alert(1)"}]),
        row(3, "Open", 4), stat(4, "Inside", y=5),
        row(5, "Closed", 9, collapsed=True, panels=[stat(6, "Hidden", y=10)]),
    ],
}  # fmt: skip
TABS = {
    "uid": "tabs", "title": "Tabs", "tags": ["sales"], "dynamic": {},
    "panels": [tab(1, "First", 0), stat(2, "One", y=1), tab(3, "Second", 5), stat(4, "Two", y=6)],
}  # fmt: skip


def written(folder, *dashboards, **choice):
    path = folder / "preview.html"
    shown = [
        ShownDashboard(one, "Sales", "specs/shop.yaml:3", {1: "specs/shop.yaml:9"}) for one in dashboards
    ]
    path.write_text(
        preview_page(shown, SampleSource(), PageIndex("Shops", []), ViewChoice(**choice)), "utf-8"
    )
    return path


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    return written(tmp_path_factory.mktemp("shops"), SHOP, TABS, ranges=[("now-24h", "now")])


@pytest.fixture
def shop(page, shops):
    page.open(f"{shops.as_uri()}#/shop")
    yield page
    assert page.messages == []
    assert page.requests == [shops.as_uri()]


def titles(page):
    return page.evaluate(
        "[...document.querySelectorAll('.panel')].filter(p => p.checkVisibility()).map(p => p.panel.title)"
    )


def test_a_row_folds_and_unfolds_by_mouse_and_by_key(shop):
    assert titles(shop) == ["Orders of free", HOSTILE, "Inside"]
    shop.click(".row[aria-label=Closed] .row-title")
    assert titles(shop)[-1] == "Hidden"
    assert (
        shop.evaluate("document.querySelector('.row[aria-label=Closed] .row-title').ariaExpanded") == "true"
    )
    shop.press("d", "C")
    assert titles(shop) == ["Orders of free", HOSTILE]
    shop.press("d", "E")
    assert titles(shop) == ["Orders of free", HOSTILE, "Inside", "Hidden"]


def test_folded_rows_stay_folded_when_a_variable_changes(shop):
    shop.click(".row[aria-label=Open] .row-title")
    shop.choose(".variable select", "pro")
    shop.wait("dashgen.page.state.view.variables.tier[0] === 'pro'")
    assert titles(shop) == ["Orders of pro", HOSTILE]
    assert "var-tier=pro" in shop.evaluate("location.hash")


def test_a_time_that_is_in_the_page_is_chosen_and_others_say_what_shows_them(shop):
    missing = "[...document.querySelectorAll('select.time option')].filter(o => o.disabled)"
    assert "--serve" in shop.evaluate(f"{missing}[0].title")
    assert shop.evaluate(f"{missing}.some(o => o.text === 'Last 24 hours')") is False
    shop.choose("select.time", "Last 24 hours")
    shop.wait("dashgen.page.state.view.start === 'now-24h'")
    assert shop.evaluate("document.querySelector('select.time').selectedOptions[0].text") == "Last 24 hours"


def test_the_ranges_are_those_of_grafanas_picker_after_those_of_the_page(shop):
    names = shop.evaluate("[...document.querySelectorAll('select.time option')].map(o => o.text)")
    assert [one for one in names if one == "Last 24 hours"] == ["Last 24 hours"]
    assert names[-3:] == ["This fiscal quarter so far", "This fiscal year", "This fiscal year so far"]


def test_tabs_are_chosen_by_mouse_and_by_arrow(page, shops):
    page.open(f"{shops.as_uri()}#/tabs")
    assert titles(page) == ["One"]
    page.click(".tab:nth-child(2)")
    assert titles(page) == ["Two"]
    page.press("ArrowLeft")
    assert titles(page) == ["One"]
    assert page.evaluate("document.querySelector('.tab[aria-selected=true]').textContent") == "First"
    assert page.messages == []


def test_the_theme_switches_and_every_content_with_it(shop):
    light = "document.documentElement.dataset.theme === 'light'"
    assert shop.evaluate(light) is False
    colour = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    assert shop.evaluate(colour) == "rgb(24, 27, 31)"
    shop.press("c", "t")
    shop.wait(light)
    assert shop.evaluate(colour) == "rgb(255, 255, 255)"


def test_a_panel_is_viewed_alone_and_left_with_escape(shop):
    shop.evaluate("document.querySelector('.panel').focus()")
    shop.press("v")
    shop.wait("document.body.classList.contains('single')")
    assert titles(shop) == ["Orders of free"]
    assert shop.evaluate("document.querySelector('.panel').getBoundingClientRect().height > 800")
    shop.press("Escape")
    shop.wait("!document.body.classList.contains('single')")


def test_the_inspector_shows_query_spec_and_data_and_copies_no_formula(shop):
    shop.evaluate("document.querySelector('.panel').focus()")
    shop.press("i")
    text = shop.evaluate("document.querySelector('dialog').textContent")
    assert "specs/shop.yaml:9" in text
    assert "up" in shop.evaluate("document.querySelector('dialog pre').textContent")
    assert shop.evaluate("document.querySelectorAll('dialog td').length") > 0
    rows = json.dumps([["=1+1", "-5", "+2e3", "-cmd|' /C calc'!A0", "a,b", "@x", "fine"]])
    assert shop.evaluate(f"dashgen.page.csv({rows})") == "'=1+1,-5,+2e3,'-cmd|' /C calc'!A0,\"a,b\",'@x,fine"
    shop.press("Escape")
    shop.wait("document.querySelector('dialog') === null")


def test_a_dashboard_is_found_by_title_tag_or_folder_and_opened(shop):
    shop.press("/")
    shop.evaluate("document.querySelector('dialog input').value = 'sales tab'")
    shop.evaluate("document.querySelector('dialog input').dispatchEvent(new Event('input'))")
    assert shop.evaluate("document.querySelectorAll('.dashboards a').length") == 1
    shop.press("Enter")
    shop.wait("dashgen.page.state.dashboard.uid === 'tabs'")


def test_hostile_titles_are_texts(shop):
    assert shop.evaluate("document.title").startswith("Shop")
    assert shop.evaluate("document.querySelectorAll('main script, main img').length") == 0
    shop.click(".panel:nth-child(2) .corner")
    assert shop.evaluate("document.querySelector('#popover').matches(':popover-open')")
    assert shop.evaluate("document.querySelectorAll('[href^=javascript], [onerror], [onclick]').length") == 0
    assert shop.evaluate("document.title").startswith("Shop")


def test_a_description_is_shown_as_markdown(shop):
    shop.click(".panel .corner")
    assert shop.evaluate("document.querySelector('#popover strong').textContent") == "sells"


def test_everything_is_reached_by_tab_and_has_a_name(shop):
    nameless = shop.evaluate(
        "[...document.querySelectorAll('button, select, input, [role]')].filter(e => e.checkVisibility()"
        " && !(e.ariaLabel || e.textContent.trim() || e.title || e.closest('label'))).map(e => e.outerHTML)"
    )
    assert nameless == []
    for _ in range(6):
        shop.press("Tab")
    assert shop.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize(("width", "stacked"), [(768, True), (1000, False), (1600, False)])
def test_panels_are_stacked_in_a_narrow_window_alone(page, shops, width, stacked):
    page.viewport(width, 900)
    page.open(f"{shops.as_uri()}#/shop")
    lefts = page.evaluate(
        "[...document.querySelectorAll('.panel')].slice(0, 2).map(p => p.getBoundingClientRect().x)"
    )
    assert (lefts[0] == lefts[1]) is stacked
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heights = page.evaluate("[...document.querySelectorAll('.panel')].slice(0, 3).map(p => p.offsetHeight)")
    assert heights == [144, 144, 144]


def test_panels_stand_where_grafana_puts_them(page, shops):
    page.open(f"{shops.as_uri()}#/shop?kiosk")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.panel')].slice(0, 3)"
        ".map(p => (b => [b.x, b.y, b.width, b.height])(p.getBoundingClientRect()))"
    )
    # 24 columns in 1568 px with gaps of 8 px: six of them are 386 px; a row's header takes 30 px.
    assert boxes == [[16, 16, 386, 144], [410, 16, 386, 144], [16, 206, 386, 144]]


def test_of_a_thousand_panels_those_near_the_window_are_drawn(page, tmp_path):
    panels = [stat(n + 1, f"Panel {n}", x=n % 4 * 6, y=n // 4 * 4) for n in range(1000)]
    path = written(tmp_path, {"uid": "many", "title": "Many", "panels": panels})
    page.open(f"{path.as_uri()}#/many")
    page.wait("document.querySelector('.panel').isMounted")
    mounted = "[...document.querySelectorAll('.panel')].filter(p => p.isMounted).length"
    assert page.evaluate("document.querySelectorAll('.panel').length") == 1000
    assert 20 <= page.evaluate(mounted) < 200
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    page.wait("[...document.querySelectorAll('.panel')].at(-1).isMounted")
    assert path.stat().st_size < 1_500_000
    assert page.messages == []


def test_a_page_without_dashboards_says_so(page, tmp_path):
    page.open(written(tmp_path))
    assert page.evaluate("document.querySelector('main').textContent") == "There is no dashboard to show."


def test_without_scripts_a_sentence_tells_what_to_do(page, shops):
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open(shops, ready="true")
    page.screenshot(shops.with_suffix(".png"))
    html = shops.read_text("utf-8")
    assert "<noscript>" in html
    assert "dashgen preview --svg DIR" in html

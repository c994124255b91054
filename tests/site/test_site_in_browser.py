"""The site in Chromium, opened as files: it searches, changes its theme, and asks nobody for anything."""

import pytest

from dashgen.project.inspection import inspect_project
from dashgen.site.site_files import site_files
from dashgen.site.site_project import SiteOptions
from dashgen.site.written_site import site_changes, write_site
from tests.site.site_projects import SHOP, project
from tests.site.test_hostile_site import hostile_specs


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The folder of a site with pictures."""
    return _written(project(tmp_path_factory.mktemp("shop")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The folder of a site whose specs try to run scripts."""
    return _written(project(tmp_path_factory.mktemp("hostile"), hostile_specs(SHOP)))


def _written(root):
    contents = site_files(inspect_project(root), SiteOptions())
    output = root / "site"
    write_site(output, contents, site_changes(output, contents, "site")[0])
    return output


@pytest.mark.parametrize(
    "path", ["index.html", "dashboards/shop.html", "alerts/orders-fail.html", "flow.html"]
)
def test_a_page_is_silent_and_loads_files_of_the_site_alone(page, shop, path):
    page.open((shop / path).as_uri())
    page.settle()
    assert page.messages == []
    assert [one for one in page.requests if not one.startswith(shop.as_uri())] == []


def test_the_search_leads_from_a_word_to_the_page(page, shop):
    page.open((shop / "alerts/orders-fail.html").as_uri())
    page.evaluate("document.getElementById('search').value = 'duration'")
    page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.settle()
    first = page.evaluate("document.querySelector('#results a')?.href")
    assert first == (shop / "metrics/shop_duration_seconds.html").as_uri()
    page.evaluate("document.getElementById('search').value = 'nowhere to be found'")
    page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.settle()
    assert (
        page.evaluate("document.getElementById('results').textContent")
        == "nothing has this name or description"
    )


def test_the_button_changes_the_theme_and_the_pictures_with_it(page, shop):
    page.scheme("light")
    page.open((shop / "dashboards").as_uri() + "/shop.html")
    page.evaluate("localStorage.removeItem('dashgen-theme'); delete document.documentElement.dataset.theme")
    shown = "[...document.querySelectorAll('.picture')].filter(p => p.offsetWidth).map(p => p.src.split('-').pop())"
    assert page.evaluate(shown) == ["light.svg"]
    page.evaluate("document.getElementById('theme').click()")
    assert page.evaluate(shown) == ["dark.svg"]
    page.evaluate("localStorage.removeItem('dashgen-theme')")


@pytest.mark.parametrize(
    "path", ["index.html", "dashboards/shop.html", "alerts/orders-fail.html", "notifications.html"]
)
def test_nothing_of_hostile_specs_runs_or_is_asked_for(page, hostile, path):
    page.open((hostile / path).as_uri())
    page.evaluate("document.getElementById('search').value = 'alert(1)'")
    page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.settle()
    assert page.evaluate("document.querySelectorAll('#results li').length") > 0
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    assert page.messages == []
    assert [one for one in page.requests if not one.startswith(hostile.as_uri())] == []

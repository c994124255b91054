"""The project's own dashboards in Chromium: drawn whole, silent, without a request."""

import pytest

from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.page_views import ViewChoice
from dashgen.preview.preview_page import preview_page
from dashgen.preview.preview_subject import project_subject
from dashgen.preview.sources.sample_source import sample_source
from tests.stack.files import ROOT

UIDS = ("mission-control", "user-analytics", "ai-cost")


@pytest.fixture(scope="session")
def preview(tmp_path_factory):
    """The page of the guide's three dashboards."""
    subject = project_subject(ROOT, None, UIDS)
    source = sample_source(subject.inspection)
    path = tmp_path_factory.mktemp("preview") / "preview.html"
    html = preview_page(subject.dashboards, source, PageIndex(subject.title, []), ViewChoice())
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("uid", UIDS)
def test_every_panel_is_drawn_without_a_message_or_a_request(page, preview, uid, scheme):
    page.scheme(scheme)
    page.open(f"{preview.as_uri()}#/{uid}")
    page.evaluate("dashgen.page.mountAll()")
    page.settle()
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    empty = page.evaluate(
        "[...document.querySelectorAll('.panel')]"
        # What is in folded rows is drawn when they are opened.
        ".filter(p => !p.closest('.folded') && !p.querySelector('.content').childElementCount)"
        ".map(p => p.ariaLabel)"
    )
    assert page.evaluate("document.querySelectorAll('.panel').length") > 10
    assert (empty, page.messages, page.requests) == ([], [], [preview.as_uri()])


def test_the_page_brings_the_fonts_that_charts_measure(page, preview):
    page.open(preview)
    assert page.evaluate("[...document.fonts].map(f => [f.family, f.weight, f.status])") == [
        ["Inter", "400", "loaded"],
        ["Inter", "500", "loaded"],
    ]


def test_what_the_window_shows_is_drawn_with_the_page(page, preview):
    # Without waiting for a frame: a browser that takes a picture may not draw a second one.
    page.open(f"{preview.as_uri()}#/mission-control")
    shown = page.evaluate(
        "[...document.querySelectorAll('.panel')].filter(p => p.getBoundingClientRect().top < innerHeight"
        " && p.getBoundingClientRect().height > 0)"
        ".map(p => p.querySelector('.content').childElementCount > 0)"
    )
    assert shown
    assert all(shown)

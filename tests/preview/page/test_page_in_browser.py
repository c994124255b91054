"""The project's own dashboards in Chromium: drawn whole, silent, without a request."""

import pytest

from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.project_page import project_page
from dashgen.preview.shown_dashboard import project_dashboards
from dashgen.project.inspection import inspect_project
from tests.stack.files import ROOT

UIDS = ("mission-control", "user-analytics", "ai-cost")


@pytest.fixture(scope="session")
def preview(tmp_path_factory):
    """The page of the guide's three dashboards."""
    inspection = inspect_project(ROOT)
    index = PageIndex("Dubai Estate AI", [], "sample data", sample=True)
    path = tmp_path_factory.mktemp("preview") / "preview.html"
    html = project_page(inspection, project_dashboards(inspection, UIDS), index, lambda: None)
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
        "[...document.querySelectorAll('.panel')].filter(p => !p.querySelector('.content').childElementCount)"
        ".map(p => p.ariaLabel)"
    )
    assert page.evaluate("document.querySelectorAll('.panel').length") > 10
    assert (empty, page.messages, page.requests) == ([], [], [preview.as_uri()])

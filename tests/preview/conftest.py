"""A browser for the tests of pages."""

import os

import pytest

from dashgen.preview.browser_pictures import browser_program
from tests.preview.browser import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A Chromium for all tests of a worker."""
    if browser_program() is None:
        # The gate has one, and must not pass without having looked at a page.
        if os.environ.get("DASHGEN_NEEDS_BROWSER"):
            pytest.fail("chromium is missing, so no browser has shown the pages")
        pytest.skip(
            "chromium is missing, so no browser has shown the pages; Debian's package `chromium` has it"
        )
    started = Browser(tmp_path_factory.mktemp("chromium"))
    yield started
    started.close()


@pytest.fixture
def page(browser):
    """A tab of its own."""
    with browser.page() as opened:
        yield opened

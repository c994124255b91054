"""The browser of the tests of pages, for the page of a review."""

from tests.preview.conftest import browser, page

__all__ = ["browser", "page"]

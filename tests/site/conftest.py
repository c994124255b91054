"""The fixtures of a browser are those of the preview."""

from tests.preview.conftest import browser, page

__all__ = ["browser", "page"]

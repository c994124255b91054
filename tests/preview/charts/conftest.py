"""Charts in a browser."""

import pytest

from tests.preview.charts.chart_page import page_of


@pytest.fixture
def charts(page, tmp_path):
    """Opens a page of charts; what the page complains about fails the test."""

    def opened(*contents, **scene):
        path = tmp_path / "charts.html"
        path.write_text(page_of(list(contents), scene), encoding="utf-8")
        page.open(path, ready="window.isReady === true")
        page.settle()
        return page

    yield opened
    assert page.messages == []

"""The page of several dashboards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from msgspec.structs import replace

from dashgen.core.forked_work import balanced_shares, forked_results, usable_processors
from dashgen.formats.panel_tree import drawn_panels
from dashgen.preview.page.page_data import DashboardListing, PageIndex
from dashgen.preview.page.page_document import packed_dashboard, page_html
from dashgen.preview.page.page_maker import page_dashboard
from dashgen.preview.page_views import ViewChoice, page_views
from dashgen.preview.shown_dashboard import ShownDashboard
from dashgen.preview.sources.panel_source import PanelSource

_NO_PROGRESS: Final = nullcontext(lambda: None)


def preview_page(
    dashboards: Sequence[ShownDashboard],
    source: PanelSource,
    index: PageIndex,
    choice: ViewChoice,
    progress: AbstractContextManager[Callable[[], None]] = _NO_PROGRESS,
) -> str:
    """The page as HTML.

    Args:
        dashboards: what it shows.
        source: where the data is from.
        index: how the page is opened; its list and its source are filled in.
        choice: what it has of each dashboard.
        progress: shown as long as it takes; what it gives is called after each dashboard.
    """
    packed = {}
    results = packed_dashboards(dashboards, source, choice)
    # Only now: the line is drawn by a thread, and processes have been started.
    with progress as step:
        for number, dashboard in results:
            packed[number] = dashboard
            step()
    return page_html(page_index(dashboards, source, index), [packed[number] for number in sorted(packed)])


def packed_dashboards(
    dashboards: Sequence[ShownDashboard], source: PanelSource, choice: ViewChoice
) -> Iterator[tuple[int, bytes]]:
    """Each dashboard as the page has it with its index, in any order.

    Made-up data is computed in several processes, as it is the same in each of them; servers are queried in one,
    where each query runs once.

    Args:
        dashboards: what the page shows.
        source: where the data is from.
        choice: what the page has of each dashboard.
    """

    def packed(numbers: Sequence[int]) -> Iterator[bytes]:
        for number in numbers:
            views = page_views(dashboards[number].data, source, choice)
            yield packed_dashboard(page_dashboard(dashboards[number], views, source))

    processes = min(len(dashboards), usable_processors()) if source.is_sample else 1
    if processes <= 1:
        return zip(range(len(dashboards)), packed(range(len(dashboards))), strict=True)
    weights = [sum(1 for _ in drawn_panels(one.data.get("panels"))) for one in dashboards]
    shares = balanced_shares(weights, processes)
    return _numbered(shares, forked_results(shares, packed))


def _numbered(
    shares: Sequence[Sequence[int]], results: Iterator[tuple[int, bytes]]
) -> Iterator[tuple[int, bytes]]:
    expected = [iter(share) for share in shares]
    for share, result in results:
        yield next(expected[share]), result


def page_index(dashboards: Sequence[ShownDashboard], source: PanelSource, index: PageIndex) -> PageIndex:
    """The index of a page with its list of dashboards."""
    listed = [DashboardListing(one.uid, one.title, one.folder, one.tags) for one in dashboards]
    return replace(index, dashboards=listed, source=source.name, sample=source.is_sample)

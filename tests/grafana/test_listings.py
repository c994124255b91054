"""Listings of many dashboards: with their contents, without them, and in pages that are not too large."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.servers.grafana.dashboards_api import Dashboards
from dashgen.servers.grafana.folders_api import Folders
from dashgen.servers.grafana.grafana_errors import UnusableAnswerError
from dashgen.servers.grafana.kubernetes_dashboards import KubernetesDashboards
from dashgen.servers.grafana.live_dashboard import LiveDashboard
from dashgen.servers.grafana.paging import MOST_PAGES
from dashgen.servers.grafana.session import Reply
from dashgen.servers.grafana.stored_versions import DashboardVersions
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.grafana.support import CONTENT, connect
from tests.grafana.test_dashboards import DRAFT
from tests.tools.hanging import patient_limits


def _itself(found: LiveDashboard) -> LiveDashboard:
    return found


def test_contents_that_nobody_needs_are_not_sent_where_the_server_can_leave_them_out() -> None:
    uids = [f"d{number}" for number in range(60)]
    for lists_heads in (True, False):
        with FakeGrafana(lists_heads=lists_heads) as fake, connect(fake) as grafana:
            for uid in uids:
                grafana.dashboards.create(replace(DRAFT, uid=uid))
            fake.log.clear()
            found = grafana.dashboards.get_many([*uids, "missing"], _itself, lambda live: live.uid != "d7")
            contents = {live.uid: bool(live.content) for live in found}
            assert sorted(contents) == sorted(uids)
            assert contents["d7"]
            assert contents["d8"] is not lists_heads
            assert len(fake.log) == (3 if lists_heads else 2)


def test_a_server_that_fails_at_listings_without_contents_is_asked_for_whole_ones() -> None:
    with FakeGrafana() as fake, connect(fake) as grafana:
        for number in range(50):
            grafana.dashboards.create(replace(DRAFT, uid=f"d{number}"))
        fake.fail(Fault(FaultKind.STATUS, status=406, method="GET", path="/dashboards$"))
        uids = [f"d{number}" for number in range(50)]
        found = list(grafana.dashboards.get_many(uids, _itself, lambda _: True))
        assert len(found) == 50
        assert all(live.content for live in found)


def test_a_page_that_is_too_large_is_read_in_smaller_ones() -> None:
    limits = patient_limits(body=60_000)
    with FakeGrafana() as fake, connect(fake, limits=limits) as grafana:
        for number in range(50):
            content = {**CONTENT, "notes": "x" * 5000}
            grafana.dashboards.create(replace(DRAFT, uid=f"d{number}", content=content))
        assert len(list(grafana.dashboards.get_many([f"d{number}" for number in range(50)], _itself))) == 50


class Endless:
    """A session of a server that always has one more page, of things that were never there before."""

    def __init__(self) -> None:
        self.pages = 0

    def read(self, _path: str, _subject: str, *, query: Mapping[str, Any], **_more: Any) -> Reply:
        self.pages += 1
        size = int(query.get("limit") or 0)
        items = [{"uid": f"u{self.pages}-{n}", "title": "t", "name": "n"} for n in range(size)]
        if "continue" in query or ("limit" in query and "page" not in query):
            objects = [{"metadata": {"name": item["uid"]}, "spec": {}} for item in items]
            return Reply(200, {"items": objects, "metadata": {"continue": str(self.pages)}})
        return Reply(200, items)

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(work, items)


@pytest.mark.parametrize(
    "listing",
    [
        lambda session: Folders(session).children(),
        lambda session: Folders(session).everything(),
        lambda session: list(Dashboards(session, Capabilities(), DASHBOARD_FORMS).search()),
        lambda session: list(
            KubernetesDashboards(session, DashboardVersions("v1"), "default", DASHBOARD_FORMS).get_many(
                [f"d{number}" for number in range(50)], lambda live: live, None
            )
        ),
    ],
    ids=["folders of a folder", "all folders", "found dashboards", "dashboards"],
)
def test_a_listing_without_an_end_is_an_error(listing: Callable[[Any], Any]) -> None:
    endless = Endless()
    with pytest.raises(UnusableAnswerError, match="Grafana lists more than"):
        listing(endless)
    assert endless.pages <= MOST_PAGES + 1

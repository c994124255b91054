"""Listings of many dashboards: with their contents, without them, and in pages that are not too large."""

from dataclasses import replace

from dashgen.grafana.dashboard import LiveDashboard
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.grafana.support import CONTENT, QUICK, connect
from tests.grafana.test_dashboards import DRAFT


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
    limits = replace(QUICK, body=60_000)
    with FakeGrafana() as fake, connect(fake, limits=limits) as grafana:
        for number in range(50):
            content = {**CONTENT, "notes": "x" * 5000}
            grafana.dashboards.create(replace(DRAFT, uid=f"d{number}", content=content))
        assert len(list(grafana.dashboards.get_many([f"d{number}" for number in range(50)], _itself))) == 50

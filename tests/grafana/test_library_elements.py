from dataclasses import replace

import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind
from dashgen.servers.grafana.library_elements_api import LiveLibraryPanel
from dashgen.servers.grafana.live_dashboard import DashboardDraft
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import CONTENT, connect

PANEL = LiveLibraryPanel("lib", "Shared", "", {"type": "stat", "title": "Shared"})


def test_a_shared_panel_is_made_read_changed_and_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        made = grafana.library_panels.create(PANEL)
        assert grafana.library_panels.get("lib") == made == replace(PANEL, version=1)
        changed = grafana.library_panels.update(replace(PANEL, name="New"), made)
        assert (changed.name, changed.version) == ("New", 2)
        assert list(grafana.library_panels.list_all()) == [changed]
        for _ in range(2):
            grafana.library_panels.delete("lib")
        assert grafana.library_panels.get("lib") is None


def test_an_edit_in_between_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        made = grafana.library_panels.create(PANEL)
        fake.store.library["lib"]["version"] = 2
        with pytest.raises(ConflictError) as caught:
            grafana.library_panels.update(PANEL, made)
    assert caught.value.kind is ConflictKind.VERSION


def test_a_panel_that_a_dashboard_shows_is_not_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.library_panels.create(PANEL)
        content = {**CONTENT, "panels": [{"id": 1, "libraryPanel": {"uid": "lib", "name": "Shared"}}]}
        grafana.dashboards.create(DashboardDraft("d", content))
        with pytest.raises(ConflictError) as caught:
            grafana.library_panels.delete("lib")
    assert caught.value.kind is ConflictKind.IN_USE


@pytest.mark.parametrize("when", When)
def test_lost_answers_end_in_one_panel(fake: FakeGrafana, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(FaultKind.RESET, when, method="POST"))
        made = grafana.library_panels.create(PANEL)
        fake.fail(Fault(FaultKind.RESET, when, method="PATCH"))
        assert grafana.library_panels.update(replace(PANEL, name="New"), made).version == 2
        fake.fail(Fault(FaultKind.RESET, when, method="DELETE"))
        grafana.library_panels.delete("lib")
    assert len(fake.log.writes) == (3 if when is When.AFTER else 6)

import pytest
from msgspec.structs import replace

from dashgen.servers.grafana import GrafanaError
from dashgen.servers.grafana.annotations_api import LiveAnnotation
from dashgen.servers.grafana.grafana_errors import RefusedError
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import connect

LAUNCH = LiveAnnotation("v2 launched", 1795424000000, 1795424600000, ("launch", "dashgen"))


def test_an_event_is_made_found_changed_and_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        made = grafana.annotations.create(LAUNCH)
        assert made.id > 0
        assert grafana.annotations.find(tags=["dashgen"]) == [made]
        changed = replace(made, text="v2 launched!")
        grafana.annotations.update(changed)
        assert grafana.annotations.find() == [changed]
        grafana.annotations.delete(changed)
        grafana.annotations.delete(changed)
        assert grafana.annotations.find() == []


def test_events_are_found_by_tags_time_and_dashboard(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.annotations.create(LAUNCH)
        outage = LiveAnnotation("down", 1795430000000, 1795430000000, ("outage",), "mission-control", 3)
        grafana.annotations.create(outage)
        assert [a.text for a in grafana.annotations.find(dashboard_uid="mission-control")] == ["down"]
        assert [a.text for a in grafana.annotations.find(tags=["launch", "dashgen"])] == ["v2 launched"]
        assert grafana.annotations.find(tags=["launch", "outage"]) == []
        found = grafana.annotations.find(start=1795429000000, end=1795431000000)
        assert [a.is_same_event(outage) for a in found] == [True]


def test_events_are_the_same_whatever_the_order_of_tags() -> None:
    assert LAUNCH.is_same_event(replace(LAUNCH, id=7, tags=("dashgen", "launch")))
    assert not LAUNCH.is_same_event(replace(LAUNCH, text="other"))


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_OFF])
def test_lost_answers_end_in_one_event(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(kind, when, method="POST"))
        made = grafana.annotations.create(LAUNCH)
        assert len(fake.store.annotations) == 1
        fake.fail(Fault(kind, when, method="PATCH"))
        grafana.annotations.update(replace(made, text="new"))
        fake.fail(Fault(kind, when, method="DELETE"))
        grafana.annotations.delete(replace(made, text="new"))
    assert not fake.store.annotations
    assert len(fake.log.writes) == (3 if when is When.AFTER else 6)


def test_an_event_without_text_is_refused(fake: FakeGrafana) -> None:
    with connect(fake) as grafana, pytest.raises(RefusedError, match="Failed to save annotation"):
        grafana.annotations.create(replace(LAUNCH, text=""))


def test_an_event_that_was_never_read_cannot_be_changed(fake: FakeGrafana) -> None:
    with connect(fake) as grafana, pytest.raises(GrafanaError, match="has no id"):
        grafana.annotations.update(LAUNCH)
    assert not fake.log.writes

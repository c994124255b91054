"""Dashboards that Grafana stores in schema v2: read and written at that version, whatever they hold."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from msgspec.structs import replace

from dashgen.formats.v2 import v2_spec
from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana
from dashgen.servers.grafana.grafana_errors import RefusedError, UnusableAnswerError
from dashgen.servers.grafana.live_dashboard import DashboardDraft, LiveDashboard, Marks, contains
from dashgen.servers.grafana.stored_versions import stored_version
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.fake.classic_to_v2 import Json
from tests.grafana.fake.ui_saves import save_in_editor
from tests.grafana.support import CONTENT, connect
from tests.grafana.test_fake_v2 import call, envelope

MARKS = Marks("kubectl", "dashgen", "specs/a.yaml", "sum1")
PLAIN = DashboardDraft("mc", CONTENT, "", "first", MARKS)
TABS: Json = {
    **CONTENT,
    "panels": [
        {
            "type": "row",
            "title": "Overview",
            "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1},
            "panels": [],
            "dynamic": {"kind": "tab", "level": 0},
        },
        {**CONTENT["panels"][0], "gridPos": {"x": 0, "y": 1, "w": 4, "h": 4}},
    ],
}
DYNAMIC = replace(PLAIN, content=TABS, is_v2=True)


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana(version="13.3.0") as grafana:
        yield grafana


@pytest.fixture
def grafana(fake: FakeGrafana) -> Iterator[Grafana]:
    with connect(fake) as client:
        _ = client.capabilities
        yield client


def _live(grafana: Grafana, uid: str = "mc") -> LiveDashboard:
    live = grafana.dashboards.get(uid)
    assert live is not None
    return live


def _versions(fake: FakeGrafana) -> list[str]:
    return [
        call.path.split("/")[3] for call in fake.log if call.path.startswith("/apis/dashboard.grafana.app/v")
    ]


def test_a_dashboard_is_written_in_v2_and_read_as_it_was(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DYNAMIC)
    stored = fake.store.dashboards["mc"]
    assert stored.stored_as == "v2"
    assert stored.spec["layout"]["kind"] == "TabsLayout"
    live = _live(grafana)
    assert (live.stored_as, live.is_v2, live.marks) == ("v2", True, MARKS)
    assert live.content["panels"][0]["dynamic"]["kind"] == "tab"
    assert v2_spec(live.content) == v2_spec(TABS)


def test_what_is_known_to_be_stored_in_v2_is_read_once(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DYNAMIC)
    with connect(fake) as other:
        fake.log.clear()
        _live(other)
        _live(other)
        assert _versions(fake) == ["v1", "v2", "v2"]


def test_what_becomes_classic_again_is_found_out(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DYNAMIC)
    assert _live(grafana).is_v2
    token = _live(grafana).token.resource_version
    spec = {**CONTENT, "title": "Classic"}
    body = envelope("v1", spec, "mc")
    body["metadata"]["resourceVersion"] = token
    assert call(fake, "PUT", "v1", "mc", body).status == 200
    live = _live(grafana)
    assert (live.is_v2, live.title) == (False, "Classic")


def test_an_update_stays_at_the_version_that_is_stored(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(PLAIN)
    save_in_editor(fake.store, "mc", lambda spec: spec.update(title="By hand"))
    live = _live(grafana)
    assert (live.title, live.is_v2) == ("By hand", True)
    grafana.dashboards.update(replace(PLAIN, content={**live.content, "title": "New"}, is_v2=True), live)
    stored = fake.store.dashboards["mc"]
    assert (stored.stored_as, stored.title) == ("v2", "New")


def test_an_edit_between_read_and_write_is_a_conflict_whatever_it_is_stored_as(
    fake: FakeGrafana, grafana: Grafana
) -> None:
    grafana.dashboards.create(PLAIN)
    live = _live(grafana)
    save_in_editor(fake.store, "mc", lambda spec: spec.update(title="By hand"))
    with pytest.raises(ConflictError) as caught:
        grafana.dashboards.update(PLAIN, live)
    assert caught.value.kind is ConflictKind.VERSION
    with pytest.raises(ConflictError):
        grafana.dashboards.delete(live)
    assert fake.store.dashboards["mc"].title == "By hand"
    grafana.dashboards.delete(_live(grafana))
    assert not fake.store.dashboards


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize(
    "fault",
    [Fault(FaultKind.RESET), Fault(FaultKind.HTML), Fault(FaultKind.STATUS, status=502)],
    ids=lambda f: f.kind,
)
def test_lost_answers_end_in_one_save_each(
    fake: FakeGrafana, grafana: Grafana, fault: Fault, when: When
) -> None:
    _ = grafana.dashboards
    struck = {**vars(fault), "when": when, "writes_only": True}
    fake.fail(Fault(**{**struck, "method": "POST"}))
    assert grafana.dashboards.create(DYNAMIC).version == 1
    fake.fail(Fault(**{**struck, "method": "PUT"}))
    marks = replace(MARKS, source_checksum="sum2")
    changed = replace(DYNAMIC, content={**TABS, "title": "New"}, marks=marks)
    assert grafana.dashboards.update(changed, _live(grafana)).version == 2
    assert len(fake.log.writes) == (2 if when is When.AFTER else 4)


def test_many_are_read_in_listings_each_at_its_version(fake: FakeGrafana, grafana: Grafana) -> None:
    for number in range(120):
        uid = f"d{number}"
        grafana.dashboards.create(replace(PLAIN, uid=uid))
        if number % 2:
            save_in_editor(fake.store, uid)
    fake.log.clear()
    with connect(fake) as other:
        _ = other.capabilities
        fake.log.clear()
        found = list(other.dashboards.get_many([*fake.store.dashboards, "missing"], lambda live: live))
        assert sorted(live.uid for live in found) == sorted(fake.store.dashboards)
        assert {live.is_v2 for live in found if int(live.uid[1:]) % 2} == {True}
        assert {live.is_v2 for live in found if not int(live.uid[1:]) % 2} == {False}
        assert all(live.content["panels"][0]["targets"][0]["expr"] == "up" for live in found)
        # Two pages of each listing; what neither has is not asked for.
        assert _versions(fake) == ["v1", "v1", "v2", "v2"]


def test_a_few_of_another_version_are_read_one_by_one(fake: FakeGrafana, grafana: Grafana) -> None:
    for number in range(50):
        grafana.dashboards.create(replace(PLAIN, uid=f"d{number}"))
    save_in_editor(fake.store, "d7")
    with connect(fake) as other:
        _ = other.capabilities
        fake.log.clear()
        found = list(other.dashboards.get_many(list(fake.store.dashboards), lambda live: live))
        assert [live.uid for live in found if live.is_v2] == ["d7"]
        assert _versions(fake) == ["v1", "v2"]


def test_heads_tell_the_version_without_contents(fake: FakeGrafana, grafana: Grafana) -> None:
    for number in range(50):
        grafana.dashboards.create(replace(PLAIN, uid=f"d{number}"))
        save_in_editor(fake.store, f"d{number}")
    fake.log.clear()
    seen: dict[str, bool] = {}

    def untouched(live: LiveDashboard) -> bool:
        seen[live.uid] = live.is_v2
        return live.uid != "d3"

    found = list(grafana.dashboards.get_many(list(fake.store.dashboards), lambda live: live, untouched))
    assert set(seen.values()) == {True}
    assert len(found) == 50
    assert _versions(fake) == ["v1", "v2"]


def test_a_history_has_each_version_as_it_was_stored(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(PLAIN)
    save_in_editor(fake.store, "mc", lambda spec: spec.update(title="By hand"), "by hand")
    first, second = reversed(grafana.dashboards.history("mc", is_v2=True))
    assert (first.version, first.message, first.content["title"]) == (1, "first", "Mission Control")
    assert (second.version, second.message, second.content["title"]) == (2, "by hand", "By hand")
    assert contains(first.content, {"panels": CONTENT["panels"]})
    assert [past.version for past in grafana.dashboards.history("mc", 1, is_v2=True)] == [2]
    assert grafana.dashboards.history("none", is_v2=True) == []


@pytest.mark.parametrize("version", ["v2alpha1", "v2beta1"])
def test_an_older_version_of_the_schema_is_read_at_the_newest(
    fake: FakeGrafana, grafana: Grafana, version: str
) -> None:
    from tests.grafana.fake.v2_versions import at_version

    spec = at_version(v2_spec(TABS), version)
    assert call(fake, "POST", version, body=envelope(version, spec, "mc")).status == 201
    live = _live(grafana)
    assert (live.stored_as, live.is_v2) == (version, True)
    assert live.content["panels"][0]["dynamic"]["kind"] == "tab"
    grafana.dashboards.update(replace(DYNAMIC, content={**TABS, "title": "New"}), live)
    assert fake.store.dashboards["mc"].stored_as == "v2"


def test_grafana_12_takes_v2beta1_where_it_is_stored() -> None:
    transformation = {"id": "organize", "options": {"excludeByName": {"a": True}}}
    content = deepcopy(TABS)
    content["panels"][1]["transformations"] = [transformation]
    with FakeGrafana(version="12.4.3") as fake, connect(fake) as grafana:
        assert not grafana.capabilities.stores_v2
        grafana.dashboards.create(replace(DYNAMIC, content=content))
        stored = fake.store.dashboards["mc"]
        element = next(iter(stored.spec["elements"].values()))
        assert stored.stored_as == "v2beta1"
        assert element["spec"]["data"]["spec"]["transformations"] == [
            {"kind": "organize", "spec": {"id": "organize", "options": {"excludeByName": {"a": True}}}}
        ]
        assert _live(grafana).content["panels"][1]["transformations"] == [transformation]


def test_a_server_without_the_schema_refuses_it_before_a_request(fake: FakeGrafana) -> None:
    with (
        FakeGrafana(version="11.6.0") as old,
        connect(old) as grafana,
        pytest.raises(RefusedError, match="no dashboards"),
    ):
        grafana.dashboards.create(DYNAMIC)
    del fake


def test_the_classic_api_does_not_flatten_what_it_cannot_show(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DYNAMIC)
    fake.fail(Fault(FaultKind.STATUS, status=403, path="/apis/dashboard.grafana.app$", times=9))
    with connect(fake) as classic:
        live = _live(classic)
        assert (live.is_squeezed, live.stored_as) == (True, "v2")
        for act in (lambda: classic.dashboards.update(PLAIN, live), lambda: classic.dashboards.delete(live)):
            with pytest.raises(ConflictError, match="is stored as v2"):
                act()
    assert len(fake.log.writes) == 1


def test_what_the_classic_api_does_not_show_at_all_is_left_alone_too(
    fake: FakeGrafana, grafana: Grafana
) -> None:
    grafana.dashboards.create(DYNAMIC)
    fake.fail(Fault(FaultKind.STATUS, status=403, path="/apis/dashboard.grafana.app$", times=9))
    body = {"message": "dashboard api version not supported, use /apis/dashboard.grafana.app/v2/… instead"}
    fake.fail(Fault(FaultKind.STATUS, status=406, body=body, path="/api/dashboards/uid/mc$", times=9))
    with connect(fake) as classic:
        live = _live(classic)
        with pytest.raises(ConflictError, match="is stored as v2"):
            classic.dashboards.update(PLAIN, live)
    assert len(fake.log.writes) == 1


def test_the_server_checks_the_schema_without_writing(fake: FakeGrafana, grafana: Grafana) -> None:
    assert grafana.dashboards.validate(DYNAMIC, exists=False) == ()
    grafana.dashboards.create(DYNAMIC)
    assert grafana.dashboards.validate(replace(DYNAMIC, content={**TABS, "title": "N"}), exists=True) == ()
    wrong = deepcopy(TABS)
    wrong["panels"][1]["title"] = 5
    causes = grafana.dashboards.validate(replace(DYNAMIC, content=wrong), exists=True)
    assert causes is not None
    assert len(fake.log.writes) == 1


@pytest.mark.parametrize(
    ("item", "version"),
    [
        ({"status": {"conversion": {"storedVersion": "v2", "failed": False}}}, "v2"),
        ({}, ""),
        (
            {
                "metadata": {
                    "managedFields": [{"apiVersion": "dashboard.grafana.app/v2", "time": "2026-10-01"}]
                }
            },
            "v2",
        ),
        (
            {
                "metadata": {
                    "managedFields": [
                        {"apiVersion": "dashboard.grafana.app/v1", "time": "2026-10-02"},
                        {"apiVersion": "dashboard.grafana.app/v2", "time": "2026-10-01"},
                    ]
                }
            },
            "v1",
        ),
        (
            {
                "metadata": {
                    "managedFields": [
                        {"apiVersion": "dashboard.grafana.app/v1", "time": "2026-10-01"},
                        {"apiVersion": "dashboard.grafana.app/v2", "time": "2026-10-01"},
                    ]
                }
            },
            "v2",
        ),
    ],
)
def test_the_stored_version_is_found_in_any_answer(item: Json, version: str) -> None:
    assert stored_version(item) == version


def test_an_answer_without_a_status_is_not_taken_for_classic(fake: FakeGrafana, grafana: Grafana) -> None:
    """13.0 says nothing of a conversion from `v2`: only the managed fields tell (conversion.go, 04e520d5)."""
    fake.config.tells_conversions = False
    grafana.dashboards.create(DYNAMIC)
    with connect(fake) as other:
        assert _live(other).content["panels"][0]["dynamic"]["kind"] == "tab"


def test_a_failed_conversion_is_read_as_it_is_stored(fake: FakeGrafana, grafana: Grafana) -> None:
    fake.store.provision("old", {"title": "Old", "panels": [], "schemaVersion": 10}, "old.json", edits=True)
    fake.config.failing_conversions.add("old")
    live = _live(grafana, "old")
    assert (live.title, live.stored_as) == ("Old", "v0alpha1")


def test_versions_that_never_agree_end_the_reading(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(PLAIN)
    item = {"metadata": {"name": "mc"}, "spec": {}}
    for version, other in (("v1", "v2"), ("v2", "v1")):
        body = {**item, "status": {"conversion": {"storedVersion": other}}}
        fake.fail(Fault(FaultKind.STATUS, status=200, body=body, path=f"/{version}/.*/mc$", times=9))
    with pytest.raises(UnusableAnswerError, match="does not tell"):
        grafana.dashboards.get("mc")

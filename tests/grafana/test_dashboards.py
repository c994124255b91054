"""Dashboards, the same over both APIs of every version."""

import dataclasses
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana, GrafanaError, NotFoundError
from dashgen.servers.grafana.classic_dashboards import ClassicDashboards
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.grafana_errors import ForbiddenError, RefusedError, TooLargeError
from dashgen.servers.grafana.kubernetes_dashboards import KubernetesDashboards
from dashgen.servers.grafana.live_dashboard import DashboardDraft, LiveDashboard, Marks, contains
from tests.grafana.fake import FakeConfig, FakeGrafana, Fault, FaultKind, When
from tests.grafana.fake.search import refresh_index
from tests.grafana.support import CONTENT, connect

MARKS = Marks("kubectl", "dashgen", "specs/a.yaml", "sum1")
DRAFT = DashboardDraft("mc", CONTENT, "", "first", MARKS)
VERSIONS = ("10.4.1", "11.6.0", "12.4.3", "13.0.1", "13.3.0")


@pytest.fixture(params=VERSIONS)
def fake(request: pytest.FixtureRequest) -> Iterator[FakeGrafana]:
    with FakeGrafana(FakeConfig(version=request.param)) as grafana:
        yield grafana


@pytest.fixture
def grafana(fake: FakeGrafana) -> Iterator[Grafana]:
    with connect(fake) as found:
        yield found


def _live(grafana: Grafana, uid: str = "mc") -> LiveDashboard:
    found = grafana.dashboards.get(uid)
    assert found is not None
    return found


def test_the_newer_api_is_chosen_where_it_is_served(fake: FakeGrafana, grafana: Grafana) -> None:
    wanted = KubernetesDashboards if fake.config.major >= 12 else ClassicDashboards
    assert isinstance(grafana.dashboards.api, wanted)


def test_a_dashboard_that_is_not_there_is_nothing(grafana: Grafana) -> None:
    assert grafana.dashboards.get("mc") is None
    assert grafana.dashboards.history("mc") == []


def test_what_was_created_can_be_read(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.folders.create(LiveFolder("f", "F"))
    token = grafana.dashboards.create(replace(DRAFT, folder_uid="f"))
    live = _live(grafana)
    assert live.folder_uid == "f"
    assert live.title == "Mission Control"
    assert live.token.version == token.version == 1
    assert contains(live.content, dict(CONTENT))
    assert not {"id", "uid", "version"} & live.content.keys()
    assert live.marks == (MARKS if fake.config.major >= 12 else Marks())
    assert live.owner is None


def test_creating_what_is_there_is_a_conflict(grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    with pytest.raises(ConflictError) as caught:
        grafana.dashboards.create(replace(DRAFT, content={**CONTENT, "title": "Other"}))
    assert caught.value.kind is ConflictKind.EXISTS
    assert _live(grafana).title == "Mission Control"


def test_an_update_goes_over_what_was_read(grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    changed = replace(DRAFT, content={**CONTENT, "title": "New"}, message="second")
    token = grafana.dashboards.update(changed, _live(grafana))
    assert token.version == 2
    assert _live(grafana).title == "New"
    assert grafana.dashboards.history("mc")[0].message == "second"


def test_an_edit_between_read_and_write_is_a_conflict_and_not_lost(
    fake: FakeGrafana, grafana: Grafana
) -> None:
    grafana.dashboards.create(DRAFT)
    read = _live(grafana)
    fake.store.edit("mc", title="Edited by a person")
    with pytest.raises(ConflictError) as caught:
        grafana.dashboards.update(replace(DRAFT, content={**CONTENT, "title": "Mine"}), read)
    assert caught.value.kind is ConflictKind.VERSION
    assert caught.value.exit_code == 4
    with pytest.raises(ConflictError):
        grafana.dashboards.delete(read)
    assert _live(grafana).title == "Edited by a person"


def test_an_update_of_what_was_deleted_does_not_make_it_anew(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    read = _live(grafana)
    del fake.store.dashboards["mc"]
    with pytest.raises((NotFoundError, ConflictError)):
        grafana.dashboards.update(DRAFT, read)
    assert "mc" not in fake.store.dashboards


def test_a_dashboard_stays_in_its_folder_and_can_be_moved(grafana: Grafana) -> None:
    grafana.folders.create(LiveFolder("f", "F"))
    grafana.dashboards.create(replace(DRAFT, folder_uid="f"))
    grafana.dashboards.update(
        replace(DRAFT, folder_uid="f", content={**CONTENT, "title": "N"}), _live(grafana)
    )
    assert _live(grafana).folder_uid == "f"
    grafana.dashboards.update(replace(DRAFT, content={**CONTENT, "title": "N"}), _live(grafana))
    assert _live(grafana).folder_uid == ""


def test_a_dashboard_in_a_folder_that_is_missing_is_refused(fake: FakeGrafana, grafana: Grafana) -> None:
    with pytest.raises((RefusedError, NotFoundError), match="folder"):
        grafana.dashboards.create(replace(DRAFT, folder_uid="missing"))
    assert not fake.store.dashboards


def test_deleting_deletes_once_and_does_not_mind_the_second_time(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    live = _live(grafana)
    grafana.dashboards.delete(live)
    grafana.dashboards.delete(live)
    assert len([call for call in fake.log if call.method == "DELETE"]) == 1


@pytest.mark.parametrize("edits", [True, False])
def test_a_dashboard_from_a_file_is_left_alone(fake: FakeGrafana, grafana: Grafana, edits: bool) -> None:
    fake.store.provision("mc", dict(CONTENT), "ops/mc.json", edits=edits)
    live = _live(grafana)
    if edits and fake.config.major < 12:
        assert live.owner is None
        return
    writes = len(fake.log.writes)
    for act in (lambda: grafana.dashboards.update(DRAFT, live), lambda: grafana.dashboards.delete(live)):
        with pytest.raises(ConflictError, match="is managed by") as caught:
            act()
        assert caught.value.kind is ConflictKind.MANAGED
    assert len(fake.log.writes) == writes


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RESET),
        Fault(FaultKind.HTML),
        Fault(FaultKind.CUT_OFF),
        Fault(FaultKind.STATUS, status=500),
        Fault(FaultKind.STATUS, status=502),
        Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1"}),
    ],
    ids=lambda f: f"{f.kind}-{f.status}",
)
def test_lost_answers_end_in_one_save_each(
    fake: FakeGrafana, grafana: Grafana, fault: Fault, when: When
) -> None:
    def strike(method: str) -> None:
        fake.fail(dataclasses.replace(fault, when=when, writes_only=True, method=method))

    _ = grafana.dashboards
    strike("POST")
    assert grafana.dashboards.create(DRAFT).version == 1
    strike("POST" if fake.config.major < 12 else "PUT")
    changed = replace(
        DRAFT, content={**CONTENT, "title": "New"}, marks=replace(MARKS, source_checksum="sum2")
    )
    assert grafana.dashboards.update(changed, _live(grafana)).version == 2
    strike("DELETE")
    grafana.dashboards.delete(_live(grafana))
    assert not fake.store.dashboards
    happened = 1 if when is When.AFTER else 2
    assert len(fake.log.writes) == 3 * happened


def _itself(found: LiveDashboard) -> LiveDashboard:
    return found


def test_many_are_read_in_few_requests_or_at_once(fake: FakeGrafana, grafana: Grafana) -> None:
    uids = [f"d{number}" for number in range(130)]
    for uid in uids:
        grafana.dashboards.create(replace(DRAFT, uid=uid))
    fake.log.clear()
    found = {live.uid for live in grafana.dashboards.get_many([*uids, "missing"], _itself)}
    assert found == set(uids)
    assert len(fake.log) == (2 if fake.config.major >= 12 else 131)
    fake.log.clear()
    assert {live.uid for live in grafana.dashboards.get_many(["d1", "missing"], _itself)} == {"d1"}
    assert len(fake.log) == 2


def test_storage_that_loses_marks_is_found_out() -> None:
    for keeps in (True, False):
        with FakeGrafana(keeps_marks=keeps) as fake, connect(fake) as grafana:
            assert grafana.capabilities.keeps_marks is None
            grafana.dashboards.create(DRAFT)
            dashboard = grafana.dashboards.get(DRAFT.uid)
            assert dashboard is not None
            assert (dashboard.marks == DRAFT.marks) is keeps


def test_the_search_goes_through_all_pages(
    fake: FakeGrafana, grafana: Grafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashgen.servers.grafana.dashboards_api._PAGE", 3)
    for number in range(7):
        grafana.dashboards.create(replace(DRAFT, uid=f"d{number}"))
    grafana.dashboards.create(replace(DRAFT, uid="other", content={**CONTENT, "tags": []}))
    assert len(list(grafana.dashboards.search(tags=["dashgen"]))) == 7
    assert len(list(grafana.dashboards.search(folder_uids=[""]))) == 8
    assert list(grafana.dashboards.search(tags=["dashgen", "no"])) == []
    assert {call.path for call in fake.log.matching("GET", "/api/search")} == {"/api/search"}


def test_a_new_dashboard_is_read_even_when_the_search_lags() -> None:
    with FakeGrafana(search_lags=True) as fake, connect(fake) as grafana:
        grafana.dashboards.create(DRAFT)
        assert list(grafana.dashboards.search()) == []
        assert _live(grafana).title == "Mission Control"
        refresh_index(fake.store)
        assert [hit.uid for hit in grafana.dashboards.search()] == ["mc"]


def test_the_history_has_the_contents(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    grafana.dashboards.update(replace(DRAFT, content={**CONTENT, "title": "New"}), _live(grafana))
    assert [past.version for past in grafana.dashboards.history("mc")] == [2, 1]
    assert len(grafana.dashboards.history("mc", limit=1)) == 1
    first = grafana.dashboards.past("mc", 1)
    assert first is not None
    assert (first.content["title"], first.message) == ("Mission Control", "first")
    assert grafana.dashboards.past("mc", 9) is None


def test_the_server_validates_without_writing(fake: FakeGrafana, grafana: Grafana) -> None:
    wrong = replace(DRAFT, content={**CONTENT, "tags": "x"})
    found = grafana.dashboards.validate(wrong, exists=False)
    assert not fake.log.writes
    assert not fake.store.dashboards
    if fake.config.major < 12:
        assert found is None
        return
    assert found is not None
    assert [cause.field for cause in found] == ["spec.tags"]
    assert grafana.dashboards.validate(DRAFT, exists=False) == ()
    grafana.dashboards.create(DRAFT)
    assert grafana.dashboards.validate(replace(DRAFT, content={**CONTENT, "title": "N"}), exists=True) == ()
    assert _live(grafana).token.version == 1


def test_a_viewer_may_not_save(fake: FakeGrafana) -> None:
    with connect(fake, fake.viewer_token) as grafana, pytest.raises(ForbiddenError) as caught:
        grafana.dashboards.create(DRAFT)
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_content_that_is_too_large_is_named(fake: FakeGrafana, grafana: Grafana) -> None:
    _ = grafana.dashboards
    fake.fail(Fault(FaultKind.STATUS, status=413, body={"message": "Dashboard is too large, max is 16 MB"}))
    with pytest.raises(TooLargeError, match="16 MB"):
        grafana.dashboards.create(DRAFT)


def test_a_root_dashboard_keeps_the_usual_permissions(fake: FakeGrafana, grafana: Grafana) -> None:
    grafana.dashboards.create(DRAFT)
    sent = fake.log.writes[0].json
    if fake.config.major >= 12:
        assert sent["metadata"]["annotations"]["grafana.app/grant-permissions"] == "default"
    else:
        assert sent["folderUid"] == ""
        assert sent["overwrite"] is False


@pytest.mark.parametrize("uid", ["../../admin", "a/b", "", "x" * 41])
def test_a_uid_that_could_climb_makes_no_request(fake: FakeGrafana, grafana: Grafana, uid: str) -> None:
    _ = grafana.dashboards
    before = len(fake.log)
    for act in (
        lambda: grafana.dashboards.get(uid),
        lambda: grafana.dashboards.create(replace(DRAFT, uid=uid)),
        lambda: grafana.dashboards.history(uid),
    ):
        with pytest.raises(GrafanaError):
            act()
    assert len(fake.log) == before


def test_the_link_is_for_people(fake: FakeGrafana, grafana: Grafana) -> None:
    assert grafana.dashboards.link("mc") == f"{fake.url}/d/mc"


@pytest.mark.parametrize(
    ("found", "wanted", "inside"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"options": {}}, True),
        ({}, {"fieldConfig": {"defaults": {}, "overrides": []}}, True),
        ({}, {"fieldConfig": {"defaults": {"unit": "s"}}}, False),
        ({"panels": [{"id": 1, "x": 2}]}, {"panels": [{"id": 1}]}, True),
        ({"panels": [{"id": 1}, {"id": 2}]}, {"panels": [{"id": 1}]}, False),
        ({}, {"tags": []}, True),
        ({}, {"refresh": ""}, True),
        ({}, {"title": "x"}, False),
        ({"a": "x"}, {"a": {"b": 1}}, False),
    ],
)
def test_what_was_sent_is_found_under_the_servers_defaults(
    found: object, wanted: object, inside: bool
) -> None:
    assert contains(found, wanted) is inside

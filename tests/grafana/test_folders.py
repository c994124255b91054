import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind, Grafana, GrafanaError, NotFoundError
from dashgen.servers.grafana.folders_api import LiveFolder
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import CONTENT, connect

A = LiveFolder("a", "A")
B = LiveFolder("b", "B", "a")
C = LiveFolder("c", "C", "b")


def created(grafana: Grafana, folder: LiveFolder) -> LiveFolder:
    grafana.folders.create(folder)
    live = grafana.folders.get(folder.uid)
    assert live is not None
    return live


def test_nested_folders_are_created_and_listed_parents_first(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        for folder in (A, B, C):
            grafana.folders.create(folder)
        found = grafana.folders.everything()
        assert [(f.uid, f.parent_uid) for f in found] == [("a", ""), ("b", "a"), ("c", "b")]
        assert grafana.folders.get("b") == LiveFolder("b", "B", "a", 1)
        assert grafana.folders.get("x") is None


def test_a_folder_under_a_missing_parent_is_not_made(fake: FakeGrafana) -> None:
    with connect(fake) as grafana, pytest.raises(NotFoundError, match="there is no folder `a`"):
        grafana.folders.create(B)
    assert not fake.log.writes


def test_a_folder_that_exists_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.folders.create(A)
        with pytest.raises(ConflictError) as caught:
            grafana.folders.create(LiveFolder("a", "Other"))
    assert caught.value.kind is ConflictKind.EXISTS


def test_renaming_goes_over_what_was_read(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        first = created(grafana, A)
        grafana.folders.rename(LiveFolder("a", "New"), first)
        assert grafana.folders.get("a") == LiveFolder("a", "New", version=2)
        with pytest.raises(ConflictError) as caught:
            grafana.folders.rename(LiveFolder("a", "Newer"), first)
    assert caught.value.kind is ConflictKind.VERSION
    assert fake.store.folders["a"].title == "New"


def test_a_folder_can_be_moved(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        for folder in (A, LiveFolder("b", "B")):
            grafana.folders.create(folder)
        grafana.folders.move("b", "a")
        assert [f.uid for f in grafana.folders.children("a")] == ["b"]
        grafana.folders.move("b", "")
        assert grafana.folders.children("a") == []


def test_a_folder_with_anything_in_it_is_not_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.folders.create(A)
        grafana.folders.create(B)
        fake.store.provision("d", dict(CONTENT), "d.json", folder_uid="b")
        with pytest.raises(ConflictError, match="is not empty: 1 folder, 1 dashboard") as caught:
            grafana.folders.delete("a")
    assert caught.value.kind is ConflictKind.IN_USE
    assert set(fake.store.folders) == {"a", "b"}


def test_an_empty_folder_is_deleted_and_the_second_time_is_fine(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.folders.create(A)
        grafana.folders.delete("a")
        grafana.folders.delete("a")
    assert not fake.store.folders


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_OFF])
def test_lost_answers_end_in_one_folder(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(kind, when, method="POST"))
        before = created(grafana, A)
        fake.fail(Fault(kind, when, method="PUT"))
        grafana.folders.rename(LiveFolder("a", "New"), before)
        assert grafana.folders.get("a") == LiveFolder("a", "New", version=2)
        fake.fail(Fault(kind, when, method="DELETE"))
        grafana.folders.delete("a")
    assert not fake.store.folders
    assert len(fake.log.writes) == (3 if when is When.AFTER else 6)


def test_folders_are_listed_page_by_page(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashgen.servers.grafana.folders_api._PAGE", 2)
    with connect(fake) as grafana:
        for number in range(5):
            grafana.folders.create(LiveFolder(f"f{number}", f"F{number}"))
        assert len(grafana.folders.children()) == 5


def test_a_folder_links_to_itself(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        assert grafana.folders.link("a") == f"{fake.url}/dashboards/f/a"
        with pytest.raises(GrafanaError):
            grafana.folders.get("../x")

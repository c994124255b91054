from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind, ForbiddenError, GrafanaError
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.grafana.grafana_errors import RefusedError
from tests.grafana.fake import FakeConfig, FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import connect, rule

GROUP = RuleGroup("f", "service", 60, (rule("r1", "One"), rule("r2", "Two")))


@pytest.fixture(params=["12.4.3", "13.0.1", "13.3.0"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeGrafana]:
    with FakeGrafana(version=request.param) as grafana:
        yield grafana


@pytest.fixture(autouse=True)
def folder(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.folders.create(LiveFolder("f", "F"))
    fake.log.clear()


def test_a_group_is_written_and_read_as_a_whole(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        stored = grafana.alert_rules.put(GROUP, None)
        assert stored.fingerprint == GROUP.fingerprint
        assert stored.uids == ("r1", "r2")
        assert grafana.alert_rules.groups() == [stored]
        assert grafana.alert_rules.groups(["other"]) == []
        assert grafana.alert_rules.get("f", "none") is None
    assert len(fake.log.writes) == 1


def test_rules_that_are_left_out_are_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        stored = grafana.alert_rules.put(GROUP, None)
        grafana.alert_rules.put(replace(GROUP, rules=GROUP.rules[:1]), stored)
        assert grafana.alert_rules.rule("r2") is None
        assert grafana.alert_rules.rule("r1") is not None


@pytest.mark.parametrize("editable", [True, False])
def test_provenance_is_the_same_on_every_write(fake: FakeGrafana, editable: bool) -> None:
    with connect(fake, editable=editable) as grafana:
        stored = grafana.alert_rules.put(GROUP, None)
        stored = grafana.alert_rules.put(replace(GROUP, interval=120), stored)
        grafana.alert_rules.delete(stored)
    # The API that has a resource for each rule knows the provenance from an annotation.
    calls = [call for call in fake.log.writes if call.path.startswith("/api/")]
    headers = [call.header("X-Disable-Provenance") for call in calls]
    assert headers == ["true" if editable else None] * (3 if _is_classic(fake, editable) else 2)


def _is_classic(fake: FakeGrafana, editable: bool = True) -> bool:
    return fake.config.major < 13 or not editable


def test_a_group_that_was_locked_can_be_opened_again(fake: FakeGrafana) -> None:
    with connect(fake, editable=False) as locked, connect(fake) as opened:
        stored = locked.alert_rules.put(GROUP, None)
        assert locked.alert_rules.list_all()[0]["provenance"] == "api"
        opened.alert_rules.put(replace(GROUP, interval=120), stored)
        assert "provenance" not in opened.alert_rules.list_all()[0]


def test_an_edit_in_between_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        stored = grafana.alert_rules.put(GROUP, None)
        fake.store.rules["r1"]["title"] = "Edited by a person"
        for act in (
            lambda: grafana.alert_rules.put(replace(GROUP, interval=120), stored),
            lambda: grafana.alert_rules.delete(stored),
        ):
            with pytest.raises(ConflictError) as caught:
                act()
            assert caught.value.kind is ConflictKind.VERSION
        with pytest.raises(ConflictError) as caught:
            grafana.alert_rules.put(GROUP, None)
        assert caught.value.kind is ConflictKind.EXISTS
    assert fake.store.rules["r1"]["title"] == "Edited by a person"


def test_a_rule_of_another_group_is_not_taken_away(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.alert_rules.put(GROUP, None)
        other = RuleGroup("f", "other", 60, (rule("r1"),))
        with pytest.raises(ConflictError, match="`r1` exists already, in group `service`"):
            grafana.alert_rules.put(other, None)
    assert fake.store.rules["r1"]["ruleGroup"] == "service"


def test_rules_of_a_file_are_left_alone(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        stored = grafana.alert_rules.put(GROUP, None)
        fake.store.rules["r1"]["provenance"] = "file"
        with pytest.raises(ConflictError, match="managed by provisioning files") as caught:
            grafana.alert_rules.put(replace(GROUP, interval=120), stored)
        assert caught.value.kind is ConflictKind.MANAGED
        with pytest.raises(ConflictError):
            grafana.alert_rules.delete(stored)


def test_a_change_that_the_server_swallows_is_caught() -> None:
    with FakeGrafana(FakeConfig(swallows_groups=True)) as fake, connect(fake) as grafana:
        grafana.folders.create(LiveFolder("f", "F"))
        with pytest.raises(RefusedError, match="stored rule group `service` in folder `f` differently"):
            grafana.alert_rules.put(GROUP, None)


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (replace(GROUP, interval=7), "divided exactly by scheduler interval"),
        (replace(GROUP, folder_uid="missing"), "folder does not exist"),
        (replace(GROUP, rules=(rule("r1", ""),)), "title is empty"),
        (replace(GROUP, rules=(rule("r1", noDataState="Nope"),)), "unknown NoData state option Nope"),
    ],
)
def test_what_grafana_refuses_is_said_in_its_words(fake: FakeGrafana, group: RuleGroup, words: str) -> None:
    with connect(fake) as grafana, pytest.raises(RefusedError, match=words):
        grafana.alert_rules.put(group, None)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_OFF])
def test_lost_answers_end_in_one_group(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(kind, when, method="PUT"))
        stored = grafana.alert_rules.put(GROUP, None)
        assert stored.uids == ("r1", "r2")
        fake.fail(Fault(kind, when, method="DELETE"))
        grafana.alert_rules.delete(stored)
        grafana.alert_rules.delete(stored)
    assert not fake.store.rules
    # A group is put as a whole, and deleted as a whole or rule by rule.
    deletions = 1 if _is_classic(fake) else 2
    assert len(fake.log.writes) == (1 + deletions if when is When.AFTER else 3 + deletions)


def test_a_viewer_reads_and_may_not_write(fake: FakeGrafana) -> None:
    with connect(fake, fake.viewer_token) as grafana:
        assert grafana.alert_rules.list_all() == []
        with pytest.raises(ForbiddenError, match="may not access") as caught:
            grafana.alert_rules.put(GROUP, None)
    assert "alert.provisioning:write" in caught.value.needed


def test_a_group_may_have_any_title(fake: FakeGrafana) -> None:
    odd = replace(GROUP, title="a/b c?d#e%2F ünïcode")
    with connect(fake) as grafana:
        stored = grafana.alert_rules.put(odd, None)
        assert stored.title == odd.title
        if _is_classic(fake):
            with pytest.raises(GrafanaError):
                grafana.alert_rules.get("f", "..")
        else:
            assert grafana.alert_rules.get("f", "..") is None
    assert {r["ruleGroup"] for r in fake.store.rules.values()} == {odd.title}

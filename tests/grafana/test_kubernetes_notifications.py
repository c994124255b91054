"""Notifications over `/apis`: the same contract as over the provisioning API, with Grafana's own preconditions."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from dashgen.servers.grafana import ConflictKind, Grafana, GrafanaError
from dashgen.servers.grafana.grafana_errors import RefusedError
from dashgen.servers.grafana.kubernetes_notifications import InhibitionRules
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.fake.notifications_kubernetes import PROVENANCE, uid_of
from tests.grafana.support import conflict, connect

Act = Callable[[], None]
SLACK: dict[str, Any] = {
    "uid": "ops-slack",
    "name": "ops",
    "type": "slack",
    "settings": {"url": "https://hooks.slack.invalid/hunter2", "recipient": "#ops"},
}
MAIL: dict[str, Any] = {"uid": "ops-mail", "name": "ops", "type": "email", "settings": {"addresses": "a@b.c"}}
TREE = {
    "receiver": "ops",
    "group_by": ["alertname"],
    "routes": [
        {
            "receiver": "ops",
            "object_matchers": [["a", "=", "b"]],
            "mute_time_intervals": ["w"],
            "continue": True,
        },
        {"object_matchers": [["c", "=~", "d"]], "group_wait": "1m", "routes": [{"receiver": "ops"}]},
    ],
}
WEEKENDS = {"name": "w", "time_intervals": [{"weekdays": ["saturday", "sunday"]}]}
MESSAGE = {"name": "msg", "template": '{{ define "msg" }}hi{{ end }}'}
DOWN: dict[str, Any] = {
    "name": "down",
    "source_matchers": [{"type": "=", "label": "alertname", "value": "Down"}],
    "target_matchers": [{"type": "=~", "label": "severity", "value": "info|warning"}],
    "equal": ["cluster"],
}


@pytest.fixture(params=["13.0.1", "13.3.0"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeGrafana]:
    with FakeGrafana(version=request.param) as grafana:
        yield grafana


def inhibitions(grafana: Grafana) -> InhibitionRules:
    assert grafana.inhibition_rules is not None
    return grafana.inhibition_rules


def fill(grafana: Grafana) -> None:
    grafana.contact_points.create(SLACK)
    grafana.contact_points.create(MAIL)
    grafana.mute_timings.create(WEEKENDS)
    inhibitions(grafana).create(DOWN)
    grafana.templates.create(MESSAGE)
    grafana.policies.put(TREE, grafana.policies.get())


def contents(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Things without what the server adds."""
    return [
        {k: v for k, v in one.items() if k not in ("version", "annotations", "provenance")} for one in items
    ]


def test_everything_can_be_made_read_and_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        hidden = {**SLACK, "settings": {"recipient": "#ops", "url": "[REDACTED]"}}
        resolved = {"disableResolveMessage": False}
        assert contents(grafana.contact_points.list_all()) == [hidden | resolved, MAIL | resolved]
        assert contents(grafana.mute_timings.list_all()) == [WEEKENDS]
        assert contents(grafana.templates.list_all()) == [MESSAGE]
        assert contents(inhibitions(grafana).list_all()) == [DOWN]
        assert contents([grafana.policies.get()]) == [TREE]
        grafana.policies.reset(grafana.policies.get())
        for collection in (
            grafana.contact_points,
            grafana.mute_timings,
            grafana.templates,
            inhibitions(grafana),
        ):
            for item in collection.list_all():
                for _ in range(2):
                    collection.delete(item)
        assert grafana.policies.get()["receiver"] == "empty"
    store = fake.store
    assert (store.contact_points, store.mute_timings, store.templates) == ({}, {}, {})
    assert store.inhibition_rules == {}
    assert {call.path.split("/")[1] for call in fake.log.writes} == {"apis"}
    served = "v1beta1" if fake.config.version == "13.3.0" else "v0alpha1"
    assert {call.path.split("/")[3] for call in fake.log.writes} == {served}


def test_the_integrations_of_a_contact_point_are_one_receiver(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        assert [call.method for call in fake.log.writes][:2] == ["POST", "PUT"]
        point = grafana.contact_points.get("ops-slack")
        assert point is not None
        grafana.contact_points.update(
            {**SLACK, "settings": {**point["settings"], "recipient": "#new"}}, point
        )
        # The other integration, and the secret of this one, stay.
        assert fake.log.writes[-1].json["spec"]["integrations"][0]["secureFields"] == {"url": True}
    stored = fake.store.contact_points
    assert stored["ops-slack"]["settings"] == {"url": SLACK["settings"]["url"], "recipient": "#new"}
    assert stored["ops-mail"]["settings"] == MAIL["settings"]


def test_a_nested_secret_keeps_its_place(fake: FakeGrafana) -> None:
    from dashgen.servers.grafana.notification_objects import integration, integrations

    secure = {"tlsConfig.clientKey": True, "password": True}
    stored = {
        "uid": "x",
        "type": "mqtt",
        "version": "v1",
        "settings": {"tlsConfig": {"insecure": True}},
        "secureFields": secure,
    }
    (read,) = integrations({"spec": {"title": "t", "integrations": [stored]}})
    assert read["settings"] == {
        "tlsConfig": {"insecure": True, "clientKey": "[REDACTED]"},
        "password": "[REDACTED]",
    }
    sent = integration(read, stored)
    assert (sent["settings"], sent["secureFields"]) == ({"tlsConfig": {"insecure": True}}, secure)
    alone = integration({"settings": {"tlsConfig": {"clientKey": "[REDACTED]"}}}, {"version": "v0mimir1"})
    assert (alone["settings"], alone["version"]) == ({}, "v0mimir1")


def test_a_contact_point_that_is_renamed_takes_its_policies_along(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.contact_points.create(SLACK)
        grafana.policies.put({"receiver": "ops"}, grafana.policies.get())
        point = grafana.contact_points.get("ops-slack")
        assert point is not None
        grafana.contact_points.update({**SLACK, "name": "team"}, point)
        assert grafana.policies.get()["receiver"] == "team"
        assert [one["name"] for one in grafana.contact_points.list_all()] == ["team"]


def test_an_integration_may_go_to_another_contact_point(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        mail = grafana.contact_points.get("ops-mail")
        assert mail is not None
        grafana.contact_points.update({**MAIL, "name": "office"}, mail)
        names = {one["uid"]: one["name"] for one in grafana.contact_points.list_all()}
    assert names == {"ops-slack": "ops", "ops-mail": "office"}


@pytest.mark.parametrize("editable", [True, False])
def test_provenance_is_the_same_on_every_write(fake: FakeGrafana, editable: bool) -> None:
    with connect(fake, editable=editable) as grafana:
        fill(grafana)
        for item in (
            *grafana.contact_points.list_all(),
            grafana.policies.get(),
            *grafana.mute_timings.list_all(),
        ):
            assert ("provenance" in item) is not editable
        grafana.policies.put({**TREE, "group_by": []}, grafana.policies.get())
        assert ("provenance" in grafana.policies.get()) is not editable


@pytest.mark.parametrize(
    "kind", ["contact_points", "mute_timings", "templates", "policies", "inhibition_rules"]
)
def test_a_write_keeps_the_provenance_of_whoever_manages_it(fake: FakeGrafana, kind: str) -> None:
    with connect(fake, editable=False) as terraform:
        fill(terraform)
    with connect(fake) as grafana:
        if kind == "policies":
            grafana.policies.put({**TREE, "group_by": []}, grafana.policies.get())
            grafana.policies.reset(grafana.policies.get())
        else:
            grafana.policies.reset(grafana.policies.get())
            collection = getattr(grafana, kind)
            item = collection.list_all()[0]
            collection.update(item, item)
            assert fake.log.writes[-1].json["metadata"]["annotations"][PROVENANCE] == "api"
            collection.delete(collection.list_all()[0])


@pytest.mark.parametrize("provenance", ["file", "converted_prometheus"])
def test_what_a_file_or_an_import_brought_is_managed(fake: FakeGrafana, provenance: str) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        fake.store.mute_timings["w"]["provenance"] = provenance
        timing = grafana.mute_timings.list_all()[0]
        assert timing["provenance"] == provenance
        with conflict(ConflictKind.MANAGED):
            grafana.mute_timings.update(WEEKENDS, timing)


def acts(grafana: Grafana) -> list[Act]:
    """A change and a deletion of everything that `fill` made, as it is now."""
    point, tree = grafana.contact_points.list_all()[0], grafana.policies.get()
    timing, template = grafana.mute_timings.list_all()[0], grafana.templates.list_all()[0]
    rule = inhibitions(grafana).list_all()[0]
    return [
        lambda: grafana.contact_points.update({**SLACK, "settings": {"recipient": "#x"}}, point),
        lambda: grafana.contact_points.delete(point),
        lambda: grafana.mute_timings.update({**WEEKENDS, "time_intervals": []}, timing),
        lambda: grafana.templates.update({**MESSAGE, "template": "x"}, template),
        lambda: grafana.templates.delete(template),
        lambda: inhibitions(grafana).update({**DOWN, "equal": []}, rule),
        lambda: inhibitions(grafana).delete(rule),
        lambda: grafana.policies.put({**TREE, "group_by": []}, tree),
        lambda: grafana.policies.reset(tree),
    ]


def edit(fake: FakeGrafana) -> None:
    fake.store.contact_points["ops-slack"]["settings"]["recipient"] = "#edited"
    fake.store.policies["group_by"] = ["edited"]
    fake.store.mute_timings["w"] |= {"time_intervals": [], "version": "edited"}
    fake.store.templates["msg"] |= {"template": "edited", "version": "edited"}
    fake.store.inhibition_rules["down"]["spec"]["equal"] = ["edited"]


def test_an_edit_in_between_is_a_conflict_and_nothing_is_written(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        changes = acts(grafana)
        edit(fake)
        writes = len(fake.log.writes)
        for act in changes:
            with conflict(ConflictKind.VERSION):
                act()
        assert len(fake.log.writes) == writes


@pytest.mark.parametrize("number", range(9))
def test_an_edit_after_the_last_look_is_a_conflict_of_grafanas_own(fake: FakeGrafana, number: int) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        act = acts(grafana)[number]
        # The edit happens when the write arrives: after everything that was read.
        grafana.session.write, write = (lambda change: (edit(fake), write(change))[1]), grafana.session.write  # type: ignore[method-assign]
        with conflict(ConflictKind.VERSION):
            act()
    store = fake.store
    assert store.contact_points["ops-slack"]["settings"]["recipient"] == "#edited"
    assert store.inhibition_rules["down"]["spec"]["equal"] == ["edited"]


def test_what_is_there_is_not_made_again(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        makes: tuple[Act, ...] = (
            lambda: grafana.contact_points.create(SLACK),
            lambda: grafana.mute_timings.create(WEEKENDS),
            lambda: grafana.templates.create(MESSAGE),
            lambda: inhibitions(grafana).create(DOWN),
        )
        for act in makes:
            with conflict(ConflictKind.EXISTS):
                act()


def test_what_is_used_is_not_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.contact_points.create(SLACK)
        grafana.mute_timings.create(WEEKENDS)
        tree = {"receiver": "empty", "routes": [{"receiver": "ops", "mute_time_intervals": ["w"]}]}
        grafana.policies.put(tree, grafana.policies.get())
        removals: tuple[Act, ...] = (
            lambda: grafana.mute_timings.delete(grafana.mute_timings.list_all()[0]),
            lambda: grafana.contact_points.delete(grafana.contact_points.list_all()[0]),
        )
        for act in removals:
            with conflict(ConflictKind.IN_USE):
                act()


def test_a_tree_that_names_what_is_missing_is_refused_in_grafanas_words(fake: FakeGrafana) -> None:
    with connect(fake) as grafana, pytest.raises(RefusedError, match="receiver 'nope' does not exist"):
        grafana.policies.put({"receiver": "nope"}, grafana.policies.get())


def test_a_server_that_repeats_a_secret_is_not_repeated(fake: FakeGrafana) -> None:
    said = f"cannot post to {SLACK['settings']['url']}"
    fake.fail(Fault(FaultKind.STATUS, status=400, body={"message": said}, writes_only=True))
    with connect(fake) as grafana, pytest.raises(GrafanaError) as caught:
        grafana.contact_points.create(SLACK)
    assert "hunter2" not in repr(caught.value)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_OFF])
def test_lost_answers_end_in_one_of_each(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    paths = ("receivers", "timeintervals", "inhibitionrules", "templategroups", "routingtrees")
    with connect(fake) as grafana:
        for path in paths:
            fake.fail(Fault(kind, when, path=path, writes_only=True))
        fill(grafana)
        assert sorted(fake.store.contact_points) == ["ops-mail", "ops-slack"]
        for path in paths:
            fake.fail(Fault(kind, when, path=path, method="DELETE"))
        grafana.policies.reset(grafana.policies.get())
        for collection in (
            grafana.contact_points,
            grafana.mute_timings,
            inhibitions(grafana),
            grafana.templates,
        ):
            for item in collection.list_all():
                collection.delete(item)
    store = fake.store
    assert (store.contact_points, store.mute_timings, store.templates) == ({}, {}, {})
    assert store.inhibition_rules == {}


def test_both_apis_see_one_store(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fill(grafana)
        read = grafana.session.read("/api/v1/provisioning/contact-points", "x").listing()
        assert [one["uid"] for one in read] == ["ops-mail", "ops-slack"]
        name = uid_of("ops")
        path = grafana.contact_points._api.path("receivers", name)  # type: ignore[attr-defined]  # the object itself
        assert grafana.session.read(path, "x").mapping()["spec"]["title"] == "ops"


@pytest.mark.parametrize("version", ["10.4.1", "11.5.0", "12.4.3"])
def test_an_older_grafana_is_written_over_the_provisioning_api(version: str) -> None:
    with FakeGrafana(version=version) as old, connect(old) as grafana:
        grafana.contact_points.create(SLACK)
        assert [call.path for call in old.log.writes] == ["/api/v1/provisioning/contact-points"]
        assert grafana.inhibition_rules is None


@pytest.mark.parametrize(
    ("version", "start"), [("12.4.3", "/api/v1"), ("13.0.1", "/api/v1"), ("13.3.0", "/apis/")]
)
def test_a_grafana_that_hides_its_version_is_told_by_the_api_that_it_serves(version: str, start: str) -> None:
    with FakeGrafana(version=version, hide_version=True) as hidden, connect(hidden) as grafana:
        # The settings of the frontend have the version for those who are signed in.
        grafana.capabilities = msgspec.structs.replace(grafana.capabilities, version="")
        grafana.contact_points.create(SLACK)
        assert hidden.log.writes[0].path.startswith(start)


def test_a_named_routing_tree_is_left_alone(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        fake.store.named_trees["team"] = {"receiver": "ops"}
        fill(grafana)
        grafana.policies.reset(grafana.policies.get())
        grafana.contact_points.delete(grafana.contact_points.list_all()[0])
        with conflict(ConflictKind.IN_USE):
            grafana.contact_points.delete(grafana.contact_points.list_all()[0])
    assert fake.store.named_trees == {"team": {"receiver": "ops"}}

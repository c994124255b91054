from collections.abc import Callable
from typing import Any

import pytest

from dashgen.servers.grafana import ConflictKind, Grafana, GrafanaError
from dashgen.servers.grafana.grafana_errors import RefusedError
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import conflict, connect

Act = Callable[[], None]
SLACK: dict[str, Any] = {
    "uid": "ops-slack",
    "name": "ops",
    "type": "slack",
    "settings": {"url": "https://hooks.slack.invalid/hunter2", "recipient": "#ops"},
}
TREE = {
    "receiver": "ops",
    "group_by": ["alertname"],
    "routes": [{"receiver": "ops", "mute_time_intervals": ["w"]}],
}
WEEKENDS = {"name": "w", "time_intervals": [{"weekdays": ["saturday", "sunday"]}]}
MESSAGE = {"name": "msg", "template": '{{ define "msg" }}hi{{ end }}'}


def _fill(grafana: Grafana) -> None:
    grafana.contact_points.create(SLACK)
    grafana.mute_timings.create(WEEKENDS)
    grafana.templates.create(MESSAGE)
    grafana.policies.put(TREE, grafana.policies.get())


def test_everything_can_be_made_read_and_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        points = grafana.contact_points.list_all()
        assert [point["settings"]["url"] for point in points] == ["[REDACTED]"]
        grafana.policies.reset(grafana.policies.get())
        grafana.contact_points.delete(points[0])
        timing, template = grafana.mute_timings.list_all()[0], grafana.templates.list_all()[0]
        for _ in range(2):
            grafana.mute_timings.delete(timing)
            grafana.templates.delete(template)
            grafana.contact_points.delete(points[0])
        assert grafana.policies.get()["receiver"] == "empty"
    store = fake.store
    assert (store.contact_points, store.mute_timings, store.templates) == ({}, {}, {})


@pytest.mark.parametrize("editable", [True, False])
def test_provenance_is_the_same_on_every_write(fake: FakeGrafana, editable: bool) -> None:
    with connect(fake, editable=editable) as grafana:
        _fill(grafana)
        grafana.contact_points.update({**SLACK, "type": "slack"}, grafana.contact_points.list_all()[0])
        grafana.policies.put({**TREE, "group_by": []}, grafana.policies.get())
        for collection, item in ((grafana.mute_timings, WEEKENDS), (grafana.templates, MESSAGE)):
            found = collection.get(str(item["name"]))
            assert found is not None
            assert ("provenance" in found) is not editable
            collection.update(item, found)
    headers = {call.header("X-Disable-Provenance") for call in fake.log.writes}
    assert headers == {"true" if editable else None}


def test_an_edit_in_between_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        point, tree = grafana.contact_points.list_all()[0], grafana.policies.get()
        timing, template = grafana.mute_timings.list_all()[0], grafana.templates.list_all()[0]
        fake.store.contact_points["ops-slack"]["settings"]["recipient"] = "#edited"
        fake.store.policies["group_by"] = ["edited"]
        fake.store.mute_timings["w"]["time_intervals"] = []
        fake.store.templates["msg"]["template"] = "edited"
        writes = len(fake.log.writes)
        acts: tuple[Act, ...] = (
            lambda: grafana.contact_points.update(SLACK, point),
            lambda: grafana.contact_points.delete(point),
            lambda: grafana.policies.put(TREE, tree),
            lambda: grafana.policies.reset(tree),
            lambda: grafana.mute_timings.update(WEEKENDS, timing),
            lambda: grafana.mute_timings.delete(timing),
            lambda: grafana.templates.update(MESSAGE, template),
            lambda: grafana.templates.delete(template),
        )
        for act in acts:
            with conflict(ConflictKind.VERSION):
                act()
        assert len(fake.log.writes) == writes


def test_the_version_travels_with_the_write(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        timing = grafana.mute_timings.list_all()[0]
        grafana.mute_timings.update(WEEKENDS, timing)
        assert fake.log.writes[-1].json["version"] == timing["version"]
        template = grafana.templates.list_all()[0]
        grafana.templates.delete(template)
        assert fake.log.writes[-1].one("version") == template["version"]


def test_what_is_there_is_not_made_again(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        acts: tuple[Act, ...] = (
            lambda: grafana.contact_points.create(SLACK),
            lambda: grafana.mute_timings.create(WEEKENDS),
            lambda: grafana.templates.create(MESSAGE),
        )
        for act in acts:
            with conflict(ConflictKind.EXISTS):
                act()


def test_what_is_used_is_not_deleted(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        acts: tuple[Act, ...] = (
            lambda: grafana.mute_timings.delete(grafana.mute_timings.list_all()[0]),
            lambda: grafana.contact_points.delete(grafana.contact_points.list_all()[0]),
        )
        for act in acts:
            with conflict(ConflictKind.IN_USE):
                act()


def test_the_mark_of_another_tool_stays_when_it_is_written_over(fake: FakeGrafana) -> None:
    with connect(fake, editable=False) as tool, connect(fake) as grafana:
        _fill(tool)
        grafana.policies.put({**TREE, "group_by": []}, grafana.policies.get())
        timing = grafana.mute_timings.list_all()[0]
        grafana.mute_timings.update({**timing, "time_intervals": []}, timing)
        assert grafana.policies.get()["provenance"] == "api"
        assert grafana.mute_timings.list_all()[0]["provenance"] == "api"
        grafana.policies.reset(grafana.policies.get())


def test_what_a_file_marked_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _fill(grafana)
        fake.store.policies["provenance"] = "file"
        with conflict(ConflictKind.MANAGED):
            grafana.policies.put({**TREE, "group_by": []}, grafana.policies.get())


def test_a_tree_that_names_what_is_missing_is_refused_in_grafanas_words(fake: FakeGrafana) -> None:
    with connect(fake) as grafana, pytest.raises(RefusedError, match="receiver 'nope' does not exist"):
        grafana.policies.put({"receiver": "nope"}, grafana.policies.get())


def test_a_redacted_secret_stays_what_it_was(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.contact_points.create(SLACK)
        point = grafana.contact_points.list_all()[0]
        settings = {**point["settings"], "recipient": "#new"}
        grafana.contact_points.update({**point, "settings": settings}, point)
    stored = fake.store.contact_points["ops-slack"]["settings"]
    assert stored == {"url": SLACK["settings"]["url"], "recipient": "#new"}


def test_a_server_that_repeats_a_secret_is_not_repeated(fake: FakeGrafana) -> None:
    said = f"cannot post to {SLACK['settings']['url']}"
    fake.fail(Fault(FaultKind.STATUS, status=400, body={"message": said}, writes_only=True))
    with connect(fake) as grafana, pytest.raises(GrafanaError) as caught:
        grafana.contact_points.create(SLACK)
    assert "hunter2" not in repr(caught.value)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_OFF])
def test_lost_answers_end_in_one_of_each(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        for path in ("contact-points", "mute-timings", "templates", "policies"):
            fake.fail(Fault(kind, when, path=path, writes_only=True))
        _fill(grafana)
        for path in ("contact-points", "mute-timings", "templates", "policies"):
            fake.fail(Fault(kind, when, path=path, method="DELETE"))
        grafana.policies.reset(grafana.policies.get())
        grafana.contact_points.delete(grafana.contact_points.list_all()[0])
        grafana.mute_timings.delete(grafana.mute_timings.list_all()[0])
        grafana.templates.delete(grafana.templates.list_all()[0])
    store = fake.store
    assert (store.contact_points, store.mute_timings, store.templates) == ({}, {}, {})
    assert len(fake.log.writes) == (8 if when is When.AFTER else 16)

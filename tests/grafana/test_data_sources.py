from typing import Any

import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind, ForbiddenError, GrafanaError
from tests.grafana.fake import FakeGrafana, Fault, FaultKind, When
from tests.grafana.support import connect

PROM: dict[str, Any] = {
    "uid": "prometheus",
    "name": "Prometheus",
    "type": "prometheus",
    "access": "proxy",
    "url": "http://127.0.0.1:9090",
    "jsonData": {"httpMethod": "POST"},
    "secureJsonData": {"basicAuthPassword": "hunter2"},
}


def test_what_was_made_can_be_read_without_its_secrets(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        made = grafana.data_sources.create(PROM)
        read = grafana.data_sources.get("prometheus")
        assert read == made
        assert (made.secrets, made.version) == (("basicAuthPassword",), 1)
        assert "hunter2" not in repr(made) + str(made.content)
        assert [found.uid for found in grafana.data_sources.list_all()] == ["prometheus"]
        assert grafana.data_sources.get("x") is None


def test_a_name_or_uid_that_is_taken_is_a_conflict(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.data_sources.create(PROM)
        for taken in (PROM, {**PROM, "uid": "p2"}, {**PROM, "name": "P2"}):
            with pytest.raises(ConflictError) as caught:
                grafana.data_sources.create(taken)
            assert caught.value.kind is ConflictKind.EXISTS


def test_an_update_keeps_secrets_that_are_left_out(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        made = grafana.data_sources.create(PROM)
        plain = {key: value for key, value in PROM.items() if key != "secureJsonData"}
        changed = grafana.data_sources.update({**plain, "jsonData": {"httpMethod": "GET"}}, made)
        assert (changed.version, changed.secrets) == (2, ("basicAuthPassword",))
    assert fake.store.data_source_secrets["prometheus"] == {"basicAuthPassword": "hunter2"}


@pytest.mark.parametrize("version", [1, 2])
def test_an_edit_in_between_is_a_conflict_even_when_it_reset_the_version(
    fake: FakeGrafana, version: int
) -> None:
    with connect(fake) as grafana:
        made = grafana.data_sources.create(PROM)
        fake.store.data_sources["prometheus"] |= {"url": "http://edited", "version": version}
        for act in (
            lambda: grafana.data_sources.update(PROM, made),
            lambda: grafana.data_sources.delete(made),
        ):
            with pytest.raises(ConflictError) as caught:
                act()
            assert caught.value.kind is ConflictKind.VERSION
    assert fake.store.data_sources["prometheus"]["url"] == "http://edited"


def test_one_from_a_file_is_left_alone(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.data_sources.create(PROM)
        fake.store.data_sources["prometheus"]["readOnly"] = True
        found = grafana.data_sources.get("prometheus")
        assert found is not None
        with pytest.raises(ConflictError) as caught:
            grafana.data_sources.update(PROM, found)
        assert caught.value.kind is ConflictKind.MANAGED
        with pytest.raises(ConflictError):
            grafana.data_sources.delete(found)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_JSON])
def test_lost_answers_end_in_one_data_source(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(kind, when, method="POST"))
        made = grafana.data_sources.create(PROM)
        fake.fail(Fault(kind, when, method="PUT"))
        changed = grafana.data_sources.update({**PROM, "url": "http://new"}, made)
        assert changed.version == 2
        fake.fail(Fault(kind, when, method="DELETE"))
        grafana.data_sources.delete(changed)
    assert not fake.store.data_sources
    assert len(fake.log.writes) == (3 if when is When.AFTER else 6)


def test_an_editor_may_not_make_one_and_no_message_has_the_secret(fake: FakeGrafana) -> None:
    with connect(fake, fake.editor_token) as grafana, pytest.raises(ForbiddenError) as caught:
        grafana.data_sources.create(PROM)
    assert caught.value.needed == ("datasources:create",)


def test_a_server_that_repeats_a_secret_is_not_repeated(fake: FakeGrafana) -> None:
    fake.fail(
        Fault(FaultKind.STATUS, status=400, body={"message": "hunter2 is no password"}, writes_only=True)
    )
    with connect(fake) as grafana, pytest.raises(GrafanaError) as caught:
        grafana.data_sources.create(PROM)
    assert "hunter2" not in repr(caught.value) + repr(caught.value.payload)


def test_health_and_queries_are_asked_through_grafana(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.data_sources.create(PROM)
        grafana.data_sources.create({**PROM, "uid": "loki", "name": "Loki", "type": "loki"})
        assert grafana.data_sources.health("prometheus").works
        bad = grafana.data_sources.health("loki")
        assert (bad.works, "Unable to connect" in bad.message) == (False, True)
        fake.log.clear()
        assert grafana.data_sources.problem("prometheus", {"expr": "up"}) is None
        assert grafana.data_sources.problem("prometheus", {"expr": "sum(up"}) is not None
        assert grafana.data_sources.problem("missing", {"expr": "up"}) == "Data source not found"
    assert not fake.log.writes

from typing import Any

import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind, ForbiddenError, Grafana, GrafanaError
from dashgen.servers.grafana.data_sources_api import LiveDataSource
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


def created(grafana: Grafana) -> LiveDataSource:
    grafana.data_sources.create(PROM)
    return read(grafana)


def read(grafana: Grafana) -> LiveDataSource:
    live = grafana.data_sources.get("prometheus")
    assert live is not None
    return live


def test_a_new_data_source_is_read_without_its_secrets(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        live = created(grafana)
        assert (live.secrets, live.version) == (("basicAuthPassword",), 1)
        assert "hunter2" not in repr(live) + str(live.content)
        assert [listed.uid for listed in grafana.data_sources.list_all()] == ["prometheus"]
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
        live = created(grafana)
        plain = {key: value for key, value in PROM.items() if key != "secureJsonData"}
        grafana.data_sources.update({**plain, "jsonData": {"httpMethod": "GET"}}, live)
        changed = read(grafana)
        assert (changed.version, changed.secrets) == (2, ("basicAuthPassword",))
    assert fake.store.data_source_secrets["prometheus"] == {"basicAuthPassword": "hunter2"}


@pytest.mark.parametrize("version", [1, 2])
def test_an_edit_in_between_is_a_conflict_even_when_it_reset_the_version(
    fake: FakeGrafana, version: int
) -> None:
    with connect(fake) as grafana:
        live = created(grafana)
        fake.store.data_sources["prometheus"] |= {"url": "http://edited", "version": version}
        for act in (
            lambda: grafana.data_sources.update(PROM, live),
            lambda: grafana.data_sources.delete(live),
        ):
            with pytest.raises(ConflictError) as caught:
                act()
            assert caught.value.kind is ConflictKind.VERSION
    assert fake.store.data_sources["prometheus"]["url"] == "http://edited"


def test_one_from_a_file_is_left_alone(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.data_sources.create(PROM)
        fake.store.data_sources["prometheus"]["readOnly"] = True
        live = read(grafana)
        with pytest.raises(ConflictError) as caught:
            grafana.data_sources.update(PROM, live)
        assert caught.value.kind is ConflictKind.MANAGED
        with pytest.raises(ConflictError):
            grafana.data_sources.delete(live)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HTML, FaultKind.CUT_JSON])
def test_lost_answers_end_in_one_data_source(fake: FakeGrafana, kind: FaultKind, when: When) -> None:
    with connect(fake) as grafana:
        fake.fail(Fault(kind, when, method="POST"))
        live = created(grafana)
        fake.fail(Fault(kind, when, method="PUT"))
        grafana.data_sources.update({**PROM, "url": "http://new"}, live)
        changed = read(grafana)
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


def test_grafana_tries_data_sources(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        grafana.data_sources.create(PROM)
        grafana.data_sources.create({**PROM, "uid": "loki", "name": "Loki", "type": "loki"})
        assert grafana.data_sources.health("prometheus").works
        bad = grafana.data_sources.health("loki")
        assert (bad.works, "Unable to connect" in bad.message) == (False, True)

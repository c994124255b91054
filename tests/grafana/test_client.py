import pytest

from dashgen.formats.form_conversion import DASHBOARD_FORMS
from dashgen.servers.grafana import ForbiddenError, Grafana, GrafanaError
from dashgen.servers.grafana.client import Provisioned
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.grafana.support import connect, settings


def test_nothing_is_asked_before_it_is_needed(fake: FakeGrafana) -> None:
    with Grafana(settings(fake), forms=DASHBOARD_FORMS) as grafana:
        assert len(fake.log) == 0
        _ = grafana.dashboards, grafana.dashboards, grafana.capabilities
        asked = len(fake.log)
        _ = grafana.dashboards, grafana.capabilities
        assert len(fake.log) == asked
        assert fake.admin_token not in repr(grafana) + repr(grafana.session) + repr(vars(grafana))


@pytest.mark.parametrize("what", Provisioned)
def test_provisioning_files_are_read_again_on_request(fake: FakeGrafana, what: Provisioned) -> None:
    with connect(fake) as grafana:
        grafana.reload(what)
    assert fake.store.reloads == [str(what)]


def test_an_editor_may_not_have_files_read_again(fake: FakeGrafana) -> None:
    with connect(fake, fake.editor_token) as grafana, pytest.raises(ForbiddenError):
        grafana.reload(Provisioned.DASHBOARDS)


@pytest.mark.parametrize(
    ("version", "versions"), [("11.5.0", ()), ("12.4.3", ("v1beta1",)), ("13.3.0", ("v1", "v1beta1"))]
)
def test_the_versions_of_a_group_are_read_once_and_only_when_needed(
    version: str, versions: tuple[str, ...]
) -> None:
    with FakeGrafana(version=version) as fake, connect(fake) as grafana:
        _ = grafana.capabilities
        before = len(fake.log)
        assert grafana.served_versions("folder.grafana.app") == versions
        assert grafana.served_versions("folder.grafana.app") == versions
        assert [call.path for call in list(fake.log)[before:]] == ["/apis/folder.grafana.app"] * bool(
            versions
        )


@pytest.mark.parametrize(
    "fault", [Fault(FaultKind.HTML), *(Fault(FaultKind.STATUS, status=s) for s in (403, 404))]
)
def test_a_group_that_is_not_served_to_this_account_has_no_versions(fake: FakeGrafana, fault: Fault) -> None:
    with connect(fake) as grafana:
        _ = grafana.capabilities
        fake.fail(fault)
        assert grafana.served_versions("folder.grafana.app") == ()
        assert grafana.served_versions("none.grafana.app") == ()


def test_versions_that_a_failing_server_does_not_tell_are_read_again(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        _ = grafana.capabilities
        fake.fail(Fault(FaultKind.STATUS, status=500, times=9, path="/apis/"))
        with pytest.raises(GrafanaError):
            grafana.served_versions("folder.grafana.app")
        fake.faults.clear()
        assert grafana.served_versions("folder.grafana.app") == ("v1beta1",)


def test_the_versions_for_dashboards_cost_no_further_request(fake: FakeGrafana) -> None:
    with connect(fake) as grafana:
        versions = grafana.capabilities.dashboard_versions
        before = len(fake.log)
        assert grafana.served_versions("dashboard.grafana.app") == versions
        assert len(fake.log) == before

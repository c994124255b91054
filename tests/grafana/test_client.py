import pytest

from dashgen.servers.grafana import ForbiddenError, Grafana
from dashgen.servers.grafana.client import Provisioned
from tests.grafana.fake import FakeGrafana
from tests.grafana.support import connect, settings


def test_nothing_is_asked_before_it_is_needed(fake: FakeGrafana) -> None:
    with Grafana(settings(fake)) as grafana:
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

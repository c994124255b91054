from tests.grafana.fake import FakeGrafana
from tests.grafana.support import connect

MODEL = {"type": "stat", "title": "Shared"}


def test_a_shared_panel_is_read_by_its_uid(fake: FakeGrafana) -> None:
    fake.store.library["lib"] = {"uid": "lib", "name": "Shared", "folderUid": "", "model": MODEL}
    with connect(fake) as grafana:
        assert grafana.dashboards.library_panel("lib") == MODEL
        assert grafana.dashboards.library_panel("gone") is None

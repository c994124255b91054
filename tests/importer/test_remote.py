"""What a running Grafana and other servers have to import, and what is sent to whom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.errors import DashgenError
from dashgen.importer.exported_inputs import ImportInput
from dashgen.importer.import_files import import_dashboard
from dashgen.importer.import_request import ImportRequest, read_all
from dashgen.importer.remote_dashboards import DashboardPage, RemoteGrafana, page_of, read_url, requested_path
from dashgen.project.targets import Connection
from dashgen.servers.grafana.alert_rules_api import RuleGroup
from dashgen.servers.grafana.folders_api import LiveFolder
from dashgen.servers.http import Limits, ServiceError
from dashgen.workspace.workspace import open_workspace
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.store import StoredDashboard, new_dashboard
from tests.grafana.support import CONTENT, PANEL, connect, rule
from tests.importer.support import importer_for, small_project
from tests.importer.web import Web

TOKEN = "glsa_x"  # noqa: S105
SHARED = {"type": "stat", "title": "Shared", "targets": [{"refId": "A", "expr": "up"}], "options": {}}
BOARD = {
    **CONTENT,
    "panels": [
        PANEL,
        {
            "id": 2,
            "gridPos": {"x": 4, "y": 0, "w": 4, "h": 4},
            "libraryPanel": {"uid": "lib", "name": "Shared"},
        },
    ],
}


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "GRAFANA_URL", "GRAFANA_TOKEN", "GRAFANA_USER"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana() as grafana:
        yield grafana


def put(fake: FakeGrafana, uid: str, folder: str = "", **content: Any) -> StoredDashboard:
    """A dashboard in the fake."""
    marks = {"grafana.app/folder": folder} if folder else {}
    built = new_dashboard(fake.store, uid, {**CONTENT, "title": uid, **content}, marks, "v0alpha1")
    fake.store.save(built)
    return built


def shelf(fake: FakeGrafana) -> RemoteGrafana:
    """The fake's dashboards."""
    return RemoteGrafana(connect(fake))


def read(wanted: ImportRequest, folder: Path, **variables: str) -> list[ImportInput | Diagnostic]:
    """What was asked for."""
    workspace = open_workspace(small_project(folder))
    return list(read_all(wanted, workspace, variables, lambda _: None))


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (
            "https://g.example.com/d/abc/my-board?orgId=1&from=now-1h",
            DashboardPage("https://g.example.com", "abc"),
        ),
        ("https://g.example.com/grafana/d/a_b-c", DashboardPage("https://g.example.com/grafana", "a_b-c")),
        (
            "https://g.example.com:3000/d-solo/abc/x?panelId=2",
            DashboardPage("https://g.example.com:3000", "abc"),
        ),
        ("https://example.com/files/board.json", None),
        ("https://example.com/d/too/many/parts", None),
        ("https://grafana.com/d/abc/x", None),
        ("https://[bad", None),
    ],
)
def test_the_page_of_a_dashboard_is_recognised_by_its_address(url: str, page: DashboardPage | None) -> None:
    assert page_of(url) == page


def test_a_dashboard_comes_with_its_folder_and_its_library_panels(fake: FakeGrafana, tmp_path: Path) -> None:
    grafana = connect(fake)
    grafana.folders.create(LiveFolder("outer", "Outer"))
    grafana.folders.create(LiveFolder("inner", "Inner", parent_uid="outer"))
    fake.store.library["lib"] = {"uid": "lib", "name": "Shared", "folderUid": "", "model": SHARED}
    put(fake, "board", "inner", panels=BOARD["panels"])
    before = len(fake.log)
    given = shelf(fake).dashboard("board")
    assert isinstance(given, ImportInput)
    result = import_dashboard(given, importer_for(small_project(tmp_path)))
    assert not isinstance(result, Diagnostic)
    assert result.imported.spec["folder"] == "Outer/Inner"
    assert [panel["title"] for panel in result.imported.spec["panels"]] == ["Queries", "Shared"]
    assert result.imported.notes.converted["the library panel `Shared` became a panel of this dashboard"] == 1
    assert {call.method for call in list(fake.log)[before:]} == {"GET"}


def test_a_library_panel_that_is_gone_stays_a_reference(fake: FakeGrafana, tmp_path: Path) -> None:
    put(fake, "board", panels=BOARD["panels"])
    given = shelf(fake).dashboard("board")
    assert isinstance(given, ImportInput)
    result = import_dashboard(given, importer_for(small_project(tmp_path)))
    assert not isinstance(result, Diagnostic)
    assert any("stays a reference" in what for what in result.imported.notes.converted)


def test_a_folder_means_those_below_it_too(fake: FakeGrafana) -> None:
    grafana = connect(fake)
    for uid, parent in (("a", ""), ("b", "a"), ("c", "")):
        grafana.folders.create(LiveFolder(uid, f"Title {uid}", parent_uid=parent))
        put(fake, f"in-{uid}", uid)
    put(fake, "outside")
    names = [given.name.rpartition("/")[2] for given in shelf(fake).inside("Title a")]
    assert names == ["in-a", "in-b"]
    assert [given.name.rpartition("/")[2] for given in shelf(fake).inside("General")] == ["outside"]


def test_a_folder_is_found_by_title_path_and_uid(fake: FakeGrafana) -> None:
    grafana = connect(fake)
    for uid, title, parent in (("a", "A", ""), ("b", "B", "a"), ("other", "C", ""), ("twin", "B", "other")):
        grafana.folders.create(LiveFolder(uid, title, parent_uid=parent))
    result = shelf(fake)
    assert [result.folder(word) for word in ("A", "A/B", "C/B", "twin", "")] == ["a", "b", "twin", "twin", ""]
    with pytest.raises(DashgenError, match=r"2 folders are called `B`: `A/B` \(b\), `C/B` \(twin\)"):
        result.folder("B")
    with pytest.raises(DashgenError, match="has no folder `D`"):
        result.folder("D")


def test_a_title_that_cannot_be_a_folder_is_dropped_with_a_word(fake: FakeGrafana, tmp_path: Path) -> None:
    connect(fake).folders.create(LiveFolder("odd", "A/B"))
    put(fake, "board", "odd")
    given = shelf(fake).dashboard("board")
    assert isinstance(given, ImportInput)
    result = import_dashboard(given, importer_for(small_project(tmp_path)))
    assert not isinstance(result, Diagnostic)
    assert "folder" not in result.imported.spec
    assert any(what.startswith(r"the folder `A\/B`") for what in result.imported.notes.dropped)


def test_what_is_not_there_is_reported(fake: FakeGrafana) -> None:
    result = shelf(fake).dashboard("nothing")
    assert isinstance(result, Diagnostic)
    assert result.rule == "import/missing"


def test_credentials_go_to_the_grafana_they_are_meant_for(fake: FakeGrafana, tmp_path: Path) -> None:
    put(fake, "board")
    page = f"{fake.url}/d/board/x"
    given = read(ImportRequest([page]), tmp_path, GRAFANA_URL=fake.url, GRAFANA_TOKEN=fake.admin_token)
    assert isinstance(given[0], ImportInput)
    connection = Connection(fake.url)
    given = read(ImportRequest([page], connection=connection), tmp_path, GRAFANA_TOKEN=fake.admin_token)
    assert isinstance(given[0], ImportInput)


def test_the_page_of_another_grafana_gets_no_credentials(tmp_path: Path) -> None:
    with Web() as web, pytest.raises(DashgenError):
        read(
            ImportRequest([f"{web.url}/d/board/x"]),
            tmp_path,
            GRAFANA_URL="https://mine.example.com",
            GRAFANA_TOKEN=TOKEN,
        )
    assert web.asked
    assert all(TOKEN not in str(headers) and "Authorization" not in headers for _, headers in web.asked)


def test_a_file_of_any_server_is_read_with_one_request_and_no_credentials(tmp_path: Path) -> None:
    with Web({"/board.json?x=1": (200, {}, orjson.dumps(CONTENT))}) as web:
        given = read(
            ImportRequest([f"{web.url}/board.json?x=1"]), tmp_path, GRAFANA_URL=web.url, GRAFANA_TOKEN=TOKEN
        )
    assert isinstance(given[0], ImportInput)
    assert given[0].data["title"] == CONTENT["title"]
    ((path, headers),) = web.asked
    assert path == "/board.json?x=1"
    assert "Authorization" not in headers


def test_a_redirect_to_another_server_is_not_followed() -> None:
    with Web() as other, Web() as web:
        web.answers["/a"] = (302, {"Location": f"{other.url}/b"}, b"")
        with pytest.raises(ServiceError, match="redirects to"):
            read_url(f"{web.url}/a")
        assert other.asked == []


@pytest.mark.parametrize(
    ("status", "body", "rule"),
    [
        (200, b"<!DOCTYPE html><title>x</title>", "import/json"),
        (200, b"", "import/json"),
        (404, b"{}", "import/url"),
        (200, b'{"a": ', "import/json"),
    ],
)
def test_an_answer_that_is_not_a_file_is_reported(status: int, body: bytes, rule: str) -> None:
    with Web({"/a": (status, {}, body)}) as web:
        result = read_url(f"{web.url}/a")
    assert isinstance(result, Diagnostic)
    assert result.rule == rule


def test_an_answer_without_end_is_cut_off() -> None:
    with Web({"/a": (200, {}, b"x" * 5000)}) as web, pytest.raises(ServiceError, match="larger"):
        read_url(f"{web.url}/a", Limits(connect=2, read=1, total=3, body=1000))


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@example.com/a.json",
        "https://",
        "http://exa mple.com/a",
        "https://[bad/x",
        "http://x:99999/a",
    ],
)
def test_a_bad_address_is_refused_before_anything_is_sent(url: str) -> None:
    result = read_url(url)
    assert isinstance(result, Diagnostic)
    assert "hunter2" not in f"{result.message}{result.location}{result.hint}"


def test_rules_come_with_their_folder(fake: FakeGrafana, tmp_path: Path) -> None:
    connect(fake).folders.create(LiveFolder("shop", "Shop"))
    connect(fake).alert_rules.put(RuleGroup("shop", "g", 60, (rule("r"),)), None)
    expected = ImportRequest(folder="Shop", rules=True)
    given = read(expected, tmp_path, GRAFANA_URL=fake.url, GRAFANA_TOKEN=fake.admin_token)
    assert isinstance(given[0], ImportInput)
    assert given[0].data["folders"] == {"shop": "Shop"}
    assert [group["title"] for group in given[0].data["ruleGroups"]] == ["g"]
    one = read(
        ImportRequest(["uid:r"], rules=True), tmp_path, GRAFANA_URL=fake.url, GRAFANA_TOKEN=fake.admin_token
    )
    assert isinstance(one[0], ImportInput)
    missing = read(
        ImportRequest(["uid:x"], rules=True), tmp_path, GRAFANA_URL=fake.url, GRAFANA_TOKEN=fake.admin_token
    )
    assert isinstance(missing[0], Diagnostic)


def test_a_hostile_grafana_writes_no_names(fake: FakeGrafana, tmp_path: Path) -> None:
    put(fake, "ok", title="\x1b[31m../../etc/passwd\x1b[0m")
    given = shelf(fake).dashboard("ok")
    assert isinstance(given, ImportInput)
    result = import_dashboard(given, importer_for(small_project(tmp_path)))
    assert not isinstance(result, Diagnostic)
    assert result.name == "ok.yaml"
    assert "\x1b" not in result.text


@pytest.mark.parametrize(
    ("host", "path", "asked"),
    [
        (
            "grafana.com",
            "/grafana/dashboards/1860-node-exporter-full/",
            "/api/dashboards/1860/revisions/latest/download",
        ),
        (
            "grafana.com",
            "/api/dashboards/1860/revisions/37/download",
            "/api/dashboards/1860/revisions/37/download",
        ),
        ("example.com", "/grafana/dashboards/1860-x", "/grafana/dashboards/1860-x"),
        ("example.com", "", "/"),
    ],
)
def test_a_page_of_grafanas_gallery_means_its_file(host: str, path: str, asked: str) -> None:
    assert requested_path(host, path, "") == asked

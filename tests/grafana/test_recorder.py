"""The recorder, against the fake: what it writes, what it leaves, and what it keeps to itself."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.grafana.fake import FakeGrafana
from tests.grafana.record import NAME, RECORDINGS, Recorder, main, record, write
from tests.grafana.test_recordings import differing

VERSIONS = ("11.6.0", "12.4.3", "13.0.1", "13.3.0")


def _left(fake: FakeGrafana) -> list[object]:
    store = fake.store
    return [*store.folders, *store.dashboards, *store.rules]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_is_replayed_by_being_in_the_folder_of_its_version(version: str, tmp_path: Path) -> None:
    with FakeGrafana(version=version) as fake:
        path = write(record(Recorder(fake.url, fake.admin_token)), tmp_path)
        assert path == tmp_path / version / "client.json"
        assert _left(fake) == []
    assert differing(path) == []


def test_only_a_folder_of_its_own_is_touched(tmp_path: Path) -> None:
    with FakeGrafana(version="13.3.0") as fake:
        fake.store.provision("theirs", {"title": "Theirs"}, "theirs.json")
        recorder = Recorder(fake.url, fake.admin_token)
        write(record(recorder), tmp_path)
        assert _left(fake) == ["theirs"]
        assert all(recorder.name in call.raw for call in fake.log.writes)
        assert recorder.name != Recorder(fake.url, "").name


@pytest.mark.parametrize("error", [KeyboardInterrupt, requests.ConnectionError, SystemExit])
def test_the_folder_is_removed_whatever_happens(error: type[BaseException]) -> None:
    with FakeGrafana(version="13.3.0") as fake:
        recorder = Recorder(fake.url, fake.admin_token)

        def interrupted(method: str, url: str, **options: Any) -> requests.Response:
            if method == "PUT":
                raise error
            return requests.Session().request(method, url, **options)

        recorder.send = interrupted
        with pytest.raises(error):
            record(recorder)
        assert _left(fake) == []
        assert any(call.method == "POST" and call.path == "/api/folders" for call in fake.log)


def test_an_account_that_may_make_no_folder_records_nothing(tmp_path: Path) -> None:
    with FakeGrafana(version="13.3.0") as fake, pytest.raises(SystemExit, match="a folder cannot be made"):
        record(Recorder(fake.url, fake.viewer_token))
    assert list(tmp_path.iterdir()) == []


def test_no_secret_address_or_name_is_in_the_file(tmp_path: Path) -> None:
    with FakeGrafana(version="13.3.0") as fake:
        recorder = Recorder(fake.url, fake.admin_token)

        def talkative(method: str, url: str, **options: Any) -> requests.Response:
            answer = requests.Session().request(method, url, **options)
            if url.endswith("/api/health"):
                told = {"database": "ok", "version": "13.3.0", "login": "jane", "owner": "jane@example.com"}
                told |= {
                    "token": fake.admin_token,
                    "at": "10.1.2.3:3000",
                    "url": "https://grafana.example.com/x",
                }
                answer._content = json.dumps(told).encode()  # an answer cannot be made otherwise
            return answer

        recorder.send = talkative
        text = write(record(recorder), tmp_path).read_text()
        for secret in (
            fake.admin_token,
            fake.origin,
            recorder.name,
            "jane",
            "10.1.2.3",
            "grafana.example.com",
            "127.0.0.1",
        ):
            assert secret not in text, secret
        assert NAME in text


def test_the_command_needs_a_token_and_says_where_the_recording_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeGrafana(version="13.3.0") as fake:
        monkeypatch.setattr("sys.argv", ["record", "--url", fake.url + "/", "--out", str(tmp_path)])
        monkeypatch.delenv("GRAFANA_TOKEN", raising=False)
        with pytest.raises(SystemExit):
            main()
        assert "GRAFANA_TOKEN" in capsys.readouterr().err
        monkeypatch.setenv("GRAFANA_TOKEN", fake.admin_token)
        main()
        assert "13.3.0/client.json" in capsys.readouterr().out
    assert not (RECORDINGS / "13.3.0").exists()

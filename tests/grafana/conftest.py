"""A fake Grafana of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.grafana.fake import FakeGrafana


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    for name in names:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NETRC", "/nonexistent")


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana() as grafana:
        yield grafana

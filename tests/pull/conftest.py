"""A project and a fake Grafana for each test."""

from collections.abc import Iterator

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.conftest import VERSIONS
from tests.sync.support import Project, without_waiting


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana() as grafana:
        yield grafana


@pytest.fixture
def project(fake, tmp_path) -> Project:
    return Project(tmp_path, fake)


@pytest.fixture(params=[*VERSIONS, "12.4.3 without marks"])
def everywhere(request, tmp_path) -> Iterator[Project]:
    version, _, quirk = request.param.partition(" ")
    with FakeGrafana(version=version, keeps_marks=not quirk) as grafana:
        yield Project(tmp_path, grafana)

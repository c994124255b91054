"""A project and a fake Grafana for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.grafana.fake import FakeAddress, FakeGrafana
from tests.sync.support import Project, Starts, without_waiting

VERSIONS = ("10.4.1", "11.5.0", "12.4.3", "13.0.1")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)


@pytest.fixture(scope="session")
def addresses() -> Iterator[Callable[[str], FakeAddress]]:
    """An address of its own for the fakes of each kind, the same in all tests."""
    with ExitStack() as running:
        yield cache(lambda _kind: running.enter_context(FakeAddress()))


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Starts:
    return Starts(tmp_path_factory.mktemp("starts"))


@pytest.fixture
def fake(addresses) -> Iterator[FakeGrafana]:
    with FakeGrafana(address=addresses("")) as grafana:
        yield grafana


@pytest.fixture
def project(fake, tmp_path, starts) -> Project:
    return Project(tmp_path, fake, starts=starts)


@pytest.fixture(params=[*VERSIONS, "12.4.3 without marks"])
def everywhere(request, tmp_path, addresses, starts) -> Iterator[Project]:
    version, _, quirk = request.param.partition(" ")
    address = addresses(request.param)
    with FakeGrafana(version=version, keeps_marks=not quirk, address=address) as grafana:
        yield Project(tmp_path, grafana, starts=starts)

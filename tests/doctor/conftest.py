"""A healthy world for each test, from a project that is built once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.world import World, build_small_project, world_in
from tests.grafana.fake.direct import answer_without_sockets


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with its output."""
    return build_small_project(tmp_path_factory.mktemp("doctor"))


@pytest.fixture
def world(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A stack in which all is well."""
    answer_without_sockets(monkeypatch)
    with world_in(tmp_path, built) as healthy_world:
        yield healthy_world

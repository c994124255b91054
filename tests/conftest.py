"""Programs that tests need and Debian packages."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.telemetry.running import prometheus_server

Promtool = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def promtool() -> Promtool:
    """Runs promtool in a folder: ``promtool(folder, "check", "rules", "x.yaml")``."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip(
            "promtool is missing, so Prometheus itself did not check these rules; Debian's `prometheus` has it"
        )

    def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def prometheus_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus with three hours of a small application's history."""
    if shutil.which("prometheus") is None or shutil.which("promtool") is None:
        pytest.skip("Prometheus is missing, so nothing was asked of a real one; Debian packages it")
    with prometheus_server(tmp_path_factory.mktemp("prometheus")) as url:
        yield url

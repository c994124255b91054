"""Programs that tests need and Debian packages."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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

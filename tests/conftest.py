"""Programs that tests need and Debian packages."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dashgen.core.diagnostics.known_secrets import KNOWN_SECRETS
from tests.telemetry.running import prometheus_server
from tests.tools.hanging import shorten_patience_with_hanging_servers

# Seconds; a slow test must still end before Prometheus no longer sees the last samples.
OLDEST_HISTORY = 90

# How long an example takes depends on how busy the machine is: none has a deadline, and a slow one is not a finding.
# Tests that share a folder of pytest put it back themselves. `@settings` of a test must repeat neither.
# The suite takes the same examples each time, so that what fails was changed; `nox -s property` looks for new ones.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize="DASHGEN_NEW_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("patient")

# The longest single tests, besides those of properties.
SLOW = (
    "docs/test_examples.py", "hostile/test_sizes.py", "pull/test_panels.py", "sync/test_faults.py",
    "sync/test_full_disk.py", "sync/test_races.py", "sync/test_secrets.py",
)  # fmt: skip

Promtool = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    """Forget the secrets of a test after it: the process would hide them in the output of all that follow."""
    before = set(KNOWN_SECRETS)
    yield
    KNOWN_SECRETS.intersection_update(before)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest tests go first, so that no worker is left alone with them in the last minute of a run."""
    items.sort(
        key=lambda item: not (item.get_closest_marker("property") or item.path.as_posix().endswith(SLOW))
    )


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Clients give up when a server of the tests hangs, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        shorten_patience_with_hanging_servers(patch)
        yield


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


class RecentPrometheus:
    """Keeps one Prometheus running whose history ends a moment ago, however long the suite takes.

    Prometheus looks back five minutes for a value: the server is replaced before its last samples are that old.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._running = contextlib.ExitStack()
        self._url = ""
        self._started = 0.0

    def url(self) -> str:
        if not self._url or time.time() - self._started > OLDEST_HISTORY:
            self._running.close()
            self._started = time.time()
            self._url = self._running.enter_context(prometheus_server(self._folder()))
        return self._url

    def close(self) -> None:
        self._running.close()


@pytest.fixture(scope="session")
def recent_prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecentPrometheus]:
    """The Prometheus that tests share."""
    if shutil.which("prometheus") is None or shutil.which("promtool") is None:
        pytest.skip("Prometheus is missing, so nothing was asked of a real one; Debian packages it")
    running = RecentPrometheus(lambda: tmp_path_factory.mktemp("prometheus"))
    yield running
    running.close()


@pytest.fixture
def prometheus_url(recent_prometheus: RecentPrometheus) -> str:
    """The address of a Prometheus with three hours of a small application's history, up to now."""
    return recent_prometheus.url()

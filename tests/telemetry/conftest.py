"""No proxies and credentials of the machine; a Prometheus for the tests that need one."""

from collections.abc import Iterator

import pytest

from tests.telemetry.running import Scripted, scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running

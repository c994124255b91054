"""The whole stack as far as it runs without containers, once for all tests of this folder."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.native.processes import wait_for
from tests.native.report import Row, as_text
from tests.native.run import Running, observe, start
from tests.native.scenarios import SCENARIOS

MOST_SECONDS = 18 * 60
_ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Running]]:
    """Every scenario from its start to the moment when its alerts have cleared."""
    folder = tmp_path_factory.mktemp("native")
    found: dict[str, Running] = {}
    try:
        for scenario in SCENARIOS:
            found[scenario.name] = start(scenario, folder / scenario.name)
        began = time.monotonic()

        def all_over() -> bool:
            for running in found.values():
                assert running.processes.dead() == []
                observe(running, began)
            return all(running.is_over for running in found.values())

        with suppress(TimeoutError):  # each alert's own test says what did not happen
            wait_for("all alerts fired and cleared", all_over, MOST_SECONDS)
        yield found
    finally:
        for running in found.values():
            running.processes.stop()
            running.receiver.close()


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest) -> list[Row]:
    """What the run has measured; printed when it is over."""
    return request.config.stash.setdefault(_ROWS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables."""
    found = config.stash.get(_ROWS, [])
    if found:
        terminalreporter.write_line(as_text(found))

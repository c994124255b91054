"""Everything that can go wrong at any request of a push: no edit is lost, nothing is doubled, the next push converges."""

from collections.abc import Iterator

import pytest

from tests.grafana.fake import When
from tests.sync.fault_cases import FAULTS, READ_FAULTS, at_reads, at_writes, cell
from tests.sync.fault_matrix import PAGE, row_cells
from tests.sync.fault_stage import SETUPS, Stage, open_stage

_HINT = "write the page anew with `python -m tests.sync.fault_matrix` and look at the difference"


@pytest.fixture(scope="module", params=list(SETUPS))
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Stage]]:
    with open_stage(tmp_path_factory.mktemp("faults"), request.param) as created:
        yield request.param, created


def _documented(section: str, name: str, when: When, setup: str) -> str:
    cells = row_cells(PAGE.read_text(encoding="utf-8"), section, name, when)
    return cells[list(SETUPS).index(setup)] if cells else ""


@pytest.mark.parametrize(("name", "when"), FAULTS, ids=lambda value: str(value).replace(" ", "-"))
def test_a_fault_at_any_request_that_writes(stage: tuple[str, Stage], name: str, when: When) -> None:
    setup, created = stage
    result = at_writes(created, setup, name, when)
    assert cell(result) == _documented("At requests that write", name, when, setup), _HINT


@pytest.mark.parametrize(("name", "when"), READ_FAULTS, ids=lambda value: str(value).replace(" ", "-"))
def test_a_fault_at_any_request_that_reads(stage: tuple[str, Stage], name: str, when: When) -> None:
    setup, created = stage
    result = at_reads(created, setup, name, when)
    assert result
    assert cell(result) == _documented("At requests that read", name, when, setup), _HINT


def test_the_page_counts_at_least_300_cases() -> None:
    text = PAGE.read_text(encoding="utf-8")
    count = int(text.partition(" cases: in each")[0].rpartition(" ")[2])
    assert count >= 300

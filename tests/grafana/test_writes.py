"""A write whose answer got lost ends in exactly one write, or in a clear error."""

from collections.abc import Callable

import pytest

from dashgen.servers.grafana import (
    ConflictError,
    ConflictKind,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
)
from dashgen.servers.grafana.grafana_errors import BusyError, ServerError
from dashgen.servers.grafana.payload import Payload
from dashgen.servers.grafana.writes import write_or_verify

BUSY = BusyError("busy", status=429, wait=7.0, payload=Payload())


class Server:
    """Keeps one value; each step says what happens to a write: stored or not, answered or not."""

    def __init__(self, *steps: str) -> None:
        self.steps = list(steps)
        self.value: str | None = None
        self.writes = 0
        self.pauses: list[float | None] = []

    def write(self) -> str:
        self.writes += 1
        step = self.steps.pop(0) if self.steps else "stored"
        if step == "conflict" or self.value is not None:
            raise ConflictError("taken", kind=ConflictKind.EXISTS)
        if step == "gone":
            raise NotFoundError("gone")
        if step != "lost":
            self.value = "mine"
        if step in {"lost", "silent"}:
            raise OutcomeUnknownError("it", BUSY)
        return "answered"

    def read_back(self) -> str | None:
        return self.value and f"found {self.value}"

    def pause(self, _tried: int, asked: float | None) -> None:
        self.pauses.append(asked)

    def run(self, read_back: Callable[[], str | None] | None = None) -> str:
        return write_or_verify(self.write, read_back or self.read_back, self.pause)


def test_a_write_that_is_answered_is_not_looked_after() -> None:
    server = Server()
    assert (server.run(), server.writes, server.pauses) == ("answered", 1, [])


def test_a_write_that_happened_silently_is_found_and_not_repeated() -> None:
    server = Server("silent")
    assert (server.run(), server.writes) == ("found mine", 1)


def test_a_write_that_did_not_happen_is_made_again() -> None:
    server = Server("lost", "lost")
    assert (server.run(), server.writes, server.pauses) == ("answered", 3, [7.0, 7.0])


def test_a_write_that_never_happens_ends_with_its_reason() -> None:
    server = Server(*["lost"] * 9)
    with pytest.raises(BusyError):
        server.run()
    assert server.writes == 3


def test_a_conflict_with_our_own_late_write_is_no_conflict() -> None:
    late = Server("lost")

    def read_back() -> str | None:
        found = late.read_back()
        late.value = "mine"  # the first write lands after we looked
        return found

    assert (late.run(read_back), late.writes) == ("found mine", 2)


@pytest.mark.parametrize("step", ["conflict", "gone"])
def test_somebody_elses_conflict_stays_one(step: str) -> None:
    server = Server(step)
    with pytest.raises(ConflictError if step == "conflict" else NotFoundError):
        server.run()
    assert server.writes == 1


def test_a_server_that_cannot_be_asked_leaves_the_outcome_unknown() -> None:
    def unreachable() -> str | None:
        raise ServerError("down")

    server = Server("silent")
    with pytest.raises(OutcomeUnknownError):
        server.run(unreachable)
    assert server.writes == 1


def test_other_errors_pass_through() -> None:
    def refused() -> str:
        raise GrafanaError("no")

    with pytest.raises(GrafanaError, match="no"):
        write_or_verify(refused, lambda: None, lambda *_: None)

"""The fake answers what a running Grafana 12.4.3 answered, so what holds with it holds there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.wire import Answer
from tests.grafana.record import Recorder
from tests.grafana.replay import (
    NOT_REPRODUCED,
    Exchange,
    Replay,
    comparable,
    dropped_recordings,
    exchanges,
    only_what,
    recorded,
)

EVERYTHING = list(exchanges())
REPRODUCED = [exchange for exchange in EVERYTHING if exchange.name not in NOT_REPRODUCED]


@pytest.fixture(scope="module")
def answers() -> Iterator[dict[str, Answer]]:
    with FakeGrafana() as grafana:
        replay = Replay(grafana)
        yield {exchange.name: replay.send(exchange) for exchange in REPRODUCED}


@pytest.mark.parametrize("exchange", REPRODUCED, ids=lambda e: e.name)
def test_the_fake_answers_as_grafana_did(exchange: Exchange, answers: dict[str, Answer]) -> None:
    answer = answers[exchange.name]
    wanted = comparable(exchange.response["body"])
    got = comparable(answer.body)
    assert answer.status == exchange.response["status"], got
    assert (only_what(wanted, got) if exchange.partial else got) == wanted


def test_what_is_not_reproduced_is_in_the_recordings() -> None:
    assert NOT_REPRODUCED.keys() <= {exchange.name for exchange in EVERYTHING}
    assert len(REPRODUCED) + len(NOT_REPRODUCED) == len(EVERYTHING) == 213


def differing(path: Path) -> list[str]:
    """The exchanges of a recording in which a fake of its version answers otherwise than Grafana did."""
    version, recorded_exchanges = recorded(path)
    wrong = []
    with FakeGrafana(version=version) as grafana:
        replay, scrubber = Replay(grafana), Recorder(grafana.url, "")
        for exchange in recorded_exchanges:
            answer = replay.send(exchange)
            expected = comparable(exchange.response["body"])
            same = only_what(expected, comparable(scrubber.scrubbed(answer.body))) == expected
            if answer.status != exchange.response["status"] or not same:
                wrong.append(exchange.name)
    return wrong


def test_the_fake_answers_as_a_recorded_grafana_of_any_version_did() -> None:
    wrong = {f"{path.parent.name}/{path.name}": differing(path) for path in dropped_recordings()}
    assert {path: names for path, names in wrong.items() if names} == {}

"""Answers of a server that are another thing than they should be, for whatever asks while they are."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from dashgen.servers.http.exchange import Exchange
from dashgen.servers.http.sent_request import RawAnswer, Request
from tests.fuzz.values import mutated_data, mutated_text

_SHARES = (0, 0.1, 0.5)
_STATUSES = (200, 204, 400, 401, 403, 404, 422, 429, 500, 503)


@contextmanager
def hostile_json(random_: random.Random) -> Iterator[None]:
    """Mutate a share of the JSON that is answered; other answers stay."""
    share = random_.choice(_SHARES)

    def mutate(answer: RawAnswer) -> RawAnswer:
        if random_.random() >= share or not answer.body:
            return answer
        try:
            data = json.loads(answer.body)
        except ValueError:
            return answer
        return replace(answer, body=_encoded(data, random_))

    with _every_answer(mutate):
        yield


@contextmanager
def hostile_answers(random_: random.Random) -> Iterator[None]:
    """Mutate a share of all answers: their JSON, their text, and now and then their status."""
    share = random_.choice(_SHARES[1:])

    def mutate(answer: RawAnswer) -> RawAnswer:
        if random_.random() >= share:
            return answer
        if random_.random() < 0.1:
            answer = replace(answer, status=random_.choice(_STATUSES))
        try:
            data = json.loads(answer.body)
        except ValueError:
            text = mutated_text(answer.body.decode(errors="replace"), random_)
            return replace(answer, body=text.encode(errors="replace"))
        return replace(answer, body=_encoded(data, random_))

    with _every_answer(mutate):
        yield


def _encoded(data: object, random_: random.Random) -> bytes:
    return json.dumps(mutated_data(data, random_)).encode()


@contextmanager
def _every_answer(mutate: Callable[[RawAnswer], RawAnswer]) -> Iterator[None]:
    real: Callable[[Exchange, Request], RawAnswer] = Exchange.__call__

    def answered(self: Exchange, request: Request) -> RawAnswer:
        return mutate(real(self, request))

    with mock.patch.object(Exchange, "__call__", answered):
        yield

"""The people who use the bot under load."""

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bot.experiments import ANSWER_LENGTH
from loadgen.history.incidents import SUBSCRIBES_MORE
from loadgen.questions import ask
from loadgen.scenarios import Scenario

CROWD = 240
_COMMANDS = {
    "start": 3,
    "help": 3,
    "search": 9,
    "analyze": 4,
    "compare": 4,
    "chiller": 4,
    "mortgage": 3,
    "subscribe": 2,
    "account": 2,
}
_PAID = ("basic", "pro")
_RATED_SHARE = 0.12
_LIKED_SHARE = 0.8


def handle(number: int, group: str = "user") -> str:
    """The name of a user of the crowd, or of the history."""
    return f"{group}-{number:04}"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One request to the bot; `rating` is the vote on its answer, if there is one."""

    kind: str
    path: str
    body: dict[str, Any]
    rating: str | None = None


class Crowd:
    """Decides, seeded, who does what. A few people do most."""

    def __init__(self, scenario: Scenario, rng: random.Random, run: str) -> None:
        self._scenario = scenario
        self._rng = rng
        self._weights = list(accumulate(1.0 if scenario.evenly else 1 / (rank + 3) for rank in range(CROWD)))
        shares = scenario.tiers
        self._tiers = rng.choices(list(shares), list(shares.values()), k=CROWD)
        self._newcomers = 0
        self._run = run  # newcomers of two runs are different people

    def act(self) -> Action:
        """The next action of somebody."""
        rng, shares = self._rng, self._scenario.actions
        kind = rng.choices(list(shares), list(shares.values()))[0]
        number = rng.choices(range(CROWD), cum_weights=self._weights)[0]
        who = {"user": handle(number, self._scenario.group), "tier": self._tiers[number]}
        if kind == "query":
            body = {"text": ask(rng), **who, **self._model(number)}
            return Action(kind=kind, path="/query", body=body, rating=self._rating())
        if kind == "command":
            name = rng.choices(list(_COMMANDS), list(_COMMANDS.values()))[0]
            return Action(kind=kind, path=f"/command/{name}", body=who)
        if kind == "signup":
            self._newcomers += 1
            new = f"new-{self._run}-{self._newcomers}"
            return Action(kind=kind, path="/signup", body={"user": new, "tier": "free"})
        if kind == "upgrade" and not self._buys(who["user"]):
            return Action(kind="command", path="/command/subscribe", body=who)
        if kind == "upgrade":
            tier = rng.choices(_PAID, (0.7, 0.3))[0]
            return Action(kind=kind, path="/upgrade", body={"user": who["user"], "tier": tier})
        return Action(kind=kind, path="/cancel", body={"user": who["user"]})

    def abuse(self) -> Action:
        """One more question of the user who asks too much."""
        body = {"text": ask(self._rng), "user": "script-1", "tier": "pro", "model": "haiku"}
        return Action(kind="query", path="/query", body=body)

    def _rating(self) -> str | None:
        rated, liked = self._rng.random() < _RATED_SHARE, self._rng.random() < _LIKED_SHARE
        return ("up" if liked else "down") if rated else None

    def _buys(self, user: str) -> bool:
        """Who looks at the prices does not always pay: an experiment makes a difference, as in the history."""
        return self._rng.random() < SUBSCRIBES_MORE[ANSWER_LENGTH.variant(user)] / max(
            SUBSCRIBES_MORE.values()
        )

    def _model(self, number: int) -> dict[str, str]:
        if self._scenario.model and self._tiers[number] == "pro":
            return {"model": self._scenario.model}
        if self._tiers[number] == "pro" and self._rng.random() < 0.25:
            return {"model": "opus"}
        return {}

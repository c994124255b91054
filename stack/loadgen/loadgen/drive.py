"""Carry out a scenario against a running bot, within limits of time and rate, and tell how it went."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from loadgen.crowd import Action, Crowd
from loadgen.scenarios import Knobs, Scenario

MOST_SECONDS = 7200.0
MOST_PER_SECOND = 50.0
_MOST_AT_ONCE = 400
_TICK = 0.05
_REQUEST_SECONDS = 130.0
_LAST_ANSWERS_SECONDS = 30.0
_ABUSES = 70
_ABUSES_A_MINUTE = 18  # just below what Pro allows


class BotUnusableError(Exception):
    """A bot that cannot be reached, or does not let scenarios change it."""


@dataclass(kw_only=True)
class Summary:
    """What was sent and what came back."""

    scenario: str
    seconds: float = 0.0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    skipped: int = 0

    def text(self) -> str:
        """For people."""
        sent = sum(self.answers.values())
        lines = [f"{self.scenario}: {sent} requests in {self.seconds:.0f} s"]
        lines += [f"  {kind:<8} {status:<12} {n}" for (kind, status), n in sorted(self.answers.items())]
        if self.waits:
            waits = sorted(self.waits)
            middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
            lines.append(f"  waited   P50 {middle:.2f} s, P95 {late:.2f} s")
        if self.skipped:
            lines.append(f"  {self.skipped} not sent: {_MOST_AT_ONCE} requests were waiting already")
        return "\n".join(lines)


class Driver:
    """Drives one scenario. `seconds` and `factor` replace the scenario's own time and rate."""

    def __init__(
        self,
        url: str,
        scenario: Scenario,
        *,
        seconds: float | None = None,
        factor: float = 1.0,
        seed: int = 7,
        real_model: bool = False,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(_REQUEST_SECONDS, connect=5),
            trust_env=False,
            limits=httpx.Limits(max_connections=_MOST_AT_ONCE),
        )
        self._scenario = scenario
        self._seconds = min(seconds or scenario.seconds, MOST_SECONDS)
        self._factor = factor
        self._real_model = real_model
        self._rng = random.Random(seed)  # noqa: S311  # a simulation
        self._crowd = Crowd(scenario, self._rng, f"{time.time_ns():x}")
        self._running: set[asyncio.Task[None]] = set()
        self.summary = Summary(scenario=scenario.name)

    async def run(self) -> Summary:
        """Drive until the time is over.

        Raises:
            BotUnusableError: When the bot cannot be reached or changed.
        """
        async with self._client:
            await self._greet()
            began = time.monotonic()
            async with self._undoing():
                await self._loop(began)
                await self._last_answers()
            self.summary.seconds = time.monotonic() - began
        return self.summary

    async def _greet(self) -> None:
        try:
            answer = await self._client.get("/readyz")
        except httpx.HTTPError as error:
            raise BotUnusableError(f"{self._client.base_url} cannot be reached: {error}") from None
        if answer.status_code != 200:
            raise BotUnusableError(f"{self._client.base_url} is not ready (status {answer.status_code})")
        if not self._real_model and '"simulated"' not in answer.text:
            raise BotUnusableError(
                "the bot asks a real model, which costs money; if you mean it: --real-model"
            )

    async def _loop(self, began: float) -> None:
        due = self._next_after(0.0)
        abuse_every = max(60 / _ABUSES_A_MINUTE, self._seconds / _ABUSES)
        next_abuse = 0.0
        knobs: Knobs = {}
        while (now := time.monotonic() - began) < self._seconds:
            knobs = await self._turn(now / self._seconds, knobs)
            while due <= now:
                self._send(self._crowd.act())
                due = self._next_after(due)
            if self._scenario.abuser and next_abuse <= now:
                self._send(self._crowd.abuse())
                next_abuse += abuse_every
            await asyncio.sleep(_TICK)

    def _next_after(self, moment: float) -> float:
        """When the next action is due: a Poisson process whose rate changes, by thinning."""
        while moment < self._seconds:
            moment += self._rng.expovariate(MOST_PER_SECOND)
            rate = min(MOST_PER_SECOND, self._scenario.rate(moment / self._seconds) * self._factor)
            if self._rng.random() * MOST_PER_SECOND < rate:
                return moment
        return moment

    async def _turn(self, moment: float, before: Knobs) -> Knobs:
        """Change how the simulated model behaves, where a phase begins or ends."""
        knobs: Knobs = {}
        for phase in self._scenario.phases:
            if phase.begin <= moment < phase.end:
                knobs = phase.knobs
        if knobs != before:
            await self._set(knobs)
        return knobs

    async def _set(self, knobs: Knobs) -> None:
        answer = await self._client.put("/admin/scenario", json=knobs)
        if answer.status_code == 404:
            raise BotUnusableError(
                f"{self._scenario.name} has to change the simulated model: start the bot with BOT_SCENARIOS=1"
            )
        if answer.status_code != 200:
            raise BotUnusableError(f"the bot does not take the scenario: {answer.text[:200]}")

    @asynccontextmanager
    async def _undoing(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for task in self._running:
                task.cancel()
            if self._scenario.phases:
                with suppress(httpx.HTTPError, BotUnusableError):
                    await self._set({})

    async def _last_answers(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=_LAST_ANSWERS_SECONDS)

    def _send(self, action: Action) -> None:
        if len(self._running) >= _MOST_AT_ONCE:
            self.summary.skipped += 1
            return
        task = asyncio.create_task(self._request(action))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _request(self, action: Action) -> None:
        began = time.monotonic()
        try:
            answer = await self._client.post(action.path, json=action.body)
            status = str(answer.status_code)
            if action.rating and answer.status_code == 200:
                await self._rate(action, answer.json()["query_id"])
        except httpx.HTTPError as error:
            status = type(error).__name__
        self.summary.answers[action.kind, status] += 1
        if action.kind == "query":
            self.summary.waits.append(time.monotonic() - began)

    async def _rate(self, action: Action, query_id: str) -> None:
        body = {"user": action.body["user"], "query_id": query_id, "rating": action.rating}
        answer = await self._client.post("/feedback", json=body)
        self.summary.answers["feedback", str(answer.status_code)] += 1

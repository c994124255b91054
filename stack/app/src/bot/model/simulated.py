"""A model for when there is no API key: seeded, with realistic latencies, tokens, prices and faults."""

import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog import ErrorType
from bot.classify import choose_tools
from bot.facts import read_facts
from bot.model.base import (
    WELCOME,
    CallMeter,
    Conditions,
    Exchange,
    QueryFailure,
    Request,
    Session,
    ToolCall,
    Turn,
)
from bot.model.phrases import phrase
from bot.model.weather import PromptCache, QueryDraw, RateLimits, Topic, TurnDraw, Weather, draw_query
from bot.timeline import Stopwatch
from bot.tools.base import ToolError
from bot.tools.box import TOOLS

_GREETING = (
    "I answer questions about homes in Dubai: searching, comparing areas, investments, chiller costs, mortgages, "
    "service charges and visas. Ask, for example: what does cooling cost for 1,200 sqft in Dubai Marina?"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_MESSAGES = {
    ErrorType.TIMEOUT: "the model did not answer in time",
    ErrorType.RATE_LIMITED: "the model has too many requests",
    ErrorType.MODEL_ERROR: "the model refused the request",
}


class SimulatedModel:
    """Answers with the real tools and made-up latencies. `weather` may be changed at any time."""

    provider = "simulated"

    def __init__(self, weather: Weather, seed: int) -> None:
        self.weather = weather
        self._seed = seed
        self._numbers = itertools.count()
        self._provider = _Provider(cache=PromptCache(), limits=RateLimits())

    def open(self, request: Request) -> Session:
        """Begin with a question; the n-th question of a seed has always the same fate."""
        tools = choose_tools(request.text, request.query_type)
        rng = random.Random(f"{self._seed}/{next(self._numbers)}")  # noqa: S311  # a simulation
        topic = Topic(model=request.model, kind=request.query_type, tools=tools, brief=request.style.brief)
        draw = draw_query(rng, self.weather, topic)
        return _SimulatedSession(self._provider, request, draw, f"sim-{rng.getrandbits(64):016x}")

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, kw_only=True)
class _Provider:
    """What the made-up provider keeps between questions."""

    cache: PromptCache
    limits: RateLimits


class _SimulatedSession:
    def __init__(self, provider: _Provider, request: Request, draw: QueryDraw, name: str) -> None:
        self._provider = provider
        self._request = request
        self._draw = draw
        self._name = name

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch, meter: CallMeter) -> Turn:
        number = min(len(exchanges), len(self._draw.turns) - 1)
        turn = self._draw.turns[number]
        is_last = number == len(self._draw.turns) - 1
        meter.retries += turn.retries
        await watch.pass_time(turn.total_seconds)
        if is_last:
            self._fail()
        self._measure(turn, meter)
        return Turn(
            text=self._text(exchanges) if is_last else "",
            calls=() if is_last else self._calls(),
            response_id=f"{self._name}-{number}",
            finish_reason=turn.stop_reason,
        )

    def _measure(self, turn: TurnDraw, meter: CallMeter) -> None:
        model = self._request.model
        meter.usage = self._provider.cache.usage(model, turn, time.monotonic())
        meter.headroom = self._provider.limits.take(model, meter.usage, time.time())
        meter.first_token_seconds = turn.first_token_seconds
        meter.streaming_seconds = turn.streaming_seconds
        meter.stop_reason = turn.stop_reason

    def conditions(self, tool: str) -> Conditions:
        return Conditions(
            seconds=self._draw.tool_seconds.get(tool, 0.0), breaks=self._draw.fault is ErrorType.TOOL_ERROR
        )

    def _fail(self) -> None:
        fault = self._draw.fault
        if fault is ErrorType.INTERNAL:
            raise RuntimeError("simulated bug while putting the answer together")
        if fault in _MESSAGES:
            raise QueryFailure(fault, _MESSAGES[fault])

    def _calls(self) -> tuple[ToolCall, ...]:
        facts = read_facts(self._request.text)
        calls = []
        for number, tool in enumerate(self._draw.tool_seconds):
            try:
                arguments = TOOLS[tool].plan(facts)
            except ToolError:
                arguments = {}  # the tool will say what it misses
            if tool in self._draw.wrong_arguments:
                arguments = {**arguments, "place": "Dubai"}  # no tool has this one
            calls.append(ToolCall(call_id=f"{self._name}-tool-{number}", name=tool, arguments=arguments))
        return tuple(calls)

    def _text(self, exchanges: Sequence[Exchange]) -> str:
        results = [result for exchange in exchanges for result in exchange.results]
        style = self._request.style
        sentences = [
            f"{result.content['error'].capitalize()}."
            if result.refused
            else phrase(result.call.name, result.content)
            for result in results
        ] or [_GREETING]
        if style.brief:
            sentences = [_first_sentence(text) for text in sentences]
        return " ".join([WELCOME, *sentences] if style.greets else sentences)


def _first_sentence(text: str) -> str:
    """The part that answers; what a brief answer leaves out are explanations."""
    return _SENTENCE_END.split(text, maxsplit=1)[0]

"""A model for when there is no API key: seeded, with realistic latencies, tokens, prices and faults."""

import itertools
import random
from collections.abc import Sequence

from bot.catalog import ErrorType
from bot.classify import choose_tools
from bot.facts import read_facts
from bot.model.base import Conditions, Exchange, QueryFailure, Request, Session, ToolCall, Turn
from bot.model.phrases import phrase
from bot.model.weather import QueryDraw, Weather, draw_query
from bot.timeline import Stopwatch
from bot.tools.base import ToolError
from bot.tools.box import TOOLS

_GREETING = (
    "I answer questions about homes in Dubai: searching, comparing areas, investments, chiller costs, mortgages, "
    "service charges and visas. Ask, for example: what does cooling cost for 1,200 sqft in Dubai Marina?"
)
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

    def open(self, request: Request) -> Session:
        """Begin with a question; the n-th question of a seed has always the same fate."""
        tools = choose_tools(request.text, request.query_type)
        rng = random.Random(f"{self._seed}/{next(self._numbers)}")  # noqa: S311  # a simulation
        draw = draw_query(rng, self.weather, request.model, request.query_type, tools)
        return _SimulatedSession(request, tools, draw, f"sim-{rng.getrandbits(64):016x}")

    async def close(self) -> None:
        """Nothing to let go of."""


class _SimulatedSession:
    def __init__(self, request: Request, tools: tuple[str, ...], draw: QueryDraw, name: str) -> None:
        self._request = request
        self._tools = tools
        self._draw = draw
        self._name = name

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch) -> Turn:
        number = min(len(exchanges), len(self._draw.turns) - 1)
        turn = self._draw.turns[number]
        await watch.pass_time(turn.seconds)
        is_last = number == len(self._draw.turns) - 1
        if is_last:
            self._fail()
        calls = () if is_last else self._calls()
        return Turn(
            text=self._text(exchanges) if is_last else "",
            calls=calls,
            input_tokens=turn.input_tokens,
            output_tokens=turn.output_tokens,
            response_id=f"{self._name}-{number}",
            finish_reason="end_turn" if is_last else "tool_use",
        )

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
        for number, tool in enumerate(self._tools):
            try:
                arguments = TOOLS[tool].plan(facts)
            except ToolError:
                arguments = {}  # the tool will say what it misses
            calls.append(ToolCall(call_id=f"{self._name}-tool-{number}", name=tool, arguments=arguments))
        return tuple(calls)

    def _text(self, exchanges: Sequence[Exchange]) -> str:
        results = [result for exchange in exchanges for result in exchange.results]
        if not results:
            return _GREETING
        return " ".join(
            f"{result.content['error'].capitalize()}."
            if result.refused
            else phrase(result.call.name, result.content)
            for result in results
        )

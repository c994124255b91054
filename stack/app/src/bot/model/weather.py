"""How a simulated model behaves: latencies, tokens and faults, drawn from a seeded generator.

The bot's simulated model and the load generator's history draw from here, so both look alike.
"""

import math
import random
from dataclasses import dataclass, field, replace

from bot.catalog import ErrorType, Model, QueryType, RateLimit, RetryReason, StopReason, Usage
from bot.model.base import Headroom

# Median seconds of a whole answer of two turns, before tools.
_MEDIAN_SECONDS = {Model.HAIKU: 2.4, Model.SONNET: 5.2, Model.OPUS: 8.0}
_SPREAD = 0.42
_KIND_FACTOR = {
    QueryType.SEARCH: 0.9,
    QueryType.ANALYSIS: 1.3,
    QueryType.COMPARISON: 1.15,
    QueryType.CALCULATION: 0.9,
    QueryType.MARKET: 1.1,
    QueryType.GENERAL: 0.7,
}
_FIRST_TURN_SHARE = 0.35
_GATEWAY_TIMEOUT_SECONDS = (10.0, 25.0)
_PROMPT_TOKENS = 2600
_CACHED_TOKENS = 2100  # of them the system prompt and the tools, the same in each call
_CACHE_SECONDS = 300.0
_OUTPUT_TOKENS = {Model.HAIKU: 290, Model.SONNET: 380, Model.OPUS: 460}
_LONGEST_OUTPUT = 1024
_BRIEF_SHARE = 0.6  # of the tokens of a detailed answer
_LONG_CONTEXT_SHARE = 0.03
_FIRST_TOKEN_SHARE = (0.15, 0.35)  # of a call's time
_REFUSAL_SHARE = 0.002
_WRONG_ARGUMENTS_SHARE = 0.008
_RETRY_SECONDS = (0.5, 3.0)
_RETRIES = 2
_USUAL_RETRIES = {
    RetryReason.RATE_LIMITED: 0.45,
    RetryReason.OVERLOADED: 0.35,
    RetryReason.TIMEOUT: 0.1,
    RetryReason.ERROR: 0.1,
}
_RETRY_OF_FAULT = {
    ErrorType.RATE_LIMITED: RetryReason.RATE_LIMITED,
    ErrorType.TIMEOUT: RetryReason.TIMEOUT,
    ErrorType.MODEL_ERROR: RetryReason.ERROR,
}
# What the made-up provider allows each model in a minute; what comes from the cache is free, as at Anthropic.
_PER_MINUTE = {
    RateLimit.REQUESTS: 1_000.0,
    RateLimit.INPUT_TOKENS: 1_000_000.0,
    RateLimit.OUTPUT_TOKENS: 200_000.0,
}
_TOOL_SECONDS = {
    "search_properties": 0.45,
    "property_details": 0.2,
    "analyze_investment": 0.9,
    "calculate_chiller_cost": 0.09,
    "compare_areas": 0.5,
    "mortgage_estimate": 0.08,
    "rental_yield": 0.15,
    "market_trends": 0.6,
    "payment_plan": 0.08,
    "area_guide": 0.25,
    "service_charges": 0.12,
    "visa_eligibility": 0.07,
}
_TOOL_SPREAD = 0.5
_USUAL_FAULTS = {
    ErrorType.TIMEOUT: 0.3,
    ErrorType.RATE_LIMITED: 0.25,
    ErrorType.MODEL_ERROR: 0.25,
    ErrorType.TOOL_ERROR: 0.15,
    ErrorType.INTERNAL: 0.05,
}


@dataclass(frozen=True, kw_only=True)
class Weather:
    """What can be turned: how often answers fail, how slow the model is, how many tokens it takes, how busy it is."""

    failure_rate: float = 0.015
    slowness: float = 1.0
    cost_factor: float = 1.0
    retry_rate: float = 0.01
    faults: dict[ErrorType, float] = field(default_factory=lambda: dict(_USUAL_FAULTS))


@dataclass(frozen=True, kw_only=True)
class TurnDraw:
    """One call of the model, and the waiting before it when it had to be sent again."""

    seconds: float
    waiting_seconds: float
    first_token_seconds: float
    input_tokens: int
    cacheable_tokens: int
    output_tokens: int
    stop_reason: StopReason
    retries: tuple[RetryReason, ...] = ()

    @property
    def total_seconds(self) -> float:
        """With the waiting."""
        return self.waiting_seconds + self.seconds

    @property
    def streaming_seconds(self) -> float:
        """From the first token to the last."""
        return self.seconds - self.first_token_seconds


@dataclass(frozen=True, kw_only=True)
class QueryDraw:
    """Everything that chance decides about one query. In `wrong_arguments` are tools that the model calls wrongly."""

    fault: ErrorType | None
    turns: tuple[TurnDraw, ...]
    tool_seconds: dict[str, float]
    wrong_arguments: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What a query is about, as far as chance cares."""

    model: Model
    kind: QueryType
    tools: tuple[str, ...]
    brief: bool = False


class PromptCache:
    """The provider's cache of prompts: one prompt for each model, forgotten five minutes after its last use."""

    def __init__(self) -> None:
        self._used: dict[Model, float] = {}

    def usage(self, model: Model, turn: TurnDraw, now: float) -> Usage:
        """What a call uses at a moment (seconds of any clock that never goes back)."""
        warm = now - self._used.get(model, -math.inf) < _CACHE_SECONDS
        self._used[model] = now
        return Usage(
            input_tokens=turn.input_tokens,
            output_tokens=turn.output_tokens,
            cache_read_tokens=turn.cacheable_tokens if warm else 0,
            cache_write_tokens=0 if warm else turn.cacheable_tokens,
        )


class RateLimits:
    """The provider's limits, counted anew each minute from the first call on."""

    def __init__(self) -> None:
        self._minutes: dict[Model, tuple[float, dict[RateLimit, float]]] = {}

    def take(self, model: Model, usage: Usage, now: float) -> dict[RateLimit, Headroom]:
        """What is left after a call at a moment, in seconds since 1970."""
        began, used = self._minutes.get(model, (-math.inf, {}))
        if now - began >= 60:
            began, used = now, dict.fromkeys(RateLimit, 0.0)
        used[RateLimit.REQUESTS] += 1
        used[RateLimit.INPUT_TOKENS] += usage.input_tokens - usage.cache_read_tokens
        used[RateLimit.OUTPUT_TOKENS] += usage.output_tokens
        self._minutes[model] = (began, used)
        return {
            limit: Headroom(ratio=max(0.0, 1 - used[limit] / most), until=began + 60)
            for limit, most in _PER_MINUTE.items()
        }


def draw_query(rng: random.Random, weather: Weather, topic: Topic) -> QueryDraw:
    """What will happen to a query."""
    tools = topic.tools
    fault = _draw_fault(rng, weather, has_tools=bool(tools))
    total = _around(rng, _MEDIAN_SECONDS[topic.model] * _KIND_FACTOR[topic.kind], _SPREAD) * weather.slowness
    context = rng.uniform(5, 12) if rng.random() < _LONG_CONTEXT_SHARE else 1.0
    prompt = max(_around(rng, _PROMPT_TOKENS, 0.12), _CACHED_TOKENS) * context
    output = _around(rng, _OUTPUT_TOKENS[topic.model] * _KIND_FACTOR[topic.kind], 0.45)
    output *= _BRIEF_SHARE if topic.brief else 1
    tokens = _Tokens(prompt=prompt * (1.15 if tools else 1), output=output)
    last = _draw_turn(rng, weather, total * (1 - _FIRST_TURN_SHARE if tools else 1), tokens)
    turns: tuple[TurnDraw, ...] = (last,)
    if tools:
        tokens = _Tokens(prompt=prompt, output=40 + 35 * len(tools))
        first = _draw_turn(rng, weather, total * _FIRST_TURN_SHARE, tokens)
        turns = (replace(first, stop_reason=StopReason.TOOL_USE), last)
    return QueryDraw(
        fault=fault,
        turns=(*turns[:-1], _fail_turn(rng, turns[-1], fault)),
        tool_seconds={tool: _around(rng, _TOOL_SECONDS[tool], _TOOL_SPREAD) for tool in tools},
        wrong_arguments=frozenset(tool for tool in tools if rng.random() < _WRONG_ARGUMENTS_SHARE),
    )


@dataclass(frozen=True, kw_only=True)
class _Tokens:
    prompt: float
    output: float


def _draw_turn(rng: random.Random, weather: Weather, seconds: float, tokens: _Tokens) -> TurnDraw:
    retries: tuple[RetryReason, ...] = ()
    if rng.random() < weather.retry_rate:
        retries = tuple(rng.choices(list(_USUAL_RETRIES), list(_USUAL_RETRIES.values())))
    stop = StopReason.REFUSAL if rng.random() < _REFUSAL_SHARE else StopReason.END_TURN
    if tokens.output >= _LONGEST_OUTPUT:
        stop = StopReason.MAX_TOKENS
    factor = weather.cost_factor
    return TurnDraw(
        seconds=seconds,
        waiting_seconds=sum(rng.uniform(*_RETRY_SECONDS) for _ in retries),
        first_token_seconds=seconds * rng.uniform(*_FIRST_TOKEN_SHARE),
        input_tokens=round(tokens.prompt * factor),
        cacheable_tokens=round(_CACHED_TOKENS * factor),
        output_tokens=round(min(tokens.output, _LONGEST_OUTPUT) * factor),
        stop_reason=stop,
        retries=retries,
    )


def _fail_turn(rng: random.Random, turn: TurnDraw, fault: ErrorType | None) -> TurnDraw:
    """The last call of a query whose model fails: tried again as often as allowed, and not paid for."""
    if fault not in _RETRY_OF_FAULT:
        return turn
    seconds = rng.uniform(*_GATEWAY_TIMEOUT_SECONDS) if fault is ErrorType.TIMEOUT else turn.seconds
    return replace(
        turn,
        seconds=seconds,
        input_tokens=0,
        cacheable_tokens=0,
        output_tokens=0,
        retries=(_RETRY_OF_FAULT[fault],) * _RETRIES,
    )


def _draw_fault(rng: random.Random, weather: Weather, *, has_tools: bool) -> ErrorType | None:
    if rng.random() >= weather.failure_rate:
        return None
    fault = rng.choices(list(weather.faults), list(weather.faults.values()))[0]
    # A question that needs no tool cannot fail in one.
    return ErrorType.MODEL_ERROR if fault is ErrorType.TOOL_ERROR and not has_tools else fault


def _around(rng: random.Random, median: float, spread: float) -> float:
    return median * math.exp(rng.gauss(0, spread))

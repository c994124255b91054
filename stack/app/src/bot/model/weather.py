"""How a simulated model behaves: latencies, tokens and faults, drawn from a seeded generator.

The bot's simulated model and the load generator's history draw from here, so both look alike.
"""

import math
import random
from dataclasses import dataclass, field

from bot.catalog import ErrorType, Model, QueryType

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
_PROMPT_TOKENS = 2600  # system prompt and tools
_OUTPUT_TOKENS = {Model.HAIKU: 290, Model.SONNET: 380, Model.OPUS: 460}
_LONG_CONTEXT_SHARE = 0.03
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
    """What can be turned: how often answers fail, how slow the model is, how many tokens it takes."""

    failure_rate: float = 0.015
    slowness: float = 1.0
    cost_factor: float = 1.0
    faults: dict[ErrorType, float] = field(default_factory=lambda: dict(_USUAL_FAULTS))


@dataclass(frozen=True, kw_only=True)
class TurnDraw:
    """One turn of the model."""

    seconds: float
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, kw_only=True)
class QueryDraw:
    """Everything that chance decides about one query."""

    fault: ErrorType | None
    turns: tuple[TurnDraw, ...]
    tool_seconds: dict[str, float]


def draw_query(
    rng: random.Random, weather: Weather, model: Model, kind: QueryType, tools: tuple[str, ...]
) -> QueryDraw:
    """What will happen to a query."""
    fault = _draw_fault(rng, weather, has_tools=bool(tools))
    total = _around(rng, _MEDIAN_SECONDS[model] * _KIND_FACTOR[kind], _SPREAD) * weather.slowness
    context = rng.uniform(5, 12) if rng.random() < _LONG_CONTEXT_SHARE else 1.0
    prompt = _around(rng, _PROMPT_TOKENS, 0.12) * context * weather.cost_factor
    output = _around(rng, _OUTPUT_TOKENS[model] * _KIND_FACTOR[kind], 0.45) * weather.cost_factor
    last = TurnDraw(
        seconds=total * (1 - _FIRST_TURN_SHARE if tools else 1),
        input_tokens=round(prompt * (1.15 if tools else 1)),
        output_tokens=round(output),
    )
    first = TurnDraw(
        seconds=total * _FIRST_TURN_SHARE,
        input_tokens=round(prompt),
        output_tokens=40 + 35 * len(tools),
    )
    turns = (first, last) if tools else (last,)
    if fault is ErrorType.TIMEOUT:
        late = TurnDraw(seconds=rng.uniform(*_GATEWAY_TIMEOUT_SECONDS), input_tokens=0, output_tokens=0)
        turns = (*turns[:-1], late)
    return QueryDraw(
        fault=fault,
        turns=turns,
        tool_seconds={tool: _around(rng, _TOOL_SECONDS[tool], _TOOL_SPREAD) for tool in tools},
    )


def _draw_fault(rng: random.Random, weather: Weather, *, has_tools: bool) -> ErrorType | None:
    if rng.random() >= weather.failure_rate:
        return None
    fault = rng.choices(list(weather.faults), list(weather.faults.values()))[0]
    # A question that needs no tool cannot fail in one.
    return ErrorType.MODEL_ERROR if fault is ErrorType.TOOL_ERROR and not has_tools else fault


def _around(rng: random.Random, median: float, spread: float) -> float:
    return median * math.exp(rng.gauss(0, spread))

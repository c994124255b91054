"""What the bot sells and what it pays: tiers, models, prices, and the words its metrics use."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """What a user has subscribed to, cheapest first."""

    FREE = "free"
    BASIC = "basic"
    PRO = "pro"


class Model(StrEnum):
    """A family of models; `PRICES` says which model of it is used."""

    SONNET = "sonnet"
    OPUS = "opus"
    HAIKU = "haiku"


class QueryType(StrEnum):
    """Kind of question."""

    SEARCH = "search"
    ANALYSIS = "analysis"
    COMPARISON = "comparison"
    CALCULATION = "calculation"
    MARKET = "market"
    GENERAL = "general"


class ErrorType(StrEnum):
    """What went wrong with a query."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    MODEL_ERROR = "model_error"
    TOOL_ERROR = "tool_error"
    INVALID_REQUEST = "invalid_request"
    INTERNAL = "internal"


class Segment(StrEnum):
    """How much somebody uses the bot; `bot/segments.py` has the rules."""

    POWER = "power"
    REGULAR = "regular"
    CASUAL = "casual"
    DORMANT = "dormant"


class Step(StrEnum):
    """The steps of the funnel, in their order."""

    SEARCH = "search"
    ANALYZE = "analyze"
    SUBSCRIBE = "subscribe"


class Rating(StrEnum):
    """A vote on an answer."""

    UP = "up"
    DOWN = "down"


class StopReason(StrEnum):
    """Why a model stopped; what the provider may add is `other`."""

    END_TURN = "end_turn"
    TOOL_USE = "tool_use"
    MAX_TOKENS = "max_tokens"
    REFUSAL = "refusal"
    OTHER = "other"


class RetryReason(StrEnum):
    """Why a model call was sent again."""

    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    ERROR = "error"


class RateLimit(StrEnum):
    """What a provider limits per minute and model."""

    REQUESTS = "requests"
    INPUT_TOKENS = "input_tokens"
    OUTPUT_TOKENS = "output_tokens"


class ToolErrorKind(StrEnum):
    """Why a tool had no result: it refused its arguments, or its data source failed."""

    REFUSED = "refused"
    BROKEN = "broken"


class Command(StrEnum):
    """What a user can type after a slash."""

    START = "start"
    HELP = "help"
    SEARCH = "search"
    ANALYZE = "analyze"
    COMPARE = "compare"
    CHILLER = "chiller"
    MORTGAGE = "mortgage"
    SUBSCRIBE = "subscribe"
    ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a tier costs and allows."""

    usd_per_month: float
    queries_per_day: int
    queries_per_minute: int
    models: tuple[Model, ...]
    default_model: Model


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of model calls. What was read from the prompt cache or written to it is a part of the input."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
        )

    @property
    def total_tokens(self) -> int:
        """Input and output."""
        return self.input_tokens + self.output_tokens


# Shares of the input price: Anthropic's for its cache of 5 minutes (docs.anthropic.com, "Prompt caching", November 2026).
CACHE_READ_PRICE = 0.1
CACHE_WRITE_PRICE = 1.25


@dataclass(frozen=True, kw_only=True)
class Price:
    """A model's name at its provider, and US dollars per million tokens."""

    model_id: str
    usd_per_million_input: float
    usd_per_million_output: float

    def cost(self, usage: Usage) -> float:
        """US dollars for so many tokens."""
        plain = usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens
        units = (
            plain + usage.cache_read_tokens * CACHE_READ_PRICE + usage.cache_write_tokens * CACHE_WRITE_PRICE
        )
        return (
            units * self.usd_per_million_input + usage.output_tokens * self.usd_per_million_output
        ) / 1_000_000

    def cache_saving(self, usage: Usage) -> float:
        """US dollars that reading from the cache saved against plain input."""
        return usage.cache_read_tokens * (1 - CACHE_READ_PRICE) * self.usd_per_million_input / 1_000_000

    def cache_extra(self, usage: Usage) -> float:
        """US dollars that writing to the cache cost beyond plain input."""
        return usage.cache_write_tokens * (CACHE_WRITE_PRICE - 1) * self.usd_per_million_input / 1_000_000


PLANS: dict[Tier, Plan] = {
    Tier.FREE: Plan(
        usd_per_month=0,
        queries_per_day=10,
        queries_per_minute=5,
        models=(Model.HAIKU, Model.SONNET),
        default_model=Model.HAIKU,
    ),
    Tier.BASIC: Plan(
        usd_per_month=29,
        queries_per_day=100,
        queries_per_minute=10,
        models=(Model.HAIKU, Model.SONNET),
        default_model=Model.SONNET,
    ),
    Tier.PRO: Plan(
        usd_per_month=99,
        queries_per_day=1000,
        queries_per_minute=20,
        models=(Model.HAIKU, Model.SONNET, Model.OPUS),
        default_model=Model.SONNET,
    ),
}

# The only place with model names and prices; BOT_MODEL_SONNET=name,input,output and the like replace an entry.
PRICES: dict[Model, Price] = {
    Model.SONNET: Price(model_id="claude-sonnet-4-6", usd_per_million_input=3.0, usd_per_million_output=15.0),
    Model.OPUS: Price(model_id="claude-opus-4-7", usd_per_million_input=5.0, usd_per_million_output=25.0),
    Model.HAIKU: Price(model_id="claude-haiku-4-5", usd_per_million_input=1.0, usd_per_million_output=5.0),
}

PAID_TIERS = (Tier.BASIC, Tier.PRO)
UPGRADES = ((Tier.FREE, Tier.BASIC), (Tier.FREE, Tier.PRO), (Tier.BASIC, Tier.PRO))

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
class Price:
    """A model's name at its provider, and US dollars per million tokens."""

    model_id: str
    usd_per_million_input: float
    usd_per_million_output: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (
            input_tokens * self.usd_per_million_input + output_tokens * self.usd_per_million_output
        ) / 1_000_000


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

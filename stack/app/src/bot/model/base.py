"""What the bot needs from a model: a session for each question, which answers or asks for tools."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.catalog import ErrorType, Model, QueryType, RateLimit, RetryReason, StopReason, Usage
from bot.experiments import Style
from bot.timeline import Stopwatch

SYSTEM_PROMPT = (
    "You are the Dubai Estate AI Bot. You answer questions about homes in Dubai: briefly, in plain words, with figures "
    "from your tools and never with invented ones. Say in one sentence what a figure depends on. If a tool refuses, "
    "tell the user what it said. You give estimates, no legal or financial advice."
)


# What an experiment adds to the system prompt. It stands behind the part that is cached, which stays the same for all.
BRIEF = "Answer in at most two sentences."
WARM = "Begin with one friendly sentence that welcomes the user to Dubai's homes."
WELCOME = "Welcome, good to have you here!"


def instructions(style: Style) -> str:
    """What the system prompt says about the style of an answer; nothing for the usual one."""
    return " ".join(text for text, holds in ((BRIEF, style.brief), (WARM, style.greets)) if holds)


class QueryFailure(Exception):  # noqa: N818  # what happened to a query, not a mistake in the program
    """A query that got no answer."""

    def __init__(self, error_type: ErrorType, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A tool that the model wants to be called."""

    call_id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the model said: an answer, or tools it needs."""

    text: str
    calls: tuple[ToolCall, ...]
    response_id: str
    finish_reason: str


@dataclass(frozen=True, kw_only=True)
class Headroom:
    """How much of a rate limit is left, as a share, and until when (seconds since 1970) that is so."""

    ratio: float
    until: float


@dataclass(kw_only=True)
class CallMeter:
    """What one model call used and how it went. It fills up as the answer streams, and counts when the call fails too.

    Seconds are those of the call that succeeded: from its prompt to the first token, and from there to the last one.
    """

    usage: Usage = field(default_factory=Usage)
    first_token_seconds: float | None = None
    streaming_seconds: float | None = None
    stop_reason: StopReason | None = None
    retries: list[RetryReason] = field(default_factory=list)
    headroom: dict[RateLimit, Headroom] = field(default_factory=dict)

    @property
    def tokens_per_second(self) -> float | None:
        """How fast the answer streamed; nothing when it came at once."""
        if not self.streaming_seconds or self.usage.output_tokens < 2:
            return None
        return self.usage.output_tokens / self.streaming_seconds


@dataclass(frozen=True, kw_only=True)
class ToolResult:
    """What a tool said."""

    call: ToolCall
    content: dict[str, Any]
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A turn with tools, and their results."""

    turn: Turn
    results: tuple[ToolResult, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A question as a model gets it."""

    text: str
    query_type: QueryType
    model: Model
    style: Style = field(default_factory=Style)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """How a tool's data source behaves: how long it takes beyond computing, and whether it breaks."""

    seconds: float = 0.0
    breaks: bool = False


class Session(Protocol):
    """One question's conversation with a model."""

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch, meter: CallMeter) -> Turn:
        """The model's next turn.

        Args:
            exchanges: what was said and done before.
            watch: the request's time.
            meter: an empty one, which this call fills in, also when it fails or is cancelled.

        Raises:
            QueryFailure: When there is none.
        """

    def conditions(self, tool: str) -> Conditions:
        """How a tool behaves during this question."""


class ModelClient(Protocol):
    """Where answers come from."""

    provider: str

    def open(self, request: Request) -> Session:
        """Begin with a question."""

    async def close(self) -> None:
        """Let go of connections."""

"""What the bot needs from a model: a session for each question, which answers or asks for tools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.catalog import ErrorType, Model, QueryType
from bot.timeline import Stopwatch

SYSTEM_PROMPT = (
    "You are the Dubai Estate AI Bot. You answer questions about homes in Dubai: briefly, in plain words, with figures "
    "from your tools and never with invented ones. Say in one sentence what a figure depends on. If a tool refuses, "
    "tell the user what it said. You give estimates, no legal or financial advice."
)


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
    input_tokens: int
    output_tokens: int
    response_id: str
    finish_reason: str


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


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """How a tool's data source behaves: how long it takes beyond computing, and whether it breaks."""

    seconds: float = 0.0
    breaks: bool = False


class Session(Protocol):
    """One question's conversation with a model."""

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch) -> Turn:
        """The model's next turn.

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

"""Answer a question: the model's turns, the tools between them, and one time limit around all."""

import asyncio
from collections.abc import Sequence

from opentelemetry.trace import Span, SpanKind

from bot.catalog import ErrorType, Model, Price, ToolErrorKind
from bot.experiments import Style
from bot.model.base import (
    CallMeter,
    Conditions,
    Exchange,
    ModelClient,
    QueryFailure,
    Request,
    Session,
    ToolCall,
    ToolResult,
    Turn,
)
from bot.record import Outcome, Recorder
from bot.timeline import Stopwatch
from bot.tools.base import ToolError
from bot.tools.box import TOOLS
from bot.tracing import Tracing

_MOST_TURNS = 6


class Service:
    """Turns an `Outcome` with a question into one with an answer, or with the reason why there is none."""

    def __init__(
        self,
        client: ModelClient,
        tracing: Tracing,
        recorder: Recorder,
        prices: dict[Model, Price],
        limits: tuple[float, int],
    ) -> None:
        self._client = client
        self._tracing = tracing
        self._recorder = recorder
        self._prices = prices
        self._timeout, self._max_tokens = limits

    async def answer(self, outcome: Outcome, watch: Stopwatch, style: Style) -> None:
        """Answer in a style. Never raises for what a model, a tool or a bug does."""
        began = watch.elapsed()
        watch.limit(self._timeout)
        try:
            async with asyncio.timeout(self._timeout):
                await self._converse(outcome, watch, style)
        except QueryFailure as failure:
            outcome.fail(failure.error_type, str(failure), failure)
        except TimeoutError as error:
            outcome.fail(ErrorType.TIMEOUT, f"no answer within {self._timeout:g} seconds", error)
        except Exception as error:  # noqa: BLE001  # a bug is the user's failed query, and a log line
            outcome.fail(ErrorType.INTERNAL, "something went wrong inside the bot", error)
        outcome.duration = watch.elapsed() - began

    async def _converse(self, outcome: Outcome, watch: Stopwatch, style: Style) -> None:
        session = self._client.open(
            Request(text=outcome.text, query_type=outcome.query_type, model=outcome.model, style=style)
        )
        exchanges: list[Exchange] = []
        for _ in range(_MOST_TURNS):
            turn = await self._ask(session, outcome, exchanges, watch)
            if not turn.calls:
                outcome.answer = turn.text
                return
            results = [await self._use(session, call, outcome, watch) for call in turn.calls]
            exchanges.append(Exchange(turn=turn, results=tuple(results)))
        raise QueryFailure(ErrorType.MODEL_ERROR, "the model kept asking for tools")

    async def _ask(
        self, session: Session, outcome: Outcome, exchanges: Sequence[Exchange], watch: Stopwatch
    ) -> Turn:
        model_id = self._prices[outcome.model].model_id
        attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": self._client.provider,
            "gen_ai.request.model": model_id,
            "gen_ai.request.max_tokens": self._max_tokens,
        }
        with self._tracing.span(f"chat {model_id}", watch, SpanKind.CLIENT, attributes) as span:
            meter = CallMeter()
            try:
                turn = await session.respond(exchanges, watch, meter)
            finally:  # what a call has used is paid, also when it fails or takes too long
                self._recorder.call(outcome, meter)
                _describe_usage(span, meter)
            _describe(span, turn, model_id)
        return turn

    async def _use(self, session: Session, call: ToolCall, outcome: Outcome, watch: Stopwatch) -> ToolResult:
        if call.name not in TOOLS:
            return ToolResult(call=call, content={"error": "there is no such tool"}, refused=True)
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call.name,
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": call.call_id,
        }
        outcome.tools.append(call.name)
        with self._tracing.span(f"execute_tool {call.name}", watch, attributes=attributes):
            began, error = watch.elapsed(), None
            try:
                result = await _run(session, call, watch)
                error = ToolErrorKind.REFUSED if result.refused else None
            except QueryFailure:
                error = ToolErrorKind.BROKEN
                raise
            finally:
                segment = outcome.user.segment if outcome.user else None
                self._recorder.tool(call.name, watch.elapsed() - began, segment, error)
        return result


async def _run(session: Session, call: ToolCall, watch: Stopwatch) -> ToolResult:
    conditions = session.conditions(call.name)
    await watch.pass_time(conditions.seconds)
    try:
        return _compute(call, conditions)
    except ToolError as error:
        return ToolResult(call=call, content={"error": str(error)}, refused=True)
    except Exception as error:
        raise QueryFailure(ErrorType.TOOL_ERROR, f"{call.name} broke") from error


def _compute(call: ToolCall, conditions: Conditions) -> ToolResult:
    if conditions.breaks:
        raise ConnectionError("the listings database closed the connection")
    return ToolResult(call=call, content=TOOLS[call.name].run(call.arguments))


def _describe(span: Span, turn: Turn, model_id: str) -> None:
    span.set_attribute("gen_ai.response.model", model_id)
    span.set_attribute("gen_ai.response.id", turn.response_id)
    span.set_attribute("gen_ai.response.finish_reasons", [turn.finish_reason])


def _describe_usage(span: Span, meter: CallMeter) -> None:
    usage = meter.usage
    span.set_attribute("gen_ai.usage.input_tokens", usage.input_tokens)
    span.set_attribute("gen_ai.usage.output_tokens", usage.output_tokens)
    span.set_attribute("gen_ai.usage.cache_read.input_tokens", usage.cache_read_tokens)
    span.set_attribute("gen_ai.usage.cache_creation.input_tokens", usage.cache_write_tokens)

"""Claude by Anthropic's API. Needs the extra `anthropic` and ANTHROPIC_API_KEY."""

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import anthropic
import httpx

from bot.catalog import ErrorType, Model, Price, RateLimit, RetryReason, StopReason, Usage
from bot.model.base import (
    SYSTEM_PROMPT,
    CallMeter,
    Conditions,
    Exchange,
    Headroom,
    QueryFailure,
    Request,
    Session,
    ToolCall,
    Turn,
    instructions,
)
from bot.timeline import Stopwatch
from bot.tools.box import TOOLS

_RETRIES = 2
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 8.0
_CONNECT_SECONDS = 5.0
_CACHED: anthropic.types.CacheControlEphemeralParam = {"type": "ephemeral"}
# An error in the middle of a stream has status 200, and its kind in the body only.
_REASON_OF_TYPE = {
    "rate_limit_error": RetryReason.RATE_LIMITED,
    "overloaded_error": RetryReason.OVERLOADED,
    "timeout_error": RetryReason.TIMEOUT,
    "api_error": RetryReason.ERROR,
}
_REASON_OF_STATUS = {
    408: RetryReason.TIMEOUT,
    409: RetryReason.ERROR,
    429: RetryReason.RATE_LIMITED,
    504: RetryReason.TIMEOUT,
    529: RetryReason.OVERLOADED,
}
_ERROR_OF_REASON = {
    RetryReason.RATE_LIMITED: ErrorType.RATE_LIMITED,
    RetryReason.OVERLOADED: ErrorType.RATE_LIMITED,
    RetryReason.TIMEOUT: ErrorType.TIMEOUT,
    RetryReason.ERROR: ErrorType.MODEL_ERROR,
}


class ClaudeModel:
    """Asks Claude; the service's own time limit ends what takes too long, retries included."""

    provider = "anthropic"

    def __init__(
        self,
        api_key: str,
        prices: Mapping[Model, Price],
        max_tokens: int,
        timeout: float,
        base_url: str | None = None,
    ) -> None:
        self._prices = prices
        self._max_tokens = max_tokens
        self._client = anthropic.AsyncAnthropic(
            api_key=api_key,
            max_retries=0,  # the session tries again itself, because it has to count
            timeout=anthropic.Timeout(timeout, connect=_CONNECT_SECONDS),
            base_url=base_url,
        )

    def open(self, request: Request) -> Session:
        """Begin with a question."""
        return _ClaudeSession(self._client, request, self._prices[request.model].model_id, self._max_tokens)

    async def close(self) -> None:
        """Close connections."""
        await self._client.close()


class _ClaudeSession:
    def __init__(
        self, client: anthropic.AsyncAnthropic, request: Request, model_id: str, max_tokens: int
    ) -> None:
        self._client = client
        self._request = request
        self._model_id = model_id
        self._max_tokens = max_tokens

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch, meter: CallMeter) -> Turn:
        for attempt in range(_RETRIES + 1):
            try:
                return await self._stream(exchanges, watch, meter)
            except anthropic.APIError as error:
                if isinstance(error, anthropic.APIStatusError):
                    meter.headroom |= read_headroom(error.response.headers, time.time())
                reason = _reason(error)
                if reason is None or attempt == _RETRIES:
                    raise _failure(error, reason) from error
                meter.retries.append(reason)
                await asyncio.sleep(_wait_seconds(error, attempt))
        raise AssertionError("the last attempt returns or raises")

    async def _stream(self, exchanges: Sequence[Exchange], watch: Stopwatch, meter: CallMeter) -> Turn:
        sent = watch.elapsed()
        before = meter.usage
        meter.first_token_seconds = meter.streaming_seconds = None
        async with self._client.messages.stream(
            model=self._model_id,
            max_tokens=self._max_tokens,
            system=_system(self._request),
            tools=_tools(),
            messages=_messages(self._request.text, exchanges),
        ) as stream:
            meter.headroom |= read_headroom(stream.response.headers, time.time())
            async for event in stream:
                if event.type == "content_block_delta":
                    if meter.first_token_seconds is None:
                        meter.first_token_seconds = watch.elapsed() - sent
                    meter.streaming_seconds = watch.elapsed() - sent - meter.first_token_seconds
                elif event.type in {"message_start", "message_delta"}:
                    meter.usage = before + _usage(stream.current_message_snapshot.usage)
            message = await stream.get_final_message()
        meter.stop_reason = _stop_reason(message.stop_reason)
        return _turn(message)

    def conditions(self, tool: str) -> Conditions:
        del tool
        return Conditions()


def read_headroom(headers: httpx.Headers, now: float) -> dict[RateLimit, Headroom]:
    """What an answer's headers say about rate limits: `anthropic-ratelimit-requests-remaining` and the like.

    Args:
        headers: of the answer.
        now: seconds since 1970, for a reset that is not told.
    """
    found = {}
    for limit in RateLimit:
        begin = f"anthropic-ratelimit-{limit.replace('_', '-')}"
        try:
            most = float(headers[f"{begin}-limit"])
            left = float(headers[f"{begin}-remaining"])
        except (KeyError, ValueError):
            continue
        if most > 0:
            ratio = min(max(left / most, 0.0), 1.0)
            found[limit] = Headroom(ratio=ratio, until=_reset(headers.get(f"{begin}-reset"), now))
    return found


def _reset(text: str | None, now: float) -> float:
    try:
        return datetime.fromisoformat(text or "").timestamp()
    except ValueError:
        return now + 60  # limits are per minute


def _reason(error: anthropic.APIError) -> RetryReason | None:
    """Why a call may be sent again; nothing when it would fail again."""
    if isinstance(error, anthropic.APITimeoutError):
        return RetryReason.TIMEOUT
    if not isinstance(error, anthropic.APIStatusError):
        return RetryReason.ERROR  # no connection
    body = error.body if isinstance(error.body, dict) else {}
    detail = body.get("error")
    kind = detail.get("type") if isinstance(detail, dict) else None
    if error.status_code < 400:
        return _REASON_OF_TYPE.get(str(kind))
    if error.status_code in _REASON_OF_STATUS:
        return _REASON_OF_STATUS[error.status_code]
    return RetryReason.ERROR if error.status_code >= 500 else None


def _failure(error: anthropic.APIError, reason: RetryReason | None) -> QueryFailure:
    kind = ErrorType.MODEL_ERROR if reason is None else _ERROR_OF_REASON[reason]
    if kind is ErrorType.TIMEOUT:
        return QueryFailure(kind, "the model did not answer in time")
    if not isinstance(error, anthropic.APIStatusError):
        return QueryFailure(kind, "the model could not be reached")
    if error.status_code < 400:
        return QueryFailure(kind, "the model broke off its answer")
    return QueryFailure(kind, f"the model answered with status {error.status_code}")


def _wait_seconds(error: anthropic.APIError, attempt: int) -> float:
    """How long the provider wants to be left alone, else twice as long each time."""
    headers = error.response.headers if isinstance(error, anthropic.APIStatusError) else httpx.Headers()
    for name, factor in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wanted = float(headers[name]) * factor
        except (KeyError, ValueError):
            continue
        if 0 <= wanted <= _LONGEST_WAIT_SECONDS:
            return wanted
    longest: float = min(_FIRST_WAIT_SECONDS * 2**attempt, _LONGEST_WAIT_SECONDS)
    return longest * random.uniform(0.75, 1)  # noqa: S311  # so that copies of the bot do not come back together


def _system(request: Request) -> list[anthropic.types.TextBlockParam]:
    """The prompt that all questions share, marked for the cache (with the tools before it), and what differs."""
    blocks: list[anthropic.types.TextBlockParam] = [
        {"type": "text", "text": SYSTEM_PROMPT, "cache_control": _CACHED}
    ]
    if text := instructions(request.style):
        blocks.append({"type": "text", "text": text})
    return blocks


def _tools() -> list[anthropic.types.ToolParam]:
    schemas = [tool.schema() for tool in TOOLS.values()]
    params: list[anthropic.types.ToolParam] = [
        {
            "name": schema["name"],
            "description": schema["description"],
            "input_schema": schema["input_schema"],
        }
        for schema in schemas
    ]
    params[-1]["cache_control"] = _CACHED
    return params


def _usage(usage: anthropic.types.Usage) -> Usage:
    """The provider counts cached tokens beside the input, the bot as a part of it."""
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    return Usage(
        input_tokens=usage.input_tokens + read + written,
        output_tokens=usage.output_tokens,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )


def _stop_reason(text: str | None) -> StopReason:
    known = {reason.value for reason in StopReason}
    return StopReason(text) if text in known else StopReason.OTHER


def _turn(message: anthropic.types.Message) -> Turn:
    calls = [
        ToolCall(call_id=block.id, name=block.name, arguments=dict(block.input))
        for block in message.content
        if block.type == "tool_use"
    ]
    return Turn(
        text="".join(block.text for block in message.content if block.type == "text"),
        calls=tuple(calls),
        response_id=message.id,
        finish_reason=message.stop_reason or "unknown",
    )


def _messages(text: str, exchanges: Sequence[Exchange]) -> list[anthropic.types.MessageParam]:
    messages: list[anthropic.types.MessageParam] = [{"role": "user", "content": text}]
    for exchange in exchanges:
        said: list[Any] = [{"type": "text", "text": exchange.turn.text}] if exchange.turn.text else []
        said += [
            {"type": "tool_use", "id": call.call_id, "name": call.name, "input": call.arguments}
            for call in exchange.turn.calls
        ]
        results: list[Any] = [
            {
                "type": "tool_result",
                "tool_use_id": result.call.call_id,
                "content": json.dumps(result.content),
                "is_error": result.refused,
            }
            for result in exchange.results
        ]
        messages += [{"role": "assistant", "content": said}, {"role": "user", "content": results}]
    return messages

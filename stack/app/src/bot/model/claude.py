"""Claude by Anthropic's API. Needs the extra `anthropic` and ANTHROPIC_API_KEY."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anthropic

from bot.catalog import ErrorType, Model, Price
from bot.model.base import SYSTEM_PROMPT, Conditions, Exchange, QueryFailure, Request, Session, ToolCall, Turn
from bot.timeline import Stopwatch
from bot.tools.box import TOOLS

_RETRIES = 2
_OVERLOADED = 529
_CONNECT_SECONDS = 5.0


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
            max_retries=_RETRIES,
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

    async def respond(self, exchanges: Sequence[Exchange], watch: Stopwatch) -> Turn:
        del watch  # real time passes by itself
        try:
            message = await self._client.messages.create(
                model=self._model_id,
                max_tokens=self._max_tokens,
                system=SYSTEM_PROMPT,
                tools=[_tool(tool.schema()) for tool in TOOLS.values()],
                messages=_messages(self._request.text, exchanges),
            )
        except anthropic.APITimeoutError as error:
            raise QueryFailure(ErrorType.TIMEOUT, "the model did not answer in time") from error
        except anthropic.APIStatusError as error:
            busy = error.status_code in {429, _OVERLOADED}
            kind = ErrorType.RATE_LIMITED if busy else ErrorType.MODEL_ERROR
            raise QueryFailure(kind, f"the model answered with status {error.status_code}") from error
        except anthropic.APIError as error:
            raise QueryFailure(ErrorType.MODEL_ERROR, "the model could not be reached") from error
        return _turn(message)

    def conditions(self, tool: str) -> Conditions:
        del tool
        return Conditions()


def _tool(schema: dict[str, Any]) -> anthropic.types.ToolParam:
    return {
        "name": schema["name"],
        "description": schema["description"],
        "input_schema": schema["input_schema"],
    }


def _turn(message: anthropic.types.Message) -> Turn:
    calls = [
        ToolCall(call_id=block.id, name=block.name, arguments=dict(block.input))
        for block in message.content
        if block.type == "tool_use"
    ]
    return Turn(
        text="".join(block.text for block in message.content if block.type == "text"),
        calls=tuple(calls),
        input_tokens=message.usage.input_tokens,
        output_tokens=message.usage.output_tokens,
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

"""The real client against a stand-in for Anthropic's API, which streams as that does."""

import asyncio
import itertools
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from bot.catalog import PRICES, ErrorType, Model, QueryType, RateLimit, RetryReason, StopReason, Usage
from bot.experiments import Style
from bot.model.base import BRIEF, SYSTEM_PROMPT, CallMeter, Exchange, QueryFailure, Request, ToolResult
from bot.model.claude import ClaudeModel, read_headroom
from bot.timeline import Stopwatch
from bot.tools.box import TOOLS

LIMITS = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "20",
    "anthropic-ratelimit-requests-reset": "2100-01-01T00:00:00Z",
    "anthropic-ratelimit-input-tokens-limit": "1000",
    "anthropic-ratelimit-input-tokens-remaining": "0",
}
CACHE = {"cache_creation_input_tokens": 500, "cache_read_input_tokens": 1600}


def event(kind, **more):
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n"


def begin(**usage):
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5",
        "stop_reason": None,
        "stop_sequence": None,
        "content": [],
        "usage": {"input_tokens": 900, "output_tokens": 1, **usage},
    }
    return event("message_start", message=message)


def text(index, *parts):
    yield event("content_block_start", index=index, content_block={"type": "text", "text": ""})
    for part in parts:
        yield event("content_block_delta", index=index, delta={"type": "text_delta", "text": part})
    yield event("content_block_stop", index=index)


def tool(index, name, arguments):
    block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}
    yield event("content_block_start", index=index, content_block=block)
    delta = {"type": "input_json_delta", "partial_json": json.dumps(arguments)}
    yield event("content_block_delta", index=index, delta=delta)
    yield event("content_block_stop", index=index)


def end(reason, tokens=40):
    delta = {"stop_reason": reason, "stop_sequence": None}
    yield event("message_delta", delta=delta, usage={"output_tokens": tokens})
    yield event("message_stop")


TOOL_TURN = [
    begin(),
    *text(0, "Let me look."),
    *tool(1, "area_guide", {"area": "JVC"}),
    *end("tool_use"),
]
LAST_TURN = [begin(**CACHE), *text(0, "It is ", "green."), *end("end_turn")]
OVERLOADED = event("error", error={"type": "overloaded_error", "message": "busy"})


class Api(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (500, {})
        self.send_response(status)
        streams = isinstance(answer, list)
        self.send_header("content-type", "text/event-stream" if streams else "application/json")
        self.send_header("retry-after-ms", "1")
        for name, value in LIMITS.items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in answer if streams else [json.dumps(answer)]:
            if isinstance(chunk, float):
                time.sleep(chunk)
            else:
                self.wfile.write(chunk.encode())

    def log_message(self, *_):
        pass


@contextmanager
def api(*answers):
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.answers, server.requests = list(answers), []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def converse(server, exchanges=(), meter=None, style=None, seconds=20, watch=None):
    async def run():
        model = ClaudeModel("sk-test", PRICES, 512, 5, f"http://127.0.0.1:{server.server_port}")
        request = Request(
            text="Tell me about JVC",
            query_type=QueryType.GENERAL,
            model=Model.HAIKU,
            style=style or Style(),
        )
        try:
            async with asyncio.timeout(seconds):
                return await model.open(request).respond(
                    exchanges, watch or Stopwatch(), meter or CallMeter()
                )
        finally:
            await model.close()

    return asyncio.run(run())


def test_a_turn_with_tools_and_the_answer_after_it():
    meter = CallMeter()
    with api((200, TOOL_TURN), (200, LAST_TURN)) as server:
        first = converse(server, meter=meter)
        result = ToolResult(call=first.calls[0], content=TOOLS["area_guide"].run(first.calls[0].arguments))
        last = converse(server, [Exchange(turn=first, results=(result,))])
    assert (first.text, first.calls[0].name, first.calls[0].arguments) == (
        "Let me look.",
        "area_guide",
        {"area": "JVC"},
    )
    assert meter.usage == Usage(input_tokens=900, output_tokens=40)
    assert (first.finish_reason, meter.stop_reason) == ("tool_use", StopReason.TOOL_USE)
    assert (last.text, last.calls) == ("It is green.", ())
    path, headers, body = server.requests[1]
    assert path == "/v1/messages"
    assert any("sk-test" in value for value in headers.values())  # in which one differs between versions
    assert (body["model"], body["max_tokens"], body["stream"]) == ("claude-haiku-4-5", 512, True)
    assert {tool["name"] for tool in body["tools"]} == set(TOOLS)
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["messages"][2]["content"][0]["tool_use_id"] == "toolu_1"


def test_cached_tokens_are_a_part_of_the_input_and_have_their_own_price():
    meter = CallMeter()
    with api((200, LAST_TURN)) as server:
        converse(server, meter=meter)
    usage = Usage(input_tokens=3000, output_tokens=40, cache_read_tokens=1600, cache_write_tokens=500)
    assert meter.usage == usage
    price = PRICES[Model.HAIKU]
    paid = (900 + 1600 * 0.1 + 500 * 1.25) * 1.0 + 40 * 5.0
    assert price.cost(usage) == pytest.approx(paid / 1e6)
    assert price.cache_saving(usage) == pytest.approx(1600 * 0.9 / 1e6)
    assert price.cache_extra(usage) == pytest.approx(500 * 0.25 / 1e6)
    uncached = price.cost(Usage(input_tokens=3000, output_tokens=40))
    assert price.cost(usage) + price.cache_saving(usage) - price.cache_extra(usage) == pytest.approx(uncached)


def test_the_prompt_that_all_share_is_marked_for_the_cache_and_a_style_stands_behind_it():
    with api((200, LAST_TURN), (200, LAST_TURN)) as server:
        converse(server)
        converse(server, style=Style(brief=True))
    usual, brief = (body for _, _, body in server.requests)
    assert usual["system"] == [
        {"type": "text", "text": SYSTEM_PROMPT, "cache_control": {"type": "ephemeral"}}
    ]
    assert brief["system"] == [*usual["system"], {"type": "text", "text": BRIEF}]
    assert brief["tools"] == usual["tools"]
    assert [tool.get("cache_control") for tool in usual["tools"]][-1] == {"type": "ephemeral"}
    assert all("cache_control" not in tool for tool in usual["tools"][:-1])


class Ticking:
    """A watch on which a second passes at each look."""

    def __init__(self):
        self.elapsed = itertools.count().__next__


def test_the_first_token_and_the_speed_are_measured_while_the_answer_streams():
    meter = CallMeter()
    with api((200, [begin(), *text(0, "It is ", "green."), *end("end_turn", tokens=10)])) as server:
        converse(server, meter=meter, watch=Ticking())
    assert (meter.first_token_seconds, meter.streaming_seconds) == (1, 2)
    assert meter.tokens_per_second == 5


def test_an_answer_of_one_token_has_no_speed():
    meter = CallMeter()
    with api((200, [begin(), *text(0, "Yes"), *end("end_turn", tokens=1)])) as server:
        converse(server, meter=meter)
    assert meter.tokens_per_second is None


@pytest.mark.parametrize(
    ("reason", "known"),
    [
        ("max_tokens", StopReason.MAX_TOKENS),
        ("refusal", StopReason.REFUSAL),
        ("pause_turn", StopReason.OTHER),
        ("a reason of tomorrow", StopReason.OTHER),
    ],
)
def test_reasons_to_stop_are_those_of_the_contract(reason, known):
    meter = CallMeter()
    with api((200, [begin(), *text(0, "It"), *end(reason)])) as server:
        converse(server, meter=meter)
    assert meter.stop_reason is known


@pytest.mark.parametrize(
    ("status", "kind", "retry"),
    [
        (429, ErrorType.RATE_LIMITED, RetryReason.RATE_LIMITED),
        (529, ErrorType.RATE_LIMITED, RetryReason.OVERLOADED),
        (408, ErrorType.TIMEOUT, RetryReason.TIMEOUT),
        (504, ErrorType.TIMEOUT, RetryReason.TIMEOUT),
        (500, ErrorType.MODEL_ERROR, RetryReason.ERROR),
        (503, ErrorType.MODEL_ERROR, RetryReason.ERROR),
        (400, ErrorType.MODEL_ERROR, None),
        (401, ErrorType.MODEL_ERROR, None),
    ],
)
def test_refusals_become_failures_after_bounded_retries_which_are_counted(status, kind, retry):
    meter = CallMeter()
    with api(*[(status, {"type": "error", "error": {"type": "x", "message": "no"}})] * 10) as server:
        with pytest.raises(QueryFailure) as caught:
            converse(server, meter=meter)
        assert caught.value.error_type is kind
        assert len(server.requests) == (3 if retry else 1)
    assert meter.retries == ([retry] * 2 if retry else [])
    assert meter.stop_reason is None
    assert RateLimit.REQUESTS in meter.headroom


def test_a_short_hiccup_is_tried_again():
    meter = CallMeter()
    with api((529, {}), (200, LAST_TURN)) as server:
        assert converse(server, meter=meter).text == "It is green."
    assert meter.retries == [RetryReason.OVERLOADED]


def test_an_answer_that_breaks_off_is_tried_again_and_what_it_used_is_paid():
    meter = CallMeter()
    broken = [begin(), *text(0, "It is"), OVERLOADED]
    with api((200, broken), (200, LAST_TURN)) as server:
        assert converse(server, meter=meter).text == "It is green."
    assert meter.retries == [RetryReason.OVERLOADED]
    assert (meter.usage.input_tokens, meter.usage.output_tokens) == (900 + 3000, 1 + 40)


def test_an_answer_that_takes_too_long_is_paid_as_far_as_it_came():
    meter = CallMeter()
    with api((200, [begin(), *text(0, "It is"), 2.0])) as server, pytest.raises(TimeoutError):
        converse(server, meter=meter, seconds=1)
    assert meter.usage.input_tokens == 900


def test_nobody_there_is_a_model_error_after_retries():
    with api() as server:
        port = server.server_port
    server.server_port = port  # closed now
    meter = CallMeter()
    with pytest.raises(QueryFailure, match="could not be reached") as caught:
        converse(server, meter=meter)
    assert caught.value.error_type is ErrorType.MODEL_ERROR
    assert meter.retries == [RetryReason.ERROR] * 2


def test_headroom_is_read_from_headers_as_far_as_they_say_it():
    meter = CallMeter()
    with api((200, LAST_TURN)) as server:
        converse(server, meter=meter)
    assert {limit: room.ratio for limit, room in meter.headroom.items()} == {
        RateLimit.REQUESTS: 0.4,
        RateLimit.INPUT_TOKENS: 0.0,
    }
    assert meter.headroom[RateLimit.REQUESTS].until > 4e9


@pytest.mark.parametrize(
    ("limit", "remaining", "ratio"),
    [("50", "60", 1.0), ("50", "-1", 0.0), ("0", "0", None), ("many", "1", None), ("50", None, None)],
)
def test_headers_that_make_no_sense_are_passed_over(limit, remaining, ratio):
    headers = {"anthropic-ratelimit-requests-limit": limit}
    if remaining is not None:
        headers["anthropic-ratelimit-requests-remaining"] = remaining
    found = read_headroom(httpx.Headers(headers), 1000.0)
    assert (found[RateLimit.REQUESTS].ratio if found else None) == ratio
    if found:
        assert found[RateLimit.REQUESTS].until == 1060.0

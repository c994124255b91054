"""The real client against a stand-in for Anthropic's API."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.catalog import PRICES, ErrorType, Model, QueryType
from bot.model.base import Exchange, QueryFailure, Request, ToolResult
from bot.model.claude import ClaudeModel
from bot.timeline import Stopwatch
from bot.tools.box import TOOLS

TOOL_TURN = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-haiku-4-5",
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 900, "output_tokens": 40},
    "content": [
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "toolu_1", "name": "area_guide", "input": {"area": "JVC"}},
    ],
}
LAST_TURN = {
    **TOOL_TURN,
    "id": "msg_2",
    "stop_reason": "end_turn",
    "content": [{"type": "text", "text": "It is green."}],
}


class Api(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (500, {})
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextmanager
def api(*answers):
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.answers, server.requests = list(answers), []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def converse(server, exchanges=()):
    async def run():
        model = ClaudeModel("sk-test", PRICES, 512, 5, f"http://127.0.0.1:{server.server_port}")
        request = Request(text="Tell me about JVC", query_type=QueryType.GENERAL, model=Model.HAIKU)
        try:
            return await model.open(request).respond(exchanges, Stopwatch())
        finally:
            await model.close()

    return asyncio.run(run())


def test_a_turn_with_tools_and_the_answer_after_it():
    with api((200, TOOL_TURN), (200, LAST_TURN)) as server:
        first = converse(server)
        result = ToolResult(call=first.calls[0], content=TOOLS["area_guide"].run(first.calls[0].arguments))
        last = converse(server, [Exchange(turn=first, results=(result,))])
    assert (first.calls[0].name, first.calls[0].arguments) == ("area_guide", {"area": "JVC"})
    assert (first.input_tokens, first.output_tokens, first.finish_reason) == (900, 40, "tool_use")
    assert (last.text, last.calls) == ("It is green.", ())
    path, headers, body = server.requests[1]
    assert path == "/v1/messages"
    assert any("sk-test" in value for value in headers.values())  # in which one differs between versions
    assert (body["model"], body["max_tokens"]) == ("claude-haiku-4-5", 512)
    assert {tool["name"] for tool in body["tools"]} == set(TOOLS)
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["messages"][2]["content"][0]["tool_use_id"] == "toolu_1"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, ErrorType.RATE_LIMITED),
        (529, ErrorType.RATE_LIMITED),
        (500, ErrorType.MODEL_ERROR),
        (400, ErrorType.MODEL_ERROR),
    ],
)
def test_refusals_become_failures_after_bounded_retries(status, kind):
    with api(*[(status, {"type": "error", "error": {"type": "x", "message": "no"}})] * 10) as server:
        with pytest.raises(QueryFailure) as caught:
            converse(server)
        assert caught.value.error_type is kind
        assert len(server.requests) == (1 if status == 400 else 3)


def test_a_short_hiccup_is_tried_again():
    with api((529, {}), (200, LAST_TURN)) as server:
        assert converse(server).text == "It is green."

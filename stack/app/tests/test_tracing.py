import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient

from bot.assembly import assemble
from bot.catalog import ErrorType
from bot.web.app import web_app


def by_name(world):
    return {span.name: span for span in world.spans.get_finished_spans()}


def test_a_query_is_a_trace_of_request_model_and_tools(world):
    answer = world.ask().json()
    spans = by_name(world)
    assert set(spans) == {"POST /query", "chat claude-sonnet-4-6", "execute_tool compare_areas"}
    root = spans["POST /query"]
    assert {format(span.context.trace_id, "032x") for span in spans.values()} == {answer["trace_id"]}
    assert all(span.parent.span_id == root.context.span_id for span in spans.values() if span is not root)
    assert root.resource.attributes["service.name"] == "dubai-estate-bot"
    assert root.resource.attributes["service.version"]


def test_attributes_follow_the_semantic_conventions(world):
    world.ask()
    spans = by_name(world)
    request, chat = spans["POST /query"], spans["chat claude-sonnet-4-6"]
    tool = spans["execute_tool compare_areas"]
    assert (request.kind, chat.kind, tool.kind) == (SpanKind.SERVER, SpanKind.CLIENT, SpanKind.INTERNAL)
    assert request.attributes["http.request.method"] == "POST"
    assert request.attributes["http.route"] == "/query"
    assert request.attributes["http.response.status_code"] == 200
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "simulated",
        "gen_ai.request.model": "claude-sonnet-4-6",
        "gen_ai.response.model": "claude-sonnet-4-6",
        "gen_ai.response.finish_reasons": ("end_turn",),
    }
    assert expected.items() <= dict(chat.attributes).items()
    assert chat.attributes["gen_ai.usage.input_tokens"] > chat.attributes["gen_ai.usage.output_tokens"] > 0
    assert tool.attributes["gen_ai.operation.name"] == "execute_tool"
    assert tool.attributes["gen_ai.tool.name"] == "compare_areas"
    assert tool.attributes["gen_ai.tool.type"] == "function"


def test_spans_last_as_long_as_the_metrics_say(world):
    seconds = world.ask().json()["seconds"]
    root = by_name(world)["POST /query"]
    # What the model is said to take is skipped, so the span is longer than the clock: never shorter than the answer.
    assert seconds - 0.01 <= (root.end_time - root.start_time) / 1e9 < seconds + 30


def test_failures_mark_their_spans(world):
    world.fail(ErrorType.TOOL_ERROR)
    world.ask()
    spans = by_name(world)
    tool, root = spans["execute_tool compare_areas"], spans["POST /query"]
    assert tool.attributes["error.type"] == "tool_error"
    assert tool.status.status_code is StatusCode.ERROR
    assert root.attributes["error.type"] == "502"


def test_a_trace_of_the_caller_is_continued(world):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    body = {"text": "hello", "user": "ann"}
    assert world.client.post("/query", json=body, headers=headers).json()["trace_id"] == trace
    assert next(line for line in world.lines() if line["event"] == "query")["trace_id"] == trace


def test_scrapes_and_health_checks_are_no_traces(world):
    for path in ("/metrics", "/healthz", "/readyz"):
        world.client.get(path)
    assert world.spans.get_finished_spans() == ()


@contextmanager
def black_hole():
    """Accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept():
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for connection in held:
            connection.close()


@contextmanager
def nobody():
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("receiver", [black_hole, nobody])
def test_a_receiver_that_is_dead_or_mute_holds_up_no_request_and_no_stop(settings, receiver):
    with receiver() as url:
        settings = replace(settings, otlp_endpoint=url, otlp_timeout=2)
        bot = assemble(settings)
        began = time.perf_counter()
        with TestClient(web_app(bot), "http://localhost") as client:
            for number in range(60):
                body = {"text": "Compare JVC and Downtown", "user": f"u{number}"}
                assert client.post("/query", json=body).status_code == 200
            assert bot.tracing._provider.force_flush(1) in {True, False}
            asked = time.perf_counter() - began
        stopped = time.perf_counter() - began - asked
    # Waiting for the receiver would take two seconds for each of the sixty questions.
    assert asked < 100
    assert stopped < 60


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            raise AssertionError("not expected")
        self.server.received.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_spans_arrive_at_a_receiver_that_works(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.received = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with TestClient(
            web_app(assemble(replace(settings, otlp_endpoint=url))), "http://localhost"
        ) as client:
            client.post("/query", json={"text": "hello", "user": "ann"})
        server.shutdown()
    path, body = server.received[0]
    assert path == "/v1/traces"
    spans = ExportTraceServiceRequest.FromString(body).resource_spans[0]
    names = {span.name for scope in spans.scope_spans for span in scope.spans}
    assert names == {"POST /query", "chat claude-haiku-4-5"}
    attributes = {item.key: item.value.string_value for item in spans.resource.attributes}
    assert attributes["service.name"] == "dubai-estate-bot"
    assert json.dumps(attributes)

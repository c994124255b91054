"""Receivers of the tests' own: Alertmanager's webhooks, and spans as OTLP over HTTP."""

import gzip
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """What has arrived: alerts as (seconds, status, labels), and spans as (name, attributes, resource's attributes)."""

    alerts: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    spans: list[tuple[str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)


class Receiver:
    """An HTTP server on loopback that takes both."""

    def __init__(self) -> None:
        self.received = Received()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.received))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def _handler(received: Received) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # its name in http.server
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path == "/v1/traces":
                received.spans += _spans(body)
            else:
                for alert in json.loads(body)["alerts"]:
                    received.alerts.append((time.monotonic(), alert["status"], alert["labels"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _spans(body: bytes) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    # The bot's own library, which the other tests do without.
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    request = ExportTraceServiceRequest.FromString(body)
    return [
        (span.name, _attributes(span.attributes), _attributes(resource.resource.attributes))
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value") for pair in pairs}

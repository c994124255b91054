"""Servers for tests: Prometheus itself on a free port, and a small one that answers what it is told."""

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from dashgen.servers.http import Endpoint, Limits
from tests.tools import hanging
from tests.tools.hanging import PATIENT, Address
from tests.tools.waiting import LONGEST_WAIT, wait_until

STEP, HOURS = 60, 3


def endpoint(url: str, service: str = "Prometheus", limits: Limits = PATIENT, **more: Any) -> Endpoint:
    return Endpoint(service, url, limits=limits, **more)


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it came."""

    method: str
    path: str
    fields: dict[str, list[str]]
    headers: dict[str, str]
    client: Address


Answer = tuple[int, bytes] | tuple[int, bytes, dict[str, str]]


@dataclass
class Scripted:
    """A server that answers by path; a function gets the request and may hang or lie. Its clock may be ahead."""

    answers: dict[str, Any] = field(default_factory=dict)
    log: list[ReceivedRequest] = field(default_factory=list)
    url: str = ""
    ahead: float = 0.0

    def answer(self, request: ReceivedRequest) -> Answer:
        answer = self.answers.get(request.path, (404, b"404 page not found\n"))
        answer = answer(request) if callable(answer) else answer
        return answer if isinstance(answer, tuple) else (200, json.dumps(answer).encode())


@contextlib.contextmanager
def scripted(answers: dict[str, Any] | None = None) -> Iterator[Scripted]:
    """A scripted server, ended in any case."""
    script = Scripted(answers or {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def _handler(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length).decode() if length else ""
            fields = parse_qs("&".join(filter(None, (parts.query, sent))), keep_blank_values=True)
            request = ReceivedRequest(
                self.command, parts.path, fields, dict(self.headers.items()), self.client_address
            )
            script.log.append(request)
            status, body, *more = script.answer(request)
            with contextlib.suppress(OSError):
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((timestamp or time.time()) + script.ahead)

        def log_message(self, *_words: object) -> None:
            pass

    return Handler


def hang(request: ReceivedRequest) -> Answer:
    """An answer that comes after every client has given up."""
    hanging.hang(request.client, threading.Event())
    return 200, b"{}"


def history(now: float) -> str:
    """Three hours of a small application, as OpenMetrics."""
    moments = [int(now) - ago for ago in range(HOURS * 3600, -1, -STEP)]
    lines = ["# TYPE app_queries counter", "# HELP app_queries Questions."]
    for number, (status, rate) in enumerate((("success", 6), ("error", 1))):
        for tier in ("free", "pro"):
            name = f'app_queries_total{{status="{status}",tier="{tier}"}}'
            lines += [f"{name} {index * rate + number} {moment}" for index, moment in enumerate(moments)]
    lines += ["# TYPE app_users gauge"]
    lines += [f'app_users{{tier="free"}} 7 {moment}' for moment in moments]
    lines += ["# TYPE app_ended gauge"]
    lines += [f"app_ended 1 {moment}" for moment in moments if moment < now - 3600]
    return "\n".join([*lines, "# EOF", ""])


_CONFIG = """
global: {scrape_interval: 1s}
rule_files: [rules.yaml]
scrape_configs:
  - job_name: gone
    static_configs: [{targets: ["127.0.0.1:1"], labels: {app: gone}}]
"""
_RULES = """
groups:
  - name: tests
    interval: 1s
    rules:
      - {record: 'app:queries:rate5m', expr: 'sum(rate(app_queries_total[5m]))'}
      - {alert: NoUsers, expr: 'app_users == 0'}
"""


@contextlib.contextmanager
def prometheus_server(folder: Path, text: str = "") -> Iterator[str]:
    """A Prometheus with a short history, the given one or that above; gives its address, and ends it in any case."""
    history_text = text or history(time.time())
    for name, content in (
        ("config.yaml", _CONFIG),
        ("rules.yaml", _RULES),
        ("history.txt", history_text),
    ):
        (folder / name).write_text(content, encoding="utf-8")
    blocks = ["tsdb", "create-blocks-from", "openmetrics", "history.txt", "data"]
    subprocess.run(
        [shutil.which("promtool") or "promtool", *blocks],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"127.0.0.1:{port}"
    options = ["--config.file=config.yaml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
    process = subprocess.Popen(
        [shutil.which("prometheus") or "prometheus", *options, "--web.enable-lifecycle", "--log.level=error"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: process.poll() is not None or _ready(f"http://{address}"), "Prometheus")
        assert process.poll() is None, "Prometheus ended at once"
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


def _ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/-/ready", timeout=LONGEST_WAIT).ok and (
            '"down"' in requests.get(f"{url}/api/v1/targets", timeout=LONGEST_WAIT).text
        )
    except requests.RequestException:
        return False

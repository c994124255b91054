"""A project with a stack beside it, and a Prometheus that can be told to reload."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from tests.cli.transcript import Result, run_command

SPECS = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100"}
---
kind: Dashboard
uid: shop
title: Shop
folder: Sales
panels:
  - title: Up
    query: up
---
kind: Dashboard
uid: plain
title: Plain
folder: Sales
panels:
  - title: Up
    query: up
---
kind: AlertRules
group: shop
folder: Sales
interval: 1m
rules:
  - alert: Down
    query: up
    when: below 1
    for: 5m
    summary: it is down
    severity: warning
    outputs: [grafana, prometheus]
  - alert: Lines
    datasource: loki
    query: 'sum(count_over_time({app="shop"} |= "error" [5m]))'
    when: above 10
    for: 5m
    summary: many errors
    severity: warning
    outputs: [loki]
"""
COPYING = """\
services:
  grafana:
    image: grafana/grafana:12.4.3
    volumes:
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
      - type: bind
        source: ${BOARDS:-./boards}
        target: /etc/grafana/dashboards
      - grafana-data:/var/lib/grafana
  prometheus:
    image: ${PROMETHEUS_IMAGE:-prom/prometheus:v3}
    command: [--config.file=/etc/prometheus/prometheus.yml]
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./rules:/etc/prometheus/rules:ro
  loki:
    image: grafana/loki:3
    command: -config.file=/etc/loki/loki.yaml
    volumes:
      - ./loki.yaml:/etc/loki/loki.yaml:ro
      - ./loki-rules:/etc/loki/rules
volumes: {grafana-data: {}}
"""
FILES = {
    "dashgen.yaml": "specs: [specs]\n",
    "specs/all.yaml": SPECS,
    "stack/compose.yaml": COPYING,
    "stack/prometheus.yml": "rule_files: [rules/*.yaml]\n",
    "stack/loki.yaml": "ruler: {storage: {type: local, local: {directory: /etc/loki/rules}}}\n",
}
INSTALLED = (
    "boards/Sales/plain.json",
    "boards/Sales/shop.json",
    "grafana/provisioning/alerting/rules.yaml",
    "grafana/provisioning/dashboards/dashgen.yaml",
    "grafana/provisioning/datasources/dashgen.yaml",
    "loki-rules/fake/shop.yaml",
    "rules/shop.yaml",
)


class Site:
    """A project on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = folder / "stack"
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def install(self, *arguments: str, **variables: str) -> Result:
        return run_command(["install", *arguments], self.folder, variables)

    def installed(self) -> tuple[str, ...]:
        options = {name.removeprefix("stack/") for name in FILES} | {".dashgen-install.json"}
        result = (path.relative_to(self.stack).as_posix() for path in self.stack.rglob("*") if path.is_file())
        return tuple(sorted(name for name in result if name not in options))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status, text = self.server.answer  # type: ignore[attr-defined]
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        flags = self.server.flags  # type: ignore[attr-defined]
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        text = json.dumps({"status": "success", "data": flags}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def prometheus(status: int, text: str = "", flags: dict[str, str] | None = None) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.answer, server.asked = (status, text), []  # type: ignore[attr-defined]
    server.flags = flags or {}  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def address(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"

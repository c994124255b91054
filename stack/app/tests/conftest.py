import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot.assembly import Bot, assemble
from bot.catalog import ErrorType
from bot.model.simulated import SimulatedModel
from bot.model.weather import Weather
from bot.settings import Settings
from bot.web.app import web_app


@dataclass
class World:
    """A bot, a client of it, and everything it says."""

    bot: Bot
    client: TestClient
    stream: io.StringIO
    spans: InMemorySpanExporter

    def ask(self, text="Compare JVC and Downtown", user="ann", tier="pro", **more):
        return self.client.post("/query", json={"text": text, "user": user, "tier": tier, **more})

    def lines(self):
        self.bot.log.close()
        self.bot.log.open()
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def metric(self, name, **labels):
        text = self.client.get("/metrics").text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == f"dubai_estate_{name}" and labels.items() <= sample.labels.items()
        )

    def fail(self, fault: ErrorType):
        assert isinstance(self.bot.client, SimulatedModel)
        self.bot.client.weather = Weather(failure_rate=1, faults={fault: 1.0})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database=tmp_path / "bot.db",
        sim_speed=1_000_000,
        sim_failure_rate=0,
        scenarios=True,
        requests_per_minute=0,
    )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    stream, spans = io.StringIO(), InMemorySpanExporter()
    bot = assemble(settings, SimpleSpanProcessor(spans), stream)
    bot.log.open()
    with TestClient(web_app(bot), "http://localhost:8000", client=("127.0.0.1", 5000)) as client:
        yield World(bot, client, stream, spans)
    bot.log.close()

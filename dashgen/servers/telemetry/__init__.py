"""Prometheus, Loki and Tempo over their HTTP APIs, and what an application exposes at `/metrics`."""

from dashgen.servers.http import QueryRefusedError, ServiceError
from dashgen.servers.telemetry.exposition import Exposition, Family, parse_exposition
from dashgen.servers.telemetry.loki_client import Loki
from dashgen.servers.telemetry.prometheus_client import Prometheus
from dashgen.servers.telemetry.sample_line import Sample
from dashgen.servers.telemetry.telemetry_settings import endpoint
from dashgen.servers.telemetry.tempo_client import Tempo

__all__ = [
    "Exposition",
    "Family",
    "Loki",
    "Prometheus",
    "QueryRefusedError",
    "Sample",
    "ServiceError",
    "Tempo",
    "endpoint",
    "parse_exposition",
]

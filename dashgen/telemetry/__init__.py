"""Prometheus, Loki and Tempo over their HTTP APIs, and what an application exposes at `/metrics`."""

from dashgen.telemetry.errors import QueryRefusedError, ServiceError
from dashgen.telemetry.exposition import Exposition, Family, parse_exposition
from dashgen.telemetry.loki import Loki
from dashgen.telemetry.prometheus import Prometheus
from dashgen.telemetry.sample_line import Sample
from dashgen.telemetry.settings import endpoint
from dashgen.telemetry.tempo import Tempo

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

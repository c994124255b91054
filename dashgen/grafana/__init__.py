"""A running Grafana, over its HTTP API."""

from dashgen.grafana.client import Grafana
from dashgen.grafana.errors import (
    ConflictError,
    ConflictKind,
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
)
from dashgen.grafana.settings import ConnectionSettings, connection_settings
from dashgen.grafana.writes import write_or_verify

__all__ = [
    "ConflictError",
    "ConflictKind",
    "ConnectionSettings",
    "ForbiddenError",
    "Grafana",
    "GrafanaError",
    "NotFoundError",
    "OutcomeUnknownError",
    "connection_settings",
    "write_or_verify",
]

"""A running Grafana, over its HTTP API."""

from dashgen.servers.grafana.client import Grafana
from dashgen.servers.grafana.grafana_errors import (
    ConflictError,
    ConflictKind,
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
)
from dashgen.servers.grafana.grafana_settings import ConnectionSettings, connection_settings
from dashgen.servers.grafana.writes import write_or_verify

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

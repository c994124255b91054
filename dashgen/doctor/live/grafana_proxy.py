"""Servers of telemetry behind a Grafana, by its proxy for data sources."""

from typing import TypeVar

from msgspec.structs import replace

from dashgen.servers.grafana import Grafana
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.telemetry import Loki, Prometheus, Tempo

Telemetry = TypeVar("Telemetry", Prometheus, Loki, Tempo)


def behind_grafana(grafana: Grafana, uid: str, kind: type[Telemetry]) -> Telemetry:
    """A client of a data source's own API; the caller closes it.

    Args:
        grafana: the Grafana.
        uid: the data source.
        kind: the class of the client.

    Raises:
        RefusedError: the uid is none.
    """
    endpoint = grafana.session.settings.endpoint
    path = route("api", "datasources", "proxy", "uid", uid)
    return kind(replace(endpoint, service=kind.__name__, url=endpoint.url + path))

"""The servers that requests may go to, from options, the environment and the compose file."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from dashgen.doctor.chain import SERVERS, ChainLink
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.stack_files import StackFiles
from dashgen.project.targets import Chosen, Connection, choose
from dashgen.servers.grafana import ConnectionSettings, Grafana
from dashgen.servers.http import Endpoint, Limits, credentials
from dashgen.servers.telemetry import Loki, Prometheus, Tempo, endpoint
from dashgen.sync.install.stack_environment import ADMIN_VARIABLE
from dashgen.workspace.workspace import Workspace

_SERVICES: Final = {
    ChainLink.APP: ("the application", 8000),
    ChainLink.PROMETHEUS: ("Prometheus", 9090),
    ChainLink.LOKI: ("Loki", 3100),
    ChainLink.TEMPO: ("Tempo", 3200),
}


class ServerChoice(Struct, frozen=True):
    """The servers that the user named.

    Attributes:
        addresses: those of servers but Grafana.
        connection: Grafana's address and certificates.
        target: Grafana as a target of the project file.
        stack: the stack.
        patience: how many seconds a server may take.
    """

    addresses: Mapping[ChainLink, str]
    connection: Connection
    target: str = ""
    stack: StackFiles | None = None
    patience: float = 10.0

    @property
    def limits(self) -> Limits:
        """Bounds of each request."""
        connect = min(5.0, self.patience)
        return Limits(
            connect=connect, read=self.patience, total=self.patience + 1, attempts=2, longest_wait=1.0
        )


def grafana_of(workspace: Workspace, named: ServerChoice, variables: Mapping[str, str]) -> Chosen | None:
    """The Grafana with its credentials; nothing when none is named.

    A Grafana of a stack gets the administrator's credentials of its `.env` or secrets: no others are sent to
    an address that only a file names.

    Raises:
        DashgenError: its address cannot be used, or there are no credentials.
    """
    if named.target or named.connection.url or variables.get("GRAFANA_URL"):
        names = [named.target] if named.target else []
        chosen = choose(workspace, names, named.connection, variables)[0]
        return replace(chosen, settings=replace(chosen.settings, limits=named.limits))
    address = named.stack.published(ChainLink.GRAFANA) if named.stack else ""
    if not address or named.stack is None:
        return None
    values = named.stack.values
    password = credentials.password(values, ADMIN_VARIABLE)
    user = credentials.user(values, "GRAFANA_ADMIN_USER") or "admin"
    settings = ConnectionSettings(address, limits=named.limits)
    if password:
        settings = replace(settings, user=user, password=password)
    return Chosen("", settings, workspace.environment)


def endpoints(
    named: ServerChoice, chosen: Chosen | None, variables: Mapping[str, str]
) -> dict[ChainLink, Endpoint]:
    """The servers that requests may go to.

    Raises:
        DashgenError: an address cannot be used.
    """
    addresses: dict[ChainLink, Endpoint] = {}
    for link in SERVERS:
        if link is ChainLink.GRAFANA:
            continue
        service, port = _SERVICES[link]
        option = named.addresses.get(link, "")
        address = option or (named.stack.published(link) if named.stack else "")
        if address:
            # An address that only the compose file names gets neither credentials nor a client certificate.
            environment = variables if option else {}
            url = _metrics(address) if link is ChainLink.APP else address
            server = endpoint(service, url, environment, named.limits, port=port)
            addresses[link] = _with_certificates(server, named.connection) if option else server
    if chosen is not None:
        settings = chosen.settings
        # `/api/health` needs no credentials, so none are sent.
        addresses[ChainLink.GRAFANA] = replace(settings.endpoint, token=None, user=None, password=None)
    return addresses


def clients(addresses: Mapping[ChainLink, Endpoint], chosen: Chosen | None) -> Servers:
    """Clients of the servers."""
    return Servers(
        prometheus=Prometheus(addresses[ChainLink.PROMETHEUS]) if ChainLink.PROMETHEUS in addresses else None,
        loki=Loki(addresses[ChainLink.LOKI]) if ChainLink.LOKI in addresses else None,
        tempo=Tempo(addresses[ChainLink.TEMPO]) if ChainLink.TEMPO in addresses else None,
        grafana=Grafana(chosen.settings) if chosen else None,
    )


def _metrics(address: str) -> str:
    """The address of an application's metrics, from that of the application."""
    return address.rstrip("/") + "/metrics" if urlsplit(address).path in ("", "/") else address


def _with_certificates(server: Endpoint, connection: Connection) -> Endpoint:
    return replace(
        server,
        ca_cert=connection.ca_cert,
        client_cert=connection.client_cert,
        client_key=connection.client_key,
    )

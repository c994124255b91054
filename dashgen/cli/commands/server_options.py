"""Options of commands that query Prometheus, Loki and Tempo."""

import os
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec.structs import replace

from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions, TransferOptions
from dashgen.cli.options import Format, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import nearest
from dashgen.doctor.live.live_queries import PanelQuery, panel_queries
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.doctor.live.time_window import utc_now
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.servers.grafana import Grafana
from dashgen.servers.http import Endpoint
from dashgen.servers.telemetry import Loki, Prometheus, Tempo, endpoint
from dashgen.servers.telemetry.telemetry_settings import PATIENCE

PrometheusUrl = Annotated[
    str,
    Option("--prometheus", "-p", metavar="URL", help="Address of Prometheus; default: `PROMETHEUS_URL`."),
]
LokiUrl = Annotated[str, Option("--loki", metavar="URL", help="Address of Loki; default: `LOKI_URL`.")]
TempoUrl = Annotated[str, Option("--tempo", metavar="URL", help="Address of Tempo; default: `TEMPO_URL`.")]
Dashboards = Annotated[
    list[str] | None,
    Option("--dashboard", metavar="UID", help="Only this dashboard; may be repeated."),
]
Patience = Annotated[float, Option("--timeout", min=0.1, metavar="SECONDS", help="Time limit of one query.")]
AtOnce = Annotated[int, Option("--concurrency", min=1, max=32, help="Run at most this many queries at once.")]


class ServerOptions(NamedTuple):
    """The addresses of servers; an empty one is taken from the environment."""

    prometheus: PrometheusUrl = ""
    loki: LokiUrl = ""
    tempo: TempoUrl = ""


def open_servers(
    addresses: ServerOptions,
    *,
    patience: float,
    concurrency: int,
    certificates: CertificateOptions,
) -> Servers:
    """Clients of the servers that options or the environment name.

    Args:
        addresses: the addresses on the command line.
        patience: how many seconds one query may take.
        concurrency: how many queries may run at once.
        certificates: the files for TLS.

    Raises:
        DashgenError: an address is not valid.
    """
    limits = replace(
        PATIENCE,
        connect=min(PATIENCE.connect, patience),
        read=patience,
        total=patience + 1,
        concurrency=concurrency,
    )

    def endpoint_of(service: str, address: str, port: int) -> Endpoint | None:
        url = address or os.environ.get(f"{service.upper()}_URL", "")
        if not url:
            return None
        ca_cert, client_cert, client_key = certificates
        return replace(
            endpoint(service, url, os.environ, limits, port=port),
            ca_cert=ca_cert,
            client_cert=client_cert,
            client_key=client_key,
        )

    prometheus = endpoint_of("Prometheus", addresses.prometheus, 9090)
    loki, tempo = endpoint_of("Loki", addresses.loki, 3100), endpoint_of("Tempo", addresses.tempo, 3200)
    return Servers(
        Prometheus(prometheus) if prometheus else None,
        Loki(loki) if loki else None,
        Tempo(tempo) if tempo else None,
        concurrency=concurrency,
    )


def with_grafana(
    servers: Servers, options: GrafanaOptions, certificates: CertificateOptions, *, patience: float
) -> Servers:
    """The servers, with a Grafana that queries the data sources for which no server is named.

    Args:
        servers: those that are named.
        options: the Grafana; none is needed when a server is named.
        certificates: the files for TLS.
        patience: how many seconds one query may take.

    Raises:
        DashgenError: no server is named at all.
    """
    # With a named server, `GRAFANA_URL` is not enough: it may be set for other commands.
    if not options.url and list(servers.named()):
        return servers
    if not options.url and not os.environ.get("GRAFANA_URL"):
        usage_error("no server is named", "give `--prometheus`, or the `--url` of a Grafana")
    from dashgen.cli.grafana_targets import note, targets  # takes as long as a build, and few need a Grafana

    transfer = TransferOptions(concurrency=servers.concurrency, certificates=certificates)
    _, chosen = targets(options, transfer)
    note(chosen[0].warnings)
    settings = chosen[0].settings
    limits = replace(settings.limits, read=patience, total=patience + 1, attempts=2)
    return replace(servers, grafana=Grafana(replace(settings, limits=limits)))


def project_queries(
    project: Path, env: str | None, only: list[str], servers: Servers
) -> tuple[Inspection, list[PanelQuery]]:
    """Every query of the project's dashboards with its variables filled in; errors in specs are printed.

    Raises:
        DashgenError: there is no dashboard with one of the uids in `only`.
    """
    inspection = inspect_project(project, env)
    views, now = project_views(inspection), utc_now()
    uids = {str(view.data.get("uid")) for view in views}
    for uid in only:
        if uid not in uids:
            usage_error(f"there is no dashboard `{uid}`", nearest(uid, uids))
    if inspection.diagnostics:
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
    chosen = [view for view in views if not only or view.data.get("uid") in only]
    if servers.prometheus is not None:
        # A variable without a saved value opens with what the server lists for it.
        chosen = [with_options(view, servers.prometheus, now) for view in chosen]
    return inspection, panel_queries(chosen, now, scrape_intervals(inspection))

"""Options of commands that ask Prometheus, Loki and Tempo."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from dashgen.cli.options import Format, usage_error
from dashgen.cli.output import report
from dashgen.cli.parameters import Option
from dashgen.core.diagnostics import nearest
from dashgen.doctor.live.live_queries import PanelQuery, panel_queries
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.doctor.live.time_window import utc_now
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.servers.http import Endpoint
from dashgen.servers.telemetry import Loki, Prometheus, Tempo, endpoint
from dashgen.servers.telemetry.telemetry_settings import PATIENCE

Files = tuple[Path | None, Path | None, Path | None]

PrometheusUrl = Annotated[
    str,
    Option(
        "--prometheus", "-p", metavar="URL", help="The Prometheus' address; `PROMETHEUS_URL` when absent."
    ),
]
LokiUrl = Annotated[str, Option("--loki", metavar="URL", help="The Loki's address; `LOKI_URL` when absent.")]
TempoUrl = Annotated[
    str, Option("--tempo", metavar="URL", help="The Tempo's address; `TEMPO_URL` when absent.")
]
Dashboards = Annotated[
    list[str] | None,
    Option("--dashboard", metavar="UID", help="Only this dashboard; may be repeated."),
]
Patience = Annotated[
    float, Option("--timeout", min=0.1, metavar="SECONDS", help="How long one query may take.")
]


def open_servers(
    prometheus: str,
    loki: str,
    tempo: str,
    *,
    patience: float,
    concurrency: int,
    files: Files = (None, None, None),
) -> Servers:
    """The servers that were named, by options or in the environment.

    Args:
        prometheus: the address of one, or nothing.
        loki: the same.
        tempo: the same.
        patience: how many seconds one query may take.
        concurrency: how many may run at once.
        files: the certificate of the servers' authority, and the client's with its key.

    Raises:
        DashgenError: an address is none.
    """

    def named(service: str, address: str, port: int) -> Endpoint | None:
        server_endpoint = _endpoint(service, address, port, patience, concurrency)
        authority, certificate, key = files
        return server_endpoint and replace(
            server_endpoint, ca_cert=authority, client_cert=certificate, client_key=key
        )

    metrics, logs = named("Prometheus", prometheus, 9090), named("Loki", loki, 3100)
    traces = named("Tempo", tempo, 3200)
    return Servers(
        Prometheus(metrics) if metrics else None,
        Loki(logs) if logs else None,
        Tempo(traces) if traces else None,
        concurrency=concurrency,
    )


def _endpoint(service: str, address: str, port: int, patience: float, concurrency: int) -> Endpoint | None:
    url = address or os.environ.get(f"{service.upper()}_URL", "")
    if not url:
        return None
    limits = replace(
        PATIENCE,
        connect=min(PATIENCE.connect, patience),
        read=patience,
        total=patience + 1,
        concurrency=concurrency,
    )
    return endpoint(service, url, os.environ, limits, port=port)


def project_queries(
    project: Path, env: str | None, only: list[str], servers: Servers
) -> tuple[Inspection, list[PanelQuery]]:
    """Every query of the project's dashboards, filled in; what is wrong with the specs is printed.

    Raises:
        DashgenError: there is no dashboard of that name.
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
        chosen = [with_options(view, servers.prometheus, now) for view in chosen]
    return inspection, panel_queries(chosen, now, scrape_intervals(inspection))

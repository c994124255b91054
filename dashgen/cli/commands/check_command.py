"""``dashgen check``."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.server_options import (
    Dashboards,
    Files,
    LokiUrl,
    Patience,
    PrometheusUrl,
    TempoUrl,
    open_servers,
    project_queries,
)
from dashgen.cli.connection_options import CaCert, ClientCert, ClientKey, Url
from dashgen.cli.grafana_targets import note
from dashgen.cli.options import Environment, Format, OutputFormat, ProjectFolder, finish, usage_error
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Option
from dashgen.doctor.live import live_text
from dashgen.doctor.live.check_live import Checked, check_panels
from dashgen.doctor.live.panel_verdict import Bounds, by_cause, diagnostics_of
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.time_window import utc_now
from dashgen.project.targets import Connection, choose
from dashgen.servers.grafana import Grafana
from dashgen.workspace.workspace import open_workspace

EXIT_UNREACHABLE = 3

Live = Annotated[bool, Option("--live", help="Ask running servers for what the panels show.")]
Slow = Annotated[float, Option("--slow", min=0, metavar="SECONDS", help="From when a query counts as slow.")]
MostSeries = Annotated[
    int, Option("--max-series", min=1, help="More series than this are too many for a panel.")
]
AtOnce = Annotated[int, Option("--concurrency", min=1, max=32, help="How many queries may run at once.")]


class CheckOptions(NamedTuple):
    """Which panels are checked, on which servers, and what is too much."""

    live: Live = False
    prometheus: PrometheusUrl = ""
    loki: LokiUrl = ""
    tempo: TempoUrl = ""
    url: Url = ""
    dashboard: Dashboards = None
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Patience = 30.0
    slow: Slow = 5.0
    max_series: MostSeries = 300
    concurrency: AtOnce = 4
    ca_cert: CaCert = None
    client_cert: ClientCert = None
    client_key: ClientKey = None
    output_format: OutputFormat = Format.TEXT


def check(options: CheckOptions) -> None:
    """Ask the query of every panel of running servers: does it show data, and if not, why?

    Variables have the values that the dashboard opens with, and the steps are Grafana's. A query that yields nothing is taken
    apart until the metric, label, filter or range is found that loses everything. What no server was named for goes through
    the Grafana of --url, where there is one. Exits with 1 when a panel is empty, fails, is slow or has too many series, and
    with 3 when a server does not answer. (`dashgen validate` checks without servers.) Credentials stand in the environment:
    PROMETHEUS_TOKEN, or PROMETHEUS_USER and PROMETHEUS_PASSWORD; LOKI_… and TEMPO_… likewise, with LOKI_TENANT.

    Example: dashgen check --live --prometheus http://localhost:9090
    """
    if not options.live:
        usage_error("`dashgen check` asks running servers", "add `--live`, or use `dashgen validate`")
    files = (options.ca_cert, options.client_cert, options.client_key)
    servers = open_servers(
        options.prometheus,
        options.loki,
        options.tempo,
        patience=options.timeout,
        concurrency=options.concurrency,
        files=files,
    )
    try:
        servers = _with_grafana(servers, options.project, options.env, options.url, files, options.timeout)
        inspection, queries = project_queries(options.project, options.env, options.dashboard or [], servers)
        checked = check_panels(
            queries, servers, Bounds(seconds=options.slow, series=options.max_series), utc_now()
        )
    finally:
        servers.close()
    _show(checked, options.output_format, inspection.workspace.root)
    if checked.servers:
        raise SystemExit(EXIT_UNREACHABLE)
    finish(inspection.diagnostics, differs=any(verdict.is_fault for verdict in checked.verdicts))


def _with_grafana(
    servers: Servers,
    project: Path,
    env: str | None,
    url: str,
    files: Files,
    patience: float,
) -> Servers:
    """The servers, with a Grafana that asks its data sources for what no server was named for.

    The environment's Grafana is only taken when nothing else is named.
    """
    if not url and list(servers.named()):
        return servers
    if not url and not os.environ.get("GRAFANA_URL"):
        usage_error("no server is named", "give `--prometheus`, or the `--url` of a Grafana")
    connection = Connection(url, *files, servers.concurrency)
    chosen = choose(open_workspace(project, env), [], connection, os.environ)
    note(list(chosen[0].warnings))
    settings = chosen[0].settings
    limits = replace(settings.limits, read=patience, total=patience + 1, attempts=2)
    return replace(servers, grafana=Grafana(replace(settings, limits=limits)))


def _show(checked: Checked, form: Format, root: Path) -> None:
    if form is Format.JSON:
        print_json(live_text.as_data(checked))
    elif form is Format.JUNIT:
        sys.stdout.write(live_text.as_junit(checked))
    else:
        findings = by_cause if form is Format.TEXT else diagnostics_of
        if form is Format.TEXT:
            sys.stdout.write(live_text.as_text(checked))
        report([*live_text.servers_down(checked), *findings(checked.verdicts)], form, root, stdout=True)

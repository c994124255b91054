"""``dashgen check``."""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.server_options import (
    AtOnce,
    Dashboards,
    Patience,
    ServerOptions,
    open_servers,
    project_queries,
    with_grafana,
)
from dashgen.cli.connection_options import CertificateOptions, GrafanaOptions, Url
from dashgen.cli.documents.check_document import check_document
from dashgen.cli.options import (
    EXIT_UNREACHABLE,
    Environment,
    Format,
    LeastFailure,
    OutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Option
from dashgen.doctor.live import live_text
from dashgen.doctor.live.check_live import LiveReport, check_panels
from dashgen.doctor.live.panel_verdict import Bounds, by_cause, diagnostics_of
from dashgen.doctor.live.run_queries import require_permissions
from dashgen.doctor.live.time_window import utc_now

Live = Annotated[bool, Option("--live", help="Query running servers; has to be given.")]
Slow = Annotated[
    float, Option("--slow", min=0, metavar="SECONDS", help="Report queries that take longer than this.")
]
MostSeries = Annotated[
    int, Option("--max-series", min=1, help="Report panels that show more series than this.")
]


class CheckOptions(NamedTuple):
    """The panels to check, the servers to query, and the limits."""

    live: Live = False
    servers: ServerOptions = ServerOptions()
    url: Url = ""
    dashboard: Dashboards = None
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Patience = 30.0
    slow: Slow = 5.0
    max_series: MostSeries = 300
    concurrency: AtOnce = 4
    certificates: CertificateOptions = CertificateOptions()
    fail_on: LeastFailure = None
    output_format: OutputFormat = Format.TEXT


def check(options: CheckOptions) -> None:
    """Check on running servers that every panel shows data, and find out why one does not.

    Variables have the values that the dashboard opens with, and steps are computed as in Grafana. A query
    without a result is taken apart until the metric, label, filter or range that matches nothing is found.
    Queries of data sources for which no server is named go through the Grafana of --url. Exit with 1 if a
    panel is empty, fails, is slow or has too many series, and with 3 if a server does not answer. Data
    warnings of panels that hold now are reported and are no failure. (`dashgen validate` checks without
    servers.) Credentials come from the environment: PROMETHEUS_TOKEN, or PROMETHEUS_USER and
    PROMETHEUS_PASSWORD; LOKI_… and TEMPO_… likewise, and LOKI_TENANT.

    Example: dashgen check --live --prometheus http://localhost:9090
    """
    if not options.live:
        usage_error("`dashgen check` queries running servers", "add `--live`, or use `dashgen validate`")
    servers = open_servers(
        options.servers,
        patience=options.timeout,
        concurrency=options.concurrency,
        certificates=options.certificates,
    )
    try:
        grafana = GrafanaOptions(options.project, options.url, None, options.env)
        servers = with_grafana(servers, grafana, options.certificates, patience=options.timeout)
        inspection, queries = project_queries(options.project, options.env, options.dashboard or [], servers)
        require_permissions(queries, servers)
        checked = check_panels(
            queries, servers, Bounds(seconds=options.slow, series=options.max_series), utc_now()
        )
    finally:
        servers.close()
    _show(checked, options.output_format, inspection.workspace.root)
    if checked.servers:
        raise SystemExit(EXIT_UNREACHABLE)
    faults = any(verdict.is_fault for verdict in checked.verdicts)
    finish(inspection.diagnostics, differs=faults, fail_on=options.fail_on, form=options.output_format)


def _show(checked: LiveReport, form: Format, root: Path) -> None:
    if form is Format.JSON:
        print_json(check_document(checked))
    elif form is Format.JUNIT:
        sys.stdout.write(live_text.as_junit(checked))
    else:
        findings = by_cause if form is Format.TEXT else diagnostics_of
        if form is Format.TEXT:
            sys.stdout.write(live_text.as_text(checked))
        report([*live_text.servers_down(checked), *findings(checked.verdicts)], form, root, stdout=True)

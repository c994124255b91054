"""``dashgen costs``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.commands.server_options import (
    Dashboards,
    LokiUrl,
    Patience,
    PrometheusUrl,
    ServerOptions,
    open_servers,
    project_queries,
)
from dashgen.cli.connection_options import CertificateOptions
from dashgen.cli.documents.costs_document import costs_document
from dashgen.cli.options import (
    EXIT_UNREACHABLE,
    Environment,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
)
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Option
from dashgen.core.reporters.text_table import draw_table
from dashgen.doctor.live.live_queries import DashboardView, PanelQuery
from dashgen.doctor.live.query_costs import DashboardCost, PanelCost, dashboard_costs, most_expensive
from dashgen.doctor.live.run_queries import QueryRunner, Servers, ready
from dashgen.doctor.live.series_views import project_views
from dashgen.doctor.live.time_window import interval_text
from dashgen.servers.telemetry import ServiceError


class CostsOptions(NamedTuple):
    """The dashboards whose costs are estimated, and the servers to measure on."""

    prometheus: PrometheusUrl = ""
    loki: LokiUrl = ""
    viewers: Annotated[
        int, Option("--viewers", "-n", min=1, help="Number of people who look at each dashboard at once.")
    ] = 1
    top: Annotated[int, Option("--top", min=1, help="List this many of the most expensive panels.")] = 10
    dashboard: Dashboards = None
    project: ProjectFolder = Path()
    env: Environment = None
    timeout: Patience = 30.0
    output_format: ListOutputFormat = ListFormat.TEXT


def costs(options: CostsOptions) -> None:
    """Estimate the load of dashboards on their servers, before they are pushed.

    Without a server, compute the queries per minute from refresh intervals, panels and viewers. With one, run
    each query once and count the samples that it reads; the number of series is that of its metrics as a
    whole.

    Example: dashgen costs --prometheus http://localhost:9090 --viewers 20
    """
    addresses = ServerOptions(options.prometheus, options.loki)
    no_files = CertificateOptions()
    servers = open_servers(addresses, patience=options.timeout, concurrency=2, certificates=no_files)
    try:
        inspection, queries = project_queries(options.project, options.env, options.dashboard or [], servers)
        views = [
            view
            for view in project_views(inspection)
            if not options.dashboard or str(view.data.get("uid")) in options.dashboard
        ]
        estimates, down = _measured(views, queries, servers, options.viewers)
    finally:
        servers.close()
    if options.output_format is ListFormat.JSON:
        print_json(costs_document(estimates, options.viewers))
    else:
        sys.stdout.write(_text(estimates, options.viewers, options.top))
    if down:
        sys.stderr.write("".join(f"warning: {reason}; its figures are missing\n" for reason in down))
        raise SystemExit(EXIT_UNREACHABLE)
    finish(inspection.diagnostics)


def _measured(
    views: Sequence[DashboardView], queries: Sequence[PanelQuery], servers: Servers, viewers: int
) -> tuple[list[DashboardCost], list[str]]:
    if not list(servers.named()):
        return dashboard_costs(views, queries, viewers), []
    runner = QueryRunner(servers)
    runner.down.update(ready(servers))
    answers = list(runner.answers(queries))
    series_counts: dict[str, int] = {}
    if servers.prometheus is not None and not runner.down:
        try:
            series_counts = dict(servers.prometheus.tsdb_status().by_metric)
        except ServiceError:
            series_counts = {}  # only the column of series needs it
    estimates = dashboard_costs(
        views, queries, viewers, answers, series_counts.get if series_counts else None
    )
    return estimates, sorted(runner.down.values())


def _text(estimates: Sequence[DashboardCost], viewers: int, top: int) -> str:
    if not estimates:
        return "there are no dashboards\n"
    rows = [
        [
            cost.title,
            interval_text(cost.refresh) if cost.refresh else "never",
            str(len(cost.panels)),
            str(cost.queries),
            f"{cost.per_minute:.1f}",
            _count(cost.samples_per_minute),
        ]
        for cost in estimates
    ]
    head = ["dashboard", "refresh", "panels", "queries", "queries/min", "samples/min"]
    total = sum(cost.per_minute for cost in estimates)
    people = f"{viewers} viewer{'s' * (viewers != 1)} of each dashboard"
    lines = [draw_table(head, rows), f"{total:.1f} queries a minute with {people}\n"]
    expensive = [_row(cost, panel) for cost, panel in most_expensive(estimates, top)]
    if expensive:
        panel_head = ["panel", "dashboard", "queries", "samples", "series", "seconds"]
        lines += ["\nmost expensive panels\n", draw_table(panel_head, expensive)]
    return "".join(lines)


def _row(cost: DashboardCost, panel: PanelCost) -> list[str]:
    seconds = f"{panel.seconds:.3f}" if panel.seconds is not None else ""
    return [panel.panel, cost.uid, str(panel.queries), _count(panel.samples), _count(panel.series), seconds]


def _count(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}".replace(",", " ")

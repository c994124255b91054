"""Small dashboards, settled."""

from typing import Any

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_dashboard import Context, settle
from dashgen.compile.settle.settle_data_sources import Sources
from dashgen.core.diagnostics import Diagnostic
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.metric_units import MetricFacts
from dashgen.model.parse import ParsedDashboard, parse_dashboard
from dashgen.model.series_contract import Series, SeriesContract
from dashgen.model.settled_dashboard import SettledDashboard, SettledPanel
from dashgen.source.provenance import Reporter
from tests.source.helpers import resolved_all

PROMETHEUS = DataSourceRef("prometheus", "prom")
LOKI = DataSourceRef("loki", "logs")
TEMPO = DataSourceRef("tempo", "traces")
KNOWN = {"prometheus": PROMETHEUS, "prom": PROMETHEUS, "loki": LOKI, "tempo": TEMPO}
CONTRACT = {
    "http_requests_total": MetricFacts("counter", None, "Requests answered."),
    "http_duration_seconds": MetricFacts("histogram", "s", "How long an answer takes."),
    "cost_usd_total": MetricFacts("counter", "usd", "Money spent."),
    "users": MetricFacts("gauge", None, "Active users."),
}


def context(**changes: Any) -> Context:
    """Three data sources and a contract."""
    return Context(**{"sources": Sources(KNOWN, default="prometheus"), "contract": CONTRACT, **changes})


def described(*names: str) -> SeriesContract:
    """A contract of gauges that have the labels ``service``, ``code`` and ``a``."""
    labels = {"service": None, "code": None, "a": None}
    return SeriesContract({name: Series("gauge", labels) for name in names})


def parsed(body: str, head: str = "uid: d\ntitle: T\n") -> tuple[ParsedDashboard, list[Diagnostic]]:
    """The dashboard with this body, parsed."""
    [document], problems = resolved_all(f"kind: Dashboard\n{head}{body}")
    result = parse_dashboard(Reporter(document, diagnostics=problems), panel_types(), PluginPanel)
    assert result is not None, problems
    return result, problems


def settled(
    body: str, given: Context | None = None, head: str = "uid: d\ntitle: T\n"
) -> tuple[SettledDashboard, list[Diagnostic]]:
    """The dashboard with this body, settled, and everything wrong with it."""
    result, problems = parsed(body, head)
    dashboard, more = settle(result, given or context())
    return dashboard, problems + more


def texts(problems: list[Diagnostic]) -> list[str]:
    """Each finding as ``rule: message``."""
    return [f"{one.rule}: {one.message}" for one in problems]


def panels(dashboard: SettledDashboard) -> list[SettledPanel]:
    """All panels, in order."""
    return [panel for row in dashboard.rows for panel in row.panels]


def panel(body: str, given: Context | None = None) -> SettledPanel:
    """The only panel of a dashboard without problems, which has the variable `tier`."""
    variables = "variables: [{name: tier, type: textbox}]\n"
    dashboard, problems = settled(f"{variables}panels:\n  - {body}\n", given)
    assert texts(problems) == []
    [only] = panels(dashboard)
    return only

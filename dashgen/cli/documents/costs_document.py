"""What ``dashgen costs`` prints as JSON."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.doctor.live.query_costs import DashboardCost, PanelCost


class CostOfPanel(Struct, frozen=True):
    """The load of a panel, once."""

    panel: Annotated[str, Meta(description="Its title.")]
    id: Annotated[int, Meta(description="Its id in the dashboard.")]
    queries: Annotated[int, Meta(description="How many queries it runs.")]
    samples: Annotated[int | None, Meta(description="The samples that they read; null if unknown.")]
    series: Annotated[int | None, Meta(description="The series of their metrics; null if unknown.")]
    seconds: Annotated[float | None, Meta(description="How long they take; null without a server.")]


class CostOfDashboard(Struct, frozen=True):
    """The load of a dashboard."""

    dashboard: Annotated[str, Meta(description="Its uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    refresh_seconds: Annotated[float | None, Meta(description="How often it is refreshed; null if never.")]
    queries: Annotated[int, Meta(description="How many queries it runs each time.")]
    queries_per_minute: Annotated[float, Meta(description="By all viewers together.")]
    samples_per_minute: Annotated[float | None, Meta(description="Likewise; null if unknown.")]
    panels: Annotated[list[CostOfPanel], Meta(description="Its panels.")]


class CostsDocument(OutputDocument, frozen=True, kw_only=True):
    """The load of dashboards on their servers."""

    viewers: Annotated[int, Meta(description="How many people look at each dashboard.")]
    dashboards: Annotated[list[CostOfDashboard], Meta(description="The dashboards, by their load.")]


def costs_document(estimates: Iterable[DashboardCost], viewers: int) -> CostsDocument:
    """The estimates for some dashboards."""
    return CostsDocument(viewers=viewers, dashboards=[_dashboard(cost) for cost in estimates])


def _dashboard(cost: DashboardCost) -> CostOfDashboard:
    return CostOfDashboard(
        cost.uid,
        cost.title,
        cost.refresh,
        cost.queries,
        round(cost.per_minute, 3),
        cost.samples_per_minute,
        [_panel(panel) for panel in cost.panels],
    )


def _panel(panel: PanelCost) -> CostOfPanel:
    return CostOfPanel(panel.panel, panel.panel_id, panel.queries, panel.samples, panel.series, panel.seconds)

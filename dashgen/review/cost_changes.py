"""What dashboards ask of servers before and after a change."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from math import prod
from typing import Final

from dashgen.compare import Change
from dashgen.core.json_values import Json
from dashgen.doctor.live.live_queries import DashboardView, panel_queries
from dashgen.doctor.live.query_costs import DashboardCost, dashboard_costs
from dashgen.model.metrics_spec import Bound, Metric, Metrics
from dashgen.preview.sample.made_up_store import NOW
from dashgen.project.inspection import Inspection
from dashgen.review.changed_panels import DashboardSides
from dashgen.review.review import CostLine

SeriesCount = Callable[[str], int | None]
_NOTHING: Final[Json] = {}


def series_counts(inspection: Inspection) -> SeriesCount:
    """How many series each metric of a contract has at most, as its labels and their values tell.

    The buckets of a histogram are not in a contract, so they count as one.

    Args:
        inspection: the specs with the contract.
    """
    counts: dict[str, int] = {}
    for document in inspection.documents.of("Metrics"):
        model: Metrics = document.model
        for name, metric in model.metrics.items():
            count = prod(_values(labels) for labels in metric.labels.values())
            counts |= dict.fromkeys(_stored_names(name, metric), count)
    return counts.get


def _stored_names(name: str, metric: Metric) -> tuple[str, ...]:
    return (name, f"{name}_bucket", f"{name}_sum", f"{name}_count")[: 1 if metric.type == "counter" else 4]


def _values(labels: list[str] | Bound) -> int:
    return max(labels.max if isinstance(labels, Bound) else len(labels), 1)


def cost_lines(
    dashboards: Iterable[tuple[Change, DashboardSides]], counts: tuple[SeriesCount, SeriesCount]
) -> Iterator[CostLine]:
    """The dashboards whose load changes.

    Args:
        dashboards: the changes of dashboards, each with its JSON on both sides.
        counts: how many series a metric has, on both sides.
    """
    for change, sides in dashboards:
        before, after = (_cost(side, count) for side, count in zip(_both(sides), counts, strict=True))
        line = CostLine(
            change.uid,
            change.title,
            (before.queries, after.queries),
            (round(before.per_minute, 2), round(after.per_minute, 2)),
            (_series(before), _series(after)),
        )
        if (
            line.queries[0] != line.queries[1]
            or line.per_minute[0] != line.per_minute[1]
            or line.series[0] != line.series[1]
        ):
            yield line


def _both(sides: DashboardSides) -> tuple[Json, Json]:
    return sides.before or _NOTHING, sides.after or _NOTHING


def _cost(dashboard: Json, count: SeriesCount) -> DashboardCost:
    view = DashboardView(dashboard)
    queries = panel_queries([view], datetime.fromtimestamp(NOW / 1000, UTC))
    return dashboard_costs([view], queries, 1, series_of=count)[0]


def _series(cost: DashboardCost) -> int | None:
    counted = [panel.series for panel in cost.panels if panel.series is not None]
    return sum(counted) if counted else None

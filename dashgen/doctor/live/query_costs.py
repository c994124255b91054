"""The costs of dashboards to the servers that they query: how often, and how much each time."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from dashgen.doctor.live.empty_panels import metrics_of
from dashgen.doctor.live.live_queries import DashboardView, PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.query_moments import seconds
from dashgen.servers.http.response_values import text


class PanelCost(Struct, frozen=True):
    """One panel: its queries, and what one refresh costs as far as it was measured.

    ``samples`` and ``seconds`` are the server's own count; ``series`` are all that its metrics have, so at
    most so many are touched.
    """

    dashboard: str
    panel: str
    panel_id: int
    queries: int
    samples: int | None = None
    series: int | None = None
    seconds: float | None = None


class DashboardCost(Struct, frozen=True):
    """One dashboard: how often it refreshes (never by itself when absent), and its panels."""

    uid: str
    title: str
    refresh: float | None
    panels: tuple[PanelCost, ...]
    viewers: int

    @property
    def queries(self) -> int:
        """How many queries one refresh runs."""
        return sum(panel.queries for panel in self.panels)

    @property
    def per_minute(self) -> float:
        """How many queries all viewers run in a minute."""
        return self._rate * self.queries

    @property
    def samples_per_minute(self) -> float | None:
        """How many samples are read for all viewers in a minute; nothing when none was measured."""
        measured = [panel.samples for panel in self.panels if panel.samples is not None]
        return self._rate * sum(measured) if measured else None

    @property
    def _rate(self) -> float:
        return self.viewers * 60 / self.refresh if self.refresh else 0.0


def dashboard_costs(
    views: Iterable[DashboardView],
    queries: Sequence[PanelQuery],
    viewers: int,
    answers: Iterable[Answer] = (),
    series_of: Callable[[str], int | None] | None = None,
) -> list[DashboardCost]:
    """The cost of each dashboard.

    Args:
        views: the dashboards.
        queries: their queries, without variables.
        viewers: how many people look at each at once.
        answers: the answers to the queries, where they were run.
        series_of: how many series a metric has, where that is known.
    """
    measured = {_key(answer.query): answer for answer in answers}
    by_dashboard: dict[str, dict[int, list[PanelQuery]]] = {}
    for query in queries:
        by_dashboard.setdefault(query.dashboard, {}).setdefault(query.panel_id, []).append(query)
    costs = []
    for view in views:
        uid = text(view.data, "uid")
        by_panel = by_dashboard.get(uid, {})
        panels = tuple(_panel(panel_queries, measured, series_of) for panel_queries in by_panel.values())
        costs.append(DashboardCost(uid, text(view.data, "title"), refresh_of(view.data), panels, viewers))
    return costs


def refresh_of(dashboard: Mapping[str, object]) -> float | None:
    """How often a dashboard refreshes, in seconds; nothing when it does not by itself."""
    written = dashboard.get("refresh")
    return seconds(written) if isinstance(written, str) else None


def most_expensive(costs: Iterable[DashboardCost], count: int) -> list[tuple[DashboardCost, PanelCost]]:
    """The panels that cost most in a minute, by samples where they were measured, else by queries."""
    pairs = [(cost, panel) for cost in costs for panel in cost.panels]

    def weight(pair: tuple[DashboardCost, PanelCost]) -> tuple[float, float, float]:
        cost, panel = pair
        rate = cost.viewers * 60 / cost.refresh if cost.refresh else 0.0
        samples = panel.samples or 0
        return rate * samples, samples, rate * panel.queries

    return sorted(pairs, key=weight, reverse=True)[:count]


def _panel(
    queries: Sequence[PanelQuery],
    measured: Mapping[tuple[str, int, str], Answer],
    series_of: Callable[[str], int | None] | None,
) -> PanelCost:
    first = queries[0]
    answers = [measurement for query in queries if (measurement := measured.get(_key(query))) is not None]
    samples = [answer.cost.samples for answer in answers if answer.cost.samples is not None]
    taken = [answer.cost.seconds for answer in answers if answer.cost.seconds is not None]
    return PanelCost(
        dashboard=first.dashboard,
        panel=first.panel or str(first.panel_id),
        panel_id=first.panel_id,
        queries=len(queries),
        samples=sum(samples) if samples else None,
        series=_series(queries, series_of) if series_of is not None else None,
        seconds=sum(taken) if taken else None,
    )


def _series(queries: Sequence[PanelQuery], series_of: Callable[[str], int | None]) -> int | None:
    names = [
        name for query in queries if query.source_type == "prometheus" for name in metrics_of(query.expr)
    ]
    counts = [count for name in names if (count := series_of(name)) is not None]
    return sum(counts) if counts else None


def _key(query: PanelQuery) -> tuple[str, int, str]:
    return query.dashboard, query.panel_id, query.ref_id

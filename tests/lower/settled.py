"""Settled panels and dashboards for tests, without the passes."""

from typing import Any

import msgspec

from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_thresholds import settle_thresholds
from dashgen.compile.settled_json import dashboard_json
from dashgen.model.dashboard_spec import Dashboard
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Panel, Repeat
from dashgen.model.settled_dashboard import (
    Grid,
    SettledDashboard,
    SettledPanel,
    SettledQuery,
    SettledRow,
    SettledVariable,
    Thresholds,
)

PROMETHEUS = DataSourceRef("prometheus", "prom")
LOKI = DataSourceRef("loki", "loki")
TEMPO = DataSourceRef("tempo", "tempo")


def panel_of(kind: str, spec: dict[str, Any]) -> Panel:
    """A panel of a type as the spec says it."""
    known = panel_types().get(kind)
    return msgspec.convert(spec if known else {"type": kind, **spec}, known or PluginPanel)


def settled_panel(panel: Panel, source: DataSourceRef = PROMETHEUS, number: int = 1) -> SettledPanel:
    """A panel as the passes would settle it, roughly."""
    queries = [
        SettledQuery(
            query=query,
            path=("panels", 0, *path),
            ref=query.ref or "ABCDEFGH"[i],
            datasource=source,
            legend=query.legend or "__auto",
            instant=bool(query.instant) if query.instant is not None else panel.wants_instant(),
            both=query.instant == "both",
            format=query.format or panel.result_format,
        )
        for i, (path, query) in enumerate(panel.query_list())
    ]
    thresholds: Thresholds | None = settle_thresholds(panel.thresholds) if panel.thresholds else None
    repeat = Repeat(by=panel.repeat) if isinstance(panel.repeat, str) else panel.repeat
    return SettledPanel(
        panel=panel,
        path=("panels", 0),
        key="key",
        id=number,
        grid=Grid(0, 0, 12, 8),
        datasource=source if panel.takes_queries and queries else None,
        queries=queries,
        description=panel.description,
        unit=panel.unit,
        thresholds=thresholds,
        links=list(panel.links),
        panel_links=list(panel.panel_links),
        repeat=repeat,
    )


def settled_dashboard(
    panels: list[SettledPanel], variables: list[SettledVariable] | None = None, **spec: Any
) -> SettledDashboard:
    """A dashboard with these panels, in no row."""
    row = SettledRow(None, ("panels",), 0, Grid(0, 0, 24, 1), collapsed=False, repeat=None, panels=panels)
    return SettledDashboard(
        dashboard=Dashboard(title="Test", **spec),
        uid="test",
        rows=[row],
        variables=variables or [],
        annotations=[],
        links=[],
        tags=["dashgen"],
    )


def built(dashboard: SettledDashboard) -> dict[str, Any]:
    """The finished JSON of a dashboard."""
    sources = {"loki": LOKI, "prometheus": PROMETHEUS, "tempo": TEMPO}
    return dashboard_json(dashboard, sources)


def built_panel(kind: str, spec: dict[str, Any], source: DataSourceRef = PROMETHEUS) -> dict[str, Any]:
    """The finished JSON of a panel."""
    dashboard = settled_dashboard([settled_panel(panel_of(kind, spec), source)])
    panel: dict[str, Any] = built(dashboard)["panels"][0]
    return panel

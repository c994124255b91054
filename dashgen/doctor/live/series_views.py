"""The dashboards of a project, prepared for running their queries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from dashgen.core.diagnostics import Location
from dashgen.doctor.live.live_queries import DashboardView
from dashgen.doctor.live.live_variables import Interpolation, values_of
from dashgen.doctor.live.queried_values import QuerySpan, chosen_options, prometheus_values, written_query
from dashgen.doctor.live.query_moments import seconds
from dashgen.doctor.live.time_window import window_of
from dashgen.formats.panel_tree import every_variable
from dashgen.model.data_source_spec import placed_data_sources
from dashgen.model.target_spec import DataWarning
from dashgen.project.inspection import InspectedDashboard, Inspection
from dashgen.servers.http.response_values import mapping, objects, text
from dashgen.servers.telemetry import Prometheus, ServiceError
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

_LOOK_BACK: Final = 86_400


def project_views(inspection: Inspection) -> list[DashboardView]:
    """Every dashboard of a project that compiles, with the locations of its queries in the specs."""
    dashboards = ((dashboard, inspection.json_of(dashboard)) for dashboard in inspection.dashboards)
    return [
        DashboardView(
            data,
            dashboard.resolved.origin(("title",)).location(),
            _locations(dashboard),
            warnings=_warnings(dashboard),
        )
        for dashboard, data in dashboards
        if data is not None
    ]


def scrape_intervals(inspection: Inspection) -> dict[str, float]:
    """The scrape intervals of data sources in seconds, by their uid, where the specs have them."""
    intervals = {}
    for item in placed_data_sources(inspection.documents.of("DataSources")):
        written = getattr(item.source, "scrape_interval", None)
        length = seconds(written) if isinstance(written, str) else None
        if length is not None:
            intervals[item.uid] = length
    return intervals


def _locations(dashboard: InspectedDashboard) -> Mapping[tuple[int, str], Location]:
    return {
        (panel.id, query.ref): _location(dashboard.resolved, query.path)
        for row in dashboard.settled.rows
        for panel in row.panels
        for query in panel.queries
    }


def _warnings(dashboard: InspectedDashboard) -> Mapping[tuple[int, str], DataWarning]:
    return {
        (panel.id, query.ref): query.warning
        for row in dashboard.settled.rows
        for panel in row.panels
        for query in panel.queries
        if query.warning is not None
    }


def _location(resolved: Resolved, path: Path) -> Location:
    """The location of a query's text, or of the query without one."""
    data = resolved.data
    for step in path:
        data = data[step]
    inner = (*path, "query") if isinstance(data, dict) and "query" in data else path
    return resolved.origin(inner).location()


def with_options(view: DashboardView, server: Prometheus, now: datetime) -> DashboardView:
    """The dashboard with the options of its variables that have no value yet, from the server."""
    unknown = set(values_of(view.data, {}).unknown)
    own = {text(variable, "name") for variable in objects(mapping(view.data, "templating"), "list")}
    options: dict[str, list[str]] = {}
    for variable in every_variable(view.data):
        name = text(variable, "name")
        if name in unknown or (name not in own and _is_unknown(variable)):
            # A query may name variables before it, so each is filled with the options found so far.
            values = values_of(view.data, options)
            filling = Interpolation(values, window_of(view.data, {}, {}, now, 15.0), view.data)
            values_there = _options(filling(written_query(variable)), server, now)
            options[name] = [option.value for option in chosen_options(variable, values_there)]
    return replace(view, options=options) if options else view


def _is_unknown(variable: Mapping[str, Any]) -> bool:
    return bool(values_of({}, {}, (variable,)).unknown)


def _options(query: str, server: Prometheus, now: datetime) -> list[str]:
    end = now.timestamp()
    try:
        return prometheus_values(server, query, QuerySpan(end - _LOOK_BACK, end))
    except ServiceError:
        return []

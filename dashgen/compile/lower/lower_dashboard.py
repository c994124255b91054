"""A settled dashboard as grafanalib's object: panels, rows, variables, annotations, links, time."""

from collections.abc import Iterator, Mapping
from typing import Any

import attr
from grafanalib import core
from msgspec.structs import replace

from dashgen.compile.lower.lower_annotations import lower_annotation
from dashgen.compile.lower.lower_dynamic import dashboard_dynamic, row_dynamic
from dashgen.compile.lower.lower_links import LinkScope, dashboard_link
from dashgen.compile.lower.lower_variables import lower_variable
from dashgen.compile.lower.objects import DashboardObject, RowObject, TimePickerObject
from dashgen.compile.lower.panel_type import PanelType
from dashgen.model.dashboard_spec import TimePicker as TimePickerSpec
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.settled_dashboard import SettledDashboard, SettledPanel, SettledRow
from dashgen.model.times import range_ends

TOOLTIPS = {
    "single": core.GRAPH_TOOLTIP_MODE_NOT_SHARED,
    "crosshair": core.GRAPH_TOOLTIP_MODE_SHARED_CROSSHAIR,
    "shared": core.GRAPH_TOOLTIP_MODE_SHARED_TOOLTIP,
}


def lower(
    settled: SettledDashboard, datasources: Mapping[str, DataSourceRef] | None = None
) -> DashboardObject:
    """A settled dashboard as a grafanalib object.

    Args:
        settled: the dashboard.
        datasources: data sources by alias and uid, for links into Explore.
    """
    # The spec's values are checked already; grafanalib's validators would take a tenth of the time once more.
    with attr.validators.disabled():
        return _dashboard(settled, datasources or {})


def _dashboard(settled: SettledDashboard, datasources: Mapping[str, DataSourceRef]) -> DashboardObject:
    spec = settled.dashboard
    scope = LinkScope(tuple(v.variable.name for v in settled.variables), datasources)
    return DashboardObject(
        title=spec.title,
        uid=settled.uid,
        description=spec.description,
        tags=list(settled.tags),
        editable=spec.editable,
        graphTooltip=TOOLTIPS[spec.tooltip],
        refresh="" if spec.refresh == "off" else spec.refresh,
        time=time_range(spec.time),
        timePicker=time_picker(spec.time_picker),
        timezone=spec.timezone,
        liveNow=spec.live_now,
        preload=spec.preload,
        weekStart=spec.week_start or "",
        links=[dashboard_link(link) for link in settled.links],
        annotations=core.Annotations([lower_annotation(a) for a in settled.annotations]),
        templating=core.Templating([lower_variable(v) for v in settled.variables]),
        panels=lower_rows(settled.rows, scope),
        dynamic=dashboard_dynamic(settled),
    )


def time_range(text: str) -> core.Time:
    """The ends of a range such as ``6h``, ``now-7d to now-1d`` or ``now/d``.

    What is not a range becomes its start: `check_dashboard` reports it.
    """
    return core.Time(*(range_ends(text) or (text, "now")))


def time_picker(spec: TimePickerSpec | None) -> core.TimePicker:
    """The intervals and ranges that the time picker offers; without a spec Grafana's own."""
    if spec is None:
        return core.TimePicker(None, None)
    return TimePickerObject(spec.refresh_intervals, None, spec.now_delay, spec.hidden, spec.quick_ranges)


def lower_rows(rows: list[SettledRow], scope: LinkScope) -> list[core.Panel]:
    """Rows and their panels: panels follow an open row, and are inside a collapsed one."""
    panels_and_rows: list[core.Panel] = []
    for row, names in zip(rows, _names_in(rows), strict=True):
        own = replace(scope, variables=(*scope.variables, *names)) if names else scope
        panels = [lower_panel(panel, own) for panel in row.panels]
        # The panels above the first row have no header.
        if row.title is None:
            panels_and_rows += panels
        else:
            panels_and_rows.append(lower_row(row, panels if row.collapsed else []))
            panels_and_rows += [] if row.collapsed else panels
    return panels_and_rows


def _names_in(rows: list[SettledRow]) -> Iterator[tuple[str, ...]]:
    """For each row or tab the names of the variables of its own and of the sections around it."""
    around: list[tuple[str, ...]] = []
    for row in rows:
        own = tuple(variable.variable.name for variable in row.variables)
        outer = around[row.level - 1] if 0 < row.level <= len(around) else ()
        around[row.level :] = [(*outer, *own)]
        yield (*outer, *own)


def lower_row(row: SettledRow, panels: list[core.Panel]) -> RowObject:
    """A row's header."""
    grid = row.grid
    arguments: dict[str, Any] = {}
    if row.repeat is not None:
        arguments["repeat"] = core.Repeat(None, row.repeat.by, None)
    if dynamic := row_dynamic(row):
        arguments["dynamic"] = dynamic
    return RowObject(
        id=row.id,
        title=row.title,
        gridPos=core.GridPos(grid.h, grid.w, grid.x, grid.y),
        collapsed=row.collapsed,
        panels=panels,
        **arguments,
    )


def lower_panel(settled: SettledPanel, scope: LinkScope) -> core.Panel:
    """A panel by its type."""
    panel = settled.panel
    if not isinstance(panel, PanelType):
        raise TypeError(f"`{type(panel).__name__}` is a panel without a type")
    return panel.lower(settled, scope)

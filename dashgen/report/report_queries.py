"""The queries of a report for one period, as the runner of live queries takes them."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from dashgen.doctor.live.live_queries import DashboardView, PanelQuery, panel_queries
from dashgen.doctor.live.live_variables import Interpolation, VariableValues
from dashgen.doctor.live.time_window import Window
from dashgen.formats.panel_tree import panels_in_sections
from dashgen.model.settled_report import ReportQuery, SettledChart
from dashgen.report.periods import Period, utc
from dashgen.servers.http.response_values import mapping, objects, text

_STEP: Final = 60.0


def period_query(query: ReportQuery, title: str, report: str, period: Period) -> PanelQuery:
    """A figure's or a table's query at the end of a period, with ``$__range`` as long as the period.

    Args:
        query: the query.
        title: the title of the figure or table.
        report: the report's uid.
        period: the period.
    """
    window = Window(period.start, period.until, _STEP)
    filling = Interpolation(VariableValues(), window, {"timezone": period.zone}, query.datasource.type)
    expr = filling(query.text)
    return _placed(query, title, report, expr, window)


def span_query(query: ReportQuery, report: str, expr: str, window: Window) -> PanelQuery:
    """Another expression over time, of the data source of a report's query."""
    placed = _placed(query, "", report, expr, window)
    return replace(placed, instant=False, target=_target(query, expr, instant=False))


def _placed(query: ReportQuery, title: str, report: str, expr: str, window: Window) -> PanelQuery:
    return PanelQuery(
        dashboard=report,
        dashboard_title="",
        panel=title,
        panel_id=0,
        ref_id="A",
        source_type=query.datasource.type,
        source_uid=query.datasource.uid,
        expr=expr,
        written=query.text,
        instant=True,
        window=window,
        location=query.location,
        target=_target(query, expr, instant=True),
    )


def _target(query: ReportQuery, expr: str, *, instant: bool) -> dict[str, Any]:
    kind = "instant" if instant else "range"
    target: dict[str, Any] = {"refId": "A", "expr": expr, "instant": instant, "range": not instant}
    target["datasource"] = {"type": query.datasource.type, "uid": query.datasource.uid}
    return target | ({"queryType": kind} if query.datasource.type == "loki" else {})


def chart_view(chart: SettledChart, dashboard: Mapping[str, Any], period: Period) -> DashboardView:
    """A dashboard with one panel, open for a period and with the variables that a report gives."""
    panel = panel_of(dashboard, chart.panel_id)
    templating = {**mapping(dashboard, "templating"), "list": _variables_around(dashboard, chart.panel_id)}
    data = {
        **dashboard,
        "templating": templating,
        "time": {"from": str(round(period.start * 1000)), "to": str(round(period.until * 1000))},
        "timezone": period.zone,
        "panels": [panel] if panel is not None else [],
    }
    if chart.spec.variables:
        chosen = [_with_value(one, chart.spec.variables) for one in objects(templating, "list")]
        data["templating"] = {**templating, "list": chosen}
    return DashboardView(data, chart.location)


def _variables_around(dashboard: Mapping[str, Any], panel_id: int) -> list[Mapping[str, Any]]:
    """The variables that a panel knows: those of the dashboard, and those of the sections around it."""
    sections = (
        section
        for panel, section in panels_in_sections(dashboard.get("panels"))
        if panel_of({"panels": [panel]}, panel_id) is not None
    )
    section = next(sections, ())
    own = {text(variable, "name") for variable in section}
    outer = objects(mapping(dashboard, "templating"), "list")
    return [*(variable for variable in outer if text(variable, "name") not in own), *section]


def _with_value(variable: Mapping[str, Any], values: Mapping[str, str]) -> Mapping[str, Any]:
    value = values.get(text(variable, "name"))
    return variable if value is None else {**variable, "current": {"text": value, "value": value}}


def panel_of(dashboard: Mapping[str, Any], panel_id: int) -> Mapping[str, Any] | None:
    """The panel of a dashboard with a number, also in a folded row."""
    for panel in objects(dashboard, "panels"):
        if panel.get("id") == panel_id:
            return panel
        inner = panel_of(panel, panel_id)
        if inner is not None:
            return inner
    return None


def chart_queries(view: DashboardView, period: Period, scrapes: Mapping[str, float]) -> list[PanelQuery]:
    """The queries of a chart's panel; what the panel looks back from is the end of the period."""
    return panel_queries([view], utc(period.until), scrapes)

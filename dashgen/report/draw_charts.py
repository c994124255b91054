"""Panels as pictures for mails: the results of their queries, drawn and turned into PNG."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.model.settled_report import SettledReport, SettledSection
from dashgen.report.periods import Period
from dashgen.report.report_queries import chart_queries, chart_view, panel_of
from dashgen.report.report_result import ChartResult
from dashgen.servers.http.response_values import text

WIDTH: Final = 600
_MOST_BYTES: Final = 2 * 2**20
_OF_LINES: Final = frozenset(("logs", "traces"))


class ChartScene(Struct, frozen=True):
    """What a picture is drawn for: the time, its width and height, and the values of variables."""

    period: Period
    size: tuple[int, int]
    variables: Mapping[str, str] = {}


class ChartRequest(Struct):
    """A chart that is to be drawn: its panel, its queries, and their answers as they come in."""

    section: SettledSection
    title: str
    panel: Mapping[str, Any]
    dashboard: str
    height: int
    period: Period
    queries: Sequence[PanelQuery] = ()
    answers: dict[int, Answer] = {}
    variables: Mapping[str, str] = {}

    @property
    def scene(self) -> ChartScene:
        """The time, the size and the variables of its picture."""
        return ChartScene(self.period, (WIDTH, self.height), dict(self.variables))


def chart_requests(
    report: SettledReport,
    dashboards: Mapping[str, Mapping[str, Any]],
    period: Period,
    scrapes: Mapping[str, float],
) -> list[ChartRequest]:
    """The charts of a report in the order of its sections.

    Args:
        report: the report.
        dashboards: the JSON of dashboards by uid.
        period: the time that charts show.
        scrapes: the scrape intervals of data sources in seconds, by uid.
    """
    requests = []
    for section in report.sections:
        for chart in section.charts:
            dashboard = dashboards.get(chart.dashboard, {})
            panel = panel_of(dashboard, chart.panel_id) or {}
            request = ChartRequest(
                section,
                chart.spec.title or text(panel, "title") or chart.key,
                panel,
                chart.dashboard,
                chart.spec.height,
                period,
                variables=chart.spec.variables,
            )
            if panel and panel.get("type") not in _OF_LINES:
                request.queries = chart_queries(chart_view(chart, dashboard, period), period, scrapes)
            requests.append(request)
    return requests


def draw_chart(request: ChartRequest, grafana_url: str) -> ChartResult:
    """The picture of a chart, or why there is none.

    Args:
        request: the chart with the answers to its queries.
        grafana_url: where Grafana's pages are; empty when that is unknown.
    """
    link = _link(request, grafana_url) if grafana_url else ""
    note = _obstacle(request)
    if note:
        return ChartResult(request.title, note=note, link=link)
    # What draws is large, and not every report has charts.
    from dashgen.report.chart_picture import chart_picture

    try:
        picture = chart_picture(request.panel, list(request.answers.values()), request.scene)
    except DashgenError as error:
        return ChartResult(request.title, note=f"not drawn: {error}", link=link)
    if len(picture) > _MOST_BYTES:
        return ChartResult(request.title, note="not drawn: the picture is too large for a mail", link=link)
    return ChartResult(request.title, picture, (WIDTH, request.height), link=link)


def _obstacle(request: ChartRequest) -> str:
    """Why a chart cannot be drawn; empty when it can."""
    if not request.panel:
        return "not drawn: the panel does not compile"
    if request.panel.get("type") in _OF_LINES:
        return "not drawn: it shows lines, not numbers"
    answers = request.answers.values()
    if any(answer.error or not answer.asked for answer in answers):
        return "not drawn: a query failed"
    if not any(answer.rows for answer in answers):
        return "no data"
    return ""


def _link(request: ChartRequest, grafana_url: str) -> str:
    start, end = round(request.period.start * 1000), round(request.period.until * 1000)
    panel = request.panel.get("id")
    address = f"{grafana_url.rstrip('/')}/d/{request.dashboard}?from={start}&to={end}"
    return f"{address}&viewPanel={panel}" if panel is not None else address

"""How a report came to be: what was derived of its figures, tables and charts, and where each is written."""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.model.settled_report import SettledChart, SettledFigure, SettledReport, SettledTable


class ExplainedPart(Struct, frozen=True):
    """A figure, table or chart of a report.

    Attributes:
        kind: which of them it is.
        name: the name by which texts use a figure; the panel of a chart.
        title: its title.
        unit: Grafana's unit of its numbers, and ``reason`` where that comes from.
        source: the type and uid of its data source.
        query: its query.
        location: its line.
    """

    kind: str
    name: str
    title: str
    location: Location
    unit: str = ""
    reason: str = ""
    source: str = ""
    query: str = ""


def explained_parts(report: SettledReport) -> Iterator[ExplainedPart]:
    """The parts of a report in the order of its sections."""
    for section in report.sections:
        for figure in section.figures:
            yield _with_query("figure", figure.name, figure)
        for table in section.tables:
            yield _with_query("table", "", table)
        for chart in section.charts:
            yield _chart(chart)


def _with_query(kind: str, name: str, part: SettledFigure | SettledTable) -> ExplainedPart:
    query = part.query
    source = f"{query.datasource.type} ({query.datasource.uid})"
    text = " ".join(query.text.split())
    return ExplainedPart(
        kind, name, part.spec.title, query.location, query.unit, query.unit_reason, source, text
    )


def _chart(chart: SettledChart) -> ExplainedPart:
    name = f"{chart.dashboard}/{chart.key}"
    return ExplainedPart("chart", name, chart.spec.title or "", chart.location)


def explained_facts(report: SettledReport) -> Iterator[tuple[str, str]]:
    """What is settled of a report as a whole, each fact with its name."""
    spec = report.spec
    week = f", which begins on {spec.week_starts}" if spec.period == "week" else ""
    yield "about", f"the last full {spec.period}{week}, in {spec.timezone}"
    yield "compared with", ", ".join(report.compare) or "nothing"
    yield "sent", spec.schedule or "by hand only"
    yield "to", ", ".join(report.recipients) or "nobody"

"""What ``dashgen report --format json`` prints."""

from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.report.report_result import ChartResult, FigureResult, ReportResult, SectionResult, TableResult


class ReportedBefore(Struct, frozen=True):
    """A figure in an earlier period."""

    period: Annotated[str, Meta(description="The earlier period, as specs have it.")]
    before: Annotated[float | None, Meta(description="The value there; null when there is none.")]
    text: Annotated[str, Meta(description="The difference as text; empty when there is none to tell.")]
    incomplete: Annotated[bool, Meta(description="Data of that period is missing in part.")]


class ReportedFigure(Struct, frozen=True):
    """A figure."""

    name: Annotated[str, Meta(description="Its name.")]
    title: Annotated[str, Meta(description="Its title.")]
    value: Annotated[float | None, Meta(description="The number; null when there is none.")]
    text: Annotated[str, Meta(description="The number as Grafana formats it.")]
    reason: Annotated[str, Meta(description="Why there is no number; empty when there is one.")]
    changes: Annotated[list[ReportedBefore], Meta(description="The earlier periods.")]
    target: Annotated[str, Meta(description="Its target; empty without one.")]
    meets_target: Annotated[bool | None, Meta(description="Whether it is met; null when that is unknown.")]
    sentence: Annotated[str, Meta(description="Its sentence; empty without one.")]


class ReportedRow(Struct, frozen=True):
    """A row of a table."""

    labels: Annotated[list[str], Meta(description="The texts of its labels.")]
    value: Annotated[float, Meta(description="Its number.")]
    text: Annotated[str, Meta(description="The number as Grafana formats it.")]
    change: Annotated[str, Meta(description="The change; empty when it is not compared.")]


class ReportedTable(Struct, frozen=True):
    """A table."""

    title: Annotated[str, Meta(description="Its title.")]
    headings: Annotated[list[str], Meta(description="The headings of its columns.")]
    rows: Annotated[list[ReportedRow], Meta(description="Its rows.")]
    left_out: Annotated[int, Meta(description="How many rows there are besides.")]
    note: Annotated[str, Meta(description="What stands in the place of rows.")]


class ReportedChart(Struct, frozen=True):
    """A chart."""

    title: Annotated[str, Meta(description="Its title.")]
    drawn: Annotated[bool, Meta(description="Whether there is a picture of it.")]
    note: Annotated[str, Meta(description="Why there is none.")]
    link: Annotated[str, Meta(description="The panel in Grafana.")]


class ReportedSection(Struct, frozen=True):
    """A part of a report."""

    title: Annotated[str, Meta(description="Its title.")]
    text: Annotated[str, Meta(description="Its text in Markdown.")]
    figures: Annotated[list[ReportedFigure], Meta(description="Its figures.")]
    tables: Annotated[list[ReportedTable], Meta(description="Its tables.")]
    charts: Annotated[list[ReportedChart], Meta(description="Its charts.")]


class ReportedFailure(Struct, frozen=True):
    """A query that failed."""

    subject: Annotated[str, Meta(description="The title of what it is for.")]
    period: Annotated[str, Meta(description="The period.")]
    reason: Annotated[str, Meta(description="Why.")]


class ReportDocument(OutputDocument, frozen=True, kw_only=True):
    """A report of one period."""

    report: Annotated[str, Meta(description="Its uid.")]
    title: Annotated[str, Meta(description="Its title.")]
    period: Annotated[str, Meta(description="Its days, for people.")]
    first_day: Annotated[str, Meta(description="Its first day, as 2026-11-29.")]
    days: Annotated[int, Meta(description="How many days it has.")]
    start: Annotated[float, Meta(description="Its first moment, in seconds since 1970.")]
    until: Annotated[float, Meta(description="The moment up to which it is evaluated.")]
    timezone: Annotated[str, Meta(description="The time zone of its days.")]
    text: Annotated[str, Meta(description="The text above its sections, in Markdown.")]
    sections: Annotated[list[ReportedSection], Meta(description="Its parts.")]
    remarks: Annotated[list[str], Meta(description="What a reader has to know, such as missing data.")]
    failures: Annotated[list[ReportedFailure], Meta(description="The queries that failed.")]


def report_document(result: ReportResult) -> ReportDocument:
    """The document of a report."""
    period = result.period
    return ReportDocument(
        report=result.uid,
        title=result.title,
        period=period.label,
        first_day=period.first.isoformat(),
        days=period.days,
        start=period.start,
        until=period.until,
        timezone=period.zone,
        text=result.text,
        sections=[_section(one) for one in result.sections],
        remarks=list(result.remarks),
        failures=[ReportedFailure(one.subject, one.period, one.reason) for one in result.failures],
    )


def _section(section: SectionResult) -> ReportedSection:
    return ReportedSection(
        section.title,
        section.text,
        [_figure(one) for one in section.figures],
        [_table(one) for one in section.tables],
        [_chart(one) for one in section.charts],
    )


def _figure(figure: FigureResult) -> ReportedFigure:
    changes = [
        ReportedBefore(one.word, one.before.number, one.text, one.incomplete) for one in figure.changes
    ]
    value = figure.value
    return ReportedFigure(
        figure.name, figure.title, value.number, value.text, value.reason, changes, figure.target,
        figure.meets_target, figure.sentence,
    )  # fmt: skip


def _table(table: TableResult) -> ReportedTable:
    rows = [ReportedRow(list(row.labels), row.number, row.value, row.change) for row in table.rows]
    return ReportedTable(table.title, list(table.headings), rows, table.left_out, table.note)


def _chart(chart: ChartResult) -> ReportedChart:
    return ReportedChart(chart.title, bool(chart.png), chart.note, chart.link)

"""Reports with every value settled: what `dashgen report` evaluates."""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.core.diagnostics import Location
from dashgen.model.condition import Condition
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.document import SpecDocument
from dashgen.model.report_spec import ComparisonWord, ReportChart, ReportFigure, ReportSpec, ReportTable
from dashgen.source.source import Path


class ReportQuery(Struct, frozen=True):
    """A query of a report.

    Attributes:
        text: the query as it is written.
        datasource: where it is evaluated.
        unit: Grafana's unit of its result; empty when there is none.
        unit_reason: where the unit comes from.
        path: where the text stands in the document.
        location: the same as file and line.
    """

    text: str
    datasource: DataSourceRef
    unit: str
    unit_reason: str
    path: Path
    location: Location


class SettledFigure(Struct, frozen=True):
    """A figure with its name, its query, and its target and which way is good news, where it has these."""

    spec: ReportFigure
    name: str
    query: ReportQuery
    target: Condition | None = None
    better: str = ""


class SettledTable(Struct, frozen=True):
    """A table with its query."""

    spec: ReportTable
    query: ReportQuery


class SettledChart(Struct, frozen=True):
    """A panel of a report: the dashboard's uid and the panel's key and number."""

    spec: ReportChart
    dashboard: str
    key: str
    panel_id: int
    location: Location


class SettledSection(Struct, frozen=True):
    """A part of a report, without what is wrong in it."""

    title: str
    text: str
    figures: tuple[SettledFigure, ...] = ()
    tables: tuple[SettledTable, ...] = ()
    charts: tuple[SettledChart, ...] = ()


class SettledReport(Struct, frozen=True):
    """A report.

    Attributes:
        document: its spec.
        compare: the periods that figures are compared to.
        recipients: addresses, and variables of the environment that hold them, each once.
        sections: its parts.
    """

    document: SpecDocument[ReportSpec]
    compare: tuple[ComparisonWord, ...]
    recipients: tuple[str, ...]
    sections: tuple[SettledSection, ...]

    @property
    def spec(self) -> ReportSpec:
        """What the spec has."""
        return self.document.model

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.document.resolved.origin(("uid",)).location()

    def parts(self) -> Iterator[SettledFigure | SettledTable]:
        """Its figures and tables, in the order of its sections."""
        for section in self.sections:
            yield from section.figures
            yield from section.tables

    def queries(self) -> Iterator[ReportQuery]:
        """The queries of its figures and tables."""
        return (part.query for part in self.parts())

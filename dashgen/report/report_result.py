"""What a report came to: values without a form, which every output is made from."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import Struct

from dashgen.report.periods import Period

NO_DATA: Final = "no data"
FAILED: Final = "the query failed"


class Value(Struct, frozen=True):
    """A number of a figure in one period, or why there is none.

    Attributes:
        number: the number; None when there is none.
        text: the number as Grafana formats it; empty when there is none.
        reason: why there is none.
        failed: whether the query failed, so that nothing is known.
        labels: the labels of the series that has it.
    """

    number: float | None = None
    text: str = ""
    reason: str = ""
    failed: bool = False
    labels: dict[str, str] = {}


class FigureChange(Struct, frozen=True):
    """How a value differs from that of another period.

    Attributes:
        word: the other period, such as ``day before``.
        before: the value there.
        text: the difference as text, such as ``+12 %``; empty when there is none to tell.
        sentence: the difference as a part of a sentence: ``12 % more than the day before``.
        direction: 1, -1, or 0 when both are equal or one is missing.
        is_good: whether that is good news; None when it is neither.
        incomplete: whether data of the other period is missing in part.
    """

    word: str
    before: Value
    text: str = ""
    sentence: str = ""
    direction: int = 0
    is_good: bool | None = None
    incomplete: bool = False


class FigureResult(Struct, frozen=True):
    """A figure: its value, what it is compared to, and whether it meets its target."""

    name: str
    title: str
    value: Value
    changes: tuple[FigureChange, ...] = ()
    target: str = ""
    meets_target: bool | None = None
    sentence: str = ""


class TableRow(Struct, frozen=True):
    """A row: the texts of its labels, its number as text, and its change where that is compared."""

    labels: tuple[str, ...]
    value: str
    number: float
    change: str = ""
    is_good: bool | None = None


class TableResult(Struct, frozen=True):
    """A table.

    Attributes:
        title: its heading.
        headings: the headings of its columns.
        rows: its rows.
        left_out: how many rows there are besides.
        note: what stands in the place of rows.
        failed: whether the query failed.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...] = ()
    left_out: int = 0
    note: str = ""
    failed: bool = False


class ChartResult(Struct, frozen=True):
    """A chart: its picture, or why there is none; ``link`` leads to the panel in Grafana."""

    title: str
    png: bytes = b""
    size: tuple[int, int] = (0, 0)
    note: str = ""
    link: str = ""


class SectionResult(Struct, frozen=True):
    """A part of a report; ``text`` is Markdown with the values in it."""

    title: str
    text: str = ""
    figures: tuple[FigureResult, ...] = ()
    tables: tuple[TableResult, ...] = ()
    charts: tuple[ChartResult, ...] = ()


class FailedQuery(Struct, frozen=True):
    """A query that failed: what it is for, the period, and the reason."""

    subject: str
    period: str
    reason: str


class ReportResult(Struct, frozen=True):
    """A report of one period.

    Attributes:
        uid: the report's uid.
        title: its title.
        period: what it is about.
        made_at: when it was made.
        text: Markdown above the sections.
        sections: its parts.
        remarks: what a reader has to know: incomplete data, a period that is not over.
        failures: the queries that failed.
        query_count: how many queries were sent; none of them answered when there are as many failures.
        link: where the dashboards are.
    """

    uid: str
    title: str
    period: Period
    made_at: datetime
    text: str = ""
    sections: tuple[SectionResult, ...] = ()
    remarks: tuple[str, ...] = ()
    failures: tuple[FailedQuery, ...] = ()
    query_count: int = 0
    link: str = ""

    @property
    def subject(self) -> str:
        """The title with the period."""
        return f"{self.title}: {self.period.label}"

    @property
    def has_no_answer(self) -> bool:
        """Whether not one query was answered."""
        return self.query_count > 0 and len(self.failures) >= self.query_count

    def charts(self) -> Iterator[ChartResult]:
        """The charts that have a picture, in the order of the sections."""
        for section in self.sections:
            yield from (chart for chart in section.charts if chart.png)

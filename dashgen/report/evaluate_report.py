"""Evaluate a report: run the queries of its periods, and put the values where they belong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.reporters.markdown_text import escaped
from dashgen.doctor.live.run_queries import Servers
from dashgen.model.report_text import filled
from dashgen.model.settled_report import SettledFigure, SettledReport, SettledSection
from dashgen.report.changes import change_of, incomplete_change, target_text
from dashgen.report.draw_charts import ChartRequest, chart_requests, draw_chart
from dashgen.report.number_texts import number_text, unit_of
from dashgen.report.periods import Period
from dashgen.report.report_answers import CURRENT, ReportAnswers
from dashgen.report.report_result import (
    FAILED,
    NO_DATA,
    FigureChange,
    FigureResult,
    ReportResult,
    SectionResult,
    Value,
)
from dashgen.report.table_results import shown_label, table_result


class ReportRequest(Struct, frozen=True):
    """What is to be evaluated.

    Attributes:
        report: the report.
        period: its period.
        now: the present moment.
        dashboards: the JSON of the dashboards of its charts, by uid.
        scrapes: the scrape intervals of data sources in seconds, by uid.
        grafana_url: where Grafana's pages are.
        draws: whether charts are drawn.
    """

    report: SettledReport
    period: Period
    now: datetime
    dashboards: Mapping[str, Mapping[str, Any]] = {}
    scrapes: Mapping[str, float] = {}
    grafana_url: str = ""
    draws: bool = True


def evaluate_report(request: ReportRequest, servers: Servers) -> ReportResult:
    """Run the queries of a report and compute what it says; failures of servers are a part of the result."""
    report, period = request.report, request.period
    charts = chart_requests(report, request.dashboards, period, request.scrapes) if request.draws else []
    answers = ReportAnswers(report, period)
    answers.run(servers, charts)
    sections = [_Section(one, answers, request, charts).result() for one in report.sections]
    writer = _TextWriter({one.name: one for section in sections for one in section.figures}, period)
    return ReportResult(
        uid=report.spec.uid,
        title=report.spec.title,
        period=period,
        made_at=request.now,
        text=writer.write(report.spec.text or ""),
        sections=tuple(replace(section, text=writer.write(section.text)) for section in sections),
        remarks=tuple(answers.remarks()),
        failures=tuple(dict.fromkeys(answers.failures)),
        query_count=answers.query_count,
        link=request.grafana_url,
    )


class _Section(Struct, frozen=True):
    section: SettledSection
    answers: ReportAnswers
    request: ReportRequest
    charts: Sequence[ChartRequest]

    def result(self) -> SectionResult:
        compare = self.request.report.compare
        charts = (one for one in self.charts if one.section is self.section)
        return SectionResult(
            self.section.title,
            self.section.text,
            tuple(self.figure(figure) for figure in self.section.figures),
            tuple(table_result(table, self.answers, compare) for table in self.section.tables),
            tuple(draw_chart(chart, self.request.grafana_url) for chart in charts),
        )

    def figure(self, figure: SettledFigure) -> FigureResult:
        spec, target = figure.spec, figure.target
        value = self.value(figure, CURRENT)
        result = FigureResult(figure.name, spec.title, value, tuple(self.changes(figure, value)))
        if target is not None:
            text = target_text(target, lambda number: number_text(number, figure))
            meets = target.holds(value.number) if value.number is not None else None
            result = replace(result, target=text, meets_target=meets)
        if spec.sentence is None or value.number is None:
            return result
        sentence = filled(spec.sentence, lambda name: value_text(result, name, self.request.period))
        sentence = sentence.strip()
        return replace(result, sentence=sentence[:1].upper() + sentence[1:])

    def changes(self, figure: SettledFigure, value: Value) -> list[FigureChange]:
        changes = []
        for word in self.request.report.compare:
            before = self.value(figure, word)
            if before.number is not None and self.answers.has_gaps(figure.query, word):
                changes.append(incomplete_change(before, word))
            else:
                changes.append(change_of(value, before, word, figure.better, unit_of(figure)))
        return changes

    def value(self, figure: SettledFigure, word: str) -> Value:
        query = figure.query
        if self.answers.error(query, word):
            return Value(reason=FAILED, failed=True)
        # Without a source `… or vector(0)` is a zero that nobody has measured.
        numbers = [] if self.answers.is_unmeasured(query, word) else self.answers.numbers(query, word)
        if len(numbers) > 1:
            if word == CURRENT:
                reason = f"it gives {len(numbers)} numbers and a figure is one; aggregate them, as with `sum`"
                self.answers.fail(figure.spec.title, reason)
            return Value(reason=FAILED, failed=True)
        if not numbers:
            return Value(reason=NO_DATA)
        labels, number = numbers[0]
        return Value(
            number,
            number_text(number, figure),
            labels={name: shown_label(value) for name, value in labels.items()},
        )


def value_text(figure: FigureResult, name: str, period: Period) -> str:
    """What a text gets for the name of one of a figure's values, such as ``change`` or ``label.model``."""
    first, _, label = name.partition(".")
    change = figure.changes[0] if figure.changes else None
    texts = {
        "value": figure.value.text or f"({figure.value.reason})",
        "change": (change.sentence if change is not None else "") or f"({NO_DATA} to compare with)",
        "before": (change.before.text if change is not None else "") or f"({NO_DATA})",
        "target": figure.target or "(no target)",
        "label": figure.value.labels.get(label, "") or f"(no `{label}`)",
        "period": period.label,
    }
    return texts[first]


class _TextWriter(Struct, frozen=True):
    """Fills the texts of sections with the values of all figures."""

    figures: Mapping[str, FigureResult]
    period: Period

    def write(self, text: str) -> str:
        # Values are text and no Markdown, whatever a unit or a label has in it.
        return filled(text, lambda name: escaped(self._value(name)))

    def _value(self, name: str) -> str:
        if name == "period":
            return self.period.label
        first, _, part = name.partition(".")
        figure = self.figures.get(first)
        return f"({NO_DATA})" if figure is None else value_text(figure, part or "value", self.period)

"""The answers to all queries of a report: for its period and for those that it is compared to."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.run_queries import QueryRunner, Servers, require_permissions
from dashgen.model.settled_report import ReportQuery, SettledReport
from dashgen.report.draw_charts import ChartRequest
from dashgen.report.period_coverage import (
    Coverage,
    ReadSource,
    coverage_of,
    gap_texts,
    sources_of,
    streams_of,
    window_of_source,
)
from dashgen.report.periods import Period, earlier, local_text
from dashgen.report.report_queries import period_query, span_query
from dashgen.report.report_result import FailedQuery

CURRENT: Final = ""
"""The key of the report's own period; the others have the words of `compare:`."""
_MOST_REMARKS: Final = 12
_Sent = tuple[PanelQuery, Callable[[Answer], None]]
Number = tuple[Mapping[str, str], float]
"""The labels of a series, and its number at the end of a period."""


class ReportAnswers:
    """Runs the queries of a report once, a few at a time, and has their answers.

    Attributes:
        failures: the queries that failed.
        query_count: how many were sent.
    """

    def __init__(self, report: SettledReport, period: Period) -> None:
        """Take a report and its period; `run` does the rest."""
        self._report = report
        self._periods: dict[str, Period] = {CURRENT: period}
        self._periods |= {word: earlier(period, word) for word in report.compare}
        self.failures: list[FailedQuery] = []
        self.query_count = 0
        self._answers: dict[tuple[int, str], Answer] = {}
        self._coverage: dict[tuple[str, str], Coverage] = {}
        self._remarks: list[str] = []

    def run(self, servers: Servers, charts: Sequence[ChartRequest]) -> None:
        """Send every query; the answers to those of charts go to the charts.

        Raises:
            ForbiddenError: the account may not query what the report needs.
        """
        sent = [*self._of_sections(), *self._probes(), *self._of_charts(charts)]
        require_permissions([query for query, _ in sent], servers)
        runner = QueryRunner(servers, keeps_results=True)
        answers = runner.answers([query for query, _ in sent])
        for answer, (_, keep) in zip(answers, sent, strict=True):
            keep(answer)

    def _of_sections(self) -> Iterator[_Sent]:
        for section in self._report.sections:
            for figure in section.figures:
                for word in self._periods:
                    yield self._sent(figure.query, figure.spec.title, word)
            for table in section.tables:
                for word in list(self._periods)[:2] if table.spec.compare else [CURRENT]:
                    yield self._sent(table.query, table.spec.title, word)

    def _sent(self, query: ReportQuery, title: str, word: str) -> _Sent:
        period = self._periods[word]

        def keep(answer: Answer) -> None:
            self._answers[id(query), word] = answer
            self._count(title, period, answer)
            self._remarks.extend(f"{title}: {remark}" for remark in answer.remarks)

        return period_query(query, title, self._report.spec.uid, period), keep

    def _count(self, subject: str, period: Period, answer: Answer) -> None:
        self.query_count += 1
        if reason := answer_error(answer):
            self.failures.append(FailedQuery(subject, period.label, reason))

    def _probes(self) -> Iterator[_Sent]:
        for source in sources_of(self._report.queries()):
            for word in self._periods:
                yield self._probe(source, word)

    def _probe(self, source: ReadSource, word: str) -> _Sent:
        period = self._periods[word]

        def keep(answer: Answer) -> None:
            # A server that is away has been named by then: all other queries of it fail too.
            if answer.error and answer.asked:
                text = f"whether {source.name} has all data of {period.label} is unknown: {answer.error}"
                self._remarks.append(text)
            elif answer.result is not None:
                self._coverage[source.key, word] = coverage_of(source, answer.result.series, period)

        window = window_of_source(source, period)
        return span_query(source.query, self._report.spec.uid, source.expr, window), keep

    def _of_charts(self, charts: Sequence[ChartRequest]) -> Iterator[_Sent]:
        for chart in charts:
            for number, query in enumerate(chart.queries):
                yield query, self._keeper(chart, number)

    def _keeper(self, chart: ChartRequest, number: int) -> Callable[[Answer], None]:
        def keep(answer: Answer) -> None:
            chart.answers[number] = answer
            self._count(chart.title, self._periods[CURRENT], answer)

        return keep

    # What the answers say

    def error(self, query: ReportQuery, word: str = CURRENT) -> str:
        """Why a query failed in a period; empty when it did not."""
        return answer_error(self._answers[id(query), word])

    def numbers(self, query: ReportQuery, word: str = CURRENT) -> list[Number]:
        """The numbers that a query gives in a period.

        NaN and the infinities come from divisions by nothing and are left out.
        """
        result = self._answers[id(query), word].result
        series = result.series if result is not None else ()
        # Adding a zero takes the sign from a zero.
        last = [(one.labels, one.points[-1][1] + 0.0) for one in series if one.points]
        return [(labels, number) for labels, number in last if math.isfinite(number)]

    def has_gaps(self, query: ReportQuery, word: str) -> bool:
        """Whether a part of what a query reads is missing in a period."""
        return any(one.gaps for one in self._coverages(query, word))

    def is_unmeasured(self, query: ReportQuery, word: str = CURRENT) -> bool:
        """Whether nothing that a query reads was there in a period, so that nobody has measured a zero."""
        coverages = self._coverages(query, word)
        return bool(coverages) and all(one.is_empty for one in coverages)

    def _coverages(self, query: ReportQuery, word: str) -> list[Coverage]:
        keys = [ReadSource(query, "", stream).key for stream in streams_of(query) or {""}]
        return [self._coverage[key, word] for key in keys if (key, word) in self._coverage]

    def fail(self, subject: str, reason: str) -> None:
        """Note that the answer to a query cannot be used."""
        self.failures.append(FailedQuery(subject, self._periods[CURRENT].label, reason))

    def remarks(self) -> Iterator[str]:
        """What a reader has to know of the data."""
        period = self._periods[CURRENT]
        if not period.is_over:
            until = local_text(period.until, period.zone)
            word = self._report.spec.period
            yield f"The {word} is not over: figures are up to {until}, and to the same time in earlier ones."
        gaps = list(dict.fromkeys(self._gap_texts()))
        yield from gaps[:_MOST_REMARKS]
        if len(gaps) > _MOST_REMARKS:
            yield f"{len(gaps) - _MOST_REMARKS} more gaps are not listed."
        yield from list(dict.fromkeys(map(clean, self._remarks)))[:_MOST_REMARKS]

    def _gap_texts(self) -> Iterable[str]:
        for (key, word), coverage in self._coverage.items():
            period = self._periods[word]
            if coverage.is_empty:
                stream = key.partition(" ")[2]
                what = f"Loki has no line in `{stream}`" if stream else "Prometheus has no data"
                yield f"{what} of {period.label}."
            subject = "figures are" if word == CURRENT else f"what is compared with {period.label} is"
            for text in gap_texts(coverage.gaps, period):
                yield f"{text}: {subject} of the rest."


def answer_error(answer: Answer) -> str:
    """Why a query has no answer; empty when it has one."""
    if answer.error:
        return clean(answer.error)
    if not answer.asked:
        kind = answer.query.source_type
        option = f"`--{kind}`, or the `--url` of a Grafana" if kind in ("prometheus", "loki") else "`--url`"
        return f"no server for data sources of type `{kind}` is named; give {option}"
    return ""

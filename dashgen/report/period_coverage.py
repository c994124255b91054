"""Whether servers have data of a whole period: they may be newer, have had an outage, or keep less.

One query over time for each data source tells: it counts, by job, what the report's own selectors match. A
metric that begins in the middle of a day, as counters of rare errors do, is nothing incomplete as long as
others of its job are there. Lines of a log may be far apart, so of Loki only the beginning of a stream
counts, and a period without any line.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dashgen.doctor.live.time_window import Window
from dashgen.model.settled_report import ReportQuery
from dashgen.query.logql import parse_logql, walk
from dashgen.query.logql.nodes import Selector
from dashgen.query.promql.promql_view import promql_view
from dashgen.query.promql.promql_writer import selector_text
from dashgen.report.periods import Period, local_text
from dashgen.servers.telemetry.results import ResultSeries

_MOST_SELECTORS: Final = 40
_STEP: Final = 300.0
"""Prometheus looks back five minutes for a value (`--query.lookback-delta`): no shorter gap can be seen."""
_SHORTEST_GAP: Final = 900.0
"""Shorter gaps are bridged by `increase`, which extrapolates between the values on both sides."""
_MOST_GAPS: Final = 3
_HOUR: Final = 3600.0
_DAY: Final = 86_400.0


class ReadSource(Struct, frozen=True):
    """A data source of a report: one of the queries to it, and an expression that counts its series."""

    query: ReportQuery
    expr: str
    selector: str = ""

    @property
    def key(self) -> str:
        """What tells it from other sources: the data source, and of Loki the stream."""
        return f"{self.query.datasource.uid} {self.selector}"

    @property
    def name(self) -> str:
        """What has the data, for sentences."""
        return "Loki" if self.selector else "Prometheus"


class Gap(Struct, frozen=True):
    """A stretch of time without data; ``subject`` is what has none."""

    subject: str
    start: float
    end: float


class Coverage(Struct, frozen=True):
    """What is missing in a period; ``is_empty`` when there is nothing at all."""

    gaps: tuple[Gap, ...] = ()
    is_empty: bool = False


def sources_of(queries: Iterable[ReportQuery]) -> list[ReadSource]:
    """What the queries of a report read: Prometheus once for each data source, Loki once for each stream."""
    series: dict[str, dict[str, ReportQuery]] = {}
    streams: dict[tuple[str, str], ReportQuery] = {}
    for query in queries:
        if query.datasource.type == "prometheus":
            for selector in _selectors(query.text):
                series.setdefault(query.datasource.uid, {}).setdefault(selector, query)
        else:
            for selector in _streams(query.text):
                streams.setdefault((query.datasource.uid, selector), query)
    sources = [
        ReadSource(next(iter(one.values())), _count(list(one)[:_MOST_SELECTORS])) for one in series.values()
    ]
    return sources + [
        ReadSource(query, f"sum(count_over_time({selector} [1h]))", selector)
        for (_, selector), query in streams.items()
    ]


def _selectors(text: str) -> Iterator[str]:
    view = promql_view(text)
    for node in view.selectors if view is not None else ():
        yield selector_text(replace(node, offset=None, at=None, extension=""))


def _count(selectors: Sequence[str]) -> str:
    return " or ".join(f"count by (job) ({selector})" for selector in selectors)


def _streams(text: str) -> Iterator[str]:
    tree = parse_logql(text).tree
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, Selector):
            yield text[node.start : node.end]


def streams_of(query: ReportQuery) -> frozenset[str]:
    """The streams that a query of Loki reads."""
    return frozenset(_streams(query.text)) if query.datasource.type == "loki" else frozenset()


def window_of_source(source: ReadSource, period: Period) -> Window:
    """The time over which a source is looked at: the period, and for Loki the day before it."""
    if source.selector:
        return Window(period.start - _DAY + _HOUR, period.until, _HOUR)
    # The value at the start is of the minutes before it.
    start = ceil(period.start / _STEP) * _STEP + _STEP
    return Window(start, max(floor(period.until / _STEP) * _STEP, start), _STEP)


def coverage_of(source: ReadSource, series: Sequence[ResultSeries], period: Period) -> Coverage:
    """What a source lacks in a period.

    Args:
        source: the source.
        series: the result of its expression over its window.
        period: the period.
    """
    return _of_lines(source, series, period) if source.selector else _of_series(source, series, period)


def _of_series(source: ReadSource, series: Sequence[ResultSeries], period: Period) -> Coverage:
    by_job = {one.labels.get("job", ""): _moments(one, period) for one in series}
    # What begins with the last moment has nothing of the period.
    if not any(at < period.until for moments in by_job.values() for at in moments):
        return Coverage(is_empty=True)
    gaps = []
    for job, moments in sorted(by_job.items()):
        subject = f"{source.name} has no data of job `{job}`" if job else f"{source.name} has no data"
        gaps += [Gap(subject, start, end) for start, end in _stretches(moments, period)]
    return Coverage(tuple(gaps))


def _moments(series: ResultSeries, period: Period) -> list[float]:
    return [at for at, value in series.points if value > 0 and period.start < at <= period.until]


def _stretches(moments: Sequence[float], period: Period) -> Iterator[tuple[float, float]]:
    """The parts of a period that are far from every moment."""
    before = period.start
    for at in [*sorted(moments), period.until]:
        # A value is known for the five minutes before each moment.
        if at - before > _SHORTEST_GAP + (_STEP if at < period.until else 0):
            yield before, at
        before = at


def _of_lines(source: ReadSource, series: Sequence[ResultSeries], period: Period) -> Coverage:
    hours = sorted({at for one in series for at, value in one.points if value > 0})
    if not any(at > period.start for at in hours):
        return Coverage(is_empty=True)
    first = hours[0] - _HOUR
    # Lines of the day before show that the stream was there, however quiet its nights are.
    if first <= period.start + _HOUR:
        return Coverage()
    return Coverage((Gap(f"Loki has no lines of `{source.selector}`", period.start, first),))


def gap_texts(gaps: Sequence[Gap], period: Period) -> Iterator[str]:
    """The gaps of a period as sentences without their ends; many of one subject are one sentence."""
    by_subject: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_subject.setdefault(gap.subject, []).append(gap)
    for subject, own in by_subject.items():
        if len(own) > _MOST_GAPS:
            hours = sum(gap.end - gap.start for gap in own) / _HOUR
            yield f"{subject} in {len(own)} stretches of {period.label}, {hours:.1f} hours in all"
            continue
        yield from (_gap_text(gap, period) for gap in own)


def _gap_text(gap: Gap, period: Period) -> str:
    start, end = local_text(gap.start, period.zone), local_text(gap.end, period.zone)
    if gap.start <= period.start:
        return f"{gap.subject} before {end}"
    if gap.end >= period.until:
        return f"{gap.subject} after {start}"
    return f"{gap.subject} from {start} to {end}"

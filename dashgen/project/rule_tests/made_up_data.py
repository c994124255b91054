"""The data of a test: its series and lines, and what recording rules make of them while time passes."""

from collections.abc import Iterator, Mapping, Sequence
from re import Match
from typing import Final, NamedTuple

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.grafana.expression_values import (
    ExpressionNumber,
    ExpressionSeries,
    ExpressionValues,
    MaybeNumber,
)
from dashgen.evaluate.logql.evaluate_logql import evaluate_logql
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    LabelKey,
    Labels,
    SampleStore,
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
    written_series,
)
from dashgen.model.alert_rules import LogLines, RuleTest, ValueTest
from dashgen.model.base import as_list
from dashgen.model.duration import duration_text, milliseconds
from dashgen.model.settled_alerts import SettledRecord
from dashgen.project.rule_tests.loki_lines import LONGEST, LokiLines
from dashgen.query.promql.series_notation import STALE
from dashgen.servers.telemetry import Loki

SCRAPE_INTERVAL: Final = 15_000
"""The milliseconds between two scrapes that Grafana assumes of a Prometheus."""
_MOST_POINTS: Final = 11_000
# A month in steps of a minute; more would take too long.
_MOST_EVALUATIONS: Final = 50_000
_VARIABLE: Final = lazy_pattern(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")


class QueryTimes(NamedTuple):
    """The times of a range query in milliseconds; both ends belong to it."""

    start: int
    end: int
    step: int


class Evaluators(NamedTuple):
    """What computes queries.

    Attributes:
        is_left_open: whether ranges leave out the sample at their start, as Prometheus does since 3.0.
        loki: the Loki that computes queries in LogQL; dashgen's own evaluator when there is none.
    """

    is_left_open: bool = True
    loki: Loki | None = None


class MadeUpData:
    """The data of one test, at times that only go forward.

    Args:
        test: the test.
        evaluators: what computes queries.
        last: the milliseconds of the last evaluation.
        step: the milliseconds between two evaluations.

    Raises:
        UnsupportedError: it has what the evaluators lack, or would take too long.
    """

    def __init__(self, test: RuleTest | ValueTest, evaluators: Evaluators, last: int, step: int) -> None:
        if last // step > _MOST_EVALUATIONS:
            raise UnsupportedError(f"time for more than {_MOST_EVALUATIONS} evaluations")
        interval = milliseconds(test.interval) or 60_000
        is_left_open = evaluators.is_left_open
        self.samples = SampleStore(written_series(test.series, interval), is_left_open=is_left_open)
        self.lines = LogStore(log_entries(test.lines))
        # Loki forgets that it has lines of long ago until it has stored them.
        self._loki = (
            LokiLines(evaluators.loki, self.lines.entries, last, step)
            if evaluators.loki is not None and last <= LONGEST
            else None
        )
        self._given = SampleStore(written_series(test.series, interval), is_left_open=is_left_open)
        self.recorded_until = 0
        """The milliseconds of the next evaluation of recording rules."""
        self._past: dict[tuple[str, str], dict[int, Vector]] = {}
        self._recorded: dict[int, set[LabelKey]] = {}

    def has_samples(self, at: int) -> bool:
        """Whether the test itself gives any data for a time."""
        return self._given.has_samples(at) or self.lines.has_entries(at)

    def record(self, rules: Sequence[SettledRecord], at: int) -> None:
        """Evaluate recording rules, one after the other, and store what they give."""
        for rule in rules:
            try:
                vector = self.vector(rule.datasource.type, rule.rule.query.strip(), at)
            except EvaluationFailedError:
                continue  # a rule that fails stores nothing
            self.store(
                id(rule), [(_recorded_labels(rule, sample.labels), sample.value) for sample in vector], at
            )

    def store(self, writer: int, samples: Sequence[tuple[Labels, float]], at: int) -> None:
        """Store samples; a series that the same writer stored before and does not any more ends."""
        now = {label_key(labels) for labels, _ in samples}
        for key in self._recorded.get(writer, set()) - now:
            self.samples.add(dict(key), at, STALE)
        for labels, value in samples:
            # A server keeps the first sample of a time, and those of the test are there first.
            if not self._given.has_sample_at(labels, at):
                self.samples.add(labels, at, value)
        self._recorded[writer] = now

    def vector(self, kind: str, query: str, at: int) -> Vector:
        """The result of a query at a time.

        Args:
            kind: the type of its data source.
            query: the query.
            at: the milliseconds.

        Raises:
            EvaluationFailedError: the server refuses the query on this data.
            UnsupportedError: the evaluator lacks what it uses.
        """
        if kind == "loki" and self._loki is not None:
            return self._loki.vector(query, at)
        if kind == "loki":
            return evaluate_logql(query, self.lines, at)
        if kind != "prometheus":
            raise UnsupportedError(f"queries of data sources of the type `{kind}`")
        value = evaluate_promql(query, self.samples, at)
        if isinstance(value, str):
            raise UnsupportedError("a query that gives a text")
        return [VectorSample({}, value)] if isinstance(value, float) else value

    def run(self, entry: Json, at: int) -> ExpressionValues:
        """The values of a query of a Grafana rule, an entry of its ``data``, at a time.

        Source: pkg/promlib/models/query.go of Grafana 12.4.

        Raises:
            EvaluationFailedError: the server refuses the query on this data.
            UnsupportedError: the evaluator lacks what it uses.
        """
        model = entry["model"]
        kind = str((model.get("datasource") or {}).get("type", ""))
        times = query_times(entry, at)
        query = interpolated(str(model.get("expr", "")), times, None)
        if not _is_range(model):
            return [ExpressionNumber(labels, value) for labels, value in self.vector(kind, query, times.end)]
        return self.over_time(kind, query, times)

    def over_time(self, kind: str, query: str, times: QueryTimes) -> ExpressionValues:
        """The values of a range query."""
        series: dict[LabelKey, tuple[Labels, list[tuple[int, MaybeNumber]]]] = {}
        first, last = (moment // times.step * times.step for moment in (times.start, times.end))
        past = self._past.setdefault((kind, query), {})
        for moment in range(first, last + 1, times.step):
            if moment not in past:
                past[moment] = self.vector(kind, query, moment)
            for labels, value in past[moment]:
                series.setdefault(label_key(labels), (labels, []))[1].append((moment, value))
        # Rules may still store something for this moment; of those before it, everything is known.
        past.pop(last, None)
        return [
            ExpressionSeries(labels, tuple(at for at, _ in points), tuple(value for _, value in points))
            for labels, points in series.values()
        ]


def log_entries(written: Sequence[LogLines]) -> Iterator[LogEntry]:
    """The lines of a test, at milliseconds after its start."""
    for lines in written:
        step = milliseconds(lines.every or "1m") or 60_000
        for moment in as_list(lines.at):
            for number in range(lines.times):
                yield LogEntry((milliseconds(moment) or 0) + number * step, lines.stream, lines.line)


def _recorded_labels(rule: SettledRecord, labels: Labels) -> Labels:
    return {**labels, **rule.labels, NAME: rule.rule.record}


def _is_range(model: Json) -> bool:
    if "queryType" in model:
        return str(model["queryType"]) == "range"
    return bool(model.get("range") or model.get("instant") is False)


def query_times(entry: Json, at: int) -> QueryTimes:
    """The times that a query of a rule looks at."""
    model, span = entry["model"], entry.get("relativeTimeRange") or {}
    start, end = at - int(span.get("from") or 0) * 1000, at - int(span.get("to") or 0) * 1000
    written = milliseconds(str(model.get("interval") or model.get("step") or "")) or 0
    step = written or int(model.get("intervalMs") or SCRAPE_INTERVAL)
    return QueryTimes(start, end, max(step, -(-(end - start) // _MOST_POINTS), 1))


def interpolated(
    query: str, times: QueryTimes, variables: Mapping[str, str] | None, scrape: int = SCRAPE_INTERVAL
) -> str:
    """A query with the values of variables.

    Args:
        query: the query.
        times: what the variables of Grafana itself say.
        variables: the values of others, or of those; rules have no others, and keep what looks like one.
        scrape: the milliseconds between two scrapes.

    Raises:
        UnsupportedError: a variable has no value.
    """
    length = times.end - times.start
    present = {
        "__interval": duration_text(times.step),
        "__interval_ms": str(times.step),
        "__rate_interval": duration_text(max(times.step + scrape, 4 * scrape)),
        "__auto": duration_text(times.step),
        "__range": duration_text(length),
        "__range_s": str(length // 1000),
        "__range_ms": str(length),
        **(variables or {}),
    }

    def value(match: Match[str]) -> str:
        name = match[1] or match[2]
        if name not in present and variables is None:
            return match[0]
        if name not in present:
            raise UnsupportedError(f"the variable `${name}` without a value")
        return present[name]

    return _VARIABLE.sub(value, query)

"""What variables find in made-up series and lines: labels and their values, as the servers list them."""

from collections.abc import Iterable, Mapping, Sequence

from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql_range
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    Labels,
    LabelTests,
    SampleStore,
    UnsupportedError,
    passes,
)
from dashgen.evaluate.server_patterns import ForeignPatternError
from dashgen.query.logql import nodes, parse_logql
from dashgen.query.promql.promql_nodes import VectorSelector
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.scanning import RefusalError
from dashgen.servers.telemetry.results import Result, ResultSeries


class SampleMetrics:
    """The labels of made-up series, as a Prometheus lists them.

    Args:
        store: the series.
        now: the milliseconds of the present.
    """

    def __init__(self, store: SampleStore, now: int) -> None:
        self._store = store
        self._now = now

    def _label_sets(self, match: Sequence[str]) -> Iterable[Labels]:
        if not match:
            return self._store.label_sets(())
        return [labels for selector in match for labels in self._selected(selector)]

    def _selected(self, selector: str) -> Iterable[Labels]:
        tests = selector_tests(selector)
        try:
            return () if tests is None else self._store.label_sets(tests)
        except ForeignPatternError:
            return ()

    def label_values(
        self, label: str, match: Sequence[str] = (), *, start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The values of a label, of all series or those that a selector matches, at any time."""
        del start, end
        if label == NAME and not match:
            return tuple(sorted({labels.get(NAME, "") for labels in self._store.label_sets(())} - {""}))
        values = {labels[label] for labels in self._label_sets(match) if labels.get(label)}
        return tuple(sorted(values))

    def label_names(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all labels."""
        del start, end
        return tuple(sorted({name for labels in self._label_sets(()) for name in labels}))

    def series(
        self, match: Sequence[str], *, start: float, end: float, limit: int = 1000
    ) -> tuple[Mapping[str, str], ...]:
        """The label sets of the series that any of the selectors matches."""
        del start, end
        return tuple(self._label_sets(match))[:limit]

    def query(self, expr: str, *, at: float | None = None) -> Result:
        """An expression at one moment; nothing where it cannot be evaluated."""
        moment = self._now if at is None else round(at * 1000)
        try:
            rows = evaluate_promql_range(expr, self._store, (moment,))
        except (EvaluationFailedError, UnsupportedError):
            return Result("vector")
        series = [
            ResultSeries(labels, ((moment / 1000, values[0]),))
            for labels, values in rows
            if values[0] is not None
        ]
        return Result("vector", tuple(series), len(series))


def selector_tests(selector: str) -> LabelTests | None:
    """What the series of a selector pass; None for what is no selector."""
    try:
        tree = parse_promql(selector).expr
    except RefusalError:
        return None
    if not isinstance(tree, VectorSelector):
        return None
    named: LabelTests = ((NAME, "=", tree.name),) if tree.name else ()
    return *named, *((one.label, one.operator, one.value) for one in tree.matchers)


class SampleStreams:
    """The labels of made-up log streams, as a Loki lists them.

    Args:
        lines: the lines.
    """

    def __init__(self, lines: LogStore) -> None:
        self._lines = lines

    def labels(self, *, start: float, end: float) -> tuple[str, ...]:
        """The labels that streams have."""
        del start, end
        return tuple(sorted({name for entry in self._lines.entries for name in entry.stream}))

    def label_values(self, label: str, *, start: float, end: float, selector: str = "") -> tuple[str, ...]:
        """The values of a label, of all streams or of those that a selector matches."""
        del start, end
        tests = stream_tests(selector) if selector else ()
        streams = (entry.stream for entry in self._lines.entries if passes(entry.stream, tests))
        return tuple(sorted({stream[label] for stream in streams if stream.get(label)}))


def stream_tests(selector: str) -> LabelTests:
    """What the streams of a selector pass; no tests for what is no selector."""
    tree = parse_logql(selector).tree
    if not isinstance(tree, nodes.LogQuery):
        return ()
    return tuple((one.label, one.operator, one.value) for one in tree.selector.matchers)

"""The values of a metric query in LogQL over a range of times. Source: pkg/logql of Loki 3.7.

The files are evaluator.go and range_vector.go. One moment is a range of one step.
"""

import math
from bisect import bisect_right
from typing import TypeAlias

from dashgen.evaluate.logql.log_lines import ERROR_LABEL, LogStore, PipedEntry
from dashgen.evaluate.logql.log_pipelines import duration_seconds, piped_entries
from dashgen.evaluate.promql.aggregations import aggregate, aggregated_labels
from dashgen.evaluate.promql.row_operations import ScalarRow, distinct_rows, present_rows
from dashgen.evaluate.promql.vector_matching import (
    SET_OPERATORS,
    VectorMatching,
    scalar_operation,
    set_operation,
    vector_operation,
    with_label,
    with_scalar,
)
from dashgen.evaluate.promql.window_functions import WINDOW_FUNCTIONS, WindowCall
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    LabelKey,
    Labels,
    Rows,
    RowValues,
    SeriesRow,
    Times,
    TimeSpan,
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
)
from dashgen.evaluate.server_patterns import ForeignPatternError, expanded, server_pattern
from dashgen.query.logql import nodes, parse_logql

LogValue: TypeAlias = ScalarRow | Rows
_BY_SECOND = frozenset({"rate", "bytes_rate"})


def evaluate_logql(expression: str, store: LogStore, at: int) -> Vector:
    """The series that a metric query gives at one time: a range of one step.

    Args:
        expression: LogQL without variables.
        store: the lines.
        at: the time in milliseconds.

    Raises:
        EvaluationFailedError: Loki would refuse the query on these lines.
        UnsupportedError: the evaluator lacks what the query uses.
    """
    rows = evaluate_logql_range(expression, store, (at,))
    return [VectorSample(labels, value) for labels, (value,) in rows if value is not None]


def evaluate_logql_range(expression: str, store: LogStore, times: Times) -> Rows:
    """The series that a metric query gives over a range of times.

    Args:
        expression: LogQL without variables.
        store: the lines.
        times: the steps, one at least.

    Raises:
        EvaluationFailedError: Loki would refuse the query on these lines, at any of the steps.
        UnsupportedError: the evaluator lacks what the query uses.
    """
    tree = parse_logql(expression).tree
    if tree is None:
        raise UnsupportedError(f"the query `{expression}`")
    try:
        value = _LogEvaluation(expression, store, times).value(tree)
    except ForeignPatternError as fault:
        raise UnsupportedError(str(fault)) from None
    except (ArithmeticError, RecursionError):
        raise UnsupportedError(f"numbers or levels as large as those of `{expression}`") from None
    return [SeriesRow({}, [*value.values])] if isinstance(value, ScalarRow) else value


class _LogEvaluation:
    """Evaluates the parts of an expression at all steps at once."""

    def __init__(self, expression: str, store: LogStore, times: Times) -> None:
        self.expression = expression
        self.store = store
        self.times = times

    def value(self, node: nodes.Expression) -> LogValue:
        if isinstance(node, nodes.RangeFunction):
            return self.ranged(node)
        if isinstance(node, nodes.Aggregation):
            return self.aggregated(node)
        if isinstance(node, nodes.Operation):
            return self.combined(node)
        if isinstance(node, nodes.LabelReplace):
            return self.replaced(node)
        if isinstance(node, nodes.Number):
            number = self.constant(float(node.value))
            return [SeriesRow({}, [*number.values])] if node.is_vector else number
        if isinstance(node, nodes.LogQuery):
            raise EvaluationFailedError("the query gives lines, and an alert needs numbers")
        raise UnsupportedError(f"`{self.expression[node.start : node.end]}`")

    def constant(self, number: float) -> ScalarRow:
        """A number that is the same at every step."""
        return ScalarRow([number] * len(self.times))

    def rows(self, node: nodes.Expression) -> Rows:
        value = self.value(node)
        return [SeriesRow({}, [*value.values])] if isinstance(value, ScalarRow) else value

    def ranged(self, node: nodes.RangeFunction) -> Rows:
        """A function of the lines in a range."""
        offset, length = _milliseconds(node.range.offset or "0s"), _milliseconds(node.range.range)
        spans = [TimeSpan(at - offset - length, at - offset) for at in self.times]
        entries = piped_entries(self.expression, node.range.query, self.store)
        windows = _windows(entries, spans)
        _refuse_errors(entries, windows)
        if node.name == "absent_over_time":
            missing: RowValues = [1.0 if low == high else None for low, high in windows]
            return present_rows([SeriesRow(_certain_labels(node.range.query.selector), missing)])
        groups: dict[LabelKey, tuple[Labels, list[PipedEntry]]] = {}
        for entry in entries[min(low for low, _ in windows) : max(high for _, high in windows)]:
            labels = _grouped(entry.labels, node.grouping)
            groups.setdefault(label_key(labels), (labels, []))[1].append(entry)
        return present_rows(
            SeriesRow(
                labels,
                [
                    self.computed(node, group[low:high], span, at) if low < high else None
                    for (low, high), span, at in zip(_windows(group, spans), spans, self.times, strict=True)
                ],
            )
            for labels, group in groups.values()
        )

    def computed(
        self, node: nodes.RangeFunction, entries: list[PipedEntry], span: TimeSpan, now: int
    ) -> float | None:
        """The value of a function of one series' entries, of which there are some."""
        start, end = span
        if node.range.unwrap is None:
            sizes = node.name.startswith("bytes_")
            amount = float(sum(len(one.line.encode()) for one in entries)) if sizes else float(len(entries))
            return amount / ((end - start) / 1000) if node.name in _BY_SECOND else amount
        values = [one.value for one in entries]
        if node.name == "rate":
            return sum(values) / ((end - start) / 1000)
        name = "rate" if node.name == "rate_counter" else node.name
        arguments = [float(node.parameter)] if node.parameter else []
        times = [one.at for one in entries]
        call = WindowCall(times, values, start, end, now, is_left_open=True, arguments=arguments)
        return WINDOW_FUNCTIONS[name](call)

    def aggregated(self, node: nodes.Aggregation) -> Rows:
        rows = self.rows(node.operand)
        if node.name in {"sort", "sort_desc"}:
            sign = -1 if node.name == "sort_desc" else 1
            return rows if len(self.times) > 1 else sorted(rows, key=lambda row: _sort_key(row, sign))

        def group(labels: Labels) -> Labels:
            return _grouped(labels, node.grouping or nodes.Grouping(0, 0, keeps=True, labels=()))

        parameter = self.constant(float(node.parameter)) if node.parameter else None
        return present_rows(aggregate(node.name, rows, group, parameter))

    def combined(self, node: nodes.Operation) -> LogValue:
        left, right = self.value(node.left), self.value(node.right)
        matching = _vector_matching(node)
        if node.operator in SET_OPERATORS:
            return set_operation(node.operator, self.rows(node.left), self.rows(node.right), matching)
        if isinstance(left, ScalarRow) and isinstance(right, ScalarRow):
            return scalar_operation(node.operator, left, right, is_bool=matching.is_bool)
        if isinstance(left, ScalarRow):
            swapped = VectorMatching(many="right", is_bool=matching.is_bool)
            return with_scalar(node.operator, self.rows(node.right), left, swapped)
        if isinstance(right, ScalarRow):
            return with_scalar(node.operator, left, right, matching)
        return vector_operation(node.operator, left, right, matching)

    def replaced(self, node: nodes.LabelReplace) -> Rows:
        target, replacement, source, pattern = (text.value for text in node.texts)
        compiled = server_pattern(pattern)
        results = []
        for labels, values in self.rows(node.operand):
            match = compiled.fullmatch(labels.get(source, ""))
            changed = labels if match is None else with_label(labels, target, expanded(replacement, match))
            results.append(SeriesRow(changed, values))
        return distinct_rows(results)


def _windows(entries: list[PipedEntry], spans: list[TimeSpan]) -> list[tuple[int, int]]:
    """The index of the first entry in each window and after the last; a window is open at its start."""
    times = [one.at for one in entries]
    return [(bisect_right(times, start), bisect_right(times, end)) for start, end in spans]


def _refuse_errors(entries: list[PipedEntry], windows: list[tuple[int, int]]) -> None:
    for index, entry in enumerate(entries):
        error = entry.labels.get(ERROR_LABEL)
        if error and any(low <= index < high for low, high in windows):
            raise EvaluationFailedError(f"a line has the error `{error}`, which the query does not drop")


def _sort_key(row: SeriesRow, sign: int) -> tuple[bool, float]:
    value = row.values[0]
    number = math.nan if value is None else value
    return math.isnan(number), sign * number


def _milliseconds(text: str) -> int:
    seconds = duration_seconds(text.strip("[] "))
    if seconds is None:
        raise UnsupportedError(f"the range `{text}`")
    return round(seconds * 1000)


def _grouped(labels: Labels, grouping: nodes.Grouping | None) -> Labels:
    if grouping is None:
        return labels
    return aggregated_labels(labels, grouping.labels, keeps=grouping.keeps)


def _certain_labels(selector: nodes.Selector) -> Labels:
    return {one.label: one.value for one in selector.matchers if one.operator == "="}


def _vector_matching(node: nodes.Operation) -> VectorMatching:
    matching = node.matching
    if matching is None:
        return VectorMatching(is_bool=node.is_bool)
    return VectorMatching(
        labels=matching.labels,
        is_on=matching.keeps,
        many={"group_left": "left", "group_right": "right"}.get(matching.side, ""),
        included=matching.include,
        is_bool=node.is_bool,
    )

"""The value of a metric query in LogQL. Source: pkg/logql/{evaluator,range_vector}.go of Loki 3.7."""

import math
from typing import TypeAlias

from dashgen.evaluate.logql.log_lines import ERROR_LABEL, LogStore, PipedEntry
from dashgen.evaluate.logql.log_pipelines import duration_seconds, piped_entries
from dashgen.evaluate.promql.aggregations import aggregate, aggregated_labels
from dashgen.evaluate.promql.vector_matching import (
    SET_OPERATORS,
    VectorMatching,
    operate,
    refuse_duplicates,
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
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
)
from dashgen.evaluate.server_patterns import ForeignPatternError, expanded, server_pattern
from dashgen.query.logql import nodes, parse_logql

LogValue: TypeAlias = float | Vector
_BY_SECOND = frozenset({"rate", "bytes_rate"})


def evaluate_logql(expression: str, store: LogStore, at: int) -> Vector:
    """The series that a metric query gives.

    Args:
        expression: LogQL without variables.
        store: the lines.
        at: the time in milliseconds.

    Raises:
        EvaluationFailedError: Loki would refuse the query on these lines.
        UnsupportedError: the evaluator lacks what the query uses.
    """
    tree = parse_logql(expression).tree
    if tree is None:
        raise UnsupportedError(f"the query `{expression}`")
    try:
        value = _LogMoment(expression, store, at).value(tree)
    except ForeignPatternError as fault:
        raise UnsupportedError(str(fault)) from None
    except (ArithmeticError, RecursionError):
        raise UnsupportedError(f"numbers or levels as large as those of `{expression}`") from None
    return [VectorSample({}, value)] if isinstance(value, float) else value


class _LogMoment:
    """Evaluates expressions at one time."""

    def __init__(self, expression: str, store: LogStore, at: int) -> None:
        self.expression = expression
        self.store = store
        self.at = at

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
            number = float(node.value)
            return [VectorSample({}, number)] if node.is_vector else number
        if isinstance(node, nodes.LogQuery):
            raise EvaluationFailedError("the query gives lines, and an alert needs numbers")
        raise UnsupportedError(f"`{self.expression[node.start : node.end]}`")

    def vector(self, node: nodes.Expression) -> Vector:
        value = self.value(node)
        return [VectorSample({}, value)] if isinstance(value, float) else value

    def ranged(self, node: nodes.RangeFunction) -> Vector:
        """A function of the lines in a range."""
        end = self.at - _milliseconds(node.range.offset or "0s")
        start = end - _milliseconds(node.range.range)
        entries = [
            one
            for one in piped_entries(self.expression, node.range.query, self.store)
            if start < one.at <= end
        ]
        for entry in entries:
            if entry.labels.get(ERROR_LABEL):
                error = entry.labels[ERROR_LABEL]
                raise EvaluationFailedError(f"a line has the error `{error}`, which the query does not drop")
        if node.name == "absent_over_time":
            return [] if entries else [VectorSample(_certain_labels(node.range.query.selector), 1.0)]
        groups: dict[LabelKey, tuple[Labels, list[PipedEntry]]] = {}
        for entry in entries:
            labels = _grouped(entry.labels, node.grouping)
            groups.setdefault(label_key(labels), (labels, []))[1].append(entry)
        return [
            VectorSample(labels, value)
            for labels, group in groups.values()
            if (value := self.computed(node, group, start, end)) is not None
        ]

    def computed(
        self, node: nodes.RangeFunction, entries: list[PipedEntry], start: int, end: int
    ) -> float | None:
        """The value of a function of one series' entries."""
        values = [one.value for one in entries]
        if node.range.unwrap is None:
            sizes = node.name.startswith("bytes_")
            amount = float(sum(len(one.line.encode()) for one in entries)) if sizes else float(len(entries))
            return amount / ((end - start) / 1000) if node.name in _BY_SECOND else amount
        if node.name == "rate":
            return sum(values) / ((end - start) / 1000)
        name = "rate" if node.name == "rate_counter" else node.name
        arguments = [float(node.parameter)] if node.parameter else []
        times = [one.at for one in entries]
        call = WindowCall(times, values, start, end, self.at, is_left_open=True, arguments=arguments)
        return WINDOW_FUNCTIONS[name](call)

    def aggregated(self, node: nodes.Aggregation) -> Vector:
        vector = self.vector(node.operand)
        if node.name in {"sort", "sort_desc"}:
            sign = -1 if node.name == "sort_desc" else 1
            return sorted(vector, key=lambda one: (math.isnan(one.value), sign * one.value))

        def group(labels: Labels) -> Labels:
            return _grouped(labels, node.grouping or nodes.Grouping(0, 0, keeps=True, labels=()))

        return aggregate(node.name, vector, group, float(node.parameter) if node.parameter else None)

    def combined(self, node: nodes.Operation) -> LogValue:
        left, right = self.value(node.left), self.value(node.right)
        matching = _vector_matching(node)
        if node.operator in SET_OPERATORS:
            return set_operation(node.operator, self.vector(node.left), self.vector(node.right), matching)
        if isinstance(left, float) and isinstance(right, float):
            value = operate(node.operator, left, right)
            return float(value is not None) if matching.is_bool else float(value or 0)
        if isinstance(left, float):
            swapped = VectorMatching(many="right", is_bool=matching.is_bool)
            return with_scalar(node.operator, self.vector(node.right), left, swapped)
        if isinstance(right, float):
            return with_scalar(node.operator, left, right, matching)
        return refuse_duplicates(vector_operation(node.operator, left, right, matching))

    def replaced(self, node: nodes.LabelReplace) -> Vector:
        target, replacement, source, pattern = (text.value for text in node.texts)
        compiled = server_pattern(pattern)
        results = []
        for labels, value in self.vector(node.operand):
            match = compiled.fullmatch(labels.get(source, ""))
            changed = labels if match is None else with_label(labels, target, expanded(replacement, match))
            results.append(VectorSample(changed, value))
        return refuse_duplicates(results)


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

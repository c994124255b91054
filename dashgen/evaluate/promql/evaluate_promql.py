"""The values of a PromQL expression over a range of times, from its syntax tree.

The tree is walked once for all steps: each part gives a row of values for every series. One moment is a range
of one step.
"""

import math
import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from msgspec.structs import replace

from dashgen.evaluate.promql.aggregations import aggregate, aggregated_labels
from dashgen.evaluate.promql.histogram_buckets import bucket_fractions, bucket_quantiles
from dashgen.evaluate.promql.moving_windows import WindowSteps, window_values
from dashgen.evaluate.promql.row_operations import (
    ScalarRow,
    distinct_rows,
    mapped_values,
    masked_values,
    presence,
    present_rows,
    without_name,
)
from dashgen.evaluate.promql.value_functions import DATE_FUNCTIONS, VALUE_FUNCTIONS, clamped_value
from dashgen.evaluate.promql.vector_matching import (
    SET_OPERATORS,
    VectorMatching,
    joined_labels,
    scalar_operation,
    set_operation,
    vector_operation,
    with_label,
    with_scalar,
)
from dashgen.evaluate.promql.window_functions import KEEP_NAMES, WINDOW_FUNCTIONS
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    Labels,
    LabelTest,
    LabelTests,
    Matrix,
    Rows,
    SampleStore,
    SeriesRow,
    SeriesWindows,
    Times,
    TimeSpan,
    UnsupportedError,
    Vector,
    VectorSample,
    WindowLayout,
    window_layout,
)
from dashgen.evaluate.server_patterns import ForeignPatternError, expanded, server_pattern
from dashgen.query.promql.promql_nodes import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Duration,
    Expr,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
    seconds_of,
)
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.promql.syntax_tree import Visitor
from dashgen.query.scanning import RefusalError

Value: TypeAlias = ScalarRow | str | Rows | Matrix
DEFAULT_STEP: Final = 60_000
"""The step of a subquery without one, in milliseconds: the servers' evaluation interval."""
_PARSED: Final = 256
_REMEMBERED: Final = (VectorSelector, Call, AggregateExpr, BinaryExpr)


@lru_cache(maxsize=_PARSED)
def _tree(expression: str) -> Expr | str:
    try:
        return parse_promql(expression).expr
    except RefusalError as refusal:
        return str(refusal)


def evaluate_promql(
    expression: str, store: SampleStore, at: int, step: int = DEFAULT_STEP
) -> float | str | Vector:
    """The value of an expression at one time: a range of one step.

    Args:
        expression: PromQL without variables.
        store: the series.
        at: the time in milliseconds.
        step: the step of subqueries that name none.

    Raises:
        EvaluationFailedError: the server would refuse to evaluate it on this data.
        UnsupportedError: the evaluator lacks what the expression uses.
    """
    value = _value(expression, store, (at,), step)
    if isinstance(value, ScalarRow):
        return value.values[0]
    if isinstance(value, str):
        return value
    return [VectorSample(labels, number) for labels, (number,) in value if number is not None]


def evaluate_promql_range(
    expression: str, store: SampleStore, times: Times, step: int = DEFAULT_STEP
) -> Rows:
    """The series of an expression over a range of times; a number is a series without labels.

    Args:
        expression: PromQL without variables.
        store: the series.
        times: the steps, one at least.
        step: the step of subqueries that name none.

    Raises:
        EvaluationFailedError: the server would refuse to evaluate it on this data, at any of the steps.
        UnsupportedError: the evaluator lacks what the expression uses.
    """
    value = _value(expression, store, times, step)
    if isinstance(value, str):
        raise EvaluationFailedError("the result is a text")
    return [SeriesRow({}, [*value.values])] if isinstance(value, ScalarRow) else distinct_rows(value)


def _value(expression: str, store: SampleStore, times: Times, step: int) -> ScalarRow | str | Rows:
    tree = _tree(expression)
    if isinstance(tree, str):
        raise UnsupportedError(f"the query `{expression}`")
    try:
        value = _Evaluation(expression, store, times, step).visit(tree)
    except ForeignPatternError as fault:
        raise UnsupportedError(str(fault)) from None
    except (ArithmeticError, RecursionError):
        raise UnsupportedError(f"numbers or levels as large as those of `{expression}`") from None
    if isinstance(value, Matrix):
        raise EvaluationFailedError("the result is a range of values")
    return value


def _reads_only_the_past(node: Expr) -> bool:
    """Whether an expression is nothing but samples, so that it is empty before the first of all."""
    node = _bare(node)
    if isinstance(node, Call) and node.name in WINDOW_FUNCTIONS:
        return all(_reads_only_the_past(one) for one in node.args if not isinstance(one, NumberLiteral))
    selector = node.vector_selector if isinstance(node, MatrixSelector) else node
    return isinstance(selector, VectorSelector) and selector.offset is None and selector.at is None


class _Evaluation(Visitor[Value]):
    """Evaluates the parts of an expression at all steps at once."""

    def __init__(self, expression: str, store: SampleStore, times: Times, step: int) -> None:
        self.expression = expression
        self.store = store
        self.times = times
        self.step = step

    def visit(self, node: Expr) -> Value:
        """The value of an expression, computed once where the store remembers results."""
        remembered = self.store.results
        if remembered is None or not isinstance(node, _REMEMBERED):
            return super().visit(node)
        key = self.expression[node.start : node.end], self.times, self.step
        if key not in remembered:
            value = super().visit(node)
            if not isinstance(value, list):
                return value
            remembered[key] = value
        return remembered[key]

    def number(self, node: NumberLiteral) -> Value:
        return self.constant(float(node.val))

    def constant(self, number: float) -> ScalarRow:
        """A number that is the same at every step."""
        return ScalarRow([number] * len(self.times))

    def string(self, node: StringLiteral) -> Value:
        return str(node.val)

    def selector(self, node: VectorSelector) -> Value:
        return self.over_steps(node, self.store.rows(self.tests(node), self.moments(node)))

    def over_steps(self, node: VectorSelector, rows: Rows) -> Rows:
        """The rows of a selector; with `@`, its one value holds at every step."""
        if node.at is None:
            return rows
        return [SeriesRow(labels, values * len(self.times)) for labels, values in rows]

    def tests(self, node: VectorSelector) -> LabelTests:
        """What the labels of a selector's series pass."""
        if node.extension:
            raise UnsupportedError(f"`{node.extension}`")
        tests: list[LabelTest] = [(NAME, "=", node.name)] if node.name else []
        return *tests, *((one.label, one.operator, one.value) for one in node.matchers)

    def moments(self, node: VectorSelector | SubqueryExpr) -> Times:
        """The times that a selector or subquery looks at, by its modifiers; with `@` it is one."""
        offset = _milliseconds(node.offset.duration) if node.offset is not None else 0
        if node.at is not None:
            if node.at.time is None:
                raise UnsupportedError(f"`@ {node.at.function}()`")
            return (round(node.at.time * 1000) - offset,)
        if not offset:
            return self.times
        if isinstance(self.times, range):
            return range(self.times.start - offset, self.times.stop - offset, self.times.step)
        return tuple([at - offset for at in self.times])

    def spans(self, node: MatrixSelector | SubqueryExpr) -> list[TimeSpan]:
        """The range of a range selector or a subquery at each step."""
        length = _milliseconds(node.range)
        ends = self.moments(node.vector_selector if isinstance(node, MatrixSelector) else node)
        spans = [TimeSpan(end - length, end) for end in ends]
        return spans if len(spans) == len(self.times) else spans * len(self.times)

    def matrix(self, node: MatrixSelector) -> Value:
        spans = self.spans(node)
        return Matrix(self.store.windows(self.tests(node.vector_selector), spans), spans)

    def subquery(self, node: SubqueryExpr) -> Value:
        spans = self.spans(node)
        step = _milliseconds(node.step) if node.step is not None else self.step
        if step <= 0:
            raise EvaluationFailedError("a subquery has a step that is not longer than 0")
        earliest = self.store.beginning if _reads_only_the_past(node.expr) else None
        times = self.inner_times(spans, step, earliest)
        if not times:
            return Matrix([], spans)
        inner = _Evaluation(self.expression, self.store, times, self.step).visit(node.expr)
        rows = (
            [SeriesRow({}, [*inner.values])] if isinstance(inner, ScalarRow) else distinct_rows(_rows(inner))
        )
        shared = self.layout(times, spans)
        windows = []
        for labels, values in rows:
            samples = [(at, value) for at, value in zip(times, values, strict=True) if value is not None]
            layout = shared if len(samples) == len(times) else self.layout([at for at, _ in samples], spans)
            windows.append(SeriesWindows(labels, [value for _, value in samples], layout))
        return Matrix(windows, spans)

    def inner_times(self, spans: Sequence[TimeSpan], step: int, earliest: int | None) -> Times:
        """All times at which the expression of a subquery is needed."""
        ranges = []
        for span in spans:
            start = span.start + self.store.is_left_open
            start = start if earliest is None else max(start, earliest)
            ranges.append(range(-(-start // step) * step, span.end + 1, step))
        if all(before.stop + step > after.start for before, after in pairwise(ranges)):
            return range(ranges[0].start, max(one.stop for one in ranges), step)
        return tuple(sorted({at for one in ranges for at in one}))

    def layout(self, times: Sequence[int], spans: Sequence[TimeSpan]) -> WindowLayout:
        """Where windows are in samples at these times."""
        return window_layout(times, spans, is_left_open=self.store.is_left_open)

    def unary(self, node: UnaryExpr) -> Value:
        value = self.visit(node.expr)
        if node.op == "+":
            return value
        if isinstance(value, ScalarRow):
            return ScalarRow([-number for number in value.values])
        return distinct_rows(
            [
                SeriesRow(without_name(labels), mapped_values(operator.neg, values))
                for labels, values in _rows(value)
            ]
        )

    def paren(self, node: ParenExpr) -> Value:
        return self.visit(node.expr)

    def aggregate(self, node: AggregateExpr) -> Value:
        rows = _rows(self.visit(node.expr))
        parameter = self.visit(node.param) if node.param is not None else None
        keeps = node.grouping is None or not node.grouping.without
        names = () if node.grouping is None else node.grouping.names

        def group(labels: Labels) -> Labels:
            return aggregated_labels(labels, names, keeps=keeps)

        return present_rows(
            aggregate(node.op, rows, group, parameter if isinstance(parameter, ScalarRow | str) else None)
        )

    def combined(self, node: BinaryExpr, left: Value, right: Value) -> Value:
        sign, matching = node.op, _matching(node)
        if sign in SET_OPERATORS:
            return set_operation(sign, _rows(left), _rows(right), matching)
        if isinstance(left, ScalarRow) and isinstance(right, ScalarRow):
            return scalar_operation(sign, left, right, is_bool=matching.is_bool)
        if isinstance(left, ScalarRow):
            return with_scalar(sign, _rows(right), left, replace(matching, many="right"))
        if isinstance(right, ScalarRow):
            return with_scalar(sign, _rows(left), right, replace(matching, many="left"))
        return vector_operation(sign, _rows(left), _rows(right), matching)

    def call(self, node: Call) -> Value:
        name = node.name
        if name in WINDOW_FUNCTIONS:
            return self.windowed(name, node.args)
        if name in VALUE_FUNCTIONS:
            return self.valued(VALUE_FUNCTIONS[name], node.args)
        if name in DATE_FUNCTIONS:
            return self.dated(name, node.args)
        method = _CALLS.get(name)
        if method is None:
            raise UnsupportedError(f"the function `{name}`")
        return method(self, node.args)

    def windowed(self, name: str, arguments: Sequence[Expr]) -> Value:
        """A function of the samples in a range."""
        values = [self.visit(one) for one in arguments]
        matrix = next((one for one in values if isinstance(one, Matrix)), None)
        if matrix is None:
            raise EvaluationFailedError("a range of values is needed")
        numbers = [one.values for one in values if isinstance(one, ScalarRow)]
        steps = WindowSteps(self.times, numbers, self.store.is_left_open)
        rows = [
            SeriesRow(
                windows.labels if name in KEEP_NAMES else without_name(windows.labels),
                window_values(name, windows, steps),
            )
            for windows in matrix.windows
        ]
        return distinct_rows(rows)

    def scalar(self, node: Expr) -> ScalarRow:
        """The number that an argument is at each step."""
        value = self.visit(node)
        if isinstance(value, ScalarRow):
            return value
        raise EvaluationFailedError("an argument is no number")

    def text(self, node: Expr) -> str:
        """The text that an argument is."""
        return str(self.visit(node))

    def rows(self, node: Expr) -> Rows:
        """The series that an argument is."""
        return _rows(self.visit(node))

    def valued(self, compute: Callable[..., float], arguments: Sequence[Expr]) -> Rows:
        """A function of each value of a series."""
        numbers = [self.scalar(one).values for one in arguments[1:]]
        rows = []
        for labels, values in self.rows(arguments[0]):
            results = [
                None if value is None else float(compute(value, *others))
                for value, *others in zip(values, *numbers, strict=True)
            ]
            rows.append(SeriesRow(without_name(labels), results))
        return distinct_rows(rows)

    def clamped(self, arguments: Sequence[Expr]) -> Rows:
        """`clamp`, which drops everything when its limits are the wrong way round."""
        lows, highs = (self.scalar(one).values for one in arguments[1:])
        is_right = [not low > high for low, high in zip(lows, highs, strict=True)]
        rows = self.valued(clamped_value, arguments)
        return present_rows(SeriesRow(labels, masked_values(values, is_right)) for labels, values in rows)

    def dated(self, name: str, arguments: Sequence[Expr]) -> Rows:
        """A function of times in seconds."""
        if not arguments:
            return [SeriesRow({}, [DATE_FUNCTIONS[name](at / 1000) for at in self.times])]
        return self.valued(DATE_FUNCTIONS[name], arguments)

    def absent(self, arguments: Sequence[Expr]) -> Rows:
        """`absent`, with the labels that the selector's matchers say."""
        return self.missing(presence(self.rows(arguments[0]), len(self.times)), arguments[0])

    def absent_over_time(self, arguments: Sequence[Expr]) -> Rows:
        """`absent_over_time`."""
        value = self.visit(arguments[0])
        windows = value.windows if isinstance(value, Matrix) else []
        filled = [
            any(one.layout.lows[step] < one.layout.highs[step] for one in windows)
            for step in range(len(self.times))
        ]
        return self.missing(filled, arguments[0])

    def missing(self, present: Sequence[bool], node: Expr) -> Rows:
        """A series that is 1 where a selector gives nothing."""
        return present_rows([SeriesRow(_certain_labels(node), [None if one else 1.0 for one in present])])

    def single(self, arguments: Sequence[Expr]) -> ScalarRow:
        """`scalar`: the value of the one series that has any."""
        rows = self.rows(arguments[0])
        if len(rows) == 1:
            return ScalarRow([math.nan if value is None else value for value in rows[0].values])
        columns = zip(*(row.values for row in rows), strict=True) if rows else [()] * len(self.times)
        present = ([value for value in column if value is not None] for column in columns)
        return ScalarRow([values[0] if len(values) == 1 else math.nan for values in present])

    def timestamps(self, arguments: Sequence[Expr]) -> Rows:
        """`timestamp`: of a selector's samples, or the time of the evaluation."""
        node = _bare(arguments[0])
        if isinstance(node, VectorSelector):
            rows = self.over_steps(node, self.store.sample_times(self.tests(node), self.moments(node)))
        else:
            rows = [
                SeriesRow(
                    labels,
                    [None if value is None else at for value, at in zip(values, self.times, strict=True)],
                )
                for labels, values in self.rows(node)
            ]
        return distinct_rows(
            [SeriesRow(without_name(labels), mapped_values(_seconds, values)) for labels, values in rows]
        )

    def replaced(self, arguments: Sequence[Expr]) -> Rows:
        """`label_replace`."""
        rows = self.rows(arguments[0])
        target, replacement, source, pattern = (self.text(one) for one in arguments[1:])
        compiled = server_pattern(pattern)
        results = []
        for labels, values in rows:
            match = compiled.fullmatch(labels.get(source, ""))
            changed = labels if match is None else with_label(labels, target, expanded(replacement, match))
            results.append(SeriesRow(changed, values))
        return distinct_rows(results)

    def joined(self, arguments: Sequence[Expr]) -> Rows:
        """`label_join`."""
        target, separator, *sources = (self.text(one) for one in arguments[1:])
        return distinct_rows(
            [SeriesRow(joined_labels(labels, target, separator, sources), values)
             for labels, values in self.rows(arguments[0])]
        )  # fmt: skip

    def ordered(self, arguments: Sequence[Expr], sign: int = 1) -> Rows:
        """`sort` and `sort_desc`, which matter at one moment only; NaN is last."""
        rows = self.rows(arguments[0])
        if len(self.times) > 1:
            return rows
        return sorted(rows, key=lambda row: _sort_key(row.values[0], sign))


def _seconds(milliseconds: float) -> float:
    return milliseconds / 1000


def _sort_key(value: float | None, sign: int) -> tuple[bool, float]:
    number = math.nan if value is None else value
    return math.isnan(number), sign * number


def _bare(node: Expr) -> Expr:
    """The expression without parentheses around it."""
    while isinstance(node, ParenExpr):
        node = node.expr
    return node


def _rows(value: Value) -> Rows:
    if isinstance(value, list):
        return value
    raise EvaluationFailedError("a vector of values is needed")


def _matching(node: BinaryExpr) -> VectorMatching:
    matching = node.matching
    if matching is None:
        return VectorMatching(is_bool=node.return_bool)
    if matching.fill_left is not None or matching.fill_right is not None:
        raise UnsupportedError("`fill`")
    return VectorMatching(
        labels=matching.names,
        is_on=matching.on,
        many=matching.group.removeprefix("group_"),
        included=matching.included,
        is_bool=node.return_bool,
    )


def _milliseconds(duration: Duration) -> int:
    seconds = seconds_of(duration)
    if seconds is None:
        raise UnsupportedError("a duration that depends on the panel")
    return round(seconds * 1000)


def _certain_labels(node: Expr) -> Labels:
    """The labels that a selector's series would have (``createLabelsForAbsentFunction``)."""
    node = _bare(node)
    selector = node.vector_selector if isinstance(node, MatrixSelector) else node
    if not isinstance(selector, VectorSelector):
        return {}
    matchers = [one for one in selector.matchers if one.label != NAME]
    names = [one.label for one in matchers]
    return {one.label: one.value for one in matchers if one.operator == "=" and names.count(one.label) == 1}


_CALLS: Final[dict[str, Callable[[_Evaluation, Sequence[Expr]], Value]]] = {
    "absent": _Evaluation.absent,
    "absent_over_time": _Evaluation.absent_over_time,
    "clamp": _Evaluation.clamped,
    "scalar": _Evaluation.single,
    "timestamp": _Evaluation.timestamps,
    "label_replace": _Evaluation.replaced,
    "label_join": _Evaluation.joined,
    "sort": _Evaluation.ordered,
    "sort_desc": lambda run, arguments: run.ordered(arguments, -1),
    "vector": lambda run, arguments: [SeriesRow({}, [*run.scalar(arguments[0]).values])],
    "time": lambda run, _: ScalarRow([at / 1000 for at in run.times]),
    "pi": lambda run, _: run.constant(math.pi),
    "histogram_quantile": lambda run, arguments: bucket_quantiles(
        run.scalar(arguments[0]), run.rows(arguments[1])
    ),
    "histogram_fraction": lambda run, arguments: bucket_fractions(
        run.scalar(arguments[0]), run.scalar(arguments[1]), run.rows(arguments[2])
    ),
}

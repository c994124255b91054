"""The value of a PromQL expression at a time, from its syntax tree."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec.structs import replace

from dashgen.evaluate.promql.aggregations import aggregate, aggregated_labels
from dashgen.evaluate.promql.histogram_buckets import bucket_fractions, bucket_quantiles
from dashgen.evaluate.promql.value_functions import DATE_FUNCTIONS, VALUE_FUNCTIONS, clamped_value
from dashgen.evaluate.promql.vector_matching import (
    SET_OPERATORS,
    VectorMatching,
    joined_labels,
    operate,
    refuse_duplicates,
    set_operation,
    vector_operation,
    with_label,
    with_scalar,
    without_name,
)
from dashgen.evaluate.promql.window_functions import KEEP_NAMES, WINDOW_FUNCTIONS, WindowCall
from dashgen.evaluate.samples import (
    NAME,
    EvaluationFailedError,
    LabelKey,
    Labels,
    LabelTest,
    Matrix,
    SampleStore,
    SampleWindow,
    StoredSeries,
    TimeSpan,
    UnsupportedError,
    Vector,
    VectorSample,
    label_key,
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

Value: TypeAlias = float | str | Vector | Matrix
DEFAULT_STEP: Final = 60_000
"""The step of a subquery without one, in milliseconds: the servers' evaluation interval."""
_PARSED: Final = 256


@lru_cache(maxsize=_PARSED)
def _tree(expression: str) -> Expr | str:
    try:
        return parse_promql(expression).expr
    except RefusalError as refusal:
        return str(refusal)


def evaluate_promql(
    expression: str, store: SampleStore, at: int, step: int = DEFAULT_STEP
) -> float | str | Vector:
    """The value of an expression.

    Args:
        expression: PromQL without variables.
        store: the series.
        at: the time in milliseconds.
        step: the step of subqueries that name none.

    Raises:
        EvaluationFailedError: the server would refuse to evaluate it on this data.
        UnsupportedError: the evaluator lacks what the expression uses.
    """
    tree = _tree(expression)
    if isinstance(tree, str):
        raise UnsupportedError(f"the query `{expression}`")
    try:
        value = _Moment(store, at, step).visit(tree)
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


class _Moment(Visitor[Value]):
    """Evaluates expressions at one time."""

    def __init__(self, store: SampleStore, at: int, step: int) -> None:
        self.store = store
        self.at = at
        self.step = step

    def number(self, node: NumberLiteral) -> Value:
        return float(node.val)

    def string(self, node: StringLiteral) -> Value:
        return str(node.val)

    def selector(self, node: VectorSelector) -> Value:
        return [VectorSample(labels, value) for labels, _, value in self.latest(node)]

    def latest(self, node: VectorSelector) -> list[tuple[Labels, int, float]]:
        """The newest sample of each series that a selector selects, with its time."""
        at = self.moment(node)
        newest = ((series.labels, self.store.value_at(series, at)) for series in self.series(node))
        return [(labels, *sample) for labels, sample in newest if sample is not None]

    def series(self, node: VectorSelector) -> list[StoredSeries]:
        """The series that a selector selects."""
        if node.extension:
            raise UnsupportedError(f"`{node.extension}`")
        tests: list[LabelTest] = [(NAME, "=", node.name)] if node.name else []
        tests += [(one.label, one.operator, one.value) for one in node.matchers]
        return self.store.select(tuple(tests))

    def moment(self, node: VectorSelector | SubqueryExpr) -> int:
        """The time that a selector or subquery looks at, by its modifiers `offset` and `@`."""
        at = self.at
        if node.at is not None:
            if node.at.time is None:
                raise UnsupportedError(f"`@ {node.at.function}()`")
            at = round(node.at.time * 1000)
        return at - (_milliseconds(node.offset.duration) if node.offset is not None else 0)

    def matrix(self, node: MatrixSelector) -> Value:
        selector = node.vector_selector
        end = self.moment(selector)
        span = TimeSpan(end - _milliseconds(node.range), end)
        return Matrix([self.store.window(series, span) for series in self.series(selector)])

    def subquery(self, node: SubqueryExpr) -> Value:
        span = self.span(node)
        step = _milliseconds(node.step) if node.step is not None else self.step
        if step <= 0:
            raise EvaluationFailedError("a subquery has a step that is not longer than 0")
        start = span.start + self.store.is_left_open
        if _reads_only_the_past(node.expr):
            start = max(start, self.store.beginning)
        first = -(-start // step) * step
        windows: dict[LabelKey, SampleWindow] = {}
        for at in range(first, span.end + 1, step):
            inner = _Moment(self.store, at, self.step).visit(node.expr)
            for labels, value in [VectorSample({}, inner)] if isinstance(inner, float) else _vector(inner):
                window = windows.setdefault(label_key(labels), SampleWindow(labels, [], []))
                window.times.append(at)
                window.values.append(value)
        return Matrix(list(windows.values()))

    def span(self, node: MatrixSelector | SubqueryExpr) -> TimeSpan:
        """The range of a range selector or a subquery."""
        end = self.moment(node.vector_selector if isinstance(node, MatrixSelector) else node)
        return TimeSpan(end - _milliseconds(node.range), end)

    def unary(self, node: UnaryExpr) -> Value:
        value = self.visit(node.expr)
        if node.op == "+":
            return value
        if isinstance(value, float):
            return -value
        return refuse_duplicates(
            [VectorSample(without_name(labels), -number) for labels, number in _vector(value)]
        )

    def paren(self, node: ParenExpr) -> Value:
        return self.visit(node.expr)

    def aggregate(self, node: AggregateExpr) -> Value:
        vector = _vector(self.visit(node.expr))
        parameter = self.visit(node.param) if node.param is not None else None
        keeps = node.grouping is None or not node.grouping.without
        names = () if node.grouping is None else node.grouping.names

        def group(labels: Labels) -> Labels:
            return aggregated_labels(labels, names, keeps=keeps)

        return aggregate(node.op, vector, group, parameter if isinstance(parameter, float | str) else None)

    def combined(self, node: BinaryExpr, left: Value, right: Value) -> Value:
        operator, matching = node.op, _matching(node)
        if operator in SET_OPERATORS:
            return set_operation(operator, _vector(left), _vector(right), matching)
        if isinstance(left, float) and isinstance(right, float):
            value = operate(operator, left, right)
            return float(value is not None) if matching.is_bool else float(value or 0)
        if isinstance(left, float):
            return refuse_duplicates(
                with_scalar(operator, _vector(right), left, replace(matching, many="right"))
            )
        if isinstance(right, float):
            return refuse_duplicates(with_scalar(operator, _vector(left), right, matching))
        return refuse_duplicates(vector_operation(operator, _vector(left), _vector(right), matching))

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
        values_of = [(self.visit(one), one) for one in arguments]
        matrix, ranged = next((value, one) for value, one in values_of if isinstance(value, Matrix))
        numbers = [value for value, _ in values_of if isinstance(value, float)]
        node = _bare(ranged)
        if not isinstance(node, MatrixSelector | SubqueryExpr):
            raise EvaluationFailedError("a range of values is needed")
        span = self.span(node)
        results = []
        for labels, times, values in matrix.windows:
            call = WindowCall(times, values, span.start, span.end, self.at, self.store.is_left_open, numbers)
            value = WINDOW_FUNCTIONS[name](call)
            if value is not None:
                results.append(
                    VectorSample(labels if name in KEEP_NAMES else without_name(labels), float(value))
                )
        return refuse_duplicates(results)

    def scalar(self, node: Expr) -> float:
        """The number that an argument is."""
        value = self.visit(node)
        if isinstance(value, float):
            return value
        raise EvaluationFailedError("an argument is no number")

    def text(self, node: Expr) -> str:
        """The text that an argument is."""
        return str(self.visit(node))

    def vector(self, node: Expr) -> Vector:
        """The vector that an argument is."""
        return _vector(self.visit(node))

    def valued(self, compute: Callable[..., float], arguments: Sequence[Expr]) -> Vector:
        """A function of each value of a vector."""
        numbers = [self.scalar(one) for one in arguments[1:]]
        vector = self.vector(arguments[0])
        return refuse_duplicates(
            [VectorSample(without_name(labels), float(compute(value, *numbers))) for labels, value in vector]
        )

    def clamped(self, arguments: Sequence[Expr]) -> Vector:
        """`clamp`, which drops everything when its limits are the wrong way round."""
        low, high = (self.scalar(one) for one in arguments[1:])
        return [] if low > high else self.valued(clamped_value, arguments)

    def dated(self, name: str, arguments: Sequence[Expr]) -> Vector:
        """A function of times in seconds."""
        if not arguments:
            return [VectorSample({}, DATE_FUNCTIONS[name](self.at / 1000))]
        return self.valued(DATE_FUNCTIONS[name], arguments)

    def absent(self, arguments: Sequence[Expr]) -> Vector:
        """`absent`, with the labels that the selector's matchers say."""
        return [] if self.vector(arguments[0]) else [VectorSample(_certain_labels(arguments[0]), 1.0)]

    def absent_over_time(self, arguments: Sequence[Expr]) -> Vector:
        """`absent_over_time`."""
        windows = self.visit(arguments[0])
        if isinstance(windows, Matrix) and any(window.values for window in windows.windows):
            return []
        return [VectorSample(_certain_labels(arguments[0]), 1.0)]

    def single(self, arguments: Sequence[Expr]) -> float:
        """`scalar`: the value of a vector with one sample."""
        vector = self.vector(arguments[0])
        return vector[0].value if len(vector) == 1 else math.nan

    def timestamps(self, arguments: Sequence[Expr]) -> Vector:
        """`timestamp`: of a selector's samples, or the time of the evaluation."""
        node = _bare(arguments[0])
        if isinstance(node, VectorSelector):
            times = [(labels, at) for labels, at, _ in self.latest(node)]
        else:
            times = [(labels, self.at) for labels, _ in self.vector(node)]
        return refuse_duplicates([VectorSample(without_name(labels), at / 1000) for labels, at in times])

    def replaced(self, arguments: Sequence[Expr]) -> Vector:
        """`label_replace`."""
        vector = self.vector(arguments[0])
        target, replacement, source, pattern = (self.text(one) for one in arguments[1:])
        compiled = server_pattern(pattern)
        results = []
        for labels, value in vector:
            match = compiled.fullmatch(labels.get(source, ""))
            changed = labels if match is None else with_label(labels, target, expanded(replacement, match))
            results.append(VectorSample(changed, value))
        return refuse_duplicates(results)

    def joined(self, arguments: Sequence[Expr]) -> Vector:
        """`label_join`."""
        target, separator, *sources = (self.text(one) for one in arguments[1:])
        return refuse_duplicates(
            [VectorSample(joined_labels(labels, target, separator, sources), value)
             for labels, value in self.vector(arguments[0])]
        )  # fmt: skip

    def ordered(self, arguments: Sequence[Expr], sign: int = 1) -> Vector:
        """`sort` and `sort_desc`; NaN is last."""
        return sorted(self.vector(arguments[0]), key=lambda one: (math.isnan(one.value), sign * one.value))


def _bare(node: Expr) -> Expr:
    """The expression without parentheses around it."""
    while isinstance(node, ParenExpr):
        node = node.expr
    return node


def _vector(value: Value) -> Vector:
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


_CALLS: Final[dict[str, Callable[[_Moment, Sequence[Expr]], Value]]] = {
    "absent": _Moment.absent,
    "absent_over_time": _Moment.absent_over_time,
    "clamp": _Moment.clamped,
    "scalar": _Moment.single,
    "timestamp": _Moment.timestamps,
    "label_replace": _Moment.replaced,
    "label_join": _Moment.joined,
    "sort": _Moment.ordered,
    "sort_desc": lambda moment, arguments: moment.ordered(arguments, -1),
    "vector": lambda moment, arguments: [VectorSample({}, moment.scalar(arguments[0]))],
    "time": lambda moment, _: moment.at / 1000,
    "pi": lambda _, __: math.pi,
    "histogram_quantile": lambda moment, arguments: bucket_quantiles(
        moment.scalar(arguments[0]), moment.vector(arguments[1])
    ),
    "histogram_fraction": lambda moment, arguments: bucket_fractions(
        moment.scalar(arguments[0]), moment.scalar(arguments[1]), moment.vector(arguments[2])
    ),
}

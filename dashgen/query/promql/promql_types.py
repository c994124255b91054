"""Check the types of PromQL expressions: what functions, aggregations and operators take.

Source: `checkAST` in promql/parser/parse.go of Prometheus 3.14.
"""

from collections.abc import Sequence
from typing import Final, NoReturn

from dashgen.query.promql.promql_names import (
    AGGREGATION_PARAMETERS,
    COMPARISONS,
    SET_OPERATORS,
    PromQLFunction,
)
from dashgen.query.promql.promql_nodes import Expr, SeriesMatching, ValueType, VectorSelector
from dashgen.query.promql.promql_refusals import count_of, refuse_at

_NAMES: Final[dict[ValueType, str]] = {
    "vector": "series",
    "scalar": "a number",
    "string": "a text in quotes",
    "matrix": "a range of values",
}
_HINTS: Final = {
    ("scalar", "vector"): "write a number there, or `scalar(…)` around a single series",
    ("vector", "scalar"): "put `vector(…)` around the number",
    ("string", "vector"): "put the text in quotes",
    ("string", "scalar"): "put the text in quotes",
    ("vector", "string"): 'remove the quotes, or put a name that needs them in braces, as in `{"name"}`',
    ("scalar", "string"): "remove the quotes",
    ("vector", "matrix"): "put `rate(…)` or another function that takes a range around it",
}
_EXAMPLES: Final[dict[ValueType, str]] = {
    "vector": "metric",
    "scalar": "number",
    "string": '"text"',
    "matrix": "metric[5m]",
}
_TAKE_A_RANGE: Final = "put `rate(…)` or another function that takes a range around it"
_AROUND_THE_RANGE: Final = "put `rate(…)` or another function that takes a range around the range"


def check_call(
    name: str, start: int, function: PromQLFunction, arguments: Sequence[Expr], behind: str = ""
) -> None:
    """Check the number and the types of a function's arguments.

    Args:
        name: the function.
        start: the offset of the call.
        function: what it takes.
        arguments: what it is called with.
        behind: the brackets behind the call, if any, which may have been meant for the metric.

    Raises:
        RefusalError: they are not what the function takes.
    """
    count = len(arguments)
    types = function.arguments
    if not function.least <= count or (function.most is not None and count > function.most):
        _refuse_count(name, start, function, count)
    for index, argument in enumerate(arguments):
        expected = types[index] if index < len(types) else types[-1]
        if argument.type != expected:
            if expected == "matrix" and behind and argument.type == "vector":
                hint = f"move `{behind}` behind the metric"
                refuse_at(start, f"`{name}` needs a range of values", hint)
            _refuse_argument(name, start, expected, argument)
    if name == "info" and count == 2:
        _check_info(arguments[1])


def _refuse_count(name: str, start: int, function: PromQLFunction, count: int) -> NoReturn:
    bound, limit = "", function.least
    if function.most != function.least:
        is_few = count < function.least
        bound = "at least " if is_few else "at most "
        limit = function.least if is_few else function.most or 0
    example = ", ".join(_EXAMPLES[type_] for type_ in function.arguments[:limit])
    refuse_at(start, f"`{name}` takes {count_of(limit, bound)}, not {count}", f"write `{name}({example})`")


def _refuse_argument(name: str, start: int, expected: ValueType, argument: Expr) -> NoReturn:
    if expected == "matrix":
        hint = f"write a range after the metric, as in `{name}(metric[5m])`, or `[1h:]` after an expression"
        refuse_at(start, f"`{name}` needs a range of values", hint)
    if argument.type == "matrix":
        refuse_at(start, f"`{name}` cannot take a range of values", _TAKE_A_RANGE)
    hint = _HINTS.get((expected, argument.type), "")
    refuse_at(argument.start, f"`{name}` takes {_mismatch(expected, argument.type)}", hint)


def _check_info(labels: Expr) -> None:
    if not isinstance(labels, VectorSelector) or labels.name:
        hint = 'write matchers in braces, as in `info(metric, {__name__="target_info"})`'
        refuse_at(labels.start, "`info` takes label matchers there", hint)


def check_aggregation(name: str, start: int, arguments: Sequence[Expr]) -> None:
    """Check the number and the types of an aggregation's arguments.

    Raises:
        RefusalError: they are not what the aggregation takes.
    """
    parameter = AGGREGATION_PARAMETERS.get(name)
    expected_count = 1 if parameter is None else 2
    if not arguments:
        refuse_at(start, f"`{name}` has nothing to aggregate", f"write `{name}(metric)`")
    if len(arguments) != expected_count:
        example = '"value", metric' if parameter == "string" else "5, metric"
        hint = (
            f"write its parameter first, as in `{name}({example})`"
            if parameter
            else "aggregate one expression"
        )
        refuse_at(start, f"`{name}` takes {count_of(expected_count)}, not {len(arguments)}", hint)
    if parameter is not None and arguments[0].type != parameter:
        _refuse_aggregated(start, parameter, arguments[0])
    if arguments[-1].type != "vector":
        _refuse_aggregated(start, "vector", arguments[-1])


def _refuse_aggregated(start: int, expected: ValueType, argument: Expr) -> NoReturn:
    if argument.type == "matrix":
        refuse_at(start, "an aggregation cannot take a range of values", _TAKE_A_RANGE)
    hint = _HINTS.get((expected, argument.type), "")
    refuse_at(argument.start, f"an aggregation takes {_mismatch(expected, argument.type)}", hint)


def _mismatch(expected: ValueType, actual: ValueType) -> str:
    return f"{_NAMES[expected]} there, not {_NAMES[actual]}"


def check_sign(start: int, operand: Expr) -> None:
    """Check what a sign is before.

    Raises:
        RefusalError: it is a text or a range.
    """
    if operand.type not in {"scalar", "vector"}:
        hint = _AROUND_THE_RANGE if operand.type == "matrix" else "remove the sign"
        refuse_at(start, f"a sign cannot precede {_NAMES[operand.type]}", hint)


def check_operands(operator: str, start: int, left: Expr, right: Expr, *, returns_bool: bool) -> ValueType:
    """Check the operands of an operator.

    Returns:
        The type of the result.

    Raises:
        RefusalError: the operator cannot take them.
    """
    for operand in (left, right):
        if operand.type not in {"scalar", "vector"}:
            hint = _AROUND_THE_RANGE if operand.type == "matrix" else "remove the text"
            refuse_at(operand.start, "an operator cannot take a range of values or a text", hint)
    if returns_bool and operator not in COMPARISONS:
        refuse_at(start, "`bool` has to follow a comparison", "remove it")
    both_numbers = left.type == "scalar" == right.type
    if operator in SET_OPERATORS and (left.type == "scalar" or right.type == "scalar"):
        hint = "put `vector(…)` around the number"
        refuse_at(start, f"`{operator}` joins series, not numbers", hint)
    if both_numbers and operator in COMPARISONS and not returns_bool:
        hint = "write `bool` after the comparison, or compare series"
        refuse_at(start, "two numbers are compared without `bool`", hint)
    return "scalar" if both_numbers else "vector"


def check_matching(operator: str, left: Expr, right: Expr, matching: SeriesMatching) -> None:
    """Check the clauses between an operator and its right operand.

    Raises:
        RefusalError: they do not fit the operator or its operands.
    """
    fills = matching.fill_left is not None or matching.fill_right is not None
    if matching.on and matching.include:
        both = set(matching.names)
        for label in matching.include:
            if label.name in both:
                message = f"the label `{label.name}` is in both `on` and `{matching.group}`"
                refuse_at(label.start, message, "remove one")
    if left.type != "vector" or right.type != "vector":
        if matching.labels:
            message = "`on` and `ignoring` match series with series, not with a number"
            refuse_at(matching.start, message, "remove them")
        if fills:
            message = "`fill` is for series that are missing, and a number is never"
            refuse_at(matching.start, message, "remove it")
    elif operator in SET_OPERATORS:
        if matching.group:
            refuse_at(matching.start, f"`{operator}` takes no `group_left` or `group_right`", "remove it")
        if fills:
            refuse_at(matching.start, f"`{operator}` takes no `fill`", "remove it")

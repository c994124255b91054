"""The names of PromQL, and what functions take and return.

Source: promql/parser/functions.go, lex.go and generated_parser.y of Prometheus 3.14.
"""

from typing import Final, NamedTuple

from dashgen.query.promql.promql_nodes import ValueType


class PromQLFunction(NamedTuple):
    """What a function takes and returns.

    Attributes:
        arguments: the types of its arguments.
        least: how many of them it needs.
        most: how many it takes at most, further ones of the last type; None without a limit.
        returns: the type of its result.
    """

    arguments: tuple[ValueType, ...]
    least: int
    most: int | None
    returns: ValueType = "vector"


_TYPES: Final[dict[str, ValueType]] = {"v": "vector", "s": "scalar", "m": "matrix", "t": "string"}
# A signature has a letter for each argument; behind a `?` stand the ones that may be missing, and a last `*`
# allows any number of them.
_SIGNATURES: Final = {
    "v": """
        abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count
        histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt
        start_timestamp tan tanh timestamp
    """,
    "m": """
        absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase
        irate last_over_time mad_over_time max_over_time min_over_time present_over_time rate resets
        stddev_over_time stdvar_over_time sum_over_time ts_of_first_over_time ts_of_last_over_time
        ts_of_max_over_time ts_of_min_over_time
    """,
    "?v": "day_of_month day_of_week day_of_year days_in_month hour minute month year",
    "s": "vector",
    "vs": "clamp_max clamp_min",
    "v?s": "round",
    "vss": "clamp",
    "v?v": "info",
    "sv": "histogram_quantile",
    "ssv": "histogram_fraction",
    "vts?sssssssss": "histogram_quantiles",
    "ms": "predict_linear",
    "sm": "quantile_over_time",
    "mss": "double_exponential_smoothing",
    "vtttt": "label_replace",
    "vtt?t*": "label_join",
    "v?t*": "sort_by_label sort_by_label_desc",
}
_NUMBERS: Final = {"": "end pi range start step time", "v": "scalar", "ss": "max_of min_of"}


def _signature(letters: str, returns: ValueType = "vector") -> PromQLFunction:
    needed, _, optional = letters.partition("?")
    is_endless = optional.endswith("*")
    arguments = tuple(_TYPES[letter] for letter in needed + optional.removesuffix("*"))
    return PromQLFunction(arguments, len(needed), None if is_endless else len(arguments), returns)


SIGNATURES: Final[dict[str, PromQLFunction]] = {
    **{name: _signature(letters) for letters, names in _SIGNATURES.items() for name in names.split()},
    **{name: _signature(letters, "scalar") for letters, names in _NUMBERS.items() for name in names.split()},
}
"""What each function takes and returns."""
FUNCTIONS: Final = frozenset(SIGNATURES)
_AGGREGATIONS: Final = """
    avg bottomk count count_values group limit_ratio limitk max min quantile stddev stdvar sum topk
"""
AGGREGATIONS: Final = frozenset(_AGGREGATIONS.split())
AGGREGATION_PARAMETERS: Final[dict[str, ValueType]] = {
    "topk": "scalar",
    "bottomk": "scalar",
    "quantile": "scalar",
    "limitk": "scalar",
    "limit_ratio": "scalar",
    "count_values": "string",
}
"""The type of the first argument of aggregations that take two."""
RENAMED: Final = {"holt_winters": "double_exponential_smoothing"}
VARIABLE_QUERIES: Final = frozenset({"label_values", "label_names", "query_result", "metrics"})
GROUPING: Final = frozenset({"by", "without"})
MATCHING: Final = frozenset({"on", "ignoring"})
MANY_TO_ONE: Final = frozenset({"group_left", "group_right"})
FILLING: Final = frozenset({"fill", "fill_left", "fill_right"})
EXTENSIONS: Final = frozenset({"anchored", "smoothed"})
CLAUSES: Final = GROUPING | MATCHING | MANY_TO_ONE | {"bool"}
COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
SET_OPERATORS: Final = frozenset({"and", "or", "unless"})
WORD_OPERATORS: Final = frozenset({"and", "or", "unless", "atan2"})
NO_METRICS: Final = MATCHING | MANY_TO_ONE | {"bool", "atan2", "inf", "nan"}
"""Words that never name a metric without quotes; other keywords do where no operator can be."""
NO_LABELS: Final = frozenset({"without", "inf", "nan"})
"""Words that never name a label in `by (…)` without quotes."""

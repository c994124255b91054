"""The names that LogQL knows (loki/pkg/logql/syntax/ast.go and lex.go, 3.7)."""

from typing import Final

_RANGE_FUNCTIONS_NAMES: Final = """
    rate rate_counter bytes_rate count_over_time bytes_over_time absent_over_time sum_over_time
    avg_over_time max_over_time min_over_time first_over_time last_over_time stdvar_over_time
    stddev_over_time quantile_over_time
"""
RANGE_FUNCTIONS: Final = frozenset(_RANGE_FUNCTIONS_NAMES.split())
_GROUPED_RANGES_NAMES: Final = """
    avg_over_time stddev_over_time stdvar_over_time quantile_over_time max_over_time min_over_time
    first_over_time last_over_time
"""
GROUPED_RANGES: Final = frozenset(_GROUPED_RANGES_NAMES.split())
WITHOUT_UNWRAP: Final = frozenset(
    {"bytes_over_time", "bytes_rate", "count_over_time", "rate", "absent_over_time"}
)
WITH_UNWRAP: Final = RANGE_FUNCTIONS - {"bytes_over_time", "bytes_rate", "count_over_time"}
CHOOSING: Final = frozenset({"topk", "bottomk", "approx_topk", "sort", "sort_desc"})
COUNTED: Final = frozenset({"topk", "bottomk", "approx_topk"})
AGGREGATIONS: Final = frozenset({"sum", "avg", "min", "max", "count", "stddev", "stdvar"})
VECTOR_FUNCTIONS: Final = AGGREGATIONS | CHOOSING
FUNCTIONS: Final = RANGE_FUNCTIONS | VECTOR_FUNCTIONS | {"label_replace", "vector", "variants"}
RATES: Final = frozenset({"rate", "rate_counter", "bytes_rate", "count_over_time", "bytes_over_time"})
CONVERSIONS: Final = frozenset({"bytes", "duration", "duration_seconds"})
_STAGES_NAMES: Final = """
    json logfmt unpack regexp pattern line_format label_format decolorize drop keep unwrap
"""
STAGES: Final = frozenset(_STAGES_NAMES.split())
FLAGS: Final = frozenset({"--strict", "--keep-empty"})
GROUPING: Final = frozenset({"by", "without"})
MATCHING: Final = frozenset({"on", "ignoring"})
MANY_TO_ONE: Final = frozenset({"group_left", "group_right"})
SET_OPERATORS: Final = frozenset({"and", "or", "unless"})
# `of` is a word since `variants(…) of (…)`.
RESERVED: Final = (
    STAGES | GROUPING | MATCHING | MANY_TO_ONE | SET_OPERATORS | {"bool", "offset", "variants", "of"}
)
"""Words that cannot be the name of a label."""

COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
LABEL_OPERATORS: Final = frozenset({"=", "!=", "=~", "!~"})
REGEX_OPERATORS: Final = frozenset({"=~", "!~", "|~"})
LINE_FILTERS: Final = frozenset({"|=", "|~", "|>", "!=", "!~", "!>"})
PATTERN_FILTERS: Final = frozenset({"|>", "!>"})

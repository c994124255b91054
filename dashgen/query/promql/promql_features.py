"""What parts of PromQL need a newer Prometheus, or a flag of it.

Sources: CHANGELOG.md up to 3.14.0 and docs/feature_flags.md of Prometheus, and `Experimental` in
promql/parser/functions.go there.
"""

from typing import Final

from dashgen.query.language import ServerFeature

EXPERIMENTAL_FUNCTIONS: Final = "promql-experimental-functions"


def _experimental(since: tuple[int, int], stable: tuple[int, int] | None = None) -> ServerFeature:
    return ServerFeature(since, EXPERIMENTAL_FUNCTIONS, stable)


def _stable(since: tuple[int, int]) -> ServerFeature:
    return ServerFeature(since, "", since)


_BY_VERSION: Final = (
    (_stable((2, 16)), "absent_over_time"),
    (_stable((2, 20)), "group"),
    (_stable((2, 26)), "clamp last_over_time sgn"),
    (_stable((2, 29)), "present_over_time"),
    (_stable((2, 31)), "acos acosh asin asinh atan atanh atan2 cos cosh deg pi rad sin sinh tan tanh"),
    (_stable((2, 35)), "day_of_year"),
    (_stable((2, 40)), "histogram_count histogram_fraction histogram_sum"),
    (_stable((2, 47)), "histogram_stddev histogram_stdvar"),
    (_stable((2, 51)), "histogram_avg"),
    (_experimental((2, 49)), "mad_over_time sort_by_label sort_by_label_desc"),
    (_experimental((2, 54)), "limitk limit_ratio"),
    (_experimental((2, 55)), "info"),
    (_experimental((3, 0)), "double_exponential_smoothing"),
    (_experimental((3, 5)), "ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time"),
    (_experimental((3, 7)), "ts_of_first_over_time"),
    (_experimental((3, 7), (3, 14)), "first_over_time"),
    (_experimental((3, 11)), "histogram_quantiles"),
    (_experimental((3, 12)), "end range start step"),
    (_experimental((3, 13)), "max_of min_of"),
    (_experimental((3, 14)), "start_timestamp"),
)
FUNCTION_FEATURES: Final = {name: feature for feature, names in _BY_VERSION for name in names.split()}
"""The features that functions, aggregations and `atan2` are, as far as not every server has them."""
AT: Final = ServerFeature((2, 25), "promql-at-modifier", (2, 33))
NEGATIVE_OFFSET: Final = ServerFeature((2, 26), "promql-negative-offset", (2, 33))
NUMBERS_AS_DURATIONS: Final = _stable((2, 54))
UNDERSCORES: Final = _stable((2, 54))
SIGNED_DURATIONS: Final = _stable((3, 4))
UTF8_NAMES: Final = _stable((3, 0))
UTF8_GROUPING: Final = _stable((3, 2))
ZERO_DURATIONS: Final = _stable((3, 4))
_CALCULATION: Final = "promql-duration-expr"
CALCULATED_DURATIONS: Final = ServerFeature((3, 4), _CALCULATION, (3, 14))
DURATION_CALLS: Final = {
    "step": ServerFeature((3, 6), _CALCULATION, (3, 14)),
    "range": ServerFeature((3, 10), _CALCULATION, (3, 14)),
    "min_of": ServerFeature((3, 13), _CALCULATION, (3, 14)),
    "max_of": ServerFeature((3, 13), _CALCULATION, (3, 14)),
}
"""The functions in durations, which are others than those of the same names around series."""
SIGNED_PARENTHESES: Final = ServerFeature((3, 13), _CALCULATION, (3, 14))
"""`-(1h)`, which ends in an error of the server before."""
EXTENDED_RANGES: Final = ServerFeature((3, 7), "promql-extended-range-selectors")
FILL: Final = ServerFeature((3, 10), "promql-binop-fill-modifiers")
TRIMMING: Final = _stable((3, 11))

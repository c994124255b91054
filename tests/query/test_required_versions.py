"""What queries need of their server is a warning where the server that is targeted lacks it."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.promql.promql_features import EXPERIMENTAL_FUNCTIONS, FUNCTION_FEATURES
from dashgen.query.promql.promql_names import AGGREGATIONS, FUNCTIONS
from dashgen.query.required_versions import TargetServer, requirement_remarks

PROMQL = LANGUAGES["prometheus"]
# `Experimental: true` in promql/parser/functions.go of Prometheus 3.14, and `IsExperimentalAggregator` in lex.go.
EXPERIMENTAL = """
    double_exponential_smoothing end histogram_quantiles info limit_ratio limitk mad_over_time max_of min_of range
    sort_by_label sort_by_label_desc start start_timestamp step ts_of_first_over_time ts_of_last_over_time
    ts_of_max_over_time ts_of_min_over_time
"""


def remarks(query: str, version: tuple[int, int], *flags: str) -> list[tuple[str, int]]:
    parsed = PROMQL.parse(query)
    assert parsed.error == ""
    target = TargetServer("Prometheus", version, frozenset(flags))
    return [(remark.rule, remark.offset) for remark in requirement_remarks(parsed.requirements, target)]


@pytest.mark.parametrize(
    ("query", "version", "expected"),
    [
        # since which version, the flag, and since when it needs none
        ("sum by (job) (rate(x[5m] offset 1h)) > 5", (2, 20), []),
        ("a + limitk(2, x)", (2, 53), [("query/version", 4)]),
        ("a + limitk(2, x)", (3, 14), [("query/feature", 4)]),
        ("first_over_time(x[5m])", (3, 6), [("query/version", 0)]),
        ("first_over_time(x[5m])", (3, 13), [("query/feature", 0)]),
        ("first_over_time(x[5m])", (3, 14), []),
        ("rate(x[5m * 2])", (3, 3), [("query/version", 7)]),
        ("rate(x[5m * 2])", (3, 13), [("query/feature", 7)]),
        ("rate(x[5m * 2])", (3, 14), []),
        ("x offset -(1h)", (3, 13), [("query/feature", 9)]),
        ("x offset -(1h)", (3, 12), [("query/version", 9)]),
        ("x[step() * 4]", (3, 5), [("query/version", 2)]),
        ("x[4 * step()]", (3, 6), [("query/feature", 6)]),
        ("x[range()]", (3, 9), [("query/version", 2)]),
        ("x[5m * min_of(1, step())]", (3, 12), [("query/version", 7)]),
        ("x[5m * 2]", (3, 12), [("query/feature", 2)]),
        ("x offset (5m) + step()", (3, 14), []),
        ("x + step()", (3, 14), [("query/feature", 4)]),
        ("x[5m] smoothed", (3, 6), [("query/version", 6)]),
        ("x[5m] smoothed", (3, 14), [("query/feature", 6)]),
        ("x[5m] offset 1h ANCHORED", (3, 14), [("query/feature", 16)]),
        ("x + on (a) fill_left(0) fill_right(1) y", (3, 14), [("query/feature", 11), ("query/feature", 24)]),
        ("x + fill(0) y", (3, 9), [("query/version", 4)]),
        ("x + fill + fill_left", (2, 30), []),
        ("x </ 5", (3, 10), [("query/version", 2)]),
        ("x </ 5", (3, 11), []),
        ('{"http.requests"}', (2, 55), [("query/version", 1)]),
        ('{"http.requests"}', (3, 0), []),
        ('x{"service.name"="a"}', (2, 55), [("query/version", 2)]),
        ('sum by (job, "a.b") (x)', (3, 1), [("query/version", 13)]),
        ('sum by (job, "a.b") (x)', (3, 2), []),
        ("x @ 5", (2, 24), [("query/version", 2)]),
        ("x @ start()", (2, 32), [("query/feature", 2)]),
        ("x @ end()", (2, 33), []),
        ("x offset -5m", (2, 30), [("query/feature", 2)]),
        ("x offset -5m", (2, 33), []),
        ("x[300]", (2, 53), [("query/version", 1)]),
        ("x offset 5", (2, 53), [("query/version", 9)]),
        ("x offset 0s", (3, 3), [("query/version", 2)]),
        ("x > 0s", (3, 3), [("query/version", 4)]),
        ("x offset +5m", (3, 3), [("query/version", 9)]),
        ("x[--5m]", (3, 3), [("query/version", 2)]),
        ("x[--5m]", (3, 4), []),
        ("x > 1_000", (2, 53), [("query/version", 4)]),
        ("sum by (a:b) (x)", (2, 55), [("query/version", 8)]),
        ("time() - x > 5m", (2, 53), [("query/version", 13)]),
        ("x atan2 y", (2, 30), [("query/version", 2)]),
        ("group(x)", (2, 19), [("query/version", 0)]),
        ("histogram_quantiles(x, 'q', 0.5) > 0", (3, 14), [("query/feature", 0)]),
        ("limitk(1, x) or limitk(2, y)", (3, 14), [("query/feature", 0)]),
        ("rate(x[$__rate_interval * 2])", (3, 13), [("query/feature", 7)]),
        ("x{a='$b'} @ $time", (3, 14), []),
    ],
)
def test_what_the_target_lacks_is_named_once_at_its_character(query, version, expected):
    assert remarks(query, version) == expected


def test_a_flag_of_the_project_is_no_remark_and_an_old_version_is_one_all_the_same():
    query = "limitk(2, rate(x[5m] smoothed))"
    assert remarks(query, (3, 14), EXPERIMENTAL_FUNCTIONS) == [("query/feature", 21)]
    assert remarks(query, (3, 14), EXPERIMENTAL_FUNCTIONS, "promql-extended-range-selectors") == []
    assert remarks(query, (3, 6), EXPERIMENTAL_FUNCTIONS, "promql-extended-range-selectors") == [
        ("query/version", 21)
    ]


def test_messages_name_the_version_and_the_flag():
    requirements = PROMQL.parse("info(x) + mad_over_time(y[5m])").requirements
    first, second = requirement_remarks(requirements, TargetServer("Prometheus", (2, 50)))
    assert first.message == "`info` needs Prometheus 2.55 and its flag `promql-experimental-functions`"
    assert first.hint == "the project targets 2.50: write it otherwise, or raise `versions:`"
    assert second.message == "`mad_over_time` needs the flag `promql-experimental-functions` of Prometheus"
    assert "--enable-feature=promql-experimental-functions" in second.hint
    (changed,) = requirement_remarks(
        PROMQL.parse("x[5m+1m]").requirements, TargetServer("Prometheus", (3, 5))
    )
    expected = "a calculated duration needs the flag `promql-duration-expr` of Prometheus before 3.14"
    assert changed.message == expected


def test_exactly_the_experimental_functions_need_the_flag():
    flagged = {name for name, one in FUNCTION_FEATURES.items() if one.flag and one.stable is None}
    assert flagged == set(EXPERIMENTAL.split())
    assert flagged <= FUNCTIONS | AGGREGATIONS
    assert set(FUNCTION_FEATURES) - {"atan2"} <= FUNCTIONS | AGGREGATIONS

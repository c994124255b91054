"""A form that was learnt once is said of other expressions exactly as if each had been parsed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query import LANGUAGES, describe
from dashgen.query.promql import promql

PROMQL = LANGUAGES["prometheus"]
ALONE = promql.PromQLParser()

WORDS = [
    "x",
    "x_total",
    "y",
    "y_seconds_sum",
    "y_seconds_count",
    "z_bytes",
    "bytes",
    "a:seconds",
    "x0",
    "s0",
    "le",
]
LABELS = ["a", "b", "le", "job", "x", "by", "quantile", "$l", "__name__"]
TEXTS = [
    '"b"',
    '"shop"',
    '"cart"',
    '"x_total"',
    '"s0__"',
    '"s1__"',
    "'b'",
    '"$v"',
    '"x"',
    '""',
    '"a.+"',
    '"b("',
    r'"\\d"',
    r'"\d"',
    '"x0"',
    "'\"'",
]
METRICS = st.sampled_from([*WORDS, "$m", "${m}_total", "x_$k", '{"u.v"}', '{__name__="x"}', "build_info"])
MATCHERS = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(["=", "!=", "=~", "!~"]), st.sampled_from(TEXTS)).map(
        "".join
    ),
    max_size=3,
)
SELECTORS = st.tuples(METRICS, MATCHERS).map(
    lambda pair: pair[0] if "{" in pair[0] or not pair[1] else f"{pair[0]}{{{', '.join(pair[1])}}}"
)
RANGES = st.sampled_from(["5m", "$__rate_interval", "$__range", "${w}", "1h:"])
GROUPS = st.lists(st.sampled_from(LABELS), max_size=2).map(", ".join)


def grown(inner):
    functions = st.sampled_from(
        ["sum", "avg", "max", "count", "abs", "histogram_quantile", "label_replace", "topk", "$f"]
    )
    arguments = {"histogram_quantile": "0.9, {}", "label_replace": '{}, "x", "$1", "a", ""', "topk": "5, {}"}
    operators = st.sampled_from(
        ["+", "-", "*", "/", "/ on (a)", "> bool", "and", "or", "* on (a) group_left (b)"]
    )
    return st.one_of(
        st.tuples(functions, inner).map(lambda p: f"{p[0]}({arguments.get(p[0], '{}').replace('{}', p[1])})"),
        st.tuples(GROUPS, inner).map(lambda p: f"sum by ({p[0]}) ({p[1]})"),
        st.tuples(inner, operators, inner).map(" ".join),
        inner.map("({})".format),
    )


LEAVES = st.one_of(
    SELECTORS,
    st.tuples(st.sampled_from(["rate", "increase", "count_over_time"]), SELECTORS, RANGES).map(
        lambda parts: f"{parts[0]}({parts[1]}[{parts[2]}])"
    ),
    st.sampled_from(["100", "time()", "vector(0)", "$n", "$__range_s"]),
)
EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=4)


@pytest.mark.property
@settings(max_examples=600)
@given(EXPRESSIONS)
def test_a_form_says_of_an_expression_what_parsing_it_says(expr):
    assert PROMQL.parse(expr) == ALONE.parse(expr)
    assert describe(expr) == promql.describe(expr)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('sum(rate(a_total{b="c"}[5m]))', r'sum(rate(a_total{b="\d"}[5m]))'),
        ('x{a="b", c=~"b"}', 'x{a="b(", c=~"b("}'),
        ('sum(x{a="b"})', 'sum({a=""})'),
        ("sum by (a) (x)", "sum by (a:b) (x)"),
        ('{"a"}', '{"b"}'),
        ("bytes / total", "x / total"),
        ("a:seconds / x_total", "a:items / x_total"),
        ("rate(x[5m])", "rat(x[5m])"),
        ('a{b="shop", c="cart"} / a{b="shop"}', 'a{b="shop", c="cart"} / a{b="cart"}'),
        ('a{b="shop"} / b{c =~ "s0__"}', 'a{b="cart"} / b{c =~ "s0__"}'),
        ('a{b="x_total"} + x_total', 'a{b="x_tota"} + x_total'),
        ('a{b="shop"', 'a{b="cart"'),
        ('label_replace(a, "shop", "$1", "cart", "")', 'label_replace(a, "cart", "$1", "shop", "")'),
    ],
)
def test_expressions_that_look_alike_are_not_confused(first, second):
    for expr in (first, second):
        assert PROMQL.parse(expr) == ALONE.parse(expr)
        assert describe(expr) == promql.describe(expr)

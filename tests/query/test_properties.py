import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.query import LANGUAGES, describe, is_metric_query, substitute
from dashgen.query.query_context import references

pytestmark = pytest.mark.property
SETTINGS = settings(max_examples=300)

VARIABLES = [
    "$v",
    "${v}",
    "${v:regex}",
    "[[v]]",
    "$__range",
    "$__rate_interval",
    "$__range_s",
    "$1",
    "${v.f:csv}",
]
WORDS = [
    *[
        "x",
        "y_total",
        "x:y",
        "le",
        "sum",
        "rate(",
        "topk(",
        "histogram_quantile(",
        "vector(",
        "absent(",
        "by (",
        "on(",
    ],
    *[
        "group_left",
        "offset",
        "bool",
        "and",
        "or",
        "unless",
        "atan2",
        "start()",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
    ],
    *[
        "[5m]",
        "[1h:5m]",
        '{a="b"}',
        '{"u.v"}',
        '"a"',
        "'b'",
        r"`c\d`",
        r"\d",
        '"',
        "`",
        "=",
        "=~",
        "==",
        "<",
        "+",
        "-",
    ],
    *[
        "*",
        "/",
        "%",
        "^",
        "@",
        "5m",
        "1e3",
        "0x1F",
        ".5",
        "1e30",
        "Inf",
        "NaN",
        "#",
        "\n",
        "\t",
        "\0",
        "é",
        "😀",
        "$",
    ],
    *VARIABLES,
]
TEXTS = st.text(max_size=60) | st.text(st.characters(), max_size=30)
EXPRESSIONS = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda space: space.join(words))
)


@SETTINGS
@given(TEXTS | EXPRESSIONS)
def test_no_text_makes_a_language_raise_and_every_offset_lies_within_the_text(expr):
    for language in LANGUAGES.values():
        parsed = language.parse(expr)
        assert -1 <= parsed.error_offset <= len(expr)
        assert parsed.error or parsed.error_offset == -1
        for use in parsed.metrics:
            assert use.offset == -1 or expr[use.offset : use.offset + len(use.name)] == use.name
    describe(expr)
    is_metric_query(expr)


@SETTINGS
@given(TEXTS | EXPRESSIONS)
def test_a_substitution_keeps_every_character_outside_of_variables(expr):
    text, names = substitute(expr)
    assert len(text) == len(expr)
    inside = {index for ref in references(expr) for index in range(ref.start, ref.end)}
    assert all(text[index] == char for index, char in enumerate(expr) if index not in inside)
    assert all(f"{name}" in expr for name in names)


# A word of the language is no metric.
METRICS = st.from_regex(r"[a-z][a-z_]{0,8}_total", fullmatch=True)
LABELS = st.lists(METRICS, max_size=3, unique=True)


@SETTINGS
@given(
    METRICS,
    LABELS,
    LABELS,
    st.sampled_from(["sum", "max", "count"]),
    st.sampled_from(["5m", "$__rate_interval", "$w"]),
)
def test_the_facts_of_a_common_query_are_read_back(metric, matched, kept, aggregation, window):
    matchers = ", ".join(f'{label}=~"$value"' for label in matched)
    expr = f"{aggregation} by ({', '.join(kept)}) (rate({metric}{{{matchers}}}[{window}]))"
    parsed = LANGUAGES["prometheus"].parse(expr)
    assert parsed.error == ""
    assert [(use.name, use.labels) for use in parsed.metrics] == [(metric, tuple(matched))]
    assert parsed.grouping == tuple(kept)
    assert parsed.functions == {aggregation, "rate"}
    assert describe(expr).metric == metric

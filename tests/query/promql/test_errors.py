import pytest

from dashgen.query import LANGUAGES

PROMQL = LANGUAGES["prometheus"]

BRACKETS_AND_TEXTS = [
    ("", "the query is empty", -1),
    (" \n", "the query is empty", -1),
    ("# up", "the query holds nothing but a comment", -1),
    ("rate(x[5m]", "`(` is never closed", 4),
    ("rate(x[5m]))", "`)` closes nothing", 11),
    ('x{a="b]', 'the text that starts with " has no end', 4),
    (r'x{a="\d"}', r"`\d` means nothing in a text in quotes", 5),
    (r'x{a="\\\d"}', r"`\d` means nothing in a text in quotes", 7),
    ('x{a="b\nc"}', "a text in quotes goes over several lines", 4),
    (r'x{a="\xZZ"}', r"`\x` means nothing in a text in quotes", 5),
    ('x{a=~"b("}', "`b(` is not a regular expression", 6 - 1),
    ("é", "`é` means nothing in PromQL there", 0),
    ("x\u00a0+ y", "the character U+00A0 means nothing in PromQL there", 1),
    ("x && y", "`&&` means nothing in PromQL there", 2),
    ("a\0b", "the character U+0000 means nothing in PromQL there", 1),
    ("x.y", "`.` means nothing in PromQL there", 1),
    ("\ud800", "the query holds half a character", 0),
]
FUNCTIONS = [
    ("rat(x[5m])", "`rat` is not a PromQL function", 0),
    ("sum(holt_winters(x[5m], 1, 1))", "`holt_winters` is not a PromQL function any more", 4),
    ("label_values(up, job)", "`label_values` works only in the query of a variable", 0),
    ("rate(x)", "`rate` needs a range of values", 0),
    ("rate(x[5m]) + rate(y)", "`rate` needs a range of values", 14),
    ("rate(x) + rate(y)", "`rate` needs a range of values", 0),
    ("rate(sum(x[5m]))", "an aggregation cannot take a range of values", 5),
    ("abs(x[5m])", "`abs` cannot take a range of values", 0),
    ("sum(x[5m])", "an aggregation cannot take a range of values", 0),
    ("topk(x, y)", "an aggregation takes a number there, not series", 5),
    ("round(x, y)", "`round` takes a number there, not series", 9),
    ("abs(1)", "`abs` takes series there, not a number", 4),
    ("clamp_min(x)", "`clamp_min` takes 2 arguments, not 1", 0),
    ("days_in_month(x, y)", "`days_in_month` takes at most 1 argument, not 2", 0),
    ("topk(x)", "`topk` takes 2 arguments, not 1", 0),
    ("sum(x, y) + max(x)", "`sum` takes 1 argument, not 2", 0),
    ("sum()", "`sum` has nothing to aggregate", 0),
    ("x and 1", "`and` joins series, not numbers", 2),
    ("x and on(a) group_left y", "`and` takes no `group_left` or `group_right`", 6),
    ("-x[5m]", "a sign cannot precede a range of values", 0),
    ("x + on(a) group_left(a) y", "the label `a` is in both `on` and `group_left`", 21),
    ("x[5m] + 1", "an operator cannot take a range of values or a text", 0),
    ("1 > 2", "two numbers are compared without `bool`", 2),
]
SELECTORS = [
    ("{}", "the selector would match every series", 0),
    ("x{a=b}", "the value of a label has to be in quotes", 4),
    ("x{a=1}", "the value of a label has to be in quotes", 4),
    ("x{a=“b”}", "`“` is not allowed between braces", 4),
    ("x{é='b'}", "`é` is not allowed between braces", 2),
    ('x{a=="b"}', "a label is compared with `==`", 3),
    ("x{a}", "the label `a` is compared with nothing", 2),
    ("x{a=}", "the label `a` has no value", 3),
    ('x{="a"}', "`=` has no label before it", 2),
    ('x{a="b" c="d"}', "a comma is missing before `c`", 8),
    (
        'x{a="b" or c="d"}',
        "`or` between label matchers is a form of VictoriaMetrics, which Prometheus lacks",
        8,
    ),
    ('x{a="b",,}', "a comma has no label matcher before it", 8),
    ("x{,}", "a comma has no label matcher before it", 2),
    ('x{__name__="y"}', "a selector names two metrics: `x`, `y`", 11),
    ('x=~"a"', "`=~` compares a label and has to be between braces", 1),
    ("sum by (without) (x)", "`without` cannot be the name of a label", 8),
]
DURATIONS = [
    ("x[5x]", "`5x` is neither a number nor a duration", 2),
    ("x[1.5h]", "`1.5h` is neither a number nor a duration", 2),
    ("x[0s]", "a range has to be longer than 0", 2),
    ("x[5m:0s]", "a range has to be longer than 0", 5),
    ("x[]", "brackets hold a duration and nothing else", 1),
    ("x[5 m]", "brackets hold a duration and nothing else", 4),
    ("x[1h:step]", "`step` needs parentheses", 5),
    ("x offset", "`offset` needs a duration after it", 2),
    ("x offset y", "`offset` needs a duration after it", 2),
    ("x @ NaN", "`@ NaN` is not a time", 2),
    ("x[1e30]", "a duration is out of bounds", 2),
    ("x[1h:99999999999999999999]", "a duration is out of bounds", 5),
    ("x offset 99999999999999999999", "a duration is out of bounds", 9),
    ("x OFFSET -Inf", "a duration is out of bounds", 10),
    ("x[0x7fffffffffffffff]", "a duration is out of bounds", 2),
    ("x[99999999999999999999d]", "a duration is out of bounds", 2),
    ("sum(x)[5m]", "a range has to follow a metric", 6),
    ("x offset 1h [5m]", "`offset` is before the range", 12),
]
GRAMMAR = [
    ("sum by job (x)", "`by` needs its labels in parentheses", 4),
    ("sum(x) by", "`by` needs its labels in parentheses", 7),
    ("x / on a y", "`on` needs its labels in parentheses", 4),
    ("by (a) sum(x)", "`by` has nothing before it", 0),
    ("x + group_left y", "`group_left` needs the labels to match on before it", 4),
    ("x > 1 bool", "`bool` has to follow a comparison", 6),
    ("x = 1", "`=` compares labels and has to be between braces", 2),
    ("x > = 1", "`=` cannot follow `>`", 4),
    ("x <> y", "`>` cannot follow `<`", 3),
    ("x +", "`+` has nothing on its right", 2),
    ("sum(x) > ", "`>` has nothing on its right", 7),
    ("* x", "`*` has nothing on its left", 0),
    ("x > 10%", "`%` has nothing on its right", 6),
    ("rate x[5m]", "`rate` needs its arguments in parentheses", 0),
    ("x y", "an operator is missing before `y`", 2),
    ('x{a="b"} y', "an operator is missing before `y`", 9),
    ("sum(,x)", "a comma has nothing beside it", 4),
    ("1,000", "a comma is between two numbers", 1),
    ("[5m]", "a range has nothing before it", 0),
    ("x + ()", "the parentheses are empty", 4),
    ("sum(x)(y)", "`(` cannot follow an operand", 6),
]


@pytest.mark.parametrize(
    ("expr", "error", "offset"), [*BRACKETS_AND_TEXTS, *FUNCTIONS, *SELECTORS, *DURATIONS, *GRAMMAR]
)
def test_what_is_wrong_is_said_in_plain_words_with_its_place(expr, error, offset):
    parsed = PROMQL.parse(expr)
    assert (parsed.error, parsed.error_offset) == (error, offset)


@pytest.mark.parametrize(
    ("expr", "hint"),
    [
        ("rat(x[5m])", "did you mean `rate`?"),
        ("Sum_over_tim(x[5m])", "did you mean `sum_over_time`?"),
        (
            "holt_winters(x[5m], 1, 1)",
            "use `double_exponential_smoothing`, which needs the flag `promql-experimental-functions`",
        ),
        ("sum by job (x)", "write `by (job)`"),
        ("x > = 1", "write `>=`"),
        ("x <> y", "write `!=`"),
        ("x && y", "write `and`"),
        ("x{a=b}", 'write `="b"`'),
        ("x{a=~b}", 'write `=~"b"`'),
        ('x{a=="b"}', "write `=`"),
        ("x{a=“b”}", 'write `"`'),
        ("x – y", "write `-`"),
        ("x\u00a0+ y", "write a plain space"),
        (r'x{a="\d"}', r"write `\\d`"),
        ("x > 10%", "write a percentage as a fraction, such as `0.5`"),
        ("sum(rate(x)[5m]) / y", "move `[5m]` behind the metric"),
        ("quantile_over_time(.9, x{a='b'}) [5m]", "move `[5m]` behind the metric"),
        ("sum(x)[5m]", "write a subquery with a colon, such as `[5m:]`, after an expression"),
    ],
)
def test_a_hint_says_what_to_write(expr, hint):
    assert PROMQL.parse(expr).hint == hint


def test_a_query_that_does_not_parse_has_no_facts():
    parsed = PROMQL.parse('sum by (a) (rate(x{b="$c"}[5m])')
    assert (parsed.metrics, parsed.grouping, parsed.functions) == ((), None, frozenset())
    assert parsed.variables == ("c",)


@pytest.mark.parametrize(
    "expr",
    [
        r"x{a=~`\d+\.\w`}",
        "x > 1_000_000",
        "x > 0x_1F",
        r"x{a=~`\d`} > 1_000 # 1_0 `\d`",
        "x[30]",
        "x > 1h",
        "SUM BY (a) (x)",
        'sum by ("a.b") ({"x.y"})',
        "x @ end() offset 5m",
        "-1 ^ 2",
    ],
)
def test_what_prometheus_accepts_is_no_error(expr):
    assert PROMQL.parse(expr).error == ""

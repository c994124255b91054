"""LogQL that Loki refuses is refused at its character, and LogQL that it takes passes, with variables anywhere."""

import pytest

from dashgen.query import LANGUAGES
from dashgen.query.language import Yield

LOGQL = LANGUAGES["loki"]

REFUSED: list[tuple[str, str, str, str]] = [
    ('rate(up_${x}_total{a="b"}[5m])', 'up_${x}_total{a="b"}[5m])', "has no metric", "only the braces"),
    ('up_$x{a="b"}', 'up_$x{a="b"}', "has no metric", "only the braces"),
    # query, the rest of it from the place of the mistake on, message, hint
    ('shop="a"', 'shop="a"', "have to be between braces", '`{shop="a"}`'),
    ("{}", "{}", "names no label", "write one"),
    ('{a=~".*"}', 'a=~".*"}', "may be empty", '`a=~".+"`'),
    ('{a=~"x|", b=""}', 'a=~"x|", b=""}', "may be empty", '`a=~".+"`'),
    ('{a!="x"}', 'a!="x"}', "may be empty", "add one"),
    ('sum(rate({a=~".*"}[5m]))', 'a=~".*"}[5m]))', "may be empty", ""),
    ("{a=b}", "b}", "has to be in quotes", '`="b"`'),
    ("{a=5}", "5}", "has to be in quotes", '`="5"`'),
    ('{a=="b"}', '=="b"}', "compared with `==`", "`=`"),
    ('{a>"b"}', 'a>"b"}', "cannot be chosen by `>`", ""),
    ('{a="b" c="d"}', 'c="d"}', "a comma is missing", ""),
    ('{a="b",}', ",}", "has no label matcher behind it", "remove it"),
    ('{,a="b"}', ',a="b"}', "has no label matcher before it", "remove it"),
    ('{"a"="b"}', '"a"="b"}', "is in quotes", "`a`"),
    ('{by="b"}', 'by="b"}', "is a word of LogQL", ""),
    ("{a}", "a}", "compared with nothing", '`a="value"`'),
    ('{a=~"("}', '"("}', "is not a regular expression", ""),
    ("{a='b'}", "'b'}", "single quotes", '`"b"`'),
    ('{a="b"} |= c', "c", "has to be in quotes", '`|= "c"`'),
    ('{a="b"} |=', "|=", "has no text after it", "in quotes"),
    ('{a="b"} |= "x" or', '|= "x" or', "has no text after it", ""),
    ('{a="b"} |= "x" or |= "y"', '|= "y"', "cannot follow `or`", ""),
    ('{a="b"} |~ "["', '"["', "is not a regular expression", ""),
    ('{a="b"} |~ "\\d"', '\\d"', "means nothing in a text in quotes", "`\\\\d`"),
    ('{a="b"} "x"', '"x"', "a text cannot follow", '`|= "x"`'),
    ('{a="b"} | "x"', '"x"', "followed by a text", '`|= "x"`'),
    ('{a="b"} |', "|", "no stage after it", ""),
    ('{a="b"} | jsn', "jsn", "neither a stage nor a label", "`json`"),
    ('{a="b"} | lineformat "x"', 'lineformat "x"', "neither a stage nor a label", "`line_format`"),
    ('{a="b"} json', "json", "has no `|` before it", "`| json`"),
    ('{a="b"} | json | level=error', "error", "has to be in quotes", '`= "error"`'),
    ('{a="b"} | level == "x"', '"x"', "compares numbers", '`level = "x"`'),
    ('{a="b"} | status > "500"', '"500"', "compares numbers", ""),
    ('{a="b"} | status =~ 5', "5", "needs a regular expression in quotes", '`=~"5"`'),
    ('{a="b"} | took > 5minutes', "5minutes", "neither a number, a duration nor a size", ""),
    ('{a="b"} | line_format', "line_format", "needs a text in quotes", ""),
    ('{a="b"} | pattern "x"', '"x"', "needs at least one capture", ""),
    ('{a="b"} | pattern "<x><y>"', '"<x><y>"', "side by side", ""),
    ('{a="b"} | regexp "x"', '"x"', "needs at least one named group", ""),
    ('{a="b"} | logfmt --strickt', "--strickt", "has no flag", ""),
    ('{a="b"} | label_format x', "x", "gives `x` no value", ""),
    ('{a="b"} | label_format x="1", x="2"', 'x="2"', "twice", ""),
    ('{a="b"} | drop', "", "has no label after it", ""),
    ('{a="b"} | rate()', "rate()", "is a function and cannot be a stage", ""),
    ('{a="b"} | unwrap ms', "unwrap ms", "only a function of a range", ""),
    ('sum_over_time({a="b"} | unwrap seconds(ms) [5m])', "seconds(ms) [5m])", "has no conversion", ""),
    (
        'sum_over_time({a="b"} | json [5m])',
        'sum_over_time({a="b"} | json [5m])',
        "needs numbers",
        "`| unwrap label`",
    ),
    ('bytes_rate({a="b"} | unwrap ms [5m])', "unwrap ms [5m])", "takes no `unwrap`", ""),
    ('rate({a="b"})', 'rate({a="b"})', "needs a range", ""),
    ('rate({a="b"}[5m:1m])', "[5m:1m])", "no subqueries", ""),
    ('rate({a="b"}[1.5h])', "[1.5h])", "is not a duration", ""),
    ('rate({a="b"}[5m]) offset 5m', "offset 5m", "cannot follow", ""),
    ('{a="b"}[5m]', "[5m]", "outside of a function", "count_over_time"),
    ('rate({a="b"}[5m]) by (x)', "by (x)", "cannot be grouped", "sum by (label)"),
    ('summ(rate({a="b"}[5m]))', 'summ(rate({a="b"}[5m]))', "no function `summ`", "`sum`"),
    ('increase({a="b"}[5m])', 'increase({a="b"}[5m])', "no function `increase`", ""),
    ('sum by level (rate({a="b"}[5m]))', 'by level (rate({a="b"}[5m]))', "in parentheses", "`by (level)`"),
    ('sum by (a b) (rate({a="b"}[5m]))', 'b) (rate({a="b"}[5m]))', "a comma is missing", ""),
    ('sum({a="b"})', '{a="b"})', "takes series, and this is a log query", "count_over_time"),
    ('topk(sum(rate({a="b"}[5m])))', 'sum(rate({a="b"}[5m])))', "needs a number first", ""),
    ('sum(5, rate({a="b"}[5m]))', '5, rate({a="b"}[5m]))', "takes no number", ""),
    ('quantile_over_time({a="b"} | unwrap x [5m])', '{a="b"} | unwrap x [5m])', "needs a quantile", ""),
    ('sort(rate({a="b"}[5m])) by (x)', "by (x)", "cannot be grouped", ""),
    ('{a="b"} / 2', '{a="b"} / 2', "joins metric queries", "count"),
    ('rate({a="b"}[5m]) and 5', "5", "joins series", "vector"),
    ('rate({a="b"}[5m]) > 5 or', "or", "missing at the end", ""),
    (
        "sum(rate(http_requests_total[5m]))",
        "http_requests_total[5m]))",
        "needs a log query",
        "another data source",
    ),
    ("up", "up", "neither a function nor streams", "another data source"),
    ('up{a="b"}', 'up{a="b"}', "has no metric", "another data source"),
    ('{a="b"}}', "}", "closes nothing", ""),
    ('(rate({a="b"}[5m])', '(rate({a="b"}[5m])', "is never closed", ""),
    ('{a="b"} | line_format "{{ uper .msg }}"', 'uper .msg }}"', "no template function `uper`", "`upper`"),
    (
        r'{a="b"} | line_format "\"{{ uper .msg }}\""',
        r'uper .msg }}\""',
        "no template function `uper`",
        "`upper`",
    ),
    ('{a="b"} | line_format `{{ if .x }}`', "if .x }}`", "is not closed by `{{ end }}`", "`{{ end }}`"),
    ('{a="b"} | line_format `{{ .a `', "{{ .a `", "is not closed by `}}`", ""),
    ('{a="b"} | label_format x=`{{ .y | lowr }}`', "lowr }}`", "no template function `lowr`", "`lower`"),
    ('{a="b"} | label_format x=y, z=`{{ .a | }}{{ end }}`', "end }}`", "too many", ""),
    (
        '{a="b"} | line_format `{{ if .a }}{{ $x := .a }}{{ end }}{{ $x }}`',
        "$x }}`",
        "no template variable",
        "",
    ),
    (
        'sum(count_over_time({a="b"} | label_format c=`{{ humanize .x }}` [5m]))',
        "humanize .x }}` [5m]))",
        "no template",
        "",
    ),
    ('{a="b"} | label_format __error__="x"', '__error__="x"', "cannot write `__error__`", "drop"),
    ('{a="b"} | json x="a..b"', '..b"', "no key after it", ""),
    ('{a="b"} | json x="a."', '."', "no key after it", ""),
    (r'{a="b"} | json x="a[\"b c\"].d", y="a[b]"', '[b]"', "needs a key in quotes or an index", '`["b"]`'),
    (r'{a="b"} | json x="a[\"b c\"]-d"', '-d"', "`-` is not possible here", ""),
    ('{a="b"} | json x="a["', '["', "needs a key in quotes or an index", ""),
    ('{a="b"} | json x="a[1"', '[1"', "is not closed by `]`", ""),
    ('{a="b"} | json x=`["a"`', '["a"`', "is not closed by `]`", ""),
    ('{a="b"} | json x=`["a]b"]`', '["a]b"]`', "is not closed by `]`", ""),
    ('{a="b"} | json x="a[1.5]"', '[1.5]"', "is not closed by `]`", ""),
    ('{a="b"} | json x=""', '"', "is empty", ""),
    ('{a="b"} | json x="a b"', 'b"', "is not possible here", '`["a b"]`'),
    ('{a="b"} | json x=".a"', '.a"', "is not possible here", "remove it"),
    ('{a="b"} | json x="a]"', ']"', "is not possible here", "remove it"),
    ('{a="b"} | logfmt x="a b"', 'b"', "is not possible here in a key of logfmt", "alone"),
    ('{a="b"} | logfmt --strict x="a.b"', '.b"', "is not possible here in a key of logfmt", "alone"),
    ('{a="b"} | logfmt x=" "', ' "', "is empty", ""),
]


@pytest.mark.parametrize(("expr", "rest", "message", "hint"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_mistake_is_refused_at_its_character(expr: str, rest: str, message: str, hint: str) -> None:
    parsed = LOGQL.parse(expr)
    assert message in parsed.error
    assert parsed.error_offset == len(expr) - len(rest)
    assert hint in parsed.hint
    assert parsed.hint


TAKEN: list[tuple[str, Yield]] = [
    ('{a="b", c!="", d=~"x.*", e!~"y"}', Yield.LOGS),
    ('{a=~".*", b="c"}', Yield.LOGS),
    ('{a=~".+"}', Yield.LOGS),
    ('{a!~".*x?"}', Yield.LOGS),
    ('{a=~"(?i)x", b=~"\\\\d+"}', Yield.LOGS),
    ('{a="b"} |= "x" != `y` |~ "z+" !~ `\\d` |> "<_> x" !> "y" or "z"', Yield.LOGS),
    ('{a="b"} |= ip("10.0.0.0/8") | addr != ip("10.1.1.1")', Yield.LOGS),
    ('{a="b"} | json | logfmt --strict --keep-empty x, y="z" | unpack | decolorize', Yield.LOGS),
    ('{a="b"} | json level="severity", path="x[0].y" | level="error" != "skip"', Yield.LOGS),
    ('{a="b"} | status>=500 or (took > 1.5s and size < 20MB), x=~"y" z!="w"', Yield.LOGS),
    ('{a="b"} | count > 5 | duration == 10 | rate != -1', Yield.LOGS),
    ('{a="b"} | line_format "{{.x}}" | label_format x=y, z="{{.w}}" | drop x, y="z" | keep w', Yield.LOGS),
    ('{a="b"} | pattern `<ip> - <_>` | regexp "(?P<x>.*)"', Yield.LOGS),
    ('({a="b"} |= "x")', Yield.LOGS),
    ('# first\n{a="b"} # second "\n|= "x"', Yield.LOGS),
    ('sum by (a, b) (count_over_time({a="b"} | json | __error__="" [5m] offset -1h))', Yield.SERIES),
    ('SUM(RATE({a="b"}[1h30m])) BY (a)', Yield.SERIES),
    ('rate(({a="b"} |= "x") [5m])', Yield.SERIES),
    ('quantile_over_time(0.9, {a="b"} | unwrap duration(took) | __error__="" [5m]) by (x)', Yield.SERIES),
    ('absent_over_time({a="b"}[5m])', Yield.SERIES),
    ('topk(5, sum by (x) (rate({a="b"}[5m]))) > 2', Yield.SERIES),
    ('sum(rate({a="b"}[5m])) / on (x) group_left (y) sum by (x, y) (rate({a="b"}[5m]))', Yield.SERIES),
    ('rate({a="b"}[5m]) > bool 0 or vector(0)', Yield.SERIES),
    ('label_replace(rate({a="b"}[5m]), "x", "$1", "y", "(.*)")', Yield.SERIES),
    ("1 + -2 ^ 3", Yield.SERIES),
    (r'{a="b"} | json a, b="c", d="e.f[0].g", h="[\"x y\"][1]", i=`["x y"].z`, j=" k [0] "', Yield.LOGS),
    ('{a="b"} | logfmt a, b="c", d="id8"', Yield.LOGS),
    ('{a="b"} | line_format `{{ range $i, $e := (fromJson .a) }}{{ $i }}: {{ $e.b }}{{ end }}`', Yield.LOGS),
    (
        '{a="b"} | line_format `{{ __timestamp__ | date "15:04" }} {{ .msg | trunc 5 | upper }} {{ __line__ | printf "%s" }}`',
        Yield.LOGS,
    ),
    (
        '{a="b"} | label_format c=`{{ if eq .l "e" }}{{ ToUpper .l }}{{ else }}{{ alignLeft 5 .l }}{{ end }}`',
        Yield.LOGS,
    ),
]
WITH_VARIABLES: list[str] = [
    '{a="$x", b=~"${y:regex}", c="[[z]]"}',
    "{$matchers}",
    '{a="b", ${filters:raw}}',
    '{$label="x"}',
    "{a=~$x}",
    "$query",
    '{a="b"} $stages',
    '{a="b"} | $stage | json',
    '{a="b"} |= `$text` |~ "(?i)$search"',
    '{a="b"} |= $text',
    '{a="b"} | $label = "x" | y > $least',
    '{a="b"} | status $op 500',
    '{a="b"} | line_format "$format"',
    'rate({a="b"}[$__auto])',
    'rate({a="b"}[$__interval]) / $n',
    'rate({a="b"}[${n}m])',
    'rate({a="b"} $filter [$window])',
    "rate($query [5m])",
    'sum by ($labels, x) (rate({a="b"}[$__range]))',
    '$function(rate({a="b"}[5m]))',
    '${function}({a="b"}[5m])',
    'topk($n, rate({a="b"}[5m]))',
    'quantile_over_time($q, {a="b"} | unwrap $field [5m]) by ($label)',
    'sum(rate({a="b"}[5m])) $op 5',
    'rate({a="b"}[5m] offset $shift)',
    'rate({job="prefix-$x"} | json | level=~"${level:pipe}" [$__rate_interval])',
    '{a="b"} | line_format `{{ .${field} }} {{ $value }} {{ [[f]] }} $tier`',
    '{a="b"} | json x="$path", y="a[${index}]"',
    '{a="b"} | logfmt x="$a b"',
]


@pytest.mark.parametrize(("expr", "yields"), TAKEN, ids=[case[0] for case in TAKEN])
def test_what_loki_takes_passes(expr: str, yields: Yield) -> None:
    parsed = LOGQL.parse(expr)
    assert (parsed.error, parsed.yields, parsed.remarks) == ("", yields, ())


@pytest.mark.parametrize("expr", WITH_VARIABLES)
def test_a_variable_may_stand_wherever_it_fits(expr: str) -> None:
    assert LOGQL.parse(expr).error == ""


def test_a_stage_behind_the_range_is_taken_with_a_remark() -> None:
    parsed = LOGQL.parse('sum(rate({a="b"}[5m] | json))')
    assert parsed.error == ""
    assert [(remark.rule, remark.offset) for remark in parsed.remarks] == [("query/stage-order", 21)]


def test_the_matchers_of_all_streams_are_listed() -> None:
    parsed = LOGQL.parse('rate({a="x", b!~"$y"}[5m]) / rate({c="\\"z"}[5m])')
    assert [tuple(match) for match in parsed.matches] == [
        ("a", "=", "x", 6, False, 5),
        ("b", "!~", "$y", 13, True, 5),
        ("c", "=", '"z', 35, False, 34),
    ]


@pytest.mark.parametrize(
    ("expr", "variables"),
    [
        ('{a="b"} | line_format "{{ $x := .msg }}{{ $x }} $y"', ("y",)),
        ('{a="b"} | label_format z="{{ range $i, $e := .l }}{{ $e }}{{ end }}"', ()),
        ('label_replace(rate({a="$b"}[5m]), "zone", "$zone-$x", "node", "(?P<zone>.*)")', ("b", "x")),
    ],
)
def test_names_of_a_template_and_of_groups_are_no_variables(expr: str, variables: tuple[str, ...]) -> None:
    parsed = LOGQL.parse(expr)
    assert (parsed.error, parsed.variables) == ("", variables)


def test_what_newer_lokis_brought_is_listed_with_its_place() -> None:
    expr = 'approx_topk(3, sum by (x) (rate({a="b"} |> "<_> x" or "y" | logfmt --strict | keep x [5m])))'
    needs = LOGQL.parse(expr).requirements
    assert [(need.subject, need.feature.since, expr[need.offset :][:4]) for need in needs] == [
        ("`|>`", (3, 0), '|> "'),
        ("`or` in a line filter", (3, 0), 'or "'),
        ("`--strict`", (2, 9), "--st"),
        ("`keep`", (2, 9), "keep"),
        ("`approx_topk`", (3, 3), "appr"),
    ]


@pytest.mark.parametrize(
    ("template", "rest", "message"),
    [
        ("{{ .x | trunc }}", "trunc", "`trunc` takes 2 arguments, and has 1"),
        ("{{ ToUpper .a .b }}", "ToUpper", "takes 1 argument, and has 2"),
        ("{{ printf }}", "printf", "takes at least 1 argument, and has 0"),
        ("{{ .a.b }}", ".b", "a text has no `.b`"),
    ],
)
def test_a_template_that_fails_at_every_line_is_taken_with_a_remark(
    template: str, rest: str, message: str
) -> None:
    expr = f'{{a="b"}} | line_format `{template}`'
    parsed = LOGQL.parse(expr)
    assert parsed.error == ""
    assert [remark.rule for remark in parsed.remarks] == ["query/template"]
    assert message in parsed.remarks[0].message
    assert expr[parsed.remarks[0].offset :].startswith(rest)


def test_arguments_that_a_variable_may_hold_are_not_counted() -> None:
    for template in ("{{ alignLeft $n .a }}", "{{ alignLeft ${n} .a }}", "{{ $f .a }}"):
        assert LOGQL.parse(f'{{a="b"}} | line_format `{template}`').remarks == ()

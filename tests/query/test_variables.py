import pytest

from dashgen.query import LANGUAGES, substitute
from dashgen.query.template_variables import reference_faults

PROMQL = LANGUAGES["prometheus"]


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        ("up", "up"),
        ("rate(x[$__rate_interval])", "rate(x[1m              ])"),
        ("rate(x[${__interval}])", "rate(x[1m           ])"),
        ("x[[[__range]]]", "x[1m         ]"),
        ("x[$__auto]", "x[1m     ]"),
        ("x / $__range_s", "x / 0000000001"),
        ("x / $__interval_ms", "x / 00000000000001"),
        ("x[${__range_s}s]", "x[000000000001s]"),
        ("rate(x[$w])", "rate(x[1m])"),
        ("x[$window:$step]", "x[1m     :1m   ]"),
        ("x[${n}m]", "x[0001m]"),
        ("x[5$unit]", "x[5m    ]"),
        ("x[$n$unit]", "x[01m    ]"),
        ("x offset $w", "x offset 1m"),
        ("x OFFSET -$w", "x OFFSET -1m"),
        ('$metric{a="b"}', '_metric{a="b"}'),
        ("rate($metric[5m])", "rate(_metric[5m])"),
        ("metric_$suffix", "metric__suffix"),
        ("${prefix}_total", "__prefix__total"),
        ('x{$label="b"}', 'x{_label="b"}'),
        ('x{a="$value"}', 'x{a="_value"}'),
        ('x{a=~"${value:regex}|b"}', 'x{a=~"__value_regex_|b"}'),
        ('x{a=~"[[value]]"}', 'x{a=~"__value__"}'),
        ("x{a='it is \"$value'}", "x{a='it is \"_value'}"),
        ("x{a=${value:doublequote}}", 'x{a="_value_doublequote"}'),
        ("x{$filters}", 'x{_="_"   }'),
        ('x{a="b", ${f}}', 'x{a="b", _=""}'),
        ('x{a="b",$f}', 'x{a="b",  }'),
        ("sum by ($label) (x)", "sum by (_label) (x)"),
        ("x * on($label) y", "x * on(_label) y"),
        ("x > $threshold", "x > 0000000001"),
        ("x > bool $t", "x > bool 01"),
        ("topk($n, x)", "topk(01, x)"),
        ("topk by (a) ($n, x)", "topk by (a) (01, x)"),
        ("quantile_over_time(0.$p, x[5m])", "quantile_over_time(0.01, x[5m])"),
        ("x @ $time", "x @ 00001"),
        ("x $op y", "x +   y"),
        ("$agg by (a) (x)", "sum  by (a) (x)"),
        ("$query", "_query"),
        ("x # $note\n+ $y", "x # _note\n+ 01"),
        ("${a.b c:csv}", "__a_b_c_csv_"),
    ],
)
def test_a_stand_in_suits_the_place_of_its_variable(expr, text):
    assert substitute(expr)[0] == text
    assert PROMQL.parse(text).error == ""


@pytest.mark.parametrize(
    ("expr", "names"),
    [
        ("x", ()),
        ('x{a="$b", c="${d:regex}", e="[[f]]", g="$b"}', ("b", "d", "f")),
        ("rate(x[$__rate_interval]) / $__range_s > $__interval_ms", ()),
        ("x[$__auto_interval_step]", ()),
        ('x{user="${__user.login}", org="$__org"}', ()),
        ("x[$__rate_intervall]", ("__rate_intervall",)),
        ('label_replace(x, "a", "$1 ${2}", "b", "(.*)")', ()),
        ('x{a=~"foo$|bar$"}', ()),
        ("${cluster.name}", ("cluster",)),
    ],
)
def test_variables_are_named_once_and_without_those_of_grafana(expr, names):
    assert substitute(expr)[1] == names
    assert PROMQL.parse(expr).variables == names


@pytest.mark.parametrize(
    "expr",
    [
        "clamp_min(x, $n)",
        "round($metric, $step)",
        'x{a=~"b{$n}"}',
        "$f(x)",
        "${function}(x[5m])",
        "${function}($n, x)",
        "${function}_over_time(x[5m])",
        "$a and $b",
        "x > $a and $b > 5",
        "predict_linear(x[1h], $seconds) > $limit",
        "x @ ${__to:date:seconds}",
    ],
)
def test_what_a_variable_may_stand_for_is_tried_before_an_error_is_reported(expr):
    parsed = PROMQL.parse(expr)
    assert parsed.error == ""
    assert parsed.variables == substitute(expr)[1]


@pytest.mark.parametrize(
    ("expr", "error", "offset"),
    [
        ("rate($metric)", "`rate` needs a range of values", 0),
        ("x{a=$value}", "the value of a label has to be in quotes", 4),
        ("rat($metric[5m])", "`rat` is not a PromQL function", 0),
        ('sum($metric{a="$b"}', "`(` is never closed", 3),
        ("$metric y", "an operator is missing before `y`", 8),
        ('x $metric{a="b"}', "an operator is missing before `$metric`", 2),
        ("$f(x", "`(` is never closed", 2),
    ],
)
def test_an_error_beside_a_variable_is_reported_in_the_authors_words(expr, error, offset):
    parsed = PROMQL.parse(expr)
    assert (parsed.error, parsed.error_offset) == (error, offset)


def test_the_hint_names_the_variable_and_not_its_stand_in():
    assert PROMQL.parse("x{a=$value}").hint == 'write `="$value"`'


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('up{a="${s"}', "`${s` is never closed", 6),
        ("/d/x?${__url_time_range", "`${__url_time_range` is never closed", 5),
        ('up{a="${s:regx}"}', "no format `regx`", 6),
        ("${a} ${b:cvs}", "no format `cvs`", 5),
        ('up{a=~"${s:regex}"}', "", 0),
        ("${__from:date:YYYY-MM}", "", 0),
        ('${__data.fields["a b"]} ${__value.raw:percentencode}', "", 0),
        ('up{a=~"x{2,3}$|a${1}|[[:alpha:]]"}', "", 0),
        ("$s", "", 0),
    ],
)
def test_a_reference_that_grafana_cannot_read_is_found(text, message, offset):
    faults = reference_faults(text)
    assert len(faults) == bool(message)
    for fault in faults:
        assert message in fault.message
        assert fault.offset == offset
        assert fault.hint

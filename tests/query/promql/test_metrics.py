import pytest

from dashgen.query import LANGUAGES, series_metric

PROMQL = LANGUAGES["prometheus"]


def uses(expr):
    return [(use.name, use.labels, use.offset) for use in PROMQL.parse(expr).metrics]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("1 + 2", []),
        ("up", [("up", (), 0)]),
        ('sum(rate(x_total{a="b", c!~"d"}[5m]))', [("x_total", ("a", "c"), 9)]),
        ("x / x", [("x", (), 0), ("x", (), 4)]),
        ("x + x_total", [("x", (), 0), ("x_total", (), 4)]),
        ("x_total + x", [("x_total", (), 0), ("x", (), 10)]),
        ("sum by (x) (x)", [("x", (), 12)]),
        ('x{x="x"} # x', [("x", ("x",), 0)]),
        ("a * on(b) group_left(c) b", [("a", (), 0), ("b", (), 24)]),
        ("rate(rate[5m])", [("rate", (), 5)]),
        ("topk(scalar(n), x)", [("n", (), 12), ("x", (), 16)]),
        ('{__name__="x", a="b"}', [("x", ("a",), 11)]),
        ('{"http.requests", a="b"}', [("http.requests", ("a",), 2)]),
        ('{"a.b"} / on(a) {"a.b", c="a.b"}', [("a.b", (), 2), ("a.b", ("c",), 18)]),
        ('{__name__=~"a|b", c="d"}', [("", ("c",), -1)]),
        ('label_replace(x, "y", "$1", "z", "(.*)")', [("x", (), 14)]),
        ("max_over_time((x + y)[1h:5m])", [("x", (), 15), ("y", (), 19)]),
        ("-x ^ -y", [("x", (), 1), ("y", (), 6)]),
        ("by", [("by", (), 0)]),
    ],
)
def test_metrics_are_listed_with_their_labels_and_places(expr, expected):
    assert uses(expr) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ('$metric{a="b"}', [("$metric", ("a",), 0)]),
        ("rate(x_${kind}_total[5m])", [("x_${kind}_total", (), 5)]),
        ('x{$label="a", b="$c"}', [("x", ("$label", "b"), 0)]),
        ('{"http.$name"}', [("http.$name", (), 2)]),
        ('{__name__="[[name]]"}', [("[[name]]", (), 11)]),
        ("rate(x$__rate_interval[5m])", [("x$__rate_interval", (), 5)]),
        ("rate(x[$__rate_interval]) + y", [("x", (), 5), ("y", (), 28)]),
        ('x{a=~"$b"} + x', [("x", ("a",), 0), ("x", (), 13)]),
    ],
)
def test_names_keep_the_variables_the_author_wrote(expr, expected):
    assert uses(expr) == expected


@pytest.mark.parametrize(
    ("expr", "functions"),
    [
        ("x", set()),
        ("SUM(rate(x[5m])) by (a)", {"sum", "rate"}),
        ("histogram_quantile(0.9, sum by (le) (rate(x[5m])))", {"histogram_quantile", "sum", "rate"}),
        ("$agg(rate(x[5m]))", {"rate"}),
        ("$agg(sum(x))", {"sum"}),
    ],
)
def test_functions_are_those_the_author_calls(expr, functions):
    assert PROMQL.parse(expr).functions == functions


@pytest.mark.parametrize(
    ("expr", "grouping"),
    [
        ("sum by (a, b) (x)", ("a", "b")),
        ("sum(x) by (a)", ("a",)),
        ("sum(x)", ()),
        ("sum by () (x)", ()),
        ("x", None),
        ("rate(x[5m])", None),
        ("sum without (a) (x)", None),
        ("sum without (a) (sum by (a, b) (x))", ("b",)),
        ("1", ()),
        ("time()", ()),
        ("scalar(x)", ()),
        ("absent(x)", None),
        ("topk(5, sum by (a) (x))", ("a",)),
        ("topk by (b) (5, sum by (a, b) (x))", ("a", "b")),
        ("histogram_quantile(0.9, sum by (le, a) (rate(x[5m])))", ("a",)),
        ("quantile_over_time(0.9, sum by (a) (x)[1h:])", ("a",)),
        ("clamp_min(sum by (a) (x), 1)", ("a",)),
        ("(-sum by (a) (x))", ("a",)),
        ("sum by (a) (x) * 100 > 5", ("a",)),
        ("100 * sum by (a) (x)", ("a",)),
        ("sum by (a) (x) / sum by (a) (y)", ("a",)),
        ("sum by (a, b) (x) / on (a) group_left () sum by (a) (y)", ("a", "b")),
        ("sum by (a) (x) * on (a) group_right (c) sum by (a, b) (y)", ("a", "b", "c")),
        ("sum by (a, b) (x) / on (a) sum by (a) (y)", ("a",)),
        ("sum by (a, b) (x) / ignoring (b) sum by (a) (y)", ("a",)),
        ("sum by (a) (x) > bool on (a) y", ("a",)),
        ("x / ignoring (b) y", None),
        ("x / sum by (a) (y)", ("a",)),
        ("sum by (a) (x) or vector(0)", ("a",)),
        ("sum by (a) (x) or sum by (a) (y)", ("a",)),
        ("sum by (a) (x) or sum by (b) (y)", None),
        ("sum by (a) (x) and on (b) y", ("a",)),
        ("sum by (a) (x) unless sum by (b) (y)", ("a",)),
        ('count_values("version", x)', ("version",)),
        ('count_values by (a) ("version", x)', ("a", "version")),
        ('label_replace(sum by (a) (x), "b", "$1", "a", "(.*)")', ("a", "b")),
        ('label_join(x, "b", "-", "a")', None),
        ("sum by ($label) (x)", ("$label",)),
        ('count_values("$label", x)', ("$label",)),
        ("sum by (a) (x) + sum by (a) (y) + sum by (a) (z)", ("a",)),
    ],
)
def test_the_labels_of_the_result_are_known(expr, grouping):
    parsed = PROMQL.parse(expr)
    assert parsed.error == ""
    assert parsed.grouping == grouping


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("x_seconds_bucket", "x_seconds"),
        ("x_seconds_sum", "x_seconds"),
        ("y_bytes_count", "y_bytes"),
        ("y_bytes_bucket", "y_bytes_bucket"),
        ("jobs_count", "jobs_count"),
        ("declared_sum", "declared_sum"),
        ("unknown_sum", "unknown_sum"),
        ("x_seconds", "x_seconds"),
    ],
)
def test_a_series_is_led_back_to_its_histogram_or_summary(name, family):
    types = {
        "x_seconds": "histogram",
        "y_bytes": "summary",
        "jobs": "counter",
        "declared": "summary",
        "declared_sum": "gauge",
    }
    assert series_metric(name, types.get) == family

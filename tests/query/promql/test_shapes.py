import pytest

from dashgen.query import LANGUAGES, QueryShape, describe

PROMQL = LANGUAGES["prometheus"]
RATIO = {"ratio": True}
PART = {"ratio": True, "part_of_whole": True}


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        ("x", {"metric": "x"}),
        ("(((x)))", {"metric": "x"}),
        ('{__name__="x"}', {"metric": "x"}),
        ('{__name__=~"x|y"}', {"metric": None}),
        ("sum by (a) (x) > 5", {"metric": "x"}),
        ("5 < x", {"metric": "x"}),
        ("x and on (a) y", {"metric": "x"}),
        ("x unless y", {"metric": "x"}),
        ("x or vector(0)", {"metric": "x"}),
        ("x or x offset 1h", {"metric": "x"}),
        ("x or y", {}),
        ("x + y", {}),
        ("x + 1 - 2", {"metric": "x"}),
        ("x % 60", {"metric": "x"}),
        ("clamp_min(x, 1)", {"metric": "x"}),
        ("scalar(x)", {"metric": "x"}),
        ("time() - x", {"metric": "x"}),
        ("quantile_over_time(0.9, x[1h])", {"metric": "x"}),
        ("x * on (a) group_left (version) build_info", {"metric": "x"}),
        ("build_info * on (a) group_right x", {"metric": "x"}),
        ("$metric", {"metric": "$metric"}),
        ("x > bool 5", {}),
        ("ln(x)", {}),
        ("x ^ 2", {}),
        ("x * y", {}),
        ("1 / x", {}),
        ("absent(x)", {}),
        ("group(x)", {}),
        ("stdvar(x)", {}),
        ("1 + 1", {}),
        ("time()", {}),
        ("not PromQL", {}),
        ("$function(x[5m])", {}),
    ],
)
def test_the_metric_whose_values_are_shown_is_known(expr, facts):
    assert describe(expr) == QueryShape(**facts)


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        ("sum(rate(x_total[5m]))", {"metric": "x_total", "per_second": True}),
        ("irate(x[5m])", {"metric": "x", "per_second": True}),
        ("deriv(x[5m])", {"metric": "x", "per_second": True}),
        ("topk(5, sum by (a) (rate(x[5m])))", {"metric": "x", "per_second": True}),
        ("max_over_time(rate(x[5m])[1h:])", {"metric": "x", "per_second": True}),
        ("sum(rate(x[5m])) or vector(0)", {"metric": "x", "per_second": True}),
        ("rate(x[5m]) + rate(y[5m])", {"per_second": True}),
        ("deriv(rate(x[5m])[1h:])", {}),
        ("sum(increase(x[1h]))", {"metric": "x", "increase": True}),
        ("rate($metric[5m])", {"metric": "$metric", "per_second": True}),
        ("rate(x_${a}_total[5m])", {"metric": "x_${a}_total", "per_second": True}),
    ],
)
def test_rates_and_increases_are_seen_through_what_keeps_them(expr, facts):
    assert describe(expr) == QueryShape(**facts)


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        (
            "histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))",
            {"metric": "x_seconds_bucket", "quantile": True},
        ),
        ("histogram_quantile(0.9, rate(x[5m]))", {"metric": "x", "quantile": True}),
        ("histogram_avg(rate(x[5m]))", {"metric": "x", "average_of": "x"}),
        ("histogram_count(rate(x[5m]))", {"metric": "x", "per_second": True, "count": True}),
        ("histogram_fraction(0, 1, rate(x[5m]))", {"metric": "x", **PART}),
        ("sum(rate(x_seconds_sum[5m])) / sum(rate(x_seconds_count[5m]))", {"average_of": "x_seconds"}),
        ("sum(x_seconds_sum) / sum(x_seconds_count)", {"average_of": "x_seconds"}),
        ("1000 * rate(x_sum[5m]) / rate(x_count[5m])", {"average_of": "x", "scale": 1000.0}),
    ],
)
def test_quantiles_and_averages_are_in_the_unit_of_their_histogram(expr, facts):
    assert describe(expr) == QueryShape(**facts)


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        ("count(x)", {"metric": "x", "count": True}),
        ("count by (a) (rate(x[5m]) > 0)", {"metric": "x", "count": True}),
        ('count_values("version", x)', {"metric": "x", "count": True}),
        ("count_over_time(x[5m])", {"metric": "x", "count": True}),
        ("sum(changes(x[5m]))", {"metric": "x", "count": True}),
        ("count(x) / count(y)", {"divided": ("x", "y"), **RATIO}),
        ("count(x == 1) / count(x)", {"metric": "x", "divided": ("x", "x"), **PART}),
    ],
)
def test_counts_are_not_in_the_unit_of_their_metric(expr, facts):
    assert describe(expr) == QueryShape(**facts)


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        (
            'sum(rate(x_total{status="success"}[$__range])) / sum(rate(x_total[$__range]))',
            {"metric": "x_total", "divided": ("x_total", "x_total"), **PART},
        ),
        ("sum by (a) (x) / on () group_left sum(x)", {"metric": "x", "divided": ("x", "x"), **PART}),
        ('1 - sum(x{a="b"}) / sum(x)', {"metric": "x", "divided": ("x", "x"), **PART}),
        ('sum(x{a="b"}) / sum(x) * 100', {"metric": "x", "divided": ("x", "x"), "scale": 100.0, **PART}),
        (
            "100 * errors_total / requests_total",
            {"divided": ("errors_total", "requests_total"), "scale": 100.0, **RATIO},
        ),
        ("used_bytes / size_bytes", {"divided": ("used_bytes", "size_bytes"), **RATIO}),
        ("x / x offset 1w", {"metric": "x", "divided": ("x", "x"), **RATIO}),
        ("rate(x[5m]) / rate(x[1h])", {"metric": "x", "divided": ("x", "x"), **RATIO}),
        ("avg(x) / avg(x)", {"metric": "x", "divided": ("x", "x"), **RATIO}),
        ('sum(x) / sum(x{a="b"})', {"metric": "x", "divided": ("x", "x"), **RATIO}),
        ("hits / (hits + misses)", PART),
        ("sum(rate(a[5m])) / (sum(rate(b[5m])) + sum(rate(a[5m])))", PART),
        (
            'sum(rate(x_seconds_bucket{le="0.3"}[5m])) / sum(rate(x_seconds_count[5m]))',
            {"divided": ("x_seconds_bucket", "x_seconds_count"), **PART},
        ),
        (
            "rate(x_seconds_count[5m]) / rate(requests_total[5m])",
            {"divided": ("x_seconds_count", "requests_total"), **RATIO},
        ),
        ("cost_usd_total / queries_total", {"divided": ("cost_usd_total", "queries_total")}),
        ("rate(x_total[5m]) / y", {"divided": ("x_total", "y")}),
        ("x * (a / b)", {"metric": "x"}),
        ('$a{x="y"} / ${b}_total', {"divided": ("$a", "${b}_total"), **RATIO}),
    ],
)
def test_divisions_are_told_apart(expr, facts):
    assert describe(expr) == QueryShape(**facts)


@pytest.mark.parametrize(
    ("expr", "scale"),
    [
        ("x", 1.0),
        ("x * 60", 60.0),
        ("x / 1024 / 1024", 1 / 1024 / 1024),
        ("x * (60 * 60)", 3600.0),
        ("sum(x) * 100 or vector(0)", 100.0),
        ("x * $factor", None),
        ("x / $__range_s", None),
        ("x * time()", None),
        ("x / 0", None),
        ("x > $limit", 1.0),
        ('sum by ($label) (x{a="$b"})', 1.0),
        ("sum by ($label) (x) * 100", 100.0),
    ],
)
def test_the_constant_factor_is_known_when_it_is_written_out(expr, scale):
    assert describe(expr).scale == scale


@pytest.mark.parametrize(
    ("expr", "rate_like"),
    [
        ("x", False),
        ("sum(rate(x[5m]))", True),
        ("100 * increase(x[5m])", True),
        ("rate(x[5m]) > 1 and y", True),
        ("-(irate(x[5m]))", True),
        ("clamp_min(deriv(x[5m]), 0)", True),
        ("count(rate(x[5m]))", False),
        ("histogram_quantile(0.9, rate(x_bucket[5m]))", False),
        ("rate(x[5m]) / rate(y[5m])", False),
        ("1 / rate(x[5m])", False),
        ("quantile_over_time(0.9, rate(x[5m])[1h:])", True),
        ("time()", False),
        ("abs(1 - rate(x[5m]))", True),
    ],
)
def test_a_rate_is_noticed_by_the_parse_and_the_description_alike(expr, rate_like):
    shape = describe(expr)
    assert PROMQL.parse(expr).rate_like is rate_like
    assert (shape.per_second or shape.increase) is rate_like

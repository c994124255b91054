"""What lint rules about PromQL find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintProject
from tests.lint.lint_queries import PLACE, alert_query, messages, panel_query

ALONE = {
    "query/needless-regex": [
        'x{a=~"$name"}',
        'x{a=~"a.b"}',
        'x{a=~""}',
        'x{a=~"[[name]]"}',
        'label_replace(x, "a", "b", "c", "d")',
    ],
    "query/needless-anchors": [
        'x{a=~"^a|b$"}',
        'x{a=~"a"}',
        'x{a="^a$"}',
        'x{a=~"^$name$"}',
        r'x{a=~"a\\$"}',
        'x{a=~"(^a|b)"}',
    ],
    "query/needless-matcher": ['x{a=~".+"}', 'x{a=~"$all", a=~".+"}', 'x{a!~"b", a!~"c"}', 'x{a=".*"}'],
    "query/impossible-selector": [
        'x{a=~"1|2", a!="1"}',
        'x{a="1", a=~"1|2"}',
        'x{a="$b", a="c"}',
        'x{a="1"} or x{a="2"}',
        'x{a!="", a="b"}',
        'x{a=~".*", a="b"}',
    ],
    "query/odd-alternative": [
        'x{a=~"|b"}',
        'x{a=~"a|b|"}',
        'x{a=~"a|$b|a"}',
        'x{a="a|a"}',
        'x{a=~"(a|b)c|(a|b)d"}',
    ],
    "query/unescaped-dot": [r'x{a=~"10\\.0\\.0\\.1:.*"}', 'x{a=~"v1.2"}', 'x{a="10.0.0.1"}', 'x{a=~"job.*"}'],
    "query/no-matcher": ['up{job="a"}', "up{$filters}", "orders_total", 'up{instance=~"$instance"}'],
    "query/fixed-rate-range": [
        "rate(x[$__rate_interval])",
        "rate(x[$__range])",
        "rate(x[$interval])",
        "rate(x[${window}])",
        "rate(x[10m])",
        "rate(x[1h])",
        "irate(x[5m])",
        "increase(x[5m])",
        "avg_over_time(x[5m])",
        "max_over_time(rate(x[5m])[1h:5m])",
    ],
    "query/rate-of-aggregation": [
        "deriv(sum(x)[5m:])",
        "rate(x[5m:])",
        "max_over_time(sum(rate(x[5m]))[1h:])",
        "rate(max(x)[5m:])",
    ],
    "query/rate-of-rate": [
        "deriv(rate(x[5m])[1h:])",
        "max_over_time(rate(x[5m])[1h:])",
        "rate(x[5m:])",
        "increase((a + b)[5m:])",
    ],
    "query/slope-of-counter": [
        "delta(x_bytes[5m])",
        "increase(x_total[5m])",
        "delta(job:x_total[5m])",
        "delta(x_total[5m]) < -10",
        "abs(delta(x_total[5m])) > 0",
    ],
    "query/rate-of-known-gauge": [
        "rate(node_network_receive_bytes[5m])",
        "resets(process_start_time_seconds[5m])",
        "rate(info_total[5m])",
    ],
    "query/quantile-out-of-range": [
        "histogram_quantile($quantile, x)",
        "quantile(0.5, x)",
        "quantile(1, x)",
        "topk(5, x)",
        "histogram_quantile(scalar(q), x)",
    ],
    "query/quantile-of-total": [
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))",
        "histogram_quantile(0.9, rate(x[5m]))",
        "histogram_quantile(0.9, job:x_count)",
    ],
    "query/average-of-quantiles": [
        'avg by (pod) (x{quantile="0.9"})',
        'max(x{quantile="0.9"})',
        'avg(x{quantile="1"})',
        'sum(x{quantile=""})',
        "avg(histogram_avg(x))",
    ],
    "query/average-of-averages": [
        "avg(rate(a_sum[5m]) / rate(b_count[5m]))",
        "max(rate(a_sum[5m]) / rate(a_count[5m]))",
        'sum(rate(a_sum{instance="b"}[5m]) / rate(a_count{instance="b"}[5m]))',
    ],
    "query/unmatched-labels": [
        "sum(x) / sum by (cluster) (y)",
        "(sum by (a) (x) or vector(0)) / sum(y)",
        "(sum by (a) (x) or sum by (b) (x)) / sum by (a) (y)",
        "sum by (a) (x) / sum by (a) (y)",
        "sum by (a, b) (x) / on (a) group_left () sum by (a) (y)",
        "sum by (a) (x) or sum by (b) (y)",
        'x{a="b"} / y',
        "sum by ($by) (x) / sum by (a) (y)",
        "sum by (a) (x) / ignoring (a) sum(y)",
        "sum by (a) (x) / scalar(sum(y))",
        "sum by (a) (x) / 5",
        "sum without (a) (x) / sum without (a) (y)",
        "$x / sum(y)",
        "absent(x) * 2",
        "x and on () sum(y) > 0",
        "sum by (a) (x) / on (a) group_left (b) max by (a, b) (y)",
    ],
    "query/lost-label": [
        "max by (a) (sum by (a, b) (x))",
        "sum by (a) (topk by (b) (1, x))",
        "sum by ($by) (sum(x))",
        'sum by (b) (label_replace(sum by (a) (x), "b", "$1", "a", "(.*)"))',
        "sum by (a) (x * on (b) group_left (a) y)",
        "sum by (le) (rate(x_bucket[5m]))",
        'max by (v) (count_values by (a) ("v", x))',
        "sum by (__name__) (x)",
        'sum by (a, b) (rate(x{b=""}[5m]))',
    ],
    "query/never-zero": [
        "count(x) > 0",
        "absent(x) == 1",
        "(count(x) or vector(0)) == 0",
        "count(x) == 3",
        "count(x) < 2",
        "sum(x) == 0",
        "count_over_time(x[5m]) < 2",
        "count(x) == bool 0",
        "count(x) < $limit",
    ],
    "query/count-of-matching": [
        "count(x == 0) > 2",
        "count(x) < 2",
        "sum(x == bool 1) < 2",
        "(count(x == 1) or vector(0)) < 2",
        "count by (a) (x == 0) <= count by (a) (y)",
        "count(x > bool 0) < 2",
    ],
    "query/negative-rate": ["rate(x[5m]) <= 0", "delta(x[5m]) < 0", "rate(x[5m]) > 0", "rate(x[5m]) < 0.5"],
    "query/nan-in-aggregation": [
        "max(rate(a[5m]) / rate(b[5m]))",
        "sum(rate(a[5m]) / b)",
        "sum(rate(a[5m]) / (rate(b[5m]) > 0))",
    ],
    "query/sort-over-time": [],
    "query/zero-beside-series": [
        "sum by (a) (x) or sum(x) or vector(0)",
        "sum(x) or vector(0)",
        "sum by (a) (x) or on () vector(0)",
        "x or vector(0)",
        "sum(sum by (a) (x) or vector(0))",
        "sum by (cluster) (x) or vector(0)",
        "sum by (a) (x) or y",
    ],
    "query/absent-of-groups": ["absent(sum(x))", "absent(x)", "count by (a) (x) unless absent(y)"],
    "query/lost-capture": [
        'label_replace(x, "a", "$1-$2", "b", "(.*):(.*)")',
        'label_replace(x, "a", "${name}", "b", "(?P<name>.*)")',
        'label_replace(x, "a", "$$1", "b", ".*")',
        'label_replace(x, "a", "$0", "b", ".*")',
        'label_replace(x, "a", "$1", "b", "$pattern")',
    ],
    "query/scalar-of-many": [
        "scalar(sum(x))",
        'scalar(max by (a) (x{a="b"}))',
        'scalar(sum by (a) (x{a=~"$a"}))',
    ],
    "query/twice-aggregated": [
        "sum(max by (a) (x))",
        "count(count by (a) (x))",
        "sum by (a) (sum by (b) (x))",
        "sum(sum without (a) (x))",
        "avg(avg by (a) (x))",
        "sum(sum by (a) (x) / sum by (a) (y))",
    ],
    "query/average-of-groups": ["avg(sum by (a) (x))", "sum(avg by (a) (x))", "avg(avg_over_time(x[5m]))"],
    "query/subquery-step": [
        "max_over_time(rate(x[5m])[1h:5m])",
        "max_over_time(x[1h:5m])",
        "max_over_time(rate(x[1m])[1h:])",
        "max_over_time(rate(x[$__rate_interval])[1h:5m])",
        "max_over_time(rate(x[1m])[1h:$step])",
    ],
    "query/future-offset": ["x offset 5m", "x @ 0 offset -5m"],
    "query/same-operands": ["x == x", "x * x", "x{a='1'} / x{a='2'}", "1 / 1", "x / y"],
    "query/needless-group-left": [
        "sum by (a) (x) * on (a) group_left (b) y",
        "sum by (a, b) (x) / on (a) group_left () sum by (a) (y)",
        "x * on (a) group_left () y",
    ],
    "query/missing-group-left": [
        "sum by (a) (x) / on (a) sum by (a) (y)",
        "x / on (a) y",
        "sum by (a, b) (x) and on (a) sum by (a) (y)",
    ],
    "query/topk-over-time": [
        "x * on (a) group_left () topk by (a) (1, y)",
        "topk(5, x @ end())",
        "x and topk(5, y)",
        "limitk(5, x)",
    ],
    "query/range-at-each-step": [
        "rate(x[$__rate_interval])",
        "sum_over_time(x[$__range] @ end())",
        "rate(x[$range])",
    ],
    "query/range-for-one-value": ["increase(x[$__range])"],
    "query/interval-for-one-value": ["increase(x[$__rate_interval])"],
    "query/raw-counter": [
        "rate(x_total[5m])",
        "x",
        "job:x_total",
        "x_total - x_total offset 5m",
        "absent(x_total)",
        "count(x_total)",
        "x * on (a) group_left () y_total",
        "up unless x_total",
        "increase(sum(x_total)[5m:])",
    ],
    "query/step-as-range": [
        "rate(x[$__rate_interval])",
        "max_over_time(x[$__interval])",
        "rate(x[$interval])",
        "rate(x[$__interval_ms])",
    ],
    "query/recorded-already": ["sum(x)"],
    "query/irate-over-long-range": [
        "irate(x[5m])",
        "irate(x[$__rate_interval])",
        "rate(x[1h])",
        "irate(x[$range])",
    ],
    "query/lifetime-average": [
        "rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])",
        "x_seconds_sum / y_seconds_count",
        "x_seconds_count / x_seconds_sum",
        "x_epoch_sum / x_epoch_count",
    ],
    "query/different-ranges": [
        "rate(x[5m]) / rate(y[5m])",
        "rate(x[5m]) / increase(y[1h])",
        "rate(x[5m]) / avg_over_time(y[1h])",
        "rate(x[5m]) - rate(x[1h])",
        "rate(x[5m]) / rate(x[1h])",
        "rate(x[5m]) / rate(y[1h] offset 5m)",
        "rate(x[$__rate_interval]) / rate(y[$__rate_interval])",
    ],
    "query/needless-label-replace": [
        'label_replace(x, "a", "$1", "b", "(.*)")',
        'label_replace(x, "a", "$1", "a", "(.*):.*")',
        'label_replace(x, "$a", "$1", "$a", "(.*)")',
    ],
    "query/long-range": ["rate(x[5m])", "rate(x[$__range])", "avg_over_time(x[1d])"],
    "query/lifetime-quantile": [
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))",
        "histogram_quantile(0.9, job:x_bucket)",
        "histogram_quantile(0.9, x)",
    ],
    "query/integer-bound": [
        'x_bucket{le="1.0"}',
        'x_bucket{le="+Inf"}',
        'x_bucket{le=~"1(.0)?"}',
        'x{quantile="0.9"}',
        'x{code="200"}',
        'x_bucket{le="$le"}',
        'x_bucket{le="10000000"}',
    ],
    "query/added-filters": [
        "(a > bool 1) + (b > bool 1)",
        "(a > 1) or (b > 1)",
        "(a > 1) + b",
        "(a > 1) / (b > 1)",
        "(a < 5) - on (b) group_right () (c >= 5) < 0",
    ],
    "query/computed-rate": [
        "increase(x[5m]) / 60",
        "rate(x[5m]) * 60",
        "increase(x[5m]) * 300",
        "increase(x[$__rate_interval]) / 60",
        "300 / increase(x[5m])",
    ],
    "query/all-metrics": [
        '{__name__="x"}',
        '{"a.b"}',
        "x",
        '{__name__=~"a|b"}',
        '{__name__=~"$name"}',
        '$x{a="b"}',
    ],
}
FOUND = {
    "query/needless-regex": ['x{a!~"b"}', 'rate(x{a=~"two words"}[5m])'],
    "query/needless-anchors": ['x{a=~"^b.*"}', 'x{a!~"b.$"}', 'x{a=~"^(a|b)$"}', "x{a=~`^a\\.b$`}"],
    "query/needless-matcher": ['x{a=~".*"}', 'x{a="b", a="b"}', 'x{b="c", a=~"^.*$"}'],
    "query/impossible-selector": ['x{a="1", a="2"}', 'x{a="1", a!="1"}', 'x{a=~"2|3", a="1"}', 'x{a!~".*"}'],
    "query/odd-alternative": ['x{a=~"a||b"}', 'x{a=~"a|b|a"}'],
    "query/fixed-rate-range": ["sum(rate(x[5m]))", "rate(x[1m]) / rate(y[$__rate_interval])"],
    "query/rate-of-aggregation": ["rate((sum(x))[5m:1m])", "increase(sum by (a) (x)[1h:])"],
    "query/rate-of-rate": ["increase(sum(rate(x[5m]))[1h:])"],
    "query/slope-of-counter": ["deriv(x_total[5m])", "predict_linear(x_total[1h], 3600)"],
    "query/quantile-out-of-range": [
        "quantile(50, x)",
        "quantile_over_time(99, x[5m])",
        "histogram_quantile(-1, x)",
    ],
    "query/average-of-quantiles": ['sum(x{quantile="0.5"})', 'avg by (a) (x{quantile="$quantile"})'],
    "query/average-of-averages": ["sum(rate(a_sum[5m]) / rate(a_count[5m]))"],
    "query/unmatched-labels": [
        "sum by (a) (x) / sum(y)",
        "sum(x) / sum by (a) (y)",
        "x * on (a) sum by (b) (y)",
        "sum by (a) (x) unless sum by (b) (y)",
        'x{a="b"} / sum without (a) (y)',
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) / sum by (le) (y)",
        "sum by (a) (x) > on (a) group_left () sum(y)",
    ],
    "query/lost-label": [
        "sum by (a) (sum(x))",
        "max by (le) (histogram_quantile(0.9, rate(x_bucket[5m])))",
        "max by (a) (sum without (a) (x))",
        "sum by (b) (absent(x{a='1'}))",
        "sum by (b) (sum by (a) (x) * on (a) y)",
    ],
    "query/never-zero": ["count(x) < 1", "0 == count(x)", "absent(x) == 0", "count_over_time(x[5m]) == 0"],
    "query/negative-rate": ["sum(rate(x[5m])) < 0", "increase(x[5m]) == -1"],
    "query/zero-beside-series": ["sum by (a) (x) or vector(0)", "(sum by (a) (x)) or (vector(0))"],
    "query/lost-capture": [
        'label_replace(x, "a", "$1", "b", ".*")',
        'label_replace(x, "a", "$1_x", "b", "(.*)")',
        'label_replace(x, "a", "${2}", "b", "(.*)")',
    ],
    "query/scalar-of-many": ["scalar(sum by (a) (x))"],
    "query/twice-aggregated": ["sum by (a) (sum by (a, b) (x))", "max(max(x))"],
    "query/subquery-step": ["max_over_time(x[5m:10m])", "avg_over_time(sum(rate(x[1m]))[1h:2m])"],
    "query/same-operands": ["sum(x) / sum( x )", "x or x"],
    "query/missing-group-left": ["sum by (a) (x) / on (a) sum by (a, b) (y)"],
    "query/topk-over-time": ["topk(5, x)", "sort_desc(topk(5, x))"],
    "query/range-at-each-step": ["increase(x[$__range])", "max_over_time(x[${__range}:])"],
    "query/raw-counter": ["x_total", "sum by (a) (x_total) / 60", "topk(5, x_total) > 5"],
    "query/irate-over-long-range": ["irate(x[1h])", "idelta(x[20m])"],
    "query/step-as-range": [
        "increase(x[$__interval])",
        "deriv(x[${__interval}])",
        "irate(x[[[__interval]]])",
    ],
    "query/lifetime-average": [
        "x_seconds_sum / x_seconds_count",
        "sum by (a) (x_bytes_sum) / sum by (a) (x_bytes_count)",
    ],
    "query/different-ranges": [
        "sum(rate(x[5m])) / sum(rate(y[1m]))",
        "rate(x[$__rate_interval]) / rate(y[1m])",
    ],
    "query/needless-label-replace": ['sum(label_replace(x, "a", "$1", "a", "(.*)"))'],
    "query/lifetime-quantile": [
        "histogram_quantile(0.9, x_bucket)",
        "histogram_quantile(0.9, sum(sum by (le) (x_bucket)))",
    ],
    "query/integer-bound": ['x_bucket{le="1"}', 'x{job="a", quantile="0"}', "x_bucket{le!='10'}"],
    "query/added-filters": ["(a > 1) + (b > 1)", "(a == 1) + ((b == 1))"],
    "query/computed-rate": ["sum(increase(x[5m]) / 300)", "(rate(x[1m])) * 60"],
    "query/long-range": ["avg_over_time(x[8d])", "max_over_time(rate(x[5m])[14d:1h])"],
    "query/all-metrics": ['{a="b"}', '{__name__=~"a.*"}'],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in ALONE.items() for text in texts])
def test_sound_queries_have_no_finding(rule: str, text: str) -> None:
    assert messages(rule, panel_query(text)) == []
    assert messages(rule, alert_query(text)) == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_each_form_of_a_fault_has_one_finding(rule: str, text: str) -> None:
    query = panel_query(text)
    assert query.promql is not None, "the query does not parse"
    assert len(messages(rule, query)) == 1


@pytest.mark.parametrize("text", ["rate(x[5m])", "irate(x[5m])"])
def test_fixed_ranges_are_right_where_nothing_is_drawn_over_time(text: str) -> None:
    assert messages("query/fixed-rate-range", alert_query(text)) == []
    assert messages("query/fixed-rate-range", panel_query(text, kind="stat")) == []
    assert messages("query/fixed-rate-range", panel_query(text, instant=True)) == []


def test_counts_are_zero_beside_an_alert_for_nothing_at_all() -> None:
    assert len(messages("query/count-of-matching", alert_query("count(x == 1) < 2"))) == 1
    assert len(messages("query/future-offset", alert_query("x offset -5m"))) == 1
    assert len(messages("query/sort-over-time", alert_query("sort(x)", kind="record"))) == 1
    assert len(messages("query/absent-of-groups", alert_query("absent(sum by (a) (x))"))) == 1


def test_one_value_of_a_range_is_asked_once() -> None:
    whole, step = "increase(x[$__range])", "increase(x[$__interval])"
    assert len(messages("query/range-for-one-value", panel_query(whole, kind="gauge"))) == 1
    assert (
        messages("query/range-for-one-value", panel_query(whole, kind="stat")) == []
    )  # it draws a small graph
    assert messages("query/range-for-one-value", panel_query(whole, kind="gauge", instant=True)) == []
    assert messages("query/range-for-one-value", panel_query(whole, kind="table")) == []
    assert len(messages("query/interval-for-one-value", panel_query(step, kind="stat", instant=True))) == 1
    assert messages("query/interval-for-one-value", panel_query(step, kind="stat")) == []
    for text in (f"{step} / {step}", f"sum_over_time({step}[$__range:$__interval])"):
        assert messages("query/interval-for-one-value", panel_query(text, kind="stat", instant=True)) == []


@pytest.mark.parametrize(
    ("legend", "text", "count"),
    [
        ("{{a}}", "sum without (a) (x)", 1),
        ("{{le}}", "histogram_quantile(0.9, x_bucket)", 1),
        ("{{ a }} {{b}}", "sum by (a) (x)", 1),
        ("{{b}}", "x / on (a) y", 1),
        ("{{__name__}}", "sum(x)", 0),
        ("{{a}}", "x", 0),
        ("{{b}}", "x * on (a) group_left (b) y", 0),
        ("{{a}}", "sum by ($by) (x)", 0),
        ("{{a}}", "$x", 0),
    ],
)
def test_legends_name_labels_of_the_result(legend: str, text: str, count: int) -> None:
    assert len(messages("query/legend-of-lost-label", panel_query(text, legend=legend))) == count


@pytest.mark.parametrize(
    ("legend", "text", "count"),
    [
        ("All", "sum by (a) (x)", 1),
        ("{{a}}", "sum by (a) (x)", 0),
        ("__auto", "sum by (a) (x)", 0),
        ("All", "sum(x)", 0),
        ("All", 'sum by (a) (x{a="b"})', 0),
        ("All", 'sum by (a) (x{a=~"$a"})', 0),
        ("$name", "sum by (a) (x)", 0),
    ],
)
def test_lines_that_differ_have_names_that_differ(legend: str, text: str, count: int) -> None:
    assert len(messages("query/one-name-for-all", panel_query(text, legend=legend))) == count


def test_a_rate_of_a_recorded_sum_is_told_from_one_of_a_recorded_rate() -> None:
    rate = panel_query("rate(job:x:sum[5m])")
    for recorded, count in (
        ("sum by (job) (x_total)", 1),
        ("sum by (job) (rate(x_total[5m]))", 0),
        ("max(x)", 0),
    ):
        record = alert_query(recorded, kind="record").rule
        assert record is not None
        record.name = "job:x:sum"
        record.group.rules = [record]
        project = LintProject(place=PLACE, groups=[record.group])
        assert len(messages("query/rate-of-recorded-sum", rate, project)) == count


def test_queries_that_differ_in_anything_may_stand_in_one_panel() -> None:
    query = panel_query("sum(x)", legend="All")
    assert query.panel is not None
    panel = query.panel
    others = [panel_query("sum(x)", legend="Other"), panel_query("sum(x)", legend="All", instant=True)]
    panel.queries = [query, *others]
    assert messages("query/repeated-query", query) == []
    panel.queries = [
        query,
        *others,
        panel_query("sum( x)", legend="All"),
        panel_query("sum(x)", legend="All"),
    ]
    assert len(messages("query/repeated-query", query)) == 1


def test_what_a_rule_records_is_read_from_there() -> None:
    record = alert_query("sum by (a) (rate(x[5m]))", kind="record").rule
    assert record is not None
    record.group.rules = [record]
    project = LintProject(place=PLACE, groups=[record.group])
    query = panel_query("max(sum  by(a) (rate(x[5m])))")
    assert messages("query/recorded-already", query, project) == ["a rule records this as `Example`"]
    assert messages("query/recorded-already", panel_query("sum by (b) (rate(x[5m]))"), project) == []
    assert messages("query/recorded-already", record.queries[0], project) == []

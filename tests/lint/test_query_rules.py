"""What lint rules about PromQL find, and what they leave alone."""

import pytest

from tests.lint.lint_queries import alert_query, messages, panel_query

ALONE = {
    "query/needless-regex": [
        'x{a=~"$name"}', 'x{a=~"a.b"}', 'x{a=~""}', 'x{a=~"[[name]]"}', 'label_replace(x, "a", "b", "c", "d")',
    ],
    "query/needless-anchors": [
        'x{a=~"^a|b$"}', 'x{a=~"a"}', 'x{a="^a$"}', 'x{a=~"^$name$"}', r'x{a=~"a\\$"}', 'x{a=~"(^a|b)"}',
    ],
    "query/needless-matcher": ['x{a=~".+"}', 'x{a=~"$all", a=~".+"}', 'x{a!~"b", a!~"c"}', 'x{a=".*"}'],
    "query/impossible-selector": [
        'x{a=~"1|2", a!="1"}', 'x{a="1", a=~"1|2"}', 'x{a="$b", a="c"}', 'x{a="1"} or x{a="2"}', 'x{a!="", a="b"}',
        'x{a=~".*", a="b"}',
    ],
    "query/odd-alternative": ['x{a=~"|b"}', 'x{a=~"a|b|"}', 'x{a=~"a|$b|a"}', 'x{a="a|a"}', 'x{a=~"(a|b)c|(a|b)d"}'],
    "query/unescaped-dot": [r'x{a=~"10\\.0\\.0\\.1:.*"}', 'x{a=~"v1.2"}', 'x{a="10.0.0.1"}', 'x{a=~"job.*"}'],
    "query/no-matcher": ['up{job="a"}', "up{$filters}", "orders_total", 'up{instance=~"$instance"}'],
    "query/fixed-rate-range": [
        "rate(x[$__rate_interval])", "rate(x[$__range])", "rate(x[$interval])", "rate(x[${window}])", "rate(x[1h])",
        "increase(x[5m])", "avg_over_time(x[5m])",
    ],
    "query/rate-of-aggregation": [
        "deriv(sum(x)[5m:])", "rate(x[5m:])", "max_over_time(sum(rate(x[5m]))[1h:])", "rate(max(x)[5m:])",
    ],
    "query/rate-of-rate": [
        "deriv(rate(x[5m])[1h:])", "max_over_time(rate(x[5m])[1h:])", "rate(x[5m:])", "increase((a + b)[5m:])",
    ],
    "query/slope-of-counter": [
        "delta(x_bytes[5m])", "increase(x_total[5m])", "delta(job:x_total[5m])", "delta(x_total[5m]) < -10",
        "abs(delta(x_total[5m])) > 0",
    ],
    "query/rate-of-known-gauge": [
        "rate(node_network_receive_bytes[5m])", "resets(process_start_time_seconds[5m])", "rate(info_total[5m])",
    ],
    "query/quantile-out-of-range": [
        "histogram_quantile($quantile, x)", "quantile(0.5, x)", "quantile(1, x)", "topk(5, x)",
        "histogram_quantile(scalar(q), x)",
    ],
    "query/quantile-of-total": [
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))", "histogram_quantile(0.9, rate(x[5m]))",
        "histogram_quantile(0.9, job:x_count)",
    ],
    "query/average-of-quantiles": [
        'max(x{quantile="0.9"})', 'avg(x{quantile="1"})', 'sum(x{quantile=""})', "avg(histogram_avg(x))",
    ],
    "query/average-of-averages": [
        "avg(rate(a_sum[5m]) / rate(b_count[5m]))", "max(rate(a_sum[5m]) / rate(a_count[5m]))",
        'sum(rate(a_sum{instance="b"}[5m]) / rate(a_count{instance="b"}[5m]))',
    ],
}  # fmt: skip
FOUND = {
    "query/needless-regex": ['x{a!~"b"}', 'rate(x{a=~"two words"}[5m])'],
    "query/needless-anchors": ['x{a=~"^b.*"}', 'x{a!~"b.$"}', 'x{a=~"^(a|b)$"}', "x{a=~`^a\\.b$`}"],
    "query/needless-matcher": ['x{a=~".*"}', 'x{a="b", a="b"}', 'x{b="c", a=~"^.*$"}'],
    "query/impossible-selector": ['x{a="1", a="2"}', 'x{a="1", a!="1"}', 'x{a=~"2|3", a="1"}', 'x{a!~".*"}'],
    "query/odd-alternative": ['x{a=~"a||b"}', 'x{a=~"a|b|a"}'],
    "query/fixed-rate-range": ["sum(rate(x[5m]))", "irate(x[1m]) / irate(y[$__rate_interval])"],
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

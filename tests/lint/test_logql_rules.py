"""What lint rules about LogQL find, and what they leave alone."""

import pytest

from tests.lint.lint_queries import alert_query, messages, panel_query

ALONE = {
    "logql/broad-selector": [
        '{app="a"}',
        '{app=~"$app"}',
        '{app=~".+", env="b"}',
        '{app=~"a.*"}',
        "{$streams}",
        '{app=~".+", env=~"$env"}',
    ],
    "logql/plain-text-regex": [
        '{app="a"} |~ "a|b"',
        '{app="a"} |~ "$text"',
        '{app="a"} |~ "a.b"',
        '{app="a"} |= "a"',
        '{app="a"} |~ "(?i)a"',
        '{app="a"} |~ "^a"',
    ],
    "logql/empty-line-filter": [
        '{app="a"} |= "$text"',
        '{app="a"} |= " "',
        '{app="a"} |> ""',
        '{app="a"} | b=""',
    ],
    "logql/late-line-filter": [
        '{app="a"} |= "b" | json',
        '{app="a"} | json | line_format "{{.c}}" |= "b"',
        '{app="a"} | unpack |= "b"',
        '{app="a"} | json | b="c" |= "d"',
        '{app="a"} | decolorize |= "b"',
    ],
    "logql/fixed-range": [
        'count_over_time({app="a"}[$__auto])',
        'count_over_time({app="a"}[1h])',
        'rate({app="a"}[$interval])',
        'max_over_time({app="a"} | unwrap b [1m])',
        'absent_over_time({app="a"}[5m])',
    ],
    "logql/unwrap-errors": [
        'sum_over_time({app="a"} | json | unwrap b | __error__="" [5m])',
        'rate({app="a"} | json [5m])',
        'sum_over_time({app="a"} | unwrap b | c="d" and __error__="" [5m])',
    ],
    "logql/parser-errors": [
        'rate({app="a"} | json | __error__="" [5m])',
        '{app="a"} | json',
        'rate({app="a"} | json | drop __error__ [5m])',
        'rate({app="a"} | logfmt [5m])',
    ],
    "logql/unused-format": [
        '{app="a"} | line_format "b"',
        'rate({app="a"} | line_format "{{.b}}" |= "c" [5m])',
        'bytes_rate({app="a"} | line_format "b" [5m])',
        'rate({app="a"} | line_format "{{.b}}" | json [5m])',
    ],
    "logql/quantile-range": [
        'quantile_over_time(0.9, {app="a"} | unwrap b [5m])',
        'quantile_over_time(1, {app="a"} | unwrap b [5m])',
    ],
    "logql/parsed-twice": [
        '{app="a"} | json',
        '{app="a"} | json b="c" | json',
        '{app="a"} | json | line_format "{{.b}}" | json',
        '{app="a"} | json | logfmt',
    ],
    "logql/contradicting-filters": [
        '{app="a"} |= "b" != "c"',
        '{app="a"} |= "b" != "bc"',
        '{app="a"} |= "$b" != "$b"',
        '{app="a"} != "b" |= "c"',
        '{app="a"} |= "b" | line_format "{{.c}}" != "b"',
    ],
    "query/needless-regex": ['{app="a"} !~ "b"', '{app=~"$app"}', '{app="a"} | b=~"c"'],
    "query/needless-matcher": ['{app=~".+"}'],
}
FOUND = {
    "logql/broad-selector": ['{app=~".+"}', '{app=~".+", env!="b"}'],
    "logql/plain-text-regex": [
        '{app="a"} |~ "b"',
        '{app="a"} |~ ".*b c.*"',
        '{app="a"} !~ `b`',
        'rate({app="a"} |~ "b" [5m])',
    ],
    "logql/empty-line-filter": ['{app="a"} |= ``', '{app="a"} != ""'],
    "logql/late-line-filter": ['{app="a"} | json |= "b"', 'rate({app="a"} | logfmt | json != "b" [5m])'],
    "logql/fixed-range": ['sum(rate({app="a"}[1m]))', 'sum_over_time({app="a"} | unwrap b [5m])'],
    "logql/unwrap-errors": [
        'sum_over_time({app="a"} | unwrap b [5m])',
        'sum_over_time({app="a"} | __error__="" | unwrap b [5m])',
    ],
    "logql/parser-errors": ['rate({app="a"} | json | b="c" [5m])'],
    "logql/unused-format": ['rate({app="a"} | line_format "b" | c="d" [5m])'],
    "logql/quantile-range": ['quantile_over_time(99, {app="a"} | unwrap b [5m])'],
    "logql/parsed-twice": ['{app="a"} | json | b="c" | json', '{app="a"} | logfmt | logfmt'],
    "logql/contradicting-filters": ['{app="a"} |= "bcd" != "c"'],
    "logql/sorted-in-vain": ['sort(rate({app="a"}[5m]))'],
    "query/needless-regex": ['{app=~"a"}', '{app="a", b!~"c"}'],
    "query/impossible-selector": ['{app="a", app="b"}'],
    "query/needless-anchors": ['{app=~"^a.*$"}'],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in ALONE.items() for text in texts])
def test_sound_log_queries_have_no_finding(rule: str, text: str) -> None:
    query = panel_query(text, "loki")
    assert query.logql, "the query does not parse"
    assert messages(rule, query) == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_each_form_of_a_fault_in_a_log_query_has_one_finding(rule: str, text: str) -> None:
    query = panel_query(text, "loki")
    assert query.logql, "the query does not parse"
    assert len(messages(rule, query)) == 1


def test_rules_count_over_the_range_that_they_name() -> None:
    text = 'sum(rate({app="a"}[5m]))'
    assert messages("logql/fixed-range", alert_query(text, "loki")) == []
    assert messages("logql/fixed-range", panel_query(text, "loki", kind="stat")) == []
    assert len(messages("logql/sorted-in-vain", alert_query(f"sort({text})", "loki"))) == 1


@pytest.mark.parametrize(
    ("legend", "text", "count"),
    [
        ("{{b}}", 'sum by (a) (rate({app="x"}[5m]))', 1),
        ("{{a}}", 'sum by (a) (rate({app="x"}[5m]))', 0),
        ("{{a}}", 'sum by ($by) (rate({app="x"}[5m]))', 0),
        ("{{a}}", 'rate({app="x"}[5m])', 0),
        ("{{a}}", '{app="x"}', 0),
    ],
)
def test_legends_of_log_metrics_name_labels_of_the_result(legend: str, text: str, count: int) -> None:
    assert len(messages("query/legend-of-lost-label", panel_query(text, "loki", legend=legend))) == count

import pytest

from dashgen.compile.outputs.rule_expression import rule_expression
from dashgen.query.enclosed import enclosed
from dashgen.query.query_texts import double_quoted_text
from tests.alert_support import one_alert


def expression(rule: str, output: str = "prometheus") -> str:
    return rule_expression(one_alert(rule), output, "1m")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("above 10%", "sum(a) > 0.1"),
        ("below 5", "sum(a) < 5"),
        ("at least 1", "sum(a) >= 1"),
        ("at most 1", "sum(a) <= 1"),
        ("equals 0", "sum(a) == 0"),
        ("between 1 and 5", "sum(a) > 1 < 5"),
        ("outside 1 and 5", "sum(a) < 1 or sum(a) > 5"),
        ("absent", "absent(sum(a))"),
        ("present", "sum(a)"),
    ],
)
def test_a_condition_is_a_filter(when: str, expected: str) -> None:
    assert expression(f"query: sum(a)\nwhen: {when}\n") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("up", "up"),
        ('up{job=~"a|b"}', 'up{job=~"a|b"}'),
        ("sum by (le) (rate(a[5m]))", "sum by (le) (rate(a[5m]))"),
        ("rate(a[5m] offset 1h)", "rate(a[5m] offset 1h)"),
        ("a / b", "(a / b)"),
        ("sum(a) / sum(b)", "(sum(a) / sum(b))"),
        ("a or b", "(a or b)"),
        ("a unless on (x) b", "(a unless on (x) b)"),
        ("-a", "(-a)"),
        ("(a + b)", "(a + b)"),
        ('a{x="+ ) -"}', 'a{x="+ ) -"}'),
        ("brand", "brand"),
        ("a # or b", "(\na # or b\n)"),
        ("sum(\n  a\n)", "sum(\n  a\n)"),
    ],
)
def test_a_query_is_enclosed_when_an_operator_would_tear_it(query: str, expected: str) -> None:
    assert enclosed(query) == expected


def test_firing_without_data_is_an_alternative() -> None:
    rule = "query: sum(a) / 2\nwhen: below 1\nno_data: alerting\n"
    assert expression(rule) == "(sum(a) / 2) < 1\nor absent(sum(a) / 2)"


def test_a_query_that_gives_only_what_is_wrong_is_the_rule() -> None:
    assert expression("query: a > 5 and b < 3\nwhen: present\n") == "a > 5 and b < 3"
    rule = "query: a unless b\nwhen: present\nno_data: alerting\n"
    assert expression(rule) == "(a unless b)\nor absent(a unless b)"


def test_logql_has_another_word_for_absent() -> None:
    query = 'query: sum(count_over_time({app="bot"}[1h]))\ndatasource: loki\n'
    assert (
        expression(query + "when: absent\n", "loki")
        == '(count(sum(count_over_time({app="bot"}[1h]))) or vector(0)) == 0'
    )


def test_a_recovery_of_its_own_holds_while_the_alert_fires() -> None:
    rule = "query: sum(a)\nwhen: above 10%\nrecover: below 8%\nseverity: warning\nlabels: {who: '{{ $labels.x }}'}\n"
    assert expression(rule) == (
        "sum(a) > 0.1\n"
        "or (sum(a) >= 0.08 and ignoring (alertname, alertstate, who, severity) "
        'ALERTS{alertname="Test", severity="warning"})'
    )


@pytest.mark.parametrize(
    ("reduce", "function"),
    [
        ("max", "max_over_time({})"),
        ("mean", "avg_over_time({})"),
        ("last", "last_over_time({})"),
        ("median", "quantile_over_time(0.5, {})"),
    ],
)
def test_a_reduction_looks_back_at_numbers_only(reduce: str, function: str) -> None:
    rule = f"query: a / b\nwhen: above 1\nreduce: {reduce}\nover: 10m\n"
    assert expression(rule) == function.format("((a / b) > -Inf < +Inf)[10m:1m]") + " > 1"


def test_a_label_value_is_quoted() -> None:
    assert double_quoted_text('a"b\\c\n') == '"a\\"b\\\\c\\n"'

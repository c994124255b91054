"""The values of recording rules are compared with what their tests expect."""

import pytest

from dashgen.project.rule_tests.run_tests import Programs, run_rule_tests
from tests.alert_support import group_with, said, settled

RULE = """
- record: job:failed:rate5m
  query: sum by (job) (rate(failed_total[5m]))
  labels: {team: shop}
  tests:
    - name: is the rate of each job
      series:
        'failed_total{job="a", i="1"}': 0+60x20
        'failed_total{job="a", i="2"}': 0+60x20
        'failed_total{job="b", i="1"}': 0+30x20
      expect: EXPECT
"""


def failures(rule: str) -> list[str]:
    groups, problems = settled(group_with(rule))
    assert problems == []
    return said(run_rule_tests(groups, (), Programs()).diagnostics)


@pytest.mark.parametrize(
    "expect",
    [
        """{10m: {'{job="a"}': 2, '{job="b"}': 0.5}}""",
        """{10m: {'{job="a", team="shop"}': 2, '{job="b"}': 0.5}, 0s: {}}""",
        """{40m: {}}""",
    ],
)
def test_values_that_are_right_give_no_finding(expect: str) -> None:
    assert failures(RULE.replace("EXPECT", expect)) == []


SHOWN = "it has {job=a, team=shop} 2; {job=b, team=shop} 0.5"


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ("{10m: 2}", f"has 2 series instead of one at 10m in the test `is the rate of each job` | {SHOWN}"),
        (
            """{10m: {'{job="a"}': 3, '{job="b"}': 0.5}}""",
            f"""is 2 for `{{job="a"}}`, not 3, at 10m in the test `is the rate of each job` | {SHOWN}""",
        ),
        ("{10m: {}}", f"has 2 series instead of none at 10m in the test `is the rate of each job` | {SHOWN}"),
        (
            "{0s: 1}",
            "has no series instead of one at 0s in the test `is the rate of each job` | it has no values",
        ),
    ],
)
def test_values_that_are_wrong_are_named_with_those_that_are_right(expect: str, problem: str) -> None:
    assert failures(RULE.replace("EXPECT", expect)) == [f"test/failed `job:failed:rate5m` {problem}"]


def test_a_rule_reads_what_the_rules_before_it_record() -> None:
    rules = """
- {record: 'a:sum', query: sum(a)}
- record: a:half
  query: a:sum / 2
  tests: [{name: x, series: {'a{i="1"}': 1x10, 'a{i="2"}': 3x10}, expect: {5m: 2}}]
"""
    assert failures(rules) == []


def test_samples_of_a_test_come_before_those_that_a_rule_records() -> None:
    rules = """
- record: shop:orders:limit
  query: vector(7)
- record: shop:orders:left
  query: shop:orders:limit - 1
  tests:
    - name: reads the limit of the test as long as it has one
      series: {"shop:orders:limit": 100x10}
      expect: {5m: 99, 10m: 99, 11m: 6, 20m: 6}
"""
    assert failures(rules) == []


def test_a_rule_over_logs_has_values_of_lines() -> None:
    rule = """
- record: app:errors:count5m
  datasource: loki
  query: sum by (app) (count_over_time({app="shop"} |= "error" [5m]))
  tests: [{name: x, lines: [{stream: {app: shop}, line: an error, times: 4}], expect: {2m: 3, 20m: {}}}]
"""
    assert failures(rule) == []


def test_what_the_evaluator_lacks_is_a_warning() -> None:
    rule = """
- record: a:b
  query: histogram_avg(a)
  tests: [{name: x, series: {a: 1x10}, expect: {5m: 2}}]
"""
    assert failures(rule) == [
        "test/unsupported `a:b` is not tested: the evaluator lacks the function `histogram_avg` | "
    ]

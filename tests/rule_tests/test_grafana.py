"""Rules that Grafana or Loki evaluates are tested by evaluators, without any server."""

import pytest

from dashgen.project.rule_tests.run_tests import Programs, TestReport, run_rule_tests
from tests.alert_support import group_with, pointed_at, said, settled


def run(text: str) -> TestReport:
    groups, problems = settled(text)
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return run_rule_tests(groups, (), Programs())


def failures(rule: str) -> list[str]:
    return said(run(group_with(rule)).diagnostics)


SHARE = """
- alert: Failing
  queries:
    failed: sum by (shop) (rate(failed_total[5m]))
    all: sum by (shop) (rate(all_total[5m]))
    share: {math: "$failed / $all"}
  when: above 10%
  recover: below 5%
  for: 2m
  keep_firing_for: 3m
  no_data: no_data
  outputs: [grafana]
  labels: {level: "{{ $labels.shop }}-x"}
  summary: '{{ $labels.shop }}: {{ $values.share.Value | humanizePercentage }} of {{ $values.all.Value }}/s fail'
  tests:
    - name: fires for one shop
      series:
        'failed_total{shop="eu"}': 0+12x20 240+0x40
        'failed_total{shop="us"}': 0x60
        'all_total{shop="eu"}': 0+60x60
        'all_total{shop="us"}': 0+60x60
      fires_at: [10m, 26m]
      silent_at: [2m, 40m]
      labels: {shop: eu, level: eu-x}
      annotations: {summary: "eu: 20% of 1/s fail"}
      states: {0s: no_data, 2m: pending, 10m: alerting, 26m: recovering, 40m: normal}
"""


def test_several_queries_with_hysteresis_keep_firing_and_states_are_evaluated() -> None:
    (line,) = failures(SHARE)
    assert line.startswith(
        "test/failed `Failing` has another `summary` at 26m in the test `fires for one shop`"
    )
    assert line.endswith(" | it is `eu: 0% of 1/s fail`")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("fires_at: [10m, 26m]", "fires_at: [1m, 10m]"), "`Failing` does not fire at 1m in"),
        (("silent_at: [2m, 40m]", "silent_at: [11m]"), "`Failing` fires at 11m in"),
        (("{shop: eu, level: eu-x}", "{shop: us}"), "`Failing` does not fire at 10m in"),
        (("10m: alerting", "10m: pending"), "`Failing` is alerting at 10m in the test"),
        (("$labels.shop }}: ", "$labels.house }}: "), "`summary` of `Failing` cannot be rendered at 10m"),
        (("$values.share.Value", "$values.share.Valu"), "`summary` of `Failing` cannot be rendered at 10m"),
    ],
)  # fmt: skip
def test_what_grafana_does_otherwise_is_a_failure(change: tuple[str, str], expected: str) -> None:
    messages = [line.partition(" ")[2] for line in failures(SHARE.replace(*change))]
    assert any(message.startswith(expected) for message in messages), messages


def test_a_failure_says_when_the_alert_fires_in_grafana() -> None:
    text = group_with(SHARE.replace("fires_at: [10m, 26m]", "fires_at: 1m"))
    finding = run(text).diagnostics[0]
    assert finding.hint == "it fires from 3m to 26m"
    assert pointed_at(text, finding) == "1m"


def test_a_rule_over_logs_is_tested_in_grafana_and_in_loki() -> None:
    rule = """
- alert: Panics
  datasource: loki
  query: sum by (app) (count_over_time({app="shop"} |= "panic" [5m]))
  when: above 2
  summary: "{{ $labels.app }} panicked {{ $value }} times"
  tests:
    - name: fires
      lines:
        - {stream: {app: shop}, line: "panic: no space", at: [1m, 2m], every: 10s, times: 2}
        - {stream: {app: shop}, line: "fine", at: 0s, every: 10s, times: 60}
      silent_at: [1m, 10m]
      fires_at: 3m
      annotations: {summary: shop panicked 4 times}
"""
    assert failures(rule) == []
    assert failures(rule.replace("fires_at: 3m", "fires_at: 9m")) == [
        "test/failed `Panics` does not fire at 9m in the test `fires` | it fires from 2m to 6m"
    ]


def test_the_recording_rules_that_an_alert_reads_run_before_it() -> None:
    recording = (
        "kind: AlertRules\ngroup: recorded\ninterval: 1m\n"
        "rules: [{record: 'job:down:count', query: count by (job) (up == 0), labels: {team: a}}]\n---\n"
    )
    rule = """
- alert: ManyDown
  query: job:down:count
  when: above 1
  outputs: [grafana]
  tests:
    - {name: two, series: {'up{job="a",i="1"}': 0x9 1x9, 'up{job="a",i="2"}': 0x9 1x9}, fires_at: 5m,
       silent_at: 13m, labels: {team: a, job: a}}
"""
    assert said(run(recording + group_with(rule)).diagnostics) == []


def test_a_reduction_looks_at_the_values_over_time() -> None:
    rule = """
- alert: Peak
  query: depth
  when: above 10
  reduce: max
  over: 5m
  outputs: [grafana]
  tests: [{name: x, series: {depth: 5x5 20 5x20}, silent_at: [5m, 12m], fires_at: [6m, 11m]}]
"""
    assert failures(rule) == []


def test_a_query_that_fails_is_what_the_rule_says_of_errors() -> None:
    rule = """
- alert: Full
  query: depth
  when: above 10
  on_error: keep_last
  outputs: [grafana]
  tests:
    - name: x
      series: {depth: 20x10 5x10}
      query_fails: {from: 8m, to: 14m}
      states: {5m: alerting, 13m: alerting, 16m: normal}
"""
    assert failures(rule) == []
    assert failures(rule.replace("keep_last", "error")) == [
        "test/failed `Full` is error at 13m in the test `x`, not alerting | "
    ]


def test_what_the_evaluator_lacks_is_a_warning_and_no_verdict() -> None:
    rule = """
- alert: Full
  query: histogram_avg(depth)
  when: above 10
  outputs: [grafana]
  tests: [{name: x, series: {depth: 5x10}, fires_at: 5m}]
"""
    report = run(group_with(rule))
    (finding,) = report.diagnostics
    assert (
        finding.message == "`Full` is not tested in Grafana: the evaluator lacks the function `histogram_avg`"
    )
    assert finding.severity == "warning"
    assert (report.failed, report.coverage[0].shown) == (0, frozenset())


def test_a_dollar_in_a_query_is_no_variable_of_a_rule() -> None:
    rule = """
- alert: Full
  query: sum by (room) (label_replace(depth{kind=~"a$"}, "room", "$1-x", "kind", "(.).*"))
  when: above 10
  outputs: [grafana]
  tests: [{name: x, series: {'depth{kind="a"}': 20x10}, fires_at: 5m, labels: {room: a-x}}]
"""
    assert failures(rule) == []


def test_a_query_over_time_is_reduced_by_an_expression() -> None:
    rule = """
- alert: Full
  queries:
    depth: {query: depth, instant: false, step: 30s}
    peak: {reduce: {of: depth, by: max, non_numeric: drop}}
    room: {query: rooms}
    share: {math: "$peak / $room"}
  over: 5m
  when: at least 2
  outputs: [grafana]
  tests:
    - {name: x, series: {depth: 5x5 20 5x20, rooms: 10x40}, silent_at: [5m, 16m], fires_at: [6m, 11m]}
"""
    assert failures(rule) == []


def test_a_test_that_would_take_too_long_is_not_run() -> None:
    rule = """
- alert: Full
  query: depth
  when: above 10
  outputs: [grafana]
  tests: [{name: x, series: {depth: 20x10}, fires_at: 90d}]
"""
    (line,) = failures(rule)
    assert line.startswith(
        "test/unsupported `Full` is not tested in Grafana: the evaluator lacks time for more than"
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("{for: 10m}", "`Full` does not fire at 5m in the test `x`"),
        ("{data: [{refId: A}]}", "the evaluator lacks what `raw:` makes of the rule"),
        ("{data: [], condition: Z}", "`Full` does not fire at 5m"),
    ],
)
def test_what_raw_makes_of_a_rule_is_evaluated_as_far_as_it_is_a_rule(raw: str, expected: str) -> None:
    rule = f"""
- alert: Full
  query: depth
  when: above 10
  outputs: [grafana]
  tests: [{{name: x, series: {{depth: 20x10}}, fires_at: 5m}}]
  raw: {raw}
"""
    assert expected in failures(rule)[0]

"""Each behaviour of an alert counts as shown when a test that holds shows it, and never otherwise."""

import pytest

from dashgen.project.rule_tests.coverage import Behaviour, coverage_findings, percentage
from dashgen.project.rule_tests.run_tests import Programs, TestReport, run_rule_tests
from tests.alert_support import group_with, pointed_at, said, settled

RULE = """
- alert: Full
  query: depth
  when: above 10
  for: 2m
  outputs: [grafana]
  {head}
  tests:
    - {{name: x, {test}}}
"""
ABOVE, BELOW = "series: {depth: 20x30}", "series: {depth: 5x30}"


def run(text: str) -> TestReport:
    groups, problems = settled(text)
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return run_rule_tests(groups, (), Programs())


def shown(test: str, head: str = "") -> set[str]:
    """The behaviours that a rule with one test shows."""
    (coverage,) = run(group_with(RULE.format(test=test, head=head))).coverage
    return {str(one) for one in coverage.shown}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (f"{ABOVE}, fires_at: 5m", {"fires"}),
        (f"{BELOW}, fires_at: 5m", set()),  # it does not
        (f"{BELOW}, silent_at: 5m", {"silent"}),
        (f"{ABOVE}, silent_at: 5m", set()),  # it is not
        (f"{ABOVE}, silent_at: 1m", set()),  # its value is above, only not for long enough
        ("series: {depth: NaNx30}, silent_at: 5m", {"silent"}),
        ("silent_at: 5m", {"no data"}),
        ("series: {depth: 5x2}, silent_at: 10m", {"no data"}),
        ("states: {5m: normal}", {"no data"}),
        ("states: {5m: alerting}", set()),
        ("series: {depth: 20x10 5x20}, fires_at: 5m, silent_at: 20m", {"fires", "silent", "recovers"}),
        ("series: {depth: 5x10 20x20}, fires_at: 20m, silent_at: 5m", {"fires", "silent"}),
        ("series: {depth: 20x10}, fires_at: 5m, silent_at: 20m", {"fires", "no data", "recovers"}),
    ],
)
def test_a_behaviour_is_shown_by_a_test_that_holds(test: str, expected: set[str]) -> None:
    assert shown(test) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("summary: '{{ $value }} in {{ $labels.room }}'", True),
        ("annotations: {a: '{{ $value | humanize }}', b: plain}", True),
        ("summary: '{{ $labels.house }}'", False),  # a label that the query does not have
        ("summary: '{{ query \"up\" }}'", False),  # a function that the renderer lacks
    ],
)
def test_texts_are_shown_when_all_of_them_are_rendered_whole(head: str, expected: bool) -> None:
    test = "series: {'depth{room=\"a\"}': 20x30}, fires_at: 5m"
    assert ("texts" in shown(test, head)) is expected


def applicable(rule: str) -> list[Behaviour]:
    (coverage,) = run(group_with(rule)).coverage
    return [one for one in Behaviour if one in coverage.applicable]


def test_what_an_alert_cannot_do_is_not_counted() -> None:
    everything = list(Behaviour)
    assert applicable("- {alert: T, query: up, when: above 1, summary: '{{ $value }}'}") == everything
    assert applicable("- {alert: T, query: up, when: above 1, summary: plain}") == everything[:-1]
    assert applicable("- {alert: T, query: up, when: absent}") == [Behaviour.FIRES, Behaviour.RECOVERS]


def test_an_alert_whose_query_is_the_condition_is_silent_when_that_gives_nothing() -> None:
    rule = """
- alert: Down
  query: up == 0
  when: present
  outputs: [grafana]
  tests:
    - {name: fires, series: {up: 0x10}, fires_at: 5m}
    - {name: is silent, series: {up: 1x10}, silent_at: 5m}
"""
    (coverage,) = run(group_with(rule)).coverage
    assert {Behaviour.FIRES, Behaviour.SILENT} <= coverage.shown


def test_an_absent_alert_fires_without_data_and_recovers_with_it() -> None:
    rule = """
- alert: Gone
  query: up
  when: absent
  for: 2m
  outputs: [grafana]
  tests: [{name: x, series: {up: _x10 1x20}, fires_at: 5m, silent_at: 20m}]
"""
    report = run(group_with(rule))
    assert report.diagnostics == []
    assert percentage(report.coverage) == 100


def test_a_paused_alert_is_neither_run_nor_counted() -> None:
    report = run(group_with("- {alert: T, query: up, when: above 1, paused: true}"))
    assert report.coverage == []
    assert percentage(report.coverage) == 100


def test_what_no_test_shows_is_a_finding_at_the_alert() -> None:
    text = group_with(RULE.format(test=f"{ABOVE}, fires_at: 5m", head="summary: x"))
    report = run(text)
    assert percentage(report.coverage) == 25
    findings = coverage_findings(report.coverage)
    missing = "that it is silent below its threshold, what it does without data and that it recovers"
    hint = "add a test with data that does not meet the condition, and `silent_at:`"
    assert said(findings) == [f"test/coverage no test of `Full` shows {missing} | {hint}"]
    assert pointed_at(text, findings[0]) == "Full"

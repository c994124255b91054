"""The tests of alert rules are checked when they are read, not when somebody runs them."""

import pytest
from msgspec.structs import replace

from dashgen.core.diagnostics import Severity
from dashgen.model.metrics_spec import Metric, Metrics
from dashgen.model.series_contract import series_contract
from tests.alert_support import CONTEXT, group_with, pointed_at, said, settled

RULE = """
- alert: T
  query: up
  when: below 1
  summary: down
  tests:
    - {test}
"""
WRONG = {
    "{name: x, series: {up: 1x10}, fires_at: soon}": ("test/time `soon` is not a time", "soon"),
    "{name: x, series: {up: 1x10}, silent_at: [1m, 5 minutes]}": (
        "test/time `5 minutes` is not",
        "5 minutes",
    ),
    "{name: x, interval: 0s, series: {up: 1x10}, silent_at: 1m}": ("test/time `0s` is not a time", "0s"),
    "{name: x, series: {up: abc}, silent_at: 1m}": ("test/series `abc` is not a value", "a"),
    "{name: x, series: {up: 1 2 soon}, silent_at: 1m}": ("test/series `soon` is not a value", "s"),
    "{name: x, series: {up: 0x10000000}, silent_at: 1m}": ("test/series `0x10000000` makes more values", "0"),
    "{name: x, series: {'up{': '1'}, silent_at: 1m}": ("test/series `up{`: the brace", "'up{'"),
    "{name: x, series: {'up{a=~\"b\"}': '1'}, silent_at: 1m}": ("test/series `up{a=~", "'up{a=~\"b\"}'"),
    "{name: x, states: {soon: normal}}": ("test/time `soon` is not a time", "soon"),
    "{name: x, fires_at: 1m, annotations: {sumary: a}}": ("test/annotation `T` has no annotation", "sumary"),
    "{name: x, silent_at: 1m, annotations: {summary: a}}": (
        "test/empty the test `x` expects texts",
        "{summary: a}",
    ),
    "{name: x, series: {up: 1x10}}": ("test/empty the test `x` expects nothing", None),
    "{name: x, series: {up: 1x10}, fires_at: [1m, 2m], silent_at: 2m}": ("test/contradiction", "2m"),
}


@pytest.mark.parametrize(("test", "expected"), WRONG.items())
def test_a_test_that_cannot_be_right_is_an_error_at_its_place(
    test: str, expected: tuple[str, str | None]
) -> None:
    text = group_with(RULE.replace("{test}", test))
    _, problems = settled(text)
    message, location = expected
    (line,) = said(problems)
    assert line.startswith(message)
    if location is not None:
        assert pointed_at(text, problems[0]) == location


@pytest.mark.parametrize(
    ("series", "rules"),
    [
        ("depth", []),
        ("'depth{a=\"b\"}'", []),
        ("up", []),
        ("'sum:depth'", []),
        ("dpth", ["query/metric"]),
        ("'dpth{a=\"b\"}'", ["query/metric"]),
    ],
)
def test_a_test_gives_values_to_series_that_the_contract_knows(series: str, rules: list[str]) -> None:
    contract = series_contract([Metrics(metrics={"depth": Metric(type="gauge", help="H")})], ["sum:depth"])
    text = group_with(RULE.replace("{test}", f"{{name: x, series: {{{series}: '1'}}, silent_at: 1m}}"))
    _, problems = settled(text, replace(CONTEXT, contract=contract))
    assert [problem.rule for problem in problems] == rules


def test_everything_that_is_wrong_with_tests_is_reported_at_once() -> None:
    test = "{name: x, series: {'up{': abc}, fires_at: soon}"
    _, problems = settled(group_with(RULE.replace("{test}", test)))
    assert len(problems) == 3


NOT_EXAMINED = (
    "test/not-run `states` of the test `x` is not examined: Grafana does not evaluate the rule | "
    "add `grafana` to its `outputs`, or remove it"
)


@pytest.mark.parametrize(
    ("rule", "test", "expected"),
    [
        (
            "datasource: tempo, query: '{} | rate()', when: above 1, outputs: [grafana]",
            "{name: x, series: {up: '1'}, silent_at: 1m}",
            "test/not-run the tests of `T` do not run: no evaluator has queries of `tempo` | remove them",
        ),
        (
            """datasource: loki, query: 'sum(rate({app="a"}[5m]))', when: above 1""",
            "{name: x, series: {up: '1'}, silent_at: 1m}",
            "test/series no query of the rule reads the series of the test `x` | write `lines:`",
        ),
        (
            "query: up, when: above 1",
            "{name: x, lines: [{stream: {app: a}, line: b}], silent_at: 1m}",
            "test/series no query of the rule reads the lines of the test `x` | write `series:`",
        ),
        (
            "query: up, when: above 1, outputs: [prometheus]",
            "{name: x, states: {5m: normal}}",
            NOT_EXAMINED,
        ),
    ],
)
def test_what_does_not_run_is_a_warning(rule: str, test: str, expected: str) -> None:
    groups, problems = settled(group_with(f"- {{alert: T, {rule}, tests: [{test}]}}"))
    assert said(problems) == [expected]
    assert problems[0].severity is Severity.WARNING
    assert len(groups[0].alerts) == 1


def test_rules_that_only_grafana_or_loki_evaluates_have_tests() -> None:
    rules = """
- alert: A
  query: up
  when: above 1
  outputs: [grafana]
  tests: [{name: x, series: {up: '1'}, silent_at: 1m}]
- alert: B
  datasource: loki
  query: sum(rate({app="a"}[5m]))
  when: above 1
  tests: [{name: x, lines: [{stream: {app: a}, line: b, at: [1m, 2m], every: 5s, times: 3}], silent_at: 1m}]
"""
    assert settled(group_with(rules))[1] == []


WRONG_VALUES = {
    "{name: x, expect: {}}": ("test/empty the test `x` expects nothing", None),
    "{name: x, expect: {soon: 1}}": ("test/time `soon` is not a time", "soon"),
    "{name: x, expect: {1m: {'{a=': 1}}}": ("test/series `{a=`: a label needs", "'{a='"),
    "{name: x, interval: 0s, expect: {1m: 1}}": ("test/time `0s` is not a time", "0s"),
    "{name: x, series: {up: abc}, expect: {1m: 1}}": ("test/series `abc` is not a value", "a"),
}


@pytest.mark.parametrize(("test", "expected"), WRONG_VALUES.items())
def test_a_test_of_values_that_cannot_be_right_is_an_error_at_its_place(
    test: str, expected: tuple[str, str | None]
) -> None:
    text = group_with(f"- {{record: 'a:b', query: up, tests: [{test}]}}")
    _, problems = settled(text)
    (line,) = said(problems)
    assert line.startswith(expected[0])
    if expected[1] is not None:
        assert pointed_at(text, problems[0]) == expected[1]

"""The tests of alert rules are checked when they are read, not when somebody runs them."""

import pytest
from msgspec.structs import replace

from dashgen.model.metrics_spec import Metric, Metrics
from dashgen.model.series_contract import series_contract
from tests.alert_support import CONTEXT, group_with, pointed_at, said, settled

RULE = """
- alert: T
  query: up
  when: below 1
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
    "{name: x, series: {'up{': '1'}, silent_at: 1m}": ("test/series `up{`: the brace", "'up{'"),
    "{name: x, series: {'up{a=~\"b\"}': '1'}, silent_at: 1m}": ("test/series `up{a=~", "'up{a=~\"b\"}'"),
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


@pytest.mark.parametrize(
    "rule",
    [
        "- {alert: T, datasource: loki, query: 'sum(rate({app=\"a\"}[5m]))', when: above 1, tests: [TEST]}",
        "- {alert: T, query: up, when: above 1, outputs: [grafana], tests: [TEST]}",
    ],
)
def test_tests_that_never_run_are_a_warning(rule: str) -> None:
    test = "{name: x, series: {up: '1'}, silent_at: 1m}"
    groups, problems = settled(group_with(rule.replace("TEST", test)))
    assert [(problem.rule, problem.severity.value) for problem in problems] == [("test/not-run", "warning")]
    assert len(groups[0].alerts) == 1

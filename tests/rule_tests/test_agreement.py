"""The evaluators of Grafana and of rule files agree with promtool on when alerts fire, for many rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from dashgen.compile.outputs.rule_tests import Expectation
from dashgen.model.alert_rules import Output
from dashgen.model.settled_alerts import SettledAlert
from dashgen.project.rule_tests.alert_runs import TestedAlert, TestedGroup, run_alert
from dashgen.project.rule_tests.examine_alert import expectation_key
from dashgen.project.rule_tests.made_up_data import Evaluators
from dashgen.project.rule_tests.prometheus_tests import PrometheusTests
from dashgen.project.rule_tests.promtool import find_promtool, is_left_open
from tests.alert_support import group_with, settled
from tests.conftest import Promtool

pytestmark = pytest.mark.external
T = TypeVar("T")
# promtool evaluates every rule in every test.
RULES, MINUTES = 40, 45
SERIES = [
    "{'c{i=\"a\"}': 0+30x10 300x8 900+90x30, 'c{i=\"b\"}': 0+60x20 5+60x30, g: 5x10 20x9 5x2 20x2 5x20}",
    "{'c{i=\"a\"}': 0+60x12 _x12 0+60x30, 'c{i=\"b\"}': 0+6x12 _x12 0+6x30, g: 1+1x20 21-1x30}",
    "{'c{i=\"a\"}': 0+90x60, 'c{i=\"b\"}': 0x30 0+120x30, g: 0x4 30x3 0x4 30x3 0x4 30x12 0x30}",
    "{'c{i=\"a\"}': _x8 0+60x9 stale, 'c{i=\"b\"}': _x8 0+60x9 stale, g: _x8 20x9 stale _x4 20x20}",
]
QUERIES = [
    ("g", ("above 10", "below 10", "at least 20", "at most 1", "outside 2 and 22", "between 3 and 25")),
    ("sum(rate(c[5m]))", ("above 1.4", "below 1", "at least 2.5", "equals 0")),
    ("max(increase(c[3m])) / 60", ("above 1", "below 0.9")),
    ("rate(c[4m])", ("above 0.8", "below 0.5")),
    ("max_over_time(g[5m]) - min_over_time(g[5m])", ("above 10", "at most 0")),
    ("avg(deriv(g[6m])) * 60", ("above 0.5", "below -0.5")),
    ("max(g > 15)", ("present",)),
]
RECOVERIES = {
    "above 10": "below 4",
    "below 10": "above 15",
    "above 1.4": "below 0.5",
    "outside 2 and 22": "between 5 and 8",
}


class Chance:
    """Choices that are the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def pick(self, choices: Sequence[T]) -> T:
        """One of some choices."""
        self._state = (self._state * 1664525 + 1013904223) % (1 << 32)
        return choices[(self._state >> 8) % len(choices)]


def written_rule(number: int, chance: Chance) -> str:
    """A rule whose test has data and expects nothing that matters."""
    query, conditions = chance.pick(QUERIES)
    when = chance.pick(conditions)
    keys = [
        f"- alert: Rule{number}",
        f"query: {query}",
        f"when: {when}",
        f"for: {chance.pick(['0s', '1m', '2m', '5m'])}",
    ]
    # Grafana's recovery threshold lets go of alerts that recover; Prometheus knows no such state.
    if when in RECOVERIES and chance.pick((True, True, False)):
        keys.append(f"recover: {RECOVERIES[when]}")
    elif chance.pick((True, False)):
        keys.append(f"keep_firing_for: {chance.pick(['1m', '3m', '10m'])}")
    if query == "g" and chance.pick((True, False, False)):
        keys.append(f"reduce: {chance.pick(['last', 'mean', 'min', 'max', 'sum', 'count', 'median'])}")
        keys.append("over: 4m")
    keys.append(f"tests: [{{name: x, series: {chance.pick(SERIES)}, silent_at: 1m}}]")
    return "\n  ".join(keys) + "\n"


def firing(tested: TestedAlert, output: Output) -> list[bool]:
    """Whether an alert fires at each minute."""
    run = run_alert(tested, tested.alert.rule.tests[0], output, MINUTES * 60_000)
    assert run.unsupported == ""
    return [bool(run.at(minute * 60_000).firing) for minute in range(MINUTES + 1)]


def expectations_of(alert: SettledAlert, fires: Sequence[bool]) -> list[Expectation]:
    return [Expectation(alert, 0, f"{minute}m", expected, ()) for minute, expected in enumerate(fires)]


def test_rules_written_by_chance_fire_at_the_same_minutes_everywhere(
    promtool: Promtool, tmp_path: Path
) -> None:
    del promtool
    chance = Chance(7)
    groups, problems = settled(group_with("".join(written_rule(number, chance) for number in range(RULES))))
    assert not [problem for problem in problems if problem.severity == "error"], problems
    (group,) = groups
    program = find_promtool()
    assert program is not None
    expected: list[Expectation] = []
    different = []
    tested_group = TestedGroup(group, groups, Evaluators(is_left_open(program)))
    for alert in group.alerts:
        tested = TestedAlert(alert, tested_group)
        in_prometheus, in_grafana = firing(tested, "prometheus"), firing(tested, "grafana")
        if in_prometheus != in_grafana:
            different.append((alert.rule, in_prometheus, in_grafana))
        expected += expectations_of(alert, in_prometheus)
    assert different == []
    verdict, refusals = PrometheusTests(tmp_path, program, groups).run(group, expected)
    assert refusals == []
    assert verdict.failed == frozenset()
    assert verdict.is_known
    # The rules are worth comparing: most of them fire for some time, and not always.
    assert sum(item.fires for item in expected) > len(expected) // 10
    assert expectation_key(expected[0]) == (group.alerts[0].uid, 0, "0m", expected[0].fires)

"""Prometheus itself checks the rules and runs their tests.

promtool knows no LogQL: of rules for Loki, the tests of the back ends show the file's shape and the condition.
"""

from pathlib import Path

import pytest
import yaml

from dashgen.compile.outputs.rule_files import rule_files
from dashgen.compile.outputs.rule_tests import rule_test_path, rule_tests
from dashgen.model.settled_alerts import SettledGroup
from tests.alert_support import group_with, settled
from tests.conftest import Promtool

pytestmark = pytest.mark.external
SPEC = Path(__file__).parents[1] / "outputs" / "alerts.yaml"


TESTS = rule_test_path("test")


def write(folder: Path, groups: list[SettledGroup]) -> list[str]:
    """Write the rule files for Prometheus and the tests of all groups; the paths of the rule files."""
    rules = [artifact for artifact in rule_files(groups) if artifact.path.startswith("rules/prometheus/")]
    for artifact in (*rules, *rule_tests(groups)):
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    return [artifact.path for artifact in rules]


def good(text: str) -> list[SettledGroup]:
    groups, problems = settled(text)
    assert problems == []
    return groups


def test_prometheus_accepts_the_rule_files(promtool: Promtool, tmp_path: Path) -> None:
    names = write(tmp_path, good(SPEC.read_text(encoding="utf-8")))
    run = promtool(tmp_path, "check", "rules", *names)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "9 rules found" in run.stdout


def test_alerts_fire_when_they_should_and_stay_silent_when_they_should(
    promtool: Promtool, tmp_path: Path
) -> None:
    groups = good(SPEC.read_text(encoding="utf-8"))
    write(tmp_path, groups)
    files = [artifact.path for artifact in rule_tests(groups)]
    assert files
    run = promtool(tmp_path, "test", "rules", *files)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_wrong_expectation_fails(promtool: Promtool, tmp_path: Path) -> None:
    rule = "- {alert: T, query: up, when: below 1, tests: [{name: wrong, series: {up: 1x10}, fires_at: 5m}]}"
    write(tmp_path, good(group_with(rule)))
    run = promtool(tmp_path, "test", "rules", TESTS)
    assert run.returncode == 1
    assert 'alertname=\\"T\\"' in run.stdout + run.stderr


def test_summaries_print_what_a_person_reads(promtool: Promtool, tmp_path: Path) -> None:
    (group,) = good(
        group_with(
            """
            - alert: T
              query: sum by (tier) (failed) / sum by (tier) (asked)
              when: above 10%
              severity: warning
              summary: '{{ $values.A | humanizePercentage }} of {{ $labels.tier }} queries fail'
            """
        )
    )
    names = write(tmp_path, [group])
    alert = {
        "exp_labels": {"severity": "warning", "tier": "free"},
        "exp_annotations": {"summary": "25% of free queries fail"},
    }
    test = {
        "interval": "1m",
        "input_series": [
            {"series": 'failed{tier="free"}', "values": "1x10"},
            {"series": 'asked{tier="free"}', "values": "4x10"},
        ],
        "alert_rule_test": [{"eval_time": "5m", "alertname": "T", "exp_alerts": [alert]}],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump({"rule_files": names, "tests": [test]}))
    run = promtool(tmp_path, "test", "rules", "tests.yaml")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("reduce", "value"),
    [("last", 7), ("mean", 4), ("min", 1), ("max", 7), ("sum", 28), ("count", 7), ("median", 4)],
)
def test_a_reduction_is_grafanas_over_the_same_values(
    promtool: Promtool, tmp_path: Path, reduce: str, value: int
) -> None:
    # Seven values, 1 to 7, between missing ones and divisions by zero, which are no values.
    rule = f"""
        - alert: T
          query: a / b
          when: equals {value}
          reduce: {reduce}
          over: 20m
          tests:
            - name: equal
              series: {{a: 0 0 0 1 2 3 4 5 6 7 0 0 _x20, b: '0 0 0 1 1 1 1 1 1 1 0 0 _x20'}}
              fires_at: 11m
        """
    write(tmp_path, good(group_with(rule)))
    run = promtool(tmp_path, "test", "rules", TESTS)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_group_without_tests_makes_no_file() -> None:
    assert rule_tests(good(group_with("- {alert: T, query: a, when: above 1}"))) == []

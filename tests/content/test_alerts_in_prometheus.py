"""Prometheus itself runs the tests that stand beside the alerts in specs/alerts, against the rules in generated/.

HeavyUser is LogQL, which promtool cannot run; test_abuse_rule.py shows its logic over sample log lines.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Promtool

from .conftest import GENERATED, SPECS, load_yaml

pytestmark = pytest.mark.external
RULES = GENERATED / "rules" / "prometheus"
GROUPS = ["service-health", "cost"]


def times(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def check(alert: str, at: str, *, fires: bool) -> dict[str, Any]:
    return {
        "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)',
        "eval_time": at,
        "exp_samples": [{"labels": "{}", "value": int(fires)}],
    }


def promtool_tests(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{rule['alert']} {test['name']}",
            "interval": test.get("interval", "1m"),
            "input_series": [
                {"series": name, "values": str(values)} for name, values in test.get("series", {}).items()
            ],
            "promql_expr_test": [
                *(check(rule["alert"], at, fires=True) for at in times(test.get("fires_at", []))),
                *(check(rule["alert"], at, fires=False) for at in times(test.get("silent_at", []))),
            ],
        }
        for rule in rules
        for test in rule["tests"]
    ]


def test_prometheus_reads_every_rule_file(promtool: Promtool) -> None:
    files = sorted(path.name for path in RULES.glob("*.yaml"))
    run = promtool(RULES, "check", "rules", *files)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("group", GROUPS)
def test_alerts_fire_and_stay_silent_as_their_specs_say(
    promtool: Promtool, tmp_path: Path, group: str
) -> None:
    tests = promtool_tests(load_yaml(SPECS / "alerts" / f"{group}.yaml")["rules"])
    assert len(tests) >= 8
    content = {"rule_files": [str(RULES / f"{group}.yaml")], "evaluation_interval": "1m", "tests": tests}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    run = promtool(tmp_path, "test", "rules", "tests.yaml")
    assert run.returncode == 0, run.stdout + run.stderr

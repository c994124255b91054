"""The tests of alert rules, as promtool runs them.

promtool compares the labels and annotations of firing alerts literally. A spec only says when an alert fires, so its
tests ask for the series ``ALERTS`` instead, which Prometheus writes for every firing alert.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from dashgen.backends.rule_expression import quoted
from dashgen.backends.yaml_text import yaml_bytes
from dashgen.model.alerting import RuleTest
from dashgen.model.base import as_list
from dashgen.model.settled_alerts import SettledAlert, SettledGroup


def promtool_tests(group: SettledGroup, rule_files: Iterable[str]) -> bytes | None:
    """A file for ``promtool test rules`` with the tests of a group's alerts; none when there are no tests.

    Args:
        group: the group.
        rule_files: the group's rule file, as promtool will find it from the test's own folder.
    """
    tests = [made for alert in group.alerts if "prometheus" in alert.outputs for made in _tests(alert)]
    if not tests:
        return None
    return yaml_bytes({"rule_files": list(rule_files), "evaluation_interval": group.interval, "tests": tests})


def _tests(alert: SettledAlert) -> Iterator[dict[str, Any]]:
    for test in alert.rule.tests:
        checks = [_check(alert, test, at, fires=True) for at in as_list(test.fires_at)]
        checks += [_check(alert, test, at, fires=False) for at in as_list(test.silent_at)]
        series = [{"series": name, "values": values} for name, values in test.series.items()]
        yield {
            "name": f"{alert.rule.alert}: {test.name}",
            "interval": test.interval,
            "input_series": series,
            "promql_expr_test": checks,
        }


def _check(alert: SettledAlert, test: RuleTest, at: str, *, fires: bool) -> dict[str, Any]:
    labels = {"alertname": alert.rule.alert, "alertstate": "firing", **_static(alert), **test.labels}
    selector = ", ".join(f"{name}={quoted(value)}" for name, value in labels.items())
    return {
        "expr": f"(count(ALERTS{{{selector}}}) > bool 0) or vector(0)",
        "eval_time": at,
        "exp_samples": [{"labels": "{}", "value": 1 if fires else 0}],
    }


def _static(alert: SettledAlert) -> dict[str, str]:
    return {name: text for name, text in alert.labels.items() if "{{" not in text}

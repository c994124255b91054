"""Run the tests of a project's rules; every failure is a finding at its line of the spec."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from dashgen.compile.outputs.rule_tests import expectations
from dashgen.core.diagnostics import Diagnostic
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.project.rule_tests.alert_runs import TestedAlert, TestedGroup
from dashgen.project.rule_tests.case_results import AlertResult, TestCase, ValueResult
from dashgen.project.rule_tests.coverage import AlertCoverage, alert_coverage
from dashgen.project.rule_tests.examine_alert import PromtoolVerdict, examine_alert
from dashgen.project.rule_tests.examine_panels import PanelQueries, examine_panels
from dashgen.project.rule_tests.examine_values import examine_record
from dashgen.project.rule_tests.made_up_data import Evaluators
from dashgen.project.rule_tests.prometheus_tests import PrometheusTests
from dashgen.project.rule_tests.promtool import is_left_open
from dashgen.servers.telemetry import Loki

_PROCESSES = 4


class TestReport(Struct):
    """A run of tests.

    Attributes:
        alerts: how many alerts have tests.
        records: how many recording rules and panels do.
        checks: how many expectations there were.
        cases: the tests.
        untested: the names of alerts without tests.
        coverage: what the tests show of each alert.
        needs_promtool: whether tests were left out because there is no promtool.
        diagnostics: what failed.
    """

    __test__ = False  # pytest collects classes with this name

    alerts: int = 0
    records: int = 0
    checks: int = 0
    cases: list[TestCase] = []
    untested: list[str] = []
    coverage: list[AlertCoverage] = []
    needs_promtool: bool = False
    diagnostics: list[Diagnostic] = []

    @property
    def tests(self) -> int:
        """How many tests ran."""
        return len(self.cases)

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(bool(case.failures) for case in self.cases)


class Programs(NamedTuple):
    """What runs tests besides dashgen.

    Attributes:
        promtool: runs the tests of rules for Prometheus; they are left out without one.
        loki: computes queries in LogQL; dashgen does that without one.
    """

    promtool: Path | None = None
    loki: Loki | None = None


def run_rule_tests(
    groups: Sequence[SettledGroup],
    names: Collection[str],
    programs: Programs,
    panels: Mapping[str, Sequence[SettledQuery]] = MappingProxyType({}),
) -> TestReport:
    """Run the tests of rules.

    Args:
        groups: all rule groups of the project; tests read metrics that other groups record.
        names: the alerts, recording rules and groups to test; all when empty.
        programs: what runs tests.
        panels: the queries of panels, by their dashboards' uids and their keys.

    Raises:
        DashgenError: promtool cannot be run, or Loki does not answer.
    """
    report = TestReport()
    promtool = programs.promtool
    verdicts = _promtool_verdicts(groups, names, promtool, report)
    evaluators = Evaluators(is_left_open(promtool), programs.loki)
    records = [rule for group in groups for rule in group.rules if isinstance(rule, SettledRecord)]
    queries = PanelQueries(panels, records, evaluators)
    for group in groups:
        tested = TestedGroup(group, groups, evaluators)
        if group.document.model.tests and (not names or group.name in names):
            _add_values(report, examine_panels(group, queries), len(group.document.model.tests))
        for rule in group.rules:
            if isinstance(rule, SettledRecord):
                if rule.rule.tests and _is_chosen(rule.rule.record, group, names):
                    _add_values(report, examine_record(rule, tested), 1)
            elif not rule.rule.paused and _is_chosen(rule.rule.alert, group, names):
                alert = TestedAlert(rule, tested)
                _add(report, examine_alert(alert, verdicts.get(group.name, PromtoolVerdict())))
                report.needs_promtool |= promtool is None and _needs_promtool(rule)
    return report


def _is_chosen(name: str, group: SettledGroup, names: Collection[str]) -> bool:
    return not names or name in names or group.name in names


def _needs_promtool(alert: SettledAlert) -> bool:
    return bool(alert.rule.tests) and "prometheus" in alert.outputs


def _add(report: TestReport, result: AlertResult) -> None:
    report.coverage.append(alert_coverage(result))
    if not result.cases:
        report.untested.append(result.alert.rule.alert)
        return
    report.alerts += 1
    report.checks += result.checks
    report.cases += result.cases
    report.diagnostics += result.diagnostics


def _add_values(report: TestReport, values: ValueResult, queries: int) -> None:
    report.records += queries
    report.checks += values.checks
    report.cases += values.cases
    report.diagnostics += values.diagnostics


def _promtool_verdicts(
    groups: Sequence[SettledGroup], names: Collection[str], promtool: Path | None, report: TestReport
) -> dict[str, PromtoolVerdict]:
    """What promtool says of each group; it runs several at once."""
    if promtool is None:
        return {}
    chosen = []
    for group in groups:
        expected = [item for item in expectations(group) if _is_chosen(item.alert.rule.alert, group, names)]
        if expected:
            chosen.append((group, expected))
    with tempfile.TemporaryDirectory(prefix="dashgen-test-") as folder:
        tests = PrometheusTests(Path(folder), promtool, groups)
        with ThreadPoolExecutor(_PROCESSES) as pool:
            outcomes = list(pool.map(lambda pair: tests.run(*pair), chosen))
    for _, refusals in outcomes:
        report.diagnostics += refusals
    return {group.name: verdict for (group, _), (verdict, _) in zip(chosen, outcomes, strict=True)}

"""Run the tests of a project's alert rules; every failure is a finding at its line of the spec."""

import tempfile
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.rule_files import rule_files
from dashgen.compile.outputs.rule_tests import (
    Expectation,
    expectations,
    rule_test_path,
    test_data,
    tested_alerts,
)
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.model.base import as_list
from dashgen.model.duration import duration_text, milliseconds
from dashgen.model.settled_alerts import SettledGroup
from dashgen.project.rule_tests.promtool import Failure, PromtoolOutcome, run_tests
from dashgen.source.yaml_text import yaml_bytes

# The value at every step of a test shows when its alert fires; a test of a month in steps of a minute would
# take too long.
_MOST_STEPS = 2000
_MOST_LINES = 12
_PROCESSES = 4


class TestReport(Struct):
    """A run's numbers of alerts, tests and checks, the names of alerts without tests, and what failed."""

    __test__ = False  # pytest collects classes with this name

    alerts: int = 0
    tests: int = 0
    checks: int = 0
    failed: int = 0
    untested: list[str] = []
    diagnostics: list[Diagnostic] = []


def run_rule_tests(groups: Sequence[SettledGroup], names: Collection[str], promtool: Path) -> TestReport:
    """Run the tests of alert rules.

    Args:
        groups: all rule groups of the project; tests read metrics that other groups record.
        names: the alerts and groups to test; all when empty.
        promtool: the program.

    Raises:
        DashgenError: promtool cannot be run.
    """
    report = TestReport()
    chosen: list[tuple[SettledGroup, list[Expectation]]] = []
    for group in groups:
        alerts = [a for a in group.alerts if not names or {a.rule.alert, group.name} & {*names}]
        tested = {a.uid for a in tested_alerts(group)}
        report.untested += [a.rule.alert for a in alerts if a.uid not in tested]
        alert_uids = {a.uid for a in alerts} & tested
        expected = [item for item in expectations(group) if item.alert.uid in alert_uids]
        if expected:
            chosen.append((group, expected))
            report.alerts += len(alert_uids)
            report.tests += len({(item.alert.uid, item.test) for item in expected})
            report.checks += len(expected)
    with tempfile.TemporaryDirectory(prefix="dashgen-test-") as folder:
        runner = _Runner(Path(folder), promtool, groups)
        with ThreadPoolExecutor(_PROCESSES) as pool:
            for diagnostics, failed in pool.map(lambda pair: runner.run(*pair), chosen):
                report.diagnostics += diagnostics
                report.failed += failed
    return report


class _Runner:
    """Runs test files in a folder that has the rule files of all groups."""

    def __init__(self, folder: Path, promtool: Path, groups: Sequence[SettledGroup]) -> None:
        self._folder = folder
        self._promtool = promtool
        self._groups = groups
        for artifact in rule_files(groups):
            self._write(artifact)

    def _write(self, artifact: Artifact) -> None:
        path = self._folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)

    def run(self, group: SettledGroup, expected: list[Expectation]) -> tuple[list[Diagnostic], int]:
        """The findings of a group's tests, and how many tests failed."""
        outcome = self._outcome(group, expected, rule_test_path(group.name))
        if outcome.passed:
            return [], 0
        failed = [item for item in expected if _matches(item, outcome.failures)]
        if not failed:
            return [_refused(group, outcome)], len({(item.alert.uid, item.test) for item in expected})
        diagnostics = [self._diagnostic(group, item) for item in failed]
        return diagnostics, len({(item.alert.uid, item.test) for item in failed})

    def _outcome(self, group: SettledGroup, expected: list[Expectation], path: str) -> PromtoolOutcome:
        self._write(Artifact(path, yaml_bytes(test_data(group, self._groups, expected))))
        return run_tests(self._promtool, self._folder / path)

    def _diagnostic(self, group: SettledGroup, item: Expectation) -> Diagnostic:
        rule = item.alert.rule
        test = rule.tests[item.test]
        state = "does not fire" if item.fires else "fires"
        message = f"`{rule.alert}` {state} at {item.moment} in the test `{clean(test.name)}`"
        path = (*item.alert.placed.path, *item.path)
        return group.document.resolved.diagnostic(
            "test/failed", message, path, self._firing_times(group, item)
        )

    def _firing_times(self, group: SettledGroup, item: Expectation) -> str:
        """A sentence about when the alert fires in the test, from the value at every step."""
        rule = item.alert.rule
        test = rule.tests[item.test]
        moments = (*as_list(test.fires_at), *as_list(test.silent_at))
        # Twice as far as the test looks: an alert that fires too late is what people look for.
        last = 2 * max(milliseconds(moment) or 0 for moment in moments)
        step = milliseconds(group.interval) or 60_000
        if last // step > _MOST_STEPS:
            return ""
        looks = [replace(item, moment=f"{at}ms", fires=False) for at in range(0, last + 1, step)]
        path = f"{rule_test_path(group.name).removesuffix('.yaml')}-{item.alert.uid}-{item.test}.yaml"
        outcome = self._outcome(group, looks, path)
        if not outcome.passed and not outcome.failures:
            return ""
        firing = {milliseconds(failure.moment) for failure in outcome.failures}
        return _ranges([at for at in range(0, last + 1, step) if at in firing], step, last)


def _matches(item: Expectation, failures: Sequence[Failure]) -> bool:
    moment = milliseconds(item.moment)
    return any(f.expression == item.expression and milliseconds(f.moment) == moment for f in failures)


def _ranges(firing: list[int], step: int, last: int) -> str:
    """When an alert fires, from the milliseconds of the steps at which it does."""
    if not firing:
        return f"it never fires up to {duration_text(last)}"
    starts = [at for at in firing if at - step not in firing]
    ends = [at for at in firing if at + step not in firing]
    parts = [_stretch(start, end, is_open=end + step > last) for start, end in zip(starts, ends, strict=True)]
    return f"it fires {', '.join(parts[:6])}{' …' if len(parts) > 6 else ''}"


def _stretch(start: int, end: int, *, is_open: bool) -> str:
    """A time interval as text; what comes after an open one is unknown."""
    if is_open:
        return f"from {duration_text(start)} on"
    return (
        f"at {duration_text(start)}"
        if start == end
        else f"from {duration_text(start)} to {duration_text(end)}"
    )


def _refused(group: SettledGroup, outcome: PromtoolOutcome) -> Diagnostic:
    lines = [line.strip() for line in outcome.output.splitlines() if line.strip()]
    message = (
        f"promtool refuses the tests of the group `{group.name}`: {clean(' / '.join(lines[:_MOST_LINES]))}"
    )
    return group.document.resolved.diagnostic(
        "test/refused", message, ("group",), "correct the series or the rules"
    )

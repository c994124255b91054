"""Run the tests of a group's rule file in promtool."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.rule_files import rule_files
from dashgen.compile.outputs.rule_tests import Expectation, rule_test_path, test_data
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.model.base import as_list
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledGroup
from dashgen.project.rule_tests.examine_alert import PromtoolVerdict, expectation_key, firing_times
from dashgen.project.rule_tests.promtool import Failure, PromtoolOutcome, run_tests
from dashgen.source.yaml_text import yaml_bytes

# The value at every step of a test shows when its alert fires; a test of a month in steps of a minute would
# take too long.
_MOST_STEPS = 2000
_MOST_LINES = 12
_MOST_HINTS = 40


class PrometheusTests:
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

    def run(
        self, group: SettledGroup, expected: list[Expectation]
    ) -> tuple[PromtoolVerdict, list[Diagnostic]]:
        """What promtool says of a group's tests, and the finding when it refuses them."""
        outcome = self._outcome(group, expected, rule_test_path(group.name))
        failed = [item for item in expected if _matches(item, outcome.failures)]
        if not outcome.passed and not failed:
            return PromtoolVerdict(), [_refused(group, outcome)]
        hints = {expectation_key(item): self._firing_times(group, item) for item in failed[:_MOST_HINTS]}
        expectations = frozenset(expectation_key(item) for item in failed)
        return PromtoolVerdict(is_known=True, failed=expectations, hints=hints), []

    def _outcome(self, group: SettledGroup, expected: list[Expectation], path: str) -> PromtoolOutcome:
        self._write(Artifact(path, yaml_bytes(test_data(group, self._groups, expected))))
        return run_tests(self._promtool, self._folder / path)

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
        return firing_times([at for at in range(0, last + 1, step) if at in firing], step, last)


def _matches(item: Expectation, failures: Sequence[Failure]) -> bool:
    moment = milliseconds(item.moment)
    return any(f.expression == item.expression and milliseconds(f.moment) == moment for f in failures)


def _refused(group: SettledGroup, outcome: PromtoolOutcome) -> Diagnostic:
    lines = [line.strip() for line in outcome.output.splitlines() if line.strip()]
    message = (
        f"promtool refuses the tests of the group `{group.name}`: {clean(' / '.join(lines[:_MOST_LINES]))}"
    )
    return group.document.resolved.diagnostic(
        "test/refused", message, ("group",), "correct the series or the rules"
    )

"""Compare what an alert does on the data of its tests with what they expect."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.compile.outputs.rule_tests import Expectation, alert_expectations
from dashgen.compile.settle.check_rule_tests import ANNOTATION_NAMES
from dashgen.core.diagnostics.frame import clean
from dashgen.evaluate.gotemplate.rendered_texts import RenderedText
from dashgen.model.alert_rules import Output, RuleTest
from dashgen.model.base import as_list
from dashgen.model.duration import duration_text, milliseconds
from dashgen.project.rule_tests.alert_runs import (
    SERVERS,
    AlertRun,
    FiringAlert,
    Observation,
    TestedAlert,
    run_alert,
)
from dashgen.project.rule_tests.case_results import AlertResult, ShownMoment, TestCase
from dashgen.source.provenance import Reporter

# The value at every step of a test shows when its alert fires; a test of a month in steps of a minute would
# take too long.
_MOST_STEPS: Final = 2000


class PromtoolVerdict(Struct, frozen=True):
    """What promtool found: the expectations that fail.

    ``is_known`` is whether it could judge at all; ``hints`` has a sentence for a failed expectation.
    """

    is_known: bool = False
    failed: Collection[tuple[str, int, str, bool]] = frozenset()
    hints: Mapping[tuple[str, int, str, bool], str] = {}


def expectation_key(item: Expectation) -> tuple[str, int, str, bool]:
    """What identifies an expectation: the rule, the test, the moment, and whether the alert fires."""
    return item.alert.uid, item.test, item.moment, item.fires


def examine_alert(tested: TestedAlert, promtool: PromtoolVerdict) -> AlertResult:
    """Run the tests of an alert on every server that evaluates it.

    Args:
        tested: the alert.
        promtool: what promtool says of its rule file.
    """
    return _AlertExamination(tested, promtool).result()


class _AlertExamination:
    def __init__(self, tested: TestedAlert, promtool: PromtoolVerdict) -> None:
        self.tested = tested
        self.alert = tested.alert
        self.promtool = promtool
        self.report = Reporter(tested.group.group.document.resolved, tested.alert.placed.path)
        self.shown: list[ShownMoment] = []
        self.lacking: dict[str, str] = {}

    def result(self) -> AlertResult:
        cases, checks = [], 0
        for index, test in enumerate(self.alert.rule.tests):
            before = len(self.report.diagnostics)
            runs = self.runs(test)
            expected = [item for item in alert_expectations(self.alert) if item.test == index]
            for item in expected:
                self.examine(item, test, runs)
            checks += len(expected) + self.examine_states(index, test, runs)
            failures = [one for one in self.report.diagnostics[before:] if one.rule != "test/unsupported"]
            cases.append(TestCase(self.alert.rule.alert, test.name, failures))
        self.report_lacking()
        return AlertResult(
            self.alert,
            self.tested.group.group,
            self.shown,
            cases,
            checks,
            tuple(dict.fromkeys(self.report.diagnostics)),
        )

    def runs(self, test: RuleTest) -> dict[Output, AlertRun]:
        moments = (*as_list(test.fires_at), *as_list(test.silent_at), *test.states)
        last = max((milliseconds(moment) or 0 for moment in moments), default=0)
        runs: dict[Output, AlertRun] = {}
        for output in sorted(self.alert.outputs):
            runs[output] = run_alert(self.tested, test, output, last)
            if runs[output].unsupported and (output != "prometheus" or not self.promtool.is_known):
                self.lacking[SERVERS[output]] = runs[output].unsupported
        return runs

    def examine(self, item: Expectation, test: RuleTest, runs: Mapping[Output, AlertRun]) -> None:
        """Judge an expectation on each server, and report where it fails."""
        at = milliseconds(item.moment) or 0
        verdicts = {output: self.verdict(item, test, run) for output, run in runs.items()}
        judged = [output for output, verdict in verdicts.items() if verdict is not None]
        failing = [output for output in judged if not verdicts[output]]
        if failing:
            where = "" if len(failing) == len(judged) and len(self.alert.outputs) <= len(judged) else (
                f" in {' and '.join(SERVERS[output] for output in failing)}"
            )  # fmt: skip
            state = "does not fire" if item.fires else "fires"
            message = (
                f"`{self.alert.rule.alert}` {state} at {item.moment}{where} in the test `{clean(test.name)}`"
            )
            self.report.error("test/failed", message, item.path, self.hint(item, test, failing))
        elif judged:
            texts = self.examine_texts(item, test, runs) if item.fires else frozenset()
            kind = "fires" if item.fires else "silent"
            self.shown.append(self.moment(item.test, at, kind, runs, texts))

    def moment(
        self, test: int, at: int, kind: str, runs: Mapping[Output, AlertRun], texts: frozenset[str]
    ) -> ShownMoment:
        has_series = bool(self.alert.rule.tests[test].series or self.alert.rule.tests[test].lines)
        return ShownMoment(test, at, kind, _observation(runs, at), has_series, texts)

    def verdict(self, item: Expectation, test: RuleTest, run: AlertRun) -> bool | None:
        """Whether an expectation holds on a server; None when that is not known."""
        if run.output == "prometheus":
            return expectation_key(item) not in self.promtool.failed if self.promtool.is_known else None
        if run.unsupported:
            return None
        return bool(_matching(run.at(milliseconds(item.moment) or 0), test)) is item.fires

    def hint(self, item: Expectation, test: RuleTest, failing: Sequence[Output]) -> str:
        """When the alert does fire."""
        output = failing[0]
        if output == "prometheus":
            return self.promtool.hints.get(expectation_key(item), "")
        moments = (*as_list(test.fires_at), *as_list(test.silent_at))
        # Twice as far as the test looks: an alert that fires too late is what people look for.
        last = 2 * max(milliseconds(moment) or 0 for moment in moments)
        if last // self.tested.group.interval > _MOST_STEPS:
            return ""
        run = run_alert(self.tested, test, output, last)
        firing = [one.at for one in run.observations if _matching(one, test)]
        return firing_times(firing, self.tested.group.interval, last)

    def examine_texts(
        self, item: Expectation, test: RuleTest, runs: Mapping[Output, AlertRun]
    ) -> frozenset[str]:
        """Compare the texts of the firing alert, and return the names of those that are whole everywhere."""
        whole: list[set[str]] = []
        for output, run in runs.items():
            if run.unsupported:
                continue
            alerts = _matching(run.at(milliseconds(item.moment) or 0), test)
            self.compare_texts(item, test, alerts)
            for name, faulty in _faulty_texts(alerts):
                self.report_text(name, faulty, f"at {item.moment} in {SERVERS[output]}")
            whole.append({name for one in alerts for name, text in one.texts.items() if text.is_whole}
                         - {name for name, _ in _faulty_texts(alerts)})  # fmt: skip
        return frozenset(set.intersection(*whole)) if whole else frozenset()

    def compare_texts(self, item: Expectation, test: RuleTest, alerts: Sequence[FiringAlert]) -> None:
        for key, expected in test.annotations.items():
            name = ANNOTATION_NAMES.get(key, key)
            actual = [one.texts[name].text for one in alerts if name in one.texts]
            if expected in actual or not alerts:
                continue
            path = ("tests", item.test, "annotations", key)
            where = f"at {item.moment} in the test `{clean(test.name)}`"
            message = f"`{self.alert.rule.alert}` has another `{key}` {where}"
            hint = f"it is `{clean(actual[0])}`" if actual else "the alert has no such text"
            self.report.error("test/failed", message, path, hint)

    def report_text(self, name: str, text: RenderedText, where: str) -> None:
        """Report a text that could not be rendered."""
        if text.unsupported:
            self.lacking[f"the text `{name}`"] = text.unsupported
            return
        rule = self.alert.rule
        key = next((key for key, other in ANNOTATION_NAMES.items() if other == name), name)
        is_own = key in {"summary", "description", "runbook"} and name not in rule.annotations
        path = (key,) if is_own else ("annotations", name)
        reason = text.fault or f"a value is missing: `{clean(text.text)}`"
        message = f"`{name}` of `{rule.alert}` cannot be rendered {where}: {reason}"
        self.report.error("test/text", message, path, "correct the template, or the labels of the query")

    def examine_states(self, index: int, test: RuleTest, runs: Mapping[Output, AlertRun]) -> int:
        """Compare the alert's states in Grafana, and return how many there were to compare."""
        run = runs.get("grafana")
        if run is None or run.unsupported:
            return len(test.states)
        for moment, expected in test.states.items():
            at = milliseconds(moment) or 0
            actual = run.at(at).state
            if actual == expected:
                self.shown.append(self.moment(index, at, "state", runs, frozenset()))
                continue
            where = f"at {moment} in the test `{clean(test.name)}`"
            message = f"`{self.alert.rule.alert}` is {actual} {where}, not {expected}"
            self.report.error("test/failed", message, ("tests", index, "states", moment))
        return len(test.states)

    def report_lacking(self) -> None:
        rule = self.alert.rule
        for subject, what in self.lacking.items():
            message = f"`{rule.alert}` is not tested in {subject}: the evaluator lacks {what}"
            if subject.startswith("the text"):
                message = f"{subject} of `{rule.alert}` is not tested: the renderer lacks {what}"
            self.report.warn("test/unsupported", message, ("tests",))


def _observation(runs: Mapping[Output, AlertRun], at: int) -> Observation | None:
    """What was observed, by Grafana if it evaluates the rule."""
    return next((run.at(at) for run in runs.values() if not run.unsupported), None)


def _matching(observation: Observation, test: RuleTest) -> list[FiringAlert]:
    return [alert for alert in observation.firing if alert.has_labels(test.labels)]


def _faulty_texts(alerts: Iterable[FiringAlert]) -> Iterator[tuple[str, RenderedText]]:
    for alert in alerts:
        for name, text in alert.texts.items():
            if not text.is_whole:
                yield name, text


def firing_times(firing: Sequence[int], step: int, last: int) -> str:
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
    if start == end:
        return f"at {duration_text(start)}"
    return f"from {duration_text(start)} to {duration_text(end)}"

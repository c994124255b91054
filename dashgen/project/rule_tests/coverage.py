"""Which behaviours of alerts their tests show."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.condition import Kind
from dashgen.model.settled_alerts import SettledAlert, SettledGroup
from dashgen.project.rule_tests.case_results import AlertResult, ShownMoment


class Behaviour(StrEnum):
    """What tests can show of an alert."""

    FIRES = "fires"
    SILENT = "silent"
    NO_DATA = "no data"
    RECOVERS = "recovers"
    TEXTS = "texts"


_HINTS: Final = {
    Behaviour.FIRES: "add a test with `fires_at:`",
    Behaviour.SILENT: "add a test with data that does not meet the condition, and `silent_at:`",
    Behaviour.NO_DATA: "add a test without `series:` or `lines:`",
    Behaviour.RECOVERS: "add a test in which `silent_at:` comes after `fires_at:`",
    Behaviour.TEXTS: "add a test in which the alert fires with all labels that the texts use",
}
SENTENCES: Final = {
    Behaviour.FIRES: "that it fires",
    Behaviour.SILENT: "that it is silent below its threshold",
    Behaviour.NO_DATA: "what it does without data",
    Behaviour.RECOVERS: "that it recovers",
    Behaviour.TEXTS: "that its texts render",
}
"""What tests show, each as the end of a sentence."""


class AlertCoverage(Struct, frozen=True):
    """The behaviours of an alert that its tests can show, and those that they do show.

    ``texts`` are the names of the texts that no test renders.
    """

    alert: SettledAlert
    group: SettledGroup
    applicable: frozenset[Behaviour]
    shown: frozenset[Behaviour]
    texts: tuple[str, ...] = ()

    @property
    def missing(self) -> list[Behaviour]:
        """The behaviours that no test shows, in their order."""
        return [one for one in Behaviour if one in self.applicable - self.shown]


def alert_coverage(result: AlertResult) -> AlertCoverage:
    """What the tests of an alert show.

    - fires: an expectation of ``fires_at`` holds.
    - silent: one of ``silent_at`` holds when the query has a value that does not meet the condition; of a
      rule with `when: present`, when there is data and the query gives nothing.
    - no data: any expectation holds when the query, or the test, has no data.
    - recovers: in one test, ``fires_at`` holds and a later ``silent_at`` too.
    - texts: each text with a template is rendered whole when the alert fires.
    """
    alert = result.alert
    templates = _templates(alert)
    rendered = {name for one in result.shown for name in one.texts}
    missing = tuple(sorted(name for name in templates if name not in rendered))
    applicable = set(Behaviour)
    if alert.condition.kind is Kind.ABSENT:
        # Such a rule has no threshold, and no data is what it fires for.
        applicable -= {Behaviour.SILENT, Behaviour.NO_DATA}
    if not templates:
        applicable.discard(Behaviour.TEXTS)
    shown = {
        Behaviour.FIRES: any(one.kind == "fires" for one in result.shown),
        Behaviour.SILENT: any(_is_silent_with_data(alert, one) for one in result.shown),
        Behaviour.NO_DATA: any(_is_without_data(one) for one in result.shown),
        Behaviour.RECOVERS: _recovers(result.shown),
        Behaviour.TEXTS: not missing,
    }
    return AlertCoverage(
        alert,
        result.group,
        frozenset(applicable),
        frozenset(one for one in applicable if shown[one]),
        missing,
    )


def _templates(alert: SettledAlert) -> list[str]:
    return [name for name, text in alert.annotations.items() if "{{" in text]


def _is_silent_with_data(alert: SettledAlert, moment: ShownMoment) -> bool:
    if moment.kind != "silent":
        return False
    if moment.observation is None:
        # Without an evaluator, a test with data is taken by its word.
        return moment.has_series
    if alert.condition.kind is Kind.PRESENT:
        return moment.observation.has_samples and not moment.observation.has_data
    return moment.observation.is_below


def _is_without_data(moment: ShownMoment) -> bool:
    if moment.observation is None:
        return not moment.has_series
    return not moment.observation.has_data or not moment.observation.has_samples


def _recovers(shown: Iterable[ShownMoment]) -> bool:
    by_test = sorted((one for one in shown if one.kind != "state"), key=lambda one: (one.test, one.at))
    return any(
        before.kind == "fires" and after.kind == "silent" and before.test == after.test
        for before, after in pairwise(by_test)
    )


def percentage(coverages: Sequence[AlertCoverage]) -> float:
    """The share of all behaviours that tests show, in percent; 100 when there is nothing to show."""
    applicable = sum(len(one.applicable) for one in coverages)
    return 100 * sum(len(one.shown) for one in coverages) / applicable if applicable else 100.0


def coverage_findings(coverages: Iterable[AlertCoverage]) -> list[Diagnostic]:
    """A finding for each alert whose tests do not show everything."""
    return [_finding(one) for one in coverages if one.missing]


def _finding(coverage: AlertCoverage) -> Diagnostic:
    missing = coverage.missing
    sentences = [SENTENCES[one] for one in missing]
    listed = " and ".join([", ".join(sentences[:-1]), sentences[-1]]) if len(sentences) > 1 else sentences[0]
    message = f"no test of `{coverage.alert.rule.alert}` shows {listed}"
    path = (*coverage.alert.placed.path, "alert")
    return coverage.group.document.resolved.diagnostic("test/coverage", message, path, _HINTS[missing[0]])

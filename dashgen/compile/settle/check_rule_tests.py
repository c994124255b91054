"""Check the `tests:` of an alert rule: that each reads as promtool reads it, and that it can run at all."""

from collections.abc import Iterator
from dataclasses import replace

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.model.alert_rules import PlacedRule, RuleTest
from dashgen.model.base import as_list
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.settled_alerts import SettledAlert
from dashgen.query.promql.series_notation import NotationFault, series_fault, values_fault
from dashgen.source.source import Path


def check_rule_tests(alert: SettledAlert) -> list[Diagnostic]:
    """What is wrong with the tests of an alert rule.

    A test that cannot run is a warning: it looks like protection and is none.
    """
    placed = alert.placed
    problems: list[Diagnostic] = []
    if alert.rule.tests and "prometheus" not in alert.outputs:
        message = (
            f"the tests of `{alert.rule.alert}` do not run: promtool runs rules in PromQL for Prometheus only"
        )
        hint = "remove them, or add `prometheus` to its `outputs`"
        problems.append(_at(placed, "test/not-run", message, ("tests",), hint, Severity.WARNING))
    for index, test in enumerate(alert.rule.tests):
        problems += _test_problems(placed, test, ("tests", index))
    return problems


def _test_problems(placed: PlacedRule, test: RuleTest, path: Path) -> Iterator[Diagnostic]:
    if not as_list(test.fires_at) and not as_list(test.silent_at):
        message = f"the test `{test.name}` expects nothing"
        yield _at(placed, "test/empty", message, path, "say `fires_at:` or `silent_at:`")
    interval = milliseconds(test.interval)
    if not interval:
        message = f"`{test.interval}` is not a time between two values"
        yield _at(placed, "test/time", message, (*path, "interval"), DURATION_HINT)
    for key in ("fires_at", "silent_at"):
        written = getattr(test, key)
        for number, moment in enumerate(as_list(written)):
            steps = (*path, key) if isinstance(written, str) else (*path, key, number)
            if milliseconds(moment) is None:
                message = f"`{moment}` is not a time after the first value"
                yield _at(placed, "test/time", message, steps, DURATION_HINT)
    for moment in sorted({*as_list(test.fires_at)} & {*as_list(test.silent_at)}):
        message = f"the test `{test.name}` expects the alert to fire and to be silent at {moment}"
        yield _at(placed, "test/contradiction", message, (*path, "silent_at"), "remove one of them")
    for series, values in test.series.items():
        series_path = (*path, "series", series)
        if fault := series_fault(series):
            # Keys have no characters of their own in the node tree: the finding names the series.
            yield _at(
                placed, "test/series", f"`{series}`: {fault.message}", series_path, fault.hint, key=True
            )
        if fault := values_fault(values):
            yield _character(placed, series_path, values, fault)


def _at(
    placed: PlacedRule,
    rule: str,
    message: str,
    steps: Path,
    hint: str,
    severity: Severity = Severity.ERROR,
    *,
    key: bool = False,
) -> Diagnostic:
    resolved = placed.document.resolved
    return resolved.diagnostic(rule, message, (*placed.path, *steps), hint, key=key, severity=severity)


def _character(placed: PlacedRule, steps: Path, text: str, fault: NotationFault) -> Diagnostic:
    diagnostic = _at(placed, "test/series", fault.message, steps, fault.hint)
    origin = placed.document.resolved.origin((*placed.path, *steps))
    return replace(diagnostic, location=origin.character(fault.offset, text))

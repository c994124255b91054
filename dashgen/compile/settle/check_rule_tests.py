"""Check the `tests:` of an alert rule: that each reads as promtool reads it, and that it can run at all."""

from dashgen.compile.settle.query_text import unknown_metric
from dashgen.model.alert_rules import RuleTest
from dashgen.model.base import as_list
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.series_contract import SeriesContract
from dashgen.model.settled_alerts import SettledAlert
from dashgen.query import LANGUAGES
from dashgen.query.promql.series_notation import series_fault, values_fault
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path


def check_rule_tests(alert: SettledAlert, contract: SeriesContract | None, report: Reporter) -> None:
    """Report what is wrong with the tests of an alert rule.

    A test that cannot run is a warning: it looks like protection and is none.
    """
    name = alert.rule.alert
    if alert.rule.tests and "prometheus" not in alert.outputs:
        message = f"the tests of `{name}` do not run: promtool runs rules in PromQL for Prometheus only"
        report.warn("test/not-run", message, ("tests",), "remove them, or add `prometheus` to its `outputs`")
    for index, test in enumerate(alert.rule.tests):
        _check_test(test, ("tests", index), report)
        if contract is not None and contract.series:
            _check_metrics(test, ("tests", index), contract, report)


def _check_metrics(test: RuleTest, path: Path, contract: SeriesContract, report: Reporter) -> None:
    """Find series that no rule reads: with a misspelt name, a test of silence passes whatever a rule does."""
    for series in test.series:
        for use in LANGUAGES["prometheus"].parse(series).metrics:
            if use.is_literal and not contract.knows(use.name):
                message, hint = unknown_metric(use.name, contract)
                report.warn("query/metric", message, (*path, "series", series), hint, key=True)


def _check_test(test: RuleTest, path: Path, report: Reporter) -> None:
    fires_at, silent_at = as_list(test.fires_at), as_list(test.silent_at)
    if not fires_at and not silent_at:
        report.error(
            "test/empty", f"the test `{test.name}` expects nothing", path, "add `fires_at:` or `silent_at:`"
        )
    if not milliseconds(test.interval):
        message = f"`{test.interval}` is not a time between two values"
        report.error("test/time", message, (*path, "interval"), DURATION_HINT)
    for key, written in (("fires_at", test.fires_at), ("silent_at", test.silent_at)):
        for number, moment in enumerate(as_list(written)):
            if milliseconds(moment) is None:
                moment_path = (*path, key) if isinstance(written, str) else (*path, key, number)
                message = f"`{moment}` is not a time after the first value"
                report.error("test/time", message, moment_path, DURATION_HINT)
    for moment in sorted({*fires_at} & {*silent_at}):
        message = f"the test `{test.name}` expects the alert to fire and to be silent at {moment}"
        report.error("test/contradiction", message, (*path, "silent_at"), "remove one of them")
    for series, values in test.series.items():
        series_path = (*path, "series", series)
        if fault := series_fault(series):
            # Keys have no characters of their own in the node tree: the finding names the series.
            message = f"`{series}`: {fault.message}"
            report.error("test/series", message, series_path, fault.hint, key=True)
        if fault := values_fault(values):
            report.fault("test/series", fault, series_path, values)

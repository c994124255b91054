"""Check the `tests:` of rules: that each reads as promtool reads it, and that it can run at all."""

from collections.abc import Iterable, Mapping
from typing import Final

from dashgen.compile.settle.query_text import unknown_metric
from dashgen.core.diagnostics import nearest
from dashgen.model.alert_rules import LogLines, RuleTest, ValueTest
from dashgen.model.base import as_list
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.series_contract import SeriesContract
from dashgen.model.settled_alerts import SettledAlert
from dashgen.query import LANGUAGES
from dashgen.query.promql.series_notation import series_fault, values_fault
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

TESTED_SOURCES: Final = frozenset({"prometheus", "loki"})
"""The types of data sources whose queries can be computed on made-up data."""
ANNOTATION_NAMES: Final = {"runbook": "runbook_url"}
"""Keys of a rule whose annotation has another name."""
_SPEAKING_TO: Final = {"prometheus": "series", "loki": "lines"}


def check_rule_tests(alert: SettledAlert, contract: SeriesContract | None, report: Reporter) -> None:
    """Report what is wrong with the tests of an alert rule.

    A test that cannot run is a warning: it looks like protection and is none.
    """
    kinds = {query.datasource.type for query in alert.queries if query.datasource is not None}
    if alert.rule.tests and (foreign := sorted(kinds - TESTED_SOURCES)):
        message = f"the tests of `{alert.rule.alert}` do not run: no evaluator has queries of `{foreign[0]}`"
        report.warn("test/not-run", message, ("tests",), "remove them")
    for index, test in enumerate(alert.rule.tests):
        path: Path = ("tests", index)
        _check_expectations(test, path, report)
        _check_for_grafana(test, alert, path, report)
        _check_annotations(test, alert, path, report)
        _check_kinds(test, kinds, path, report)
        _check_data(test, path, contract, report)


def check_value_tests(
    tests: Iterable[ValueTest], kind: str, contract: SeriesContract | None, report: Reporter
) -> None:
    """Report what is wrong with the tests of a recording rule, or of panels.

    Args:
        tests: the tests, in their order.
        kind: the type of the data source; empty when it is not known.
        contract: the series that exist, if they are described.
        report: gets what is wrong.
    """
    for index, test in enumerate(tests):
        path: Path = ("tests", index)
        if not test.expect:
            report.error(
                "test/empty", f"the test `{test.name}` expects nothing", path, "add times to `expect:`"
            )
        for moment, expected in test.expect.items():
            _check_moment(moment, (*path, "expect", moment), report, key=True)
            for selector in expected if isinstance(expected, Mapping) else ():
                if fault := series_fault(selector):
                    message = f"`{selector}`: {fault.message}"
                    report.error(
                        "test/series", message, (*path, "expect", moment, selector), fault.hint, key=True
                    )
        _check_kinds(test, {kind} - {""}, path, report)
        _check_data(test, path, contract, report)


def _check_data(
    test: RuleTest | ValueTest, path: Path, contract: SeriesContract | None, report: Reporter
) -> None:
    if not milliseconds(test.interval):
        message = f"`{test.interval}` is not a time between two values"
        report.error("test/time", message, (*path, "interval"), DURATION_HINT)
    _check_series(test.series, path, report)
    for number, lines in enumerate(test.lines):
        _check_lines(lines, (*path, "lines", number), report)
    if contract is not None and contract.series:
        _check_metrics(test.series, path, contract, report)


def _check_metrics(series: Mapping[str, str], path: Path, contract: SeriesContract, report: Reporter) -> None:
    """Find series that no rule reads: with a misspelt name, a test of silence passes whatever a rule does."""
    for name in series:
        for use in LANGUAGES["prometheus"].parse(name).metrics:
            if use.is_literal and not contract.knows(use.name):
                message, hint = unknown_metric(use.name, contract)
                report.warn("query/metric", message, (*path, "series", name), hint, key=True)


def _check_kinds(test: RuleTest | ValueTest, kinds: set[str], path: Path, report: Reporter) -> None:
    """Find data that no query of the rule reads."""
    tested = kinds & TESTED_SOURCES
    for kind, key in _SPEAKING_TO.items():
        if tested and kind not in tested and getattr(test, key):
            keys = " and ".join(f"`{_SPEAKING_TO[one]}:`" for one in sorted(tested))
            message = f"no query of the rule reads the {key} of the test `{test.name}`"
            report.warn("test/series", message, (*path, key), f"write {keys}")


def _check_lines(lines: LogLines, path: Path, report: Reporter) -> None:
    for number, moment in enumerate(as_list(lines.at)):
        _check_moment(moment, (*path, "at") if isinstance(lines.at, str) else (*path, "at", number), report)
    if lines.every is not None and not milliseconds(lines.every):
        message = f"`{lines.every}` is not a time between two lines"
        report.error("test/time", message, (*path, "every"), DURATION_HINT)


def _check_moment(moment: str, path: Path, report: Reporter, *, key: bool = False) -> None:
    if milliseconds(moment) is None:
        message = f"`{moment}` is not a time after the first value"
        report.error("test/time", message, path, DURATION_HINT, key=key)


def _check_expectations(test: RuleTest, path: Path, report: Reporter) -> None:
    fires_at, silent_at = as_list(test.fires_at), as_list(test.silent_at)
    if not fires_at and not silent_at and not test.states:
        report.error(
            "test/empty", f"the test `{test.name}` expects nothing", path, "add `fires_at:` or `silent_at:`"
        )
    for key, written in (("fires_at", test.fires_at), ("silent_at", test.silent_at)):
        for number, moment in enumerate(as_list(written)):
            moment_path = (*path, key) if isinstance(written, str) else (*path, key, number)
            _check_moment(moment, moment_path, report)
    for moment in sorted({*fires_at} & {*silent_at}):
        message = f"the test `{test.name}` expects the alert to fire and to be silent at {moment}"
        report.error("test/contradiction", message, (*path, "silent_at"), "remove one of them")


def _check_for_grafana(test: RuleTest, alert: SettledAlert, path: Path, report: Reporter) -> None:
    """Check what only Grafana has: states, and queries that fail."""
    for moment in test.states:
        _check_moment(moment, (*path, "states", moment), report, key=True)
    for key in ("states", "query_fails"):
        if getattr(test, key) and "grafana" not in alert.outputs:
            message = f"`{key}` of the test `{test.name}` is not examined: Grafana does not evaluate the rule"
            report.warn("test/not-run", message, (*path, key), "add `grafana` to its `outputs`, or remove it")


def _check_annotations(test: RuleTest, alert: SettledAlert, path: Path, report: Reporter) -> None:
    for key in test.annotations:
        if ANNOTATION_NAMES.get(key, key) not in alert.annotations:
            message = f"`{alert.rule.alert}` has no annotation `{key}`"
            hint = nearest(key, alert.annotations) or "remove it"
            report.error("test/annotation", message, (*path, "annotations", key), hint, key=True)
    if test.annotations and not test.fires_at:
        message = f"the test `{test.name}` expects texts of an alert that it does not expect to fire"
        report.error("test/empty", message, (*path, "annotations"), "add `fires_at:`")


def _check_series(written: Mapping[str, str], path: Path, report: Reporter) -> None:
    for series, values in written.items():
        series_path = (*path, "series", series)
        if fault := series_fault(series):
            # Keys have no characters of their own in the node tree: the finding names the series.
            message = f"`{series}`: {fault.message}"
            report.error("test/series", message, series_path, fault.hint, key=True)
        if fault := values_fault(values):
            report.fault("test/series", fault, series_path, values)

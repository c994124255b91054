"""The results of tests as texts and documents."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.reporters.junit_report import Case, junit
from dashgen.core.reporters.markdown_text import code, escaped, table_row
from dashgen.core.reporters.text_table import draw_table
from dashgen.core.sentence_parts import counted
from dashgen.project.rule_tests.coverage import AlertCoverage, Behaviour, percentage
from dashgen.project.rule_tests.run_tests import TestReport
from dashgen.project.rule_tests.tested_project import Run

_MOST_NAMES: Final = 10
_HEAD: Final = ("alert", *Behaviour, "covered", "notifies")
NO_PROMTOOL: Final = (
    "promtool is missing, so nothing was tested in Prometheus; it comes with Prometheus (Debian: "
    "`apt-get install prometheus`), or name it with `--promtool` or `PROMTOOL`"
)


def summary(runs: Sequence[Run]) -> str:
    """The numbers of each run, what was not tested, and how much the tests show."""
    lines = []
    for run in runs:
        name = f"{_environments(run)}: " if len(runs) > 1 else ""
        lines.append(f"{name}{_counts(run.report)}")
    if any(run.report.needs_promtool for run in runs):
        lines.append(NO_PROMTOOL)
    untested = list(dict.fromkeys(name for run in runs for name in run.report.untested))
    if untested:
        more = len(untested) - _MOST_NAMES
        listed = ", ".join(untested[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"without a test: {listed}")
    return "\n".join(lines)


def _environments(run: Run) -> str:
    return " and ".join(name or "without an environment" for name in run.environments)


def _counts(result: TestReport) -> str:
    if not result.tests:
        return "there are no tests to run"
    verdict = f"{result.failed} failed" if result.failed else "all passed"
    subjects = [counted(result.alerts, "alert")] if result.alerts or not result.records else []
    subjects += [counted(result.records, "query")] if result.records else []
    tests = f"{counted(result.tests, 'test')} of {' and '.join(subjects)}"
    return f"{tests} at {counted(result.checks, 'moment')}: {verdict}"


def coverage_table(runs: Sequence[Run]) -> str:
    """A table of what the tests show, for each run."""
    parts = []
    for run in runs:
        coverages = run.report.coverage
        head = f"{_environments(run)}:\n" if len(runs) > 1 else ""
        rows = [_row(one, run, ("yes", "no", "-")) for one in coverages]
        parts.append(f"{head}{draw_table(_HEAD, rows)}coverage: {_percent(percentage(coverages))}\n\n")
    return "".join(parts)


def _row(coverage: AlertCoverage, run: Run, words: tuple[str, str, str]) -> tuple[str, ...]:
    """The cells of an alert: its behaviours as shown, not shown or inapplicable, and its route."""
    yes, no, inapplicable = words
    marks = [
        inapplicable if one not in coverage.applicable else yes if one in coverage.shown else no
        for one in Behaviour
    ]
    covered = f"{len(coverage.shown)} of {len(coverage.applicable)}"
    return coverage.alert.rule.alert, *marks, covered, run.routes.get(coverage.alert.uid) or "-"


def _percent(share: float) -> str:
    # 99.96 % is not 100 %.
    return f"{int(share * 10) / 10:g}%"


def coverage_markdown(runs: Sequence[Run]) -> str:
    """The same table in Markdown."""
    lines = []
    for run in runs:
        where = f" ({_environments(run)})" if len(runs) > 1 else ""
        coverages = run.report.coverage
        lines += [f"### Tests{where}: {_counts(run.report)}", ""]
        lines += [table_row(_HEAD), table_row(["---"] * len(_HEAD))]
        for one in coverages:
            name, *rest = _row(one, run, ("✅", "❌", "-"))
            lines.append(table_row((code(name), *rest[:-1], escaped(rest[-1]))))
        lines += ["", f"Coverage: {_percent(percentage(coverages))}", ""]
    return "\n".join(lines) + "\n"


def junit_document(runs: Sequence[Run], failures: Sequence[Diagnostic]) -> str:
    """Each test as a case, and each finding that belongs to no test."""
    cases = [case for run in runs for case in _cases(run, several=len(runs) > 1)]
    reported = {one.message for run in runs for case in run.report.cases for one in case.failures}
    others = [one for one in failures if one.message not in reported]
    cases += [Case(one.rule, str(one.location or one.rule), one.message, one.hint) for one in others]
    return junit("dashgen test", cases or [Case("dashgen test", "there are no tests")])


def _cases(run: Run, *, several: bool) -> Iterator[Case]:
    where = f" ({_environments(run)})" if several else ""
    for case in run.report.cases:
        message = "; ".join(one.message for one in case.failures)
        details = "\n".join(f"{one.location}: {one.message}" for one in case.failures)
        yield Case(case.subject, f"{case.name}{where}", message, details)

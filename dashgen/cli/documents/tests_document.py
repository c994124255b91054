"""What ``dashgen test`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.redaction import redacted_diagnostics
from dashgen.core.reporters.json_report import Findings, OutputDocument, reported
from dashgen.project.rule_tests.coverage import AlertCoverage, Behaviour, percentage
from dashgen.project.rule_tests.tested_project import Run


class ReportedCoverage(Struct, frozen=True):
    """What the tests of an alert show."""

    alert: Annotated[str, Meta(description="The alert.")]
    group: Annotated[str, Meta(description="Its rule group.")]
    shown: Annotated[list[str], Meta(description="The behaviours that a test shows.")]
    missing: Annotated[list[str], Meta(description="Those that no test shows.")]
    texts: Annotated[list[str], Meta(description="The texts that no test renders.")]
    notifies: Annotated[
        str, Meta(description="The contact points that it notifies, as far as the specs tell; may be empty.")
    ]


class ReportedTests(Struct, frozen=True, kw_only=True):
    """The tests of environments whose rules are the same."""

    environments: Annotated[
        list[str | None], Meta(description="The environments; null is the project without one.")
    ]
    tests: Annotated[int, Meta(description="How many tests ran.")]
    failed: Annotated[int, Meta(description="How many of them failed.")]
    moments: Annotated[int, Meta(description="How many moments they looked at.")]
    promtool_missing: Annotated[
        bool, Meta(description="Whether nothing was tested in Prometheus, as there is no promtool.")
    ]
    untested: Annotated[list[str], Meta(description="The alerts without tests.")]
    coverage: Annotated[float, Meta(description="The share of the behaviours that are shown, in percent.")]
    alerts: Annotated[list[ReportedCoverage], Meta(description="What is shown of each alert.")]


class TestsDocument(OutputDocument, frozen=True, kw_only=True):
    """The results of tests."""

    __test__ = False  # pytest collects classes with this name

    diagnostics: Findings
    runs: Annotated[list[ReportedTests], Meta(description="The runs, one for each set of rules.")]


def tests_document(runs: Sequence[Run], failures: Sequence[Diagnostic]) -> TestsDocument:
    """The results of tests, for programs."""
    return TestsDocument(
        diagnostics=reported(redacted_diagnostics(failures)), runs=[_reported_run(run) for run in runs]
    )


def _reported_run(run: Run) -> ReportedTests:
    result = run.report
    return ReportedTests(
        environments=run.environments,
        tests=result.tests,
        failed=result.failed,
        moments=result.checks,
        promtool_missing=result.needs_promtool,
        untested=result.untested,
        coverage=round(percentage(result.coverage), 1),
        alerts=[_reported_coverage(one, run) for one in result.coverage],
    )


def _reported_coverage(coverage: AlertCoverage, run: Run) -> ReportedCoverage:
    return ReportedCoverage(
        coverage.alert.rule.alert,
        coverage.group.name,
        [str(one) for one in Behaviour if one in coverage.shown],
        [str(one) for one in coverage.missing],
        list(coverage.texts),
        run.routes.get(coverage.alert.uid, ""),
    )

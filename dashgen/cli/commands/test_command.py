"""``dashgen test``."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

from dashgen.cli.documents.tests_document import tests_document
from dashgen.cli.options import (
    Format,
    LeastFailure,
    OneOrAllEnvironments,
    OutputFormat,
    ProjectFolder,
    ReportFiles,
    chosen_environment,
    finish,
    report_files,
    usage_error,
)
from dashgen.cli.output import print_json, report, write_reports
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import Diagnostic, has_errors, nearest
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.project.build import find_root
from dashgen.project.environments import together
from dashgen.project.rule_tests.coverage import coverage_findings, percentage
from dashgen.project.rule_tests.promtool import find_promtool
from dashgen.project.rule_tests.results_report import (
    coverage_markdown,
    coverage_table,
    junit_document,
    summary,
)
from dashgen.project.rule_tests.run_tests import Programs
from dashgen.project.rule_tests.tested_project import Run, compile_environments, run_project_tests
from dashgen.servers.telemetry import Loki, endpoint

Names = Annotated[
    list[str] | None,
    Argument(metavar="NAME", help="Run only the tests of this rule or rule group; may be repeated."),
]
Promtool = Annotated[
    Path | None,
    Option(
        "--promtool", metavar="FILE", help="Path of promtool; default: `PROMTOOL`, else the one on the PATH."
    ),
]
LokiUrl = Annotated[
    str,
    Option(
        "--loki",
        metavar="URL",
        help="Compute queries in LogQL in this Loki, which gets the lines of the tests.",
    ),
]
Coverage = Annotated[bool, Option("--coverage", help="Show which behaviours of each alert its tests show.")]
MinCoverage = Annotated[
    float | None,
    Option(
        "--min-coverage", metavar="PERCENT", help="Fail when the tests show less of the alerts' behaviours."
    ),
]


def rule_tests(
    names: Names = None,
    project: ProjectFolder = Path(),
    env: OneOrAllEnvironments = None,
    promtool: Promtool = None,
    loki: LokiUrl = "",
    coverage: Coverage = False,
    min_coverage: MinCoverage = None,
    fail_on: LeastFailure = None,
    reports: ReportFiles = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Run the tests of alert rules, recording rules and panels on made-up data.

    What Prometheus evaluates runs in its promtool, what Grafana or Loki evaluates in dashgen's evaluators.
    `dashgen build` writes the tests for promtool to `rules/tests/` of the output.

    Example: dashgen test HighErrorRate
    """
    if min_coverage is not None and not 0 <= min_coverage <= 100:
        usage_error("`--min-coverage` takes a percentage", "write a number from 0 to 100")
    files, root = report_files(reports), find_root(project)
    compiled = compile_environments(root, chosen_environment(env))
    problems = together({name: compilation.diagnostics for name, compilation in compiled.items()})
    if has_errors(problems):
        if output_format is Format.JSON:
            print_json(tests_document([], problems))
        else:
            report(problems, output_format, root)
        write_reports(files, problems, root)
        sys.stderr.write("no test was run\n")
        finish(problems, fail_on=fail_on, form=output_format)
        return
    groups = [group for compilation in compiled.values() for group in compilation.others.groups]
    _require_known(names or [], groups)
    with _loki(loki) as client:
        runs = run_project_tests(root, compiled, names or [], Programs(find_promtool(promtool), client))
    failures = together({name: _findings(run, min_coverage) for run in runs for name in run.environments})
    results = {Format.JUNIT: lambda: junit_document(runs, failures)}
    write_reports(files, failures, root, results)
    _print(runs, failures, output_format, root, coverage=coverage or min_coverage is not None)
    finish(failures, fail_on=fail_on, form=output_format)


def _loki(url: str) -> AbstractContextManager[Loki | None]:
    """The Loki that an option names.

    Raises:
        DashgenError: the address is not valid.
    """
    return Loki(endpoint("Loki", url, os.environ, port=3100)) if url else nullcontext()


def _findings(run: Run, min_coverage: float | None) -> list[Diagnostic]:
    """What failed, and what no test shows when more has to be shown."""
    is_enough = min_coverage is None or percentage(run.report.coverage) >= min_coverage
    return [*run.report.diagnostics, *([] if is_enough else coverage_findings(run.report.coverage))]


def _print(runs: list[Run], failures: list[Diagnostic], form: Format, root: Path, *, coverage: bool) -> None:
    if form is Format.JSON:
        print_json(tests_document(runs, failures))
        return
    if form is Format.JUNIT:
        sys.stdout.write(junit_document(runs, failures))
        return
    if failures or form is not Format.TEXT:
        report(failures, form, root)
    if form is Format.MARKDOWN:
        sys.stdout.write(coverage_markdown(runs))
    elif form is Format.TEXT:
        sys.stdout.write(f"{coverage_table(runs) if coverage else ''}{summary(runs)}\n")


def _require_known(names: list[str], groups: list[SettledGroup]) -> None:
    """Refuse names of no rule or rule group.

    Raises:
        DashgenError: there is one.
    """
    defined = {group.name for group in groups}
    for group in groups:
        defined |= {
            rule.rule.record if isinstance(rule, SettledRecord) else rule.rule.alert for rule in group.rules
        }
    for name in names:
        if name not in defined:
            usage_error(f"there is no alert or rule group `{name}`", nearest(name, defined))

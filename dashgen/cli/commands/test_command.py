"""``dashgen test``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.options import (
    Format,
    LeastFailure,
    OneOrAllEnvironments,
    OutputFormat,
    ProjectFolder,
    chosen_environment,
    finish,
    usage_error,
)
from dashgen.cli.output import report
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import has_errors, nearest
from dashgen.model.settled_alerts import SettledGroup
from dashgen.project.build import find_root
from dashgen.project.environments import together
from dashgen.project.rule_tests.promtool import find_promtool
from dashgen.project.rule_tests.run_tests import TestReport
from dashgen.project.rule_tests.tested_project import Run, compile_environments, run_project_tests

_MOST_NAMES = 10

Names = Annotated[
    list[str] | None,
    Argument(metavar="NAME", help="Run only the tests of this alert or rule group; may be repeated."),
]
Promtool = Annotated[
    Path | None,
    Option(
        "--promtool", metavar="FILE", help="Path of promtool; default: `PROMTOOL`, else the one on the PATH."
    ),
]


def rule_tests(
    names: Names = None,
    project: ProjectFolder = Path(),
    env: OneOrAllEnvironments = None,
    promtool: Promtool = None,
    fail_on: LeastFailure = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Run the tests of alert rules in Prometheus' own promtool.

    `dashgen build` writes the same tests to `rules/tests/` of the output, for `promtool test rules`.

    Example: dashgen test HighErrorRate
    """
    root = find_root(project)
    compiled = compile_environments(root, chosen_environment(env))
    problems = together({name: compilation.diagnostics for name, compilation in compiled.items()})
    if has_errors(problems):
        report(problems, output_format, root)
        sys.stderr.write("no test was run\n")
        finish(problems, fail_on=fail_on, form=output_format)
        return
    groups = [group for compilation in compiled.values() for group in compilation.others.groups]
    _require_known(names or [], groups)
    runs = run_project_tests(compiled, names or [], find_promtool(promtool))
    failures = together({name: run.report.diagnostics for run in runs for name in run.environments})
    if failures or output_format is not Format.TEXT:
        report(failures, output_format, root)
    if output_format is Format.TEXT:
        sys.stdout.write(f"{_summary(runs)}\n")
    finish(failures, fail_on=fail_on, form=output_format)


def _require_known(names: list[str], groups: list[SettledGroup]) -> None:
    """Refuse names of no alert or rule group.

    Raises:
        DashgenError: there is one.
    """
    defined = {group.name for group in groups}
    defined |= {alert.rule.alert for group in groups for alert in group.alerts}
    for name in names:
        if name not in defined:
            usage_error(f"there is no alert or rule group `{name}`", nearest(name, defined))


def _summary(runs: list[Run]) -> str:
    lines = []
    for run in runs:
        names = " and ".join(name or "without an environment" for name in run.environments)
        lines.append(f"{names}: {_counts(run.report)}" if len(runs) > 1 else _counts(run.report))
    untested = list(dict.fromkeys(name for run in runs for name in run.report.untested))
    if untested:
        more = len(untested) - _MOST_NAMES
        listed = ", ".join(untested[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"without a test that promtool can run: {listed}")
    return "\n".join(lines)


def _counts(result: TestReport) -> str:
    if not result.tests:
        return "there are no tests to run"
    verdict = f"{result.failed} failed" if result.failed else "all passed"
    tests, alerts = _count(result.tests, "test"), _count(result.alerts, "alert")
    return f"{tests} of {alerts} at {_count(result.checks, 'moment')}: {verdict}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"

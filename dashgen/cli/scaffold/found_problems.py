"""What is wrong with a new project, by rule: how often, how bad, and the command that shows it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Diagnostic, Severity, has_errors
from dashgen.core.diagnostics.rule_table import lint_rule_names
from dashgen.project.build import BuildOptions, build_each
from dashgen.project.lint.lint_project import LintOptions
from dashgen.project.lint.run_lint import LintRun
from dashgen.workspace.workspace import open_workspace

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class ProblemGroup(Struct, frozen=True):
    """The findings of one rule.

    Attributes:
        rule: its name.
        severity: the worst severity among them.
        count: how many there are.
        first: the first of them.
        command: what shows all of them, to run in the project's folder.
    """

    rule: str
    severity: Severity
    count: int
    first: Diagnostic
    command: str


class CheckedProject(Struct, frozen=True):
    """A project after its first build.

    Attributes:
        built: whether it builds.
        files: how many files were generated.
        findings: everything that was found.
        problems: the same by rule, the worst first.
    """

    built: bool
    files: int
    findings: list[Diagnostic]
    problems: list[ProblemGroup]


def checked_project(root: Path) -> CheckedProject:
    """Build, validate and lint a project.

    Raises:
        DashgenError: the output cannot be written.
    """
    results = build_each(BuildOptions(root))
    findings = [one for result in results for one in result.diagnostics]
    workspace = open_workspace(root)
    if not has_errors(findings):
        targets = workspace.project.versions.targets()
        outputs = [output for output in workspace.written() if output.is_dir()]
        findings += validate_paths(outputs, show=lambda path: workspace.show(path.resolve()), targets=targets)
    report = LintRun(workspace, LintOptions()).lint().report
    findings = list(_distinct([*findings, *report.diagnostics]))
    built = not any(result.failed for result in results)
    return CheckedProject(
        built, sum(len(r.records) for r in results if built), findings, problem_groups(findings)
    )


def problem_groups(findings: Iterable[Diagnostic]) -> list[ProblemGroup]:
    """Findings by rule: errors before warnings before notes, and the more frequent first."""
    by_rule: dict[str, list[Diagnostic]] = {}
    for one in findings:
        by_rule.setdefault(one.rule, []).append(one)
    groups = []
    for rule, members in by_rule.items():
        worst = min(members, key=lambda one: _ORDER.index(one.severity))
        groups.append(ProblemGroup(rule, worst.severity, len(members), worst, _command(rule)))
    return sorted(groups, key=lambda group: (_ORDER.index(group.severity), -group.count, group.rule))


def _command(rule: str) -> str:
    return f"dashgen lint --select {rule}" if rule in lint_rule_names() else "dashgen validate"


def _distinct(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Findings without those that another check had as well."""
    seen = set()
    for one in findings:
        key = (one.rule, one.message, str(one.location))
        if key not in seen:
            seen.add(key)
            yield one

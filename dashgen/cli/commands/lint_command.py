"""``dashgen lint``."""

import os
import sys
from collections import Counter
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from dashgen.cli.options import (
    Format,
    LeastFailure,
    OutputFormat,
    ProjectFolder,
    ReportFiles,
    finish,
    report_files,
    usage_error,
)
from dashgen.cli.parameters import Argument, Option
from dashgen.project.lint.lint_report import SAFE, UNSAFE, LintReport, lint_key, remembered_report
from dashgen.workspace.input_files import project_folder

_WITH_FIXES: Final = frozenset((Format.JSON, Format.SARIF))
"""The formats that have the edits of fixes."""


class LintPreset(StrEnum):
    """Who rules are for."""

    RECOMMENDED = "recommended"
    STRICT = "strict"
    COMMUNITY = "community"


Paths = Annotated[
    list[Path] | None,
    Argument(
        metavar="PATHS",
        help="Spec files, or dashboards and rule files of others; default: the specs of the project.",
    ),
]
PresetOption = Annotated[
    LintPreset | None,
    Option("--preset", help="The rules that run; default: `lint.preset` of dashgen.yaml, else recommended."),
]
Select = Annotated[
    list[str] | None,
    Option("--select", metavar="RULE", help="Run only this rule, family (`query/*`) or `all`; repeatable."),
]
Ignored = Annotated[
    list[str] | None, Option("--ignore", metavar="RULE", help="Leave out this rule or family; repeatable.")
]
FixOption = Annotated[bool, Option("--fix", help="Mend what can be mended safely, in the specs.")]
UnsafeFixes = Annotated[
    bool, Option("--unsafe-fixes", help="Mend also what may change what is shown or evaluated.")
]
DiffOption = Annotated[bool, Option("--diff", help="Print what the fixes would change, and write nothing.")]
Statistics = Annotated[bool, Option("--statistics", help="Print how many findings each rule has.")]
AddIgnore = Annotated[
    str | None,
    Option(
        "--add-ignore", metavar="REASON", help="Write comments with this reason that silence what is found."
    ),
]
NoIgnores = Annotated[bool, Option("--no-ignores", help="Show what comments silence too, for audits.")]
BaselineOption = Annotated[
    Path | None, Option("--baseline", metavar="FILE", help="Show only what this file does not have.")
]
WriteBaseline = Annotated[bool, Option("--write-baseline", help="Write what is found to the baseline file.")]
Since = Annotated[
    str | None,
    Option("--since", metavar="REF", help="Show only findings on lines changed since this commit."),
]
Stdin = Annotated[bool, Option("--stdin", help="Read the text of one spec from stdin, for editors.")]
StdinName = Annotated[
    str | None, Option("--stdin-name", metavar="FILE", help="The spec that the text on stdin stands for.")
]
AgainstPrometheus = Annotated[
    str | None,
    Option(
        "--against-prometheus",
        metavar="URL",
        help="Look for metrics and labels that this Prometheus has not had for a day.",
    ),
]
LintEnvironment = Annotated[
    str | None,
    Option(
        "--env", "-e", metavar="NAME", help="Read the specs for this environment.", completion="environments"
    ),
]


class LintArguments(NamedTuple):
    """What is linted, what is mended, and how the result is printed."""

    paths: Paths = None
    project: ProjectFolder = Path()
    env: LintEnvironment = None
    preset: PresetOption = None
    select: Select = None
    ignore: Ignored = None
    fix: FixOption = False
    unsafe_fixes: UnsafeFixes = False
    diff: DiffOption = False
    statistics: Statistics = False
    add_ignore: AddIgnore = None
    no_ignores: NoIgnores = False
    baseline: BaselineOption = None
    write_baseline: WriteBaseline = False
    since: Since = None
    against_prometheus: AgainstPrometheus = None
    stdin: Stdin = False
    stdin_name: StdinName = None
    fail_on: LeastFailure = None
    reports: ReportFiles = None
    output_format: OutputFormat = Format.TEXT


def lint(arguments: LintArguments) -> None:
    """Find what servers accept and fail at later, and what a good engineer would not merge.

    `dashgen rule RULE` explains a rule. A comment `# dashgen: ignore RULE: reason` silences a finding, with
    `until 2027-01-31` before the colon only for a while.

    Example: dashgen lint --fix
    """
    _require_sense(arguments)
    key, report = None, None
    if _is_whole_project(arguments):
        root = project_folder(str(arguments.project)) or os.path.realpath(arguments.project)
        key = _key(root, arguments)
        report = remembered_report(root, key)
    if report is not None:
        narrow(report, arguments)
    else:
        from dashgen.cli.lint_specs import linted  # the compiler and the rules, which take most of a second

        report = linted(arguments, key)
    show(report, arguments)
    finish(report.diagnostics, fail_on=arguments.fail_on, form=arguments.output_format)


def _is_whole_project(arguments: LintArguments) -> bool:
    """Whether everything is linted and nothing is mended, so that the result of an earlier run is as good."""
    writes = (
        arguments.fix, arguments.unsafe_fixes, arguments.diff, arguments.write_baseline,
        arguments.add_ignore is not None,
    )  # fmt: skip
    if wants_fixes(arguments) or any(writes):
        return False
    return not (arguments.paths or arguments.stdin or arguments.against_prometheus)


def wants_fixes(arguments: LintArguments) -> bool:
    """Whether a format or a report has the edits of fixes."""
    forms = {arguments.output_format, *(form for form, _ in report_files(arguments.reports))}
    return bool(forms & _WITH_FIXES)


def _key(root: str, arguments: LintArguments) -> str:
    choices = (arguments.preset, arguments.select, arguments.ignore, arguments.env, arguments.no_ignores)
    today = date.today()  # noqa: DTZ011  # the user's own day, on which comments may be expired
    return lint_key(root, repr((*choices, today.isoformat())))


def narrow(report: LintReport, arguments: LintArguments) -> None:
    """Leave out what was there before: in a baseline, or on lines that did not change."""
    if arguments.baseline is not None and not arguments.write_baseline:
        from dashgen.project.lint.baseline import read_baseline, without_baseline  # only with this option

        report.findings = without_baseline(report.findings, read_baseline(arguments.baseline))
    if arguments.since is not None:
        from dashgen.project.lint.changed_lines import changed_lines  # starts git, only with this option

        lines = changed_lines(report.root, arguments.since)
        report.findings = [one for one in report.findings if lines.has(one.diagnostic.location)]
        report.problems = [one for one in report.problems if lines.has(one.location)]


def show(report: LintReport, arguments: LintArguments) -> None:
    """Print what was found, and what can be mended."""
    form, diagnostics = arguments.output_format, report.diagnostics
    if diagnostics or form is not Format.TEXT:
        from dashgen.cli.output import report as print_findings  # reads specs, to show their lines
    if arguments.reports:
        from dashgen.cli.output import write_reports  # likewise

        write_reports(report_files(arguments.reports), diagnostics, report.root)
    if form is not Format.TEXT:
        print_findings(diagnostics, form, report.root)
        return
    if arguments.statistics:
        sys.stdout.write(_statistics(report))
    elif diagnostics:
        is_filter = arguments.stdin and (arguments.fix or arguments.unsafe_fixes)
        print_findings(diagnostics, form, report.root, stdout=not is_filter)
    # Flushed, so that the summary comes last in a log that has both.
    sys.stdout.flush()
    sys.stderr.write(_summary(report, arguments))


def _statistics(report: LintReport) -> str:
    counts = Counter(one.rule for one in report.diagnostics)
    how = {SAFE: "--fix", UNSAFE: "--unsafe-fixes"}
    fixable = {one.diagnostic.rule: how[one.safety] for one in report.findings if one.safety is not None}
    rows = [
        (str(count), rule, fixable.get(rule, ""))
        for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    from dashgen.core.reporters.text_table import draw_table

    return draw_table(("findings", "rule", "fixable with"), rows)


def _summary(report: LintReport, arguments: LintArguments) -> str:
    parts = []
    if not report.diagnostics and not report.mended:
        parts.append(f"nothing found in {report.files} file{'s' * (report.files != 1)}")
    if report.mended:
        verb = "would be fixed" if arguments.diff else "fixed"
        parts.append(f"{report.mended} {verb}")
    if report.silenced:
        parts.append(f"{report.silenced} silenced by comments")
    lines = [", ".join(parts)] if parts else []
    safe, unsafe = report.fixable(SAFE), report.fixable(UNSAFE)
    if safe and not arguments.fix:
        more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
        lines.append(f"{safe} fixable with --fix{more}")
    elif unsafe and not arguments.unsafe_fixes:
        lines.append(f"{unsafe} fixable with --unsafe-fixes")
    return "".join(f"{line}\n" for line in lines)


def _require_sense(arguments: LintArguments) -> None:
    """Refuse options that do not go together.

    Raises:
        DashgenError: there are some.
    """
    if arguments.stdin != (arguments.stdin_name is not None):
        usage_error("`--stdin` needs `--stdin-name`, and the other way round")
    if arguments.stdin and (arguments.paths or arguments.add_ignore is not None):
        usage_error("`--stdin` reads one spec: it cannot be combined with paths or `--add-ignore`")
    if arguments.write_baseline and arguments.baseline is None:
        usage_error("`--write-baseline` needs the file: add `--baseline FILE`")
    if arguments.add_ignore is not None and not arguments.add_ignore.strip():
        usage_error("`--add-ignore` needs a reason")

"""``dashgen lint``."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

from msgspec.structs import replace

from dashgen.check.lint.lint_finding import Safety
from dashgen.cli.options import (
    Format,
    LeastFailure,
    OutputFormat,
    ProjectFolder,
    chosen_environment,
    finish,
    usage_error,
)
from dashgen.cli.output import report as print_findings
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import arrange
from dashgen.core.reporters.text_table import draw_table
from dashgen.project.build import find_root
from dashgen.project.lint.add_ignores import add_ignores
from dashgen.project.lint.baseline import read_baseline, without_baseline, write_baseline
from dashgen.project.lint.changed_lines import changed_lines
from dashgen.project.lint.lint_project import LintOptions
from dashgen.project.lint.run_lint import LintReport, LintRun, lint_files, lint_with_fixes
from dashgen.project.spec_writing import unified, write
from dashgen.workspace.diagnostic_order import sort_paths
from dashgen.workspace.workspace import Workspace, open_workspace


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
    stdin: Stdin = False
    stdin_name: StdinName = None
    fail_on: LeastFailure = None
    output_format: OutputFormat = Format.TEXT


def lint(arguments: LintArguments) -> None:
    """Find what servers accept and fail at later, and what a good engineer would not merge.

    `dashgen rule RULE` explains a rule. A comment `# dashgen: ignore RULE: reason` silences a finding, with
    `until 2027-01-31` before the colon only for a while.

    Example: dashgen lint --fix
    """
    _require_sense(arguments)
    project, paths = arguments.project, sort_paths(arguments.paths or [])
    for path in arguments.paths or ():
        if not path.exists():
            usage_error(f"there is no file or folder `{path}`")
    if paths.specs:
        project = find_root(paths.specs[0].resolve().parent)
    run = _run(arguments, open_workspace(project, chosen_environment(arguments.env)), paths.specs)
    texts: dict[str, str] = {}
    if arguments.paths and not paths.specs:
        report = lint_files(paths.artifacts, run, lambda path: _shown(path, run.workspace.root))
    elif arguments.fix or arguments.unsafe_fixes or arguments.diff:
        report, texts = lint_with_fixes(run, unsafe=arguments.unsafe_fixes)
    else:
        report = run.lint()
    _narrow(report, arguments, run)
    if arguments.add_ignore is not None:
        originals = {**run.texts_of_specs(), **texts}
        texts |= add_ignores(originals, report.findings, arguments.add_ignore.strip(), run.today).texts
        # What is left is shown where it stands now, below the new comments.
        report = replace(run, texts=texts).lint()
        _narrow(report, arguments, run)
    if arguments.baseline is not None and arguments.write_baseline:
        write_baseline(arguments.baseline, report.findings)
        report.findings = []
    _write(texts, arguments, run)
    _show(report, arguments, run)
    finish(report.diagnostics, fail_on=arguments.fail_on, form=arguments.output_format)


def _run(arguments: LintArguments, workspace: Workspace, specs: Sequence[Path]) -> LintRun:
    options = LintOptions(arguments.preset, tuple(arguments.select or ()), tuple(arguments.ignore or ()))
    run = LintRun(workspace, options, no_ignores=arguments.no_ignores)
    if specs:
        run.only = frozenset(workspace.show(path.resolve()) for path in specs)
    if arguments.stdin_name is not None:
        name = workspace.show(Path(arguments.stdin_name).resolve())
        run.only, run.texts, run.is_partial = frozenset((name,)), {name: sys.stdin.read()}, True
    return run


def _narrow(report: LintReport, arguments: LintArguments, run: LintRun) -> None:
    """Leave out what was there before: in a baseline, or on lines that did not change."""
    if arguments.baseline is not None and not arguments.write_baseline:
        report.findings = without_baseline(report.findings, read_baseline(arguments.baseline))
    if arguments.since is not None:
        lines = changed_lines(run.workspace.root, arguments.since)
        report.findings = [one for one in report.findings if lines.has(one.diagnostic.location)]
        report.problems = [one for one in report.problems if lines.has(one.location)]


def _write(texts: Mapping[str, str], arguments: LintArguments, run: LintRun) -> None:
    """Write changed specs, or print the patch, or the whole text to an editor."""
    if arguments.stdin and (arguments.fix or arguments.unsafe_fixes) and not arguments.diff:
        # Findings go to stderr then: stdout is the text for the editor.
        sys.stdout.write(next(iter(texts.values()), next(iter(run.texts.values()))))
        return
    if not texts:
        return
    before = run.texts_of_specs()
    if arguments.diff:
        sys.stdout.write(unified({name: before[name] for name in texts}, texts))
        return
    root = run.workspace.root
    write({name: root / name for name in texts}, {name: before[name].encode() for name in texts}, texts, {})


def _shown(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.as_posix()


def _show(report: LintReport, arguments: LintArguments, run: LintRun) -> None:
    form, diagnostics = arguments.output_format, report.diagnostics
    if form in (Format.JSON, Format.SARIF):
        # Imported by the formats that have fixes.
        from dashgen.project.lint.text_fixes import diagnostics_with_fixes

        fixes = diagnostics_with_fixes(report.findings, run.texts_of_specs())
        diagnostics = arrange([*report.problems, *fixes])
    if form is not Format.TEXT:
        print_findings(diagnostics, form, report.root)
        return
    if arguments.statistics:
        sys.stdout.write(_statistics(report))
    elif diagnostics:
        is_filter = arguments.stdin and (arguments.fix or arguments.unsafe_fixes)
        print_findings(diagnostics, form, report.root, stdout=not is_filter)
    sys.stderr.write(_summary(report, arguments))


def _statistics(report: LintReport) -> str:
    counts = Counter(one.rule for one in report.diagnostics)
    fixable = {one.diagnostic.rule: one.fix.safety for one in report.findings if one.fix is not None}
    how = {Safety.SAFE: "--fix", Safety.UNSAFE: "--unsafe-fixes"}
    rows = [
        (str(count), rule, how[fixable[rule]] if rule in fixable else "")
        for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return draw_table(("findings", "rule", "fixable with"), rows)


def _summary(report: LintReport, arguments: LintArguments) -> str:
    parts = []
    if not report.diagnostics:
        parts.append(f"nothing found in {report.files} file{'s' * (report.files != 1)}")
    if report.mended:
        verb = "would be fixed" if arguments.diff else "fixed"
        parts.append(f"{report.mended} {verb}")
    if report.silenced:
        parts.append(f"{report.silenced} silenced by comments")
    lines = [", ".join(parts)] if parts else []
    safe, unsafe = report.fixable(Safety.SAFE), report.fixable(Safety.UNSAFE)
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

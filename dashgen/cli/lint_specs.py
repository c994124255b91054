"""Lint for the command line: the compiler and the rules run, and specs are written."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from dashgen.check.lint.lint_finding import LintFinding
from dashgen.cli.commands.lint_command import LintArguments, narrow, wants_fixes
from dashgen.cli.options import chosen_environment, usage_error
from dashgen.cli.project_places import shown_path
from dashgen.core.diagnostics import Diagnostic
from dashgen.project.build import find_root
from dashgen.project.lint.add_ignores import add_ignores
from dashgen.project.lint.baseline import write_baseline
from dashgen.project.lint.lint_project import LintOptions
from dashgen.project.lint.lint_report import LintReport, RememberedFinding, remember_report
from dashgen.project.lint.run_lint import LintOutcome, LintRun, lint_files, lint_with_fixes
from dashgen.project.lint.text_fixes import diagnostics_with_fixes
from dashgen.project.spec_writing import unified, write
from dashgen.workspace.diagnostic_order import sort_paths
from dashgen.workspace.workspace import Workspace, open_workspace


def linted(arguments: LintArguments, key: str | None) -> LintReport:
    """Lint what the arguments name; fixes and comments are written.

    Args:
        arguments: the command line.
        key: the key under which the result is remembered; None when it is not.

    Raises:
        DashgenError: the arguments cannot be carried out.
    """
    run, outcome, texts = _lint(arguments)
    # Rules of the project are code of its own, which no key covers.
    if key is not None and not run.workspace.project.lint.rules:
        remember_report(outcome.report, run.stamp(key, outcome))
    if arguments.against_prometheus is not None:
        outcome.report.problems += _gone_names(arguments.against_prometheus, run)
    narrow(outcome.report, arguments)
    if arguments.add_ignore is not None:
        texts |= _comments(outcome, arguments.add_ignore.strip(), run, texts)
        # What is left is shown where it stands now, below the new comments.
        outcome = replace(run, texts=texts).lint()
        narrow(outcome.report, arguments)
    if arguments.baseline is not None and arguments.write_baseline:
        write_baseline(arguments.baseline, outcome.report.findings)
        outcome.report.findings = []
    if wants_fixes(arguments):
        fixed = diagnostics_with_fixes(_shown_findings(outcome), run.texts_of_specs())
        outcome.report.findings = [RememberedFinding(diagnostic) for diagnostic in fixed]
    _write(texts, arguments, run)
    return outcome.report


def _lint(arguments: LintArguments) -> tuple[LintRun, LintOutcome, dict[str, str]]:
    """What is linted, what was found, and the texts of the files that fixes change."""
    project, paths = arguments.project, sort_paths(arguments.paths or [])
    for path in arguments.paths or ():
        if not path.exists():
            usage_error(f"there is no file or folder `{path}`")
    if paths.specs and paths.artifacts:
        usage_error("specs and files of others are linted apart", "name only one kind of them")
    if paths.artifacts and (arguments.fix or arguments.unsafe_fixes or arguments.add_ignore is not None):
        usage_error("files of others are not edited", "`--baseline` remembers what is in them")
    if paths.specs:
        project = find_root(paths.specs[0].resolve().parent)
    run = _run(arguments, open_workspace(project, chosen_environment(arguments.env)), paths.specs)
    if arguments.paths and not paths.specs:
        outcome = lint_files(paths.artifacts, run, lambda path: shown_path(path, run.workspace.root))
        if not outcome.report.files and not outcome.report.problems:
            usage_error("nothing to lint there: no spec, no dashboard and no rule file")
        return run, outcome, {}
    if arguments.fix or arguments.unsafe_fixes or arguments.diff:
        return run, *lint_with_fixes(run, unsafe=arguments.unsafe_fixes)
    return run, run.lint(), {}


def _run(arguments: LintArguments, workspace: Workspace, specs: Sequence[Path]) -> LintRun:
    options = LintOptions(arguments.preset, tuple(arguments.select or ()), tuple(arguments.ignore or ()))
    run = LintRun(workspace, options, no_ignores=arguments.no_ignores)
    if specs:
        run.only = frozenset(workspace.show(path.resolve()) for path in specs)
    if arguments.stdin_name is not None:
        name = workspace.show(Path(arguments.stdin_name).resolve())
        run.only, run.texts, run.is_partial = frozenset((name,)), {name: sys.stdin.read()}, True
    return run


def _comments(outcome: LintOutcome, reason: str, run: LintRun, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of the files that get comments for what the report still has."""
    originals = {**run.texts_of_specs(), **texts}
    return add_ignores(originals, _shown_findings(outcome), reason, run.today).texts


def _shown_findings(outcome: LintOutcome) -> list[LintFinding]:
    """The findings of the report with their fixes."""
    shown = {one.diagnostic for one in outcome.report.findings}
    return [one for one in outcome.findings if one.diagnostic in shown]


def _gone_names(url: str, run: LintRun) -> list[Diagnostic]:
    """The metrics and labels of the project's queries that a Prometheus does not have.

    Raises:
        DashgenError: it gives no answer.
    """
    # Clients of servers, of no use to a run without one.
    from dashgen.cli.commands.server_options import ServerOptions, open_servers
    from dashgen.cli.connection_options import CertificateOptions
    from dashgen.compile.compile_context import recorded_names
    from dashgen.doctor.live.live_names import live_names, unknown_names
    from dashgen.doctor.live.time_window import utc_now
    from dashgen.project.inspection import inspect_project
    from dashgen.project.placed_queries import placed_queries

    addresses = ServerOptions(prometheus=url)
    servers = open_servers(addresses, patience=30, concurrency=1, certificates=CertificateOptions())
    inspection = inspect_project(run.workspace.root, run.workspace.environment)
    if servers.prometheus is None:
        usage_error("`--against-prometheus` needs an address")
    with servers.prometheus as prometheus:
        names = live_names(prometheus, utc_now().timestamp())
    recorded = frozenset(recorded_names(inspection.documents))
    findings = unknown_names(placed_queries(inspection), names, recorded)
    return [one for one in findings if run.only is None or (one.location and one.location.file in run.only)]


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

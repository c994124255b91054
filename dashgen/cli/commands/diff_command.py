"""``dashgen diff``."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from dashgen.cli.connection_options import GrafanaOptions, Quiet, Unmanaged
from dashgen.cli.options import (
    EXIT_FINDINGS,
    EXIT_USAGE,
    Environment,
    FailOn,
    Format,
    ProjectFolder,
    ReportFiles,
    fails,
    report_files,
    usage_error,
)
from dashgen.cli.output import print_json, report, use_color, write_reports
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.project_places import as_seen_from, repository_of
from dashgen.compare.render.render_findings import change_findings
from dashgen.compare.render.render_github import render_github
from dashgen.compare.render.render_json import diffs_document
from dashgen.compare.render.render_markdown import render_markdown
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.compare.render.render_text import render_stat, render_text
from dashgen.compare.render.render_unified import render_full
from dashgen.core.diagnostics import Diagnostic
from dashgen.core.diagnostics.frame import clean
from dashgen.project.compare_project import ProjectComparison, compare_output, compare_paths, compare_revision

_RENDERED: Final = frozenset((Format.TEXT, Format.JSON, Format.MARKDOWN, Format.GITHUB))
"""The formats that show a comparison as such; the others have a finding for each change."""
Against = Annotated[
    str | None,
    Option("--against", "-a", metavar="REF", help="Compare with the specs of this git revision."),
]
ComparedUrl = Annotated[
    str,
    Option("--url", "-u", metavar="URL", help="Compare with the running Grafana at this address."),
]
ComparedTargets = Annotated[
    list[str] | None,
    Option("--target", "-t", metavar="NAME", help="Compare with this target of dashgen.yaml."),
]


class DiffOptions(NamedTuple):
    """What is compared, and how it is printed."""

    paths: Annotated[
        list[Path] | None,
        Argument(metavar="PATHS", help="Two folders or two files to compare; default: the specs."),
    ] = None
    project: ProjectFolder = Path()
    env: Environment = None
    against: Against = None
    url: ComparedUrl = ""
    target: ComparedTargets = None
    stat: Annotated[bool, Option("--stat", help="Print one line per resource.")] = False
    full: Annotated[bool, Option("--full", help="Print a unified diff of the complete JSON.")] = False
    unmanaged: Unmanaged = False
    quiet: Quiet = False
    fail_on: Annotated[
        FailOn | None,
        Option(
            "--fail-on",
            help="Exit with 1 if there is something at least this severe: a change is an `info`, a reason to "
            "doubt the comparison a `warning`; default: `info`, and `never` with `--format sarif`.",
        ),
    ] = None
    output_format: Annotated[Format, Option("--format", "-f", help="Output format.")] = Format.TEXT
    reports: ReportFiles = None


def diff(options: DiffOptions) -> None:
    """Describe what changes in dashboards and alerts.

    By default, compare the specs with generated/; with --against, with the specs of a branch, tag or commit;
    with --url or
    --target, with a running Grafana, where each difference is marked as ours, theirs or a conflict since the
    last push. Order, and values that Grafana fills in by itself, do not count. Exit with 1 if anything
    differs.

    Example: dashgen diff --against origin/main --format markdown
    """
    report_files(options.reports)
    if options.full and (options.stat or options.output_format is not Format.TEXT):
        usage_error("`--full` prints the complete text", "use it without `--stat` and `--format`")
    if options.url or options.target:
        if options.paths or options.against:
            usage_error("a Grafana is compared with the specs", "leave out PATHS and `--against`")
        _live(options)
        return
    if options.unmanaged:
        usage_error("`--unmanaged` needs a running Grafana", "name it with `--url` or `--target`")
    compared = _compared(options)
    if compared.failed:
        report(compared.diagnostics, options.output_format, compared.root)
        sys.stderr.write("nothing was compared\n")
        raise SystemExit(EXIT_USAGE)
    _show([compared.comparison], options, compared.root)
    _write_reports([compared.comparison], options, compared.root)
    if options.output_format in (Format.TEXT, Format.GITHUB):
        _show_notes(compared.comparison, options.output_format)
    if _fails([compared.comparison], options):
        raise SystemExit(EXIT_FINDINGS)


def _show(comparisons: Sequence[ReportedComparison], options: DiffOptions, root: Path) -> None:
    if options.output_format is Format.JSON:
        print_json(diffs_document(comparisons, with_details=not options.stat))
    elif options.output_format in _RENDERED:
        sys.stdout.write("".join(_rendered(comparison, options, root) for comparison in comparisons))
    else:
        report(_findings(comparisons), options.output_format, root, stdout=True)


def _write_reports(comparisons: Sequence[ReportedComparison], options: DiffOptions, root: Path) -> None:
    """Write the comparisons to the files of `--report`, each in its format."""

    def rendered(form: Format) -> str:
        plain = options._replace(output_format=form)
        return "".join(_rendered(comparison, plain, root, color=False) for comparison in comparisons)

    results: dict[Format, Callable[[], str]] = {
        form: partial(rendered, form) for form in (Format.MARKDOWN, Format.GITHUB)
    }
    write_reports(report_files(options.reports), _findings(comparisons), root, results)


def _findings(comparisons: Sequence[ReportedComparison]) -> list[Diagnostic]:
    return [finding for comparison in comparisons for finding in change_findings(comparison)]


def _fails(comparisons: Sequence[ReportedComparison], options: DiffOptions) -> bool:
    """Whether comparisons end with exit code 1: by default, if anything changes."""
    if options.fail_on is None and options.output_format is not Format.SARIF:
        return any(comparison.changes for comparison in comparisons)
    return fails(_findings(comparisons), fail_on=options.fail_on, form=options.output_format)


def _live(options: DiffOptions) -> None:
    # Comparing files needs no client of Grafana, whose import takes longer than most comparisons.
    from dashgen.cli.commands.live_diff import diff_live

    def show(comparisons: Sequence[ReportedComparison], root: Path) -> None:
        for comparison in comparisons:
            _show_notes(comparison, options.output_format)
        _show(comparisons, options, root)

    # The plain text tells ours, theirs and conflicts apart; every other form has the two sides of other
    # comparisons.
    is_text = options.output_format is Format.TEXT and not options.stat and not options.full
    grafanas = GrafanaOptions(options.project, options.url, options.target, options.env)
    diff_live(
        grafanas,
        None if is_text else show,
        lambda comparisons: _fails(comparisons, options),
        lambda comparisons, root: _write_reports(comparisons, options, root),
        lists_unmanaged=options.unmanaged,
        quiet=options.quiet,
    )


def _compared(options: DiffOptions) -> ProjectComparison:
    paths = options.paths or []
    if paths and options.against:
        usage_error("`--against` compares specs, and PATHS are files", "choose one of them")
    if paths and len(paths) != 2:
        usage_error(
            f"{len(paths)} path{'s were' if len(paths) > 1 else ' was'} named",
            "name two folders or two files",
        )
    if paths:
        return compare_paths(paths[0], paths[1])
    if options.against:
        return compare_revision(options.project, options.against, options.env)
    return compare_output(options.project, options.env)


def _rendered(
    comparison: ReportedComparison, options: DiffOptions, root: Path, *, color: bool | None = None
) -> str:
    form, stat = options.output_format, options.stat
    if form is Format.MARKDOWN:
        return render_markdown(comparison, with_details=not stat)
    if form is Format.GITHUB:
        return render_github(comparison, as_seen_from(repository_of(root), root))
    color = use_color(sys.stdout.isatty()) if color is None else color
    if options.full:
        return render_full(comparison, color=color)
    return (render_stat if stat else render_text)(comparison, color=color)


def _show_notes(comparison: ReportedComparison, form: Format) -> None:
    warnings = comparison.warnings if form is Format.TEXT else []
    lines = [
        *(f"warning: {warning}" for warning in warnings),
        *(f"note: {note}" for note in comparison.notes),
    ]
    for line in lines:
        sys.stderr.write(f"{clean(line)}\n")

"""``dashgen build``."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

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
from dashgen.cli.parameters import Option
from dashgen.cli.unchanged_build import contents_text, shown_folder, up_to_date_text
from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.diagnostics.frame import clean
from dashgen.project.build import BuildOptions, BuildReport, build_each
from dashgen.workspace.build_records import count_resources

_MOST_PATHS = 20
"""Paths of each kind of change that are listed after a build."""


class DashboardFormat(StrEnum):
    """Formats of dashboard files."""

    CLASSIC = "classic"
    V1BETA1 = "v1beta1"
    V2 = "v2"


class ManifestLayout(StrEnum):
    """Ways to write the files for Kubernetes."""

    PROMETHEUS_RULES = "prometheus-rules"
    SIDECAR = "sidecar"
    OPERATOR = "operator"
    GIT_SYNC = "git-sync"


Check = Annotated[
    bool, Option("--check", help="Write nothing; list what differs, and exit with 1 if anything does.")
]
OutputFolder = Annotated[
    Path | None,
    Option("--out", "-o", metavar="DIR", help="Write to this folder instead of the project's output folder."),
]
OnlyUids = Annotated[
    list[str] | None,
    Option("--only", metavar="UID", help="Write only this dashboard; may be repeated."),
]
Form = Annotated[
    DashboardFormat | None,
    Option("--dashboard-format", help="Format of dashboard files; default: `format` of dashgen.yaml."),
]
Layouts = Annotated[
    list[ManifestLayout] | None,
    Option(
        "--layout",
        help="Files for Kubernetes; default: `kubernetes.layouts` of dashgen.yaml; may be repeated.",
    ),
]
Jobs = Annotated[
    int | None,
    Option("--jobs", "-j", min=1, help="Number of processes; default: depends on the number of specs."),
]
Watch = Annotated[bool, Option("--watch", "-w", help="Build again whenever a spec changes.")]
UseCache = Annotated[bool, Option("--cache/--no-cache", help="Reuse the results of earlier builds.")]


class BuildArguments(NamedTuple):
    """What is built, and how the result is printed."""

    project: ProjectFolder = Path()
    check: Check = False
    env: OneOrAllEnvironments = None
    out: OutputFolder = None
    only: OnlyUids = None
    form: Form = None
    layouts: Layouts = None
    jobs: Jobs = None
    watch: Watch = False
    cache: UseCache = True
    fail_on: LeastFailure = None
    reports: ReportFiles = None
    output_format: OutputFormat = Format.TEXT


def build(arguments: BuildArguments) -> None:
    """Compile the specs into generated/.

    If a spec has an error in any environment, nothing is written. Files that dashgen does not own are never
    touched.

    Example: dashgen build --check
    """
    chosen = chosen_environment(arguments.env)
    options = BuildOptions(
        arguments.project,
        arguments.out,
        chosen,
        arguments.form,
        arguments.check,
        frozenset(arguments.only or ()),
        arguments.jobs,
        arguments.cache,
        tuple(arguments.layouts or ()),
    )
    if arguments.watch:
        # Opens projects, which a build of what did not change does without.
        from dashgen.cli.watch_files import watch_specs

        watch_specs(options, lambda results: _show(results, options, arguments.output_format))
        return
    results = build_each(options)
    if not any(result.failed for result in results):
        _require_known_uids(results, options)
    _show(results, options, arguments.output_format)
    if arguments.reports:
        from dashgen.cli.output import write_reports  # reads specs, as above

        findings = _findings(results, with_outdated=options.check)
        write_reports(report_files(arguments.reports), findings, results[0].root)
    finish(
        _findings(results, with_outdated=False),
        differs=_differs(results, options),
        fail_on=arguments.fail_on,
        form=arguments.output_format,
    )


def _differs(results: list[BuildReport], options: BuildOptions) -> bool:
    return options.check and any(result.differs for result in results)


def _require_known_uids(results: list[BuildReport], options: BuildOptions) -> None:
    """Refuse uids of `--only` that no spec defines.

    Raises:
        DashgenError: there is one.
    """
    records = [record for result in results for record in result.records]
    built = {owned.uid for record in records for owned in record.owned if owned.kind == "dashboard"}
    for uid in sorted(options.only - built):
        usage_error(f"no spec defines a dashboard with the uid `{uid}`", nearest(uid, built))


def _show(results: list[BuildReport], options: BuildOptions, form: Format) -> None:
    if form is Format.JSON:
        # Imported by this format alone.
        from dashgen.cli.documents.build_document import build_document
        from dashgen.core.reporters.json_report import document_text

        sys.stdout.write(document_text(build_document(results)))
        return
    is_document = form not in (Format.TEXT, Format.GITHUB)
    diagnostics = _findings(results, with_outdated=options.check and form is not Format.TEXT)
    if diagnostics or is_document:
        # Reads specs to show their lines, which a build without findings does not need.
        from dashgen.cli.output import report

        report(diagnostics, form, results[0].root)
    if any(result.failed for result in results):
        sys.stderr.write("nothing was written\n")
        return
    # A document is all of the output, and annotations have listed what differs.
    for result in [] if is_document else results:
        if form is Format.GITHUB and options.check and result.differs:
            continue
        if options.check:
            _show_check(result)
        else:
            sys.stdout.write(f"{_summary(result)}\n")
    # Flushed, so that the line on stderr comes after it in a log that has both.
    sys.stdout.flush()
    if _differs(results, options):
        sys.stderr.write("run `dashgen build` and commit the result\n")


def _findings(results: list[BuildReport], *, with_outdated: bool) -> list[Diagnostic]:
    diagnostics = [diagnostic for result in results for diagnostic in result.diagnostics]
    if with_outdated:
        # Imported by the formats alone that have findings only.
        from dashgen.project.outdated_files import outdated_files

        diagnostics += [diagnostic for result in results for diagnostic in outdated_files(result)]
    return diagnostics


def _show_check(result: BuildReport) -> None:
    output = shown_folder(str(result.output))
    for path in result.created:
        sys.stdout.write(f"{output}/{clean(path)}: missing\n")
    for line in result.differences:
        sys.stdout.write(f"{output}/{line}\n")
    for path in result.deleted:
        sys.stdout.write(f"{output}/{clean(path)}: no spec builds this any more\n")
    if not result.differs:
        sys.stdout.write(up_to_date_text(output, _contents(result)))


def _summary(result: BuildReport) -> str:
    """What is in the output, and what changed in it."""
    groups = (
        ("+", "new", result.created),
        ("~", "changed", result.changed),
        ("-", "removed", result.deleted),
    )
    lines = [f"{shown_folder(str(result.output))}/: {_contents(result)}"]
    lines += [f"  {sign} {clean(path)}" for sign, _, paths in groups for path in paths[:_MOST_PATHS]]
    hidden = sum(max(0, len(paths) - _MOST_PATHS) for _, _, paths in groups)
    if hidden:
        lines.append(f"  … and {hidden} more")
    changes = ", ".join(f"{len(paths)} {change}" for _, change, paths in groups if paths)
    return "\n".join([*lines, changes or "nothing changed"])


def _contents(result: BuildReport) -> str:
    return contents_text(count_resources(result.records), len(result.records))

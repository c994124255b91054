"""``dashgen build``."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.options import (
    Format,
    OneOrAllEnvironments,
    OutputFormat,
    ProjectFolder,
    chosen_environment,
    finish,
    usage_error,
)
from dashgen.cli.parameters import Option
from dashgen.cli.unchanged_build import contents_text, shown_folder
from dashgen.core.diagnostics import nearest
from dashgen.core.diagnostics.frame import clean
from dashgen.project.build import BuildOptions, BuildReport, build_each
from dashgen.workspace.build_records import count_resources


class DashboardFormat(StrEnum):
    """The forms that dashboard files can have."""

    CLASSIC = "classic"
    V1BETA1 = "v1beta1"


Check = Annotated[
    bool, Option("--check", help="Write nothing; say what differs and exit with 1 if anything does.")
]
OutputFolder = Annotated[
    Path | None,
    Option("--out", "-o", metavar="DIR", help="Write here instead of the project's output folder."),
]
OnlyUids = Annotated[
    list[str] | None,
    Option("--only", metavar="UID", help="Write only this dashboard; may be repeated."),
]
Form = Annotated[DashboardFormat | None, Option("--dashboard-format", help="The form of dashboard files.")]
Jobs = Annotated[int | None, Option("--jobs", "-j", min=1, help="Share the work among so many processes.")]
Watch = Annotated[bool, Option("--watch", "-w", help="Build again whenever a spec changes.")]
UseCache = Annotated[
    bool,
    Option("--cache/--no-cache", help="Remember builds, so that the next one does only what changed."),
]


class BuildArguments(NamedTuple):
    """What is built, and how it is printed."""

    project: ProjectFolder = Path()
    check: Check = False
    env: OneOrAllEnvironments = None
    out: OutputFolder = None
    only: OnlyUids = None
    form: Form = None
    jobs: Jobs = None
    watch: Watch = False
    cache: UseCache = True
    output_format: OutputFormat = Format.TEXT


def build(arguments: BuildArguments) -> None:
    """Compile the specs into generated/.

    Nothing is written when a spec is wrong in any environment, and no file that dashgen does not own is touched.

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
    )
    if arguments.watch:
        from dashgen.cli.watch_files import watch_specs  # noqa: PLC0415  # opens the project

        watch_specs(options, lambda results: _show(results, options, arguments.output_format))
        return
    results = build_each(options)
    if not any(result.failed for result in results):
        _check_only(results, options)
    _show(results, options, arguments.output_format)
    finish([one for result in results for one in result.diagnostics], differs=_differs(results, options))


def _differs(results: list[BuildReport], options: BuildOptions) -> bool:
    return options.check and any(result.differs for result in results)


def _check_only(results: list[BuildReport], options: BuildOptions) -> None:
    records = [record for result in results for record in result.records]
    built = {owned.uid for record in records for owned in record.owned if owned.kind == "dashboard"}
    for uid in sorted(options.only - built):
        usage_error(f"no spec defines a dashboard with the uid `{uid}`", nearest(uid, built))


def _show(results: list[BuildReport], options: BuildOptions, form: Format) -> None:
    if form is Format.JSON:
        sys.stdout.write(_as_json(results))
        return
    diagnostics = [one for result in results for one in result.diagnostics]
    if diagnostics:
        from dashgen.cli.output import report  # noqa: PLC0415  # reads specs

        report(diagnostics, form, results[0].root)
    if any(result.failed for result in results):
        sys.stderr.write("nothing was written\n")
        return
    for result in results:
        if options.check:
            _show_check(result)
        else:
            sys.stdout.write(f"{_summary(result)}\n")
    # What follows on stderr follows in a log that takes both.
    sys.stdout.flush()
    if _differs(results, options):
        sys.stderr.write("run `dashgen build` and commit the result\n")


def _show_check(result: BuildReport) -> None:
    shown = _relative(result.output)
    for path in result.created:
        sys.stdout.write(f"{shown}/{clean(path)}: missing\n")
    for line in result.differences:
        sys.stdout.write(f"{shown}/{line}\n")
    for path in result.deleted:
        sys.stdout.write(f"{shown}/{clean(path)}: no spec builds this any more\n")
    if not result.differs:
        sys.stdout.write(f"{shown}/ is what the specs say ({_contents(result)})\n")


def _summary(result: BuildReport) -> str:
    """What is in the output, and what changed in it."""
    changes = [
        f"{len(paths)} {word}"
        for word, paths in (("new", result.created), ("changed", result.changed), ("removed", result.deleted))
        if paths
    ]
    lines = [f"{_relative(result.output)}/: {_contents(result)}"]
    lines += [f"  + {clean(path)}" for path in result.created[:_MOST]]
    lines += [f"  ~ {clean(path)}" for path in result.changed[:_MOST]]
    lines += [f"  - {clean(path)}" for path in result.deleted[:_MOST]]
    hidden = sum(max(0, len(paths) - _MOST) for paths in (result.created, result.changed, result.deleted))
    if hidden:
        lines.append(f"  … and {hidden} more")
    lines.append(", ".join(changes) if changes else "nothing changed")
    return "\n".join(lines)


_MOST = 20


def _contents(result: BuildReport) -> str:
    return contents_text(count_resources(result.records), len(result.records))


def _relative(path: Path) -> str:
    return shown_folder(str(path))


def _as_json(results: list[BuildReport]) -> str:
    from dashgen.core.diagnostics.json_text import json_text  # noqa: PLC0415  # only for this format
    from dashgen.core.reporters.json_report import VERSION, as_json  # noqa: PLC0415

    built = [
        {
            "output": _relative(result.output),
            "files": [record.path for record in result.records],
            "created": result.created,
            "changed": result.changed,
            "deleted": result.deleted,
            "differences": result.differences,
        }
        for result in results
    ]
    # Environments that have an output each are listed; one output stands at the top, as ever.
    document = {
        "version": VERSION,
        **(built[0] if len(built) == 1 else {"outputs": built}),
        "diagnostics": [as_json(diagnostic) for result in results for diagnostic in result.diagnostics],
    }
    return json_text(document)

"""``dashgen init``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dashgen.cli.options import ListFormat, ListOutputFormat, usage_error
from dashgen.cli.output import print_json, use_color
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.scaffold import conflicts, write_project
from dashgen.cli.scaffold.next_command import program

if TYPE_CHECKING:
    from dashgen.cli.documents.init_document import InitDocument
    from dashgen.cli.scaffold.start_project import StartedProject

_MOST_PATHS = 5


def init(
    folder: Annotated[
        Path, Argument(metavar="DIR", help="Folder of the project; created if it is missing.")
    ] = Path(),
    sources: Annotated[
        list[str] | None,
        Option(
            "--from",
            metavar="SOURCE",
            help="Start from what exists: a dashboard or rule file, a folder of them, the address of a Grafana "
            "(its token is read from GRAFANA_TOKEN), or an application's metrics, such as "
            "`http://localhost:8000/metrics`; may be repeated.",
        ),
    ] = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Create a small working project, or one from what exists.

    It has commented specs, a CI workflow, pre-commit hooks and editor settings. With --from, dashboards
    and rules are imported, metrics become a contract and a first dashboard, and a summary shows what is
    wrong with them. Existing files are never overwritten.

    Example: dashgen init my-dashboards --from http://localhost:8000/metrics
    """
    if folder.exists() and not folder.is_dir():
        usage_error(f"nothing was written, because {folder} is a file", "name a folder")
    if sources:
        _start_from(folder, sources, output_format)
        return
    existing = conflicts(folder)
    if existing:
        shown = ", ".join(f"`{path}`" for path in existing[:_MOST_PATHS])
        hidden = len(existing) - _MOST_PATHS
        shown += f" and {hidden} more" if hidden > 0 else ""
        usage_error(f"nothing was written, because {folder} already has {shown}", "choose another folder")
    files = write_project(folder)
    steps = [*([] if folder.resolve() == Path.cwd() else [f"cd {folder}"]), f"{program()} preview"]
    if output_format is ListFormat.JSON:
        from dashgen.cli.documents.init_document import InitDocument  # reads the compiler's findings

        print_json(
            InitDocument(
                folder=str(folder), files=files.written, kept=files.existing, dashboards=1, rules=0, metrics=0,
                recognised=[], problems=[], failures=[], next=steps,
            )
        )  # fmt: skip
        return
    sys.stdout.write(f"{folder}/: {len(files.written)} files\n")
    for path in files.written:
        sys.stdout.write(f"  + {path}\n")
    for path in files.existing:
        sys.stdout.write(f"  = {path} was there, and stays as it is\n")
    _show_next(steps)


def _show_next(steps: list[str]) -> None:
    # The next step is a hint for people, and no part of the list of files.
    sys.stdout.flush()
    sys.stderr.write(f"next: {' && '.join(steps)}\n")


def _start_from(folder: Path, sources: list[str], output_format: ListFormat) -> None:
    """Make a project from what exists, and report it.

    Raises:
        SystemExit: something could not be read, or the project does not build yet.
    """
    # The importer and the compiler, of no use to a project from nothing.
    from dashgen.cli.scaffold.start_project import failure_lines, started_project, summary_lines

    project = started_project(folder, sources)
    if output_format is ListFormat.JSON:
        print_json(_document(project))
    else:
        color = use_color(sys.stdout.isatty())
        sys.stdout.write("".join(f"{line}\n" for line in summary_lines(project, color=color)))
        sys.stdout.flush()
        color = use_color(sys.stderr.isatty())
        failures = failure_lines(project.adopted.failures, color=color)
        sys.stderr.write("".join(f"{line}\n" for line in failures))
        _show_next(project.next_steps())
    if project.exit_code:
        raise SystemExit(project.exit_code)


def _document(project: "StartedProject") -> "InitDocument":
    from dashgen.cli.documents.init_document import InitDocument, reported_problems
    from dashgen.core.reporters.json_report import reported

    adopted = project.adopted
    return InitDocument(
        folder=str(project.folder),
        files=project.files.written,
        kept=project.files.existing,
        dashboards=project.dashboards,
        rules=project.rules,
        metrics=adopted.metrics,
        recognised=adopted.first.reasons if adopted.first else [],
        problems=reported_problems(project.checked.problems),
        failures=reported(adopted.failures),
        next=project.next_steps(),
    )

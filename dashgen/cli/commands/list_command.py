"""``dashgen list``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from dashgen.cli.commands.completion_command import kinds_of_things
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    print_json,
    report,
    usage_error,
)
from dashgen.cli.parameters import Argument

if TYPE_CHECKING:
    from dashgen.project.spec_listing import Entry


def list_specs(
    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            help="Only what is of this kind, such as dashboard or metric.",
            autocompletion=kinds_of_things,
        ),
    ] = None,
    project: ProjectFolder = Path(),
    env: Environment = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """List what the specs define, and where.

    Example: dashgen list dashboard
    """
    from dashgen.core.diagnostics import nearest  # noqa: PLC0415
    from dashgen.project.inspection import inspect_project  # noqa: PLC0415
    from dashgen.project.spec_listing import KINDS, entries  # noqa: PLC0415

    if kind is not None and kind not in KINDS:
        usage_error(f"there is no kind `{kind}`", nearest(kind, KINDS))
    found = inspect_project(project, env)
    listed = [entry for entry in entries(found) if kind in (None, entry.kind)]
    if output_format is ListFormat.JSON:
        from dashgen.core.reporters.json_report import as_json  # noqa: PLC0415

        problems = [as_json(diagnostic) for diagnostic in found.diagnostics]
        print_json({"entries": [_plain(entry) for entry in listed], "diagnostics": problems})
    else:
        sys.stdout.write(_table(listed) if listed else "nothing is defined\n")
        report(found.diagnostics, Format.TEXT, found.workspace.root)
    finish(found.diagnostics)


def _plain(entry: "Entry") -> dict[str, Any]:
    line = entry.location.span.line if entry.location.span else None
    return {
        "kind": entry.kind,
        "name": entry.name,
        "title": entry.title,
        "folder": entry.folder,
        "file": entry.location.file,
        "line": line,
    }


def _table(listed: "list[Entry]") -> str:
    from dashgen.core.reporters.text_table import draw_table  # noqa: PLC0415

    rows = [(e.kind, e.name, "" if e.title == e.name else e.title, e.folder, _place(e)) for e in listed]
    return draw_table(("KIND", "NAME", "TITLE", "FOLDER", "PLACE"), rows)


def _place(entry: "Entry") -> str:
    span = entry.location.span
    return f"{entry.location.file}:{span.line}" if span else entry.location.file

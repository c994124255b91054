"""``dashgen list``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.documents.list_document import list_document
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.text_table import draw_table
from dashgen.project.inspection import inspect_project
from dashgen.project.spec_listing import KINDS, Entry, entries


def list_specs(
    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            help="List only this kind, such as dashboard or metric.",
            completion="kinds_of_things",
        ),
    ] = None,
    project: ProjectFolder = Path(),
    env: Environment = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """List what the specs define, with file and line.

    Example: dashgen list dashboard
    """
    if kind is not None and kind not in KINDS:
        usage_error(f"there is no kind `{kind}`", nearest(kind, KINDS))
    inspection = inspect_project(project, env)
    listed = [entry for entry in entries(inspection) if kind in (None, entry.kind)]
    if output_format is ListFormat.JSON:
        print_json(list_document(listed, inspection))
    else:
        # What has no errors is listed, also when other specs have some.
        sys.stdout.write(_table(listed) if listed else "nothing is defined\n")
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
    finish(inspection.diagnostics)


def _table(listed: list[Entry]) -> str:
    rows = []
    for entry in listed:
        title = "" if entry.title == entry.name else entry.title
        if entry.tabs:
            title = f"{title} (tabs: {', '.join(entry.tabs)})".lstrip()
        span = entry.location.span
        location = f"{entry.location.file}:{span.line}" if span else entry.location.file
        rows.append((entry.kind, entry.name, title, entry.folder, location))
    return draw_table(("KIND", "NAME", "TITLE", "FOLDER", "PLACE"), rows)

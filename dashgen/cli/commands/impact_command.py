"""``dashgen impact``."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from dashgen.cli.documents.impact_document import impact_document
from dashgen.cli.options import Environment, Format, ProjectFolder, finish
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import Location
from dashgen.core.reporters.markdown_text import code, fitting, table_row
from dashgen.core.reporters.text_table import draw_table
from dashgen.core.sentence_parts import counted
from dashgen.project.impact.impact import Impact, impact_of
from dashgen.project.impact.impact_use import ImpactUse
from dashgen.project.inspection import inspect_project


class ImpactFormat(StrEnum):
    """Output formats of what a change touches."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def impact(
    subject: Annotated[
        str,
        Argument(
            metavar="KIND:NAME",
            help="`metric:`, `datasource:`, `variable:`, `contact_point:`, `component:` or `label:` and a "
            "name; of a variable also `variable:DASHBOARD/NAME`.",
            completion="impact_subjects",
        ),
    ],
    project: ProjectFolder = Path(),
    env: Environment = None,
    output_format: Annotated[
        ImpactFormat, Option("--format", "-f", help="Output format.")
    ] = ImpactFormat.TEXT,
) -> None:
    """List everything that a change of something touches, with file and line.

    Of a metric, that is every query, rule and test that reads it, what reads the series that recording rules
    make of it, and the policies that the alerts take.

    Example: dashgen impact metric:app_queries_total
    """
    inspection = inspect_project(project, env)
    touched = impact_of(inspection, subject)
    if output_format is ImpactFormat.JSON:
        print_json(impact_document(touched))
    elif output_format is ImpactFormat.MARKDOWN:
        sys.stdout.write(_markdown(touched))
    else:
        sys.stdout.write(_text(touched))
    # What is left out because of an error is not listed.
    report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
    finish(inspection.diagnostics)


_HEAD = ("KIND", "NAME", "PART", "VIA", "PLACE")


def _text(touched: Impact) -> str:
    title = ", ".join([f"{touched.kind} {touched.name}", *map(_line, touched.definitions)])
    if not touched.uses:
        return f"{title}\n\nnothing uses it\n"
    table = draw_table(_HEAD, [_cells(use) for use in touched.uses])
    return f"{title}\n\n{table}\n{_counts(touched.uses)}\n"


def _markdown(touched: Impact) -> str:
    title = f"### What {code(f'{touched.kind}:{touched.name}')} touches\n\n"
    places = "".join(f"Defined at {code(_line(location))}\n\n" for location in touched.definitions)
    if not touched.uses:
        return f"{title}{places}Nothing uses it.\n"
    head = [name.capitalize() for name in _HEAD]
    rows = [table_row([cell and code(cell) for cell in _cells(use)]) for use in touched.uses]
    table = [table_row(head), table_row(["---"] * len(head)), *rows]
    command = f"dashgen impact {touched.kind}:{touched.name}"
    lines = "\n".join(fitting(table, command))
    return f"{title}{places}{_counts(touched.uses)}\n\n{lines}\n"


def _cells(use: ImpactUse) -> tuple[str, ...]:
    span = use.location.span
    column = f":{span.column}" if span else ""
    return use.kind, use.name, use.part, " → ".join(use.via), _line(use.location) + column


def _counts(uses: Sequence[ImpactUse]) -> str:
    in_dashboards = {"dashboard", "row", "panel", "variable", "annotation", "link"}
    dashboards = {use.parent for use in uses if use.kind in in_dashboards}
    rules = {use.name for use in uses if use.kind in ("alert-rule", "recording-rule")}
    parts = [
        counted(len(names), noun) for names, noun in ((dashboards, "dashboard"), (rules, "rule")) if names
    ]
    return counted(len(uses), "use") + (f" in {' and '.join(parts)}" if parts else "")


def _line(location: Location) -> str:
    return f"{location.file}:{location.span.line}" if location.span else location.file

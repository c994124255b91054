"""``dashgen preview``."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

from dashgen.cli.documents.preview_document import PreviewDocument, PreviewedDashboard
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
from dashgen.cli.parameters import Argument, Option
from dashgen.cli.progress_line import Progress
from dashgen.core.diagnostics import nearest
from dashgen.core.files.standalone import replace_file
from dashgen.core.json_values import Json
from dashgen.core.reporters.json_report import reported
from dashgen.formats.panel_tree import drawn_panels
from dashgen.preview.page.page_data import PageIndex
from dashgen.preview.project_page import project_page
from dashgen.preview.shown_dashboard import project_dashboards
from dashgen.project.inspection import inspect_project


class PageTheme(StrEnum):
    """Themes of a page; `auto` is that of the reader's system."""

    AUTO = "auto"
    DARK = "dark"
    LIGHT = "light"


Uids = Annotated[
    list[str] | None,
    Argument(metavar="[UID]...", help="Only these dashboards; default: all.", completion="panel_paths"),
]
Out = Annotated[Path, Option("--out", "-o", metavar="FILE", help="The page to write.")]
ThemeChoice = Annotated[PageTheme, Option("--theme", help="The theme that the page opens with.")]


class PreviewArguments(NamedTuple):
    """What is shown, and how."""

    uids: Uids = None
    out: Out = Path("preview.html")
    theme: ThemeChoice = PageTheme.AUTO
    project: ProjectFolder = Path()
    env: Environment = None
    output_format: ListOutputFormat = ListFormat.TEXT


def preview(arguments: PreviewArguments) -> None:
    """Show the dashboards without a Grafana: write them as one page that any browser opens.

    The page has everything in it and requests nothing. Its data is made up in the shape of the metric
    contract.

    Example: dashgen preview mission-control --out preview.html
    """
    inspection = inspect_project(arguments.project, arguments.env)
    known = {one.settled.uid for one in inspection.dashboards}
    for uid in arguments.uids or ():
        if uid not in known:
            usage_error(f"there is no dashboard `{uid}`", nearest(uid, known))
    dashboards = project_dashboards(inspection, arguments.uids or ())
    index = PageIndex(
        _title(inspection.workspace.root), [], "sample data", sample=True, theme=arguments.theme.value
    )
    with Progress() as progress:
        progress.writing(len(dashboards))
        page = project_page(inspection, dashboards, index, progress.step)
    replace_file(arguments.out, page.encode())
    if arguments.output_format is ListFormat.JSON:
        listed = [_previewed(one.data) for one in dashboards]
        findings = reported(inspection.diagnostics)
        print_json(
            PreviewDocument(
                files=[str(arguments.out)], source="sample data", dashboards=listed, diagnostics=findings
            )
        )
    else:
        count = len(dashboards)
        sys.stdout.write(f"{arguments.out}: {count} dashboard{'s' * (count != 1)} on sample data\n")
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
    finish(inspection.diagnostics)


def _title(root: Path) -> str:
    return root.resolve().name


def _previewed(dashboard: Json) -> PreviewedDashboard:
    count = sum(1 for _ in drawn_panels(dashboard.get("panels")))
    return PreviewedDashboard(str(dashboard.get("uid", "")), str(dashboard.get("title", "")), count)

"""What is previewed: the dashboards of a project, or of files that somebody else made."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, arrange, nearest
from dashgen.core.errors import DashgenError
from dashgen.preview.foreign_dashboards import foreign_dashboards
from dashgen.preview.shown_dashboard import CompiledMemory, ShownDashboard, project_dashboards
from dashgen.project.inspection import Inspection, inspect_project


class PreviewSubject(Struct, frozen=True):
    """What is previewed.

    Attributes:
        title: of the page.
        root: the folder that findings are relative to.
        dashboards: in the order of the page.
        findings: what is wrong with specs and files.
        inspection: the settled specs; None for files of others.
    """

    title: str
    root: Path
    dashboards: Sequence[ShownDashboard]
    findings: Sequence[Diagnostic]
    inspection: Inspection | None = None


def project_subject(
    start: Path, environment: str | None, uids: Collection[str] = (), memory: CompiledMemory | None = None
) -> PreviewSubject:
    """The dashboards of a project.

    Args:
        start: the project's folder, or one inside it.
        environment: the environment to build for.
        uids: those that are wanted; all when there are none.
        memory: the dashboards of the last time, where they are read again and again.

    Raises:
        DashgenError: there is no dashboard with one of the uids.
    """
    inspection = inspect_project(start, environment)
    project_uids = {one.settled.uid for one in inspection.dashboards}
    for uid in uids:
        if uid not in project_uids:
            hint = nearest(uid, project_uids) or "`dashgen list dashboard` lists all"
            raise DashgenError(f"there is no dashboard `{uid}`; {hint}")
    findings = list(inspection.findings)
    dashboards = project_dashboards(inspection, uids, findings, memory)
    root = inspection.workspace.root
    # Both steps settle a dashboard, and find the same.
    return PreviewSubject(root.resolve().name, root, dashboards, arrange(findings), inspection)


def files_subject(paths: Sequence[Path], show: Callable[[Path], str]) -> PreviewSubject:
    """The dashboards in files and folders of Grafana's JSON.

    Args:
        paths: files and folders.
        show: how a path is written in findings.

    Raises:
        DashgenError: a file or folder is not there, or there is no dashboard in them.
    """
    for path in paths:
        if not path.exists():
            raise DashgenError(f"there is no file or folder `{path}`")
    dashboards, findings = foreign_dashboards(paths, show)
    if not dashboards and not findings:
        raise DashgenError(f"there is no dashboard in `{paths[0]}`")
    return PreviewSubject(paths[0].resolve().stem, Path(), dashboards, findings)

"""What is previewed: the dashboards of a project, or of files that somebody else made."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, arrange, has_errors, nearest
from dashgen.core.errors import DashgenError
from dashgen.preview.foreign_dashboards import foreign_dashboards
from dashgen.preview.shown_dashboard import CompiledMemory, ShownDashboard, project_dashboards
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.workspace.input_files import PROJECT_FILE, find_project
from dashgen.workspace.workspace import open_workspace


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
    start: Path,
    environment: str | None,
    uids: Collection[str] = (),
    memory: CompiledMemory | None = None,
    specs: Collection[Path] = (),
) -> PreviewSubject:
    """The dashboards of a project.

    Args:
        start: the project's folder, or one inside it.
        environment: the environment to build for.
        uids: those that are wanted.
        memory: the dashboards of the last time, where they are read again and again.
        specs: files of specs and folders with such, whose dashboards are wanted too; all dashboards when there are
            neither uids nor specs.

    Raises:
        DashgenError: there is no dashboard with one of the uids, or in one of the specs.
    """
    inspection = inspect_project(start, environment)
    root = inspection.workspace.root
    wanted = [*uids, *(uid for path in specs for uid in _uids_in(inspection, path))]
    findings = list(inspection.findings)
    dashboards: list[ShownDashboard] = []
    if environment is None or environment in inspection.workspace.project.environments:
        _require_existing(uids, inspection)
        if wanted or not specs:
            dashboards = project_dashboards(inspection, wanted, findings, memory)
    # Both steps settle a dashboard, and find the same.
    return PreviewSubject(root.resolve().name, root, dashboards, arrange(findings), inspection)


def _require_existing(uids: Collection[str], inspection: Inspection) -> None:
    project_uids = {one.settled.uid for one in inspection.dashboards}
    for uid in uids:
        if uid not in project_uids:
            hint = nearest(uid, project_uids) or "`dashgen list dashboard` lists all"
            raise DashgenError(f"there is no dashboard `{uid}`; {hint}")


def _uids_in(inspection: Inspection, path: Path) -> list[str]:
    """The uids of the dashboards whose specs are this file or below this folder.

    Raises:
        DashgenError: there is none, and the specs have no error that explains it.
    """
    root, place = inspection.workspace.root.resolve(), path.resolve()
    place = root if place == root / PROJECT_FILE else place
    uids = [
        one.settled.uid
        for one in inspection.dashboards
        if place in ((root / one.resolved.file), *(root / one.resolved.file).parents)
    ]
    if not uids and not has_errors(inspection.findings):
        raise DashgenError(f"no dashboard is in `{path}`; `dashgen list dashboard` lists where they are")
    return uids


def is_spec_path(path: Path) -> bool:
    """Whether a path is a project, its project file, or below one of its folders of specs."""
    root = find_project(path.resolve() if path.is_dir() else path.resolve().parent)
    if root is None or not path.exists():
        return False
    place = path.resolve()
    if place in (root, root / PROJECT_FILE):
        return True
    folders = [root / folder for folder in open_workspace(root).project.specs]
    return any(place.is_relative_to(folder) for folder in folders)


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

"""Dashboards of files that somebody else made, in any version of Grafana's JSON."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dashgen.check.check_files import File, find, read
from dashgen.check.file_kinds import FileKind, kind_of, may_be_artifact
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json, mapping, text
from dashgen.formats.panel_tree import located_panels
from dashgen.formats.upgrade.envelope import NotADashboardError
from dashgen.preview.shown_dashboard import ShownDashboard, shown_location
from dashgen.preview.views.readable_dashboard import readable_dashboard
from dashgen.source.located import Located

_KINDS = frozenset((FileKind.DASHBOARD, FileKind.RESOURCE, FileKind.API_BODY, FileKind.BARE_V2))


def foreign_dashboards(
    paths: Sequence[Path], show: Callable[[Path], str]
) -> tuple[list[ShownDashboard], list[Diagnostic]]:
    """The dashboards in files and folders, and what could not be read.

    Files of folders that are something else are passed over; one that is named has to be a dashboard.

    Args:
        paths: files and folders.
        show: how a path is written in findings.
    """
    dashboards: list[ShownDashboard] = []
    problems: list[Diagnostic] = []
    taken: set[str] = set()
    for source in find(paths, show):
        if isinstance(source, Diagnostic):
            problems.append(source)
            continue
        read(source)
        if source.document is None and not source.parts and (source.named or may_be_artifact(source)):
            problems += source.problems
        for file in source.parts or [source]:
            dashboards += [_with_own_uid(one, file, taken) for one in _dashboards(file, problems)]
    return dashboards, problems


def _dashboards(file: File, problems: list[Diagnostic]) -> Iterator[ShownDashboard]:
    document = file.document
    if document is None or not (file.named or kind_of(file) in _KINDS):
        return
    try:
        data = readable_dashboard(document.data)
    except NotADashboardError as error:
        if file.named:
            problems.append(Diagnostic("file/dashboard", str(error), Location(file.shown), error.hint))
        return
    folder = text(mapping(mapping(document.data).get("meta")).get("folderTitle"))
    yield ShownDashboard(data, folder, shown_location(document.location(())), _panel_locations(document))


def _panel_locations(document: Located) -> dict[int, str]:
    # Where the panels are only in the form that Grafana writes today: an upgrade numbers others anew.
    data = mapping(document.data)
    base: tuple[str, ...] = ("dashboard",) if "dashboard" in data else ()
    located = located_panels(mapping(data.get("dashboard", data)).get("panels"))
    return {
        number: shown_location(document.location((*base, *path)))
        for path, panel in located
        if isinstance(number := panel.get("id"), int)
    }


def _with_own_uid(dashboard: ShownDashboard, file: File, taken: set[str]) -> ShownDashboard:
    """The dashboard with a uid that no other one of the page has; exports often lack one."""
    own_uid = dashboard.uid or file.path.stem
    uid, number = own_uid, 2
    while uid in taken:
        uid, number = f"{own_uid}-{number}", number + 1
    taken.add(uid)
    if uid == dashboard.uid:
        return dashboard
    data: Json = {**dashboard.data, "uid": uid}
    return ShownDashboard(data, dashboard.folder, dashboard.location, dashboard.panel_locations)

"""The values that a shell offers for arguments when Tab is pressed. Nothing here may fail or print."""

from pathlib import Path

from dashgen.cli.topics import topic_names
from dashgen.project.impact.impact import subjects
from dashgen.project.inspection import inspect_project
from dashgen.project.schema import SCHEMA_KINDS
from dashgen.project.spec_listing import KINDS
from dashgen.source.components import SHIPPED
from dashgen.source.shipped_components import library_names
from dashgen.sync.push.command_permissions import COMMANDS
from dashgen.workspace.workspace import open_workspace


def kinds_of_things(incomplete: str) -> list[str]:
    """The kinds that `dashgen list` takes."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def kinds_of_specs(incomplete: str) -> list[str]:
    """The kinds that `dashgen schema` takes."""
    return [kind for kind in (*SCHEMA_KINDS, "output") if kind.lower().startswith(incomplete.lower())]


def library_components(incomplete: str) -> list[str]:
    """The names of shipped components, without `std/` unless that is written."""
    names = [*library_names(), *(name.removeprefix(SHIPPED) for name in library_names())]
    return [name for name in names if name.startswith(incomplete)]


def panel_paths(incomplete: str) -> list[str]:
    """The dashboards of the project; after a slash, the panels of one."""
    settled = [dashboard.settled for dashboard in inspect_project(Path()).dashboards]
    paths = [dashboard.uid for dashboard in settled]
    if "/" in incomplete:
        paths = [
            f"{dashboard.uid}/{panel.key}"
            for dashboard in settled
            for row in dashboard.rows
            for panel in row.panels
        ]
    return [path for path in paths if path.startswith(incomplete)]


def explained_names(incomplete: str) -> list[str]:
    """What `dashgen explain` takes: topics, dashboards and panels."""
    return [*(name for name in topic_names() if name.startswith(incomplete)), *panel_paths(incomplete)]


def grafana_commands(incomplete: str) -> list[str]:
    """The commands that need permissions of a Grafana."""
    return [entry.name for entry in COMMANDS if entry.name.startswith(incomplete)]


def environments(incomplete: str) -> list[str]:
    """The environments of the project."""
    return [name for name in open_workspace(Path()).project.environments if name.startswith(incomplete)]


def alert_names(incomplete: str) -> list[str]:
    """The alert rules of the project."""
    groups = inspect_project(Path()).groups
    names = [alert.rule.alert for group in groups for alert in group.alerts]
    return [name for name in names if name.startswith(incomplete)]


def impact_subjects(incomplete: str) -> list[str]:
    """What `dashgen impact` takes."""
    return [subject for subject in subjects(inspect_project(Path())) if subject.startswith(incomplete)]


def report_names(incomplete: str) -> list[str]:
    """The reports of the project."""
    uids = [report.spec.uid for report in inspect_project(Path()).reports]
    return [uid for uid in uids if uid.startswith(incomplete)]

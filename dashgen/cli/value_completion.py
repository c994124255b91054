"""What a shell offers for arguments when Tab is pressed. Nothing here may fail or print."""

from pathlib import Path

from dashgen.project.inspection import inspect_project
from dashgen.project.schema import SCHEMA_KINDS
from dashgen.project.spec_listing import KINDS
from dashgen.workspace.workspace import open_workspace


def kinds_of_things(incomplete: str) -> list[str]:
    """The kinds that `list` can be asked for."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def kinds_of_specs(incomplete: str) -> list[str]:
    """The kinds that `schema` can be asked for."""
    return [kind for kind in SCHEMA_KINDS if kind.lower().startswith(incomplete.lower())]


def panel_paths(incomplete: str) -> list[str]:
    """The dashboards of the project; after a slash, the panels of one."""
    dashboards = inspect_project(Path()).dashboards
    if "/" not in incomplete:
        return [d.settled.uid for d in dashboards if d.settled.uid.startswith(incomplete)]
    paths = (
        f"{d.settled.uid}/{panel.key}" for d in dashboards for row in d.settled.rows for panel in row.panels
    )
    return [path for path in paths if path.startswith(incomplete)]


def environments(incomplete: str) -> list[str]:
    """The environments of the project."""
    return [name for name in open_workspace(Path()).project.environments if name.startswith(incomplete)]

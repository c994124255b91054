"""A folder that Grafana pulls from git: dashboards in envelopes, folders as directories.

Sources: *Work with provisioned repositories in Git Sync* (Grafana 13.2 and 13.3 docs, `use-git-sync`): a
directory is a folder, its `_folder.json` has the folder's stable uid and its title, nested four levels deep;
pkg/registry/apis/provisioning/resources/folder_metadata.go of Grafana (grafana#119128, #128846) for the name
and API version of that file; *Usage and performance limitations* (13.3 docs, commit 22e5af5a) for how much of
what it pulls.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.dashboard_forms import written_dashboard
from dashgen.compile.outputs.kubernetes.folder_tree import FolderNode, directory
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings
from dashgen.core.diagnostics import Diagnostic, Location, Severity
from dashgen.core.json_values import Json
from dashgen.model.folder import FolderPlaces

GIT_SYNC: Final = "git-sync"
_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_DEEPEST: Final = 4
_MOST: Final = 1000
_PUSHED: Final = {"provisioning/datasources/": "data sources", "provisioning/alerting/": "alerting"}


def synced_dashboard(
    dashboard: Artifact, data: Json, folder: str | None, settings: ManifestSettings, places: FolderPlaces
) -> Artifact:
    """The file of a dashboard: in schema v2 where that is the format of the project, else the classic form.

    Args:
        dashboard: its file in the ordinary output.
        data: its JSON, with what only schema v2 can say.
        folder: the path of titles of its folder.
        settings: the version of the API.
        places: the folders of specs.
    """
    resource = dashboard.resources[0]
    envelope = written_dashboard(data, settings.dashboard_api)
    path = "/".join((GIT_SYNC, *directory(folder or "", places), f"{resource.uid}.json"))
    return Artifact(path, orjson.dumps(envelope, option=_OPTIONS), (resource,))


def synced_folders(
    folders: Iterable[FolderNode], places: FolderPlaces, settings: ManifestSettings
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The `_folder.json` of each folder, by which it keeps its uid when its directory moves.

    Args:
        folders: the folders.
        places: the folders of specs.
        settings: the version of the API.

    Returns:
        The files, and warnings about folders that are deeper than Git Sync nests them.
    """
    artifacts, problems = [], []
    for folder in folders:
        data = {
            "apiVersion": f"folder.grafana.app/{'v1beta1' if settings.dashboard_api == 'v1beta1' else 'v1'}",
            "kind": "Folder",
            "metadata": {"name": folder.uid},
            "spec": {"title": folder.titles[-1]},
        }
        path = "/".join((GIT_SYNC, *directory(folder.path, places), "_folder.json"))
        resource = ArtifactResource("folder", folder.uid, folder.titles[-1], folder.location)
        artifacts.append(Artifact(path, orjson.dumps(data, option=_OPTIONS), (resource,), (), data))
        if len(folder.titles) > _DEEPEST:
            message = f"Git Sync nests folders {_DEEPEST} levels deep, and `{folder.path}` is deeper"
            hint = "use fewer levels"
            problems.append(Diagnostic("folder/depth", message, folder.location, hint, Severity.WARNING))
    return artifacts, problems


def too_many(dashboards: Sequence[Location], folders: int) -> list[Diagnostic]:
    """A warning when one repository has more resources than Git Sync pulls without straining Grafana.

    Args:
        dashboards: where each dashboard is.
        folders: how many folders there are.
    """
    count = len(dashboards) + folders
    if count <= _MOST:
        return []
    message = f"Git Sync should pull at most {_MOST} resources from one repository, and there are {count}"
    hint = "connect the repository several times, each with a path of its own (docs v13.3, usage limitations)"
    return [Diagnostic("git-sync/too-many", message, dashboards[0], hint, Severity.WARNING)]


def not_synced(files: Iterable[Artifact]) -> list[Diagnostic]:
    """What Git Sync does not pull, and how it gets to Grafana instead."""
    findings: dict[str, Diagnostic] = {}
    for file in files:
        for start, name in _PUSHED.items():
            if file.path.startswith(start) and file.resources:
                message = f"Git Sync pulls dashboards and folders only, no {name}"
                hint = "bring them to Grafana with `dashgen push`, or as provisioning files"
                location = file.resources[0].location
                findings.setdefault(
                    name, Diagnostic("git-sync/not-pulled", message, location, hint, Severity.INFO)
                )
    return list(findings.values())

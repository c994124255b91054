"""A folder that Grafana pulls from git: dashboards in envelopes, folders as directories.

Sources: *Work with provisioned repositories in Git Sync* (Grafana 13.2 and 13.3 docs, `use-git-sync`): a
directory is a folder, its `_folder.json` has the folder's stable uid and its title, nested four levels deep;
pkg/registry/apis/provisioning/resources/folder_metadata.go of Grafana (grafana#119128, #128846) for the name
and API version of that file.
"""

from collections.abc import Iterable
from typing import Final

import orjson

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.dashboard_forms import written_dashboard
from dashgen.compile.outputs.kubernetes.folder_tree import FolderNode, directory
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings
from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.json_values import Json
from dashgen.model.folder import FolderPlaces

GIT_SYNC: Final = "git-sync"
_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_DEEPEST: Final = 4


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
    folders: Iterable[FolderNode], places: FolderPlaces
) -> tuple[list[Artifact], list[Diagnostic]]:
    """The `_folder.json` of each folder, by which it keeps its uid when its directory moves.

    Args:
        folders: the folders.
        places: the folders of specs.

    Returns:
        The files, and warnings about folders that are deeper than Git Sync nests them.
    """
    artifacts, problems = [], []
    for folder in folders:
        data = {
            "apiVersion": "folder.grafana.app/v1beta1",
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

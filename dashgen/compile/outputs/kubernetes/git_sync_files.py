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
from dashgen.compile.outputs.kubernetes.folder_tree import FolderNode, directory
from dashgen.compile.outputs.kubernetes.manifest import ManifestSettings
from dashgen.core.json_values import Json

GIT_SYNC: Final = "git-sync"
_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_SERVER_SET: Final = ("uid", "id", "version")


def synced_dashboard(
    dashboard: Artifact, data: Json, folder: str | None, settings: ManifestSettings
) -> Artifact:
    """The file of a dashboard.

    Args:
        dashboard: its file in the ordinary output.
        data: its JSON.
        folder: the path of titles of its folder.
        settings: the version of the API.
    """
    resource = dashboard.resources[0]
    envelope = {
        "apiVersion": f"dashboard.grafana.app/{settings.dashboard_api}",
        "kind": "Dashboard",
        "metadata": {"name": resource.uid},
        "spec": {key: value for key, value in data.items() if key not in _SERVER_SET},
    }
    path = "/".join((GIT_SYNC, *directory(folder or ""), f"{resource.uid}.json"))
    return Artifact(path, orjson.dumps(envelope, option=_OPTIONS), (resource,))


def synced_folders(folders: Iterable[FolderNode]) -> list[Artifact]:
    """The `_folder.json` of each folder, by which it keeps its uid when its directory moves."""
    artifacts = []
    for folder in folders:
        data = {
            "apiVersion": "folder.grafana.app/v1beta1",
            "kind": "Folder",
            "metadata": {"name": folder.uid},
            "spec": {"title": folder.titles[-1]},
        }
        path = "/".join((GIT_SYNC, *directory(folder.path), "_folder.json"))
        resource = ArtifactResource("folder", folder.uid, folder.titles[-1], folder.location)
        artifacts.append(Artifact(path, orjson.dumps(data, option=_OPTIONS), (resource,), (), data))
    return artifacts

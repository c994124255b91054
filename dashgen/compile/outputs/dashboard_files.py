"""Dashboards as files."""

import orjson

from dashgen.compile.outputs.artifact import Artifact, ArtifactResource
from dashgen.compile.outputs.dashboard_forms import written_dashboard
from dashgen.core.diagnostics import Location
from dashgen.core.diagnostics.frame import clean
from dashgen.core.json_values import Json
from dashgen.model.folder import split_path

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def dashboard_path(uid: str, folder: str | None) -> str:
    """Where a dashboard's file goes: below a folder for each part of its folder's title path."""
    parts = split_path(folder or "")
    return "/".join(("dashboards", *parts, f"{uid}.json"))


def folder_problem(folder: str) -> str:
    """Why a folder title cannot be a directory's name, or nothing."""
    parts = split_path(folder)
    if not parts:
        return "the folder's title is empty"
    if folder.startswith("/"):
        return "a path of folder titles does not start with `/`"
    for part in parts:
        if part.startswith(".") or "/" in part or "\\" in part or clean(part) != part:
            return f"`{part}` cannot be a folder: no leading dot, slash, backslash or invisible character"
        if len(part.encode()) > 200:
            return "a folder title is longer than 200 bytes"
    return ""


def dashboard_artifact(dashboard: Json, folder: str | None, form: str, location: Location) -> Artifact:
    """The file of a dashboard.

    Args:
        dashboard: its JSON at schemaVersion 42, with what only schema v2 can say.
        folder: its folder's title path, or none.
        form: one of `dashboard_forms`.
        location: where its spec is.
    """
    uid = dashboard["uid"]
    content = orjson.dumps(written_dashboard(dashboard, form), option=_OPTIONS)
    resource = ArtifactResource("dashboard", uid, dashboard["title"], location)
    return Artifact(dashboard_path(uid, folder), content, (resource,))

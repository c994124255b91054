"""What dashboards come wrapped in: answers of the classic API, and Kubernetes-style resources."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, scalar_text, text

_FOLDER_MARK: Final = "grafana.app/folder"


class OpenedDashboard(Struct, frozen=True):
    """A dashboard taken out of its envelope.

    Attributes:
        data: the dashboard's JSON, classic or in the v2 schema.
        uid: the name of the resource, or else the dashboard's own uid.
        folder: the title of its folder in an answer of the classic API, the uid of its folder in a resource;
            empty at
            the root and without an envelope.
        meta: what the classic API returns beside the dashboard.
    """

    data: Json
    uid: str
    folder: str = ""
    meta: Json = {}


def open_dashboard(document: Mapping[str, Any]) -> OpenedDashboard:
    """Take a dashboard out of one envelope or out of both; a bare dashboard is returned as it is.

    Before: ``{"dashboard": {…}, "meta": {"folderTitle": "Shop", "folderUid": "s"}}``, or
    ``{"apiVersion": "dashboard.grafana.app/v1beta1", "metadata": {"name": "uid", "annotations": {…}},
    "spec": {…}}``
    After: the dashboard's JSON, its uid and its folder
    """
    data, meta, folder = dict(document), {}, ""
    if isinstance(data.get("dashboard"), dict) and "panels" not in data:
        data, meta = data["dashboard"], mapping(data.get("meta"))
        # Grafana says "General" for the root, which has no uid; files that people wrote may have the
        # title alone.
        folder = scalar_text(meta.get("folderTitle")) if is_in_folder(meta) else ""
    metadata, spec = data.get("metadata"), data.get("spec")
    if isinstance(spec, dict) and (isinstance(metadata, dict) or text(data.get("apiVersion"))):
        name = scalar_text(mapping(metadata).get("name"))
        folder = folder or scalar_text(mapping(mapping(metadata).get("annotations")).get(_FOLDER_MARK))
        return OpenedDashboard(spec, name, folder, meta)
    return OpenedDashboard(data, scalar_text(data.get("uid")), folder, meta)


def is_in_folder(meta: Json) -> bool:
    """Whether the ``meta`` of the classic API names a folder other than the root."""
    if "folderUid" in meta:
        return bool(text(meta["folderUid"]))
    return text(meta.get("folderTitle")) not in ("", "General")

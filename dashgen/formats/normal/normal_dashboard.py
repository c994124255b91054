"""The normal form of a dashboard, whichever API or file it comes from."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.dashboard.dashboard_json import BUILT_IN, SCHEMA_VERSION
from dashgen.formats.dashboard_envelope import open_dashboard
from dashgen.formats.normal import ignored_defaults, normal_shape
from dashgen.formats.normal.normal_annotations import normal_annotation
from dashgen.formats.normal.normal_dynamic import normal_dynamic
from dashgen.formats.normal.normal_fields import normal_link
from dashgen.formats.normal.normal_sections import flat_panels
from dashgen.formats.normal.normal_shape import shaped
from dashgen.formats.normal.normal_variables import normal_variable
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.resources import DASHBOARD, Resource
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from dashgen.formats.v2 import extended_dashboard, is_v2

_PICKER = ("hidden", "refresh_intervals", "nowDelay", "quick_ranges")


def dashboard_resource(
    document: Mapping[str, Any], *, folder: str | None = None, path: str = "", spec: str = ""
) -> Resource:
    """A dashboard in its normal form.

    Args:
        document: its JSON, bare or wrapped.
        folder: the path of its folder's titles, when it is known from elsewhere.
        path: the file that it was read from.
        spec: the spec that it was made from.
    """
    opened = open_dashboard(document)
    title = scalar_text(opened.data.get("title"))
    folder_path = opened.folder if folder is None else folder
    data = normal_dashboard(opened.data)
    # What is not read from a file is stored in a form that its server knows.
    form = ("v2" if is_v2(opened.data) else "classic") if path else ""
    uid, warning = opened.uid or title, _warning(opened.data)
    return Resource(DASHBOARD, uid, title, data, folder_path, path, spec, warning, form)


def _warning(data: Mapping[str, Any]) -> str:
    version = data.get("schemaVersion")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        what = "what Grafana would migrate counts as changed"
        return f"it has schemaVersion {version}, not {SCHEMA_VERSION}: {what}"
    if _is_old(data):
        return f"it has schemaVersion {version}, and is compared as Grafana migrates it to {SCHEMA_VERSION}"
    return ""


def _is_old(data: Mapping[str, Any]) -> bool:
    version = data.get("schemaVersion")
    return isinstance(version, int) and version < SCHEMA_VERSION


def normal_dashboard(data: Json, *, header_ids: bool = False) -> Json:
    """A dashboard's content without what the server sets, fills in or orders in its own way.

    Panels are a flat list, in the order of their places; those in a row or tab have its key as ``row``.

    Args:
        data: the dashboard.
        header_ids: see `flat_panels`.
    """
    if is_v2(data):
        data = extended_dashboard(data).dashboard
    if _is_old(data):
        # What an old dashboard leaves open stays open: its default would be a difference that nobody made.
        data = upgrade(SourceDashboard(data), Notes(), fills_defaults=False)
    data = shaped(data, normal_shape.DASHBOARD)
    normal = without_defaults(
        without(data, ignored_defaults.DROPPED_FROM_DASHBOARD), ignored_defaults.DASHBOARD
    )
    normal["panels"] = flat_panels(data, header_ids=header_ids)
    normal["timepicker"] = _time_picker(mapping(normal.get("timepicker")))
    normal["dynamic"] = normal_dynamic(mapping(data.get("dynamic")))
    normal["links"] = [normal_link(link) for link in mappings(data.get("links"))]
    normal["tags"] = sorted(map(scalar_text, data["tags"])) if isinstance(data.get("tags"), list) else []
    normal["templating"] = {
        "list": [normal_variable(v) for v in mappings(mapping(data.get("templating")).get("list"))]
    }
    listed = mappings(mapping(data.get("annotations")).get("list"))
    annotations = [normal_annotation(a) for a in listed if not _is_built_in(a)]
    normal["annotations"] = {"list": annotations}
    normal_form: Json = without_empty(normal)
    return normal_form


def _time_picker(picker: Json) -> Json:
    """The settings of the time picker that Grafana reads; schema v2 has no others."""
    return {key: picker[key] for key in _PICKER if key in picker}


def _is_built_in(annotation: Mapping[str, Any]) -> bool:
    plain = {key: value for key, value in annotation.items() if key not in ("target", "datasource")}
    built_in = {key: value for key, value in BUILT_IN.items() if key != "datasource"}
    return plain == built_in

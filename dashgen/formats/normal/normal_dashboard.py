"""The normal form of a dashboard, whichever API or file it comes from."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.dashboard.dashboard_json import BUILT_IN, SCHEMA_VERSION
from dashgen.formats.dashboard_envelope import open_dashboard
from dashgen.formats.normal import ignored_defaults, normal_shape
from dashgen.formats.normal.grid_packing import packed_panels
from dashgen.formats.normal.normal_panel import normal_annotation, normal_link, normal_panel
from dashgen.formats.normal.normal_shape import shaped
from dashgen.formats.normal.normal_targets import normal_source
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.resources import DASHBOARD, Resource
from dashgen.formats.upgrade.envelope import SourceDashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from dashgen.formats.upgrade.upgrade_rows import rows_to_panels
from dashgen.formats.upgrade.v2_dashboard import is_v2

_KEPT_VALUES = ("textbox", "constant")
_NO_OPTIONS = frozenset(("current", "options", "tags", "tagsQuery", "tagValuesQuery"))


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
    return Resource(
        DASHBOARD, opened.uid or title, title, data, folder_path, path, spec, _warning(opened.data)
    )


def _warning(data: Mapping[str, Any]) -> str:
    if is_v2(data):
        return "it is in the v2 schema, so it is compared without knowledge of its panels"
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


def normal_dashboard(data: Json) -> Json:
    """A dashboard's content without what the server sets, fills in or orders in its own way.

    Panels are a flat list, in the order of their places; those in a row have its id as ``row``.
    """
    if is_v2(data):
        return dict(without_empty(data))
    if _is_old(data):
        # What an old dashboard leaves open stays open: its default would be a difference that nobody made.
        data = upgrade(SourceDashboard(data), Notes(), fills_defaults=False)
    data = shaped(data, normal_shape.DASHBOARD)
    normal = without_defaults(
        without(data, ignored_defaults.DROPPED_FROM_DASHBOARD), ignored_defaults.DASHBOARD
    )
    normal["panels"] = flat_panels(data)
    normal["links"] = [normal_link(link) for link in mappings(data.get("links"))]
    normal["tags"] = sorted(map(scalar_text, data["tags"])) if isinstance(data.get("tags"), list) else []
    normal["templating"] = {
        "list": [_variable(v) for v in mappings(mapping(data.get("templating")).get("list"))]
    }
    listed = mappings(mapping(data.get("annotations")).get("list"))
    annotations = [normal_annotation(a) for a in listed if not _is_built_in(a)]
    normal["annotations"] = {"list": annotations}
    normal_form: Json = without_empty(normal)
    return normal_form


def _is_built_in(annotation: Mapping[str, Any]) -> bool:
    plain = {key: value for key, value in annotation.items() if key not in ("target", "datasource")}
    built_in = {key: value for key, value in BUILT_IN.items() if key != "datasource"}
    return plain == built_in


def flat_panels(data: Mapping[str, Any]) -> list[Json]:
    """Every panel and row where Grafana shows it, sorted by place, each panel with the id of its row.

    Repeated copies are left out; of two panels in one place the order of the list counts.
    """
    # A dashboard without a schemaVersion is not upgraded before; its rows are placed all the same.
    panels = mappings(data.get("panels")) or rows_to_panels(mappings(data.get("rows")))
    listed = packed_panels(_originals(panels))
    listed.sort(key=_place)
    taken: set[Any] = set()
    flat: list[Json] = []
    row: Any = None
    for panel in listed:
        is_row = panel.get("type") == "row"
        if is_row:
            row = None
        numbered = _numbered(normal_panel(panel), taken, row)
        flat.append(numbered)
        if is_row:
            row = row_key(numbered)
        children = sorted(mappings(panel.get("panels")), key=_place) if is_row else []
        flat += [_numbered(normal_panel(child), taken, row) for child in children]
        if is_row and panel.get("collapsed"):
            # What follows a collapsed row is not in it.
            row = None
    return flat


def _originals(panels: list[Json]) -> list[Json]:
    """The panels without the copies that repeating makes, in rows too."""
    originals = [panel for panel in panels if not _is_copy(panel)]
    return [
        {**panel, "panels": [child for child in inner if not _is_copy(child)]}
        if (inner := mappings(panel.get("panels")))
        else panel
        for panel in originals
    ]


def row_key(row: Mapping[str, Any]) -> int | str:
    """What the panels of a row have as their ``row``: its id, or its title where it has none."""
    key: int | str = row.get("id") or f"row {row.get('title', '')}"
    return key


def _numbered(panel: Json, taken: set[Any], row: object) -> Json:
    # Grafana gives the second of two panels with one id another one.
    if panel.get("id") in taken:
        panel.pop("id")
    elif "id" in panel:
        taken.add(panel["id"])
    return panel if row is None else {**panel, "row": row}


def _is_copy(panel: Mapping[str, Any]) -> bool:
    return bool(panel.get("repeatPanelId") or panel.get("repeatedByRow") or panel.get("repeatIteration"))


def _place(panel: Mapping[str, Any]) -> tuple[float, float]:
    grid = mapping(panel.get("gridPos"))
    x, y = (value if isinstance(value, int | float) else 0 for value in (grid.get("x"), grid.get("y")))
    return y, x


def _variable(variable: Mapping[str, Any]) -> Json:
    normal = without(variable, _NO_OPTIONS)
    normal["datasource"] = normal_source(variable.get("datasource"))
    normal["current"] = _selection(variable)
    query = variable.get("query")
    query_text = query.get("query") if isinstance(query, dict) else query
    # `definition` is the text that the list of variables shows, which Grafana derives from the query.
    if isinstance(query_text, str) and variable.get("definition") in (query_text, None):
        normal.pop("definition", None)
    # The editor of Prometheus writes a query either as its text or as an object with that text.
    if isinstance(query, dict) and set(query) <= {"query", "refId", "qryType"}:
        normal["query"] = query_text
    if variable.get("refresh") in (0, 1, True, False):
        # Grafana makes at least 1 of it when it loads the dashboard.
        normal.pop("refresh", None)
    normal_form: Json = without_empty(without_defaults(normal, ignored_defaults.VARIABLE))
    return normal_form


def _selection(variable: Mapping[str, Any]) -> Any:
    """The selection when the dashboard opens; the one of constants and text boxes is their ``query``."""
    if variable.get("type") in _KEPT_VALUES:
        return None
    chosen = mapping(variable.get("current")).get("value")
    return chosen[0] if isinstance(chosen, list) and len(chosen) == 1 else chosen

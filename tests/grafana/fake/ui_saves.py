"""A save in the editor of Grafana 13: whatever a dashboard was stored as, it is stored as `v2` afterwards.

Known from grafana/grafana#105381 ("It's a v1 dashboard. When you save it, it's correctly converted to v2"; 13.0 turned
the toggle on for all) and public/app/features/dashboard-scene/serialization/transformSceneToSaveModelSchemaV2.ts: the
editor loads the dashboard at `v2`, where the server converts it, and writes every field that its scene has, whether
anybody changed it or not. No 13.x was recorded.
"""

from collections.abc import Callable

from tests.grafana.fake.classic_to_v2 import Json
from tests.grafana.fake.conversion import converted
from tests.grafana.fake.store import PREFIX, Store, renew

_PLUGIN_VERSION = "13.3.0"


def save_in_editor(
    store: Store, uid: str, change: Callable[[Json], object] | None = None, message: str = ""
) -> Json:
    """Open a dashboard in the editor, change its `v2` spec, and save it; returns what is stored."""
    dashboard = store.dashboards[uid]
    spec, error = converted(dashboard.spec, dashboard.stored_as, "v2")
    assert not error
    _serialize(spec)
    if change is not None:
        change(spec)
    dashboard.spec, dashboard.stored_as = spec, "v2"
    renew(store, dashboard)
    # A save without a message keeps the last one (12.4.3, recorded: `ownership.json`).
    if message:
        dashboard.annotations[PREFIX + "message"] = message
    store.save(dashboard)
    return spec


def _serialize(spec: Json) -> None:
    """What the editor writes although nobody set it."""
    spec.setdefault("description", "")
    for key in ("annotations", "links", "tags", "variables"):
        spec[key] = spec.get(key) or []
    for element in (spec.get("elements") or {}).values():
        if element["kind"] == "Panel":
            _serialize_panel(element["spec"])
    for variable in spec["variables"]:
        if variable["kind"] in ("QueryVariable", "CustomVariable", "DatasourceVariable", "IntervalVariable"):
            # Options come from a query, or are made of the text, when the dashboard is opened.
            for option in variable["spec"].get("options") or []:
                option["properties"] = option.get("properties") or {}
        if variable["kind"] == "AdhocVariable":
            variable["spec"]["defaultKeys"] = variable["spec"].get("defaultKeys") or []


def _serialize_panel(panel: Json) -> None:
    looks = panel["vizConfig"]
    looks["version"] = looks.get("version") or _PLUGIN_VERSION
    fields = looks["spec"].setdefault("fieldConfig", {})
    fields.setdefault("defaults", {})
    fields["overrides"] = fields.get("overrides") or []
    for override in fields["overrides"]:
        override["properties"] = override.get("properties") or []
    data = panel["data"]["spec"]
    data["transformations"] = data.get("transformations") or []
    data["queryOptions"] = data.get("queryOptions") or {}

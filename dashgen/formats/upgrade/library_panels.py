"""Put the models of library panels in their places, where the models are known.

Before: ``{"libraryPanel": {"uid": "x", "name": "CPU"}, "gridPos": {…}}``,
``"__elements": {"x": {"model": {…}}}``
After: the model, with the panel's own id, place and repetition
"""

from collections.abc import Mapping

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.panel_tree import every_panel
from dashgen.formats.v2 import DashboardNote

_OWN_KEYS = ("id", "gridPos", "repeat", "repeatDirection", "maxPerRow", "collapsed")
"""What a library panel does not share with others of its model."""


def models_of(dashboard: Json) -> dict[str, Json]:
    """The models of library panels in an export, by uid."""
    return {
        uid: model
        for uid, element in mapping(dashboard.get("__elements")).items()
        if (model := mapping(mapping(element).get("model")))
    }


def library_uids(dashboard: object) -> list[str]:
    """The uids of the library panels that a dashboard shows."""
    panels = every_panel(mapping(dashboard).get("panels"))
    uids = [text(panel["libraryPanel"].get("uid")) for panel in panels if _is_library(panel)]
    return list(dict.fromkeys(uid for uid in uids if uid))


def with_models(dashboard: Json, models: Mapping[str, Json]) -> tuple[Json, list[DashboardNote]]:
    """The dashboard with the models of its library panels in their places, and notes on each."""
    notes: list[DashboardNote] = []
    if not any(map(_is_library, every_panel(dashboard.get("panels")))):
        return dashboard, notes
    panels = [_inlined(panel, models, notes) for panel in mappings(dashboard.get("panels"))]
    return {**dashboard, "panels": panels}, notes


def _inlined(panel: Json, models: Mapping[str, Json], notes: list[DashboardNote]) -> Json:
    if panel.get("type") == "row":
        children = [_inlined(child, models, notes) for child in mappings(panel.get("panels"))]
        return {**panel, "panels": children}
    if not _is_library(panel):
        return panel
    reference = panel["libraryPanel"]
    name = text(reference.get("name")) or text(reference.get("uid"))
    model = models.get(text(reference.get("uid")))
    if model is None:
        why = "because its model is in Grafana only; import the dashboard from there to have it"
        notes.append(("converted", f"the library panel `{name}` stays a reference, {why}"))
        return panel
    notes.append(("converted", f"the library panel `{name}` became a panel of this dashboard"))
    # The model has the id and place of the panel that it was made from.
    own = {key: panel[key] for key in _OWN_KEYS if key in panel}
    return {**{key: value for key, value in model.items() if key != "libraryPanel"}, **own}


def _is_library(panel: Json) -> bool:
    return isinstance(panel.get("libraryPanel"), dict)

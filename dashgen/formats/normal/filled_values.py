"""Leave out of a comparison what a Grafana fills in by itself, unless our side has it too.

Whoever saves a dashboard in a browser saves with it what each variable showed at that moment; specs that
choose no default mean just that. What a push wrote is another matter: a default that a spec no longer gives
has to go. And what a Grafana fills in when it loads a panel is no difference to a file that has it written.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from dashgen.core.json_values import Json, at, mapping, mappings, scalar_text
from dashgen.formats.dashboard.panel_types import default_color
from dashgen.formats.resources import DASHBOARD, FOLDER, Resource


def without_filled_in(live: Resource, ours: Resource) -> Resource:
    """Return the live resource without what Grafana may have filled in where ours has nothing.

    Args:
        live: what a Grafana has.
        ours: the same resource as specs say it.
    """
    if live.kind == DASHBOARD:
        colored = _colored(live.data, ours.data)
        return replace(live, data=_unchosen(_unzoned(colored, ours.data), ours.data))
    if live.kind == FOLDER and "description" not in ours.data:
        return replace(live, data={key: value for key, value in live.data.items() if key != "description"})
    return live


def without_selections(dashboard: Mapping[str, Any], ours: Mapping[str, Any]) -> Json:
    """A dashboard's JSON without what its variables show now, where ours chooses nothing for them."""
    chosen = {_name(variable) for variable in _every_variable(ours) if _chooses(variable)}
    return _without_current(dashboard, lambda variable: _name(variable) not in chosen)


def _colored(live: Mapping[str, Any], ours: Mapping[str, Any]) -> Mapping[str, Any]:
    """A dashboard whose panels without a colour have that of their type, where ours has it written out."""
    colored = {
        panel.get("id"): default_color(scalar_text(panel.get("type")))
        for panel in mappings(ours.get("panels"))
        if _color_of(panel) == default_color(scalar_text(panel.get("type")))
    }
    panels = [
        _with_color(panel, colored[panel.get("id")])
        if panel.get("id") in colored and _color_of(panel) is None
        else panel
        for panel in mappings(live.get("panels"))
    ]
    return {**live, "panels": panels} if panels else live


def _color_of(panel: Json) -> Any:
    return at(panel, ("fieldConfig", "defaults", "color"), None)


def _with_color(panel: Json, color: Json) -> Json:
    config = mapping(panel.get("fieldConfig"))
    defaults = {**mapping(config.get("defaults")), "color": color}
    return {**panel, "fieldConfig": {**config, "defaults": defaults}}


def _unzoned(live: Mapping[str, Any], ours: Mapping[str, Any]) -> Mapping[str, Any]:
    """A dashboard without the zone of the browser, which saving in schema v2 writes where there is no zone.

    Source: ``transformSceneToSaveModelSchemaV2.ts`` at 007010e8, ``timeSettings``.
    """
    if live.get("timezone") != "browser" or "timezone" in ours:
        return live
    return {key: value for key, value in live.items() if key != "timezone"}


def _unchosen(live: Mapping[str, Any], ours: Mapping[str, Any]) -> Json:
    # In the normal form a variable without a selection has no `current`; one that ours lacks is a
    # difference anyway.
    chosen = {_name(variable) for variable in _every_variable(ours) if "current" in variable}
    own_names = {_name(variable) for variable in _every_variable(ours)}
    return _without_current(live, lambda variable: _name(variable) in own_names - chosen)


def _without_current(dashboard: Mapping[str, Any], is_open: Callable[[Json], bool]) -> Json:
    shown = _without_selection(_variables(dashboard), is_open)
    data = dict(dashboard)
    if shown is not None:
        data["templating"] = {**mapping(dashboard.get("templating")), "list": shown}
    panels = [_section_without_selection(panel, is_open) for panel in mappings(dashboard.get("panels"))]
    if any(one is not None for one in panels):
        pairs = zip(mappings(dashboard.get("panels")), panels, strict=True)
        data["panels"] = [panel if changed is None else changed for panel, changed in pairs]
    return data


def _section_without_selection(panel: Json, is_open: Callable[[Json], bool]) -> Json | None:
    """The header of a row or tab whose variables lost their selections; None when none of them did."""
    dynamic = mapping(panel.get("dynamic"))
    if "variables" not in dynamic:
        return None
    shown = _without_selection(mappings(dynamic["variables"]), is_open)
    return None if shown is None else {**panel, "dynamic": {**dynamic, "variables": shown}}


def _without_selection(variables: list[Json], is_open: Callable[[Json], bool]) -> list[Json] | None:
    """Variables without their selections; None when there is nothing to leave out."""
    if not any("current" in variable and is_open(variable) for variable in variables):
        return None
    return [
        {key: value for key, value in variable.items() if key != "current"} if is_open(variable) else variable
        for variable in variables
    ]


def _name(variable: Mapping[str, Any]) -> str:
    return scalar_text(variable.get("name"))


def _chooses(variable: Mapping[str, Any]) -> bool:
    return mapping(variable.get("current")).get("value") not in (None, "", [])


def _variables(dashboard: Mapping[str, Any]) -> list[Json]:
    return mappings(mapping(dashboard.get("templating")).get("list"))


def _every_variable(dashboard: Mapping[str, Any]) -> list[Json]:
    """The variables of a dashboard and of its rows and tabs."""
    headers = (mapping(panel.get("dynamic")) for panel in mappings(dashboard.get("panels")))
    of_sections = (one for dynamic in headers for one in mappings(dynamic.get("variables")))
    return [*_variables(dashboard), *of_sections]

"""Leave out of a comparison what a Grafana fills in by itself, unless our side has it too.

Whoever saves a dashboard in a browser saves with it what each variable showed at that moment; specs that
choose no default mean just that. What a push wrote is another matter: a default that a spec no longer gives
has to go.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.resources import DASHBOARD, FOLDER, Resource


def without_filled_in(live: Resource, ours: Resource) -> Resource:
    """Return the live resource without what Grafana may have filled in where ours has nothing.

    Args:
        live: what a Grafana has.
        ours: the same resource as specs say it.
    """
    if live.kind == DASHBOARD:
        return replace(live, data=_unchosen(_unzoned(live.data, ours.data), ours.data))
    if live.kind == FOLDER and "description" not in ours.data:
        return replace(live, data={key: value for key, value in live.data.items() if key != "description"})
    return live


def without_selections(dashboard: Mapping[str, Any], ours: Mapping[str, Any]) -> Json:
    """A dashboard's JSON without what its variables show now, where ours chooses nothing for them."""
    chosen = {_name(variable) for variable in _variables(ours) if _chooses(variable)}
    return _without_current(dashboard, lambda variable: _name(variable) not in chosen)


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
    open_names = {_name(variable) for variable in _variables(ours) if "current" not in variable}
    return _without_current(live, lambda variable: _name(variable) in open_names)


def _without_current(dashboard: Mapping[str, Any], is_open: Callable[[Json], bool]) -> Json:
    variables = _variables(dashboard)
    if not any("current" in variable and is_open(variable) for variable in variables):
        return dict(dashboard)
    shown = [
        {key: value for key, value in variable.items() if key != "current"} if is_open(variable) else variable
        for variable in variables
    ]
    return {**dashboard, "templating": {**mapping(dashboard.get("templating")), "list": shown}}


def _name(variable: Mapping[str, Any]) -> str:
    return scalar_text(variable.get("name"))


def _chooses(variable: Mapping[str, Any]) -> bool:
    return mapping(variable.get("current")).get("value") not in (None, "", [])


def _variables(dashboard: Mapping[str, Any]) -> list[Json]:
    return mappings(mapping(dashboard.get("templating")).get("list"))

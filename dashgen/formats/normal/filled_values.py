"""What a Grafana fills in by itself, which is compared only where our side has it too.

Whoever saves a dashboard in a browser saves with it what each variable showed at that moment; specs that choose no default
mean just that. What a push wrote is another matter: a default that a spec no longer gives has to go.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.resources import DASHBOARD, FOLDER, Resource


def without_filled_in(live: Resource, ours: Resource) -> Resource:
    """Return the live resource without what Grafana may have filled in where ours has nothing.

    Args:
        live: what a Grafana has.
        ours: the same resource as specs say it.
    """
    if live.kind == DASHBOARD:
        return replace(live, data=_unchosen(live.data, ours.data))
    if live.kind == FOLDER and "description" not in ours.data:
        return replace(live, data={key: value for key, value in live.data.items() if key != "description"})
    return live


def without_selections(dashboard: Mapping[str, Any], ours: Mapping[str, Any]) -> Json:
    """A dashboard's JSON without what its variables show now, where ours chooses nothing for them."""
    chosen = {scalar_text(variable.get("name")) for variable in _variables(ours) if _chooses(variable)}
    if all(scalar_text(variable.get("name")) in chosen for variable in _variables(dashboard)):
        return dict(dashboard)
    variables = [
        variable
        if scalar_text(variable.get("name")) in chosen
        else {key: value for key, value in variable.items() if key != "current"}
        for variable in _variables(dashboard)
    ]
    return {**dashboard, "templating": {**mapping(dashboard.get("templating")), "list": variables}}


def _unchosen(live: Mapping[str, Any], ours: Mapping[str, Any]) -> Json:
    our_variables = {scalar_text(variable.get("name")): variable for variable in _variables(ours)}
    if not any(
        "current" in live_variable and _is_open(live_variable, our_variables)
        for live_variable in _variables(live)
    ):
        return dict(live)
    variables = [
        {key: value for key, value in live_variable.items() if key != "current"}
        if _is_open(live_variable, our_variables)
        else live_variable
        for live_variable in _variables(live)
    ]
    return {**live, "templating": {**mapping(live.get("templating")), "list": variables}}


def _is_open(variable: Mapping[str, Any], ours: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether ours has the variable and chooses nothing for it."""
    our_variable = ours.get(scalar_text(variable.get("name")))
    return our_variable is not None and "current" not in our_variable


def _chooses(variable: Mapping[str, Any]) -> bool:
    return mapping(variable.get("current")).get("value") not in (None, "", [])


def _variables(dashboard: Mapping[str, Any]) -> list[Json]:
    return mappings(mapping(dashboard.get("templating")).get("list"))

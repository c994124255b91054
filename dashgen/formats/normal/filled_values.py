"""What a Grafana fills in by itself, which counts only when ours says it too.

Whoever saves a dashboard in a browser saves with it what each variable showed at that moment; specs that choose no default
mean just that. What a push wrote is another matter: a default that a spec no longer gives has to go.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashgen.core.json_values import mapping, mappings, scalar_text
from dashgen.formats.resources import DASHBOARD, FOLDER, Resource


def without_filled_in(there: Resource, ours: Resource) -> Resource:
    """A resource as it is there, without what Grafana may have filled in where ours says nothing.

    Args:
        there: what a Grafana has.
        ours: the same resource as specs say it.
    """
    if there.kind == DASHBOARD:
        return replace(there, data=_unchosen(there.data, ours.data))
    if there.kind == FOLDER and "description" not in ours.data:
        return replace(there, data={key: value for key, value in there.data.items() if key != "description"})
    return there


def without_selections(dashboard: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """A dashboard's JSON without what its variables show now, where ours chooses nothing for them."""
    chosen = {scalar_text(variable.get("name")) for variable in _variables(ours) if _chooses(variable)}
    if all(scalar_text(variable.get("name")) in chosen for variable in _variables(dashboard)):
        return dict(dashboard)
    kept = [
        variable
        if scalar_text(variable.get("name")) in chosen
        else {key: value for key, value in variable.items() if key != "current"}
        for variable in _variables(dashboard)
    ]
    return {**dashboard, "templating": {**mapping(dashboard.get("templating")), "list": kept}}


def _unchosen(there: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    known = {scalar_text(variable.get("name")): variable for variable in _variables(ours)}
    if not any("current" in one and _is_open(one, known) for one in _variables(there)):
        return dict(there)
    kept = [
        {key: value for key, value in one.items() if key != "current"} if _is_open(one, known) else one
        for one in _variables(there)
    ]
    return {**there, "templating": {**mapping(there.get("templating")), "list": kept}}


def _is_open(variable: Mapping[str, Any], ours: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether ours has the variable and chooses nothing for it."""
    known = ours.get(scalar_text(variable.get("name")))
    return known is not None and "current" not in known


def _chooses(variable: Mapping[str, Any]) -> bool:
    return mapping(variable.get("current")).get("value") not in (None, "", [])


def _variables(dashboard: Mapping[str, Any]) -> list[dict[str, Any]]:
    return mappings(mapping(dashboard.get("templating")).get("list"))

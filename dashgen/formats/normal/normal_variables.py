"""The normal form of a variable of a dashboard or a section."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, scalar_text
from dashgen.formats.normal import ignored_defaults
from dashgen.formats.normal.normal_targets import normal_source
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.model.custom_values import custom_options, custom_text

_KEPT_VALUES = ("textbox", "constant")
_NO_OPTIONS = frozenset(("current", "options", "tags", "tagsQuery", "tagValuesQuery"))


def normal_variable(variable: Mapping[str, Any]) -> Json:
    """A variable without defaults, nulls and what Grafana derives from its query."""
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
    # Grafana makes at least 1 of it when it loads the dashboard, and 2 of that of an interval.
    if variable.get("refresh") in (0, 1, True, False) or variable.get("type") == "interval":
        normal.pop("refresh", None)
    if not normal.get("auto_count"):
        normal.pop("auto_count", None)
    # A constant is in no address, whatever it says; the editor has no switch for it.
    if variable.get("type") == "constant":
        normal.pop("skipUrlSync", None)
    if variable.get("type") == "custom" and isinstance(query, str) and variable.get("valuesFormat") != "json":
        normal["query"] = custom_text(option for option in custom_options(query) if any(option))
    if variable.get("type") == "switch":
        # The values of a switch stand nowhere else.
        normal["options"] = [scalar_text(one.get("value")) for one in mappings(variable.get("options"))]
    normal_form: Json = without_empty(without_defaults(normal, _defaults(variable)))
    return normal_form


def _defaults(variable: Mapping[str, Any]) -> Json:
    # Grouping lets several labels be chosen unless it says otherwise, other variables the other way round.
    is_grouping = variable.get("type") == "groupby"
    return {**ignored_defaults.VARIABLE, "multi": True} if is_grouping else ignored_defaults.VARIABLE


def _selection(variable: Mapping[str, Any]) -> Any:
    """The selection when the dashboard opens; the one of constants and text boxes is their ``query``."""
    if variable.get("type") in _KEPT_VALUES:
        return None
    chosen = mapping(variable.get("current")).get("value")
    return chosen[0] if isinstance(chosen, list) and len(chosen) == 1 else chosen

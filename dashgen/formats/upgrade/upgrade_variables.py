"""Template variables of any version."""

import re
from collections.abc import Callable
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text, whole, without_nulls
from dashgen.formats.dashboard.variable_json import ALL, migrate_variable
from dashgen.formats.dashboard.variable_queries import variable_query
from dashgen.formats.legacy.legacy_values import number
from dashgen.formats.upgrade.loss_reasons import VARIABLE, VARIABLE_USUAL, is_usual
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.model.custom_values import custom_options, custom_text
from dashgen.model.variable_spec import VARIABLE_TYPES

_NAME = re.compile(r"[A-Za-z0-9_]+")
_READ = frozenset(
    {
        "allValue", "auto", "auto_count", "auto_min", "current", "datasource", "definition", "description",
        "filters", "hide",
        "includeAll", "label", "multi", "name", "options", "query", "refresh", "regex", "sort", "type",
    }
)  # fmt: skip
"""Keys that are put into today's form below; all others stay as they are, unless `reasons` has them."""
_PROMETHEUS_QUERY = frozenset(
    {
        "classicQuery", "editorMode", "exemplar", "expr", "label", "labelFilters", "metric", "qryType",
        "query", "refId",
        "seriesQuery", "type", "varQuery",
    }
)  # fmt: skip
"""Keys of Prometheus variables: ``PromVariableQuery`` of @grafana/prometheus (Grafana 12)."""
_INVISIBLE = 2
_HIDDEN_CONSTANTS = 27
_WITH_SOURCE = ("query", "adhoc", "groupby")


def upgrade_variables(old_variables: Any, references: References, notes: Notes) -> list[Json]:
    """The variables of a dashboard, each name once."""
    upgraded: dict[str, Json] = {}
    for item in mappings(mapping(old_variables).get("list")):
        name = text(item.get("name"))
        if not _NAME.fullmatch(name) or name in upgraded:
            notes.drop("variables with a name that Grafana does not take, or that another has")
            continue
        upgraded[name] = _upgraded(without_nulls(item), references)
    return list(upgraded.values())


def _upgraded(variable: Json, references: References) -> Json:
    kind = text(variable.get("type")) or "query"
    variable["hide"] = _hide(variable)
    if kind == "constant" and variable["hide"] != _INVISIBLE and references.version < _HIDDEN_CONSTANTS:
        kind = "textbox"
    variable["type"] = kind
    for key in ("refresh", "sort"):
        if key in variable:
            variable[key] = whole(number(variable[key]))
    source = references.find(variable.pop("datasource", None))
    if source or kind in _WITH_SOURCE:
        variable["datasource"] = source or references.default(mapping(variable.get("query")))
    for key in ("label", "description", "regex", "definition"):
        if key in variable and not isinstance(variable[key], str):
            del variable[key]
    variable["current"] = _current(mapping(variable.get("current")), kind)
    variable["options"] = [o for o in mappings(variable.get("options")) if "text" in o and "value" in o]
    if kind in _BY_KIND:
        _BY_KIND[kind](variable, references)
    upgraded = migrate_variable(variable)
    if kind == "custom":
        upgraded["current"] = _listed(variable["current"] or _first(upgraded), multi=bool(upgraded["multi"]))
    if kind in VARIABLE_TYPES:
        upgraded |= {
            k: v for k, v in variable.items() if k not in _READ and not is_usual(VARIABLE_USUAL, k, v)
        }
    return {key: value for key, value in upgraded.items() if key not in VARIABLE}


def _hide(variable: Json) -> int:
    """Return what is not shown; before schemaVersion 12 there were two switches for it."""
    old_hide = variable.get("hide")
    if isinstance(old_hide, bool):
        return int(old_hide)
    old = _INVISIBLE if variable.get("hideVariable") else int(variable.get("hideLabel") is True)
    return whole(old_hide, old)


def _values(variable: Json, _: References) -> None:
    """A variable whose options follow from its query."""
    variable["query"] = _query_text(variable.get("query"))
    if variable["type"] == "interval":
        parts = (part.strip() for part in variable["query"].split(","))
        variable["query"] = ",".join(part for part in parts if part)
    if variable["type"] == "custom" and variable.get("valuesFormat") != "json":
        variable["query"] = _custom_query(variable["query"])
    variable["options"] = []


def _plugin(variable: Json, references: References) -> None:
    variable["query"] = text(variable.get("query")) or references.likely


def _custom_query(query: str) -> str:
    """The query of a custom variable as the build writes it."""
    return custom_text([option for option in custom_options(query) if any(option)])


def _switch(variable: Json, _: References) -> None:
    """A switch has two options: its value while it is on, and the one while it is off."""
    values = [str(option["value"]) for option in variable["options"][:2]]
    on, off = (*values, "true", "false")[:2] if len(values) in (0, 2) else ("true", "false")
    chosen = variable["current"].get("value", off)
    variable["options"] = [{"text": v, "value": v, "selected": v == chosen} for v in (on, off)]
    variable["current"] = {"text": chosen, "value": chosen}


def _prometheus_query(variable: Json, _: References) -> None:
    """The query in the form of today's editor; earlier ones wrote the text alone, and named it otherwise."""
    if variable["datasource"].get("type") != "prometheus":
        return
    query = variable.get("query")
    if set(mapping(query)) - _PROMETHEUS_QUERY:
        return  # of a plugin that nothing names; its fields stay
    query_text = (query if isinstance(query, str) else text(mapping(query).get("query"))).strip()
    if query_text:
        variable["query"] = variable_query(query_text, "prometheus")
        variable["definition"] = query_text


def _query_text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else ""
        if value is None or isinstance(value, dict | list)
        else str(value)
    )


def _current(current: Json, kind: str) -> Json:
    """What is chosen at first, without what an editor or an earlier version remembers."""
    value = current.get("value")
    if current.get("isNone") or value in (None, "", [], [""], {}):
        return {}
    if not isinstance(value, str | list):
        value = str(value)
    shown = current.get("text", value)
    everything = value in ("$__all", ["$__all"])
    if kind == "datasource" and isinstance(value, str) and value.startswith("${"):
        return {}  # an input of an export, which the importing Grafana fills in
    if kind == "datasource" and not everything:
        shown = value  # the name that the data source has elsewhere
    if everything:
        shown = ["All"] if isinstance(value, list) else "All"
    return {"text": shown, "value": value}


def _first(variable: Json) -> Json:
    """What Grafana chooses when nothing is chosen."""
    if variable["includeAll"]:
        return dict(ALL)
    if variable.get("valuesFormat") == "json":
        return {}
    label, value = next(iter(custom_options(variable["query"])), ("", ""))
    return {"text": label, "value": value} if label else {}


def _listed(current: Json, *, multi: bool) -> Json:
    if not multi:
        return {k: (v[0] if v else "") if isinstance(v, list) else v for k, v in current.items()}
    return {key: value if isinstance(value, list) else [value] for key, value in current.items()}


_BY_KIND: dict[str, Callable[[Json, References], None]] = {
    "constant": _values,
    "custom": _values,
    "datasource": _plugin,
    "interval": _values,
    "query": _prometheus_query,
    "switch": _switch,
    "textbox": _values,
}

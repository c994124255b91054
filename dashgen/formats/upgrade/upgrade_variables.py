"""Upgrade template variables of any version."""

from collections.abc import Callable

from dashgen.core.json_values import Json, mapping, mappings, same, text, whole, without_nulls
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard.variable_json import ALL, migrate_variable
from dashgen.formats.dashboard.variable_queries import variable_query
from dashgen.formats.json_shapes import names
from dashgen.formats.legacy.legacy_values import number
from dashgen.formats.upgrade.loss_reasons import VARIABLE, is_empty
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_data_sources import References
from dashgen.model.custom_values import custom_options, custom_text
from dashgen.model.variable_spec import VARIABLE_TYPES

_NAME = lazy_pattern(r"[A-Za-z0-9_]+")
_READ = frozenset(
    names(
        "allValue auto auto_count auto_min current datasource definition description filters hide",
        "includeAll label multi name options query refresh regex sort type",
    )
)
"""Keys that are put into today's form below; all others stay as they are, unless `loss_reasons` has them."""
_DEFAULTS: Json = {"allowCustomValue": True, "regexApplyTo": "value", "valuesFormat": "csv"}
"""The defaults of other keys that are not empty ones."""
_PROMETHEUS_QUERY = frozenset(
    names(
        "classicQuery editorMode exemplar expr label labelFilters metric qryType query refId seriesQuery",
        "type varQuery",
    )
)
"""Keys of Prometheus variables: ``PromVariableQuery`` of @grafana/prometheus (Grafana 12)."""
_INVISIBLE = 2
_HIDDEN_CONSTANTS = 27
_WITH_SOURCE = ("query", "adhoc", "groupby")
"""The types of variables that ask a data source."""


def upgrade_variables(old_variables: object, references: References, notes: Notes) -> list[Json]:
    """The variables of a dashboard, each name once."""
    upgraded: dict[str, Json] = {}
    for item in mappings(mapping(old_variables).get("list")):
        name = text(item.get("name"))
        # Grafana finds a variable by its name in `$name`, so a second one and one with other characters
        # is never used.
        if not _NAME.fullmatch(name) or name in upgraded:
            notes.drop("variables with a name that Grafana does not take, or that another has")
            continue
        upgraded[name] = _upgraded(_without_defaults(without_nulls(item)), references)
    return list(upgraded.values())


def _without_defaults(variable: Json) -> Json:
    # Schema v2 writes every key of a variable.
    return {k: v for k, v in variable.items() if k not in _DEFAULTS or not same(_DEFAULTS[k], v)}


def _upgraded(variable: Json, references: References) -> Json:
    kind = text(variable.get("type")) or "query"
    variable["hide"] = _hide(variable)
    # Constants are hidden since schemaVersion 27; one that was shown before could be edited, as a text
    # box can.
    if kind == "constant" and variable["hide"] != _INVISIBLE and references.version < _HIDDEN_CONSTANTS:
        kind = "textbox"
    variable["type"] = kind
    for key in ("refresh", "sort"):
        if key in variable:
            variable[key] = whole(number(variable[key]))
    source = references.find(variable.pop("datasource", None))
    if source is None and kind in _WITH_SOURCE:
        source = references.default(mapping(variable.get("query")))
    if source is not None:
        variable["datasource"] = source

    variable["current"] = _current(mapping(variable.get("current")), kind)
    variable["options"] = [o for o in mappings(variable.get("options")) if "text" in o and "value" in o]
    if kind in _BY_KIND:
        _BY_KIND[kind](variable, references)
    upgraded = migrate_variable(variable)
    # What the build hides may be shown in a dashboard: its editor lets each variable be.
    upgraded["hide"] = variable["hide"]
    if kind == "custom":
        upgraded["current"] = _listed(variable["current"] or _first(upgraded), multi=bool(upgraded["multi"]))
    if kind in VARIABLE_TYPES:
        upgraded |= {
            key: value for key, value in variable.items() if key not in _READ and not is_empty(value)
        }
    return {key: value for key, value in upgraded.items() if key not in VARIABLE}


def _hide(variable: Json) -> int:
    """What is hidden: 0 nothing, 1 the label, 2 the variable."""
    # Before schemaVersion 12 there were two switches for it.
    old_hide = variable.get("hide")
    if isinstance(old_hide, bool):
        return int(old_hide)
    old = _INVISIBLE if variable.get("hideVariable") else int(variable.get("hideLabel") is True)
    return whole(old_hide, old)


def _values(variable: Json, _: References) -> None:
    """Upgrade a variable whose options follow from its query."""
    query = variable.get("query")
    query = "" if query is None or isinstance(query, dict | list) else str(query)
    if variable["type"] == "interval":
        query = ",".join(part.strip() for part in query.split(",") if part.strip())
    if variable["type"] == "custom" and variable.get("valuesFormat") != "json":
        # In the spelling of the build, so that a spec that gives the values back gives the same text.
        query = custom_text([option for option in custom_options(query) if any(option)])
    variable["query"] = query
    variable["options"] = []


def _plugin(variable: Json, references: References) -> None:
    variable["query"] = text(variable.get("query")) or references.likely


def _switch(variable: Json, _: References) -> None:
    """Upgrade a switch, which has two options: its value while it is on, and the one while it is off."""
    values = [str(option["value"]) for option in variable["options"][:2]]
    on, off = (*values, "true", "false")[:2] if len(values) in (0, 2) else ("true", "false")
    chosen = variable["current"].get("value", off)
    variable["options"] = [{"text": v, "value": v, "selected": v == chosen} for v in (on, off)]
    variable["current"] = {"text": chosen, "value": chosen}


def _prometheus_query(variable: Json, _: References) -> None:
    """Put the query of a variable into the form of today's editor; earlier ones wrote the text alone.

    Before: ``"query": "label_values(up, job)"``
    After: ``"query": {"qryType": 1, "query": "label_values(up, job)", …}, "definition": "label_values(up,
    job)"``
    """
    query = variable.get("query")
    # With other keys it is the query of a plugin that nothing names, and its fields stay.
    is_other = bool(set(mapping(query)) - _PROMETHEUS_QUERY)
    if is_other or mapping(variable.get("datasource")).get("type") != "prometheus":
        return
    query_text = (query if isinstance(query, str) else text(mapping(query).get("query"))).strip()
    if query_text:
        variable["query"] = variable_query(query_text, "prometheus")
        variable["definition"] = query_text


def _current(current: Json, kind: str) -> Json:
    """The selection at first, without what an editor or an earlier version stores beside it."""
    value = current.get("value")
    if current.get("isNone") or value in (None, "", [], [""], {}):
        return {}
    if not isinstance(value, str | list):
        value = str(value)
    if value in ("$__all", ["$__all"]):
        return {"text": ["All"] if isinstance(value, list) else "All", "value": value}
    if kind == "datasource" and isinstance(value, str) and value.startswith("${"):
        return {}  # an input of an export, which the importing Grafana fills in
    # The text of a data source is its name in the Grafana that saved the dashboard, which another one may
    # not have.
    return {"text": value if kind == "datasource" else current.get("text", value), "value": value}


def _first(variable: Json) -> Json:
    """The selection that Grafana makes when there is none: all, or the first value."""
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

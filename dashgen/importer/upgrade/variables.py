"""Template variables of any version."""

import re
from typing import Any

from dashgen.importer.report import Notes
from dashgen.importer.upgrade.sources import References
from dashgen.importer.values import Json, mapping, mappings, text, whole, without_nulls
from dashgen.lowering.variable_queries import variable_query
from dashgen.migration.variable import ALL, migrate_variable

_NAME = re.compile(r"[A-Za-z0-9_]+")
_ENTRY = re.compile(r"(?<!\\),")
_EXTRA = (
    "allowCustomValue",
    "baseFilters",
    "defaultKeys",
    "regexApplyTo",
    "staticOptions",
    "staticOptionsOrder",
)
_HIDE = {True: 1, False: 0}
_LISTED = ("query", "custom", "datasource")


def upgrade_variables(given: Any, references: References, notes: Notes) -> list[Json]:
    """The variables of a dashboard, each name once."""
    found: dict[str, Json] = {}
    for item in mappings(mapping(given).get("list")):
        name = text(item.get("name"))
        if not _NAME.fullmatch(name) or name in found:
            notes.drop("variables with a name that Grafana does not take, or that another has")
            continue
        found[name] = _upgraded(without_nulls(item), references)
    return list(found.values())


def _upgraded(variable: Json, references: References) -> Json:
    kind = text(variable.get("type")) or "query"
    variable["type"] = kind
    hide = variable.get("hide")
    variable["hide"] = (
        _HIDE[hide] if isinstance(hide, bool) else whole(hide, 2 if variable.get("hideVariable") else 0)
    )
    if isinstance(variable.get("refresh"), bool):
        variable["refresh"] = int(variable["refresh"])
    source = references.find(variable.get("datasource")) or references.default()
    variable["datasource"] = source
    for key in ("label", "description", "regex", "definition"):
        if key in variable and not isinstance(variable[key], str):
            del variable[key]
    if kind == "datasource":
        variable["query"] = text(variable.get("query")) or references.likely
    variable["current"] = _current(mapping(variable.get("current")), kind)
    if kind == "query" and mapping(source).get("type") == "prometheus":
        _prometheus_query(variable)
    variable["options"] = [o for o in mappings(variable.get("options")) if "text" in o and "value" in o]
    if kind in ("custom", "interval", "textbox", "constant"):
        variable["query"] = _query_text(variable.get("query"))
        if kind == "interval":
            variable["query"] = ",".join(
                part.strip() for part in variable["query"].split(",") if part.strip()
            )
        variable["options"] = []
    made = migrate_variable(variable)
    if kind == "custom":
        made["query"] = ",".join(part.strip() for part in _ENTRY.split(made["query"]) if part.strip())
        made["current"] = _listed(variable["current"] or _first(made), bool(made["multi"]))
    made.update({key: variable[key] for key in _EXTRA if key in variable})
    if made.get("allowCustomValue") is True:
        del made["allowCustomValue"]  # what Grafana does without it
    return made


def _prometheus_query(variable: Json) -> None:
    """The query in the form of today's editor; earlier ones wrote the text alone, and named it otherwise."""
    query = variable.get("query")
    asked = query if isinstance(query, str) else text(mapping(query).get("query"))
    if asked:
        variable["query"] = variable_query(asked, "prometheus")
        variable["definition"] = asked


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
    if kind == "datasource" and not everything:
        shown = value  # the name that the data source has elsewhere
    if everything:
        shown = ["All"] if isinstance(value, list) else "All"
    return {"text": shown, "value": value}


def _first(variable: Json) -> Json:
    """What Grafana chooses when nothing is chosen."""
    if variable["includeAll"]:
        return dict(ALL)
    label, found, value = _ENTRY.split(variable["query"])[0].replace("\\,", ",").partition(" : ")
    return {"text": label.strip(), "value": (value if found else label).strip()} if label else {}


def _listed(current: Json, multi: bool) -> Json:  # noqa: FBT001  # what the variable says
    if not multi:
        return {k: (v[0] if v else "") if isinstance(v, list) else v for k, v in current.items()}
    return {key: value if isinstance(value, list) else [value] for key, value in current.items()}

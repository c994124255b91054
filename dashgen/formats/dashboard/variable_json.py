"""Template variables."""

from collections.abc import Callable
from typing import Any

from dashgen.core.json_values import Json

ALL = {"text": "All", "value": "$__all"}
_OF_SWITCHES = ("enabledValue", "disabledValue")


def migrate_variable(variable: Json) -> Json:
    """A variable with the keys of its type only.

    Before: ``{"type": "query", "useTags": false, "tagsQuery": null, "auto": false,
    "current": {"selected": false,
    "text": null, "value": null, "tags": []}, …}``
    After: ``{"type": "query", "definition": "label_values(up, job)", "current": {}, "options": [], …}``
    """
    kind = variable.get("type") or "query"
    migrated: Json = {"type": kind, "name": variable["name"], "hide": variable.get("hide") or 0}
    for key in ("label", "description", "skipUrlSync"):
        if variable.get(key):
            migrated[key] = variable[key]
    _BY_TYPE.get(kind, _other)(variable, migrated)
    return migrated


def chosen(variable: Json) -> Json:
    """What is chosen at first; nothing lets Grafana take the first value.

    Before: ``{"selected": true, "text": "$__all", "value": "$__all", "tags": []}``
    After: ``{"text": "All", "value": "$__all"}``, with lists where several may be chosen
    """
    current = variable.get("current") or {}
    text, value = current.get("text"), current.get("value")
    if value in (None, "", []):
        return {}
    if value in ("$__all", ["$__all"]) or (variable.get("includeAll") and value in ("All", "all")):
        text, value = ALL["text"], ALL["value"]
    if variable.get("multi"):
        text, value = _list(text), _list(value)
    elif isinstance(value, list):
        text, value = _list(text)[0], value[0]
    return {"text": text, "value": value}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _choice(variable: Json, migrated: Json) -> None:
    migrated["multi"] = bool(variable.get("multi"))
    migrated["includeAll"] = bool(variable.get("includeAll"))
    if variable.get("allValue"):
        migrated["allValue"] = variable["allValue"]
    migrated["current"] = chosen(variable)
    if "allowCustomValue" in variable:
        migrated["allowCustomValue"] = variable["allowCustomValue"]


def _query(variable: Json, migrated: Json) -> None:
    _choice(variable, migrated)
    query = variable.get("query") or ""
    migrated["query"] = query
    migrated["definition"] = variable.get("definition") or (
        query if isinstance(query, str) else query.get("query", "")
    )
    migrated["regex"] = variable.get("regex") or ""
    migrated["sort"] = variable.get("sort") or 0
    # A query variable that is never asked stays empty: Grafana's own migration raises 0 to 1 as well.
    migrated["refresh"] = variable.get("refresh") or 1
    migrated["options"] = []
    if variable.get("datasource"):
        migrated["datasource"] = variable["datasource"]


def _custom(variable: Json, migrated: Json) -> None:
    _choice(variable, migrated)
    migrated["query"] = variable.get("query") or ""
    # grafanalib makes an option without text where there is none.
    options = (variable.get("options") or []) if migrated["query"] else []
    migrated["options"] = [
        {"selected": bool(o.get("selected")), "text": o["text"], "value": o["value"]} for o in options
    ]
    # grafanalib marks what is chosen in the options and leaves `current` empty.
    selected = [o for o in options if o.get("selected")]
    if not selected:
        return
    if migrated["multi"]:
        migrated["current"] = {"text": [o["text"] for o in selected], "value": [o["value"] for o in selected]}
    else:
        migrated["current"] = {"text": selected[0]["text"], "value": selected[0]["value"]}


def _interval(variable: Json, migrated: Json) -> None:
    query = variable.get("query") or ""
    current = chosen(variable)
    # An interval has no `multi` and no All; without a selection it has its first value.
    values = [value.strip() for value in query.split(",") if value.strip()]
    current_value = current.get("value", values[0] if values else "")
    migrated["query"] = query
    migrated["refresh"] = 2
    migrated["auto"] = bool(variable.get("auto"))
    migrated["auto_count"] = variable.get("auto_count") or 30
    migrated["auto_min"] = variable.get("auto_min") or "10s"
    migrated["current"] = {"text": current_value, "value": current_value}
    migrated["options"] = [{"selected": v == current_value, "text": v, "value": v} for v in values]


def _datasource(variable: Json, migrated: Json) -> None:
    _choice(variable, migrated)
    migrated["query"] = variable.get("query") or ""
    migrated["regex"] = variable.get("regex") or ""
    migrated["refresh"] = 1
    migrated["options"] = []


def _text(variable: Json, migrated: Json) -> None:
    value = (variable.get("current") or {}).get("value") or variable.get("query") or ""
    migrated["query"] = variable.get("query") or ""
    migrated["current"] = {"text": value, "value": value}
    migrated["options"] = [{"selected": True, "text": value, "value": value}]


def _constant(variable: Json, migrated: Json) -> None:
    # A constant is for whoever builds a dashboard: hidden, and in no address.
    value = variable.get("query") or ""
    migrated["hide"] = 2
    migrated["skipUrlSync"] = True
    migrated["query"] = value
    migrated["current"] = {"text": value, "value": value}


def _adhoc(variable: Json, migrated: Json) -> None:
    migrated["filters"] = list(variable.get("filters") or ())
    if variable.get("datasource"):
        migrated["datasource"] = variable["datasource"]


def _switch(variable: Json, migrated: Json) -> None:
    """A switch (Grafana 12.3): its options are the value while it is on, and the one while it is off."""
    migrated.update(
        {key: value for key, value in variable.items() if key in _OF_SWITCHES and value is not None}
    )
    migrated["options"] = [
        {"selected": bool(o.get("selected")), "text": o["text"], "value": o["value"]}
        for o in variable.get("options") or ()
    ]
    migrated["current"] = chosen(variable)


def _other(variable: Json, migrated: Json) -> None:
    """A type that grafanalib does not know: only nulls go."""
    migrated.update({key: value for key, value in variable.items() if value is not None})


_BY_TYPE: dict[str, Callable[[Json, Json], None]] = {
    "query": _query,
    "custom": _custom,
    "interval": _interval,
    "datasource": _datasource,
    "textbox": _text,
    "constant": _constant,
    "adhoc": _adhoc,
    "switch": _switch,
}

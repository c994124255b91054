"""Find the keys for template variables, annotations and links."""

from collections.abc import Callable
from typing import Any

import msgspec

from dashgen.compile.lower.lower_variables import HIDE, REFRESH, SORT
from dashgen.compile.settle.check_dashboard import picker_findings
from dashgen.core.json_values import Json, items, make_patch, mapping, text
from dashgen.importer.import_data_sources import SourceNames
from dashgen.model.base import fields_of
from dashgen.model.colors import is_color
from dashgen.model.custom_values import custom_options
from dashgen.model.dashboard_spec import DashboardAnnotation, DashboardLink, TimePicker
from dashgen.model.patterns import pattern_problem
from dashgen.model.times import USERS_ZONE, interval_problem, zone_problem
from dashgen.model.variable_spec import VARIABLE_TYPES
from dashgen.query.query_context import references

_NAMES_OF_HIDE = {number: name for name, number in HIDE.items()}
_NAMES_OF_SORT = {number: name for name, number in SORT.items()}
_NAMES_OF_REFRESH = {number: name for name, number in REFRESH.items()}
_LOKI = "LokiVariableQueryEditor-VariableQuery"


def variable_keys(goal: Json, names: SourceNames, default: str | None) -> Json:
    """The keys of a variable; what they do not say goes to ``raw:``.

    Before: ``{"type": "interval", "name": "step", "query": "1m,5m", "current": {"value": "5m", …}, …}``
    After: ``{"type": "interval", "name": "step", "values": ["1m", "5m"], "default": "5m"}``
    """
    kind = goal["type"]
    spec_type = kind if kind in VARIABLE_TYPES else "textbox"
    keys: Json = {"type": spec_type} if spec_type != "query" else {}
    keys["name"] = goal["name"]
    keys |= {key: goal[key] for key in ("label", "description") if text(goal.get(key))}
    # A constant is hidden anyway.
    hide = _NAMES_OF_HIDE.get(goal.get("hide", 0), "nothing")
    if hide != "nothing" and not (kind == "constant" and hide == "variable"):
        keys["hide"] = hide
    if kind in ("query", "adhoc"):
        source = mapping(goal.get("datasource"))
        if source and (alias := names.alias(source)) != default:
            keys["datasource"] = alias
    keys |= _BY_TYPE[spec_type](goal) if kind in VARIABLE_TYPES else {}
    return fitting_keys(keys, VARIABLE_TYPES[spec_type], ("type",))


# The build refuses some values of the right type: those stay as they are, in `raw:`.
_READABLE: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("Dashboard", "timezone"): lambda zone: zone == USERS_ZONE or not zone_problem(zone),
    ("Dashboard", "time_picker"): lambda picker: (
        not list(picker_findings(msgspec.convert(picker, TimePicker)))
    ),
    ("DashboardAnnotation", "color"): is_color,
    ("DashboardAnnotation", "step"): lambda step: not interval_problem(step),
    ("QueryVariable", "regex"): lambda regex: bool(references(regex)) or not pattern_problem(regex),
    ("DatasourceVariable", "regex"): lambda regex: bool(references(regex)) or not pattern_problem(regex),
    ("IntervalVariable", "auto_min"): lambda text: not interval_problem(text),
}


def fitting_keys(keys: Json, model: type[msgspec.Struct], apart: tuple[str, ...] = ()) -> Json:
    """Only the keys with values that the model takes; ``apart`` has the keys that are no fields of it."""
    kinds = {f.name: f.type for f in fields_of(model)}
    fit = {}
    for key, value in keys.items():
        try:
            if key not in apart:
                msgspec.convert(value, kinds[key])
            readable = _READABLE.get((model.__name__, key))
            if readable is None or readable(value):
                fit[key] = value
        except msgspec.ValidationError:
            continue
    return fit


def _choice(goal: Json) -> Json:
    keys: Json = {}
    if goal.get("multi"):
        keys["multi"] = True
    if goal.get("includeAll"):
        keys["include_all"] = True
    if text(goal.get("allValue")):
        keys["all_value"] = goal["allValue"]
    return keys | _default(goal)


def _default(goal: Json) -> Json:
    value = mapping(goal.get("current")).get("value")
    if value in (None, "", []):
        return {}
    if value in ("$__all", ["$__all"]):
        return {"default": "all"}
    if isinstance(value, list) and len(value) == 1:
        return {"default": value[0]}
    return {"default": value}


def _query(goal: Json) -> Json:
    keys: Json = {"query": _variable_query(goal)}
    if text(goal.get("regex")):
        keys["regex"] = goal["regex"]
    sort = _NAMES_OF_SORT.get(goal.get("sort", 0), "none")
    if sort != "alphabetical":
        keys["sort"] = sort
    if goal.get("refresh") != REFRESH["time"]:
        keys["refresh"] = _NAMES_OF_REFRESH.get(goal.get("refresh", 1), "load")
    return keys | _choice(goal)


def _variable_query(goal: Json) -> str:
    query, definition = goal.get("query"), text(goal.get("definition"))
    if isinstance(query, str):
        return query
    # Loki's editor has a query in parts; specs have it as the text of Prometheus' functions.
    fields = mapping(query)
    if fields.get("refId") == _LOKI or (fields.get("type") in (0, 1) and "stream" in fields):
        label, stream = text(fields.get("label")), text(fields.get("stream"))
        inside = f"{stream}, {label}" if stream else label
        return f"label_values({inside})" if fields.get("type") == 1 else "label_names()"
    return text(fields.get("query")) or definition


def _custom(goal: Json) -> Json:
    """The keys of a custom variable; values in JSON (``valuesFormat``) have none and stay in ``raw:``."""
    if goal.get("valuesFormat") == "json":
        return {"values": [], **{k: v for k, v in _choice(goal).items() if k != "default"}}
    query = text(goal.get("query"))
    entries = [entry for entry in custom_options(query) if any(entry)]
    plain = all(label == value for label, value in entries)
    keys: Json = {"values": [v for _, v in entries] if plain else dict(entries)}
    keys |= _choice(goal)
    values = [v for _, v in entries]
    first = "$__all" if goal.get("includeAll") else values[0] if values else ""
    if mapping(goal.get("current")).get("value") in (first, [first]):
        keys.pop("default", None)
    # The build refuses a default that is none of the values; what Grafana shows first is kept in `raw:`.
    offered = {*values, "all"} if goal.get("includeAll") else set(values)
    default = keys.get("default")
    if default is not None and not offered.issuperset(default if isinstance(default, list) else [default]):
        del keys["default"]
    return keys


def _interval(goal: Json) -> Json:
    values = [part.strip() for part in text(goal.get("query")).split(",") if part.strip()]
    keys: Json = {"values": values}
    if goal.get("auto"):
        keys["auto"] = True
    for key, default in (("auto_count", 30), ("auto_min", "10s")):
        if goal.get(key, default) != default:
            keys[key] = goal[key]
    chosen = mapping(goal.get("current")).get("value")
    return keys if values and chosen == values[0] else keys | _default(goal)


def _datasource(goal: Json) -> Json:
    keys: Json = {"plugin": text(goal.get("query"))}
    if text(goal.get("regex")):
        keys["regex"] = goal["regex"]
    return keys | _choice(goal)


def _textbox(goal: Json) -> Json:
    return {"default": goal["query"]} if text(goal.get("query")) else {}


def _switch(goal: Json) -> Json:
    options = [*items(goal.get("options")), {}, {}][:2]
    on, off = (text(mapping(option).get("value")) for option in options)
    pairs = (("on", on, "true"), ("off", off, "false"))
    keys: Json = {key: value for key, value, default in pairs if value != default}
    chosen = mapping(goal.get("current")).get("value")
    return {**keys, "default": on} if chosen == on else keys


def _constant(goal: Json) -> Json:
    return {"value": text(goal.get("query"))}


def _adhoc(goal: Json) -> Json:
    return {"filters": goal["filters"]} if items(goal.get("filters")) else {}


_BY_TYPE: dict[str, Callable[[Json], Json]] = {
    "adhoc": _adhoc,
    "constant": _constant,
    "custom": _custom,
    "datasource": _datasource,
    "interval": _interval,
    "query": _query,
    "switch": _switch,
    "textbox": _textbox,
}


def annotation_keys(goal: Json, names: SourceNames, default: str | None) -> Json:
    """The keys of an annotation query; what they do not say goes to ``raw:``.

    Before: ``{"name": "Launches", "datasource": {…}, "target": {"expr": "launches"}, "iconColor": "blue",
    …}``
    After: ``{"name": "Launches", "query": "launches"}``
    """
    source = mapping(goal.get("datasource"))
    target = mapping(goal.get("target"))
    keys: Json = {"name": goal["name"]}
    if source:
        alias = names.alias(source)
        query = text(target.get("expr")) or text(goal.get("expr")) or text(target.get("query"))
        if alias != default or not query:
            keys["datasource"] = alias
        if query:
            keys["query"] = query
    tags = [tag for tag in items(target.get("tags")) if isinstance(tag, str)]
    if tags:
        keys["tags"] = tags
    pairs = {
        "titleFormat": "title", "textFormat": "text", "tagKeys": "tag_keys", "enable": "enable",
        "hide": "hide",
    }  # fmt: skip
    defaults: Json = {"enable": True, "hide": False}
    keys |= {word: goal[key] for key, word in pairs.items() if key in goal and goal[key] != defaults.get(key)}
    if target.get("matchAny") is True:
        keys["match_any"] = True
    if isinstance(target.get("limit"), int) and target["limit"] not in (0, 100):
        keys["limit"] = target["limit"]
    if text(target.get("interval")):
        keys["step"] = target["interval"]
    if goal.get("iconColor") != "blue":
        keys["color"] = goal.get("iconColor")
    if not keys.get("query") and not tags:
        # The build refuses an annotation without a query and tags; `raw:` takes these tags away again.
        keys["tags"] = [goal["name"]]
    return fitting_keys(keys, DashboardAnnotation)


def link_keys(goal: Json) -> Json:
    """The keys of a link at the top of a dashboard.

    Before: ``{"type": "link", "title": "Runbooks", "url": "/d/runbooks", "keepTime": true,
    "includeVars": true}``
    After: ``{"title": "Runbooks", "dashboard": "runbooks"}``
    """
    keys: Json = {}
    if text(goal.get("title")):
        keys["title"] = goal["title"]
    url = text(goal.get("url"))
    if goal.get("type") == "dashboards":
        keys["tags"] = goal.get("tags")
        if goal.get("asDropdown"):
            keys["dropdown"] = True
    elif url.startswith("/d/") and url.count("/") == 2 and not set(url) & set("?$#"):
        keys["dashboard"] = url.removeprefix("/d/")
    else:
        keys["url"] = url
    if goal.get("icon") != "external link":
        keys["icon"] = goal.get("icon")
    if text(goal.get("tooltip")):
        keys["tooltip"] = goal["tooltip"]
    for key, word, default in (
        ("keepTime", "keep_time", True),
        ("includeVars", "keep_variables", True),
        ("targetBlank", "new_tab", False),
    ):
        if bool(goal.get(key)) != default:
            keys[word] = not default
    return fitting_keys(keys, DashboardLink)


def without_derived(item: Json) -> Json:
    """A variable without what Grafana derives: most options, and ``skipUrlSync`` of constants."""
    kind = item.get("type")
    derived = {"options"} if kind in VARIABLE_TYPES and kind != "switch" else set()
    derived |= {"skipUrlSync"} if kind == "constant" else set()
    return {key: value for key, value in item.items() if key not in derived}


def settle_variables(specs: list[Json], built: list[Json], goal: list[Json]) -> None:
    """Put into ``raw:`` what the keys of variables do not say.

    Args:
        specs: the keys of the variables; changed.
        built: what they build to.
        goal: what they should build to.
    """
    by_name = {item["name"]: item for item in built}
    spec = {item["name"]: item for item in specs}
    for item in goal:
        needed = without_derived(item)
        raw = make_patch(without_derived(by_name[item["name"]]), needed)
        # The build refuses an empty query, unless `raw:` has one too.
        if spec[item["name"]].get("query") == "":
            raw.setdefault("query", needed.get("query", ""))
        if raw:
            spec[item["name"]]["raw"] = raw

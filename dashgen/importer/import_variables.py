"""Template variables, annotations and links in the words of specs."""

from collections.abc import Callable
from typing import Any

import msgspec

from dashgen.compile.lower.lower_variables import HIDE, REFRESH, SORT
from dashgen.compile.settle.check_dashboard import picker_faults
from dashgen.core.json_values import Json, items, mapping, text
from dashgen.importer.import_data_sources import SourceNames
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


def variable(wanted: Json, names: SourceNames, default: str | None) -> Json:
    """What a spec says of a variable; what no word can say is found by comparing."""
    kind = wanted["type"]
    known = kind if kind in VARIABLE_TYPES else "textbox"
    words: Json = {"type": known} if known != "query" else {}
    words["name"] = wanted["name"]
    for key in ("label", "description"):
        if text(wanted.get(key)) and not (key == "label" and wanted[key] == wanted["name"]):
            words[key] = wanted[key]
    if text(wanted.get("label")) == wanted["name"]:
        words["label"] = wanted["label"]
    hide = _NAMES_OF_HIDE.get(wanted.get("hide", 0), "nothing")
    if hide != "nothing" and not (kind == "constant" and hide == "variable"):
        words["hide"] = hide
    if kind in ("query", "adhoc"):
        source = mapping(wanted.get("datasource"))
        if source and (alias := names.alias(source)) != default:
            words["datasource"] = alias
    words |= _BY_TYPE[known](wanted) if kind in VARIABLE_TYPES else {}
    return fitting(words, VARIABLE_TYPES[known], ("type",))


# Values of the right type that the build refuses all the same: they stay as they are, in ``raw:``.
_READABLE: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("Dashboard", "timezone"): lambda zone: zone == USERS_ZONE or not zone_problem(zone),
    ("Dashboard", "time_picker"): lambda picker: not list(picker_faults(msgspec.convert(picker, TimePicker))),
    ("DashboardAnnotation", "color"): is_color,
    ("DashboardAnnotation", "step"): lambda step: not interval_problem(step),
    ("QueryVariable", "regex"): lambda regex: bool(references(regex)) or not pattern_problem(regex),
    ("DatasourceVariable", "regex"): lambda regex: bool(references(regex)) or not pattern_problem(regex),
    ("IntervalVariable", "auto_min"): lambda text: not interval_problem(text),
}


def fitting(words: Json, model: type[msgspec.Struct], apart: tuple[str, ...] = ()) -> Json:
    """Only words with values that they take."""
    kinds = {f.name: f.type for f in msgspec.structs.fields(model)}
    found = {}
    for key, value in words.items():
        try:
            if key not in apart:
                msgspec.convert(value, kinds[key])
            readable = _READABLE.get((model.__name__, key))
            if readable is None or readable(value):
                found[key] = value
        except msgspec.ValidationError:
            continue
    return found


def _choice(wanted: Json) -> Json:
    words: Json = {}
    if wanted.get("multi"):
        words["multi"] = True
    if wanted.get("includeAll"):
        words["include_all"] = True
    if text(wanted.get("allValue")):
        words["all_value"] = wanted["allValue"]
    return words | _default(wanted)


def _default(wanted: Json) -> Json:
    value = mapping(wanted.get("current")).get("value")
    if value in (None, "", []):
        return {}
    if value in ("$__all", ["$__all"]):
        return {"default": "all"}
    if isinstance(value, list) and len(value) == 1:
        return {"default": value[0]}
    return {"default": value}


def _query(wanted: Json) -> Json:
    words: Json = {"query": _variable_query(wanted)}
    if text(wanted.get("regex")):
        words["regex"] = wanted["regex"]
    sort = _NAMES_OF_SORT.get(wanted.get("sort", 0), "none")
    if sort != "alphabetical":
        words["sort"] = sort
    if wanted.get("refresh") != REFRESH["time"]:
        words["refresh"] = _NAMES_OF_REFRESH.get(wanted.get("refresh", 1), "load")
    return words | _choice(wanted)


def _variable_query(wanted: Json) -> str:
    query, definition = wanted.get("query"), text(wanted.get("definition"))
    if isinstance(query, str):
        return query
    asked = mapping(query)
    if asked.get("refId") == _LOKI or (asked.get("type") in (0, 1) and "stream" in asked):
        label, stream = text(asked.get("label")), text(asked.get("stream"))
        inside = f"{stream}, {label}" if stream else label
        return f"label_values({inside})" if asked.get("type") == 1 else "label_names()"
    return text(asked.get("query")) or definition


def _custom(wanted: Json) -> Json:
    """A custom variable; values in JSON (``valuesFormat``) have no words and stay in ``raw:``."""
    if wanted.get("valuesFormat") == "json":
        return {"values": [], **{k: v for k, v in _choice(wanted).items() if k != "default"}}
    query = text(wanted.get("query"))
    entries = [entry for entry in custom_options(query) if any(entry)]
    plain = all(label == value for label, value in entries)
    words: Json = {"values": [v for _, v in entries] if plain else dict(entries)}
    words |= _choice(wanted)
    values = [v for _, v in entries]
    first = "$__all" if wanted.get("includeAll") else values[0] if values else ""
    if mapping(wanted.get("current")).get("value") in (first, [first]):
        words.pop("default", None)
    offered = {*values, "all"} if wanted.get("includeAll") else set(values)
    default = words.get("default")
    if default is not None and not offered.issuperset(default if isinstance(default, list) else [default]):
        del words["default"]  # the build refuses it; what Grafana shows first is kept in ``raw:``
    return words


def _interval(wanted: Json) -> Json:
    values = [part.strip() for part in text(wanted.get("query")).split(",") if part.strip()]
    words: Json = {"values": values}
    if wanted.get("auto"):
        words["auto"] = True
    for key, default in (("auto_count", 30), ("auto_min", "10s")):
        if wanted.get(key, default) != default:
            words[key] = wanted[key]
    chosen = mapping(wanted.get("current")).get("value")
    return words if values and chosen == values[0] else words | _default(wanted)


def _datasource(wanted: Json) -> Json:
    words: Json = {"plugin": text(wanted.get("query"))}
    if text(wanted.get("regex")):
        words["regex"] = wanted["regex"]
    return words | _choice(wanted)


def _textbox(wanted: Json) -> Json:
    return {"default": wanted["query"]} if text(wanted.get("query")) else {}


def _switch(wanted: Json) -> Json:
    on, off = (text(option.get("value")) for option in _two(wanted))
    words: Json = {
        key: value for key, value, usual in (("on", on, "true"), ("off", off, "false")) if value != usual
    }
    chosen = mapping(wanted.get("current")).get("value")
    return {**words, "default": on} if chosen == on else words


def _two(wanted: Json) -> list[Json]:
    return [*(mapping(option) for option in items(wanted.get("options"))[:2]), {}, {}][:2]


def _constant(wanted: Json) -> Json:
    return {"value": text(wanted.get("query"))}


def _adhoc(wanted: Json) -> Json:
    return {"filters": wanted["filters"]} if items(wanted.get("filters")) else {}


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


def annotation(wanted: Json, names: SourceNames, default: str | None) -> Json:
    """What a spec says of an annotation query."""
    source = mapping(wanted.get("datasource"))
    target = mapping(wanted.get("target"))
    words: Json = {"name": wanted["name"]}
    if source:
        alias = names.alias(source)
        asked = text(target.get("expr")) or text(wanted.get("expr")) or text(target.get("query"))
        if alias != default or not asked:
            words["datasource"] = alias
        if asked:
            words["query"] = asked
    tags = [tag for tag in items(target.get("tags")) if isinstance(tag, str)]
    if tags:
        words["tags"] = tags
    pairs = {
        "titleFormat": "title", "textFormat": "text", "tagKeys": "tag_keys", "enable": "enable", "hide": "hide",
    }  # fmt: skip
    defaults: Json = {"enable": True, "hide": False}
    words |= {
        word: wanted[key] for key, word in pairs.items() if key in wanted and wanted[key] != defaults.get(key)
    }
    if target.get("matchAny") is True:
        words["match_any"] = True
    if isinstance(target.get("limit"), int) and target["limit"] not in (0, 100):
        words["limit"] = target["limit"]
    if text(target.get("interval")):
        words["step"] = target["interval"]
    if wanted.get("iconColor") != "blue":
        words["color"] = wanted.get("iconColor")
    if not words.get("query") and not tags:
        words["tags"] = [wanted["name"]]  # taken back by ``raw:``: an annotation has to ask for something
    return fitting(words, DashboardAnnotation)


def link(wanted: Json) -> Json:
    """What a spec says of a link at the top of a dashboard."""
    words: Json = {}
    if text(wanted.get("title")):
        words["title"] = wanted["title"]
    url = text(wanted.get("url"))
    if wanted.get("type") == "dashboards":
        words["tags"] = wanted.get("tags")
        if wanted.get("asDropdown"):
            words["dropdown"] = True
    elif url.startswith("/d/") and url.count("/") == 2 and not set(url) & set("?$#"):
        words["dashboard"] = url.removeprefix("/d/")
    else:
        words["url"] = url
    if wanted.get("icon") != "external link":
        words["icon"] = wanted.get("icon")
    if text(wanted.get("tooltip")):
        words["tooltip"] = wanted["tooltip"]
    for key, word, default in (
        ("keepTime", "keep_time", True),
        ("includeVars", "keep_variables", True),
        ("targetBlank", "new_tab", False),
    ):
        if bool(wanted.get(key)) != default:
            words[word] = not default
    return fitting(words, DashboardLink)


def said(item: Json) -> Json:
    """A variable without what Grafana derives: the options of most types, and that constants are in no address."""
    kind = item.get("type")
    derived = {"options"} if kind in VARIABLE_TYPES and kind != "switch" else set()
    derived |= {"skipUrlSync"} if kind == "constant" else set()
    return {key: value for key, value in item.items() if key not in derived}

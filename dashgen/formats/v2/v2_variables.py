"""Variables in both forms."""

from collections.abc import Callable
from typing import Final

from dashgen.core.json_values import Json, is_whole, mapping, mappings, scalar_text, text, whole
from dashgen.formats.json_shapes import names
from dashgen.formats.v2.v2_queries import data_query, data_source_keys, query_and_source

KINDS: Final = {
    "QueryVariable": "query", "TextVariable": "textbox", "ConstantVariable": "constant",
    "DatasourceVariable": "datasource",
    "IntervalVariable": "interval", "CustomVariable": "custom", "GroupByVariable": "groupby",
    "AdhocVariable": "adhoc", "SwitchVariable": "switch",
}  # fmt: skip
"""The types of classic variables by the kinds of schema v2."""
HIDE: Final = ("dontHide", "hideLabel", "hideVariable", "inControlsMenu")
REFRESH: Final = ("never", "onDashboardLoad", "onTimeRangeChanged")
SORT: Final = names(
    "disabled alphabeticalAsc alphabeticalDesc numericalAsc numericalDesc alphabeticalCaseInsensitiveAsc",
    "alphabeticalCaseInsensitiveDesc naturalAsc naturalDesc",
)
_AS_TEXT = "__legacyStringValue"
_COPIED = names(
    "name label description skipUrlSync current options multi includeAll allValue regex regexApplyTo",
    "definition allowCustomValue staticOptions staticOptionsOrder placeholder query auto auto_count",
    "auto_min valuesFormat filters baseFilters defaultKeys defaultValue enableGroupBy origin",
)
_NOTHING: tuple[object, ...] = (None, "", [], {}, False)
_KEPT = ("placeholder", "origin")


def classic_variable(variable: Json) -> Json:
    """One variable in the classic form, empty when it is of a kind that the form does not have.

    Before: ``{"kind": "IntervalVariable", "spec": {"name": "step", "query": "1m,5m", "hide": "dontHide"}}``
    After: ``{"type": "interval", "name": "step", "query": "1m,5m", "hide": 0}``
    """
    kind = KINDS.get(text(variable.get("kind")))
    spec = mapping(variable.get("spec"))
    if kind is None or not text(spec.get("name")):
        return {}
    classic: Json = {"type": kind}
    # The new schema writes every key of a kind, also those without a value.
    classic |= {key: spec[key] for key in _COPIED if key in spec and spec[key] not in _NOTHING}
    if spec.get("allowCustomValue") is False:
        classic["allowCustomValue"] = False
    classic["hide"] = _index(HIDE, spec.get("hide"))
    if "refresh" in spec:
        classic["refresh"] = _index(REFRESH, spec.get("refresh"), 1)
    if text(spec.get("sort")) in SORT:
        classic["sort"] = SORT.index(spec["sort"])
    return {**classic, **_READERS[kind](variable, spec)} if kind in _READERS else classic


def _index(values: tuple[str, ...], value: object, default: int = 0) -> int:
    return values.index(value) if isinstance(value, str) and value in values else default


def _read_query(_variable: Json, spec: Json) -> Json:
    source, model = query_and_source(mapping(spec.get("query")), spec.get("datasource"))
    # A query that was a text before is an object with that text under a key of its own.
    is_text = bool(model) and set(model) <= {_AS_TEXT, "refId"}
    query_keys: Json = {"query": model.get(_AS_TEXT, "") if is_text or not model else model}
    return {**query_keys, "datasource": source} if source else query_keys


def _read_data_source(_variable: Json, spec: Json) -> Json:
    return {"query": text(spec.get("pluginId"))}


def _read_filter(variable: Json, spec: Json) -> Json:
    source, _ = query_and_source(variable, spec.get("datasource"))
    # The kind of the variable stands where a query has its plugin.
    if source.get("type") in KINDS:
        del source["type"]
    return {"datasource": source} if source else {}


def _read_group_by(variable: Json, spec: Json) -> Json:
    # Unlike other variables, this one lets several values be chosen unless it forbids it.
    single = {"multi": False} if spec.get("multi") is False else {}
    return {**_read_filter(variable, spec), **single}


def _read_switch(_variable: Json, spec: Json) -> Json:
    on, off = text(spec.get("enabledValue")) or "true", text(spec.get("disabledValue")) or "false"
    chosen = spec.get("current") if spec.get("current") in (on, off) else off
    options = [{"text": value, "value": value, "selected": value == chosen} for value in (on, off)]
    return {"current": {"text": chosen, "value": chosen}, "options": options}


_READERS = {
    "query": _read_query,
    "datasource": _read_data_source,
    "adhoc": _read_filter,
    "groupby": _read_group_by,
    "switch": _read_switch,
}


def v2_variable(variable: Json) -> Json:
    """A classic variable in schema v2, with every key that it requires; empty for a type that it lacks."""
    kinds = {kind: name for name, kind in KINDS.items()}
    kind = text(variable.get("type")) or "query"
    if kind not in kinds or not text(variable.get("name")):
        return {}
    spec: Json = {"name": variable["name"], "hide": HIDE[_bounded(variable.get("hide"), HIDE)]}
    spec["skipUrlSync"] = variable.get("skipUrlSync") is True
    spec |= {key: variable[key] for key in ("label", "description") if text(variable.get(key))}
    spec |= {key: variable[key] for key in _KEPT if variable.get(key)}
    spec |= _WRITERS[kind](variable)
    # Filters name their data source beside their kind.
    beside = data_source_keys(variable.get("datasource")) if kind in ("adhoc", "groupby") else {}
    return {"kind": kinds[kind], **beside, "spec": spec}


def _bounded(value: object, values: tuple[str, ...]) -> int:
    index = whole(value)
    return index if 0 <= index < len(values) else 0


def _selection(value: object, default: object = "") -> Json:
    current = mapping(value)
    chosen = _texts(current.get("value", default))
    return {"text": _texts(current.get("text", chosen)) or chosen, "value": chosen}


def _texts(value: object) -> str | list[str]:
    """Values as texts: schema v2 has no others."""
    if isinstance(value, list):
        return [scalar_text(item) for item in value if scalar_text(item)]
    if isinstance(value, bool):
        return str(value).lower()
    return scalar_text(value)


def _option(option: Json) -> Json:
    chosen = _selection(option)
    properties = {"properties": option["properties"]} if mapping(option.get("properties")) else {}
    return {**chosen, "selected": option.get("selected") is True, **properties}


def _options(value: object) -> list[Json]:
    return [_option(option) for option in mappings(value)]


def _choice(variable: Json) -> Json:
    choice: Json = {
        "current": _selection(variable.get("current")),
        "options": _options(variable.get("options")),
        "multi": variable.get("multi") is True,
        "includeAll": variable.get("includeAll") is True,
        "allowCustomValue": variable.get("allowCustomValue") is not False,
    }
    return {**choice, "allValue": variable["allValue"]} if text(variable.get("allValue")) else choice


def _write_query(variable: Json) -> Json:
    query = variable.get("query")
    model = query if isinstance(query, dict) else {_AS_TEXT: query} if text(query) else {}
    written: Json = {
        **_choice(variable),
        "refresh": REFRESH[_bounded(variable.get("refresh"), REFRESH)],
        "query": data_query(model, variable.get("datasource")),
        "regex": text(variable.get("regex")),
        "sort": SORT[_bounded(variable.get("sort"), SORT)],
    }
    for key in ("regexApplyTo", "definition", "staticOptionsOrder"):
        if text(variable.get(key)):
            written[key] = variable[key]
    static = _options(variable.get("staticOptions"))
    return {**written, "staticOptions": static} if static else written


def _write_data_source(variable: Json) -> Json:
    return {
        **_choice(variable),
        "pluginId": text(variable.get("query")),
        "refresh": REFRESH[_bounded(variable.get("refresh"), REFRESH)],
        "regex": text(variable.get("regex")),
    }


def _write_custom(variable: Json) -> Json:
    written = {**_choice(variable), "query": text(variable.get("query"))}
    values = variable.get("valuesFormat")
    return {**written, "valuesFormat": values} if values in ("csv", "json") else written


def _write_text(variable: Json) -> Json:
    # The value of a text box or constant is its query; Grafana reads its selection first.
    value = scalar_text(variable.get("query"))
    return {"query": value, "current": _selection(variable.get("current"), value)}


def _write_interval(variable: Json) -> Json:
    count = variable.get("auto_count")
    return {
        "query": text(variable.get("query")),
        "current": _selection(variable.get("current")),
        "options": _options(variable.get("options")),
        "auto": variable.get("auto") is True,
        "auto_min": text(variable.get("auto_min")),
        "auto_count": int(count) if isinstance(count, str) and is_whole(count) else whole(count),
        "refresh": "onTimeRangeChanged",
    }


def _write_switch(variable: Json) -> Json:
    values = [_selection(option)["value"] for option in mappings(variable.get("options"))]
    on, off = (
        text(value) or usual for value, usual in zip([*values, "", ""], ("true", "false"), strict=False)
    )
    chosen = _selection(variable.get("current"))["value"]
    current = chosen if chosen in (on, off) else off
    return {"current": current, "enabledValue": on, "disabledValue": off}


def _write_filter(variable: Json) -> Json:
    written: Json = {key: mappings(variable.get(key)) for key in ("baseFilters", "filters", "defaultKeys")}
    written["allowCustomValue"] = variable.get("allowCustomValue") is not False
    return {**written, "enableGroupBy": True} if variable.get("enableGroupBy") is True else written


def _write_group_by(variable: Json) -> Json:
    written: Json = {
        "current": _selection(variable.get("current")),
        "options": _options(variable.get("options")),
        "multi": variable.get("multi") is not False,
    }
    default = mapping(variable.get("defaultValue"))
    return {**written, "defaultValue": _selection(default)} if default else written


_WRITERS: dict[str, Callable[[Json], Json]] = {
    "query": _write_query,
    "datasource": _write_data_source,
    "custom": _write_custom,
    "textbox": _write_text,
    "constant": _write_text,
    "interval": _write_interval,
    "switch": _write_switch,
    "adhoc": _write_filter,
    "groupby": _write_group_by,
}

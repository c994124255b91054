"""Variables of the new dashboard schema in the classic form."""

from dashgen.core.json_values import Json, mapping, text
from dashgen.formats.json_shapes import names
from dashgen.formats.upgrade.v2_queries import query_and_source

_KINDS = {
    "QueryVariable": "query", "TextVariable": "textbox", "ConstantVariable": "constant",
    "DatasourceVariable": "datasource",
    "IntervalVariable": "interval", "CustomVariable": "custom", "GroupByVariable": "groupby",
    "AdhocVariable": "adhoc", "SwitchVariable": "switch",
}  # fmt: skip
_HIDE = {"dontHide": 0, "hideLabel": 1, "hideVariable": 2, "inControlsMenu": 3}
_REFRESH = {"never": 0, "onDashboardLoad": 1, "onTimeRangeChanged": 2}
_SORT = {
    "disabled": 0, "alphabeticalAsc": 1, "alphabeticalDesc": 2, "numericalAsc": 3, "numericalDesc": 4,
    "alphabeticalCaseInsensitiveAsc": 5, "alphabeticalCaseInsensitiveDesc": 6, "naturalAsc": 7,
    "naturalDesc": 8,
}  # fmt: skip
_AS_TEXT = "__legacyStringValue"
_COPIED = names(
    "name label description skipUrlSync current options multi includeAll allValue regex regexApplyTo",
    "definition allowCustomValue staticOptions staticOptionsOrder placeholder query auto auto_count",
    "auto_min valuesFormat filters baseFilters defaultKeys defaultValue enableGroupBy",
)
_NOTHING: tuple[object, ...] = (None, "", [], {}, False)


def classic_variable(variable: Json) -> Json:
    """One variable in the classic form, empty when it is of a kind that the form does not have.

    Before: ``{"kind": "IntervalVariable", "spec": {"name": "step", "query": "1m,5m", "hide": "dontHide"}}``
    After: ``{"type": "interval", "name": "step", "query": "1m,5m", "hide": 0}``
    """
    kind = _KINDS.get(text(variable.get("kind")))
    spec = mapping(variable.get("spec"))
    if kind is None or not text(spec.get("name")):
        return {}
    classic: Json = {"type": kind}
    # The new schema writes every key of a kind, also those without a value.
    classic |= {key: spec[key] for key in _COPIED if key in spec and spec[key] not in _NOTHING}
    if spec.get("allowCustomValue") is False:
        classic["allowCustomValue"] = False
    classic["hide"] = _HIDE.get(text(spec.get("hide")), 0)
    if "refresh" in spec:
        classic["refresh"] = _REFRESH.get(text(spec.get("refresh")), 1)
    if text(spec.get("sort")) in _SORT:
        classic["sort"] = _SORT[spec["sort"]]
    return {**classic, **_BY_KIND[kind](variable, spec)} if kind in _BY_KIND else classic


def _query(_variable: Json, spec: Json) -> Json:
    source, model = query_and_source(mapping(spec.get("query")), spec.get("datasource"))
    # A query that was a text before is an object with that text under a key of its own.
    query_keys: Json = {"query": model.get(_AS_TEXT, model) if set(model) <= {_AS_TEXT, "refId"} else model}
    return {**query_keys, "datasource": source} if source else query_keys


def _data_source(_variable: Json, spec: Json) -> Json:
    return {"query": text(spec.get("pluginId"))}


def _queried(variable: Json, spec: Json) -> Json:
    source, _ = query_and_source(variable, spec.get("datasource"))
    # The kind of the variable stands where a query has its plugin.
    if source.get("type") in _KINDS:
        del source["type"]
    return {"datasource": source} if source else {}


def _switch(_variable: Json, spec: Json) -> Json:
    on, off = text(spec.get("enabledValue")) or "true", text(spec.get("disabledValue")) or "false"
    chosen = spec.get("current") if spec.get("current") in (on, off) else off
    options = [{"text": value, "value": value, "selected": value == chosen} for value in (on, off)]
    return {"current": {"text": chosen, "value": chosen}, "options": options}


_BY_KIND = {
    "query": _query,
    "datasource": _data_source,
    "adhoc": _queried,
    "groupby": _queried,
    "switch": _switch,
}

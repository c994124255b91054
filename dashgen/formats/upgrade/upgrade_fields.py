"""Upgrade field options: mappings, thresholds, cells and links of earlier versions."""

from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.dashboard.panel_types import cell_options
from dashgen.formats.legacy.legacy_values import number, value_mappings

# The variables in the addresses of links were renamed in the steps 20 and 21 of DashboardMigrator.ts.
_OLD_LINK_VARIABLES = (
    (lazy_pattern(r"__series_name\b"), "__series.name"),
    (lazy_pattern(r"__field_name\b"), "__field.name"),
    (lazy_pattern(r"__value_time\b"), "__value.time"),
    (lazy_pattern(r"__series\.labels\b"), "__field.labels"),
)
_WITH_FIXED_COLOR = ("fixed", "shades", "gradient")
_MOVED = ("unit", "decimals", "min", "max", "title", "links", "mappings", "thresholds", "noValue", "color")
_LIKE_ABSENT: tuple[Any, ...] = (None, "", [], {})
_COLORED_BY_THRESHOLDS = ("stat", "gauge", "bargauge", "state-timeline", "status-history")
_LINE = {"fill": "solid"}


def field_options(options: Json, config: Json) -> tuple[Json, Json]:
    """Move what Grafana 6 had in ``options.fieldOptions`` to where it belongs.

    Before: ``{"fieldOptions": {"calcs": ["mean"], "defaults": {"unit": "s"}, "thresholds": […]}}``, ``{}``
    After: ``{"reduceOptions": {"calcs": ["mean"], …}}``, ``{"defaults": {"unit": "s", "thresholds": {…}},
    …}``
    """
    old_field_options = options.get("fieldOptions")
    if not isinstance(old_field_options, dict):
        return options, config
    options = {key: value for key, value in options.items() if key != "fieldOptions"}
    reduce = {
        "calcs": old_field_options.get("calcs") or ["mean"],
        "fields": "",
        "values": bool(old_field_options.get("values")),
    }
    options.setdefault("reduceOptions", reduce)
    old_options = mapping(old_field_options.get("defaults"))
    defaults = {key: old_options[key] for key in _MOVED if old_options.get(key) is not None}
    for key in ("mappings", "thresholds"):
        if key not in defaults and old_field_options.get(key):
            defaults[key] = old_field_options[key]
    if isinstance(defaults.get("thresholds"), list):
        defaults["thresholds"] = {"mode": "absolute", "steps": defaults["thresholds"]}
    if text(defaults.get("title")):
        defaults["displayName"] = defaults["title"]
    defaults.pop("title", None)
    overrides = mappings(old_field_options.get("overrides"))
    return options, {
        "defaults": {**defaults, **mapping(config.get("defaults"))},
        "overrides": [*mappings(config.get("overrides")), *overrides],
    }


def defaults_of(config: Json, kind: str) -> Json:
    """The field options that hold for all fields, in today's form."""
    defaults = {k: v for k, v in mapping(config.get("defaults")).items() if v not in _LIKE_ABSENT}
    defaults.pop("description", None)
    if "noValue" in defaults and not isinstance(defaults["noValue"], str):
        defaults["noValue"] = str(defaults["noValue"])  # Grafana shows a number as its text
    if "mappings" in defaults:
        defaults["mappings"] = today_mappings(defaults["mappings"])
    if "thresholds" in defaults:
        defaults["thresholds"] = today_thresholds(defaults["thresholds"])
    if mappings(defaults.get("links")):
        defaults["links"] = [data_link(link) for link in mappings(defaults["links"])]
    if color := mapping(defaults.get("color")):
        defaults["color"] = read_color(color)
    defaults.pop("unitScale", None)
    custom = {k: v for k, v in mapping(defaults.get("custom")).items() if v is not None}
    if isinstance(custom.get("hideFrom"), dict):
        custom["hideFrom"] = _hidden(custom["hideFrom"])
    if kind == "timeseries" and custom.get("lineStyle") == _LINE:
        del custom["lineStyle"]
    if kind == "table":
        custom = _table_custom(custom)
    defaults["custom"] = custom
    return defaults


def read_color(color: Json) -> Json:
    """A colour without the fixed one that its mode makes no use of; the editor keeps that when modes change.

    Source: ``fieldColorModeRegistry`` in packages/grafana-data/src/field/fieldColor.ts at 09f85c0f.
    """
    if color.get("mode") in _WITH_FIXED_COLOR:
        return color
    return {key: value for key, value in color.items() if key != "fixedColor"}


def fill_thresholds(fields: Json, kind: str) -> None:
    """Add Grafana's own thresholds to fields without any, for types that show them."""
    # The default of the field option `thresholds`: green, and red from 80.
    mode = mapping(fields.get("color")).get("mode", "thresholds")
    if not fields.get("thresholds") and mode == "thresholds" and kind in _COLORED_BY_THRESHOLDS:
        steps = [{"color": "green", "value": None}, {"color": "red", "value": 80}]
        fields["thresholds"] = {"mode": "absolute", "steps": steps}


def _table_custom(custom: Json) -> Json:
    """The custom options of a table, whose display modes are cell types since Grafana 9.5."""
    upgraded = {"align": "auto", **custom}
    mode = upgraded.pop("displayMode", None)
    if text(mode) and "cellOptions" not in upgraded:
        upgraded["cellOptions"] = cell_options(mode)
    return upgraded


def overrides_of(config: Json, kind: str, *, whole_tooltip: bool) -> list[Json]:
    """The overrides in today's form.

    Before: ``{"matcher": {…}, "properties": [{"id": "custom.displayMode", "value": "color-text"}]}``
    After: ``{"matcher": {…}, "properties": [{"id": "custom.cellOptions", "value": {"type": "color-text"}}]}``

    Args:
        config: the field options.
        kind: the panel's type.
        whole_tooltip: whether a series that is hidden in the graph is hidden in the tooltip, as it was before
            version 42.
    """
    overrides = []
    for item in mappings(config.get("overrides")):
        properties = [
            _property(p, kind, whole_tooltip=whole_tooltip)
            for p in mappings(item.get("properties"))
            if "id" in p and (p["id"] != "thresholds" or isinstance(p.get("value"), dict))
        ]
        upgraded = {"matcher": mapping(item.get("matcher")), "properties": properties}
        if item.get("__systemRef"):
            upgraded["__systemRef"] = item["__systemRef"]
        overrides.append(upgraded)
    return overrides


def _property(old_property: Json, kind: str, *, whole_tooltip: bool) -> Json:
    name, value = text(old_property["id"]), old_property.get("value")
    if name == "custom.displayMode" and kind == "table" and isinstance(value, str):
        return {"id": "custom.cellOptions", "value": cell_options(value)}
    if name == "mappings":
        return {"id": name, "value": today_mappings(value)}
    if name == "thresholds" and isinstance(value, dict):
        return {"id": name, "value": today_thresholds(value)}
    if name == "links":
        return {"id": name, "value": [data_link(link) for link in mappings(value)]}
    if name == "custom.hideFrom" and isinstance(value, dict):
        full = {"legend": False, "tooltip": False, "viz": False, **_hidden(value)}
        hidden = full["tooltip"] or (full["viz"] and whole_tooltip)
        return {"id": name, "value": {**full, "tooltip": bool(hidden)}}
    if name == "custom.align" and value is None:
        return {"id": name, "value": "auto"}
    if name == "custom.stacking" and isinstance(value, dict) and not isinstance(value.get("group", ""), str):
        value = {**value, "group": "A"}  # Grafana's own migration of graphs wrote true and false there
    return {"id": name, "value": value} if "value" in old_property else {"id": name}


def _hidden(parts: Json) -> Json:
    """The parts that a series is hidden in; ``viz`` was called ``graph`` in Grafana 7."""
    if "graph" not in parts:
        return parts
    return {**{key: value for key, value in parts.items() if key != "graph"}, "viz": parts["graph"]}


def today_thresholds(old_thresholds: object) -> Json:
    """Thresholds whose base has no value, as it holds from minus infinity.

    Before: ``{"steps": [{"color": "green", "value": 0}, {"color": "red", "value": "80"}]}``
    After: ``{"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red",
    "value": 80}]}``
    """
    steps = []
    for step in mappings(mapping(old_thresholds).get("steps")):
        value = step.get("value")
        upgraded = value if isinstance(value, int | float) and not isinstance(value, bool) else number(value)
        by_variable = {"valueExpr": step["valueExpr"]} if text(step.get("valueExpr")) else {}
        steps.append({"color": text(step.get("color")) or "green", "value": upgraded, **by_variable})
    if not steps:
        return {}
    steps[0]["value"] = None
    return {"mode": mapping(old_thresholds).get("mode") or "absolute", "steps": steps}


def today_mappings(old_mappings: object) -> list[Json]:
    """Value mappings in today's form.

    Before: ``[{"type": 1, "value": "0", "text": "down"}, {"type": 2, "from": "1", "to": "5",
    "text": "low"}]``
    After: ``[{"type": "value", "options": {"0": {"text": "down", …}}}, {"type": "range",
    "options": {"from": 1, …}}]``
    """
    # Before Grafana 8 each value had a mapping of its own, with a number for its type: 1 a value, 2 a range.
    mappings_of_today = mappings(old_mappings)
    old = [
        item for item in mappings_of_today if not isinstance(item.get("type"), str) or "options" not in item
    ]
    if not old:
        return _numbered(mappings_of_today)
    singles = [item for item in old if item.get("type") != 2 and "value" in item]
    ranges = [item for item in old if item.get("type") == 2]
    current = [item for item in mappings_of_today if item not in old]
    return _numbered([*current, *_grouped(value_mappings(singles, ranges))])


def _numbered(value_mappings_of_panel: list[Json]) -> list[Json]:
    """Mappings whose results are numbered from 0: the numbers have no meaning but their order."""
    copies = [{**item, "options": _copied(item)} for item in value_mappings_of_panel]
    results = [result for item in copies for result in _results(item)]
    are_numbered = all(isinstance(result.get("index", 0), int) for result in results)
    order = sorted(results, key=lambda result: result.get("index", 0)) if are_numbered else results
    for count, result in enumerate(order):
        result["index"] = count
    return copies


def _copied(item: Json) -> Json:
    options = mapping(item.get("options"))
    if item["type"] == "value":
        return {key: dict(mapping(result)) for key, result in options.items()}
    return {**options, "result": dict(mapping(options.get("result")))}


def _results(item: Json) -> list[Json]:
    options = item["options"]
    return list(options.values()) if item["type"] == "value" else [options["result"]]


def _grouped(old_mappings: list[Json]) -> list[Json]:
    """Mappings with all single values in one of them, as Grafana's editor writes them."""
    values: Json = {}
    other_mappings = []
    for item in old_mappings:
        if item["type"] == "value":
            values.update(item["options"])
        else:
            other_mappings.append(item)
    return [{"type": "value", "options": values}, *other_mappings] if values else other_mappings


def data_link(old_link: Json) -> Json:
    """A link on a value, with today's variables in its address.

    Before: ``{"url": "/d/x?var-job=${__series_name}", "targetBlank": false}``
    After: ``{"title": "", "url": "/d/x?var-job=${__series.name}"}``
    """
    url = text(old_link.get("url"))
    for pattern, variable in _OLD_LINK_VARIABLES:
        url = pattern.sub(variable, url)
    link = {**old_link, "title": text(old_link.get("title")), "url": url}
    return {key: value for key, value in link.items() if value not in (None, False)}

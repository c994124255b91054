"""A classic dashboard as Grafana 13 shows it at `v2`: its converter, with all that it adds and leaves out.

From Grafana's source, each fact read in apps/dashboard/pkg/migration/conversion: v1_to_v2alpha1.go (commit 000803cd),
v2alpha1_to_v2beta1.go (0ad2d6d1) and v2beta1_to_v2.go (5a45c339), which run one after the other. Written for the fake
alone: nothing of `dashgen/formats/v2` is used, so that each tests the other.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

Json = dict[str, Any]

_INTERVALS = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"]
_CURSOR = {1: "Crosshair", 2: "Tooltip"}
HIDES = ("dontHide", "hideLabel", "hideVariable", "inControlsMenu")
REFRESHES = ("never", "onDashboardLoad", "onTimeRangeChanged")
SORTS = (
    "disabled", "alphabeticalAsc", "alphabeticalDesc", "numericalAsc", "numericalDesc",
    "alphabeticalCaseInsensitiveAsc", "alphabeticalCaseInsensitiveDesc", "naturalAsc", "naturalDesc",
)  # fmt: skip
LEGACY_TEXT = "__legacyStringValue"
_LINK_FLAGS = ("asDropdown", "targetBlank", "includeVars", "keepTime")
# `knownPanelProperties`: what else a panel has goes to its options, for the migration of Angular panels.
_KNOWN_OF_PANEL = frozenset(
    [
        "type",
        "id",
        "pluginVersion",
        "targets",
        "title",
        "description",
        "transparent",
        "datasource",
        "gridPos",
        "links",
        "repeat",
        "repeatDirection",
        "maxPerRow",
        "maxDataPoints",
        "transformations",
        "interval",
        "timeFrom",
        "timeShift",
        "hideTimeOverride",
        "timeCompare",
        "libraryPanel",
        "cacheTimeout",
        "queryCachingTTL",
        "options",
        "fieldConfig",
        "autoMigrateFrom",
    ]
)
_FIELD_TEXTS = ("description", "displayName", "displayNameFromDS", "noValue", "path", "unit", "nullValueMode")
_FIELD_NUMBERS = ("decimals", "max", "min")
_FIELD_FLAGS = ("filterable", "writeable", "fieldMinMax")
_ANNOTATION_KEYS = frozenset(
    [
        "name",
        "datasource",
        "enable",
        "hide",
        "iconColor",
        "filter",
        "target",
        "builtIn",
        "type",
        "mappings",
        "placement",
    ]
)


def as_v2_spec(classic: Json) -> Json:
    """The `spec` at `v2` of a dashboard that is stored as classic JSON."""
    dashboard = deepcopy(classic)
    _number_panels(dashboard)
    elements, layout = _elements_and_layout(dashboard.get("panels"))
    spec = {
        "annotations": [_annotation(a) for a in _objects((dashboard.get("annotations") or {}).get("list"))],
        "cursorSync": _CURSOR.get(dashboard.get("graphTooltip"), "Off"),
        "editable": dashboard["editable"] if isinstance(dashboard.get("editable"), bool) else True,
        "elements": elements,
        "layout": layout,
        "links": [_dashboard_link(link) for link in _objects(dashboard.get("links"))],
        "liveNow": dashboard.get("liveNow") is True,
        "preload": dashboard.get("preload") is True,
        "tags": [tag for tag in dashboard.get("tags") or [] if isinstance(tag, str)],
        "timeSettings": _time_settings(dashboard),
        "title": dashboard.get("title", ""),
        "variables": [
            v for v in map(_variable, _objects((dashboard.get("templating") or {}).get("list"))) if v
        ],
    }
    return {**spec, **_texts(dashboard, "description")}


def _objects(items: Any) -> list[Json]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _texts(source: Json, *keys: str) -> Json:
    return {key: source[key] for key in keys if isinstance(source.get(key), str) and source[key]}


def _number_panels(dashboard: Json) -> None:
    """`EnsurePanelsHaveUniqueIds`: a panel without a number, or with one that is taken, gets the next free one."""
    panels = [
        p for panel in _objects(dashboard.get("panels")) for p in (panel, *_objects(panel.get("panels")))
    ]
    taken: set[int] = set()
    fresh = count(1 + max((p["id"] for p in panels if isinstance(p.get("id"), int)), default=0))
    for panel in panels:
        if not isinstance(panel.get("id"), int) or panel["id"] in taken or panel["id"] == 0:
            panel["id"] = next(fresh)
        taken.add(panel["id"])


def _time_settings(dashboard: Json) -> Json:
    time, picker = dashboard.get("time") or {}, dashboard.get("timepicker") or {}
    timezone = dashboard.get("timezone")
    settings = {
        "timezone": timezone if isinstance(timezone, str) else "browser",
        "from": time.get("from") or "now-6h",
        "to": time.get("to") or "now",
        "autoRefresh": dashboard["refresh"] if isinstance(dashboard.get("refresh"), str) else "",
        "autoRefreshIntervals": picker.get("refresh_intervals") or _INTERVALS,
        "hideTimepicker": picker.get("hidden") is True,
        "fiscalYearStartMonth": int(dashboard.get("fiscalYearStartMonth") or 0),
        **_texts(dashboard, "weekStart"),
        **_texts(picker, "nowDelay"),
    }
    if isinstance(picker.get("quick_ranges"), list):
        settings["quickRanges"] = picker["quick_ranges"]
    return settings


def _dashboard_link(link: Json) -> Json:
    return {
        "title": link.get("title", ""),
        "type": link.get("type") or "link",
        "icon": link.get("icon", ""),
        "tooltip": link.get("tooltip", ""),
        "tags": link.get("tags") or [],
        **{flag: link.get(flag) is True for flag in _LINK_FLAGS},
        **{key: link[key] for key in ("url", "placement") if isinstance(link.get(key), str)},
    }


def _elements_and_layout(panels: Any) -> tuple[Json, Json]:
    listed = _objects(panels)
    elements: Json = {}
    if any(panel.get("type") == "row" for panel in listed):
        rows = list(_rows(listed, elements))
        return elements, {"kind": "RowsLayout", "spec": {"rows": rows}}
    items = [_item(panel, elements) for panel in listed]
    return elements, {"kind": "GridLayout", "spec": {"items": items}}


def _rows(panels: Iterable[Json], elements: Json) -> Iterator[Json]:
    """Rows by their headers; what is above the first one comes into a row with a hidden header."""
    row: Json | None = None
    row_y = 0
    for panel in panels:
        if panel.get("type") != "row":
            if row is None:
                row_y = -1
                row = _row("", [_item(panel, elements, 0)], collapsed=False, hideHeader=True)
            else:
                row["spec"]["layout"]["spec"]["items"].append(_item(panel, elements, _below(panel, row_y)))
            continue
        if row is not None:
            yield row
        row_y = int((panel.get("gridPos") or {}).get("y", row_y))
        inner = [_item(child, elements, _below(child, row_y)) for child in _objects(panel.get("panels"))]
        repeat = panel.get("repeat")
        more = {"repeat": {"mode": "variable", "value": repeat}} if repeat else {}
        row = _row(panel.get("title", ""), inner, collapsed=panel.get("collapsed") is True, **more)
    if row is not None:
        yield row


def _below(panel: Json, row_y: int) -> int:
    grid = panel.get("gridPos")
    return int(grid.get("y", 0)) - row_y - 1 if isinstance(grid, dict) else 0


def _row(title: str, items: list[Json], *, collapsed: bool, **more: Any) -> Json:
    layout = {"kind": "GridLayout", "spec": {"items": items}}
    return {
        "kind": "RowsLayoutRow",
        "spec": {"title": title, "collapse": collapsed, "layout": layout, **more},
    }


def _item(panel: Json, elements: Json, y: int | None = None) -> Json:
    """The place of a panel; the panel itself goes to the elements."""
    name = f"panel-{panel['id']}"
    elements[name] = _element(panel)
    grid = panel.get("gridPos") or {}
    spec: Json = {
        "x": int(grid.get("x", 0)),
        "y": int(grid.get("y", 0)) if y is None else y,
        "width": int(grid.get("w", 6)),
        "height": int(grid.get("h", 3)),
        "element": {"kind": "ElementReference", "name": name},
    }
    if panel.get("repeat"):
        spec["repeat"] = {"mode": "variable", "value": panel["repeat"]}
        if panel.get("repeatDirection") in ("h", "v"):
            spec["repeat"]["direction"] = panel["repeatDirection"]
        if int(panel.get("maxPerRow") or 0) > 0:
            spec["repeat"]["maxPerRow"] = panel["maxPerRow"]
    return {"kind": "GridLayoutItem", "spec": spec}


def _element(panel: Json) -> Json:
    library = panel.get("libraryPanel")
    if isinstance(library, dict):
        reference = {"uid": library.get("uid", ""), "name": library.get("name", "")}
        spec = {"id": panel["id"], "title": panel.get("title", ""), "libraryPanel": reference}
        return {"kind": "LibraryPanel", "spec": spec}
    data = {
        "queries": list(_queries(panel)),
        "transformations": [_transformation(t) for t in _objects(panel.get("transformations"))],
        "queryOptions": _query_options(panel),
    }
    transparent = {"transparent": True} if panel.get("transparent") is True else {}
    return {
        "kind": "Panel",
        "spec": {
            "id": panel["id"],
            "title": panel.get("title", ""),
            "description": panel.get("description", ""),
            "links": [_panel_link(link) for link in _objects(panel.get("links"))],
            "data": {"kind": "QueryGroup", "spec": data},
            "vizConfig": _looks(panel),
            **transparent,
        },
    }


def _panel_link(link: Json) -> Json:
    blank = {"targetBlank": link["targetBlank"] is True} if "targetBlank" in link else {}
    return {"title": link.get("title", ""), "url": link.get("url", ""), **blank}


def _queries(panel: Json) -> Iterator[Json]:
    targets = _objects(panel.get("targets"))
    taken = {target.get("refId") for target in targets}
    free = (name for name in _letters() if name not in taken)
    panel_uid, panel_type = _source(panel.get("datasource"))
    panel_type = panel_type or None
    for target in targets:
        uid, type_ = _source(target.get("datasource"))
        is_expression = "__expr__" in (uid, type_)
        rules = panel_uid not in ("", "-- Mixed --") and not is_expression and uid != panel_uid
        if rules:
            # The panel's data source counts before that of its query.
            uid, type_ = panel_uid, panel_type or type_
        spec = {key: value for key, value in target.items() if key not in ("refId", "hide", "datasource")}
        yield {
            "kind": "PanelQuery",
            "spec": {
                "query": _query(type_, uid, spec),
                "refId": target.get("refId") or next(free),
                "hidden": target.get("hide") is True,
            },
        }


def _letters() -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    yield from (one + other for one in letters for other in letters)


def _source(source: Any) -> tuple[str, str]:
    """The uid and the type of a data source; a text counts only when it is a variable."""
    if isinstance(source, dict):
        uid, type_ = source.get("uid") or "", source.get("type") or ""
        return ("grafana" if type_ == "datasource" and not uid else uid), type_
    return (source, "") if isinstance(source, str) and source.startswith("$") else ("", "")


def _query(type_: str, uid: str, spec: Json) -> Json:
    named = {"datasource": {"name": uid}} if uid else {}
    return {"kind": "DataQuery", "group": type_ or "", "version": "v0", **named, "spec": spec}


def _transformation(transformation: Json) -> Json:
    spec: Json = {"options": transformation.get("options")}
    if transformation.get("disabled") is True:
        spec["disabled"] = True
    spec |= {key: transformation[key] for key in ("filter", "topic", "refId") if key in transformation}
    return {"kind": "Transformation", "group": transformation.get("id", ""), "spec": spec}


def _query_options(panel: Json) -> Json:
    options: Json = _texts(panel, "cacheTimeout", "interval", "timeFrom", "timeShift", "timeCompare")
    if int(panel.get("maxDataPoints") or 0) > 0:
        options["maxDataPoints"] = int(panel["maxDataPoints"])
    if panel.get("hideTimeOverride") is True:
        options["hideTimeOverride"] = True
    if isinstance(panel.get("queryCachingTTL"), int):
        options["queryCachingTTL"] = panel["queryCachingTTL"]
    return options


def _looks(panel: Json) -> Json:
    options = dict(panel.get("options") or {})
    unknown = {key: value for key, value in panel.items() if key not in _KNOWN_OF_PANEL}
    came_from = panel.get("autoMigrateFrom") or (panel.get("type") if unknown else "")
    if came_from:
        options["__angularMigration"] = {"autoMigrateFrom": came_from, "originalOptions": unknown}
    fields = panel.get("fieldConfig") or {}
    looks = {
        "options": options,
        "fieldConfig": {
            "defaults": _field_defaults(fields.get("defaults") or {}),
            "overrides": [_override(one) for one in _objects(fields.get("overrides"))],
        },
    }
    version = panel.get("pluginVersion") or ""
    return {
        "kind": "VizConfig",
        "group": panel.get("type") or "timeseries",
        "version": version,
        "spec": looks,
    }


def _field_defaults(defaults: Json) -> Json:
    """What the schema has of a field; all else is dropped."""
    kept = {key: defaults[key] for key in _FIELD_TEXTS if isinstance(defaults.get(key), str)}
    numbers = ((key, defaults.get(key)) for key in _FIELD_NUMBERS)
    kept |= {key: value for key, value in numbers if isinstance(value, int | float)}
    kept |= {key: defaults[key] for key in _FIELD_FLAGS if isinstance(defaults.get(key), bool)}
    kept |= {key: defaults[key] for key in ("links", "actions") if isinstance(defaults.get(key), list)}
    kept |= {key: defaults[key] for key in ("custom",) if defaults.get(key)}
    if isinstance(defaults.get("color"), dict):
        keys = ("mode", "fixedColor", "seriesBy", "gradientColorTo")
        kept["color"] = {key: defaults["color"][key] for key in keys if key in defaults["color"]}
    if defaults.get("mappings"):
        kept["mappings"] = defaults["mappings"]
    if isinstance(defaults.get("thresholds"), dict):
        kept["thresholds"] = _thresholds(defaults["thresholds"])
    return kept


def _thresholds(thresholds: Json) -> Json:
    steps = [
        {"value": step.get("value"), "color": step.get("color", ""), **_texts(step, "valueExpr")}
        for step in _objects(thresholds.get("steps"))
    ]
    return {"mode": thresholds.get("mode", ""), "steps": steps}


def _override(override: Json) -> Json:
    matcher = override.get("matcher") or {}
    shown = {"id": matcher.get("id", ""), **{k: matcher[k] for k in ("options", "scope") if k in matcher}}
    properties = [
        {"id": one.get("id", ""), "value": one.get("value")} for one in _objects(override.get("properties"))
    ]
    reference = _texts(override, "__systemRef")
    return {**reference, "matcher": shown, "properties": properties}


def _annotation(annotation: Json) -> Json:
    source = annotation.get("datasource")
    uid, type_ = (source.get("uid", ""), source.get("type", "")) if isinstance(source, dict) else ("", "")
    target = annotation.get("target")
    spec: Json = {
        "query": _query(type_, uid if type_ else "", target if isinstance(target, dict) else {}),
        "enable": annotation.get("enable") is True,
        "hide": annotation.get("hide") is True,
        "iconColor": annotation.get("iconColor") or "",
        "name": annotation.get("name", ""),
        **{key: annotation[key] for key in ("filter", "mappings", "placement") if annotation.get(key)},
    }
    if annotation.get("builtIn") is not None:
        spec["builtIn"] = bool(annotation["builtIn"])
    legacy = {key: value for key, value in annotation.items() if key not in _ANNOTATION_KEYS}
    legacy |= _texts(annotation, "type")
    return {"kind": "AnnotationQuery", "spec": {**spec, **({"legacyOptions": legacy} if legacy else {})}}


def _variable(variable: Json) -> Json | None:
    """A variable, or nothing of one whose type the schema does not have."""
    made = _VARIABLES.get(str(variable.get("type")))
    if made is None:
        return None
    kind, keys = made
    spec = {
        "name": variable.get("name", ""),
        "hide": _choice(HIDES, variable.get("hide")),
        "skipUrlSync": variable.get("skipUrlSync") is True,
        **_texts(variable, "label", "description"),
    }
    for key in keys:
        spec |= _PARTS[key](variable)
    named: Json = {}
    if kind in ("AdhocVariable", "GroupByVariable"):
        uid, type_ = _source(variable.get("datasource"))
        named = {"group": type_, **({"datasource": {"name": uid}} if uid else {})}
    return {"kind": kind, **named, "spec": spec}


def _choice(names: tuple[str, ...], value: Any) -> str:
    if isinstance(value, str):
        return value if value in names else names[0]
    return names[int(value)] if isinstance(value, int) and 0 <= value < len(names) else names[0]


def _option(option: Any) -> Json:
    shown = option if isinstance(option, dict) else {}
    return {"text": _text_or_list(shown.get("text")), "value": _text_or_list(shown.get("value"))}


def _text_or_list(value: Any) -> Any:
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    return value if isinstance(value, str) else ""


def _options(options: Any) -> list[Json]:
    return [
        {
            **_option(one),
            "selected": one.get("selected") is True,
            **({"properties": p} if (p := one.get("properties")) else {}),
        }
        for one in _objects(options)
    ]


def _variable_query(variable: Json) -> Json:
    uid, type_ = _source(variable.get("datasource"))
    query = variable.get("query")
    spec = (
        query if isinstance(query, dict) else {LEGACY_TEXT: query} if query and isinstance(query, str) else {}
    )
    return {"query": _query(type_, uid, spec)}


def _switch_values(variable: Json) -> Json:
    values = [one.get("value") or one.get("text") or "" for one in _objects(variable.get("options"))]
    on, off = (*values, *("true", "false")[len(values) :])[:2]
    current = variable.get("current") or {}
    return {
        "current": current.get("value") or off,
        "enabledValue": on or "true",
        "disabledValue": off or "false",
    }


def _filters(variable: Json) -> Json:
    keys = [
        {"text": one, "value": one} if isinstance(one, str) else one
        for one in variable.get("defaultKeys") or []
    ]
    listed = {key: variable.get(key) or [] for key in ("baseFilters", "filters")}
    grouped = {"enableGroupBy": variable["enableGroupBy"]} if "enableGroupBy" in variable else {}
    return {**listed, "defaultKeys": keys, **grouped}


_PARTS = {
    "current": lambda v: {"current": _option(v.get("current"))},
    "options": lambda v: {"options": _options(v.get("options"))},
    "multi": lambda v: {"multi": v.get("multi") is True},
    "all": lambda v: {"includeAll": v.get("includeAll") is True, **_texts(v, "allValue")},
    "custom": lambda v: {"allowCustomValue": v.get("allowCustomValue") is not False},
    "regex": lambda v: {"regex": v.get("regex") or "", **_texts(v, "regexApplyTo")},
    "refresh": lambda v: {"refresh": _choice(REFRESHES, v.get("refresh"))},
    "sort": lambda v: {"sort": _choice(SORTS, v.get("sort"))},
    "definition": lambda v: {"definition": v["definition"]} if isinstance(v.get("definition"), str) else {},
    "static": lambda v: {
        **({"staticOptions": _options(s)} if (s := v.get("staticOptions")) else {}),
        **_texts(v, "staticOptionsOrder", "placeholder"),
    },
    "query": _variable_query,
    "text": lambda v: {"query": v["query"] if isinstance(v.get("query"), str) else ""},
    "plugin": lambda v: {"pluginId": v["query"] if isinstance(v.get("query"), str) else ""},
    "format": lambda v: _texts(v, "valuesFormat"),
    "auto": lambda v: {
        "auto": v.get("auto") is True,
        "auto_min": v.get("auto_min") or "",
        "auto_count": int(v.get("auto_count") or 0),
        "refresh": "onTimeRangeChanged",
    },
    "constant": lambda v: {
        "current": _option(v.get("current") or {"text": v.get("query"), "value": v.get("query")})
    },
    "switch": _switch_values,
    "filters": _filters,
    "default": lambda v: {"defaultValue": _option(d)} if (d := v.get("defaultValue")) else {},
}
_VARIABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "query": (
        "QueryVariable",
        (
            "current",
            "options",
            "multi",
            "all",
            "custom",
            "regex",
            "refresh",
            "sort",
            "definition",
            "static",
            "query",
        ),
    ),
    "datasource": (
        "DatasourceVariable",
        ("current", "options", "multi", "all", "custom", "regex", "refresh", "plugin"),
    ),
    "custom": ("CustomVariable", ("current", "options", "multi", "all", "custom", "text", "format")),
    "constant": ("ConstantVariable", ("text", "constant")),
    "interval": ("IntervalVariable", ("current", "options", "text", "auto")),
    "textbox": ("TextVariable", ("current", "text")),
    "switch": ("SwitchVariable", ("switch",)),
    "adhoc": ("AdhocVariable", ("custom", "filters")),
    "groupby": ("GroupByVariable", ("current", "options", "multi", "default")),
}

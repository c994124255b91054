"""What is special about panel types: a function for each that has something to correct or complete."""

from collections.abc import Callable
from typing import TypeAlias

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.plain_objects import as_json
from dashgen.formats.panel_options import (
    AXIS_CUSTOM,
    BAR_CUSTOM,
    BAR_GAUGE_OPTIONS,
    CELL_OPTIONS,
    CODE,
    DASHLIST_KEYS,
    GAUGE_OPTIONS,
    GRAPH_CUSTOM,
    STAT_OPTIONS,
    TABLE_OPTIONS,
)

Complete: TypeAlias = Callable[[Json, Json, Json], Json | None]

FIELDLESS = frozenset({"text", "dashlist", "alertlist", "annolist", "news", "welcome", "gettingstarted"})
"""Types that draw no fields."""
BARE = {
    "logs": (),
    "traces": (),
    "flamegraph": (),
    "nodeGraph": (),
    "heatmap": ("custom",),
}
"""Types that draw fields without thresholds, colours and mappings, and the field options that they have."""
PALETTE = frozenset({"timeseries", "barchart", "piechart", "histogram", "candlestick", "xychart", "trend"})
"""Types that give each series a colour of its own."""


def default_color(kind: str) -> Json:
    """The colour of fields that name none, which Grafana fills in when it loads a panel.

    Source: ``applyFieldConfigDefaults`` in public/app/features/dashboard/state/getPanelOptionsWithDefaults.ts
    at 1c4921e2.

    Args:
        kind: the panel's type.
    """
    return {"mode": "palette-classic" if kind in PALETTE else "thresholds"}


def legend(old: Json | None) -> Json:
    """A legend with ``showLegend``.

    Before: ``{"displayMode": "hidden", "placement": "bottom", "calcs": []}``
    After: ``{"showLegend": false, "displayMode": "list", "placement": "bottom", "calcs": []}``
    """
    migrated: Json = {"showLegend": True, "displayMode": "list", "placement": "bottom", **(old or {})}
    # `hidden` was a display mode before there was `showLegend`; today's editor does not offer it.
    if migrated["displayMode"] == "hidden":
        migrated["displayMode"] = "list"
        migrated["showLegend"] = False
    migrated["calcs"] = list(migrated.get("calcs") or ())
    return migrated


def tooltip(old: Json | None) -> Json:
    """A tooltip with its order."""
    return {"mode": "single", "sort": "none", "hideZeros": False, **(old or {})}


def hide_from(old: Json | None) -> Json:
    """All three parts that a series can be left out of; out of the picture is out of the tooltip.

    Before: ``{"viz": true}``
    After: ``{"legend": false, "tooltip": true, "viz": true}``
    """
    migrated = {"legend": False, "tooltip": False, "viz": False, **(old or {})}
    # Since schemaVersion 42 Grafana shows hidden series in the tooltip unless they are hidden from it, too.
    if migrated["viz"]:
        migrated["tooltip"] = True
    return migrated


def scale(old: Json | None) -> Json:
    """How an axis is divided; a linear one has no base.

    Before: ``{"type": "linear", "log": 2}``
    After: ``{"type": "linear"}``
    """
    return {"type": "linear"} if not old or old.get("type") == "linear" else dict(old)


def _chart(_: Json, defaults: Json, options: Json) -> Json | None:
    options["legend"] = legend(options.get("legend"))
    options["tooltip"] = tooltip(options.get("tooltip"))
    defaults["custom"]["hideFrom"] = hide_from(defaults["custom"].get("hideFrom"))
    return None


def _graph(panel: Json, defaults: Json, options: Json) -> Json | None:
    """A graph with every key that Grafana's editor writes.

    Before: ``"stacking": {}``, ``"scaleDistribution": {"type": "linear", "log": 2}``, ``"axisSoftMin": null``
    After: ``"stacking": {"mode": "none", "group": "A"}``, ``"scaleDistribution": {"type": "linear"}``
    """
    custom = {**GRAPH_CUSTOM, **defaults["custom"]}
    custom["scaleDistribution"] = scale(custom.get("scaleDistribution"))
    custom["stacking"] = custom.get("stacking") or {"mode": "none", "group": "A"}
    custom["thresholdsStyle"] = custom.get("thresholdsStyle") or {"mode": "off"}
    defaults["custom"] = custom
    return _chart(panel, defaults, options)


def _barchart(panel: Json, defaults: Json, options: Json) -> Json | None:
    """Complete a bar chart whose colour is written once.

    Before: ``"color": {"mode": "palette-classic", "fixedColor": "none"}``
    After: ``"color": {"mode": "palette-classic"}``
    """
    # grafanalib's bar chart writes the colour `none`, which is not a colour.
    color = defaults.get("color") or {}
    if color.get("fixedColor") == "none":
        defaults["color"] = {"mode": color["mode"]}
    custom = {**BAR_CUSTOM, **defaults["custom"]}
    custom["scaleDistribution"] = scale(custom.get("scaleDistribution"))
    defaults["custom"] = custom
    _chart(panel, defaults, options)
    return {"fullHighlight": False, **options}


def _piechart(panel: Json, defaults: Json, options: Json) -> Json | None:
    _chart(panel, defaults, options)
    options["legend"].setdefault("values", [])
    options.setdefault("displayLabels", [])
    return None


def _histogram(panel: Json, defaults: Json, options: Json) -> Json | None:
    custom = {**AXIS_CUSTOM, **defaults["custom"]}
    custom["scaleDistribution"] = scale(custom.get("scaleDistribution"))
    custom["stacking"] = custom.get("stacking") or {"mode": "none", "group": "A"}
    defaults["custom"] = {"gradientMode": "none", **custom}
    return _chart(panel, defaults, options)


def _stat(_: Json, __: Json, options: Json) -> Json:
    options = {**STAT_OPTIONS, **options}
    options.setdefault("reduceOptions", {"calcs": ["lastNotNull"], "fields": "", "values": False})
    return options


def _gauge(panel: Json, defaults: Json, options: Json) -> Json:
    """A gauge whose calculation is an option of the panel, not of its fields.

    Before: ``"fieldConfig": {"defaults": {"calcs": ["mean"], "values": false, "limit": null, "override": {},
    "title": null, …}, "showThresholdLabels": false, "showThresholdMarkers": true}``
    After: ``"options": {"reduceOptions": {"calcs": ["mean"], "fields": "", "values": false}, …}``
    """
    config = panel.get("fieldConfig") or {}
    moved = {key: config[key] for key in ("showThresholdLabels", "showThresholdMarkers") if key in config}
    return _reduced(defaults, {**GAUGE_OPTIONS, **moved, **options})


def _bargauge(_: Json, defaults: Json, options: Json) -> Json:
    """A bar gauge with field options.

    Before: ``"options": {"fieldOptions": {"calcs": ["mean"], "defaults": {"unit": "s", …},
    "thresholds": […], …}}``
    After: ``"fieldConfig": {"defaults": {"unit": "s", …}}, "options": {"reduceOptions": {"calcs": ["mean"],
    …}}``
    """
    old = options.pop("fieldOptions", None)
    if old is not None:
        field_options = {
            **old["defaults"],
            **{key: old.get(key) for key in ("calcs", "limit", "mappings", "values")},
        }
        for key, value in field_options.items():
            if value not in (None, "", []) and key not in defaults:
                defaults[key] = value
        # Each thresholds belong to the panel in the newer classes, and to the field options in this one.
        if not (defaults.get("thresholds") or {}).get("steps"):
            defaults["thresholds"] = {"mode": "absolute", "steps": old.get("thresholds") or []}
    for key in ("showThresholdLabels", "showThresholdMarkers"):
        options.pop(key, None)
    return _reduced(defaults, {**BAR_GAUGE_OPTIONS, **options})


def _reduced(defaults: Json, options: Json) -> Json:
    """Take what grafanalib's gauges put among the field defaults."""
    calcs = defaults.pop("calcs", None) or ["lastNotNull"]
    field_options = {"calcs": calcs, "fields": "", "values": defaults.pop("values", False)}
    limit = defaults.pop("limit", None)
    if limit is not None:
        field_options["limit"] = limit
    defaults.pop("override", None)
    title = defaults.pop("title", None)
    if title:
        defaults.setdefault("displayName", title)
    options["reduceOptions"] = {**field_options, **(options.get("reduceOptions") or {})}
    return options


def _table(panel: Json, defaults: Json, options: Json) -> Json:
    """A table with cell options.

    Before: ``"custom": {"displayMode": "color-text", …}``, and beside ``options`` ``"color"``,
    ``"mappings"``,
    ``"columns"``, ``"fontSize"``
    After: ``"custom": {"cellOptions": {"type": "color-text"}, …}``,
    with the colour and mappings in ``fieldConfig``
    """
    custom = defaults["custom"]
    mode = custom.pop("displayMode", "auto") or "auto"
    defaults["custom"] = {"align": "auto", "cellOptions": cell_options(mode), "inspect": False, **custom}
    for key in ("color", "mappings"):
        if panel.get(key):
            defaults.setdefault(key, panel[key])
    options = {**TABLE_OPTIONS, **options}
    options["sortBy"] = [as_json(column) for column in options["sortBy"]]
    return _table_footer(defaults, options)


def cell_options(mode: str) -> Json:
    """The cell type of a display mode from before Grafana 9.5."""
    return dict(CELL_OPTIONS.get(mode) or {"type": mode})


def _table_footer(defaults: Json, options: Json) -> Json:
    """The footer belongs to the fields since Grafana 12.2.

    Before: ``"options": {"footer": {"show": true, "reducer": ["sum"], "enablePagination": true}}``
    After: ``"custom": {"footer": {"reducers": ["sum"]}}``, ``"options": {"enablePagination": true}``
    """
    footer = options.pop("footer", None)
    if not footer:
        return options
    if footer.get("enablePagination"):
        options["enablePagination"] = True
    if footer.get("show"):
        counted = footer.get("countRows") and footer.get("reducer") == ["count"]
        defaults["custom"]["footer"] = {"reducers": ["countAll"] if counted else footer.get("reducer") or []}
    return options


def _dashlist(panel: Json, _: Json, options: Json) -> Json:
    """A dashboard list whose options are options.

    Before: ``{"headings": true, "search": false, "recent": false, "starred": true, "limit": 10, "query": "",
    "tags": []}`` beside the title
    After: ``"options": {"showHeadings": true, "showSearch": false, …}``
    """
    old = {new: panel[key] for key, new in DASHLIST_KEYS.items() if key in panel}
    return {"includeVars": False, "keepTime": False, "showFolderNames": True, **old, **options}


def _news(_: Json, __: Json, options: Json) -> Json:
    return {key: value for key, value in options.items() if key != "useProxy"}


def _text(_: Json, __: Json, options: Json) -> Json:
    """A text of a mode that Grafana still has.

    Before: ``{"mode": "text", "content": "…"}``
    After: ``{"mode": "markdown", "content": "…", "code": {…}}``
    """
    migrated = {"mode": "markdown", "content": "", "code": dict(CODE), **options}
    if migrated["mode"] == "text":
        migrated["mode"] = "markdown"
    return migrated


TYPES: dict[str, Complete] = {
    "barchart": _barchart,
    "bargauge": _bargauge,
    "candlestick": _graph,
    "dashlist": _dashlist,
    "gauge": _gauge,
    "histogram": _histogram,
    "news": _news,
    "piechart": _piechart,
    "stat": _stat,
    "state-timeline": _chart,
    "status-history": _chart,
    "table": _table,
    "text": _text,
    "timeseries": _graph,
    "trend": _graph,
    "xychart": _chart,
}

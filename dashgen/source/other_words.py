"""Keys and values of Grafana's JSON and of other tools, and what the spec language has for them.

The one dictionary behind every hint about an unknown key or value, and behind the table "Grafana's JSON →
dashgen" of the reference. Keys that only differ in their form (``lineWidth`` and ``line_width``) need no
entry.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from dashgen.source.other_keys import KEYS

_PARTS = {
    "Query": ("query",), "Dashboard": ("dashboard",), "Row": ("row",), "Tab": ("tab",),
    "Gradient": ("gradient",), "AutoLayout": ("layout",),
    "ShowCondition": ("condition",), "Override": ("override",),
    "Column": ("override",), "DashboardAnnotation": ("annotation",), "Link": ("link",),
    "DashboardLink": ("link",), "AlertRule": ("alert",), "RecordingRule": ("recording rule",),
    "AlertRules": ("rule group",), "ContactPoint": ("contact point",), "Route": ("policy",),
    "Policies": ("policy",), "Interval": ("mute timing",), "MuteTiming": ("mute timing",),
    "InhibitionRule": ("inhibition rule",),
    "Notifications": ("notifications",), "DataSource": ("data source",), "Metric": ("metric",),
}  # fmt: skip
_PANEL_MARK, _VARIABLE_MARKS = "drill_down", ("label", "hide", "default")
PANEL_TYPES: Mapping[str, str] = {
    "graph": "timeseries", "line": "timeseries", "lines": "timeseries", "linechart": "timeseries",
    "chart": "timeseries", "area": "timeseries", "singlestat": "stat", "grafana-singlestat-panel": "stat",
    "number": "stat", "counter": "stat", "pie": "piechart", "donut": "piechart",
    "grafana-piechart-panel": "piechart", "markdown": "text", "html": "text", "note": "text",
    "bar": "barchart", "bars": "barchart", "column": "barchart", "table-old": "table",
    "grafana-worldmap-panel": "geomap", "worldmap": "geomap", "map": "geomap",
    "natel-discrete-panel": "state-timeline", "discrete": "state-timeline", "timeline": "state-timeline",
    "log": "logs", "trace": "traces", "scatter": "xychart", "flame": "flamegraph", "alerts": "alertlist",
    "alert": "alertlist", "dashboards": "dashlist", "annotations": "annolist", "pluginlist": "dashlist",
    "heatmap-new": "heatmap", "flant-statusmap-panel": "status-history", "library-panel": "library",
}  # fmt: skip
# Panel types whose Angular code Grafana 12 does not run (its `autoMigrateFrom`,
# public/app/plugins/panel/*/module.tsx).
ANGULAR = frozenset(
    {
        "graph", "singlestat", "grafana-singlestat-panel", "table-old", "grafana-piechart-panel",
        "grafana-worldmap-panel", "natel-discrete-panel",
    }
)  # fmt: skip
_PANEL_TYPE_HINTS = {
    "row": "rows are items of the dashboard's `rows:`, each with `title:` and `panels:`",
    "tab": "there are no tabs; write `rows:`",
    "tabs": "there are no tabs; write `rows:`",
}
VALUES: Mapping[str, str] = {
    "avg": "mean", "average": "mean", "current": "lastNotNull", "latest": "lastNotNull",
    "last_not_null": "lastNotNull", "total": "sum", "maximum": "max", "minimum": "min", "stddev": "stdDev",
    "std_dev": "stdDev", "len": "count", "time series": "time_series", "timeseries": "time_series",
    "off": "none", "no": "never", "left axis": "left", "error": "critical", "crit": "critical",
    "warn": "warning", "page": "critical", "keeplast": "keep_last", "nodata": "no_data",
    "staircase": "step-before", "steppre": "step-before", "steppost": "step-after", "dashes": "dash",
    "dots": "dot", "bar": "bars", "point": "points", "true": "always", "false": "never", "fill": "area",
    "crosshairs": "crosshair", "default": "single", "shared crosshair": "crosshair",
    "shared tooltip": "shared", "sunday": "sunday",
}  # fmt: skip


def snake(name: str) -> str:
    """A key in the form of the spec language: ``lineWidth`` and ``line-width`` are ``line_width``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace("-", "_")).lower()


def parts_of(title: str, names: Iterable[str]) -> tuple[str, ...]:
    """The parts of the language that a struct stands for, by its name and keys."""
    keys = set(names)
    if _PANEL_MARK in keys:
        return ("panel", "chart")
    if keys.issuperset(_VARIABLE_MARKS):
        return ("variable",)
    return _PARTS.get(title, ())


def key_hint(key: str, title: str, names: Iterable[str]) -> str:
    """What to write instead of a key that the spec language does not have here; empty when nothing is known.

    Args:
        key: the unknown key.
        title: the name of the struct that it stands in.
        names: the keys that the struct has.
    """
    keys = list(names)
    form = snake(key)
    for part in parts_of(title, keys):
        for word in KEYS[part]:
            if word.theirs in (key, form) and (
                not word.ours or not word.ours[0] or set(word.ours) & set(keys)
            ):
                return word.hint
    return f"did you mean `{form}`?" if form in keys else ""


def value_hint(value: str, choices: Iterable[str]) -> str:
    """The choice that a word of another language stands for; empty when none is known."""
    options = list(choices)
    plain = value.strip().lower()
    ours = VALUES.get(plain)
    if ours in options:
        return f"did you mean `{ours}`?"
    same = next((choice for choice in options if _plain(choice) == _plain(value)), None)
    return f"did you mean `{same}`?" if same is not None else ""


def object_hint(value: Mapping[str, object]) -> str:
    """What the spec language has for an object of Grafana's JSON where it takes no mapping; else empty."""
    if isinstance(uid := value.get("uid"), str) and value.keys() <= {"type", "uid"}:
        if uid.startswith("$"):
            return f"write `${uid.strip('${}')}`"
        return f"write `{value['type']}/{uid}`" if "type" in value else f"write `{uid}`"
    if not value.keys().isdisjoint(("displayMode", "showLegend", "placement")):
        return "write `legend_mode:`, `legend_placement:` and `legend_calcs:` on the panel"
    if "gradientColorTo" in value:
        return f"write `{{start: {value.get('fixedColor')}, end: {value['gradientColorTo']}}}`"
    if not value.keys().isdisjoint(("fixedColor", "seriesBy")):
        return f"write `{value.get('fixedColor') or value.get('mode')}`"
    if value.keys() == {"mode"}:
        return f"write `{value['mode']}`"
    return "write what is in its `list`" if value.keys() == {"list"} else ""


def panel_type_hint(kind: str, available: Iterable[str]) -> str:
    """What a word for a panel type means, or the type that it misspells.

    Empty for the id of another plugin.
    """
    types = list(available)
    fixed = _PANEL_TYPE_HINTS.get(kind.lower())
    if fixed:
        return fixed
    ours = PANEL_TYPES.get(kind.lower())
    forms = {_plain(name): name for name in types}
    ours = ours or forms.get(_plain(kind)) or PANEL_TYPES.get(_plain(kind))
    if ours is None:
        close = get_close_matches(_plain(kind), forms, n=1, cutoff=0.85 if "-" in kind else 0.7)
        ours = forms[close[0]] if close else None
    return f"did you mean `{ours}`?" if ours else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]", "", name).lower()

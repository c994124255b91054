"""Upgrade the table of Grafana 6 and before, whose columns had styles, to the one with field options.

Source: ``tablePanelChangedHandler`` in ``public/app/plugins/panel/table/migrations.ts`` of Grafana 12.
"""

import re

from dashgen.core.json_values import Json, items, mapping, mappings, text
from dashgen.formats.legacy.legacy_values import converted, number

_CELLS = {"cell": "color-background", "row": "color-background", "value": "color-text"}
_TRANSFORMS = {
    "json": "merge", "table": "merge", "timeseries_aggregations": "reduce",
    "timeseries_to_columns": "seriesToColumns",
    "timeseries_to_rows": "seriesToRows",
}  # fmt: skip
_CALCS = {
    "avg": "mean",
    "current": "lastNotNull",
    "total": "sum",
    "max": "max",
    "min": "min",
    "count": "count",
}
_ALL = "/.*/"
_OF_COLUMNS = ("custom.hideFrom.viz", "links")


def old_table(panel: Json) -> Json:
    """Today's table.

    Before: ``{"type": "table", "styles": [{"pattern": "Value", "type": "number", "unit": "s"}],
    "transform": "table"}``
    After: ``{"type": "table", "fieldConfig": {"overrides": [{"matcher": {"id": "byName",
    "options": "Value"}, …}]}}``
    """
    general: Json = {}
    overrides = []
    for style in mappings(panel.get("styles")):
        properties = _properties(style)
        if style.get("pattern") == _ALL:
            general = {name: value for name, value in properties.items() if name not in _OF_COLUMNS}
        elif properties:
            overrides.append(_override(text(style.get("pattern")), properties))
    defaults: Json = {"custom": {}}
    for name, value in general.items():
        target = defaults["custom"] if name.startswith("custom.") else defaults
        target[name.removeprefix("custom.")] = value
    options = {"showHeader": panel.get("showHeader", True) is not False}
    upgraded = converted(panel, "table", defaults, options, overrides)
    # Mappings belonged to the styles: those beside them are what another type of the panel left behind.
    upgraded["fieldConfig"]["defaults"].pop("mappings", None)
    if transformation := _transformation(panel):
        upgraded["transformations"] = [*mappings(panel.get("transformations")), transformation]
    return upgraded


def _override(pattern: str, properties: Json) -> Json:
    regex = len(pattern) > 1 and pattern[0] == pattern[-1] == "/"
    matcher = {"id": "byRegexp" if regex else "byName", "options": pattern}
    return {"matcher": matcher, "properties": [{"id": name, "value": v} for name, v in properties.items()]}


def _properties(style: Json) -> Json:
    properties: Json = {}
    if text(style.get("alias")):
        properties["displayName"] = style["alias"]
    if text(style.get("unit")):
        properties["unit"] = style["unit"]
    if isinstance(style.get("decimals"), int) and not isinstance(style["decimals"], bool):
        properties["decimals"] = style["decimals"]
    kind = style.get("type")
    if kind == "date":
        properties["unit"] = f"time: {text(style.get('dateFormat')) or 'YYYY-MM-DD HH:mm:ss'}"
    if kind == "hidden":
        properties["custom.hideFrom.viz"] = True
    if style.get("link") and text(style.get("linkUrl")):
        properties["links"] = [_link(style)]
    if cell := _CELLS.get(text(style.get("colorMode"))):
        properties["custom.cellOptions"] = {"type": cell}
    if text(style.get("align")) not in ("", "auto"):
        properties["custom.align"] = style["align"]
    if steps := _steps(style):
        properties["thresholds"] = {"mode": "absolute", "steps": steps}
    return properties


def _steps(style: Json) -> list[Json]:
    """The steps of thresholds: a style has a colour for values below all limits, and one for each limit."""
    limits, colors = items(style.get("thresholds")), items(style.get("colors"))
    bounds = [None, *(value for limit in limits if (value := number(limit)) is not None)] if limits else []
    return [{"color": color, "value": bound} for color, bound in zip(colors, bounds, strict=False)]


def _link(style: Json) -> Json:
    # `$__cell` was the value itself, `$__cell_2` that of the column with this number.
    url = re.sub(r"\$\{?__cell(?:_(\d+))?(?::\w+)?\}?", _cell, text(style["linkUrl"]))
    link: Json = {"title": text(style.get("linkTooltip")), "url": url}
    return {**link, "targetBlank": True} if style.get("linkTargetBlank") else link


def _cell(match: re.Match[str]) -> str:
    return f"${{__data.fields[{match[1]}]}}" if match[1] else "${__value.raw}"


def _transformation(panel: Json) -> Json:
    name = _TRANSFORMS.get(text(panel.get("transform")))
    if name is None:
        return {}
    if name != "reduce":
        return {"id": name, "options": {"reducers": []}}
    columns = [text(item.get("value")) for item in mappings(panel.get("columns"))]
    reducers = [_CALCS.get(column, column) for column in columns] or ["mean"]
    return {"id": name, "options": {"includeTimeField": False, "reducers": reducers}}


def is_old_table(panel: Json) -> bool:
    """Whether a table is of the kind that Grafana no longer runs."""
    if panel.get("type") == "table-old":
        return True
    # The new table took over the type's name in Grafana 7; what tells them apart is where their options are.
    modern = mapping(panel.get("fieldConfig")) or mapping(panel.get("options"))
    return panel.get("type") == "table" and not modern and ("styles" in panel or "columns" in panel)

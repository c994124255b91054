"""The table of Grafana 6 and before becomes today's."""

import re
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.legacy.legacy_values import converted, number

_CELLS = {"cell": "color-background", "row": "color-background", "value": "color-text"}
_TRANSFORMS = {
    "json": "merge", "table": "merge", "timeseries_aggregations": "reduce", "timeseries_to_columns": "seriesToColumns",
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

    Before: ``{"type": "table", "styles": [{"pattern": "Value", "type": "number", "unit": "s"}], "transform": "table"}``
    After: ``{"type": "table", "fieldConfig": {"overrides": [{"matcher": {"id": "byName", "options": "Value"}, …}]}}``
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
        index = defaults["custom"] if name.startswith("custom.") else defaults
        index[name.removeprefix("custom.")] = value
    upgraded = converted(
        panel, "table", defaults, {"showHeader": panel.get("showHeader", True) is not False}, overrides
    )
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
    limits = style.get("thresholds")
    colors = style.get("colors")
    if not isinstance(limits, list) or not isinstance(colors, list) or not limits:
        return []
    values = [value for item in limits if (value := number(item)) is not None]
    bounds: list[Any] = [None, *values]
    return [{"color": color, "value": value} for color, value in zip(colors, bounds, strict=False)]


def _link(style: Json) -> Json:
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
    options: Json = {"includeTimeField": False, "reducers": reducers}
    return {"id": name, "options": options}


def is_old_table(panel: Json) -> bool:
    """Whether a table is of the kind that Grafana no longer runs."""
    if panel.get("type") == "table-old":
        return True
    modern = mapping(panel.get("fieldConfig")) or mapping(panel.get("options"))
    return panel.get("type") == "table" and not modern and ("styles" in panel or "columns" in panel)

"""Classic dashboards in the new schema, as Grafana itself converts them."""

from typing import Any

Json = dict[str, Any]
_HIDE = ["dontHide", "hideLabel", "hideVariable", "inControlsMenu"]
_REFRESH = ["never", "onDashboardLoad", "onTimeRangeChanged"]
_SORT = [
    "disabled", "alphabeticalAsc", "alphabeticalDesc", "numericalAsc", "numericalDesc", "alphabeticalCaseInsensitiveAsc",
    "alphabeticalCaseInsensitiveDesc", "naturalAsc", "naturalDesc",
]  # fmt: skip
_KINDS = {
    "query": "QueryVariable", "textbox": "TextVariable", "constant": "ConstantVariable", "custom": "CustomVariable",
    "datasource": "DatasourceVariable", "interval": "IntervalVariable", "adhoc": "AdhocVariable",
}  # fmt: skip
_OPTIONS = (
    "maxDataPoints",
    "interval",
    "timeFrom",
    "timeShift",
    "hideTimeOverride",
    "cacheTimeout",
    "queryCachingTTL",
)


def v2_of(board: Json) -> Json:
    """A dashboard of schemaVersion 42, with an id on every panel, as a v2beta1 resource."""
    panels = [p for panel in board["panels"] for p in (panel, *panel.get("panels", ()))]
    spec: Json = {
        "title": board["title"],
        "tags": board.get("tags", []),
        "description": board.get("description", ""),
        "editable": board.get("editable", True),
        "cursorSync": ["Off", "Crosshair", "Tooltip"][board.get("graphTooltip", 0)],
        "links": board.get("links", []),
        "liveNow": board.get("liveNow", False),
        "preload": board.get("preload", False),
        "annotations": [_annotation(item) for item in board.get("annotations", {}).get("list", [])],
        "variables": [_variable(item) for item in board.get("templating", {}).get("list", [])],
        "elements": {f"panel-{p['id']}": _panel(p) for p in panels if p["type"] != "row"},
        "layout": _layout(board["panels"]),
        "timeSettings": _time(board),
    }
    return {
        "apiVersion": "dashboard.grafana.app/v2beta1",
        "kind": "Dashboard",
        "metadata": {"name": board.get("uid", "")},
        "spec": spec,
    }


def _time(board: Json) -> Json:
    picker, time = board.get("timepicker", {}), board.get("time", {})
    return {
        "from": time.get("from", "now-6h"), "to": time.get("to", "now"), "timezone": board.get("timezone", ""),
        "autoRefresh": board.get("refresh", ""), "autoRefreshIntervals": picker.get("refresh_intervals", []),
        "hideTimepicker": picker.get("hidden", False), "weekStart": board.get("weekStart", ""),
        "fiscalYearStartMonth": board.get("fiscalYearStartMonth", 0), "quickRanges": picker.get("quick_ranges", []),
        "nowDelay": picker.get("nowDelay", ""),
    }  # fmt: skip


def _query(model: Json, source: Any) -> Json:
    source = source if isinstance(source, dict) else {}
    built: Json = {"kind": "DataQuery", "group": source.get("type", ""), "version": "v0", "spec": model}
    return {**built, "datasource": {"name": source["uid"]}} if source.get("uid") else built


def _panel(panel: Json) -> Json:
    if "libraryPanel" in panel:
        spec = {"id": panel["id"], "title": panel.get("title", ""), "libraryPanel": panel["libraryPanel"]}
        return {"kind": "LibraryPanel", "spec": spec}
    queries = [
        {
            "kind": "PanelQuery",
            "spec": {
                "refId": target.get("refId", "A"),
                "hidden": target.get("hide", False),
                "query": _query(
                    {
                        key: value
                        for key, value in target.items()
                        if key not in ("refId", "hide", "datasource")
                    },
                    target.get("datasource", panel.get("datasource")),
                ),
            },
        }
        for target in panel.get("targets", ())
    ]
    changes = [{"kind": change["id"], "spec": change} for change in panel.get("transformations", ())]
    options = {key: panel[key] for key in _OPTIONS if key in panel}
    shown = {"options": panel.get("options", {}), "fieldConfig": panel.get("fieldConfig", {})}
    spec = {
        "id": panel["id"],
        "title": panel.get("title", ""),
        "description": panel.get("description", ""),
        "links": panel.get("links", []),
        "transparent": panel.get("transparent", False),
        "data": {
            "kind": "QueryGroup",
            "spec": {"queries": queries, "transformations": changes, "queryOptions": options},
        },
        "vizConfig": {
            "kind": "VizConfig",
            "group": panel["type"],
            "version": panel.get("pluginVersion", ""),
            "spec": shown,
        },
    }
    return {"kind": "Panel", "spec": spec}


def _layout(panels: list[Json]) -> Json:
    if not any(panel["type"] == "row" for panel in panels):
        return _grid(panels, 0)
    rows: list[Json] = []
    for panel in panels:
        if panel["type"] == "row":
            spec: Json = {
                "title": panel.get("title", ""),
                "collapse": panel.get("collapsed", False),
                "inside": list(panel.get("panels", ())),
            }
            spec["top"] = panel["gridPos"]["y"] + 1
            if panel.get("repeat"):
                spec["repeat"] = {"mode": "variable", "value": panel["repeat"]}
            rows.append(spec)
        else:
            if not rows:
                rows.append({"title": "", "hideHeader": True, "top": 0, "inside": []})
            rows[-1]["inside"].append(panel)
    built = [
        {"kind": "RowsLayoutRow", "spec": {**row, "layout": _grid(row.pop("inside"), row.pop("top"))}}
        for row in rows
    ]
    return {"kind": "RowsLayout", "spec": {"rows": built}}


def _grid(panels: list[Json], top: int) -> Json:
    items = []
    for panel in panels:
        place = panel["gridPos"]
        spec: Json = {"x": place["x"], "y": place["y"] - top, "width": place["w"], "height": place["h"]}
        spec["element"] = {"kind": "ElementReference", "name": f"panel-{panel['id']}"}
        if panel.get("repeat"):
            spec["repeat"] = {"mode": "variable", "value": panel["repeat"]}
            spec["repeat"] |= {"direction": panel["repeatDirection"]} if panel.get("repeatDirection") else {}
            spec["repeat"] |= {"maxPerRow": panel["maxPerRow"]} if panel.get("maxPerRow") else {}
        items.append({"kind": "GridLayoutItem", "spec": spec})
    return {"kind": "GridLayout", "spec": {"items": items}}


def _variable(item: Json) -> Json:
    apart = ("type", "hide", "refresh", "sort", "datasource", "query")
    spec = {key: value for key, value in item.items() if key not in apart}
    spec["hide"] = _HIDE[item.get("hide") or 0]
    if "refresh" in item:
        spec["refresh"] = _REFRESH[int(item["refresh"])]
    if "sort" in item:
        spec["sort"] = _SORT[item["sort"]]
    result: Json = {"kind": _KINDS[item["type"]], "spec": spec}
    query = item.get("query", "")
    if item["type"] == "query":
        spec["query"] = _query(
            {"__legacyStringValue": query} if isinstance(query, str) else query, item.get("datasource")
        )
    elif item["type"] == "datasource":
        spec["pluginId"] = query
    elif item["type"] == "adhoc":
        source = item.get("datasource") or {}
        result |= {"group": source.get("type", ""), "datasource": {"name": source.get("uid", "")}}
    else:
        spec["query"] = query
    return result


def _annotation(item: Json) -> Json:
    messages = ("name", "enable", "hide", "iconColor", "filter", "mappings", "placement")
    spec = {key: item[key] for key in messages if key in item}
    spec["query"] = _query(item.get("target", {}), item.get("datasource"))
    spec["builtIn"] = bool(item.get("builtIn"))
    rest = {
        key: value for key, value in item.items() if key not in (*messages, "target", "datasource", "builtIn")
    }
    return {"kind": "AnnotationQuery", "spec": {**spec, "legacyOptions": rest}}

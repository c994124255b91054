"""A public dashboard as Grafana would find it: without its envelope, constants filled in, panels in one list."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Steps = tuple[str | int, ...]
_NAMES = {
    "bar-gauge": "bargauge", "grafana-bar-gauge-panel": "bargauge", "grafana-singlestat-panel": "singlestat",
    "singlestat2": "stat", "table2": "table", "text2": "text",
}  # fmt: skip


def as_dashboard(data: Any) -> Json:
    """The dashboard in a file."""
    if not isinstance(data, dict):
        raise TypeError("no object")
    if isinstance(data.get("dashboard"), dict):
        data = data["dashboard"]
    if isinstance(data.get("spec"), dict) and "apiVersion" in data:
        name = (data.get("metadata") or {}).get("name")
        data = data["spec"]
        if isinstance(data.get("elements"), dict):
            data = {**classic(data), **({"uid": name} if name else {})}
    elif isinstance(data.get("elements"), dict):
        data = classic(data)
    constants = {
        item["name"]: str(item.get("value"))
        for item in data.get("__inputs") or []
        if isinstance(item, dict) and item.get("type") == "constant"
    }
    return fill(data, constants) if constants else data


_CURSORS = {"Off": 0, "Crosshair": 1, "Tooltip": 2}
_HIDE = {"dontHide": 0, "hideLabel": 1, "hideVariable": 2, "inControlsMenu": 3}
_REFRESH = {"never": 0, "onDashboardLoad": 1, "onTimeRangeChanged": 2}
_SORT = ("disabled", "alphabeticalAsc", "alphabeticalDesc", "numericalAsc", "numericalDesc",
         "alphabeticalCaseInsensitiveAsc", "alphabeticalCaseInsensitiveDesc", "naturalAsc", "naturalDesc")  # fmt: skip


def classic(spec: Json) -> Json:
    """The v2 model as the classic one, as far as both say the same: without rows and places.

    Source: ``transformDashboardV2SpecToV1`` of Grafana 12.
    """
    time = spec.get("timeSettings") or {}
    made = {
        k: spec[k]
        for k in ("title", "description", "tags", "links", "liveNow", "preload", "editable")
        if k in spec
    }
    return {
        **made,
        "graphTooltip": _CURSORS.get(spec.get("cursorSync") or "Off", 0),
        "time": {k: time[k] for k in ("from", "to") if k in time},
        "timezone": time.get("timezone"),
        "refresh": time.get("autoRefresh"),
        "weekStart": time.get("weekStart"),
        "fiscalYearStartMonth": time.get("fiscalYearStartMonth"),
        "timepicker": {"refresh_intervals": time.get("autoRefreshIntervals") or [], "hidden": time.get("hideTimepicker")},
        "templating": {"list": [_classic_variable(item) for item in spec.get("variables") or []]},
        "annotations": {"list": [_classic_annotation(item) for item in spec.get("annotations") or []]},
        "panels": [_classic_panel(item) for item in spec["elements"].values()],
    }  # fmt: skip


def _classic_variable(item: Json) -> Json:
    spec = item.get("spec") or {}
    kind = str(item.get("kind")).removesuffix("Variable").lower()
    made = {"type": kind, **spec, "hide": _HIDE.get(spec.get("hide") or "dontHide", 0)}
    if "refresh" in spec:
        made["refresh"] = _REFRESH.get(spec["refresh"], spec["refresh"])
    if spec.get("sort") in _SORT:
        made["sort"] = _SORT.index(spec["sort"])
    if kind == "datasource":
        made["query"] = made.pop("pluginId", None)
    if isinstance(spec.get("query"), dict):
        made["query"] = (spec["query"].get("spec") or {}).get("__legacyStringValue") or spec["query"].get(
            "spec"
        )
    for key in ("refresh", "auto") if kind == "interval" else ():
        made.pop(key, None)
    return made


def _classic_annotation(item: Json) -> Json:
    spec = item.get("spec") or {}
    kept = {k: spec[k] for k in ("name", "enable", "hide", "iconColor", "filter") if k in spec}
    return {**kept, "builtIn": 1} if spec.get("builtIn") else kept


def _classic_panel(item: Json) -> Json:
    spec = item.get("spec") or {}
    if item.get("kind") == "LibraryPanel":
        return {"title": spec.get("title"), "libraryPanel": spec.get("libraryPanel")}
    config = spec.get("vizConfig") or {}
    kind = config.get("group") or config.get("kind")
    data = (spec.get("data") or {}).get("spec") or {}
    settings = config.get("spec") or {}
    made = {k: spec[k] for k in ("id", "title", "description", "links", "transparent") if k in spec}
    return {
        **made,
        "type": kind,
        "options": settings.get("options") or {},
        "fieldConfig": settings.get("fieldConfig") or {},
        "targets": [_classic_query(query) for query in data.get("queries") or []],
        "transformations": [one.get("spec") or {} for one in data.get("transformations") or []],
        **(data.get("queryOptions") or {}),
    }


def _classic_query(item: Json) -> Json:
    spec = item.get("spec") or {}
    query = spec.get("query") or {}
    made = {**(query.get("spec") or {}), "refId": spec.get("refId")}
    return {**made, "hide": True} if spec.get("hidden") else made


def fill(value: Any, constants: dict[str, str]) -> Any:
    """Constants of an export in their places."""
    if isinstance(value, dict):
        return {key: fill(part, constants) for key, part in value.items()}
    if isinstance(value, list):
        return [fill(part, constants) for part in value]
    if isinstance(value, str):
        return re.sub(r"\$\{([\w-]+)\}", lambda m: constants.get(m[1], m[0]), value)
    return value


def panels_of(dashboard: Json) -> list[Json]:
    """All panels in the order in which they stand, rows among them, without copies that repetition left."""
    panels = []
    for row in dashboard.get("rows") or []:
        if isinstance(row, dict) and not row.get("repeatIteration"):
            # Grafana gives them places by their spans (schemaVersion 16), whatever places they have.
            panels += [{"span": 4, **p} for p in row.get("panels") or [] if isinstance(p, dict)]
    for panel in dashboard.get("panels") or []:
        if isinstance(panel, dict):
            panels.append(panel)
            panels += [p for p in panel.get("panels") or [] if isinstance(p, dict)]
    kept = [p for p in panels if not (p.get("repeatPanelId") or p.get("repeatedByRow"))]
    return [p for p in kept if p.get("type") != "row"]


def kind_of(panel: Json) -> str:
    """The type of a panel by its name of today, of those that were only renamed."""
    kind = panel.get("type") or "timeseries"
    return _NAMES.get(kind, kind)


def leaves(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value with its path; empty containers are values too."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list) and value:
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))
    else:
        yield path, value


def at(value: Any, path: Steps) -> Any:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def spelled(path: Steps) -> str:
    """A path for people, without the numbers of items."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def number(value: Any) -> float | None:
    """A number, also from text."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

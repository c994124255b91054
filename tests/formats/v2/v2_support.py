"""Dashboards of the new schema, and what they are in the classic form."""

from typing import Any

from dashgen.formats.v2 import ClassicDashboard, extended_dashboard, without_dynamic


def query(
    expr: str, ref: str = "A", source: str | None = "prometheus", kind: str = "prometheus"
) -> dict[str, Any]:
    """A query of a panel."""
    asked: dict[str, Any] = {"kind": "DataQuery", "group": kind, "version": "v0", "spec": {"expr": expr}}
    if source:
        asked["datasource"] = {"name": source}
    return {"kind": "PanelQuery", "spec": {"refId": ref, "hidden": False, "query": asked}}


def panel(number: int, *queries: dict[str, Any], kind: str = "timeseries", **more: Any) -> dict[str, Any]:
    """An element."""
    group = {"queries": list(queries), "transformations": [], "queryOptions": {}, **more.pop("group", {})}
    shown = {"options": {}, "fieldConfig": {"defaults": {}, "overrides": []}}
    return {
        "kind": "Panel",
        "spec": {
            "id": number, "title": f"Panel {number}", "description": "", "links": [],
            "data": {"kind": "QueryGroup", "spec": group},
            "vizConfig": {"kind": "VizConfig", "group": kind, "version": "12.4.0", "spec": shown}, **more,
        },
    }  # fmt: skip


def item(name: str, x: int = 0, y: int = 0, width: int = 12, height: int = 8, **more: Any) -> dict[str, Any]:
    """A place in a grid."""
    place = {"x": x, "y": y, "width": width, "height": height}
    return {
        "kind": "GridLayoutItem",
        "spec": {**place, "element": {"kind": "ElementReference", "name": name}, **more},
    }


def grid(*items: dict[str, Any]) -> dict[str, Any]:
    """A grid."""
    return {"kind": "GridLayout", "spec": {"items": list(items)}}


def auto_grid(*names: str, **more: Any) -> dict[str, Any]:
    """A grid that arranges its panels by itself."""
    items = [
        {"kind": "AutoGridLayoutItem", "spec": {"element": {"kind": "ElementReference", "name": name}}}
        for name in names
    ]
    return {
        "kind": "AutoGridLayout",
        "spec": {"maxColumnCount": 3, "rowHeightMode": "standard", **more, "items": items},
    }


def rows(*found: dict[str, Any]) -> dict[str, Any]:
    """Rows, each given by its spec."""
    return {
        "kind": "RowsLayout",
        "spec": {"rows": [{"kind": "RowsLayoutRow", "spec": spec} for spec in found]},
    }


def tabs(*found: dict[str, Any]) -> dict[str, Any]:
    """Tabs, each given by its spec."""
    return {
        "kind": "TabsLayout",
        "spec": {"tabs": [{"kind": "TabsLayoutTab", "spec": spec} for spec in found]},
    }


def spec(layout: dict[str, Any], *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A dashboard's spec; elements are named by their ids."""
    return {
        "title": "Shop", "annotations": [], "cursorSync": "Off", "links": [], "tags": [], "preload": False, "variables": [],
        "timeSettings": {"from": "now-1h", "to": "now", "autoRefresh": "30s", "autoRefreshIntervals": []},
        "elements": {f"panel-{element['spec']['id']}": element for element in elements},
        "layout": layout, **more,
    }  # fmt: skip


def envelope(found: dict[str, Any], version: str = "v2beta1") -> dict[str, Any]:
    """A dashboard as Grafana's Kubernetes-style API has it."""
    return {
        "apiVersion": f"dashboard.grafana.app/{version}",
        "kind": "Dashboard",
        "metadata": {"name": "shop"},
        "spec": found,
    }


def classic(layout: dict[str, Any], *elements: dict[str, Any], **more: Any) -> ClassicDashboard:
    """The classic form without what only schema v2 can say."""
    extended = extended_dashboard(spec(layout, *elements, **more), "shop")
    fallback = without_dynamic(extended.dashboard)
    return ClassicDashboard(fallback.dashboard, [*extended.notes, *fallback.notes])


def places(found: ClassicDashboard) -> list[tuple[Any, ...]]:
    """Title and place of everything, panels in folded rows below their row."""
    return [
        (one["title"], *(one["gridPos"][key] for key in "xywh"))
        for panel in found.dashboard["panels"]
        for one in (panel, *panel.get("panels", ()))
    ]

"""Small dashboards for tests of views."""

from typing import Any

from dashgen.preview.views.view import VariableOption, View
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel, ViewedSection

NOW = 1_796_040_000_000
Panel = dict[str, Any]


def panel(number: int, x: float = 0, y: float = 0, w: float = 6, h: float = 4, **more: Any) -> Panel:
    place = {"x": x, "y": y, "w": w, "h": h}
    return {"id": number, "type": "stat", "title": f"P{number}", "gridPos": place, **more}


def row(number: int, y: float = 0, **more: Any) -> Panel:
    return {
        "id": number,
        "type": "row",
        "title": f"R{number}",
        "collapsed": False,
        "gridPos": {"x": 0, "y": y, "w": 24, "h": 1},
        **more,
    }


def custom(name: str, query: str, current: Any = None, **more: Any) -> dict[str, Any]:
    chosen = {} if current is None else {"current": {"value": current, "text": current}}
    return {"type": "custom", "name": name, "query": query, **chosen, **more}


def dashboard(*panels: Panel, variables: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "uid": "d",
        "title": "D",
        "time": {"from": "now-6h", "to": "now"},
        "panels": list(panels),
        "templating": {"list": list(variables)},
        **more,
    }


def viewed(board: dict[str, Any], view: View | None = None, **options: list[str]) -> ViewedDashboard:
    listed = {name: [VariableOption(one, one) for one in values] for name, values in options.items()}
    return viewed_dashboard(board, view or View(), listed, NOW)


def places(section: ViewedSection) -> dict[str, tuple[float, float, float, float]]:
    return {one.key: one.place for one in section.panels}


def by_key(board: ViewedDashboard) -> dict[str, ViewedPanel]:
    return {one.key: one for one in board.panels}

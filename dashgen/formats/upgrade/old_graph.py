"""Upgrade graphs from before their axes and thresholds were lists.

Source: the steps 2, 4, 12 and 13 of ``public/app/features/dashboard/state/DashboardMigrator.ts`` of Grafana
11.
"""

from dashgen.core.json_values import Json, items, mapping, mappings
from dashgen.formats.legacy.legacy_values import number

_SIDES = ("left", "right")


def with_axes(panel: Json) -> Json:
    """A graph whose axes are ``yaxes`` and whose limits are ``thresholds``.

    Before: ``{"y_formats": ["s", "short"], "leftYAxisLabel": "L", "grid": {"leftMax": 5, "threshold1": 3},
    …}``
    After: ``{"yaxes": [{"format": "s", "label": "L", "max": 5}, {"format": "short"}],
    "thresholds": [{"value": 3}], …}``
    """
    upgraded = dict(panel)
    if isinstance(upgraded.get("legend"), bool):
        upgraded["legend"] = {"show": upgraded["legend"]}
    for alias, axis in mapping(upgraded.pop("aliasYAxis", None)).items():
        upgraded["seriesOverrides"] = [
            *mappings(upgraded.get("seriesOverrides")),
            {"alias": alias, "yaxis": axis},
        ]
    grid = mapping(upgraded.pop("grid", None))
    if "yaxes" not in upgraded:
        axes = [_axis(panel, grid, index) for index in range(2)]
        # A graph that says nothing of its axes has those of every graph; two empty ones would say that it
        # has none.
        if any(set(axis) - {"show"} for axis in axes):
            upgraded["yaxes"] = axes
            upgraded.setdefault("xaxis", {"show": upgraded.get("x-axis", True) is not False})
    if not items(upgraded.get("thresholds")) and (limits := _limits(grid)):
        upgraded["thresholds"] = limits
    return upgraded


def _axis(panel: Json, grid: Json, index: int) -> Json:
    side = _SIDES[index]
    formats = items(panel.get("y_formats"))
    single = panel.get("y_format" if index == 0 else "y2_format")
    values: Json = {
        "format": formats[index] if index < len(formats) else single,
        "label": panel.get(f"{side}YAxisLabel"),
        "logBase": grid.get(f"{side}LogBase"),
        "max": grid.get(f"{side}Max", grid.get("max") if index == 0 else None),
        "min": grid.get(f"{side}Min", grid.get("min") if index == 0 else None),
    }
    axis = {key: value for key, value in values.items() if value is not None}
    return {**axis, "show": panel.get("y-axis", True) is not False}


def _limits(grid: Json) -> list[Json]:
    """One or two limits as thresholds; of two that fall, each holds for the values below it."""
    first, second = number(grid.get("threshold1")), number(grid.get("threshold2"))
    if first is None:
        return []
    falling = second is not None and first > second
    drawn = "line" if grid.get("thresholdLine") else "fill"
    return [
        {
            "value": value, "op": "lt" if falling else "gt", "colorMode": "custom", drawn: True,
            f"{drawn}Color": grid.get(f"threshold{index}Color"),
        }
        for index, value in enumerate((first, second), 1)
        if value is not None
    ]  # fmt: skip

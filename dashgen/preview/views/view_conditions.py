"""Conditions on which panels, rows and tabs are shown, decided.

Source: public/app/features/dashboard-scene/conditional-rendering of grafana/grafana (group at 0321b272,
variables at 03a83f68, data at 15edd4e7, time range at 057382da). A condition that cannot be decided counts
as none.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_variables import VariableValue, VariableValues
from dashgen.doctor.live.variable_options import ALL_TEXT
from dashgen.drawing.panel_data import PanelData
from dashgen.formats.v2 import auto_grid_places
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel, ViewedSection

_LENGTH: Final = lazy_pattern(r"(\d+(?:\.\d+)?)([Mwdhmsy])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_629_800, "y": 31_557_600}
_LONGEST_PATTERN: Final = 1000


def is_shown(
    element: Json, values: VariableValues, time_range: tuple[int, int], *, has_data: bool | None = None
) -> bool:
    """Whether a panel or the header of a section is shown.

    Args:
        element: its JSON in the extended classic form.
        values: the values of variables where it stands.
        time_range: that of the dashboard, in milliseconds since 1970.
        has_data: whether its queries gave any; None while that is unknown, for which a panel is kept.
    """
    conditions = mapping(mapping(element.get("dynamic")).get("showWhen"))
    items = mappings(conditions.get("items"))
    if has_data is None and any(item.get("kind") == "data" for item in items):
        return True
    results = [
        result
        for item in items
        if (result := _result(item, values, time_range, has_data=has_data)) is not None
    ]
    if not results:
        return True
    holds = any(results) if conditions.get("join") == "or" else all(results)
    return holds != (conditions.get("visibility") == "hide")


def _result(
    item: Json, values: VariableValues, time_range: tuple[int, int], *, has_data: bool | None
) -> bool | None:
    match item.get("kind"):
        case "variable":
            value = values.by_name.get(text(item.get("variable")))
            return (
                None
                if value is None
                else _compared(value, text(item.get("operator")), text(item.get("value")))
            )
        case "timeRange":
            match = _LENGTH.fullmatch(text(item.get("value")))
            length = (time_range[1] - time_range[0]) // 1000
            return length <= float(match[1]) * _SECONDS[match[2]] if match else None
        case "data":
            return None if has_data is None else has_data == (item.get("value") is not False)
    return None


def _compared(value: VariableValue, operator: str, expected: str) -> bool:
    if operator in {"matches", "notMatches"}:
        try:
            pattern = re.compile(expected[:_LONGEST_PATTERN])
        except (re.error, RecursionError):
            return True
        is_hit = any(pattern.search(one) for one in value.texts)
    else:
        is_all = value.shown == (ALL_TEXT,) and expected.lower() == ALL_TEXT.lower()
        is_hit = is_all or expected in value.texts
    return is_hit != operator.startswith("not")


def with_data(viewed: ViewedDashboard, data: Mapping[str, PanelData]) -> ViewedDashboard:
    """A dashboard without the panels whose conditions on data do not hold.

    Args:
        viewed: the dashboard.
        data: what each panel shows, by its key.
    """
    if not any(_depends_on_data(panel) for panel in viewed.panels):
        return viewed
    time_range = viewed.context.time_range
    sections = tuple(_section(section, data, time_range) for section in viewed.sections)
    return replace(viewed, sections=sections)


def _depends_on_data(panel: ViewedPanel) -> bool:
    items = mappings(mapping(mapping(panel.panel.get("dynamic")).get("showWhen")).get("items"))
    return any(item.get("kind") == "data" for item in items)


def _section(
    section: ViewedSection, data: Mapping[str, PanelData], time_range: tuple[int, int]
) -> ViewedSection:
    inner = tuple(_section(one, data, time_range) for one in section.sections)
    panels = tuple(
        panel
        for panel in section.panels
        if is_shown(
            panel.panel, panel.values, time_range, has_data=_has_rows(data.get(panel.key, PanelData()))
        )
    )
    if section.kind == "auto" and len(panels) != len(section.panels):
        panels = arranged(panels, section.layout)
    return replace(section, panels=panels, sections=inner)


def _has_rows(data: PanelData) -> bool:
    return any(frame.length for frame in data.frames)


def arranged(panels: Sequence[ViewedPanel], layout: Json) -> tuple[ViewedPanel, ...]:
    """Panels of a grid that arranges itself, with the places of Grafana's fixed grid for it."""
    places = auto_grid_places(len(panels), layout)
    return tuple(
        replace(panel, panel={**panel.panel, "gridPos": position})
        for panel, position in zip(panels, places, strict=True)
    )

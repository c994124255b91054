"""What only schema v2 can hold, as the key ``dynamic`` beside what Grafana's classic form has.

`formats/v2` writes it into the layout of schema v2, or leaves it out where the classic form is written.
"""

from dashgen.compile.lower.lower_variables import lower_variable
from dashgen.core.json_values import Json
from dashgen.formats.dashboard.plain_objects import as_json
from dashgen.formats.dashboard.variable_json import migrate_variable
from dashgen.model.settled_dashboard import (
    SettledDashboard,
    SettledPanel,
    SettledRow,
    Visibility,
    auto_grid_json,
)
from dashgen.model.visibility_spec import COMPARISONS, ShowCondition


def dashboard_dynamic(settled: SettledDashboard) -> Json:
    """What schema v2 has of a dashboard as a whole: how it arranges its panels."""
    return {} if settled.layout is None else {"layout": auto_grid_json(settled.layout)}


def row_dynamic(row: SettledRow) -> Json:
    """What schema v2 has of a row or tab; nothing of a plain row."""
    dynamic: Json = {}
    if row.layout is not None:
        dynamic["layout"] = auto_grid_json(row.layout)
    if row.visibility is not None:
        dynamic["showWhen"] = visibility_json(row.visibility)
    if row.variables:
        lowered = [lower_variable(variable).to_json_data() for variable in row.variables]
        dynamic["variables"] = [migrate_variable(as_json(variable)) for variable in lowered]
    if row.hide_header:
        dynamic["hideHeader"] = True
    if row.fill_screen:
        dynamic["fillScreen"] = True
    if not dynamic and row.kind == "row" and row.level == 0:
        return {}
    return {"kind": row.kind, "level": row.level, **dynamic}


def panel_dynamic(settled: SettledPanel) -> Json:
    """What schema v2 has of a panel."""
    dynamic: Json = {}
    if settled.panel.subtitle:
        dynamic["subtitle"] = settled.panel.subtitle
    if settled.visibility is not None:
        dynamic["showWhen"] = visibility_json(settled.visibility)
    return dynamic


def visibility_json(visibility: Visibility) -> Json:
    """When something is shown."""
    return {
        "visibility": "hide" if visibility.hidden else "show",
        "join": "or" if visibility.any else "and",
        "items": [_condition(condition) for condition in visibility.conditions],
    }


def _condition(condition: ShowCondition) -> Json:
    if condition.variable is None and condition.time_range is not None:
        return {"kind": "timeRange", "value": condition.time_range}
    if condition.variable is None:
        return {"kind": "data", "value": bool(condition.has_data)}
    comparisons = ((name, getattr(condition, key)) for key, name in COMPARISONS.items())
    operator, value = next(
        ((name, value) for name, value in comparisons if value is not None), ("equals", "")
    )
    variable = condition.variable.strip("${}")
    return {"kind": "variable", "variable": variable, "operator": operator, "value": value}

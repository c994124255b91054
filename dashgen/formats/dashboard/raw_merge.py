"""The ``raw:`` parts of a spec, merged last into the JSON that they belong to."""

from dashgen.core.json_values import Json, apply_patch
from dashgen.formats.panel_tree import every_panel
from dashgen.model.settled_dashboard import SettledDashboard, SettledPanel, SettledVariable


def merge_raw(settled: SettledDashboard, data: Json) -> Json:
    """Merge every ``raw:`` of a dashboard into its migrated JSON, which is changed and returned."""
    _merge_panels(settled, data)
    _merge_named(data["templating"]["list"], [(v.variable.name, v.variable.raw) for v in settled.variables])
    _merge_named(
        data["annotations"]["list"], [(a.annotation.name, a.annotation.raw) for a in settled.annotations]
    )
    if settled.dashboard.raw:
        apply_patch(data, settled.dashboard.raw)
    return data


def _merge_named(items: list[Json], raws: list[tuple[str, Json]]) -> None:
    for name, raw in raws:
        if raw:
            apply_patch(next(item for item in items if item["name"] == name), raw)


def _merge_panels(settled: SettledDashboard, data: Json) -> None:
    panels = [panel for row in settled.rows for panel in row.panels]
    # The index is built only for a dashboard that has `raw:`: few have one, and this runs for every
    # dashboard.
    rows = [row for row in settled.rows if row.title is not None and (row.raw or _has_raw(row.variables))]
    if not rows and not any(panel.panel.raw or any(q.query.raw for q in panel.queries) for panel in panels):
        return
    by_id = {panel["id"]: panel for panel in every_panel(data["panels"])}
    for panel in panels:
        _merge_panel(panel, by_id[panel.id])
    for row in rows:
        header = by_id[row.id]
        if _has_raw(row.variables):
            named = [(v.variable.name, v.variable.raw) for v in row.variables]
            _merge_named(header["dynamic"]["variables"], named)
        apply_patch(header, row.raw)


def _has_raw(variables: list[SettledVariable]) -> bool:
    return any(variable.variable.raw for variable in variables)


def _merge_panel(settled: SettledPanel, panel: Json) -> None:
    for query in settled.queries:
        if query.query.raw:
            apply_patch(next(t for t in panel["targets"] if t["refId"] == query.ref), query.query.raw)
    if settled.panel.raw:
        apply_patch(panel, settled.panel.raw)

"""Find what Grafana would refuse before anything is written, at the lines of the specs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import at, mapping, mappings, scalar_text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats import resources as kinds
from dashgen.project.explanation import explain_panel
from dashgen.project.inspection import InspectedDashboard, Inspection, inspect_project
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.grafana.live_dashboard import DashboardDraft
from dashgen.servers.grafana.payload import Cause
from dashgen.sync.push.dashboard_form import V2
from dashgen.sync.push.item import Item
from dashgen.sync.push.push_plan import PushStep, StepAction
from dashgen.sync.push.refused_places import PanelPlace, SectionPlace, fields_in, place_of

_RULE: Final = "grafana/invalid"
_HINT: Final = (
    "if it comes from `raw:`, correct it there; else this dashgen does not know this Grafana well enough"
)
_PANEL: Final = lazy_pattern(r"spec\.panels(?:\.|\[)(\d+)\]?(?:\.panels(?:\.|\[)(\d+)\]?)?\.?(.*)")


class Complaint(Struct, frozen=True):
    """What Grafana would refuse of one dashboard."""

    item: Item
    causes: tuple[Cause, ...]


def complaints(grafana: Grafana, steps: Sequence[PushStep]) -> list[Complaint]:
    """What Grafana would refuse of the dashboards that are to be written; nothing where it cannot be asked.

    The requests are dry runs, which store nothing.
    """
    writes = (StepAction.CREATE, StepAction.UPDATE)
    written = [step for step in steps if step.act in writes and step.item.kind == kinds.DASHBOARD]
    return list(filter(None, grafana.session.map(lambda step: _dry_run(grafana, step), written)))


def _dry_run(grafana: Grafana, step: PushStep) -> Complaint | None:
    item = step.item
    draft = DashboardDraft(item.uid, item.content, item.folder_uid, is_v2=item.form == V2)
    try:
        causes = grafana.dashboards.validate(draft, exists=step.live is not None)
    except GrafanaError:
        # The write itself fails then, if anything is wrong, with Grafana's reason.
        return None
    return Complaint(item, causes) if causes else None


def at_lines(refused: Iterable[Complaint], root: Path, environment: str | None) -> list[Diagnostic]:
    """Complaints as findings at the lines of the specs.

    Args:
        refused: the complaints.
        root: the project's folder.
        environment: the environment that the specs were built for.
    """
    inspection = inspect_project(root, environment)
    return [finding for complaint in refused for finding in _findings(complaint, inspection)]


def _findings(complaint: Complaint, inspection: Inspection) -> Iterator[Diagnostic]:
    item = complaint.item
    dashboard = next(
        (candidate for candidate in inspection.dashboards if candidate.settled.uid == item.uid), None
    )
    by_field: dict[str, list[str]] = {}
    for cause in complaint.causes:
        for field in [cause.field] if cause.field else fields_in(cause.message) or [""]:
            by_field.setdefault(field, []).append(cause.message)
    for field, messages in by_field.items():
        if item.form == V2 and field:
            name, shown, location = _v2_place(field, item, inspection, dashboard)
        else:
            name, (shown, location) = _name(field), _place(field, item, inspection, dashboard)
        where = f" of {shown}" if shown else ""
        message = f"Grafana refuses dashboard `{item.uid}`: {name}{where}: {'; '.join(messages)}"
        yield Diagnostic(_RULE, message.rstrip("."), location or Location(item.spec), _HINT)


def _name(field: str) -> str:
    panel = _PANEL.fullmatch(field)
    name = panel[3] if panel else field.removeprefix("spec.")
    return f"`{name}`" if name else "it"


def _place(
    field: str, item: Item, inspection: Inspection, dashboard: InspectedDashboard | None
) -> tuple[str, Location | None]:
    """The panel that a field is in, in words, and the line that the field comes from."""
    if dashboard is None:
        return "", None
    panel = _PANEL.fullmatch(field)
    if panel is None:
        return "", _top(dashboard, field.removeprefix("spec.").partition(".")[0])
    # Grafana counts panels as they were sent, specs know them by their ids.
    panel_of = _panel(item, int(panel[1]), int(panel[2]) if panel[2] else None)
    if panel_of is None:
        return "", dashboard.resolved.origin(("title",)).location()
    number, title = panel_of
    # Grafana writes `targets.0.expr`, an explanation `targets[0].expr`.
    inside = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", panel[3])
    return f'the panel "{title}"', _line(inspection, dashboard, number, inside)


def _v2_place(
    field: str, item: Item, inspection: Inspection, dashboard: InspectedDashboard | None
) -> tuple[str, str, Location | None]:
    """The field in schema v2 and its panel, for the message, and the spec's line that it comes from."""
    shown = f"`{field.removeprefix('spec.')}`"
    if dashboard is None:
        return shown, "", None
    refused = place_of(field, item.content)
    if isinstance(refused, PanelPlace):
        name = f"`{refused.field}`" if refused.field else "it"
        return name, f'the panel "{refused.title}"', _line(inspection, dashboard, refused.id, refused.field)
    if isinstance(refused, SectionPlace):
        return shown, "", _section_line(dashboard, refused)
    return shown, "", _top(dashboard, refused.field)


def _section_line(dashboard: InspectedDashboard, refused: SectionPlace) -> Location:
    """The line of a key of a row or tab, or else where it begins."""
    rows = dashboard.settled.rows
    headers = rows if len(rows) > 1 or rows[0].title is not None else []
    if refused.number >= len(headers):
        return dashboard.resolved.origin(("title",)).location()
    path = headers[refused.number].path
    keys = ("show_when", "hide_when") if refused.key == "conditionalRendering" else (refused.key,)
    section = mapping(at(dashboard.resolved.data, path))
    key = next((key for key in keys if key in section), "")
    return dashboard.resolved.origin((*path, key) if key else path).location()


def _top(dashboard: InspectedDashboard, name: str) -> Location:
    """The line of a field of the dashboard itself."""
    raw = mapping(dashboard.resolved.data).get("raw")
    path = ("raw", name) if name in mapping(raw) else (name,)
    return dashboard.resolved.origin(path).location()


def _panel(item: Item, index: int, inner: int | None) -> tuple[int, str] | None:
    """The id and title of the panel at a place in the JSON."""
    panels = mappings(item.content.get("panels"))
    if inner is not None and index < len(panels):
        panels, index = mappings(panels[index].get("panels")), inner
    if index >= len(panels):
        return None
    number = panels[index].get("id")
    return (number if isinstance(number, int) else 0), scalar_text(panels[index].get("title"))


def _line(inspection: Inspection, dashboard: InspectedDashboard, number: int, field: str) -> Location | None:
    """The line of a panel that decides a field of its JSON, or else where the panel begins."""
    for row in dashboard.settled.rows:
        for panel in row.panels:
            if panel.id == number:
                explained = explain_panel(inspection, dashboard, row, panel)
                deciding = (line for line in explained.lines if any(map(field.startswith, line.json)))
                best = max(deciding, key=lambda line: max(map(len, line.json)), default=None)
                return best.location if best else explained.location
    return dashboard.resolved.origin(("title",)).location()

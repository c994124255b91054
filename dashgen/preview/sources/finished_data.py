"""What is put to the results of panels when all of them are there: shared results, events, alerts, lists."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, text
from dashgen.drawing.panel_data import AnnotationMark, DashboardEntry, PanelData
from dashgen.preview.sources.alert_entries import EvaluatedRule, panel_state
from dashgen.preview.sources.annotation_marks import is_on_panel
from dashgen.preview.sources.shared_results import with_shared_results
from dashgen.preview.sources.source_messages import library_panel_error
from dashgen.preview.views.view_sections import library_name
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel


class SourceFacts(Struct, frozen=True):
    """What a source knows beside the results of queries.

    Attributes:
        marks: the events of each annotation.
        rules: the alert rules with their states.
        rules_error: why there are no rules.
        dashboards: what lists of dashboards show.
    """

    marks: Sequence[tuple[Json, Sequence[AnnotationMark]]] = ()
    rules: Sequence[EvaluatedRule] = ()
    rules_error: str = ""
    dashboards: Sequence[DashboardEntry] = ()


def finished_data(
    viewed: ViewedDashboard, data: Mapping[str, PanelData], facts: SourceFacts
) -> dict[str, PanelData]:  # fmt: skip
    """The data of all panels of a dashboard.

    Args:
        viewed: the dashboard.
        data: what each panel shows of its own queries.
        facts: what there is beside.
    """
    panels = list(viewed.panels)
    own = {panel.key: _with_lists(panel, data.get(panel.key, PanelData()), facts) for panel in panels}
    shared = with_shared_results(panels, own)
    return {
        panel.key: _with_marks(panel, _with_state(panel, shared[panel.key], viewed.dashboard, facts), facts)
        for panel in panels
    }


def _with_lists(panel: ViewedPanel, data: PanelData, facts: SourceFacts) -> PanelData:
    name = library_name(panel.panel)
    if name and not text(panel.panel.get("type")):
        return PanelData(error=library_panel_error(name))
    match panel.panel.get("type"):
        case "dashlist":
            return replace(data, dashboards=facts.dashboards)
        case "alertlist":
            return replace(data, alerts=[rule.entry for rule in facts.rules], error=facts.rules_error)
    return data


def _with_state(panel: ViewedPanel, data: PanelData, dashboard: Json, facts: SourceFacts) -> PanelData:
    state = panel_state(facts.rules, dashboard, panel.panel)
    return replace(data, alert_state=state) if state else data


def _with_marks(panel: ViewedPanel, data: PanelData, facts: SourceFacts) -> PanelData:
    start, end = panel.time_range
    marks = [
        mark
        for annotation, listed in facts.marks
        if is_on_panel(annotation, panel.panel)
        for mark in listed
        if mark.start <= end and (mark.end or mark.start) >= start
    ]
    return replace(data, annotations=marks) if marks else data

"""Pictures of a project's dashboards on data made up from its metric contract."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.doctor.live.time_window import Window, window_of
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.panel_data import PanelData
from dashgen.formats.panel_tree import drawn_panels
from dashgen.model.settled_alerts import SettledRecord
from dashgen.preview.opened_view import opened_view
from dashgen.preview.panel_frames import PictureData, frames_of_panels
from dashgen.preview.sample.contract_series import contract_series
from dashgen.preview.sample.made_up_lines import made_up_lines
from dashgen.preview.sample.made_up_store import SCRAPE, MadeUpStore
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.view_pictures import view_svg
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard
from dashgen.project.inspection import Inspection

NOW: Final = 1_796_040_000_000
"""The milliseconds of the present in pictures: Monday, 2026-11-30, 12:00 UTC."""
_LINES_SPAN: Final = 2 * 86_400_000


def project_data(inspection: Inspection, dashboard: Json, now: int = NOW) -> PictureData:
    """Data made up for a project.

    Args:
        inspection: its settled specs: the contract, and the recording rules, which are evaluated.
        dashboard: the JSON of the dashboard to draw: its log queries tell values of fields.
        now: the milliseconds up to which there is data.
    """
    contracts = [document.model for document in inspection.documents.of("Metrics")]
    metrics = {name: metric for contract in contracts for name, metric in contract.metrics.items()}
    rules = [rule for group in inspection.groups for rule in group.rules if isinstance(rule, SettledRecord)]
    lines = made_up_lines(contracts, _log_queries(dashboard), now, _LINES_SPAN)
    store = MadeUpStore(contract_series(metrics, now), rules, lines, now)
    return PictureData(store, lines, now)


def _window(dashboard: Json, now: int, panel: Json | None = None) -> Window:
    return window_of(dashboard, panel or {}, {}, datetime.fromtimestamp(now / 1000, UTC), SCRAPE / 1000)


def _log_queries(dashboard: Json) -> Iterator[str]:
    for panel in drawn_panels(dashboard.get("panels")):
        for target in mappings(panel.get("targets")):
            if mapping(target.get("datasource")).get("type") == "loki":
                yield text(target.get("expr"))


class PictureSource(Struct, frozen=True):
    """Data made up for each dashboard."""

    data_of: Callable[[Json], PictureData]
    now_ms: int = NOW
    name: str = "sample data"
    is_sample: bool = True

    def variable_options(self, _dashboard: Json, _view: View) -> VariableOptions:
        """No options beside those that dashboards have."""
        return {}

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        frames = frames_of_panels(viewed.dashboard, self.data_of(viewed.dashboard))
        return {one.key: PanelData(frames.get(one.panel.get("id", 0), [])) for one in viewed.panels}


def project_source(inspection: Inspection) -> PictureSource:
    """Data made up in the shape of a project's contract."""
    return PictureSource(lambda dashboard: project_data(inspection, dashboard))


def dashboard_picture(
    dashboard: Json, source: PanelSource, theme: ThemeName = "dark", width: int = 1600
) -> str:
    """A dashboard as it opens, as SVG."""
    return view_svg(opened_view(dashboard, View(), source, theme), width)

"""Pictures of a project's dashboards on data made up from its metric contract."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.doctor.live.time_window import Window, window_of
from dashgen.drawing.dashboard_svg import dashboard_svg
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.panel_data import PanelData
from dashgen.formats.panel_tree import drawn_panels
from dashgen.model.settled_alerts import SettledRecord
from dashgen.preview.panel_frames import PictureData, frames_of_panels, variable_texts
from dashgen.preview.sample.contract_series import contract_series
from dashgen.preview.sample.made_up_lines import made_up_lines
from dashgen.preview.sample.made_up_store import SCRAPE, MadeUpStore
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


def dashboard_picture(
    dashboard: Json, data: PictureData, theme: ThemeName = "dark", width: int = 1600
) -> str:
    """A dashboard as it opens, as SVG."""
    frames = frames_of_panels(dashboard, data)

    context = DrawingContext(
        range_of(dashboard, data.now),
        data.now,
        theme,
        text(dashboard.get("timezone")) or "UTC",
        variable_texts(dashboard),
    )
    return dashboard_svg(
        dashboard,
        lambda panel: PanelData(frames.get(panel.get("id", 0), [])),
        context,
        width,
        lambda panel: range_of(dashboard, data.now, panel),
    )


def range_of(dashboard: Json, now: int, panel: Json | None = None) -> tuple[int, int]:
    """The milliseconds that a dashboard shows when it is opened, or one panel of it."""
    window = _window(dashboard, now, panel)
    return round(window.start * 1000), round(window.end * 1000)

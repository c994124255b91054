"""A dashboard with the data of its panels, as it is looked at."""

from collections.abc import Mapping
from typing import NamedTuple

from dashgen.core.json_values import Json
from dashgen.drawing.fields.themes import ThemeName
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.views.view import View
from dashgen.preview.views.view_conditions import with_data
from dashgen.preview.views.view_dashboard import viewed_dashboard
from dashgen.preview.views.viewed_dashboard import ViewedDashboard, ViewedPanel


class OpenedView(NamedTuple):
    """A dashboard as it is looked at, and what each of its panels shows, by the panel's key."""

    viewed: ViewedDashboard
    data: Mapping[str, PanelData]

    def data_of(self, panel: ViewedPanel) -> PanelData:
        """What one panel shows."""
        return self.data.get(panel.key, PanelData())


def opened_view(
    dashboard: Json, view: View, source: PanelSource, theme: ThemeName = "dark"
) -> OpenedView:  # fmt: skip
    """Look at a dashboard.

    Args:
        dashboard: Grafana's JSON in the extended classic form.
        view: what is chosen.
        source: where the data is from.
        theme: of its pictures.
    """
    options = source.variable_options(dashboard, view)
    viewed = viewed_dashboard(dashboard, view, options, source.now_ms, theme)
    data = source.panel_data(viewed)
    # Conditions on data can be decided only now.
    return OpenedView(with_data(viewed, data), data)

"""Where the data of panels comes from."""

from collections.abc import Mapping
from typing import Protocol

from dashgen.core.json_values import Json
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard


class PanelSource(Protocol):
    """A source of data.

    A query that fails gives `PanelData.error` on its panel, and the others go on. Equal queries of several
    panels and views run once.
    """

    @property
    def name(self) -> str:
        """What the page shows as its source, without secrets: `sample data`, `http://127.0.0.1:9090`."""

    @property
    def is_sample(self) -> bool:
        """Whether the data is made up."""

    @property
    def now_ms(self) -> int:
        """The present, in milliseconds since 1970."""

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables whose options are not in the dashboard.

        Args:
            dashboard: in the extended classic form.
            view: what is chosen, as the options of a variable may depend on the value of another one.
        """

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key; a panel without an entry shows that there is no data."""

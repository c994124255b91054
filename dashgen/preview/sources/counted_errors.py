"""A source of data that counts the panels without a result, so that a terminal can tell of them too."""

from collections.abc import Mapping

from dashgen.core.json_values import Json, text
from dashgen.core.sentence_parts import counted
from dashgen.drawing.panel_data import PanelData
from dashgen.preview.sources.panel_source import PanelSource
from dashgen.preview.views.view import VariableOptions, View
from dashgen.preview.views.viewed_dashboard import ViewedDashboard


class CountedErrors:
    """A source, and the errors that panels had when they were drawn.

    Attributes:
        errors: the error of each panel by its dashboard and its key.
    """

    def __init__(self, source: PanelSource) -> None:
        self._source = source
        self.errors: dict[tuple[str, str], str] = {}

    @property
    def name(self) -> str:
        """What the page shows as its source."""
        return self._source.name

    @property
    def is_sample(self) -> bool:
        """Whether the data is made up."""
        return self._source.is_sample

    @property
    def now_ms(self) -> int:
        """The present, in milliseconds since 1970."""
        return self._source.now_ms

    def variable_options(self, dashboard: Json, view: View) -> VariableOptions:
        """The options of the variables whose options are not in the dashboard."""
        return self._source.variable_options(dashboard, view)

    def panel_data(self, viewed: ViewedDashboard) -> Mapping[str, PanelData]:
        """What each panel shows, by its key."""
        data = self._source.panel_data(viewed)
        uid = text(viewed.dashboard.get("uid"))
        # A panel with an error in several views counts once, and with its first.
        for key, shown in data.items():
            if shown.error:
                self.errors.setdefault((uid, key), shown.error)
        return data

    def sentence(self) -> str:
        """What a terminal tells of them; empty when all panels have a result."""
        if not self.errors:
            return ""
        reasons = list(dict.fromkeys(self.errors.values()))
        subject = f"{counted(len(self.errors), 'panel')} {'has' if len(self.errors) == 1 else 'have'}"
        is_one = len(reasons) == 2
        others = f"{counted(len(reasons) - 1, 'other reason')} {'is' if is_one else 'are'} on the page"
        return f"{subject} no result: {reasons[0]}{f' ({others})' if len(reasons) > 1 else ''}"

"""Plugins: panels of any other type, with that plugin's own options."""

from typing import Annotated, ClassVar

from grafanalib import core

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class PluginPanel(PanelType, kw_only=True):
    """A panel of a plugin that dashgen has no keys for."""

    example: ClassVar[str] = """
    title: Load
    type: volkovlabs-echarts-panel
    query: sum by (method) (rate(http_requests_total[$__rate_interval]))
    options: {renderer: canvas}
    """

    type: Annotated[str, doc("The plugin's id.", "volkovlabs-echarts-panel")]
    options: Annotated[Json, doc("The plugin's options, as they are.", {"renderer": "canvas"})] = {}
    field_options: Annotated[Json, doc("The plugin's own field options, as they are.", {"lineWidth": 2})] = {}

    def lower(self, settled: SettledPanel, scope: LinkScope) -> core.Panel:
        """The panel as a grafanalib object, of the type that the spec names."""
        panel = super().lower(settled, scope)
        panel.panelType = self.type
        return panel

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The plugin's options, as they are."""
        return dict(self.options)

    def custom(self, _settled: SettledPanel, /) -> Json:
        """The plugin's own field options, as they are."""
        return dict(self.field_options)

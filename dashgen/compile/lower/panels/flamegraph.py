"""Flame graph: where time or memory goes."""

from typing import ClassVar

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import ModernPanel
from dashgen.compile.lower.panel_type import PanelType
from dashgen.model.settled_dashboard import SettledPanel


class FlameGraph(PanelType, kw_only=True):
    """Where time or memory goes, from a profile."""

    type_id: ClassVar[str] = "flamegraph"
    example: ClassVar[str] = """
    title: Where CPU time goes
    type: flamegraph
    datasource: pyroscope
    queries:
      - raw: {profileTypeId: "process_cpu:cpu:nanoseconds:cpu:nanoseconds", labelSelector: '{service_name="checkout"}'}
    """

    def lower(self, settled: SettledPanel, scope: LinkScope) -> ModernPanel:
        """A panel that grafanalib has no class for."""
        return self.modern(settled, scope, {})

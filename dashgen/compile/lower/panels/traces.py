"""Traces: one trace."""

from typing import Annotated, Any, ClassVar

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import ModernPanel
from dashgen.compile.lower.panel_type import PanelType
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Traces(PanelType, kw_only=True):
    """One trace: the query is a trace id, often from a variable. For a list of traces use `table`."""

    type_id: ClassVar[str] = "traces"
    example: ClassVar[str] = """
    title: The trace of the variable
    type: traces
    datasource: tempo
    query: $trace_id
    """

    span_filters: Annotated[
        dict[str, Any], doc("Spans found at first.", {"serviceName": "shop", "criticalPathOnly": True})
    ] = {}

    def lower(self, settled: SettledPanel, scope: LinkScope) -> ModernPanel:
        """A panel that grafanalib has no class for."""
        options = {"spanFilters": dict(self.span_filters)} if self.span_filters else {}
        return self.modern(settled, scope, options)

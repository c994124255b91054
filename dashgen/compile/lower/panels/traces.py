"""Traces: one trace."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
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
        Json, doc("Spans found at first.", {"serviceName": "shop", "criticalPathOnly": True})
    ] = {}

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The spans that are found at first."""
        return {"spanFilters": dict(self.span_filters)} if self.span_filters else {}

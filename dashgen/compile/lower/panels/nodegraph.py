"""Node graph: what calls what."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json, without_nulls
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class NodeGraph(PanelType, kw_only=True):
    """Nodes and the connections between them, such as Tempo's service map."""

    type_id: ClassVar[str] = "nodeGraph"
    example: ClassVar[str] = """
    title: Who calls whom
    type: nodeGraph
    datasource: tempo
    queries: [{service_map: true}]
    node_unit: ms
    """

    node_unit: Annotated[str | None, doc("The unit of a node's first number.", "ms")] = None
    node_unit_2: Annotated[str | None, doc("The unit of a node's second number.", "reqps")] = None
    edge_unit: Annotated[str | None, doc("The unit of a connection's first number.", "ms")] = None
    edge_unit_2: Annotated[str | None, doc("The unit of a connection's second number.", "reqps")] = None
    arcs: Annotated[
        dict[str, str],
        doc("The parts of the ring around a node: field to colour.", {"arc__success": "green"}),
    ] = {}
    zoom: Annotated[
        Literal["cooperative", "greedy"], doc("Zoom with a key and the wheel, or the wheel alone.")
    ] = "cooperative"

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """What the numbers at nodes and connections are."""
        nodes: Json = {
            "mainStatUnit": self.node_unit,
            "secondaryStatUnit": self.node_unit_2,
            "arcs": [{"field": field, "color": color} for field, color in self.arcs.items()] or None,
        }
        edges = {"mainStatUnit": self.edge_unit, "secondaryStatUnit": self.edge_unit_2}
        return {"nodes": without_nulls(nodes), "edges": without_nulls(edges), "zoomMode": self.zoom}

"""Canvas: elements at any place, given by ``raw:``."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Canvas(PanelType, kw_only=True):
    """Elements at any place: pictures, texts and values. `elements` are Grafana's own."""

    type_id: ClassVar[str] = "canvas"
    example: ClassVar[str] = """
    title: Plant
    type: canvas
    query: sum(queue_depth)
    elements:
      - type: metric-value
        name: Queue
        config: {text: {mode: field, field: Value}}
        placement: {top: 20, left: 20, width: 120, height: 40}
    """
    needs_queries: ClassVar[bool] = False

    elements: Annotated[
        list[Json],
        doc("Grafana's canvas elements, as they are.", [{"type": "text", "name": "Title", "config": {}}]),
    ] = []
    inline_editing: Annotated[bool, doc("Elements can be moved while the dashboard is edited.")] = True
    pan_zoom: Annotated[bool, doc("The reader can move and zoom the canvas.")] = False
    advanced_types: Annotated[bool, doc("Offer all element types in the editor.")] = True

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The elements, and what the reader can do with them."""
        return {
            "infinitePan": False,
            "inlineEditing": self.inline_editing,
            "panZoom": self.pan_zoom,
            "root": {"elements": list(self.elements), "name": "Element", "type": "frame"},
            "showAdvancedTypes": self.advanced_types,
        }

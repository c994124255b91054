"""Library panels: panels that Grafana keeps."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import LibraryPanelObject as Lowered
from dashgen.compile.lower.panel_type import PanelType
from dashgen.model.base import Uid, doc
from dashgen.model.settled_dashboard import SettledPanel


class LibraryPanel(PanelType, kw_only=True):
    """A panel that Grafana keeps in its library, by reference."""

    type_id: ClassVar[str] = "library"
    example: ClassVar[str] = """
    title: Cost by model
    type: library
    uid: cost-per-model
    """
    takes_queries: ClassVar[bool] = False

    uid: Annotated[Uid, doc("The library panel's uid.", "cost-per-model")]
    name: Annotated[str, doc("The library panel's name.", "Cost per model")] = ""

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A reference to the library panel."""
        return Lowered(uid=self.uid, name=self.name, **self.common(settled, scope))

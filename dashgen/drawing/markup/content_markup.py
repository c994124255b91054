"""What a page needs to show the content of a panel."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct, field

from dashgen.core.json_values import Json
from dashgen.drawing.panels.panel_drawing import PanelDrawing


class ContentMarkup(Struct, frozen=True):
    """The content of a panel in one theme, below its title.

    Attributes:
        html: inert markup: every text in it is escaped, and it has no script, no handler and no address that
            is loaded.
        chart: what the page's script draws into the element of the class `chart` in `html`, where there is
            one; empty for content that is only markup.
    """

    html: str
    chart: Json = field(default_factory=dict)


ContentMarker: TypeAlias = Callable[[PanelDrawing], ContentMarkup]

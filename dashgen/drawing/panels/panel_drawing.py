"""What a drawer of a panel type is given."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.field_display import FieldDisplay
from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.fields.themes import Theme
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, rectangle
from dashgen.drawing.svg.text_widths import shortened

_Computed = TypeVar("_Computed")


class PanelDrawing(NamedTuple):
    """A panel with its data and the room for it.

    Attributes:
        panel: Grafana's JSON.
        frames: after transformations, with the field config put upon their fields.
        box: the room below the title.
        context: theme, time and zone.
        identity: what the ids of this panel's elements start with.
        data: what the panel shows, as it came; `frames` are made of it.
        shared: what was computed once for the panel in all themes; None where there is only one.
    """

    panel: Json
    frames: Sequence[Frame]
    box: Box
    context: DrawingContext
    identity: str
    data: PanelData = PanelData()
    shared: dict[str, Any] | None = None

    def once(self, name: str, compute: Callable[[], _Computed]) -> _Computed:
        """A value that does not depend on the theme, computed the first time."""
        if self.shared is None:
            return compute()
        if name not in self.shared:
            self.shared[name] = compute()
        value: _Computed = self.shared[name]
        return value

    @property
    def options(self) -> Json:
        """The options of the panel type."""
        return mapping(self.panel.get("options"))

    @property
    def theme(self) -> Theme:
        """The colours of the theme."""
        return self.context.palette

    def display(self, field: Field) -> FieldDisplay:
        """How the values of a field are written and coloured."""
        return FieldDisplay(field, self.theme, self.context.clock)

    def message(self, message: str) -> list[str]:
        """A text in the middle of the panel."""
        style = TextStyle(14, self.theme.text, "middle", opacity=self.theme.text_opacity_secondary)
        middle = self.box.y + self.box.height / 2
        return [line_of_text(message, self.box.x + self.box.width / 2, middle, style)]

    def note(self, note: str) -> list[str]:
        """A sentence at the lower edge of the panel."""
        strip = Box(self.box.x, self.box.bottom - 18, self.box.width, 18)
        style = TextStyle(11, self.theme.text, opacity=self.theme.text_opacity_secondary)
        shown = shortened(note, strip.width - 8, style.size)
        return [rectangle(strip, self.theme.secondary), line_of_text(shown, strip.x + 4, strip.y + 9, style)]

    @property
    def no_data_text(self) -> str:
        """What an answer without values is called."""
        defaults = mapping(mapping(self.panel.get("fieldConfig")).get("defaults"))
        return text(defaults.get("noValue")) or "No data"

    def no_data(self) -> list[str]:
        """What stands for an answer without values."""
        return self.message(self.no_data_text)


PanelDrawer: TypeAlias = Callable[[PanelDrawing], list[str]]

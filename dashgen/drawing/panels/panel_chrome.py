"""The surface of a panel: background, border, title and the mark of a description.

Source: components/PanelChrome of @grafana/ui 12.4.3.
"""

from collections.abc import Mapping
from typing import Final

from dashgen.core.json_values import Json, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.svg.elements import (
    Attribute,
    Box,
    TextStyle,
    element,
    escaped,
    line_of_text,
    path,
    rectangle,
)
from dashgen.drawing.svg.text_widths import shortened

HEADER: Final = 32
PADDING: Final = 8
_TITLE_SIZE, _MARK = 14, 30
_VARIABLE = lazy_pattern(r"\$\{(\w+)(?:[.:][^}]*)?\}|\$(\w+)|\[\[(\w+)(?::[^\]]*)?\]\]")


def with_variables(written: str, variables: Mapping[str, str]) -> str:
    """A text with the texts of variables in it; names that are no variables stay."""
    return _VARIABLE.sub(lambda match: variables.get(match[1] or match[2] or match[3], match[0]), written)


def panel_surface(panel: Json, box: Box, context: DrawingContext) -> list[str]:
    """The background of a panel, with its title and the mark of its description."""
    theme = context.palette
    marks = []
    if panel.get("transparent") is not True:
        marks.append(rectangle(box, theme.panel, radius=2))
        edge = Box(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1)
        attributes: dict[str, Attribute] = {
            "x": edge.x, "y": edge.y, "width": edge.width, "height": edge.height, "rx": 2.0, "fill": "none",
            "stroke": theme.border, "stroke_opacity": theme.border_opacity,
        }  # fmt: skip
        marks.append(element("rect", attributes))
    title = with_variables(text(panel.get("title")), context.variables)
    shown = shortened(title, box.width - _MARK * 2, _TITLE_SIZE, 500)
    style = TextStyle(_TITLE_SIZE, theme.text, "middle", 500)
    marks.append(line_of_text(shown, box.x + box.width / 2, box.y + HEADER / 2, style))
    description = text(panel.get("description"))
    if description.strip():
        corner = f"M{box.x + 1:.1f} {box.y + 1:.1f}h{_MARK}l{-_MARK} {_MARK}Z"
        mark = path(corner, theme.secondary if theme.name == "light" else "#252a30")
        letter = line_of_text("i", box.x + 6, box.y + 10, TextStyle(11, theme.text, weight=500))
        marks.append(element("g", {}, element("title", {}, escaped(description)), mark, letter))
    return marks


def content_box(panel: Json, box: Box) -> Box:
    """The room that a panel's surface leaves for its content."""
    has_header = bool(text(panel.get("title"))) or bool(text(panel.get("description")))
    return box.inset(PADDING, HEADER if has_header else PADDING, PADDING, PADDING)

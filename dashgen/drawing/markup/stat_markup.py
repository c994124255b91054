"""The panel `stat` as HTML: font sizes are computed by the browser from the size of each value's room."""

from collections.abc import Sequence

from dashgen.core.json_values import text
from dashgen.drawing.css_length import CONTAINER_HEIGHT, CONTAINER_WIDTH, CssLength, css
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.value_links import linked
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.stat_layout import StatArrangement, StatRoom, stat_sizes
from dashgen.drawing.panels.stat_panel import (
    StatLook,
    background_colors,
    change_color,
    change_text,
    has_sparkline,
    sparkline_marks,
    stat_look,
    stat_room,
    value_text_color,
)
from dashgen.drawing.panels.value_grid import column_steps
from dashgen.drawing.svg.elements import Box, element
from dashgen.drawing.values.formatted_value import FormattedValue

_SPACING = 3.0
# 12 pixels in a room of more than 100, else 8: a condition that is a length, so that it is computed in the
# room.
_ROOM = StatRoom(CONTAINER_WIDTH, CONTAINER_HEIGHT, CssLength("clamp(8px, (100cqh - 100px) * 100, 12px)"))


def stat_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Big values, each with its title, sparkline and change where the options have them."""
    values = field_values(drawing)
    if not values:
        return no_data_markup(drawing)
    look = stat_look(drawing, values)
    parts = "".join(_value(drawing, look, value) for value in values)
    # The units of a variable are computed where it is used: in the room of each value.
    sizes = styles(**_font_sizes(look, values))
    orientation = text(drawing.options.get("orientation")) or "auto"
    if len(values) == 1 or orientation == "auto":
        identity = f"{drawing.identity}-grid"
        rules = grid_rules(identity, stat_room(drawing.box), len(values), _SPACING)
        return ContentMarkup(
            html(
                "div", {"class": "full-bleed value-grid stats", "id": identity, "style": sizes}, rules, parts
            )
        )
    direction = "values-below" if orientation == "horizontal" else "values-beside"
    return ContentMarkup(html("div", {"class": f"full-bleed {direction} stats", "style": sizes}, parts))


def grid_rules(identity: str, box: Box, count: int, spacing: float) -> str:
    """A style sheet with the columns that a grid of values has in containers of each width."""
    steps = column_steps(round(box.height), count, spacing)
    rules = [f"#{identity}{{--spacing:{spacing:g}px;--columns:{steps[0][1]}}}"]
    rules += [
        f"@container (min-width:{width:g}px){{#{identity}{{--columns:{columns}}}}}"
        for width, columns in steps[1:]
    ]
    return html("style", {}, "".join(rules)) if count > 1 else ""


def _value(drawing: PanelDrawing, look: StatLook, value: FieldValue) -> str:
    color = value_text_color(drawing, look, value)
    first, last = background_colors(drawing, look, value) if look.is_on_color else ("", "")
    look_of_room = styles(
        background=f"linear-gradient(120deg,{first},{last})" if first else None,
        color=color if look.is_on_color else None,
    )
    hint = (
        "" if look.text_mode == "value_and_name" else f"{value.title}: {value.shown.text}".removeprefix(": ")
    )
    classes = ["stat", "stat-centered" if look.is_centered else "", "" if look.may_be_wide else "stat-tall"]
    chart = _chart(look, value) if has_sparkline(look, value) else ""
    classes.append("stat-charted" if chart else "")
    room = html("div", {"class": "stat-room", "style": look_of_room}, _texts(drawing, look, value), chart)
    attributes = {"class": " ".join(filter(None, classes)), "title": hint or None}
    return html("div", attributes, room)


def _font_sizes(look: StatLook, values: Sequence[FieldValue]) -> dict[str, str]:
    # The style sheet chooses among them by the shape of the room.
    arranged: list[tuple[str, StatArrangement]] = [("tall", "tall")]
    if look.may_be_wide:
        arranged.append(("wide", "wide"))
    if any(has_sparkline(look, value) for value in values):
        arranged.append(("tallc", "tall-chart"))
        if look.may_be_wide:
            arranged.append(("widec", "wide-chart"))
    variables = {}
    for short, one in arranged:
        sizes = stat_sizes(look.texts, _ROOM, one, has_change=values[0].change is not None)
        variables[f"__v_{short}"] = css(sizes.value)
        if look.texts.title:
            variables[f"__t_{short}"] = css(sizes.title)
    return variables


def _texts(drawing: PanelDrawing, look: StatLook, value: FieldValue) -> str:
    color = value_text_color(drawing, look, value)
    parts = []
    if look.texts.title and value.title:
        parts.append(html("div", {"class": "stat-title"}, html_text(value.title)))
    if look.text_mode != "none":
        shown = html_text(value.title) if look.text_mode == "name" else value_parts_markup(value.shown.parts)
        inner = linked(drawing, value, shown)
        parts.append(html("div", {"class": "stat-value", "style": styles(color=color)}, inner))
    if value.change is not None:
        tone = change_color(drawing, value.change, color)
        parts.append(
            html(
                "div",
                {"class": "stat-change", "style": styles(color=tone)},
                html_text(change_text(value.change)),
            )
        )
    return html("div", {"class": "stat-texts"}, *parts)


def value_parts_markup(parts: FormattedValue) -> str:
    """A formatted value whose unit is smaller than its number."""
    suffix = html("span", {"class": "value-suffix"}, html_text(parts.suffix)) if parts.suffix else ""
    return html_text(parts.prefix + parts.text) + suffix


def _chart(look: StatLook, value: FieldValue) -> str:
    room = Box(0, 0, 400, 100)
    return element(
        "svg",
        {
            "class": "stat-chart", "viewBox": "0 0 400 100", "preserveAspectRatio": "none",
            "aria-hidden": "true",
        },
        *sparkline_marks(value, room, look),
    )  # fmt: skip

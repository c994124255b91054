"""The panel `bargauge` as HTML: bars whose filled part is a share of their room."""

from dashgen.drawing.css_length import CONTAINER_WIDTH, css
from dashgen.drawing.fields.field_colors import color_mode, is_by_value, value_color
from dashgen.drawing.fields.thresholds import thresholds_of
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.stat_markup import value_parts_markup
from dashgen.drawing.markup.value_links import linked
from dashgen.drawing.panels.bar_gauge_panel import (
    BAR_SPACING,
    BarsLook,
    bar_stops,
    bars_look,
    filled_share,
    lying_height,
    lying_sizes,
    upright_sizes,
    value_color_of,
)
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values

_SMOOTH_STEPS = 24


def bar_gauge_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A bar for each value, in a row or below each other."""
    values = field_values(drawing)
    if not values:
        return no_data_markup(drawing)
    bars = bars_look(drawing, values)
    if bars.is_upright:
        inner = "".join(_upright_bar(drawing, bars, value) for value in values)
        return ContentMarkup(html("div", {"class": "bars bars-upright"}, inner))
    height = lying_height(drawing, len(values))
    inner = "".join(_lying_bar(drawing, bars, value, height) for value in values)
    spacing = styles(gap=f"{BAR_SPACING:g}px")
    return ContentMarkup(html("div", {"class": "bars bars-lying", "style": spacing}, inner))


def _lying_bar(drawing: PanelDrawing, bars: BarsLook, value: FieldValue, height: float) -> str:
    sizes = lying_sizes(bars, CONTAINER_WIDTH, height)
    look = styles(
        font_size=f"{sizes.title_size:.4g}px",
        width=None if sizes.title_height else css(sizes.title_width),
        height=f"{sizes.title_height:.4g}px" if sizes.title_height else None,
    )
    title = _title(bars, value, look)
    shown = _value(
        drawing, bars, value, styles(width=css(sizes.value_width), font_size=css(sizes.value_size))
    )
    row = html(
        "div", {"class": "bar-row"}, "" if sizes.title_height else title, _track(drawing, bars, value), shown
    )
    attributes = {"class": "value-bar", "style": styles(height=f"{height:.5g}px")}
    return html("div", attributes, title if sizes.title_height else "", row)


def _upright_bar(drawing: PanelDrawing, bars: BarsLook, value: FieldValue) -> str:
    sizes = upright_sizes(bars, CONTAINER_WIDTH, drawing.box.height)
    title = _title(
        bars, value, styles(font_size=f"{sizes.title_size:.4g}px", height=f"{sizes.title_height:.4g}px")
    )
    shown = _value(
        drawing, bars, value, styles(height=f"{sizes.value_height:.4g}px", font_size=css(sizes.value_size))
    )
    return html("div", {"class": "value-bar"}, shown, _track(drawing, bars, value), title)


def _title(bars: BarsLook, value: FieldValue, look: str | None) -> str:
    if not bars.has_title:
        return ""
    return html("div", {"class": "bar-title", "style": look, "title": value.title}, html_text(value.title))


def _value(drawing: PanelDrawing, bars: BarsLook, value: FieldValue, look: str | None) -> str:
    if bars.value_mode == "hidden":
        return ""
    color = styles(color=value_color_of(drawing, bars, value))
    inner = linked(drawing, value, html("span", {}, value_parts_markup(value.shown.parts)))
    return html("div", {"class": "bar-value", "style": f"{color};{look}"}, inner)


def _track(drawing: PanelDrawing, bars: BarsLook, value: FieldValue) -> str:
    return bar_track(drawing, value, mode=bars.mode, is_filled=bars.is_filled, is_upright=bars.is_upright)


def bar_track(
    drawing: PanelDrawing, value: FieldValue, *, mode: str, is_filled: bool = True, is_upright: bool = False
) -> str:
    """The bar of a value, which fills the room it stands in."""
    share = f"{filled_share(value) * 100:.4g}%"
    direction = "to top" if is_upright else "to right"
    color = value.shown.color
    if mode == "lcd":
        lit = styles(__share=share, background_image=_cell_colors(drawing, value, direction))
        dark = html("div", {"class": "bar-cells bar-cells-dark", "style": lit})
        return html(
            "div", {"class": "bar-track bar-lcd"}, dark, html("div", {"class": "bar-cells", "style": lit})
        )
    stops = bar_stops(value, drawing.theme)
    if mode == "basic":
        fill = styles(__share=share, color=color)
    elif len(stops) > 1:
        shades = ",".join(f"{stop.color} {stop.share * 100:.4g}%" for stop in stops)
        fill = styles(__share=share, background_image=f"linear-gradient({direction},{shades})")
    else:
        fill = styles(__share=share, background_color=stops[0].color if stops else color)
    kind = "bar-fill bar-fill-basic" if mode == "basic" else "bar-fill"
    background = styles(background_color=drawing.theme.secondary) if is_filled else None
    return html(
        "div", {"class": "bar-track", "style": background}, html("div", {"class": kind, "style": fill})
    )


def _cell_colors(drawing: PanelDrawing, value: FieldValue, direction: str) -> str:
    """The colours that the cells of a bar have at each share of its length."""
    field, theme = value.field, drawing.theme
    low, high = field.bounds or (0.0, 100.0)
    if not is_by_value(field):
        return f"linear-gradient({direction},{value.shown.color},{value.shown.color})"
    if color_mode(field) != "thresholds":
        steps = [low + (high - low) * index / _SMOOTH_STEPS for index in range(_SMOOTH_STEPS + 1)]
        return f"linear-gradient({direction},{','.join(value_color(field, at, theme) for at in steps)})"
    placed = thresholds_of(field.config).placed((low, high))
    shares = [min(max((step.value - low) / ((high - low) or 1), 0.0), 1.0) * 100 for step in placed]
    shades = [
        f"{theme.color(step.color)} {start:.4g}% {end:.4g}%"
        for step, start, end in zip(placed, shares, [*shares[1:], 100.0], strict=True)
    ]
    return f"linear-gradient({direction},{','.join(shades) or value.shown.color})"

"""The panel `heatmap` as a chart. Source: panel/heatmap of Grafana 12.4.3."""

from dashgen.core.json_values import Json, mapping
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.chart_markup import (
    annotation_entries,
    chart_markup,
    exemplar_entries,
    tooltip_options,
    x_range,
)
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.field_description import field_description
from dashgen.drawing.markup.html_elements import html, html_text, styles
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.panels.heatmap_cells import HIDDEN, HeatmapCells, heatmap_cells
from dashgen.drawing.panels.heatmap_panel import HeatmapColors
from dashgen.drawing.panels.panel_drawing import PanelDrawing

_STOPS = 32


def heatmap_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Cells coloured by how many values are in them, with the scale of the colours below."""
    cells = heatmap_cells(drawing)
    if cells is None:
        return no_data_markup(drawing)
    low, high = cells.bounds(mapping(drawing.options.get("color")))
    colors = HeatmapColors.of(drawing)
    gap = number_or_none(drawing.options.get("cellGap"))
    counts = Field(
        "", "number", [], config={"unit": mapping(drawing.options.get("cellValues")).get("unit") or "short"}
    )
    chart: Json = {
        "kind": "cells", "range": x_range(drawing.context), "times": list(cells.times), "step": cells.step,
        "columns": [[short_number(value) for value in column] for column in cells.columns],
        "ticks": [list(tick) for tick in cells.ticks], "buckets": list(cells.buckets),
        "hidden": HIDDEN, "bounds": [low, high], "gap": 1.0 if gap is None else gap,
        "colors": [_color(colors, index / (colors.color_count - 1)) for index in range(colors.color_count)],
        "displays": [field_description(drawing.display(counts))], "tooltip": tooltip_options(drawing),
    }  # fmt: skip
    optional = {"annotations": annotation_entries(drawing), "exemplars": exemplar_entries(drawing)}
    chart |= {name: held for name, held in optional.items() if held}
    markup = chart_markup(chart, {"showLegend": False}, [])
    if mapping(drawing.options.get("legend")).get("show") is False:
        return markup
    inner = markup.html.removesuffix("</div>")
    return ContentMarkup(f"{inner}{_scale(drawing, colors, cells)}</div>", chart)


def _color(colors: HeatmapColors, share: float) -> str:
    color, opacity = colors.at(share)
    return color if opacity == 1 else f"color-mix(in srgb, {color} {opacity * 100:.3g}%, transparent)"


def _scale(drawing: PanelDrawing, colors: HeatmapColors, cells: HeatmapCells) -> str:
    stops = ", ".join(_color(colors, index / (_STOPS - 1)) for index in range(_STOPS))
    plain = drawing.display(Field("", "number", []))
    ends = [plain.shown(value).text for value in cells.bounds(mapping(drawing.options.get("color")))]
    bar = html("i", {"style": styles(background=f"linear-gradient(90deg, {stops})")})
    texts = "".join(html("span", {}, html_text(end)) for end in ends)
    return html("div", {"class": "chart-scale"}, bar, html("div", {}, texts))

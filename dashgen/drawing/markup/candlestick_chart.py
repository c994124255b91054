"""The panel `candlestick` as a chart. Source: panel/candlestick of Grafana 12.4.3."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, text
from dashgen.drawing.fields.frames import Field
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.chart_markup import annotation_entries, chart_markup, x_range
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.timeseries_chart import legend_series, plot_chart, timeseries_markup
from dashgen.drawing.panels.candlestick_panel import (
    VOLUME_HEADROOM,
    Candle,
    candle_colors,
    candle_fields,
    candles_of,
)
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.plot_series import PlotSeries, plot_series


def candlestick_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Candles of open, high, low and close, and the volume; plain lines without them."""
    fields = candle_fields(drawing)
    if "open" not in fields or "close" not in fields:
        return timeseries_markup(drawing)
    candles = candles_of(drawing.frames, fields)
    if not candles:
        return no_data_markup(drawing)
    drawn = _drawn_parts(drawing, fields)
    series = _series(drawing, fields, drawn)
    chart = plot_chart(drawing, series) | {"range": x_range(drawing.context)}
    titles = {field.title for field in drawn.values()}
    for described in chart["series"]:
        if described["name"] in titles:
            described["isMark"] = True
    scales = {one["name"]: one["scale"] for one in chart["series"]}
    places = {part: scales[field.title] for part, field in drawn.items()}
    if {"close", "volume"} <= drawn.keys():
        chart["scales"][places["volume"]]["headroom"] = VOLUME_HEADROOM
    chart["candles"] = _described(drawing, candles, places)
    annotations = annotation_entries(drawing)
    chart |= {"annotations": annotations} if annotations else {}
    if chart["tooltip"]["mode"] == "single":
        # The values of a candle belong together.
        chart["tooltip"]["mode"] = "multi"
    entries = [one for one in legend_series(drawing, series) if one.item.title not in titles]
    return chart_markup(chart, mapping(drawing.options.get("legend")), entries)


def _drawn_parts(drawing: PanelDrawing, fields: Mapping[str, Field]) -> dict[str, Field]:
    # The fields that become candles and volumes, by the mode of the panel.
    mode = text(drawing.options.get("mode")) or "candles+volume"
    hidden = {"candles": {"volume"}, "volume": set(fields) - {"volume"}}.get(mode, set())
    return {part: field for part, field in fields.items() if part not in hidden}


def _series(
    drawing: PanelDrawing, fields: Mapping[str, Field], drawn: Mapping[str, Field]
) -> list[PlotSeries]:
    # Those that become candles, and the other fields of the frames where the options ask for them.
    parts, marks = {id(field) for field in fields.values()}, {id(field) for field in drawn.values()}
    has_others = drawing.options.get("includeAllFields") is True
    series = [
        one
        for one in plot_series(drawing.frames)
        if id(one.field) in marks or (has_others and id(one.field) not in parts)
    ]
    if {"close", "volume"} <= drawn.keys():
        # The volume has an axis of its own, on which it stays below the prices.
        for one in series:
            if one.field is drawn["volume"]:
                one.field = replace(one.field, config={**one.field.config, "unit": "short"})
    return series


def _described(drawing: PanelDrawing, candles: Sequence[Candle], places: Mapping[str, int]) -> Json:
    up, down = candle_colors(drawing)
    return {
        "marks": [
            [one.at, *map(short_number, (one.open, one.high, one.low, one.close, one.volume))]
            for one in candles
        ],
        "up": up, "down": down, "hasPrice": "close" in places,
        "priceScale": places.get("close", -1), "volumeScale": places.get("volume", -1),
        "isBars": text(drawing.options.get("candleStyle")) == "ohlcbars",
        "isAgainstLast": text(drawing.options.get("colorStrategy")) == "close-close",
    }  # fmt: skip

"""The panel `candlestick` as a chart. Source: panel/candlestick of Grafana 12.4.3."""

from msgspec.structs import replace

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.frames import Field
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.chart_markup import annotation_entries, chart_markup, x_range
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.timeseries_chart import legend_series, plot_chart, timeseries_markup
from dashgen.drawing.panels.candlestick_panel import (
    VOLUME_HEADROOM,
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
    mode = text(drawing.options.get("mode")) or "candles+volume"
    has_volume, has_price = mode != "candles" and "volume" in fields, mode != "volume"
    parts = [name for name in fields if (name == "volume" and has_volume) or (name != "volume" and has_price)]
    drawn = [fields[name] for name in parts]
    series = [one for one in plot_series(drawing.frames) if _is_shown(drawing, one, drawn, fields)]
    if has_volume and has_price:
        # The volume has an axis of its own, on which it stays below the prices.
        series = [_of_volume(one) if one.field is fields["volume"] else one for one in series]
    chart = plot_chart(drawing, series) | {"range": x_range(drawing.context)}
    scales = {one["name"]: one["scale"] for one in chart["series"]}
    titles = {field.title for field in drawn}
    for described in chart["series"]:
        if described["name"] in titles:
            described |= {"isMark": True}
    if has_volume and has_price:
        volume = next(one for one in chart["series"] if one["name"] == fields["volume"].title)
        chart["scales"][volume["scale"]]["headroom"] = VOLUME_HEADROOM
    up, down = candle_colors(drawing)
    chart["candles"] = {
        "marks": [
            [one.at, *map(short_number, (one.open, one.high, one.low, one.close, one.volume))] for one in candles
        ],
        "up": up, "down": down, "hasPrice": has_price,
        "priceScale": scales.get(fields["close"].title, -1),
        "volumeScale": scales[fields["volume"].title] if has_volume else -1,
        "isBars": text(drawing.options.get("candleStyle")) == "ohlcbars",
        "isAgainstLast": text(drawing.options.get("colorStrategy")) == "close-close",
    }  # fmt: skip
    annotations = annotation_entries(drawing)
    if annotations:
        chart["annotations"] = annotations
    chart["tooltip"]["mode"] = "multi" if chart["tooltip"]["mode"] == "single" else chart["tooltip"]["mode"]
    entries = [one for one in legend_series(drawing, series) if one.item.title not in titles]
    return chart_markup(chart, mapping(drawing.options.get("legend")), entries)


def _is_shown(
    drawing: PanelDrawing, series: PlotSeries, drawn: list[Field], fields: dict[str, Field]
) -> bool:  # fmt: skip
    if any(series.field is one for one in drawn):
        return True
    is_part = any(series.field is one for one in fields.values())
    return not is_part and drawing.options.get("includeAllFields") is True


def _of_volume(series: PlotSeries) -> PlotSeries:
    series.field = replace(series.field, config={**series.field.config, "unit": "short"})
    return series

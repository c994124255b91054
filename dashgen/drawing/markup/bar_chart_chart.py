"""The panels `barchart` and `histogram` as charts.

Source: panel/barchart (bars.ts, utils.ts) and panel/histogram of Grafana 12.4.3.
"""

from collections.abc import Sequence

from dashgen.core.json_values import Json, mapping, text, whole
from dashgen.drawing.fields.field_colors import is_by_value, series_color
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.markup.chart_columns import short_number
from dashgen.drawing.markup.chart_markup import LegendSeries, calculated_item, chart_markup, tooltip_options
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.field_description import distinct, field_description
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.markup.timeseries_chart import axis_settings
from dashgen.drawing.panels.bar_chart_panel import BarColumns, bar_columns, bar_limits, bar_widths
from dashgen.drawing.panels.histogram_panel import ValueHistogram, histogram_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import LegendItem, legend_calcs
from dashgen.drawing.plots.number_axis import AxisLimits
from dashgen.drawing.plots.plot_series import PlotSeries, is_hidden_from

_FILL = 80.0


def bar_chart_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Groups of bars for the rows of a table."""
    columns = bar_columns(drawing, has_hidden=True)
    if columns is None:
        return no_data_markup(drawing)
    stacking = text(drawing.options.get("stacking")) or "none"
    first = columns.fields[0]
    axis = field_description(drawing.display(first), is_percent=stacking == "percent")
    own = [field_description(drawing.display(one)) for one in columns.fields]
    displays, places = distinct([axis, *own])
    group, width = bar_widths(drawing, stacking)
    chart: Json = {
        "kind": "bars", "names": list(columns.names), "displays": displays,
        "series": [
            _series(drawing, columns, one) | {"display": index}
            for one, index in zip(columns.fields, places[1:], strict=True)
        ],
        "scale": axis_settings(PlotSeries(first, [], []), bar_limits(first))
        | {"display": places[0], "isPercent": stacking == "percent"},
        "orientation": text(drawing.options.get("orientation")) or "auto",
        "stacking": stacking, "groupWidth": group, "barWidth": width,
        "radius": number_or_none(drawing.options.get("barRadius")) or 0,
        "showValue": text(drawing.options.get("showValue")) or "auto",
        "valueSize": number_or_none(mapping(drawing.options.get("text")).get("valueSize")),
        "rotation": whole(drawing.options.get("xTickLabelRotation"), 0),
        "longestName": whole(drawing.options.get("xTickLabelMaxLength"), 0),
        "spacing": whole(drawing.options.get("xTickLabelSpacing"), 0),
        "isWholeGroup": drawing.options.get("fullHighlight") is True,
        "tooltip": tooltip_options(drawing),
    }  # fmt: skip
    return chart_markup(chart, mapping(drawing.options.get("legend")), _legend(drawing, columns.fields))


def _series(drawing: PanelDrawing, columns: BarColumns, field: Field) -> Json:
    described = _bar_look(drawing, field) | {
        "name": field.title,
        "values": [short_number(value) for value in field.finite()],
    }
    if columns.color_field is not None or is_by_value(field):
        described["colors"] = [columns.color(field, row, drawing.theme) for row in range(len(columns.names))]
    if is_hidden_from(field, "tooltip"):
        described["isWithoutTooltip"] = True
    return described


def _bar_look(drawing: PanelDrawing, field: Field) -> Json:
    custom = mapping(field.config.get("custom"))
    fill, width = number_or_none(custom.get("fillOpacity")), number_or_none(custom.get("lineWidth"))
    gradient = text(custom.get("gradientMode"))
    return {
        "color": series_color(field, drawing.theme), "fill": (_FILL if fill is None else fill) / 100,
        "width": 1 if width is None else width, "isFading": gradient == "opacity",
    }  # fmt: skip


def _legend(drawing: PanelDrawing, fields: Sequence[Field]) -> list[LegendSeries]:
    calcs = legend_calcs(mapping(drawing.options.get("legend")))
    return [
        LegendSeries(
            *_item(calculated_item(drawing, one, calcs), index), is_hidden=is_hidden_from(one, "viz")
        )
        for index, one in enumerate(fields)
        if not is_hidden_from(one, "legend")
    ]


def _item(
    calculated: tuple[LegendItem, list[float | None]], index: int
) -> tuple[LegendItem, list[int], list[float | None]]:
    return calculated[0], [index], calculated[1]


def histogram_markup(drawing: PanelDrawing) -> ContentMarkup:
    """Bars for the buckets of all number fields, or for all of them together."""
    histogram = histogram_of(drawing)
    if histogram is None:
        return no_data_markup(drawing)
    low, high = histogram.edges
    counts = Field("Count", "number", [], config={"unit": "none"})
    limits = AxisLimits(soft_low=0, decimals=0)
    chart: Json = {
        "kind": "buckets", "range": [short_number(low), short_number(high)],
        "isStacked": histogram.is_stacked,
        "series": _bucket_series(drawing, histogram),
        "displays": [
            field_description(drawing.display(histogram.fields[0])),
            field_description(drawing.display(counts)),
        ],
        "x": {"display": 0}, "scale": axis_settings(PlotSeries(counts, [], []), limits) | {"display": 1},
        "tooltip": tooltip_options(drawing),
    }  # fmt: skip
    entries = [
        LegendSeries(LegendItem(name, series_color(field, drawing.theme)), [index])
        for index, (name, field) in enumerate(zip(histogram.names, histogram.fields, strict=True))
    ]
    return chart_markup(chart, mapping(drawing.options.get("legend")), entries)


def _bucket_series(drawing: PanelDrawing, histogram: ValueHistogram) -> list[Json]:
    return [
        _bar_look(drawing, field)
        | {"name": name, "buckets": [[*map(short_number, (one.low, one.high, one.size))] for one in buckets]}
        for field, name, buckets in zip(histogram.fields, histogram.names, histogram.buckets, strict=True)
    ]

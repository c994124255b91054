"""The panels `timeseries`, `graph` and `trend` as charts.

Source: core/components/TimeSeries/utils.ts of Grafana 12.4.3. What depends on which series are shown, and on
what part of the time (the ends of axes, their ticks, stacks), `chart_lines.js` computes with uPlot.
"""

from collections.abc import Sequence
from typing import Final

from dashgen.core.json_values import Json, items, mapping, text, whole
from dashgen.drawing.fields.field_colors import is_by_value, series_color
from dashgen.drawing.fields.frames import number_or_none
from dashgen.drawing.fields.thresholds import ThresholdStep, thresholds_of
from dashgen.drawing.markup.chart_columns import chart_tables
from dashgen.drawing.markup.chart_markup import (
    LegendSeries,
    annotation_entries,
    calculated_item,
    chart_markup,
    exemplar_entries,
    tooltip_options,
    x_range,
)
from dashgen.drawing.markup.content_markup import ContentMarkup
from dashgen.drawing.markup.field_description import distinct, field_description, finite_or_none
from dashgen.drawing.markup.message_markup import no_data_markup
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.legend import legend_calcs
from dashgen.drawing.plots.number_axis import AxisLimits
from dashgen.drawing.plots.plot_area import axis_groups
from dashgen.drawing.plots.plot_series import (
    PlotSeries,
    is_hidden_from,
    plot_series,
    stack_groups,
    with_constants,
)
from dashgen.drawing.plots.series_marks import hue_ends

_FILL_OF_A_BAND: Final = 35.0


def timeseries_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A chart over time."""
    series = drawing.once("series", lambda: _timed_series(drawing))
    if not _has_values(series):
        return no_data_markup(drawing)
    chart = plot_chart(drawing, series) | {"range": x_range(drawing.context)}
    annotations, exemplars = annotation_entries(drawing), exemplar_entries(drawing)
    if annotations:
        chart["annotations"] = annotations
    if exemplars:
        chart["exemplars"] = exemplars
    return chart_markup(chart, mapping(drawing.options.get("legend")), legend_series(drawing, series))


def _timed_series(drawing: PanelDrawing) -> list[PlotSeries]:
    series = plot_series(drawing.frames, has_hidden=True)
    with_constants(series, drawing.context.time_range)
    return series


def trend_markup(drawing: PanelDrawing) -> ContentMarkup:
    """A chart over the numbers of the first field."""
    series = plot_series(drawing.frames, x_kind="number", has_hidden=True)
    if not _has_values(series):
        return no_data_markup(drawing)
    field = next(one for frame in drawing.frames if (one := frame.first("number")))
    chart = plot_chart(drawing, series)
    chart["x"] = _axis(PlotSeries(field, [], []), "bottom") | {
        "display": len(chart["displays"]), "name": field.title
    }  # fmt: skip
    chart["displays"].append(field_description(drawing.display(field)))
    return chart_markup(chart, mapping(drawing.options.get("legend")), legend_series(drawing, series))


def _has_values(series: Sequence[PlotSeries]) -> bool:
    return any(value is not None for one in series for _, value in one.points)


def plot_chart(drawing: PanelDrawing, series: Sequence[PlotSeries]) -> Json:
    """Series with their axes, displays, stacks and thresholds."""
    groups = axis_groups(series)
    scale_of = {id(one): index for index, (_, members) in enumerate(groups) for one in members}
    stacks = stack_groups(series)
    stack_of = {id(one): index for index, group in enumerate(stacks) for one in group.members}
    tables, positions = drawing.once("tables", lambda: chart_tables(series))
    axis_displays = [_axis_display(drawing, members[0]) for _, members in groups]
    own = [field_description(drawing.display(one.field)) for one in series]
    displays, places = distinct([*axis_displays, *own])
    described = []
    for index, one in enumerate(series):
        details: Json = {"at": list(positions[index]), "scale": scale_of[id(one)]}
        details["display"] = places[len(groups) + index]
        if id(one) in stack_of:
            details["stack"] = stack_of[id(one)]
        described.append(_series(drawing, one, series) | details)
    chart: Json = {
        "kind": "lines", "tables": tables, "series": described, "displays": displays,
        "scales": [
            _axis(members[0], side, series_color(members[0].field, drawing.theme))
            | {"display": places[index]}
            for index, (side, members) in enumerate(groups)
        ],
        "tooltip": tooltip_options(drawing),
    }  # fmt: skip
    if stacks:
        chart["stacks"] = [{"direction": one.direction, "isPercent": one.is_percent} for one in stacks]
    thresholds = _thresholds(drawing, [members for _, members in groups])
    return chart | ({"thresholds": thresholds} if thresholds else {})


def _axis_display(drawing: PanelDrawing, series: PlotSeries) -> Json:
    is_percent = mapping(series.custom.get("stacking")).get("mode") == "percent"
    return field_description(drawing.display(series.field), is_percent=is_percent)


def _axis(series: PlotSeries, side: str, color: str = "") -> Json:
    custom, unit = series.custom, text(series.field.config.get("unit"))
    described: Json = {
        "side": side, "isPercent": mapping(custom.get("stacking")).get("mode") == "percent" or None,
        "color": color if custom.get("axisColorMode") == "series" and color else None,
        "isBoolean": unit.startswith("bool") or series.field.kind == "boolean" or None,
    }  # fmt: skip
    return axis_settings(series, series.limits) | {
        name: one for name, one in described.items() if one is not None
    }


def axis_settings(series: PlotSeries, limits: AxisLimits) -> Json:
    """The limits of an axis, its scale and its look, as the config of its first series has them."""
    custom = series.custom
    has_grid = custom.get("axisGridShow")
    described: Json = {
        "min": limits.low, "max": limits.high, "softMin": limits.soft_low, "softMax": limits.soft_high,
        "log": limits.log_base or None, "decimals": limits.decimals, "isCentered": limits.is_centered or None,
        "linearThreshold": limits.linear_up_to or None,
        "label": text(custom.get("axisLabel")) or None, "width": number_or_none(custom.get("axisWidth")),
        "grid": has_grid if isinstance(has_grid, bool) else None,
        "hasBorder": custom.get("axisBorderShow") is True or None,
        "isBinary": limits.is_binary or None,
    }  # fmt: skip
    return {name: value for name, value in described.items() if value is not None}


def _series(drawing: PanelDrawing, series: PlotSeries, others: Sequence[PlotSeries]) -> Json:
    custom = series.custom
    fill, below = _filling(series, others)
    line = text(mapping(custom.get("lineStyle")).get("fill")) or "solid"
    interpolation = text(custom.get("lineInterpolation"))
    width, size = number_or_none(custom.get("lineWidth")), number_or_none(custom.get("pointSize"))
    points = "always" if series.style == "points" else text(custom.get("showPoints")) or "auto"
    described: Json = {
        "name": series.field.title, "color": series_color(series.field, drawing.theme),
        "style": series.style if series.style != "line" else None,
        "line": interpolation if interpolation not in {"", "linear"} else None,
        "width": width if width not in {None, 1} else None,
        "dash": _dash(custom) if line != "solid" else None, "isRound": line == "dot" or None,
        "fill": fill / 100 or None, "below": below, "gradient": _gradient(series, drawing),
        "points": points if points != "auto" else None, "pointSize": size if size not in {None, 5} else None,
        "bars": _bars(custom) if series.style == "bars" else None, "span": _span(custom),
        "isHidden": series.is_hidden or None, "hasValues": custom.get("showValues") is True or None,
        "isWithoutTooltip": is_hidden_from(series.field, "tooltip") or None,
    }  # fmt: skip
    return {name: value for name, value in described.items() if value is not None}


def _filling(series: PlotSeries, others: Sequence[PlotSeries]) -> tuple[float, int | None]:
    # The opacity in percent, and the number of the series down to which a band is filled.
    opacity = number_or_none(series.custom.get("fillOpacity")) or 0
    name = text(series.custom.get("fillBelowTo"))
    if not name:
        return opacity, None
    names = [
        {one.field.title, one.field.name, text(one.field.config.get("displayNameFromDS"))} for one in others
    ]
    index = next((index for index, held in enumerate(names) if name in held), None)
    return (0, None) if index is None else (opacity or _FILL_OF_A_BAND, index)


def _dash(custom: Json) -> list[float]:
    lengths = [number_or_none(one) for one in items(mapping(custom.get("lineStyle")).get("dash"))]
    return [one for one in lengths if one is not None and one >= 0] or [10, 10]


def _gradient(series: PlotSeries, drawing: PanelDrawing) -> str | list[str] | None:
    # Two colours, from the top down, for a gradient of hues.
    mode = text(series.custom.get("gradientMode"))
    if mode == "hue":
        return list(hue_ends(series_color(series.field, drawing.theme)))
    return mode if mode == "opacity" or (mode == "scheme" and is_by_value(series.field)) else None


def _bars(custom: Json) -> list[float]:
    # The share of the room between two places, the greatest width in pixels, and where bars stand.
    factor, most = number_or_none(custom.get("barWidthFactor")), number_or_none(custom.get("barMaxWidth"))
    return [factor or 0.6, most or 200, whole(custom.get("barAlignment"), 0)]


def _span(custom: Json) -> bool | float | None:
    span = custom.get("spanNulls")
    return span if span is True or (number_or_none(span) or 0) > 0 else None


def _thresholds(drawing: PanelDrawing, groups: Sequence[Sequence[PlotSeries]]) -> list[Json]:
    described: list[Json] = []
    for scale, members in enumerate(groups):
        styles = ((one, text(mapping(one.custom.get("thresholdsStyle")).get("mode"))) for one in members)
        styled, mode = next(((one, mode) for one, mode in styles if mode not in {"", "off"}), (None, ""))
        if styled is None:
            continue
        steps = thresholds_of(styled.field.config).placed(styled.field.bounds or (0, 100))
        one: Json = {"scale": scale}
        if "area" in mode:
            one["areas"] = _areas(drawing, steps)
        if "line" in mode or "dashed" in mode:
            one["lines"] = _lines(drawing, steps)
            one["isDashed"] = "dashed" in mode
        described.append(one)
    return described


def _areas(drawing: PanelDrawing, steps: Sequence[ThresholdStep]) -> list[list[object]]:
    ends = [*(step.value for step in steps[1:]), float("inf")]
    return [
        [finite_or_none(step.value), finite_or_none(end), drawing.theme.color(step.color)]
        for step, end in zip(steps, ends, strict=True)
        if step.color != "transparent"
    ]


def _lines(drawing: PanelDrawing, steps: Sequence[ThresholdStep]) -> list[list[object]]:
    # Below a transparent step a line has the colour of the step that ends there.
    transparent = next((index for index, step in enumerate(steps) if step.color == "transparent"), 0)
    return [
        [steps[index].value, drawing.theme.color(steps[index - 1 if transparent >= index else index].color)]
        for index in range(1, len(steps))
    ]


def legend_series(drawing: PanelDrawing, series: Sequence[PlotSeries]) -> list[LegendSeries]:
    """The series that the legend lists, with the calculations that it shows."""
    calcs = legend_calcs(mapping(drawing.options.get("legend")))
    sides = {id(one): side for side, members in axis_groups(series) for one in members}
    entries = []
    for index, one in enumerate(series):
        if is_hidden_from(one.field, "legend"):
            continue
        item, numbers = calculated_item(drawing, one.field, calcs)
        line = text(mapping(one.custom.get("lineStyle")).get("fill")) or "solid"
        entries.append(LegendSeries(item, [index], numbers, line, one.is_hidden, sides[id(one)] == "right"))
    return entries

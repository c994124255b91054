"""The panel `candlestick`. Source: panel/candlestick of Grafana 12.4.3."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.timeseries_panel import draw_timeseries
from dashgen.drawing.plots.plot_area import PlotArea, axis_marks, plot_area, time_axis_marks
from dashgen.drawing.plots.plot_series import PlotSeries
from dashgen.drawing.svg.elements import Box, Stroke, clip, rectangle, straight_line

_NAMES: Final = {
    "open": {"open", "o"}, "high": {"high", "h", "max"}, "low": {"low", "l", "min"},
    "close": {"close", "c"}, "volume": {"volume", "v"},
}  # fmt: skip
_WIDTH: Final = 0.6
VOLUME_HEADROOM: Final = 7.0
"""How many times as high as the greatest volume the axis of volumes is."""


class Candle(NamedTuple):
    """What happened in one step of time."""

    at: float
    open: float
    high: float
    low: float
    close: float
    volume: float


def draw_candlestick(drawing: PanelDrawing) -> list[str]:
    """Candles of the fields open, high, low and close, and the volume; plain lines without them."""
    fields = candle_fields(drawing)
    if "open" not in fields or "close" not in fields:
        return draw_timeseries(drawing)
    candles = candles_of(drawing.frames, fields)
    if not candles:
        return drawing.no_data()
    ends: list[tuple[float, float | None]] = [(one.at, one.high) for one in candles]
    ends += [(one.at, one.low) for one in candles]
    series = PlotSeries(fields["close"], ends, ends)
    area = plot_area([series], drawing.box, drawing.context.time_range, drawing.context)
    width = max(area.box.width / len(candles) * _WIDTH, 1.0)
    marks = _volume_marks(drawing, candles, area, width) if "volume" in fields else []
    marks += [mark for candle in candles for mark in _candle_marks(drawing, candle, area, width)]
    axes = [*axis_marks(area, drawing.context), *time_axis_marks(area, drawing.context)]
    return [*axes, clip(area.box, f"{drawing.identity}c", marks)]


def candle_fields(drawing: PanelDrawing) -> dict[str, Field]:
    """The fields that are open, high, low, close and volume, as chosen or by their names."""
    chosen = mapping(drawing.options.get("fields"))
    fields = [one for frame in drawing.frames for one in frame.fields if one.kind == "number"]
    named: dict[str, Field] = {}
    for part, names in _NAMES.items():
        own = text(chosen.get(part))
        for field in fields:
            titles = {field.title.lower(), field.name.lower()}
            if (own and own in {field.title, field.name}) or (not own and titles & names):
                named.setdefault(part, field)
    return named


def candles_of(frames: Sequence[Frame], fields: Mapping[str, Field]) -> list[Candle]:
    """The candles of fields, in the order of their times."""
    values: dict[str, dict[float, float]] = {part: {} for part in fields}
    for frame in frames:
        times = frame.first("time")
        for part, field in fields.items():
            if times is not None and any(one is field for one in frame.fields):
                pairs = zip(times.numbers(), field.finite(), strict=False)
                values[part] = {at: value for at, value in pairs if at is not None and value is not None}
    candles = []
    for at in sorted(values["open"].keys() & values["close"].keys()):
        first, last = values["open"][at], values["close"][at]
        high = values.get("high", {}).get(at, max(first, last))
        low = values.get("low", {}).get(at, min(first, last))
        candles.append(Candle(at, first, high, low, last, values.get("volume", {}).get(at, 0.0)))
    return candles


def candle_colors(drawing: PanelDrawing) -> tuple[str, str]:
    """The colours of candles that go up, and of those that go down."""
    colors = mapping(drawing.options.get("colors"))
    up, down = text(colors.get("up")) or "green", text(colors.get("down")) or "red"
    return drawing.theme.color(up), drawing.theme.color(down)


def _color(drawing: PanelDrawing, candle: Candle) -> str:
    return candle_colors(drawing)[candle.close < candle.open]


def _candle_marks(drawing: PanelDrawing, candle: Candle, area: PlotArea, width: float) -> list[str]:
    scale = area.axes[0].scale
    color = _color(drawing, candle)
    x = area.x(candle.at)
    top, bottom = (
        area.y(value, scale) for value in (max(candle.open, candle.close), min(candle.open, candle.close))
    )
    wick = straight_line((x, area.y(candle.high, scale)), (x, area.y(candle.low, scale)), Stroke(color))
    return [wick, rectangle(Box(x - width / 2, top, width, max(bottom - top, 1)), color)]


def _volume_marks(
    drawing: PanelDrawing, candles: Sequence[Candle], area: PlotArea, width: float
) -> list[str]:
    most = max(one.volume for one in candles) or 1
    room = area.box.height / VOLUME_HEADROOM
    marks = []
    for one in candles:
        height = one.volume / most * room
        bar = Box(area.x(one.at) - width / 2, area.box.bottom - height, width, height)
        marks.append(rectangle(bar, _color(drawing, one), opacity=0.5))
    return marks

"""The cells of a heatmap: buckets as a server counted them, or values counted here.

Source: features/transformers/calculateHeatmap/heatmap.ts of Grafana 12.4.3.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashgen.core.json_values import Json, mapping, text, whole
from dashgen.drawing.fields.frames import Field, Frame, number_or_none
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.plots.number_axis import NumberScale, nice_increments, number_ticks
from dashgen.drawing.plots.time_axis import TIME_INCREMENTS

HIDDEN: Final = 1e-9
"""Up to which value a cell is not drawn."""
_COLUMNS, _ROWS = 20, 10
_MOST_CELLS: Final = 500
_UNIT_OF_TIME = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


class HeatmapCells(NamedTuple):
    """Columns of time with a value for each bucket.

    Attributes:
        times: where each column ends.
        step: how long it is.
        columns: the values of each, from the lowest bucket up.
        ticks: heights, in buckets from below, with the texts that stand there.
        buckets: what each bucket is called.
    """

    times: Sequence[float]
    step: float
    columns: Sequence[Sequence[float]]
    ticks: Sequence[tuple[float, str]]
    buckets: Sequence[str]

    def bounds(self, options: Json) -> tuple[float, float]:
        """The values of the first and the last colour: of the option `color`, or the least and most shown."""
        shown = [value for column in self.columns for value in column if value > HIDDEN]
        low, high = number_or_none(options.get("min")), number_or_none(options.get("max"))
        low = min(shown, default=0.0) if low is None else low
        high = max(shown, default=1.0) if high is None else high
        return (low, high) if low < high else (min(0.0, high - 1), high)

    def upside_down(self) -> "HeatmapCells":
        """The same with the lowest bucket at the top."""
        count = len(self.buckets)
        return self._replace(
            columns=[list(reversed(column)) for column in self.columns],
            ticks=[(count - position, shown) for position, shown in reversed(self.ticks)],
            buckets=list(reversed(self.buckets)),
        )


def heatmap_cells(drawing: PanelDrawing) -> HeatmapCells | None:
    """The cells of a heatmap, counted or as the buckets of its frames; None where there are none."""
    cells = _calculated(drawing) if drawing.options.get("calculate") else _from_buckets(drawing)
    if cells is None or not cells.columns:
        return None
    return cells.upside_down() if _y_options(drawing).get("reverse") is True else cells


def _y_options(drawing: PanelDrawing) -> Json:
    return mapping(drawing.options.get("yAxis"))


def _value_text(drawing: PanelDrawing, field: Field, value: float) -> str:
    # The axis has a unit and decimals of its own.
    options = _y_options(drawing)
    config = {
        **field.config, "unit": text(options.get("unit")) or field.config.get("unit"),
        "decimals": options.get("decimals", field.config.get("decimals")),
    }  # fmt: skip
    return drawing.display(Field("", "number", [], config=config)).shown(value).text


def _from_buckets(drawing: PanelDrawing) -> HeatmapCells | None:
    frames = [frame for frame in drawing.frames if frame.first("time") and frame.length]
    fields = [one for frame in frames for one in frame.fields if one.kind == "number"]
    if not fields:
        return None
    held = [_by_time(frame, one) for frame in frames for one in frame.fields if one.kind == "number"]
    times = sorted({at for one in held for at in one})
    columns = [[max(one.get(at) or 0.0, 0.0) for one in held] for at in times]
    names = [_bucket_name(drawing, one.title) for one in fields]
    ticks, buckets = _ordinal_axis(drawing, names, _layout(drawing, fields[0]))
    return HeatmapCells(times, _step(times, frames[0].first("time")), columns, ticks, buckets)


def _by_time(frame: Frame, field: Field) -> dict[float, float | None]:
    times = frame.first("time")
    pairs = zip(times.numbers(), field.finite(), strict=False) if times else ()
    return {at: value for at, value in pairs if at is not None}


def _layout(drawing: PanelDrawing, field: Field) -> str:
    # Whether the name of a bucket is that of its upper edge, of its lower edge, or of the whole.
    chosen = text(mapping(drawing.options.get("rowsFrame")).get("layout"))
    if chosen in {"le", "ge", "unknown"}:
        return chosen
    return "le" if "le" in (field.labels or {}) else "unknown"


def _ordinal_axis(
    drawing: PanelDrawing, names: Sequence[str], layout: str
) -> tuple[list[tuple[float, str]], list[str]]:
    if layout == "unknown":
        return [(index + 0.5, name) for index, name in enumerate(names)], list(names)
    if layout == "ge":
        edges = [*names, ""]
    else:
        has_unit = bool(_y_options(drawing).get("unit"))
        edges = [_value_text(drawing, Field("", "number", []), 0) if has_unit else "0.0", *names]
    buckets = [f"{low} to {high}" if low and high else low or high for low, high in pairwise(edges)]
    return [(index, edge) for index, edge in enumerate(edges) if edge], buckets


def _bucket_name(drawing: PanelDrawing, name: str) -> str:
    try:
        value = float(name)
    except ValueError:
        return name
    return name if math.isinf(value) else _value_text(drawing, Field("", "number", []), value)


def _step(places: Sequence[float], times: Field | None) -> float:
    own = number_or_none(times.config.get("interval")) if times else None
    return own or min((after - before for before, after in pairwise(places)), default=60_000.0)


class _Bins(NamedTuple):
    """Bins of a width, from a first edge on."""

    first: float
    width: float
    number: int

    def place(self, value: float) -> int:
        """The bin of a value."""
        return min(max(math.floor((value - self.first) / self.width + 1e-9), 0), self.number - 1)


def _bins(values: Sequence[float], width: float) -> _Bins:
    # Bins that are far too narrow for the values would be more cells than a screen has pixels.
    low, high = min(values), max(values)
    width = max(width, high / _MOST_CELLS - low / _MOST_CELLS)
    first = math.floor(low / width + 1e-9) * width
    last = math.floor(high / width + 1e-9) * width
    return _Bins(first, width, round(last / width - first / width) + 1)


def _calculated(drawing: PanelDrawing) -> HeatmapCells | None:
    options = mapping(drawing.options.get("calculation"))
    x_options, y_options = mapping(options.get("xBuckets")), mapping(options.get("yBuckets"))
    scale = mapping(y_options.get("scale"))
    base = whole(scale.get("log"), 2) if scale.get("type") == "log" else 0
    points = [(at, value) for at, value in _values_in_range(drawing) if not base or value > 0]
    if not points:
        return None
    times, heights = (
        [at for at, _ in points],
        [math.log(value, base) if base else value for _, value in points],
    )
    x_bins = _bins(times, _width(x_options, times, (_COLUMNS, TIME_INCREMENTS)))
    # Of a logarithmic axis the size is into how many buckets each power is split.
    splits = 1 / max(_number_of(y_options.get("value")) or 1, 1)
    y_bins = _bins(heights, splits if base else _width(y_options, heights, (_ROWS, nice_increments())))
    columns = [[0.0] * y_bins.number for _ in range(x_bins.number)]
    for at, height in zip(times, heights, strict=True):
        columns[x_bins.place(at)][y_bins.place(height)] += 1
    ends = [x_bins.first + x_bins.width * (index + 1) for index in range(x_bins.number)]
    ticks, buckets = _number_axis(drawing, _first_number(drawing), y_bins, base)
    return HeatmapCells(ends, x_bins.width, columns, ticks, buckets)


def _values_in_range(drawing: PanelDrawing) -> Iterator[tuple[float, float]]:
    start, end = drawing.context.time_range
    for frame in drawing.frames:
        for field in frame.fields:
            for at, value in _by_time(frame, field).items() if field.kind == "number" else ():
                if value is not None and math.isfinite(value) and start <= at <= end:
                    yield at, value


def _first_number(drawing: PanelDrawing) -> Field:
    return next(one for frame in drawing.frames for one in frame.fields if one.kind == "number")


def _number_of(written: object) -> float | None:
    # Sizes of buckets are texts in Grafana's JSON; those of time may have a unit.
    if not isinstance(written, str):
        return number_or_none(written) if isinstance(written, int | float) else None
    number = written.strip().rstrip("abcdefghijklmnopqrstuvwxyz")
    try:
        size = float(number)
    except ValueError:
        return None
    unit = written.strip()[len(number) :]
    return size * _UNIT_OF_TIME.get(unit, 1) if math.isfinite(size) and size > 0 else None


def _width(options: Json, values: Sequence[float], otherwise: tuple[int, Sequence[float]]) -> float:
    # The width of bins: as chosen, or the nice one that gives about a number of them.
    count, increments = otherwise
    chosen = _number_of(options.get("value"))
    if chosen and options.get("mode") != "count":
        return chosen
    rough = (max(values) - min(values)) / max((chosen or count) - 1, 1)
    return max((one for one in increments if one <= rough), default=increments[0] if rough else 1)


def _number_axis(
    drawing: PanelDrawing, field: Field, bins: _Bins, base: int
) -> tuple[list[tuple[float, str]], list[str]]:
    edges = [bins.first + bins.width * index for index in range(bins.number + 1)]
    values = [float(base) ** edge if base else edge for edge in edges]
    texts = [_value_text(drawing, field, round(value, 12)) for value in values]
    buckets = [f"{low} to {high}" for low, high in pairwise(texts)]
    if base:
        return [
            (index, shown) for index, (edge, shown) in enumerate(zip(edges, texts, strict=True))
            if abs(edge - round(edge)) < 1e-9
        ], buckets  # fmt: skip
    scale = NumberScale(edges[0], edges[-1])
    ticks = number_ticks(scale, drawing.box.height)
    return [
        ((value - bins.first) / bins.width, _value_text(drawing, field, value)) for value in ticks
    ], buckets

"""The panel `gauge`: an arc with a band of thresholds. Source: components/Gauge of @grafana/ui 12.4.3."""

import math
from typing import Final, NamedTuple

from msgspec.structs import replace

from dashgen.core.json_values import mapping, text, whole
from dashgen.drawing.fields.field_colors import is_by_value, value_color
from dashgen.drawing.fields.frames import Field, number_or_none
from dashgen.drawing.fields.thresholds import ThresholdStep, thresholds_of
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import FieldValue, field_values
from dashgen.drawing.panels.value_grid import cells, grid_cells
from dashgen.drawing.svg.elements import Box, TextStyle, line_of_text, path
from dashgen.drawing.svg.text_widths import shortened, size_that_fits

SPACING: Final = 16.0
# The arc of the plot library reaches 18° below its middle at both sides.
_START, _SWEEP = math.radians(-108), math.radians(216)
_CIRCLE: Final = 2 * math.pi
_DEPTH: Final = 1 + math.cos(math.radians(72))
_WIDEST_BAR, _BAR_SHARE, _BAND_SHARE = 40.0, 5.5, 5.0
_MOST_TITLE, _TITLE_LINE = 20.0, 1.5
_MOST_SEGMENTS: Final = 100
_WHOLE: Final = {"percent": 100.0, "percentunit": 1.0}


class GaugeLook(NamedTuple):
    """What the options say about all gauges of a panel.

    Attributes:
        is_circle: whether the arc is a whole circle, as the gauge of Grafana 13 may have it.
        title_size, value_size: font sizes that are configured.
        neutral: from which value on arcs are filled; the least one for None.
        segments: how many parts the arc has, also of Grafana 13.
        gap: the share of a segment that is left out behind it.
    """

    has_band: bool
    has_labels: bool
    is_titled: bool
    is_circle: bool
    has_value: bool
    title_size: float | None
    value_size: float | None
    neutral: float | None = None
    segments: int = 1
    gap: float = 0.0

    @property
    def pieces(self) -> list[tuple[float, float]]:
        """The shares between which the arc is drawn."""
        size = 1 / self.segments
        return [(index * size, (index + 1 - self.gap) * size) for index in range(self.segments)]

    @property
    def angles(self) -> tuple[float, float]:
        """Where the arc starts, and how far it goes."""
        return (-math.pi, _CIRCLE) if self.is_circle else (_START, _SWEEP)


def gauge_look(drawing: PanelDrawing, values: list[FieldValue]) -> GaugeLook:
    """How the options of a panel let its gauges look."""
    options = drawing.options
    sizes = mapping(options.get("text"))
    mode = text(options.get("textMode")) or "auto"
    segments = min(max(whole(options.get("segmentCount"), 1), 1), _MOST_SEGMENTS)
    is_titled = mode in {"name", "value_and_name"} or (mode == "auto" and _is_titled(values))
    return GaugeLook(
        options.get("showThresholdMarkers") is not False,
        options.get("showThresholdLabels") is True,
        is_titled,
        options.get("shape") == "circle",
        mode not in {"name", "none"},
        number_or_none(sizes.get("titleSize")),
        number_or_none(sizes.get("valueSize")),
        number_or_none(options.get("neutral")),
        segments,
        min(max(number_or_none(options.get("segmentSpacing")) or 0.0, 0.0), 0.9) if segments > 1 else 0.0,
    )


def _is_titled(values: list[FieldValue]) -> bool:
    return len(values) > 1 or bool(values[0].field.config.get("displayName"))


def gauge_values(drawing: PanelDrawing) -> list[FieldValue]:
    """The values of a panel; percentages without bounds are from 0 to 100."""
    frames = [replace(frame, fields=[_with_bounds(one) for one in frame.fields]) for frame in drawing.frames]
    return field_values(drawing, frames)


def _with_bounds(field: Field) -> Field:
    most = _WHOLE.get(text(field.config.get("unit")))
    if most is None:
        return field
    low, high = number_or_none(field.config.get("min")), number_or_none(field.config.get("max"))
    return replace(field, bounds=(0.0 if low is None else low, most if high is None else high))


def draw_gauge(drawing: PanelDrawing) -> list[str]:
    """A gauge for each value."""
    values = gauge_values(drawing)
    if not values:
        return drawing.no_data()
    look = gauge_look(drawing, values)
    marks = []
    orientation = text(drawing.options.get("orientation")) or "auto"
    if orientation == "auto":
        rooms = grid_cells(drawing.box, len(values), SPACING)
    else:
        is_stacked = orientation == "horizontal"
        rooms = cells(drawing.box, len(values), is_stacked=is_stacked, spacing=SPACING)
    for value, room in zip(values, rooms, strict=True):
        title_size = title_size_of(look, room)
        body = room.inset(bottom=title_size * _TITLE_LINE)
        marks += gauge_marks(drawing, look, value, body)
        if title_size:
            style = TextStyle(title_size, drawing.theme.text, "middle")
            title = shortened(value.title, room.width, title_size)
            marks.append(
                line_of_text(title, room.x + room.width / 2, (body.bottom + room.bottom) / 2 - 4, style)
            )
    return marks


def title_size_of(look: GaugeLook, room: Box) -> float:
    """The font size of the title below a gauge; 0 without one."""
    return (look.title_size or min(room.width * 0.1, _MOST_TITLE)) if look.is_titled else 0.0


def gauge_marks(drawing: PanelDrawing, look: GaugeLook, value: FieldValue, room: Box) -> list[str]:
    """A gauge in a room, without its title."""
    dimension = max(min(room.width, room.height), 8)
    bar = min(dimension / _BAR_SHARE, _WIDEST_BAR) / (1.5 if look.has_labels else 1)
    steps = threshold_steps(value)
    band = bar / _BAND_SHARE if look.has_band and len(steps) > 1 else 0.0
    label_size = 12.0
    edge = label_size + 6 if look.has_labels else 2
    depth = 2 if look.is_circle else _DEPTH
    radius = max(min(room.width / 2 - edge * 2, (room.height - edge) / depth), 4)
    center = (room.x + room.width / 2, room.y + (room.height - radius * depth) / 2 + radius + edge / 2)
    outer = radius - band - (1 if band else 0)
    inner = max(outer - bar, 1)
    start, end = _filled_part(value, look)
    marks = []
    for first, last in look.pieces:
        marks.append(path(_arc(center, (inner, outer), (first, last), look.angles), drawing.theme.secondary))
        lit = max(first, start), min(last, end)
        if lit[1] > lit[0]:
            marks.append(path(_arc(center, (inner, outer), lit, look.angles), value.shown.color))
    if band:
        marks += _band(drawing, steps, value, (center, (radius - band, radius), look))
    if look.has_value:
        room_for_value = (
            min(room.width, dimension * 1.3) * 0.9 - (bar + band + (10 if look.has_labels else 0)) * 2 - 10
        )
        shown = value.shown.text
        size = look.value_size or size_that_fits(
            shown, max(min(room_for_value, inner * 1.9), 8), dimension * 1.2, weight=500, most=bar * 1.7
        )
        style = TextStyle(size, value.shown.color, "middle", 500)
        marks.append(
            line_of_text(shown, center[0], center[1] - (0 if look.is_circle else size * 0.15), style)
        )
    if look.has_labels:
        marks += _labels(drawing, value, (center, radius, look))
    return marks


def _filled_part(value: FieldValue, look: GaugeLook) -> tuple[float, float]:
    """The shares of the arc between which it is filled, from the neutral value on."""
    if value.shown.number is None:
        return 0.0, 0.0
    low, high = value.field.bounds or (0.0, 100.0)
    share = min(max(value.shown.share, 0.0), 1.0)
    own = number_or_none(mapping(value.field.config.get("custom")).get("neutral"))
    neutral = look.neutral if own is None else own
    if neutral is None or high == low:
        return 0.0, share
    middle = min(max((neutral - low) / (high - low), 0.0), 1.0)
    return min(share, middle), max(share, middle)


def threshold_steps(value: FieldValue) -> tuple[ThresholdStep, ...]:
    """The steps of the band around a gauge; none where colours are not by thresholds."""
    if not is_by_value(value.field):
        return ()
    return thresholds_of(value.field.config).placed(value.field.bounds or (0.0, 100.0))


def _band(
    drawing: PanelDrawing,
    steps: tuple[ThresholdStep, ...],
    value: FieldValue,
    details: tuple[tuple[float, float], tuple[float, float], GaugeLook],
) -> list[str]:
    center, radii, look = details
    low, high = value.field.bounds or (0.0, 100.0)
    shares = [min(max((step.value - low) / ((high - low) or 1), 0.0), 1.0) for step in steps]
    ends = [*shares[1:], 1.0]
    return [
        path(_arc(center, radii, (start, end), look.angles), drawing.theme.color(step.color))
        for step, start, end in zip(steps, shares, ends, strict=True)
        if end > start
    ]


def _labels(
    drawing: PanelDrawing, value: FieldValue, details: tuple[tuple[float, float], float, GaugeLook]
) -> list[str]:
    center, radius, look = details
    low, high = value.field.bounds or (0.0, 100.0)
    first, sweep = look.angles
    limits = [low, *(step.value for step in threshold_steps(value)[1:] if low < step.value < high), high]
    marks = []
    for limit in limits:
        angle = first + sweep * (limit - low) / ((high - low) or 1)
        at = (center[0] + math.sin(angle) * (radius + 8), center[1] - math.cos(angle) * (radius + 8))
        anchor = "end" if math.sin(angle) < -0.1 else "start" if math.sin(angle) > 0.1 else "middle"
        shown = drawing.display(value.field).shown(limit).text
        color = value_color(value.field, limit, drawing.theme)
        marks.append(line_of_text(shown, *at, TextStyle(11, color, anchor)))
    return marks


def _arc(
    center: tuple[float, float], radii: tuple[float, float], shares: tuple[float, float],
    angles: tuple[float, float],
) -> str:  # fmt: skip
    inner, outer = radii
    first, sweep = angles
    start, end = (first + sweep * share for share in shares)
    # A whole circle has no arc from its start to its end.
    end = min(end, start + _CIRCLE - 1e-4)
    large = int(end - start > math.pi)

    def at(angle: float, distance: float) -> str:
        return f"{center[0] + math.sin(angle) * distance:.2f} {center[1] - math.cos(angle) * distance:.2f}"

    return (
        f"M{at(start, outer)}A{outer:.2f} {outer:.2f} 0 {large} 1 {at(end, outer)}"
        f"L{at(end, inner)}A{inner:.2f} {inner:.2f} 0 {large} 0 {at(start, inner)}Z"
    )

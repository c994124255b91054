"""How large the parts of a stat are. Source: components/BigValue/BigValueLayout of @grafana/ui 12.4.3."""

from typing import Final, Literal, NamedTuple, TypeAlias

from dashgen.drawing.css_length import Length, greatest, least
from dashgen.drawing.svg.text_widths import LINE_HEIGHT, width_share

WEIGHT: Final = 500
_MOST_TITLE: Final = 30.0
_LARGE: Final = 100.0

StatArrangement: TypeAlias = Literal["wide", "wide-chart", "tall", "tall-chart"]
"""Title and value beside each other or below each other, with or without a sparkline."""


class StatRoom(NamedTuple):
    """The room of one value."""

    width: Length
    height: Length
    padding: Length


class StatTexts(NamedTuple):
    """The longest texts of a panel, which its values are aligned to, and configured font sizes."""

    value: str
    title: str
    own_value: float | None = None
    own_title: float | None = None


class StatSizes(NamedTuple):
    """Font sizes of a value and its title, and the height of the sparkline."""

    value: Length
    title: Length
    chart: Length


def padding_of(height: float) -> float:
    """The distance of texts from the edges."""
    return 12 if height > _LARGE else 8


def arrangement(width: float, height: float, *, has_chart: bool, may_be_wide: bool) -> StatArrangement:
    """How a value is arranged in a room."""
    if may_be_wide and width / height > 2.5:
        return "wide-chart" if has_chart and height > 50 else "wide"
    return "tall-chart" if has_chart and height > _LARGE else "tall"


def stat_sizes(
    texts: StatTexts, room: StatRoom, arranged: StatArrangement, *, has_change: bool
) -> StatSizes:  # fmt: skip
    """The sizes of the parts of a value, in pixels or as a browser computes them."""
    width, height = room.width - room.padding * 2, room.height - room.padding * 2
    change_share = 0.75 if has_change else 1
    chart: Length = 0.0
    if arranged == "wide-chart":
        title = _fitting_title(texts, width * 0.6, height * 0.4)
        value = _fitting_value(texts, width * 0.4, height * 0.5)
        chart = room.height * 0.5
    elif arranged == "wide":
        value = _fitting_value(texts, width * (0.3 if texts.title else 1), height * change_share)
        title = least(_fitting_title(texts, width * 0.6, height), value * 0.7)
    else:
        title = _fitting_title(texts, width, room.height * 0.15)
        left = height - title * LINE_HEIGHT
        left = left - room.height * 0.25 if arranged == "tall-chart" else left * change_share
        value = _fitting_value(texts, width, left)
        title = least(title, value * 0.7)
    if arranged == "tall-chart":
        chart = greatest(room.height - title * LINE_HEIGHT - value * LINE_HEIGHT, 0.0)
    return StatSizes(value, title if texts.title else 0.0, chart)


def _fitting_value(texts: StatTexts, width: Length, height: Length) -> Length:
    if texts.own_value:
        return texts.own_value
    return least(width * width_share(texts.value, WEIGHT), height / LINE_HEIGHT)


def _fitting_title(texts: StatTexts, width: Length, height: Length) -> Length:
    if not texts.title:
        return 0.0
    return texts.own_title or least(width * width_share(texts.title), height / LINE_HEIGHT, _MOST_TITLE)


def suffix_size(size: float) -> float:
    """The font size of the unit behind a number of a font size."""
    return size * (0.9 if size < 20 else 0.8 if size < 26 else 0.6)

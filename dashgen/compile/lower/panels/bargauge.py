"""Bar gauge: a bar for each value."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.reduce_options import Orientation, ReducePanel
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.panel_spec import DerivedKey, Drawing
from dashgen.model.settled_dashboard import SettledPanel

# Pixels, in Grafana 12.4: a row of the grid with the gap below it; a panel's border, header and padding and
# the grid's last gap; the gap between bars (`getItemSpacing` in BarGaugePanel.tsx, `VizRepeater.tsx`).
_GRID_ROW = 38
_AROUND = 8 + 2 + 32 + 16
_GAP = 10
_BAR = 16
_SMALLEST_BAR = 8


def _bar_height(rows: int, bars: int) -> int:
    """How high each bar can be for all to fit."""
    return (rows * _GRID_ROW - _AROUND + _GAP) // bars - _GAP


class BarGauge(ReducePanel, kw_only=True):
    """A bar for each value, for comparing and ranking."""

    type_id: ClassVar[str] = "bargauge"
    example: ClassVar[str] = """
    title: Busiest routes
    type: bargauge
    query: topk(10, sum by (route) (increase(http_requests_total[$__range])))
    display: lcd
    """
    draws_figures: ClassVar[bool] = True
    draws_thresholds: ClassVar[bool] = True

    orientation: Orientation = "horizontal"
    display: Annotated[Literal["gradient", "lcd", "basic"], doc("How the bars are filled.")] = "gradient"
    value_color: Annotated[
        Literal["color", "text", "hidden"], doc("The numbers: in the bar's colour, in text's, or none.")
    ] = "color"
    names: Annotated[Literal["auto", "top", "left", "hidden"], doc("Where the names are.")] = "auto"
    show_unfilled: Annotated[bool, doc("Show the rest of the scale.")] = True
    sizing: Annotated[Literal["auto", "manual"], doc("Whether the bars share the panel.")] = "auto"
    min_width: Annotated[Count, doc("With `sizing: manual`, the smallest width in pixels.")] = 8
    min_height: Annotated[
        Count | None,
        doc("The smallest height of a bar in pixels. 16; smaller where `topk(10, …)` needs room for ten."),
    ] = None
    max_height: Annotated[Count, doc("With `sizing: manual`, the largest height in pixels.")] = 300

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The bars, their names and their sizes."""
        return {
            "displayMode": self.display,
            "maxVizHeight": self.max_height,
            "minVizHeight": _BAR if self.min_height is None else self.min_height,
            "minVizWidth": self.min_width,
            "namePlacement": self.names,
            "orientation": self.orientation,
            "reduceOptions": self.reduce_options(),
            "showUnfilled": self.show_unfilled,
            "sizing": self.sizing,
            "valueMode": self.value_color,
            **self.text_options(),
        }

    def derived_keys(self, drawing: Drawing, /) -> Iterator[DerivedKey]:
        """Bars as small as it takes to show all of them, so that nobody has to scroll."""
        if self.min_height is None and drawing.top is not None and self.orientation == "horizontal":
            height = _bar_height(drawing.height, drawing.top)
            if _SMALLEST_BAR <= height < _BAR:
                yield DerivedKey("min_height", height, f"{drawing.top} bars fit into the panel")

    def too_small_for(self, drawing: Drawing, /) -> int | None:
        """How high it has to be for all bars, when they do not fit however small they are."""
        top = drawing.top
        if top is None or self.min_height is not None or self.orientation != "horizontal":
            return None
        if _bar_height(drawing.height, top) >= _SMALLEST_BAR:
            return None
        return -(-(top * (_BAR + _GAP) - _GAP + _AROUND) // _GRID_ROW)

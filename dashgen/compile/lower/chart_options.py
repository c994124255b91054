"""The keys that several chart types share: legend, tooltip, axes, and how a graph is drawn."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec

from dashgen.compile.lower.panel_keys import FieldKey
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.compile.lower.panel_type import NEUTRAL, PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.duration import DURATION_HINT, milliseconds
from dashgen.model.panel_spec import Calc, DerivedKey, Drawing, Number
from dashgen.model.settled_dashboard import SettledPanel

Percent: TypeAlias = Annotated[int, msgspec.Meta(title="a whole number from 0 to 100", ge=0, le=100)]
Share: TypeAlias = Annotated[float, msgspec.Meta(title="a number from 0 to 1", ge=0, le=1)]
LineWidth: TypeAlias = Annotated[int, msgspec.Meta(title="a whole number from 0 to 10", ge=0, le=10)]
Gradient: TypeAlias = Literal["none", "opacity", "hue", "scheme"]
Visibility: TypeAlias = Literal["auto", "never", "always"]
Stack: TypeAlias = Literal["none", "normal", "percent"]
Orientation: TypeAlias = Literal["auto", "horizontal", "vertical"]
Hidden: TypeAlias = list[Literal["legend", "tooltip", "viz"]]
LegendMode: TypeAlias = Literal["list", "table", "hidden"]
LegendPlacement: TypeAlias = Annotated[Literal["bottom", "right"], doc("Where the legend is.")]
TooltipMode: TypeAlias = Annotated[
    Literal["single", "multi", "none"], doc("What the tooltip shows: one series, all of them, or nothing.")
]
TooltipSort: TypeAlias = Annotated[Literal["none", "asc", "desc"], doc("The order of values in the tooltip.")]

_SCALES: dict[str, Json] = {
    "linear": {"type": "linear"},
    "log2": {"type": "log", "log": 2},
    "log10": {"type": "log", "log": 10},
    "symlog": {"type": "symlog", "log": 10, "linearThreshold": 1},
}
_LINE_STYLES: dict[str, Json] = {
    "solid": {"fill": "solid"},
    "dash": {"fill": "dash", "dash": [10, 10]},
    "dot": {"fill": "dot", "dash": [0, 10]},
}
SPARSE_SPAN = "1h"
"""Quiet hours are bridged where values are sparse; what is longer is an outage."""

_INTERPOLATIONS = {
    "linear": "linear",
    "smooth": "smooth",
    "step-before": "stepBefore",
    "step-after": "stepAfter",
}
_BAR_ALIGNMENTS = {"left": -1, "center": 0, "right": 1}


def scale(name: str) -> Json:
    """How an axis is divided."""
    return dict(_SCALES[name])


def line_style(name: str) -> Json:
    """How a line is drawn."""
    return dict(_LINE_STYLES[name])


def stacking(mode: str) -> dict[str, str]:
    """Stacking within the one group that all series are in."""
    return {"mode": mode, "group": "A"}


def hide_from(parts: Sequence[str]) -> dict[str, bool]:
    """The parts of a panel that a series is left out of; Grafana needs all three named."""
    return {part: part in parts for part in ("legend", "tooltip", "viz")}


def span(value: bool | str | None) -> bool | int:  # noqa: FBT001  # a value of the spec, not a switch
    """Whether gaps are bridged; of a duration the milliseconds of the longest one that is."""
    return bool(value) if value is None or isinstance(value, bool) else (milliseconds(value) or 0)


def span_problems(value: bool | str | None, key: str) -> Iterator[PanelProblem]:  # noqa: FBT001
    """Yield what is wrong with a text that is not a duration."""
    if isinstance(value, str) and milliseconds(value) is None:
        message = f"`{value}` is neither true or false nor a duration"
        yield PanelProblem((key,), message, DURATION_HINT, "panel/duration")


def soft_bound(value: Number | Literal["auto"] | None) -> Number | None:
    """A bound that the scale reaches at least; `auto` leaves it to Grafana."""
    return None if value == "auto" else value


def threshold_style(mode: str) -> dict[str, str]:
    """How thresholds are drawn on a graph."""
    return {"mode": mode}


AXIS_KEYS = {
    "axis": FieldKey("axisPlacement"),
    "axis_label": FieldKey("axisLabel"),
    "axis_soft_min": FieldKey("axisSoftMin", soft_bound),
    "axis_soft_max": FieldKey("axisSoftMax"),
    "axis_width": FieldKey("axisWidth"),
    "axis_grid": FieldKey("axisGridShow"),
    "axis_color": FieldKey("axisColorMode"),
    "scale": FieldKey("scaleDistribution", scale),
    "center_zero": FieldKey("axisCenteredZero"),
    "hide_from": FieldKey("hideFrom", hide_from),
}
GRAPH_KEYS = {
    **AXIS_KEYS,
    "draw": FieldKey("drawStyle"),
    "interpolation": FieldKey("lineInterpolation", _INTERPOLATIONS.__getitem__),
    "line_width": FieldKey("lineWidth"),
    "line_style": FieldKey("lineStyle", line_style),
    "fill": FieldKey("fillOpacity"),
    "gradient": FieldKey("gradientMode"),
    "points": FieldKey("showPoints"),
    "point_size": FieldKey("pointSize"),
    "span_nulls": FieldKey("spanNulls", span),
    "disconnect": FieldKey("insertNulls", span),
    "stack": FieldKey("stacking", stacking),
    "show_thresholds": FieldKey("thresholdsStyle", threshold_style),
    "bar_align": FieldKey("barAlignment", _BAR_ALIGNMENTS.__getitem__),
    "bar_width": FieldKey("barWidthFactor"),
    "fill_below": FieldKey("fillBelowTo"),
    "transform": FieldKey("transform"),
}


class ChartPanel(PanelType, kw_only=True):
    """A panel with a legend and a tooltip."""

    legend_mode: Annotated[
        LegendMode | None,
        doc(
            "The legend's form, or none. `list`; hidden in a graph of one series whose name is the panel's "
            "title.",
            "table",
        ),
    ] = None
    legend_placement: LegendPlacement = "bottom"
    legend_calcs: Annotated[
        list[Calc], doc("What the legend shows of each series.", ["mean", "lastNotNull", "max"])
    ] = []
    tooltip: TooltipMode = "multi"
    tooltip_sort: TooltipSort = "desc"

    def legend_form(self) -> LegendMode:
        """The legend's form as it is written or derived, else a list."""
        return self.legend_mode or "list"

    def legend_options(self) -> Json:
        """The legend's place and form; ``hidden`` is a form here, and `formats` makes a switch of it."""
        return {
            "displayMode": self.legend_form(),
            "placement": self.legend_placement,
            "calcs": list(self.legend_calcs),
        }

    def tooltip_options(self) -> Json:
        """The tooltip."""
        return {"mode": self.tooltip, "sort": self.tooltip_sort}


class AxisPanel(ChartPanel, kw_only=True):
    """A chart with axes."""

    axis: Annotated[
        Literal["auto", "left", "right", "top", "bottom", "hidden"], doc("Where the value axis is.")
    ] = "auto"
    axis_label: Annotated[str, doc("The value axis' label.", "Queries per second")] = ""
    axis_soft_min: Annotated[
        Number | Literal["auto"] | None,
        doc(
            "The scale reaches at least down to here; `auto` leaves it to Grafana. 0 for bars, stacks and "
            "filled areas.",
            0,
            "auto",
        ),
    ] = None
    axis_soft_max: Annotated[Number | None, doc("The scale reaches at least up to here.", 1)] = None
    axis_width: Annotated[Number | None, doc("The axis' width in pixels.", 60)] = None
    axis_grid: Annotated[bool | None, doc("Grid lines; Grafana decides when absent.")] = None
    axis_color: Annotated[Literal["text", "series"], doc("The axis' colour: text's or the series'.")] = "text"
    scale: Annotated[Literal["linear", "log2", "log10", "symlog"], doc("How the axis is divided.")] = "linear"
    center_zero: Annotated[bool, doc("Zero in the middle of the axis.")] = False
    hide_from: Annotated[Hidden, doc("Parts that leave the series out.", ["legend", "tooltip"])] = []

    def derived_keys(self, drawing: Drawing, /) -> Iterator[DerivedKey]:
        """One series with the title's name needs no legend, and its colour means nothing."""
        if not drawing.single or self.overrides:
            return
        if self.legend_mode is None and not self.legend_calcs:
            yield DerivedKey("legend_mode", "hidden", "there is one series, and its name is the title")
        if self.color is None:
            yield DerivedKey("color", NEUTRAL, "there is one series, which is neither good nor bad")


class GraphPanel(AxisPanel, kw_only=True):
    """A chart of lines, bars or points.

    Bars and filled areas show quantities as lengths, so their scale starts at zero (`starts_at_zero`).
    Grafana does that by itself only where the smallest value is near zero (``softMin`` in
    ``UPlotScaleBuilder.ts``, 12.4).
    """

    starts_at_zero: ClassVar[bool] = True

    draw: Annotated[Literal["line", "bars", "points"], doc("What is drawn.")] = "line"
    interpolation: Annotated[
        Literal["linear", "smooth", "step-before", "step-after"], doc("How points are joined.")
    ] = "linear"
    line_width: Annotated[LineWidth, doc("The width of lines in pixels.")] = 1
    line_style: Annotated[Literal["solid", "dash", "dot"], doc("How lines are drawn.")] = "solid"
    fill: Annotated[
        Percent | None,
        doc("The opacity of the area below a line, or of a bar, in percent. 10; stacked 30, bars 80.", 20),
    ] = None
    gradient: Annotated[Gradient, doc("How the fill fades.")] = "none"
    points: Annotated[Visibility, doc("Whether each value is a dot.")] = "auto"
    point_size: Annotated[int, doc("The size of dots in pixels.", ge=1, le=40)] = 5
    span_nulls: Annotated[
        bool | str | None,
        doc(
            "Join the ends of gaps; a duration joins those that are shorter. Not; up to `1h` for quantiles and "
            "means.",
            "5m",
        ),
    ] = None
    disconnect: Annotated[
        bool | str, doc("Interrupt the line where values are further apart than this.", "1h")
    ] = False
    stack: Annotated[Stack, doc("Series on top of each other, as values or as shares.")] = "none"
    show_thresholds: Annotated[
        Literal["off", "line", "dashed", "area", "line+area", "dashed+area", "series"] | None,
        doc("How thresholds are drawn. Lines when an alert is linked to the panel."),
    ] = None
    bar_align: Annotated[
        Literal["left", "center", "right"], doc("Where a bar stands, seen from its time.")
    ] = "center"
    bar_width: Annotated[Share, doc("The width of a bar as a part of its room.")] = 0.6
    fill_below: Annotated[str | None, doc("Fill down to the series of this name; for overrides.", "P50")] = (
        None
    )
    transform: Annotated[
        Literal["negative-Y", "constant"] | None,
        doc("Draw the values below zero, or only the first as a line; for overrides."),
    ] = None

    def problems(self) -> Iterator[PanelProblem]:
        """Gaps that are neither a switch nor a duration."""
        yield from span_problems(self.span_nulls, "span_nulls")
        yield from span_problems(self.disconnect, "disconnect")

    def opacity(self) -> int:
        """The fill of the spec, else one that looks well with what is drawn."""
        if self.fill is not None:
            return self.fill
        if self.draw == "bars":
            return 80
        return 10 if self.stack == "none" else 30

    def derived_keys(self, drawing: Drawing, /) -> Iterator[DerivedKey]:
        """Beside those of every chart with axes: sparse values are joined to lines."""
        yield from super().derived_keys(drawing)
        if drawing.sparse and self.span_nulls is None and self.draw == "line":
            yield DerivedKey("span_nulls", SPARSE_SPAN, "it has values only where something was observed")

    def soft_min(self) -> Number | None:
        """The lower bound as it is written, else zero for what is drawn from a base line.

        With a `min` or a logarithmic scale Grafana has no use for it. They change nothing here all the same:
        so an edit of one of them in Grafana stays an edit of one key.
        """
        if self.axis_soft_min is not None:
            return soft_bound(self.axis_soft_min)
        filled = self.draw != "points" and (self.draw == "bars" or self.opacity() > 0)
        return 0 if self.starts_at_zero and (filled or self.stack != "none") else None

    def custom(self, settled: SettledPanel, /) -> Json:
        """Its own field options, with the derived fill and lower bound."""
        derived = {
            "axisSoftMin": self.soft_min(),
            "fillOpacity": self.opacity(),
            "spanNulls": span(self.span_nulls),
        }
        custom = {**super().custom(settled), **derived}
        # Left out, not null: Grafana does not repair a dashboard of schemaVersion 42.
        if custom["axisSoftMin"] is None:
            del custom["axisSoftMin"]
        return custom

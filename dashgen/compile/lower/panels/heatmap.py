"""Heat map: how often values were in which range, over time."""

from typing import Annotated, ClassVar, Literal

from grafanalib import core

from dashgen.compile.lower.chart_options import TooltipMode, Visibility, hide_from, scale
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.lower_queries import PrometheusTarget
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json, without_nulls
from dashgen.model.base import doc
from dashgen.model.panel_spec import Digits, Number
from dashgen.model.settled_dashboard import SettledPanel

Palette = Literal[
    "Blues", "BrBG", "BuGn", "BuPu", "Cividis", "Cool", "Cubehelix", "GnBu", "Greens", "Greys", "Inferno",
    "Magma", "OrRd", "Oranges", "PRGn", "PiYG", "Plasma", "PuBu", "PuBuGn", "PuOr", "PuRd", "Purples", "RdBu",
    "RdGy", "RdPu", "RdYlBu", "RdYlGn", "Rainbow", "Reds", "Sinebow", "Spectral", "Turbo", "Viridis", "Warm",
    "YlGn", "YlGnBu", "YlOrBr", "YlOrRd",
]  # fmt: skip
_FILL = "dark-orange"
_EXEMPLARS = "rgba(255,0,255,0.7)"


class Heatmap(PanelType, kw_only=True):
    """How often values were in which range, over time: the buckets of a histogram, or computed from series.

    Its `unit`, `decimals`, `min` and `max` are those of the vertical axis.
    """

    type_id: ClassVar[str] = "heatmap"
    example: ClassVar[str] = """
    title: Response time
    type: heatmap
    query: sum by (le) (increase(http_request_duration_seconds_bucket[$__rate_interval]))
    unit: s
    palette: Spectral
    """
    result_format: ClassVar = "heatmap"

    calculate: Annotated[
        bool, doc("Count the values of series, instead of showing a histogram's buckets.")
    ] = False
    x_buckets: Annotated[
        str | int | None, doc("With `calculate`: how many steps of time, or how long one is.", "5m")
    ] = None
    y_buckets: Annotated[
        str | int | None, doc("With `calculate`: how many ranges of values, or how wide one is.", 20)
    ] = None
    palette: Annotated[Palette, doc("The colours.")] = "Oranges"
    steps: Annotated[int, doc("How many colours.", ge=2, le=128)] = 64
    reverse: Annotated[bool, doc("The colours in the other direction.")] = False
    opacity_of: Annotated[
        str | None, doc("One colour, more or less transparent, instead of a palette.", "blue")
    ] = None
    color_scale: Annotated[Literal["exponential", "linear"], doc("How values become colours.")] = (
        "exponential"
    )
    exponent: Annotated[float, doc("Of the exponential scale.", gt=0, le=2)] = 0.5
    color_min: Annotated[Number | None, doc("The value of the first colour.")] = None
    color_max: Annotated[Number | None, doc("The value of the last colour.")] = None
    cell_gap: Annotated[int, doc("The room between cells in pixels.", ge=0, le=25)] = 1
    cell_radius: Annotated[int, doc("How round cells are, in percent.", ge=0, le=100)] = 0
    cell_unit: Annotated[str | None, doc("The unit of the counts.", "short")] = None
    cell_decimals: Annotated[Digits | None, doc("Digits after the point of the counts.")] = None
    show_values: Annotated[Visibility, doc("The count in each cell.")] = "auto"
    hide_below: Annotated[float, doc("Cells with smaller counts are empty.")] = 1e-9
    hide_above: Annotated[float | None, doc("Cells with larger counts are empty.")] = None
    layout: Annotated[
        Literal["auto", "le", "ge", "unknown"], doc("Whether a bucket's name is its upper or lower bound.")
    ] = "auto"
    axis: Annotated[Literal["left", "right", "hidden"], doc("Where the value axis is.")] = "left"
    axis_label: Annotated[str | None, doc("The value axis' label.")] = None
    axis_reverse: Annotated[bool, doc("Small values at the top.")] = False
    scale: Annotated[
        Literal["linear", "log2", "log10", "symlog"], doc("With `calculate`: how ranges grow.")
    ] = "linear"
    exemplar_color: Annotated[str, doc("The colour of exemplars.")] = _EXEMPLARS
    legend_shown: Annotated[bool, doc("Show which colour is which count.")] = True
    tooltip: TooltipMode = "single"
    tooltip_histogram: Annotated[bool, doc("A histogram in the tooltip.")] = False
    tooltip_colors: Annotated[bool, doc("The colour scale in the tooltip.")] = False

    def lower(self, settled: SettledPanel, scope: LinkScope) -> core.Panel:
        """The panel; where Grafana computes the buckets, its queries ask for series."""
        panel = super().lower(settled, scope)
        if self.calculate:
            _ask_for_series(panel, settled)
        return panel

    def custom(self, _settled: SettledPanel, /) -> Json:
        """What Grafana's editor writes for every heat map."""
        return {"hideFrom": hide_from([]), "scaleDistribution": {"type": "linear"}}

    def panel_options(self, settled: SettledPanel, /) -> Json:
        """The cells, their colours, the axes, the legend and the tooltip."""
        options: Json = {
            "calculate": self.calculate,
            "cellGap": self.cell_gap,
            "cellValues": without_nulls({"unit": self.cell_unit, "decimals": self.cell_decimals}),
            "color": self._color(),
            "exemplars": {"color": self.exemplar_color},
            "filterValues": without_nulls({"le": self.hide_below, "ge": self.hide_above}),
            "legend": {"show": self.legend_shown},
            "rowsFrame": {"layout": self.layout},
            "showValue": self.show_values,
            "tooltip": {
                "mode": self.tooltip,
                "showColorScale": self.tooltip_colors,
                "yHistogram": self.tooltip_histogram,
            },
            "yAxis": self._axis(settled),
        }
        if self.cell_radius:
            options["cellRadius"] = self.cell_radius
        if self.calculate:
            options["calculation"] = self._calculation()
        return options

    def _color(self) -> Json:
        return {
            "exponent": self.exponent,
            "fill": self.opacity_of or _FILL,
            "mode": "scheme" if self.opacity_of is None else "opacity",
            "reverse": self.reverse,
            "scale": self.color_scale,
            "scheme": self.palette,
            "steps": self.steps,
            **without_nulls({"min": self.color_min, "max": self.color_max}),
        }

    def _axis(self, settled: SettledPanel) -> Json:
        axis_options = without_nulls(
            {
                "unit": settled.unit,
                "decimals": self.decimals,
                "min": self.min,
                "max": self.max,
                "axisLabel": self.axis_label,
            }
        )
        return {"axisPlacement": self.axis, "reverse": self.axis_reverse, **axis_options}

    def _calculation(self) -> Json:
        return {
            "xBuckets": _buckets(self.x_buckets),
            "yBuckets": {**_buckets(self.y_buckets), "scale": scale(self.scale)},
        }


def _ask_for_series(panel: core.Panel, settled: SettledPanel) -> None:
    """Grafana computes buckets from series, not from the buckets of a histogram."""
    for target, query in zip(panel.targets, settled.queries, strict=True):
        if isinstance(target, PrometheusTarget) and query.query.format is None:
            target.format = "time_series"


def _buckets(buckets: str | int | None) -> dict[str, str]:
    if buckets is None:
        return {"mode": "size"}
    return {"mode": "count" if isinstance(buckets, int) else "size", "value": str(buckets)}

"""Histogram: how often values are in which range."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.chart_options import (
    AXIS_KEYS,
    AxisPanel,
    Gradient,
    LineWidth,
    Percent,
    Stack,
    stacking,
)
from dashgen.compile.lower.panel_keys import FieldKey, FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class Histogram(AxisPanel, kw_only=True):
    """How often values are in which range."""

    type_id: ClassVar[str] = "histogram"
    example: ClassVar[str] = """
    title: Sizes of carts
    type: histogram
    query: cart_items
    buckets: 20
    """
    color_scheme: ClassVar[str] = "palette-classic"
    field_keys: ClassVar[FieldKeys] = {
        **AXIS_KEYS,
        "line_width": FieldKey("lineWidth"),
        "fill": FieldKey("fillOpacity"),
        "gradient": FieldKey("gradientMode"),
        "stack": FieldKey("stacking", stacking),
    }

    buckets: Annotated[Count | None, doc("About how many ranges.", 30)] = None
    bucket_size: Annotated[
        Count | None, doc("The width of a range; derived from the values when absent.")
    ] = None
    bucket_offset: Annotated[int, doc("Where the first range starts.")] = 0
    combine: Annotated[bool, doc("One histogram of all series together.")] = False
    line_width: Annotated[LineWidth, doc("The width of the bars' outline in pixels.")] = 1
    fill: Annotated[Percent, doc("The opacity of the bars in percent.")] = 80
    gradient: Annotated[Gradient, doc("How the fill fades.")] = "none"
    stack: Annotated[Stack, doc("Bars of several series on top of each other.")] = "none"

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The ranges, the legend and the tooltip."""
        options: Json = {
            "bucketOffset": self.bucket_offset,
            "combine": self.combine,
            "legend": self.legend_options(),
            "tooltip": self.tooltip_options(),
        }
        if self.buckets is not None:
            options["bucketCount"] = self.buckets
        if self.bucket_size is not None:
            options["bucketSize"] = self.bucket_size
        return options

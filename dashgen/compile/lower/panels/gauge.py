"""Gauge: a value between a minimum and a maximum."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.reduce_options import ReducePanel
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel


class Gauge(ReducePanel, kw_only=True):
    """A value on a dial between a minimum and a maximum."""

    type_id: ClassVar[str] = "gauge"
    example: ClassVar[str] = """
    title: Disk
    type: gauge
    query: max(disk_used_bytes / disk_size_bytes)
    unit: percentunit
    min: 0
    max: 1
    thresholds: {green: 0, yellow: 0.8, red: 0.9}
    """
    draws_figures: ClassVar[bool] = True
    draws_thresholds: ClassVar[bool] = True

    threshold_labels: Annotated[bool, doc("Show the numbers of the thresholds.")] = False
    threshold_markers: Annotated[bool, doc("Show the thresholds' colours around the dial.")] = True
    sizing: Annotated[Literal["auto", "manual"], doc("Whether several dials fit into the panel.")] = "auto"
    min_width: Annotated[Count, doc("With `sizing: manual`, the smallest width in pixels.")] = 75
    min_height: Annotated[Count, doc("With `sizing: manual`, the smallest height in pixels.")] = 75
    shape: Annotated[Literal["gauge", "circle"] | None, doc("An arc or a full circle.")] = None

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The dial."""
        options: Json = {
            "minVizHeight": self.min_height,
            "minVizWidth": self.min_width,
            "orientation": self.orientation,
            "reduceOptions": self.reduce_options(),
            "showThresholdLabels": self.threshold_labels,
            "showThresholdMarkers": self.threshold_markers,
            "sizing": self.sizing,
            **self.text_options(),
        }
        if self.shape is not None:
            options["shape"] = self.shape
        return options

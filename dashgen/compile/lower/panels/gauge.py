"""Gauge: a value between a minimum and a maximum."""

from typing import Annotated, Any, ClassVar, Literal

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import GaugePanel as Lowered
from dashgen.compile.lower.reduce_options import ReducePanel
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

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """A gauge of grafanalib; what it has no argument for is put over it."""
        options: dict[str, Any] = {
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
        defaults = {"color": self.field_color(), **lower_fields.more_defaults(self, settled.links, scope)}
        return Lowered(
            allValues=self.values,
            calc=self.reduce,
            decimals=self.decimals,
            format=settled.unit,
            limit=self.limit,
            max=self.max,
            min=self.min,
            thresholdLabels=self.threshold_labels,
            thresholdMarkers=self.threshold_markers,
            valueMaps=lower_fields.mappings(self.mappings),
            overrides=self.lower_overrides(scope),
            moreDefaults=defaults,
            moreOptions=options,
            **self.common(settled, scope),
        )

"""Bar gauge: a bar for each value."""

from typing import Annotated, Any, ClassVar, Literal

from dashgen.lowering import fields
from dashgen.lowering.links import Scope
from dashgen.lowering.objects import BarGauge as Lowered
from dashgen.lowering.reduced import Orientation, ReducePanel
from dashgen.model.base import Count, doc
from dashgen.model.settled import SettledPanel


class BarGauge(ReducePanel, kw_only=True):
    """A bar for each value, for comparing and ranking."""

    type_id: ClassVar[str] = "bargauge"
    asks_instant: ClassVar[bool] = True
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
    min_height: Annotated[Count, doc("With `sizing: manual`, the smallest height in pixels.")] = 16
    max_height: Annotated[Count, doc("With `sizing: manual`, the largest height in pixels.")] = 300

    def lower(self, settled: SettledPanel, scope: Scope) -> Lowered:
        """A bar gauge of grafanalib; what it has no argument for is put over it."""
        defaults = {"color": self.field_color(), **fields.more_defaults(self, settled.links, scope)}
        given = self.common(settled, scope)
        return Lowered(
            allValues=self.values,
            calc=self.reduce,
            decimals=self.decimals,
            displayMode=self.display,
            format=settled.unit,
            limit=self.limit,
            max=self.max,
            min=self.min,
            orientation=self.orientation,
            valueMaps=fields.mappings(self.mappings),
            overrides=self.lower_overrides(scope),
            moreDefaults=defaults,
            moreOptions=self._more(),
            **given,
        )

    def _more(self) -> dict[str, Any]:
        return {
            "maxVizHeight": self.max_height,
            "minVizHeight": self.min_height,
            "minVizWidth": self.min_width,
            "namePlacement": self.names,
            "reduceOptions": self.reduce_options(),
            "showUnfilled": self.show_unfilled,
            "sizing": self.sizing,
            "valueMode": self.value_color,
            **self.text_options(),
        }

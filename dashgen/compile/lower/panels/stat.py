"""Stat: one big number."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.panel_type import NEUTRAL
from dashgen.compile.lower.reduce_options import ReducePanel
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Stat(ReducePanel, kw_only=True):
    """One big number: the one of now, so that all figures of a screen agree."""

    type_id: ClassVar[str] = "stat"
    example: ClassVar[str] = """
    title: Success rate
    type: stat
    query: sum(rate(http_requests_total{code!~"5.."}[5m])) / sum(rate(http_requests_total[5m]))
    unit: percentunit
    thresholds: {red: 0, yellow: 0.95, green: 0.99}
    """
    draws_figures: ClassVar[bool] = True
    draws_thresholds: ClassVar[bool] = True

    graph: Annotated[
        Literal["area", "line", "none"],
        doc("A small graph below the number; with one, the number is the last of the graph's coarse steps."),
    ] = "none"
    color_mode: Annotated[
        Literal["value", "background", "background_solid", "none"], doc("What has the value's colour.")
    ] = "value"
    text_mode: Annotated[
        Literal["auto", "value", "value_and_name", "name", "none"], doc("Whether names and values are shown.")
    ] = "auto"
    justify: Annotated[Literal["auto", "center"], doc("Where the text stands.")] = "auto"
    wide_layout: Annotated[bool, doc("Name and value side by side where there is room.")] = True
    percent_change: Annotated[bool, doc("Show by how much it changed over the time range.")] = False
    percent_change_color: Annotated[
        Literal["standard", "inverted", "same_as_value"],
        doc("The change's colour: green up, green down, or the value's."),
    ] = "standard"

    def neutral_color(self) -> str:
        """Numbers in the colour of text; a background needs one that is not text's."""
        return "text" if self.color_mode in ("value", "none") else NEUTRAL

    def wants_instant(self) -> bool:
        """Without a graph one value is enough, unless the change over time is shown."""
        return super().wants_instant() and self.graph == "none" and not self.percent_change

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """What is shown, and how."""
        return {
            "colorMode": self.color_mode,
            "graphMode": self.graph,
            "justifyMode": self.justify,
            "orientation": self.orientation,
            "percentChangeColorMode": self.percent_change_color,
            "reduceOptions": self.reduce_options(),
            "showPercentChange": self.percent_change,
            "textMode": self.text_mode,
            "wideLayout": self.wide_layout,
            **self.text_options(),
        }

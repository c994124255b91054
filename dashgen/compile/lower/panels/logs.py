"""Logs: log lines."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Logs(PanelType, kw_only=True):
    """Log lines with their labels and details."""

    type_id: ClassVar[str] = "logs"
    example: ClassVar[str] = """
    title: Errors of the checkout
    type: logs
    datasource: loki
    query: '{app="checkout"} |= "error"'
    wrap: true
    """

    show_time: Annotated[bool, doc("The time of each line.")] = True
    labels: Annotated[bool, doc("The labels that differ between lines.")] = False
    common_labels: Annotated[bool, doc("The labels that all lines have.")] = False
    wrap: Annotated[bool, doc("Break long lines.")] = False
    prettify: Annotated[bool, doc("Indent JSON.")] = False
    details: Annotated[bool, doc("A click on a line shows its fields and links.")] = True
    order: Annotated[Literal["newest", "oldest"], doc("Which lines come first.")] = "newest"
    dedup: Annotated[
        Literal["none", "exact", "numbers", "signature"], doc("Which repeated lines are shown once.")
    ] = "none"
    context: Annotated[bool, doc("Offer the lines before and after a line.")] = False
    infinite: Annotated[bool, doc("Load more lines when the reader scrolls to the end.")] = False

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """Which lines are shown, and what of them."""
        return {
            "dedupStrategy": self.dedup,
            "enableInfiniteScrolling": self.infinite,
            "enableLogDetails": self.details,
            "prettifyLogMessage": self.prettify,
            "showCommonLabels": self.common_labels,
            "showLabels": self.labels,
            "showLogContextToggle": self.context,
            "showTime": self.show_time,
            "sortOrder": "Descending" if self.order == "newest" else "Ascending",
            "wrapLogMessage": self.wrap,
        }

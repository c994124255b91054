"""Logs: log lines."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.lower_links import LinkScope
from dashgen.compile.lower.objects import LogsObject as Lowered
from dashgen.compile.lower.panel_type import PanelType
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

    def lower(self, settled: SettledPanel, scope: LinkScope) -> Lowered:
        """Logs of grafanalib; what they have no argument for is put over them."""
        return Lowered(
            showLabels=self.labels,
            showCommonLabels=self.common_labels,
            showTime=self.show_time,
            wrapLogMessages=self.wrap,
            sortOrder="Descending" if self.order == "newest" else "Ascending",
            dedupStrategy=self.dedup,
            enableLogDetails=self.details,
            overrides=self.lower_overrides(scope),
            prettifyLogMessage=self.prettify,
            moreOptions={
                "enableInfiniteScrolling": self.infinite,
                "showLogContextToggle": self.context,
            },
            **self.common(settled, scope),
        )

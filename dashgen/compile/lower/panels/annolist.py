"""Annotation list: what happened."""

from typing import Annotated, ClassVar

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import Count, Duration, doc
from dashgen.model.settled_dashboard import SettledPanel


class AnnotationList(PanelType, kw_only=True):
    """What happened: Grafana's own annotations as a list."""

    type_id: ClassVar[str] = "annolist"
    example: ClassVar[str] = """
    title: Deployments
    type: annolist
    tags: [deploy]
    in_time_range: true
    """
    takes_queries: ClassVar[bool] = False

    tags: Annotated[list[str], doc("Only annotations with these tags.", ["feature-launch"])] = []
    limit: Annotated[Count, doc("At most so many.")] = 10
    this_dashboard: Annotated[bool, doc("Only those of this dashboard.")] = False
    in_time_range: Annotated[bool, doc("Only those in the dashboard's time range.")] = False
    show_user: Annotated[bool, doc("Who made it.")] = True
    show_time: Annotated[bool, doc("When it happened.")] = True
    show_tags: Annotated[bool, doc("Its tags.")] = True
    go_to_panel: Annotated[bool, doc("A click leads to the annotation's panel.")] = True
    before: Annotated[Duration, doc("How much time before it a click shows.")] = "10m"
    after: Annotated[Duration, doc("How much time after it a click shows.")] = "10m"

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """Which annotations are listed, and what a click does."""
        return {
            "limit": self.limit,
            "navigateAfter": self.after,
            "navigateBefore": self.before,
            "navigateToPanel": self.go_to_panel,
            "onlyFromThisDashboard": self.this_dashboard,
            "onlyInTimeRange": self.in_time_range,
            "showTags": self.show_tags,
            "showTime": self.show_time,
            "showUser": self.show_user,
            "tags": list(self.tags),
        }

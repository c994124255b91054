"""Alert list: what is wrong now."""

from typing import Annotated, ClassVar, Literal

import msgspec

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import Count, doc
from dashgen.model.settled_dashboard import SettledPanel

State = Literal["firing", "pending", "recovering", "no_data", "error", "normal"]
ORDERS = {"name": 1, "name-desc": 2, "importance": 3, "oldest": 4, "newest": 5}
PROBLEMS: tuple[State, ...] = ("firing", "pending", "recovering", "no_data", "error")
KEYS = {"no_data": "noData"}


class AlertList(PanelType, kw_only=True):
    """What is wrong now: alerts by state, name, labels or folder."""

    type_id: ClassVar[str] = "alertlist"
    example: ClassVar[str] = """
    title: Firing now
    type: alertlist
    states: [firing, pending]
    labels: '{team="checkout"}'
    """
    takes_queries: ClassVar[bool] = False

    states: Annotated[list[State], doc("Alerts in these states.", ["firing", "pending"])] = msgspec.field(
        default_factory=lambda: list(PROBLEMS)
    )
    show: Annotated[Literal["list", "count"], doc("The alerts, or how many they are.")] = "list"
    limit: Annotated[Count, doc("At most so many.")] = 20
    order: Annotated[
        Literal["importance", "name", "name-desc", "newest", "oldest"], doc("Which come first.")
    ] = "importance"
    this_dashboard: Annotated[bool, doc("Only alerts that are linked to this dashboard.")] = False
    name: Annotated[str, doc("Only alerts with these words in their name.", "Latency")] = ""
    labels: Annotated[str, doc("Only alerts with these labels.", '{severity="critical"}')] = ""
    folder: Annotated[str | None, doc("Only alerts in the folder with this uid.")] = None
    source: Annotated[str, doc("Only alerts of this data source.")] = ""
    group_by: Annotated[list[str], doc("Group alerts by these labels instead of by rule.", ["severity"])] = []
    instances: Annotated[bool, doc("Show the series of each alert at once.")] = False

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """Which alerts are listed, and how."""
        options: Json = {
            "alertInstanceLabelFilter": self.labels,
            "alertName": self.name,
            "dashboardAlerts": self.this_dashboard,
            "datasource": self.source,
            "groupBy": list(self.group_by),
            "groupMode": "custom" if self.group_by else "default",
            "maxItems": self.limit,
            "showInactiveAlerts": False,
            "showInstances": self.instances,
            "sortOrder": ORDERS[self.order],
            "stateFilter": state_filter(self.states),
            "viewMode": "list" if self.show == "list" else "stat",
        }
        if self.folder is not None:
            options["folder"] = {"uid": self.folder, "title": self.folder}
        return options


def state_filter(states: list[State]) -> dict[str, bool]:
    """Every state with whether its alerts are shown."""
    return {KEYS.get(state, state): state in states for state in (*PROBLEMS, "normal")}

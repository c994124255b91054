"""Clock: the time of a place, or how long until something."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel


class Clock(PanelType, kw_only=True):
    """The time of a place, or the time left until something; Grafana's clock plugin has to be installed."""

    type_id: ClassVar[str] = "grafana-clock-panel"
    example: ClassVar[str] = """
    title: Berlin
    type: grafana-clock-panel
    place: Europe/Berlin
    show_date: true
    """
    takes_queries: ClassVar[bool] = False

    place: Annotated[str, doc("The time zone; the dashboard's when absent.", "Europe/Berlin")] = ""
    hours: Annotated[Literal[24, 12], doc("How the hours are counted.")] = 24
    show_date: Annotated[bool, doc("Show the date too.")] = False
    show_place: Annotated[bool, doc("Show the time zone too.")] = False
    until: Annotated[str | None, doc("Count down to this moment instead.", "2026-12-01T09:00:00+04:00")] = (
        None
    )
    after: Annotated[str, doc("Shown when the moment has come.", "We are live")] = "00:00:00"

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The clock; these are the plugin's `ClockOptions`."""
        options: Json = {
            "mode": "time" if self.until is None else "countdown",
            "clockType": f"{self.hours} hour",
            "timezone": self.place,
            "dateSettings": {"showDate": self.show_date},
            "timezoneSettings": {"showTimezone": self.show_place},
        }
        if self.until is not None:
            options["countdownSettings"] = {"endCountdownTime": self.until, "endText": self.after}
        return options

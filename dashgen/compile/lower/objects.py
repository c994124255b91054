"""What grafanalib lacks, in its own style: attrs classes with ``to_json_data``.

The classes below grafanalib's own loosen a validator that refuses what Grafana accepts (a fraction as a minimum, a
duration as ``spanNulls``), or add the keys that came after it.
"""

from functools import partial
from typing import Any

import attr
from grafanalib import core

# grafanalib has no type information. Its classes are Any to mypy, which strict mode refuses as base classes, and the
# arguments of a class made by attrs would be checked without those that it inherits.
#
# Nobody compares or prints these objects, and the methods for it take most of the time that a class takes to be made.
attrs: Any = partial(attr.s, eq=False, order=False, repr=False)


@attrs
class DashboardObject(core.Dashboard):  # type: ignore[misc]
    """A dashboard whose parts are all made by dashgen: references to data sources, rows as panels, no old panels."""

    liveNow = attr.ib(default=False)
    preload = attr.ib(default=False)
    weekStart = attr.ib(default="")

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of grafanalib with the newer keys."""
        json: dict[str, Any] = super().to_json_data()
        json["liveNow"] = self.liveNow
        json["preload"] = self.preload
        json["weekStart"] = self.weekStart
        return json


@attrs
class TimePickerObject(core.TimePicker):  # type: ignore[misc]
    """A time picker with quick ranges."""

    quickRanges = attr.ib(default=None)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of grafanalib with the quick ranges."""
        json: dict[str, Any] = super().to_json_data()
        json["quick_ranges"] = self.quickRanges
        return json


@attrs
class TemplateObject(core.Template):  # type: ignore[misc]
    """A variable with what came after grafanalib: a description, the text of a query's definition, filters."""

    description = attr.ib(default=None)
    definition = attr.ib(default="")
    filters = attr.ib(default=None)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of grafanalib with the newer keys."""
        json: dict[str, Any] = super().to_json_data()
        json["description"] = self.description
        json["definition"] = self.definition
        json["filters"] = self.filters
        return json


@attr.s
class AnnotationObject:
    """Events over the graphs; ``extra`` holds what the data source's own annotation editor writes."""

    name: str = attr.ib()
    dataSource: dict[str, str] = attr.ib()
    iconColor: str = attr.ib(default="blue")
    enable: bool = attr.ib(default=True)
    hide: bool = attr.ib(default=False)
    extra: dict[str, Any] = attr.ib(factory=dict)

    def to_json_data(self) -> dict[str, Any]:
        """The annotation's JSON."""
        return {
            "name": self.name,
            "datasource": self.dataSource,
            "iconColor": self.iconColor,
            "enable": self.enable,
            "hide": self.hide,
            **self.extra,
        }


@attrs
class DataLink(core.DataLink):  # type: ignore[misc]
    """A link on a panel or a value that one click may follow."""

    oneClick = attr.ib(default=False)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of grafanalib; the flags only when they are set."""
        json: dict[str, Any] = {"title": self.title, "url": self.linkUrl}
        if self.isNewTab:
            json["targetBlank"] = True
        if self.oneClick:
            json["oneClick"] = True
        return json


class Lean:
    """The keys that panels of all types share, without those that Grafana has dropped since grafanalib was made.

    grafanalib merges what a class says into keys of all ages, at any depth; only field options ever meet there.
    """

    def panel_json(self, own: dict[str, Any]) -> dict[str, Any]:
        """The shared keys with those of a panel class over them."""
        panel: Any = self
        json = {
            "datasource": panel.dataSource,
            "description": panel.description,
            "gridPos": panel.gridPos,
            "hideTimeOverride": panel.hideTimeOverride,
            "id": panel.id,
            "interval": panel.interval,
            "links": panel.links,
            "maxDataPoints": panel.maxDataPoints,
            "maxPerRow": panel.repeat.maxPerRow,
            "repeat": panel.repeat.variable,
            "repeatDirection": panel.repeat.direction,
            "targets": panel.targets,
            "timeFrom": panel.timeFrom,
            "timeShift": panel.timeShift,
            "title": panel.title,
            "transformations": panel.transformations,
            "transparent": panel.transparent,
            **own,
        }
        config = json.setdefault("fieldConfig", {})
        thresholds = {"mode": panel.thresholdType, "steps": panel.thresholds}
        defaults = {"thresholds": thresholds, **config.get("defaults", {})}
        if defaults["thresholds"] is not thresholds:
            defaults["thresholds"] = {**thresholds, **defaults["thresholds"]}
        config["defaults"] = defaults
        return json


@attrs
class RowObject(Lean, core.RowPanel):  # type: ignore[misc]
    """A row's header."""


@attrs
class ModernPanel(Lean, core.Panel):  # type: ignore[misc]
    """A panel of a type that grafanalib has no class for.

    ``options``, ``custom`` and ``defaults`` are those of today's panel JSON; see Grafana's
    ``public/app/plugins/panel/<type>/panelcfg.cue``.
    """

    panelType = attr.ib(default="")
    options: dict[str, Any] = attr.ib(factory=dict)
    custom: dict[str, Any] = attr.ib(factory=dict)
    defaults: dict[str, Any] = attr.ib(factory=dict)
    overrides: list[Any] = attr.ib(factory=list)

    def to_json_data(self) -> dict[str, Any]:
        """The panel's JSON, to be migrated like that of grafanalib's own panels."""
        json: dict[str, Any] = self.panel_json(
            {
                "type": self.panelType,
                "fieldConfig": {
                    "defaults": {**self.defaults, "custom": self.custom},
                    "overrides": self.overrides,
                },
                "options": self.options,
            }
        )
        return json


@attrs
class LibraryPanelObject(Lean, core.Panel):  # type: ignore[misc]
    """A reference to a library panel; Grafana fills in everything but the title and the place."""

    uid = attr.ib(default="")
    name = attr.ib(default="")

    def to_json_data(self) -> dict[str, Any]:
        """The panel's JSON."""
        json: dict[str, Any] = self.panel_json({"libraryPanel": {"uid": self.uid, "name": self.name}})
        return json


@attrs
class More(Lean):
    """What a panel class of grafanalib has no argument for, put over what it makes.

    grafanalib's ``extraJson`` does the same for any depth, and takes several times as long.
    """

    moreDefaults: dict[str, Any] = attr.ib(factory=dict, kw_only=True)
    moreCustom: dict[str, Any] = attr.ib(factory=dict, kw_only=True)
    moreOptions: dict[str, Any] = attr.ib(factory=dict, kw_only=True)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of the grafanalib class with the rest over it."""
        panel: Any = super()
        json: dict[str, Any] = panel.to_json_data()
        defaults = json["fieldConfig"]["defaults"]
        defaults.update(self.moreDefaults)
        if self.moreCustom:
            defaults.setdefault("custom", {}).update(self.moreCustom)
        if self.moreOptions:
            json.setdefault("options", {}).update(self.moreOptions)
        return json


@attrs
class TimeSeriesObject(More, core.TimeSeries):  # type: ignore[misc]
    """A time series whose numbers may be fractions and whose gaps may be bridged up to a duration."""

    legendCalcs: list[str] = attr.ib(factory=list)
    lineWidth = attr.ib(default=1)
    spanNulls = attr.ib(default=False)
    valueMin = attr.ib(default=None)
    valueMax = attr.ib(default=None)
    valueDecimals = attr.ib(default=None)
    axisSoftMin = attr.ib(default=None)
    axisSoftMax = attr.ib(default=None)


@attrs
class StatObject(More, core.Stat):  # type: ignore[misc]
    """A stat with today's options."""


@attrs
class _Overridable(More):
    """Overrides, for the classes of grafanalib that have none."""

    overrides: list[Any] = attr.ib(factory=list, kw_only=True)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of the grafanalib class with the overrides in it."""
        json = super().to_json_data()
        json["fieldConfig"]["overrides"] = self.overrides
        return json


@attrs
class GaugePanel(_Overridable, core.GaugePanel):  # type: ignore[misc]
    """A gauge with today's options and overrides."""


@attrs
class BarGaugeObject(_Overridable, core.BarGauge):  # type: ignore[misc]
    """A bar gauge with today's options and overrides."""


@attrs
class BarChartObject(More, core.BarChart):  # type: ignore[misc]
    """A bar chart with today's options."""


@attrs
class PieChartObject(More, core.PieChartv2):  # type: ignore[misc]
    """A pie chart with today's options."""


@attrs
class TableObject(More, core.Table):  # type: ignore[misc]
    """A table with today's options."""


@attrs
class HistogramObject(More, core.Histogram):  # type: ignore[misc]
    """A histogram with today's options."""


@attrs
class StateTimelineObject(More, core.StateTimeline):  # type: ignore[misc]
    """A state timeline with today's options."""


@attrs
class LogsObject(More, core.Logs):  # type: ignore[misc]
    """Logs with today's options."""


@attrs
class DashboardListObject(More, core.DashboardList):  # type: ignore[misc]
    """A list of dashboards with today's options."""


@attrs
class TextObject(More, core.Text):  # type: ignore[misc]
    """Text that may be code."""

    mode = attr.ib(default="markdown")

"""grafanalib's classes as attrs subclasses whose ``to_json_data`` gives the shape of schemaVersion 42.

grafanalib 0.7.1 writes schemaVersion 12.
"""

from functools import partial
from typing import Any

import attr
from grafanalib import core
from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.formats.dashboard.dashboard_json import migrate
from dashgen.formats.dashboard.panel_json import draw

# grafanalib has no type information: its classes are Any to mypy, which strict mode refuses as base classes,
# and the arguments of a class made by attrs would be checked without those that it inherits.
#
# Nobody compares or prints these objects; making the methods for it takes most of the time that attrs needs.
attrs: Any = partial(attr.s, eq=False, order=False, repr=False)


@attrs
class DashboardObject(core.Dashboard):  # type: ignore[misc]
    """A dashboard with the settings that came after grafanalib."""

    liveNow = attr.ib(default=False)
    preload = attr.ib(default=False)
    weekStart = attr.ib(default="")
    dynamic: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """The dashboard's JSON: what grafanalib writes around the panels, upgraded, and the panels."""
        # grafanalib's own parts need to be upgraded; the panels are of today already.
        head = {**super().to_json_data(), "liveNow": self.liveNow, "preload": self.preload}
        json = migrate({**head, "weekStart": self.weekStart, "panels": ()})
        json["panels"] = [panel.to_json_data() for panel in self.panels]
        if self.dynamic:
            json["dynamic"] = self.dynamic
        return json


@attrs
class TimePickerObject(core.TimePicker):  # type: ignore[misc]
    """A time picker with quick ranges."""

    quickRanges = attr.ib(default=None)

    def to_json_data(self) -> Json:
        """The JSON of grafanalib with the key that its class lacks."""
        json: Json = super().to_json_data()
        json["quick_ranges"] = self.quickRanges
        return json


@attrs
class TemplateObject(core.Template):  # type: ignore[misc]
    """A variable with what came after grafanalib: description, definition of a query, filters."""

    description = attr.ib(default=None)
    definition = attr.ib(default="")
    filters = attr.ib(default=None)

    def to_json_data(self) -> Json:
        """The JSON of grafanalib with the newer keys."""
        json: Json = super().to_json_data()
        json["description"] = self.description
        json["definition"] = self.definition
        json["filters"] = self.filters
        return json


class AnnotationObject(Struct):
    """Events over the graphs; ``extra`` holds what the data source's own annotation editor writes."""

    name: str
    dataSource: dict[str, str]
    iconColor: str = "blue"
    enable: bool = True
    hide: bool = False
    extra: Json = {}

    def to_json_data(self) -> Json:
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

    def to_json_data(self) -> Json:
        """The JSON of grafanalib; the flags only when they are set."""
        json: Json = {"title": self.title, "url": self.linkUrl}
        if self.isNewTab:
            json["targetBlank"] = True
        if self.oneClick:
            json["oneClick"] = True
        return json


@attrs
class RowObject(core.RowPanel):  # type: ignore[misc]
    """A row's header, with the panels of a collapsed row in it."""

    dynamic: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """The row's JSON."""
        json: Json = {
            "type": "row",
            "id": self.id,
            "title": self.title or "",
            "collapsed": self.collapsed,
            "gridPos": self.gridPos.to_json_data(),
            "panels": [panel.to_json_data() for panel in self.panels],
        }
        if self.repeat.variable:
            json["repeat"] = self.repeat.variable
        if self.dynamic:
            json["dynamic"] = self.dynamic
        return json


@attrs
class PanelObject(core.Panel):  # type: ignore[misc]
    """A panel of any type.

    grafanalib's own classes for panel types write keys of Grafana 4 to 8, of which most would have to be
    renamed, moved or taken away again. ``options``, ``custom`` and ``defaults`` are those of today's panel
    JSON; see Grafana's ``public/app/plugins/panel/<type>/panelcfg.cue``.
    """

    panelType = attr.ib(default="")
    options: Json = attr.ib(factory=dict)
    custom: Json = attr.ib(factory=dict)
    defaults: Json = attr.ib(factory=dict)
    overrides: list[Json] = attr.ib(factory=list)
    timeCompare = attr.ib(default=None)
    dynamic: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """The panel's JSON, completed by what Grafana's editor writes for the type."""
        json: Json = {
            "id": self.id,
            "title": self.title or "",
            "gridPos": self.gridPos.to_json_data(),
        }
        # Grafana's editor writes none of these when it is empty.
        for key, value in (
            ("type", self.panelType),
            ("datasource", self.dataSource),
            ("description", self.description),
            ("hideTimeOverride", self.hideTimeOverride),
            ("interval", self.interval),
            ("maxDataPoints", self.maxDataPoints),
            ("timeFrom", self.timeFrom),
            ("timeCompare", self.timeCompare),
            ("dynamic", self.dynamic),
            ("timeShift", self.timeShift),
            ("transformations", self.transformations),
            ("transparent", self.transparent),
        ):
            if value:
                json[key] = value
        if self.links:
            json["links"] = [link.to_json_data() for link in self.links]
        if self.targets:
            json["targets"] = [target.to_json_data() for target in self.targets]
        json.update(_repetition(self.repeat))
        thresholds = {"mode": self.thresholdType, "steps": self.thresholds}
        defaults = {"thresholds": thresholds, **self.defaults, "custom": self.custom}
        json.update(draw(self.panelType, defaults, self.options, self.overrides))
        return json


@attrs
class LibraryPanelObject(core.Panel):  # type: ignore[misc]
    """A reference to a library panel, which has all but the title, the grid and the repetition."""

    uid = attr.ib(default="")
    name = attr.ib(default="")
    dynamic: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """The panel's JSON."""
        json: Json = {
            "id": self.id,
            "gridPos": self.gridPos.to_json_data(),
            "libraryPanel": {"uid": self.uid, "name": self.name},
            **_repetition(self.repeat),
        }
        if self.title:
            json["title"] = self.title
        if self.dynamic:
            json["dynamic"] = self.dynamic
        return json


def _repetition(repeat: Any) -> Json:
    """The keys of a panel that is repeated."""
    if not repeat.variable:
        return {}
    json: Json = {"repeat": repeat.variable, "repeatDirection": repeat.direction or "h"}
    if repeat.maxPerRow:
        json["maxPerRow"] = repeat.maxPerRow
    return json

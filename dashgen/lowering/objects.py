"""What grafanalib lacks, in its own style: attrs classes with ``to_json_data``.

The classes below grafanalib's own loosen a validator that refuses what Grafana accepts (a fraction as a minimum, a
duration as ``spanNulls``), or add the keys that came after it.
"""

from typing import Any

import attr
from grafanalib import core

# grafanalib has no type information. Its classes are Any to mypy, which strict mode refuses as base classes, and the
# arguments of a class made by attrs would be checked without those that it inherits.
attrs: Any = attr.s


@attrs
class Dashboard(core.Dashboard):  # type: ignore[misc]
    """A dashboard whose parts are all made by dashgen: references to data sources, rows as panels, no old panels."""

    parts_are_modern = True

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
class TimePicker(core.TimePicker):  # type: ignore[misc]
    """A time picker with quick ranges."""

    quickRanges = attr.ib(default=None)

    def to_json_data(self) -> dict[str, Any]:
        """The JSON of grafanalib with the quick ranges."""
        json: dict[str, Any] = super().to_json_data()
        json["quick_ranges"] = self.quickRanges
        return json


@attrs
class Template(core.Template):  # type: ignore[misc]
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
class Annotation:
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


@attrs
class ModernPanel(core.Panel):  # type: ignore[misc]
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
class LibraryPanel(core.Panel):  # type: ignore[misc]
    """A reference to a library panel; Grafana fills in everything but the title and the place."""

    uid = attr.ib(default="")
    name = attr.ib(default="")

    def to_json_data(self) -> dict[str, Any]:
        """The panel's JSON."""
        json: dict[str, Any] = self.panel_json({"libraryPanel": {"uid": self.uid, "name": self.name}})
        return json


@attrs
class TimeSeries(core.TimeSeries):  # type: ignore[misc]
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
class Text(core.Text):  # type: ignore[misc]
    """Text that may be code."""

    mode = attr.ib(default="markdown")

"""What grafanalib lacks, in its own style: attrs classes with ``to_json_data``."""

from typing import Any

import attr
from grafanalib import core


@attr.s
class ModernPanel(core.Panel):  # type: ignore[misc]  # grafanalib has no type information
    """A panel of a type that grafanalib has no class for.

    ``options``, ``custom`` and ``defaults`` are those of today's panel JSON; see Grafana's
    ``public/app/plugins/panel/<type>/panelcfg.cue``.
    """

    panelType = attr.ib(default="")
    options = attr.ib(factory=dict)
    custom = attr.ib(factory=dict)
    defaults = attr.ib(factory=dict)
    overrides = attr.ib(factory=list)

    def to_json_data(self) -> dict[str, Any]:
        """The panel's JSON, to be migrated like that of grafanalib's own panels."""
        json: dict[str, Any] = self.panel_json(
            {
                "type": self.panelType,
                "fieldConfig": {"defaults": {**self.defaults, "custom": self.custom}, "overrides": self.overrides},
                "options": self.options,
            }
        )
        return json

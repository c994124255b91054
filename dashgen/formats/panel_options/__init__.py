"""The options of Grafana's panel types, each with type, range, default and label: the one table of them.

The compiler writes the defaults that Grafana's editor writes, an import fills all of them in, a diff takes
them for not written and names options by their labels, and the validator checks types and ranges. A new panel
type is one entry in a module of this package. Source: ``public/app/plugins/panel/<type>/panelcfg.cue`` and
``module.tsx`` of Grafana 12.4.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from dashgen.core.json_values import ABSENT, Json
from dashgen.formats.json_shapes import Shape, default_of, labels_of
from dashgen.formats.panel_options.drawn_options import CHARTS
from dashgen.formats.panel_options.other_options import OTHER
from dashgen.formats.panel_options.stat_options import STATS
from dashgen.formats.panel_options.table_options import TABLES

PanelSchemas: TypeAlias = Mapping[str, Mapping[str, Shape]]
PANEL_TABLE: Final[PanelSchemas] = {**CHARTS, **STATS, **TABLES, **OTHER}
"""By panel type, the shapes of ``options`` and ``custom`` with their defaults and labels."""


def _defaults(part: str) -> dict[str, Json]:
    defaults = {kind: default_of(parts[part]) for kind, parts in PANEL_TABLE.items()}
    return {kind: default for kind, default in defaults.items() if default is not ABSENT}


def panel_labels(part: str) -> dict[str, str]:
    """The labels of ``options`` or ``custom`` by dotted path; types that share a path share its label."""
    return dict(label for parts in PANEL_TABLE.values() for label in labels_of(parts[part]))


def _less(defaults: Json, *keys: str) -> Json:
    return {key: default for key, default in defaults.items() if key not in keys}


OPTIONS: Final = _defaults("options")
"""The defaults of options by panel type."""
CUSTOM: Final = _defaults("custom")
"""The defaults of field options under ``custom`` by panel type."""

# What Grafana's editor writes down whether it was touched or not, and so does dashgen; parts that
# grafanalib writes in a form of its own are completed one by one in `formats.dashboard.panel_types`.
_OF_GRAPHS = ("hideFrom", "scaleDistribution", "stacking", "thresholdsStyle", "showValues", "lineStyle")
GRAPH_CUSTOM: Final = _less(CUSTOM["timeseries"], *_OF_GRAPHS)
AXIS_CUSTOM: Final = {key: default for key, default in GRAPH_CUSTOM.items() if key.startswith("axis")}
BAR_CUSTOM: Final = {**AXIS_CUSTOM, "thresholdsStyle": CUSTOM["timeseries"]["thresholdsStyle"]}
STAT_OPTIONS: Final = _less(OPTIONS["stat"], "reduceOptions")
GAUGE_OPTIONS: Final = _less(OPTIONS["gauge"], "reduceOptions")
BAR_GAUGE_OPTIONS: Final = _less(OPTIONS["bargauge"], "reduceOptions", "legend")
TABLE_OPTIONS: Final = _less(OPTIONS["table"], "enablePagination", "frameIndex")
CODE: Final[Json] = OPTIONS["text"]["code"]
CUSTOM_OF_ANY: Final[Json] = {
    key: CUSTOM["timeseries"][key] for key in ("hideFrom", "scaleDistribution", "thresholdsStyle")
}
"""Field options under ``custom`` that mean the same in every type that has them."""

CELL_OPTIONS: Final = {
    "basic": {"type": "gauge", "mode": "basic"},
    "color-background": {"type": "color-background", "mode": "gradient"},
    "color-background-solid": {"type": "color-background", "mode": "basic"},
    "gradient-gauge": {"type": "gauge", "mode": "gradient"},
    "lcd-gauge": {"type": "gauge", "mode": "lcd"},
}
"""The cells of tables by their display mode from before Grafana 9.5."""
DASHLIST_KEYS: Final = {
    "headings": "showHeadings",
    "limit": "maxItems",
    "query": "query",
    "recent": "showRecentlyViewed",
    "search": "showSearch",
    "starred": "showStarred",
    "tags": "tags",
}
"""The options of a list of dashboards by their names from before Grafana 7."""

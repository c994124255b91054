"""Which panel types are converted, and by what."""

from collections.abc import Callable

from dashgen.core.json_values import Json
from dashgen.formats.legacy.legacy_alertlist import alertlist
from dashgen.formats.legacy.legacy_graph import graph
from dashgen.formats.legacy.legacy_heatmap import heatmap
from dashgen.formats.legacy.legacy_maps import discrete, piechart, statusmap, worldmap
from dashgen.formats.legacy.legacy_singlestat import singlestat

CONVERSIONS: dict[str, Callable[[Json], Json]] = {
    "alertlist": alertlist,
    "flant-statusmap-panel": statusmap,
    "grafana-piechart-panel": piechart,
    "grafana-worldmap-panel": worldmap,
    "graph": graph,
    "heatmap": heatmap,
    "natel-discrete-panel": discrete,
    "singlestat": singlestat,
}
"""Panel types that Grafana no longer runs, or whose options were others, and what becomes of them."""

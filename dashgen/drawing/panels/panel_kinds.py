"""What panel types are called, and what a panel shows that is not drawn here."""

from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, mappings, scalar_text, text
from dashgen.drawing.panels.panel_chrome import with_variables
from dashgen.drawing.panels.panel_drawing import PanelDrawing

_NAMES: Final = {
    "canvas": "A canvas", "datagrid": "A data grid", "debug": "Grafana's debug panel",
    "flamegraph": "A flame graph", "geomap": "A world map", "gettingstarted": "Grafana's first steps",
    "grafana-piechart-panel": "An old pie chart", "grafana-polystat-panel": "A field of hexagons",
    "grafana-singlestat-panel": "An old single value", "grafana-worldmap-panel": "An old world map",
    "live": "A live stream", "marcusolsson-dynamictext-panel": "A text made of data",
    "news": "A list of news", "pluginlist": "A list of plugins", "singlestat": "An old single value",
    "table-old": "An old table", "welcome": "Grafana's welcome",
}  # fmt: skip
_QUERY_KEYS: Final = (
    "expr",
    "query",
    "rawSql",
    "rawQuery",
    "expression",
    "target",
    "queryText",
    "url",
    "queryType",
)


class ShownQuery(NamedTuple):
    """A query of a panel, with the values of variables in it."""

    name: str
    text: str


def panel_description(drawing: PanelDrawing) -> str:
    """A sentence for a panel that is not drawn here, with its type."""
    panel = drawing.panel
    kind = text(panel.get("type"))
    library = mapping(panel.get("libraryPanel"))
    if library and kind in {"", "library-panel-ref"}:
        name = text(library.get("name")) or text(library.get("uid"))
        return f"The library panel {name} is kept in Grafana and is not here."
    if not kind:
        return "A panel without a type is drawn by nobody."
    if kind in _NAMES:
        return f"{_NAMES[kind]} ({kind}) is drawn by Grafana only."
    if kind.endswith(("-panel", "-app", "-datasource")) or "-" in kind:
        return f"The plugin {kind} is drawn by Grafana only."
    return f"A panel of type {kind} is drawn by Grafana only."


def shown_queries(drawing: PanelDrawing) -> list[ShownQuery]:
    """The queries of a panel that have a text."""
    queries = []
    for target in mappings(drawing.panel.get("targets")):
        written = next((one for key in _QUERY_KEYS if (one := scalar_text(target.get(key)))), "")
        written = written or scalar_text(mapping(target.get("query")).get("expr"))
        if written:
            filled = with_variables(written, drawing.context.variables)
            queries.append(ShownQuery(text(target.get("refId")), filled))
    feed = text(drawing.options.get("feedUrl"))
    return [*queries, ShownQuery("feed", feed)] if feed else queries

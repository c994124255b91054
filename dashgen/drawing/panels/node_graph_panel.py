"""The panel `nodeGraph`: circles in layers from the left to the right, and arrows between them.

Source: panel/nodeGraph (types.ts, utils.ts, Node.tsx, Edge.tsx) of Grafana 12.4.3.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.core.json_values import mapping, text
from dashgen.drawing.fields.frames import Cell, Field, Frame, number_or_none
from dashgen.drawing.fields.value_mappings import cell_text
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.svg.elements import (
    Stroke,
    TextStyle,
    circle,
    element,
    escaped,
    group,
    line_of_text,
    number,
    path,
)
from dashgen.drawing.svg.text_widths import shortened

_RADIUS: Final = 40.0
_COLUMN, _ROW = 190.0, 140.0
_MOST_NODES: Final = 200
_MOST_EDGES: Final = 600
_ARROW: Final = 8.0


class _GraphNode(NamedTuple):
    """A circle: its texts, the shares of its ring with their colours, and its colour."""

    identity: str
    title: str
    subtitle: str
    main: str
    secondary: str
    arcs: Sequence[tuple[float, str]]
    color: str


class _GraphEdge(NamedTuple):
    """An arrow between two circles."""

    source: str
    target: str
    label: str
    width: float
    color: str


class PlacedGraph(NamedTuple):
    """Circles with their places, arrows, and the room that all take."""

    nodes: Sequence[_GraphNode]
    edges: Sequence[_GraphEdge]
    places: Mapping[str, tuple[float, float]]
    size: tuple[float, float]


def draw_node_graph(drawing: PanelDrawing) -> list[str]:
    """The graph, as small as it has to be to fit its panel."""
    graph = node_graph(drawing)
    if not graph.nodes:
        return drawing.no_data()
    width, height = graph.size
    scale = min(drawing.box.width / width, drawing.box.height / height, 1)
    left = drawing.box.x + (drawing.box.width - width * scale) / 2
    top = drawing.box.y + (drawing.box.height - height * scale) / 2
    move = f"translate({number(left)} {number(top)}) scale({number(scale)})"
    return [group(graph_marks(drawing, graph), transform=move)]


def node_graph(drawing: PanelDrawing) -> PlacedGraph:
    """The graph that the frames of a panel describe; without a frame of nodes they are those of the edges."""
    edges: list[_GraphEdge] = []
    nodes: dict[str, _GraphNode] = {}
    for frame in drawing.frames:
        fields = {one.name.lower(): one for one in frame.fields}
        if "source" in fields and "target" in fields:
            edges += list(_edges(drawing, frame, fields))
        elif "id" in fields:
            nodes |= {node.identity: node for node in _nodes(drawing, frame, fields)}
    edges = edges[:_MOST_EDGES]
    if not nodes:
        names = dict.fromkeys(name for edge in edges for name in (edge.source, edge.target))
        nodes = {name: _GraphNode(name, name, "", "", "", (), drawing.theme.color("green")) for name in names}
    shown = dict(list(nodes.items())[:_MOST_NODES])
    edges = [edge for edge in edges if edge.source in shown and edge.target in shown]
    places, size = _laid_out(list(shown), edges)
    return PlacedGraph(list(shown.values()), edges, places, size)


def _shown(drawing: PanelDrawing, field: Field | None, row: int) -> str:
    return drawing.display(field).shown(_cell(field, row)).text if field else ""


def _cell(field: Field, row: int) -> Cell:
    return field.values[row] if row < len(field.values) else None


def _nodes(drawing: PanelDrawing, frame: Frame, fields: Mapping[str, Field]) -> Iterator[_GraphNode]:
    arcs = [one for name, one in fields.items() if name.startswith("arc__")]
    for row in range(frame.length):
        ring = [
            (share, drawing.theme.color(text(mapping(one.config.get("color")).get("fixedColor")) or "green"))
            for one in arcs
            if (share := number_or_none(_cell(one, row))) and share > 0
        ]
        title, subtitle, main, secondary = (
            _shown(drawing, fields.get(name), row)
            for name in ("title", "subtitle", "mainstat", "secondarystat")
        )
        identity, color = cell_text(_cell(fields["id"], row)), _color(drawing, fields.get("color"), row)
        yield _GraphNode(identity, title, subtitle, main, secondary, ring, color)


def _color(drawing: PanelDrawing, field: Field | None, row: int) -> str:
    if field is None:
        return drawing.theme.color("green")
    value = _cell(field, row)
    return drawing.theme.color(value) if isinstance(value, str) else drawing.display(field).shown(value).color


def _edges(drawing: PanelDrawing, frame: Frame, fields: Mapping[str, Field]) -> Iterator[_GraphEdge]:
    for row in range(frame.length):
        texts = [_shown(drawing, fields.get(name), row) for name in ("mainstat", "secondarystat")]
        thickness = number_or_none(_cell(fields["thickness"], row)) if "thickness" in fields else None
        color = _color(drawing, fields["color"], row) if "color" in fields else "#999999"
        yield _GraphEdge(
            cell_text(_cell(fields["source"], row)),
            cell_text(_cell(fields["target"], row)),
            " | ".join(filter(None, texts)),
            min(max(thickness or 1, 1), 10),
            color,
        )


def _laid_out(
    names: Sequence[str], edges: Sequence[_GraphEdge]
) -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    layers = _layers(names, edges)
    columns: dict[int, list[str]] = {}
    for name in names:
        columns.setdefault(layers[name], []).append(name)
    order = {name: float(index) for column in columns.values() for index, name in enumerate(column)}
    sources: dict[str, list[str]] = {}
    for edge in edges:
        sources.setdefault(edge.target, []).append(edge.source)
    for layer in sorted(columns):
        # Near the middle of what leads to it, so that few arrows cross.
        middles = {
            name: sum(order[one] for one in before) / len(before)
            if (before := sources.get(name))
            else order[name]
            for name in columns[layer]
        }
        columns[layer].sort(key=middles.__getitem__)
        order |= {name: float(index) for index, name in enumerate(columns[layer])}
    tallest = max((len(column) for column in columns.values()), default=1)
    places = {}
    for position, layer in enumerate(sorted(columns)):
        top = (tallest - len(columns[layer])) / 2
        for index, name in enumerate(columns[layer]):
            places[name] = ((position + 0.5) * _COLUMN, (top + index + 0.5) * _ROW)
    return places, (max(len(columns), 1) * _COLUMN, tallest * _ROW)


def _layers(names: Sequence[str], edges: Sequence[_GraphEdge]) -> dict[str, int]:
    """How many arrows lead to each circle one after another; circles of arrows are cut."""
    layers = dict.fromkeys(names, 0)
    targets: dict[str, list[str]] = {}
    for edge in edges:
        if edge.source != edge.target:
            targets.setdefault(edge.source, []).append(edge.target)
    reached = {edge.target for edge in edges if edge.source != edge.target}
    starts = [name for name in names if name not in reached] or list(names[:1])
    seen: set[str] = set()
    for start in [*starts, *names]:
        if start in seen:
            continue
        waiting = [start]
        seen.add(start)
        while waiting:
            name = waiting.pop(0)
            for target in targets.get(name, []):
                if target not in seen:
                    seen.add(target)
                    layers[target] = layers[name] + 1
                    waiting.append(target)
    return layers


def graph_marks(drawing: PanelDrawing, graph: PlacedGraph) -> list[str]:
    """Arrows, and the circles above them, in the graph's own room."""
    marks = [mark for edge in graph.edges for mark in _edge_marks(drawing, edge, graph.places)]
    for node in graph.nodes:
        hint = "\n".join(filter(None, (node.title, node.subtitle, node.main, node.secondary)))
        marks.append(
            element(
                "g",
                {},
                element("title", {}, escaped(hint)),
                *_node_marks(drawing, node, graph.places[node.identity]),
            )
        )
    return marks


def _node_marks(drawing: PanelDrawing, node: _GraphNode, center: tuple[float, float]) -> Iterator[str]:
    theme = drawing.theme
    x, y = center
    yield circle(center, _RADIUS, theme.secondary)
    total = math.fsum(share for share, _ in node.arcs)
    arcs = [(share / total, color) for share, color in node.arcs] if total else [(1.0, node.color)]
    angle = 0.0
    for share, color in arcs:
        yield path(_ring_arc(center, angle, angle + share), stroke=Stroke(color, 3))
        angle += share
    main = TextStyle(12, theme.text, "middle", 500)
    yield line_of_text(
        shortened(node.main, _RADIUS * 1.8, 12, 500), x, y - (8 if node.secondary else 0), main
    )
    yield line_of_text(
        shortened(node.secondary, _RADIUS * 1.8, 11), x, y + 9, TextStyle(11, theme.text, "middle")
    )
    yield line_of_text(
        shortened(node.title, _COLUMN - 20, 12), x, y + _RADIUS + 14, main._replace(weight=400)
    )
    weak = TextStyle(11, theme.text, "middle", opacity=theme.text_opacity_secondary)
    yield line_of_text(shortened(node.subtitle, _COLUMN - 20, 11), x, y + _RADIUS + 29, weak)


def _ring_arc(center: tuple[float, float], start: float, end: float) -> str:
    # A whole circle has no arc from its start to its end.
    end = min(end, start + 0.9999)

    def at(share: float) -> str:
        angle = share * 2 * math.pi
        return f"{center[0] + math.sin(angle) * _RADIUS:.2f} {center[1] - math.cos(angle) * _RADIUS:.2f}"

    return f"M{at(start)}A{_RADIUS:g} {_RADIUS:g} 0 {int(end - start > 0.5)} 1 {at(end)}"


def _edge_marks(
    drawing: PanelDrawing, edge: _GraphEdge, places: Mapping[str, tuple[float, float]]
) -> Iterator[str]:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    length = math.hypot(x2 - x1, y2 - y1)
    if not length:
        loop = f"M{x1 - 14:.1f} {y1 - _RADIUS + 3:.1f}c-30 -50 58 -50 28 0"
        yield path(loop, stroke=Stroke(edge.color, edge.width))
        return
    # An arrow back goes around what lies between.
    bend = ((x1 + x2) / 2, (y1 + y2) / 2 + (_ROW if x2 <= x1 else 0))
    start = _towards((x1, y1), bend, _RADIUS)
    tip = _towards((x2, y2), bend, _RADIUS + 2)
    base = _towards((x2, y2), bend, _RADIUS + 2 + _ARROW)
    curve = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {base[0]:.1f} {base[1]:.1f}"
    yield path(curve, stroke=Stroke(edge.color, edge.width))
    dx, dy = (tip[0] - base[0]) / _ARROW, (tip[1] - base[1]) / _ARROW
    side = (-dy * _ARROW / 2, dx * _ARROW / 2)
    corners = ((base[0] + side[0], base[1] + side[1]), tip, (base[0] - side[0], base[1] - side[1]))
    yield path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z", edge.color)
    middle = ((start[0] + bend[0] * 2 + base[0]) / 4, (start[1] + bend[1] * 2 + base[1]) / 4 - 8)
    yield line_of_text(edge.label, *middle, TextStyle(11, drawing.theme.text, "middle"))


def _towards(center: tuple[float, float], aim: tuple[float, float], distance: float) -> tuple[float, float]:
    """The point at a distance from a centre in the direction of another point."""
    dx, dy = aim[0] - center[0], aim[1] - center[1]
    length = math.hypot(dx, dy) or 1.0
    return center[0] + dx / length * distance, center[1] + dy / length * distance

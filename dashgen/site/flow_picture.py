"""The flow of data as a picture: columns of boxes, and curves from left to right.

It is part of a page, whose style sheet has the colours of both themes.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.drawing.svg.elements import Attribute, Box, element, escaped, number
from dashgen.drawing.svg.text_widths import shortened
from dashgen.site.flow_graph import COLUMNS, FlowGraph, FlowNode
from dashgen.site.markdown_html import safe_text

_WIDTH, _HEIGHT, _GAP, _AISLE, _HEAD = 190.0, 40.0, 10.0, 80.0, 34.0
_SWEEPS: Final = 4


def flow_picture(graph: FlowGraph, root: str) -> str:
    """The picture as SVG for a page; every text in it is escaped.

    Args:
        graph: what flows where.
        root: what leads from the page to the folder of the site.
    """
    columns = [
        column for column in range(len(COLUMNS)) if any(n.column == column for n in graph.nodes.values())
    ]
    order = _ordered(graph, columns)
    tallest = max((len(nodes) for nodes in order.values()), default=0)
    width = len(columns) * (_WIDTH + _AISLE) - _AISLE
    height = _HEAD + tallest * (_HEIGHT + _GAP)
    boxes = {
        node.key: _box(index, row, len(nodes), tallest)
        for index, nodes in enumerate(order.values())
        for row, node in enumerate(nodes)
    }
    marks = [
        element(
            "text", {"x": index * (_WIDTH + _AISLE), "y": 16, "class": "flow-head"}, escaped(COLUMNS[column])
        )
        for index, column in enumerate(columns)
    ]
    marks += [_edge(boxes[start], boxes[end]) for start, end in graph.edges]
    marks += [_node(node, boxes[node.key], root) for nodes in order.values() for node in nodes]
    attributes: dict[str, Attribute] = {
        "viewBox": f"0 0 {number(max(width, _WIDTH))} {number(height)}", "class": "flow", "role": "img",
        "aria-label": "How data flows from the application to dashboards and contacts",
    }  # fmt: skip
    return element("svg", attributes, *marks)


def _box(index: int, row: int, count: int, tallest: int) -> Box:
    # Short columns stand in the middle of the tallest.
    top = _HEAD + (row + (tallest - count) / 2) * (_HEIGHT + _GAP)
    return Box(index * (_WIDTH + _AISLE), top, _WIDTH, _HEIGHT)


def _ordered(graph: FlowGraph, columns: Sequence[int]) -> Mapping[int, list[FlowNode]]:
    """The nodes of each column, near those that they are connected with, so that few curves cross."""
    order = {column: [n for n in graph.nodes.values() if n.column == column] for column in columns}
    neighbours: dict[str, list[str]] = {key: [] for key in graph.nodes}
    for start, end in graph.edges:
        neighbours[start].append(end)
        neighbours[end].append(start)
    for _ in range(_SWEEPS):
        for column in columns:
            heights = {
                node.key: row - len(nodes) / 2 for nodes in order.values() for row, node in enumerate(nodes)
            }
            order[column].sort(key=lambda node: _mean([heights[key] for key in neighbours[node.key]]))
    return order


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _edge(start: Box, end: Box) -> str:
    first, last = start.y + start.height / 2, end.y + end.height / 2
    if end.x <= start.x:
        # Within a column the curve leaves and comes back on the right.
        bend = start.right + _AISLE / 2
        points = (start.right, first, bend, first, bend, last, end.right, last)
    else:
        middle = (start.right + end.x) / 2
        points = (start.right, first, middle, first, middle, last, end.x, last)
    path = "M{} {}C{} {} {} {} {} {}".format(*map(number, points))
    return element("path", {"d": path, "class": "flow-edge"})


def _node(node: FlowNode, box: Box, root: str) -> str:
    title = safe_text(node.link.text)
    shown = shortened(title, box.width - 20, 12)
    attributes: dict[str, Attribute] = {
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "rx": 4,
    }
    marks = [
        element("title", {}, escaped(title)),
        element("rect", {**attributes, "class": f"flow-box flow-{node.kind}"}),
        element(
            "text",
            {"x": box.x + 10, "y": box.y + (17 if node.note else 24), "class": "flow-title"},
            escaped(shown),
        ),
    ]
    if node.note:
        marks.append(
            element("text", {"x": box.x + 10, "y": box.y + 32, "class": "flow-note"}, escaped(node.note))
        )
    if not node.link.path:
        return element("g", {}, *marks)
    return element("a", {"href": f"{root}{node.link.path}"}, *marks)

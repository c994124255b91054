"""The one walk through a LogQL tree, for facts, for taking queries apart, and for lint."""

from collections.abc import Container, Iterator
from typing import Final

from dashgen.query.logql.nodes import (
    Aggregation,
    Conditions,
    DropLabels,
    Extraction,
    JsonParser,
    KeepLabels,
    LabelAssignment,
    LabelChoice,
    LabelFilter,
    LabelFormat,
    LabelReplace,
    LineFilter,
    LineFormat,
    LogfmtParser,
    LogQuery,
    LogRange,
    MetricVariants,
    Node,
    Operation,
    PatternParser,
    RangeFunction,
    RegexpParser,
    Selector,
    Unknown,
)

# The fields of a node that hold nodes, in the order of the text.
_PARTS: Final[dict[type[Node], tuple[str, ...]]] = {
    Aggregation: ("operand", "grouping"),
    Conditions: ("parts",),
    DropLabels: ("choices",),
    Extraction: ("expression",),
    JsonParser: ("extractions",),
    KeepLabels: ("choices",),
    LabelAssignment: ("template",),
    LabelChoice: ("matcher",),
    LabelFilter: ("condition",),
    LabelFormat: ("formats",),
    LabelReplace: ("operand", "texts"),
    LineFilter: ("texts",),
    LineFormat: ("text",),
    LogfmtParser: ("extractions",),
    LogQuery: ("selector", "stages"),
    LogRange: ("query",),
    Operation: ("left", "matching", "right"),
    PatternParser: ("text",),
    RangeFunction: ("range", "grouping"),
    RegexpParser: ("text",),
    Selector: ("matchers",),
    Unknown: ("operand", "grouping"),
    MetricVariants: ("variants", "range"),
}


def walk(node: Node, leaves: Container[type[Node]] = ()) -> Iterator[Node]:
    """A node and all nodes below it, in the order of the text.

    It is not recursive: a chain of operators is as deep as it is long.

    Args:
        node: the node.
        leaves: the types of nodes whose parts are left out.
    """
    todo: list[Node] = [node]
    while todo:
        node = todo.pop()
        yield node
        fields = _PARTS.get(type(node))
        if fields is None or type(node) in leaves:
            continue
        below: list[Node] = []
        for field in fields:
            part = getattr(node, field)
            if type(part) is tuple:
                below += part
            elif part is not None:
                below.append(part)
        if len(below) > 1 and below[1].start < below[0].start:
            below.reverse()  # the grouping of an aggregation may be before its operand
        todo += reversed(below)

"""The fields and labels that a LogQL query reads, and those that it makes itself."""

from collections.abc import Iterator, Sequence

from dashgen.query.logql.nodes import (
    Extraction,
    Grouping,
    LabelAssignment,
    LabelComparison,
    LabelReplace,
    Node,
    PatternParser,
    RegexpParser,
    Unwrap,
)
from dashgen.query.scanning import HAS_VARIABLE


def names_read(nodes: Sequence[Node]) -> Iterator[tuple[str, int]]:
    """The names that conditions, ``unwrap``, renamings and groupings read, with their offsets.

    Args:
        nodes: the nodes of the query's tree; of a grouping the offset is that of its first word.
    """
    own = frozenset(_made(nodes))
    for node in nodes:
        for name, offset in _read(node):
            if name not in own and not HAS_VARIABLE.search(name):
                yield name, offset


def _read(node: Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, LabelComparison | Unwrap):
        yield node.label, node.start
    elif isinstance(node, LabelAssignment) and node.source:
        yield node.source, node.start
    elif isinstance(node, Grouping):
        for label in node.labels:
            yield label, node.start


def _made(nodes: Sequence[Node]) -> Iterator[str]:
    """The labels that the query writes; the fields that it takes out of lines by another name are none."""
    for node in nodes:
        if isinstance(node, LabelAssignment) or (
            isinstance(node, Extraction) and node.expression is not None
        ):
            yield node.label
        elif isinstance(node, RegexpParser | PatternParser):
            yield from node.labels
        elif isinstance(node, LabelReplace) and node.texts:
            yield node.texts[0].value

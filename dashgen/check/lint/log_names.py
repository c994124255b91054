"""The fields and labels that a LogQL query reads, and those that it makes itself."""

from collections.abc import Iterator, Sequence

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.nodes import (
    Extraction,
    Grouping,
    LabelAssignment,
    LabelComparison,
    LabelReplace,
    Node,
    PatternParser,
    QueryText,
    RegexpParser,
    Unwrap,
)
from dashgen.query.scanning import HAS_VARIABLE

_NAME = lazy_pattern(r"\w+")


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


def fields_of(nodes: Sequence[Node]) -> Iterator[str]:
    """The names that a query reads anywhere, its templates and what it takes out of lines included."""
    for name, _ in names_read(nodes):
        yield name
    for node in nodes:
        if isinstance(node, Extraction):
            yield node.label
        if isinstance(node, QueryText):
            yield from _NAME.findall(node.value)


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

"""Numbers and switches as somebody wrote them.

YAML makes 1.1 of ``1.10`` and true of ``True``; who reads a file into text keeps the words, as Go's YAML
reader does for Prometheus (``rulefmt.Rule``: ``Labels map[string]string``) and for Grafana's provisioning
(``values.StringMapValue``).
"""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from dashgen.source.load import Document
from dashgen.source.scalars import plain_scalar
from dashgen.source.source import Node

_TEXTS: Final = frozenset(
    {
        "alert",
        "description",
        "expr",
        "folder",
        "name",
        "record",
        "receiver",
        "runbook_url",
        "summary",
        "title",
    }
)
_MAPS_OF_TEXTS: Final = frozenset({"annotations", "labels"})


def plain_text(node: Node | None) -> str:
    """The text of a scalar without quotes that YAML reads as something else; empty for all others."""
    if not isinstance(node, yaml.ScalarNode) or node.style or node.tag:
        return ""
    text = str(node.value)
    # Quoted and tagged scalars were skipped above: they are texts already, or meant as something else.
    return "" if plain_scalar(text) == text else text


def texts_as_written(document: Document) -> Any:
    """A document's data with the words as they were written where Prometheus and Grafana read text.

    Args:
        document: a rule file, a provisioning file, or anything else; what it holds otherwise stays as it is.
    """
    if document.index >= len(document.source.roots):
        return document.data
    return _SpellingReader().value(document.data, document.source.roots[document.index])


class _SpellingReader:
    """Walks data and nodes side by side; copies only what changes."""

    def value(self, data: object, node: Node) -> Any:
        if isinstance(data, list) and isinstance(node, yaml.SequenceNode):
            return [self.value(part, child) for part, child in zip(data, node.value, strict=False)]
        if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
            return data
        nodes = {key.value: child for key, child in node.value}
        return {key: self.part(key, part, nodes) for key, part in data.items()}

    def part(self, key: str, part: object, nodes: Mapping[str, Node]) -> Any:
        node = nodes.get(key)
        if node is None:  # merged from elsewhere by `<<`
            return part
        if key in _MAPS_OF_TEXTS and isinstance(part, dict) and isinstance(node, yaml.MappingNode):
            inside = {name.value: child for name, child in node.value}
            return {name: _as_text(value, inside.get(name)) for name, value in part.items()}
        if key in _TEXTS and not isinstance(part, dict | list):
            return _as_text(part, node)
        return self.value(part, node)


def _as_text(value: object, node: Node | None) -> Any:
    if value is None or isinstance(value, str | dict | list):
        return value
    return plain_text(node) or value

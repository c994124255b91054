"""Prove that folded keys expand to the keys that were folded."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from dashgen.importer.folding.panel_shapes import exact
from dashgen.source.components import Component
from dashgen.source.load import Document
from dashgen.source.provenance import Origin
from dashgen.source.resolve import Scope, resolve_values


class Prover:
    """Expands keys as the build does, and compares.

    Args:
        scope: what expressions of the project can see.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.origin = Origin(Document.empty("imported.yaml"), ())

    def same(self, key: str, folded: list[Any], plain: Sequence[Any], more: Mapping[str, Component]) -> bool:
        """Whether two lists below a key expand to the same items.

        Args:
            key: the list's key.
            folded: the list with loops and uses.
            plain: the list without.
            more: components that the folded list may use.
        """
        scope = replace(self.scope, components={**self.scope.components, **more})
        folded_items, plain_items = self.expanded(key, folded, scope), self.expanded(key, list(plain), scope)
        return (
            folded_items is not None
            and plain_items is not None
            and _comparable(folded_items) == _comparable(plain_items)
        )

    def expanded(self, key: str, items: list[Any], scope: Scope) -> list[Any] | None:
        """The items that a list expands to; nothing when it has a mistake."""
        data, problems = resolve_values(self.origin, {key: items}, scope)
        return None if problems else data[key]


def _comparable(items: list[Any]) -> list[Any]:
    # An item's own keys may come in any order; inside, the order of queries and thresholds has a meaning.
    return [
        {key: exact(value) for key, value in item.items()} if isinstance(item, dict) else exact(item)
        for item in items
    ]

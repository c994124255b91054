"""The short words of a panel type that stand for properties of single fields.

The same word is a key of the panel, where it holds for all fields, and a key of ``custom:`` in an override, where it
holds for some. One table says which property it is and what its value looks like in Grafana.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct


def same(value: Any) -> Any:
    """The value as it is written."""
    return value


class Word(Struct, frozen=True):
    """A property of fields: its id below ``custom.``, and how a value of the spec becomes Grafana's."""

    property: str
    convert: Callable[[Any], Any] = same


Words: TypeAlias = Mapping[str, Word]


def custom_of(panel: object, custom_options: Words) -> dict[str, Any]:
    """The custom field options of a panel: every word that has a value."""
    custom = {}
    for name, word in custom_options.items():
        value = getattr(panel, name)
        # Two of three words are written as they are, and a graph has thirty of them.
        if value is not None and word.convert is not same:
            value = word.convert(value)
        if value is not None:
            custom[word.property] = value
    return custom

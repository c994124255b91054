"""The keys of a panel type that stand for properties of single fields.

The same key stands in a panel, where it holds for all fields, and below ``custom:`` in an override, where it
holds for some. One table has the property of Grafana for each, and how a value is written there.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from dashgen.core.json_values import Json


def same(value: object) -> Any:
    """The value as it is written."""
    return value


class FieldKey(Struct, frozen=True):
    """A property of fields: its id below ``custom.``, and the function from the spec's value to Grafana's."""

    property: str
    convert: Callable[[Any], Any] = same


FieldKeys: TypeAlias = Mapping[str, FieldKey]


def custom_of(panel: object, field_keys: FieldKeys) -> Json:
    """The custom field options of a panel: every key that has a value."""
    custom = {}
    for name, key in field_keys.items():
        value = getattr(panel, name)
        # Two of three values are written as they are, and a graph has thirty.
        if value is not None and key.convert is not same:
            value = key.convert(value)
        if value is not None:
            custom[key.property] = value
    return custom

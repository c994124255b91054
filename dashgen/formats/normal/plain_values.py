"""What normal forms have in common: no nulls, no empty values, no defaults."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, without_fraction
from dashgen.model.duration import lenient_seconds

REDACTED = "[REDACTED]"
"""Stands for a secret in what Grafana answers; equal to any value that is there."""


def without_empty(value: object) -> Any:
    """The value without nulls, empty texts, empty lists and empty mappings in its mappings, at any depth."""
    if isinstance(value, dict):
        full = {}
        for key, item in value.items():
            # Most values are scalars, and this runs for every value of every dashboard.
            part = without_empty(item) if isinstance(item, dict | list) else item
            if part or not is_empty(part):
                full[key] = part
        return full
    # Items of lists stay when they are empty: in a list the place of an item is a value too.
    if isinstance(value, list):
        return [without_empty(item) if isinstance(item, dict | list) else item for item in value]
    return value


def is_empty(value: object) -> bool:
    """Whether a value means the same as no value."""
    return value is None or (isinstance(value, str | list | dict | tuple) and not value)


def without_defaults(value: Mapping[str, Any], defaults: Mapping[str, Any]) -> Json:
    """The mapping without what is as it is by default; defaults of inner mappings count one by one."""
    rest: Json = {}
    for key, item in value.items():
        default = defaults.get(key)
        if isinstance(item, dict) and isinstance(default, dict):
            if inner := without_defaults(item, default):
                rest[key] = inner
        elif key not in defaults or not _equal(item, default):
            rest[key] = item
    return rest


def _equal(item: object, default: object) -> bool:
    return isinstance(item, bool) == isinstance(default, bool) and item == default


def without(value: Mapping[str, Any], keys: frozenset[str]) -> Json:
    """The mapping without some keys."""
    return {key: item for key, item in value.items() if key not in keys}


def seconds(value: object) -> Any:
    """A duration such as ``1h30m`` in seconds; what is none stays as it is."""
    if not isinstance(value, str):
        return value
    length = lenient_seconds(value)
    return value if length is None else without_fraction(length)


def undollared(value: object) -> Any:
    """The value as Grafana reads it from a provisioning file: ``$$`` is a plain ``$``."""
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, dict):
        return {key: undollared(item) for key, item in value.items()}
    if isinstance(value, list):
        return [undollared(item) for item in value]
    return value

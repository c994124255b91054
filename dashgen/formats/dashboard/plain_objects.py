"""grafanalib's objects as plain data."""

from typing import Any

_ATOMS = frozenset({str, int, float, bool})


def as_json(value: Any) -> Any:
    """The JSON of one of grafanalib's objects, whose parts may be objects still; plain data as it is."""
    return value if type(value) is dict else value.to_json_data()


def plain(value: Any) -> Any:
    """A deep copy without objects and without nulls, wherever they are."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {key: plain(part) for key, part in value.items() if part is not None}
    if kind is list or kind is tuple:
        return [plain(part) for part in value if part is not None]
    to_json = getattr(value, "to_json_data", None)
    return plain(to_json()) if to_json is not None else value

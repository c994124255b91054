"""grafanalib's objects as plain data."""

from typing import Any


def as_json(value: Any) -> Any:
    """The JSON of one of grafanalib's objects, whose parts may be objects still; plain data as it is."""
    return value if type(value) is dict else value.to_json_data()

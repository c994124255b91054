"""Which variables a panel reads: with the others it is the same, and views that differ in them share it."""

from collections.abc import Mapping
from typing import Final, TypeVar

_ALL: Final = b"__all_variables"
_BEFORE: Final = (b"$", b"${", b"[[", b"$__auto_interval_", b"${__auto_interval_", b"[[__auto_interval_")
"""What stands before the name of a variable in a text. Source: `variableRegex` of Grafana 12.4.3."""
Value = TypeVar("Value")


def read_variables(written: bytes, values: Mapping[str, Value]) -> dict[str, Value]:
    """Those of the values whose variables a text reads, or seems to.

    Args:
        written: the JSON of a panel, or of a part of it.
        values: the values of all variables, by their names.
    """
    if _ALL in written:
        return dict(values)
    return {name: one for name, one in values.items() if _is_read(written, name.encode())}


def _is_read(written: bytes, name: bytes) -> bool:
    return name in written and any(before + name in written for before in _BEFORE)

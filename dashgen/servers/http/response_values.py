"""Reading decoded JSON of a server that may send anything."""

from typing import Any

from dashgen.core.json_values import Json


def text(data: Any, key: str) -> str:
    """A text field, or an empty text."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def integer(data: Any, key: str) -> int:
    """A whole number field, or 0."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def mapping(data: Any, key: str) -> Json:
    """An object field, or an empty one."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def objects(data: Any, key: str) -> list[Json]:
    """A field with a list of objects, or an empty list; other elements are left out."""
    value = data.get(key) if isinstance(data, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(data: Any, key: str) -> tuple[str, ...]:
    """A field with a list of texts, or an empty one; other elements are left out."""
    value = data.get(key) if isinstance(data, dict) else None
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

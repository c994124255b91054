"""Reading decoded JSON of a server that may send anything."""

from dashgen.core.json_values import Json


def text(data: object, key: str) -> str:
    """A text field, or an empty text."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def integer(data: object, key: str) -> int:
    """A whole number field, or 0."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def mapping(data: object, key: str) -> Json:
    """An object field, or an empty one."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def objects(data: object, key: str) -> list[Json]:
    """A field with a list of objects, or an empty list; other elements are left out."""
    value = data.get(key) if isinstance(data, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(data: object, key: str) -> tuple[str, ...]:
    """A field with a list of texts, or an empty one; other elements are left out."""
    value = data.get(key) if isinstance(data, dict) else None
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

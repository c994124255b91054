"""Preconditions of writes: sent along where the server compares, else read again just before and compared."""

from dashgen.core.json_values import Json
from dashgen.servers.grafana.grafana_errors import ConflictError, ConflictKind

_SERVER_SET = frozenset(
    {"id", "orgId", "orgID", "updated", "created", "provenance", "version", "typeName", "annotations"}
)


def delete_options(resource_version: str) -> Json:
    """The body of a deletion over a Kubernetes-style API, which is refused after another write."""
    return {
        "kind": "DeleteOptions",
        "apiVersion": "v1",
        "preconditions": {"resourceVersion": resource_version},
    }


def is_unchanged(one: object, other: object) -> bool:
    """Whether two objects are equal, apart from empty fields and what the server sets."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = (one.keys() | other.keys()) - _SERVER_SET
        return all(is_unchanged(one.get(key), other.get(key)) for key in keys)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_unchanged, one, other))
    return bool(one == other) or (_is_empty(one) and _is_empty(other))


def require_unchanged(subject: str, expected: object, current: object) -> None:
    """Refuse to go on when what was read is no longer what is there.

    Args:
        subject: the thing in messages.
        expected: what was read before, or nothing when there was nothing.
        current: what is there now.

    Raises:
        ConflictError: when they differ.
    """
    if expected is None and current is not None:
        raise ConflictError(f"{subject} exists already", kind=ConflictKind.EXISTS)
    if expected is not None and current is None:
        raise ConflictError(f"{subject} was deleted in the meantime", kind=ConflictKind.VERSION)
    if not is_unchanged(expected, current):
        hint = "look at the change with `dashgen diff`"
        raise ConflictError(f"{subject} was changed in the meantime", kind=ConflictKind.VERSION, hint=hint)


def _is_empty(value: object) -> bool:
    # `in` alone would take 0 for False.
    return value is None or value is False or value in ("", [], {})

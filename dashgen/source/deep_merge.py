"""Deep merge of mappings that remembers where each value came from."""

from collections.abc import Iterable
from typing import Any

from dashgen.core.json_values import Json
from dashgen.source.provenance import Origin
from dashgen.source.source import Path


def merge_over(base: object, over: object, path: Path, origin: Origin, origins: dict[Path, Origin]) -> Any:
    """``over`` merged over ``base``; mappings are merged key by key, everything else is replaced.

    Args:
        base: the value that stands at ``path``.
        over: what goes over it, written at ``origin``.
        path: the path of both in the resolved document.
        origin: where ``over`` was written.
        origins: gets an entry for each value that ``over`` replaced.
    """
    if not isinstance(base, dict) or not isinstance(over, dict):
        origins[path] = origin
        return over
    result = dict(base)
    for key, value in over.items():
        key_path = (*path, key)
        if key in result:
            result[key] = merge_over(result[key], value, key_path, origin.child(key), origins)
        else:
            result[key] = value
            origins[key_path] = origin.child(key)
    return result


def merge_under(
    data: Json,
    defaults: Json,
    path: Path,
    origin: Origin,
    origins: dict[Path, Origin],
    deep: Iterable[str] = (),
) -> Json:
    """``data`` with the keys of ``defaults`` that it lacks.

    Args:
        data: the mapping that stands at ``path``.
        defaults: the keys that it may lack, written at ``origin``.
        path: the path of both in the resolved document.
        origin: where ``defaults`` were written.
        origins: gets an entry for each key that came from there.
        deep: the keys whose mappings are merged at all depths, and not one or the other.
    """
    additions = {key: value for key, value in defaults.items() if key not in data}
    for key in additions:
        origins[(*path, key)] = origin.child(key)
    for key in deep:
        mine, theirs = data.get(key), defaults.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            key_path = (*path, key)
            additions[key] = merge_under(mine, theirs, key_path, origin.child(key), origins, tuple(theirs))
    return {**data, **additions} if additions else data

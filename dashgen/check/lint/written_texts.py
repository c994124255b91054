"""The texts of a dashboard as they are written, wherever they stand in it."""

from collections.abc import Iterator

from dashgen.check.lint.places import Place
from dashgen.source.source import Path


def written_texts(place: Place) -> Iterator[tuple[Path, str]]:
    """Each text below a place with its keys; keys of mappings are texts too, at their own place.

    Nesting is not bounded here: readers of files and specs bound it.
    """
    waiting: list[tuple[Path, object]] = [((), place.value)]
    while waiting:
        keys, value = waiting.pop()
        if isinstance(value, str):
            yield keys, value
        elif isinstance(value, dict | list):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            for key, part in parts:
                if isinstance(key, str):
                    yield (*keys, key), key
                waiting.append(((*keys, key), part))

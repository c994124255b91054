"""The texts of a part of a spec or file as they are written, wherever they stand in it."""

from collections.abc import Callable, Iterator

from dashgen.check.lint.places import Place
from dashgen.core.json_values import walk
from dashgen.source.source import Path


def texts_with_keys(value: object) -> Iterator[tuple[str, str]]:
    """Each text in plain data with the key that it stands below; list items have that of their list.

    Nesting is not bounded here: readers of files and specs bound it.
    """
    waiting: list[tuple[str, object]] = [("", value)]
    while waiting:
        key, part = waiting.pop()
        if isinstance(part, str):
            yield key, part
        elif isinstance(part, dict):
            waiting.extend((str(name), inner) for name, inner in part.items())
        elif isinstance(part, list):
            waiting.extend((key, inner) for inner in part)


def written_texts(place: Place) -> Iterator[tuple[Path, str]]:
    """Each text below a place with its keys."""
    return ((keys, part) for keys, part in walk(place.value) if isinstance(part, str))


def paths_of_texts(place: Place, is_meant: Callable[[str], object]) -> Iterator[Path]:
    """The keys of each text below a place that is meant."""
    return (keys for keys, text in written_texts(place) if is_meant(text))

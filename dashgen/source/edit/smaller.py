"""A change of a whole mapping or list as changes of what really differs in it."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from dashgen.core.json_values import Json
from dashgen.source.edit.edits import Edit, InsertItem, Remove, SetValue, identical
from dashgen.source.edit.node_tree import Items, MappingNode, key_text
from dashgen.source.edit.page import Page, walk
from dashgen.source.located import Path


def smaller(page: Page, path: Path, old: object, new: object) -> Iterator[Edit]:
    """The edits that make one value of another, each as deep as it can be, in the order to make them."""
    if identical(old, new):
        return
    way = walk(page, path)
    node = way.last.node if way.length == len(path) else None
    if (
        isinstance(node, MappingNode)
        and isinstance(new, dict)
        and isinstance(old, dict)
        and old.keys() & new.keys()
    ):
        yield from _keys(page, path, node, old, new)
    elif isinstance(node, Items) and isinstance(new, list) and isinstance(old, list) and old and new:
        yield from _items(page, path, old, new)
    else:
        yield SetValue(path, new)


def _keys(page: Page, path: Path, node: MappingNode, old: Json, new: Json) -> Iterator[Edit]:
    # A key that only a merge brings has no text here: it is set as a whole, which overrides it.
    own = {key_text(key) for key, _ in node.pairs}
    for key, value in new.items():
        if key not in old or key not in own:
            if key not in old or not identical(old[key], value):
                yield SetValue((*path, key), value)
        else:
            yield from smaller(page, (*path, key), old[key], value)
    for key in old:
        if key not in new:
            yield Remove((*path, key))


def _items(page: Page, path: Path, old: list[Any], new: list[Any]) -> Iterator[Edit]:
    # In a list of the same length, items are taken to have changed in place: each keeps its comments.
    if len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from smaller(page, (*path, number), before, after)
        return
    matcher = SequenceMatcher(None, [*map(_exact, old)], [*map(_exact, new)], autojunk=False)
    # From the last to the first, so that the numbers of what comes before stay as they are.
    for _, a, b, c, d in reversed([code for code in matcher.get_opcodes() if code[0] != "equal"]):
        both = min(b - a, d - c)
        for number in range(b - 1, a + both - 1, -1):
            yield Remove((*path, number))
        for value in reversed(new[c + both : d]):
            yield InsertItem(path, a + both, value)
        for number in range(both):
            yield from smaller(page, (*path, a + number), old[a + number], new[c + number])


def _exact(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_exact(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(map(_exact, value)) + "]" if isinstance(value, list) else repr(value)

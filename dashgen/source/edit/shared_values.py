"""Places that show one and the same value, because of anchors, aliases and merges."""

from collections.abc import Iterator

from dashgen.source.edit.node_tree import Alias, Items, MappingNode, Node, is_merge_key, key_text
from dashgen.source.edit.page import Page, bases, walk
from dashgen.source.located import Path


def at_anchor(page: Page, path: Path) -> Path:
    """The path by which what an alias or a merge shows at another path is written.

    Args:
        page: the document.
        path: a place of its data; what is at its end may be missing.
    """
    # An anchor may stand inside of what another alias shows, so the way is followed until it meets no alias.
    while True:
        way = walk(page, path)
        node = way.last.node
        if isinstance(node, Alias) and node.target is not None:
            target: Node | None = node.target
        elif way.merged and isinstance(node, MappingNode):
            target = _bringing(node, str(path[way.length]))
        else:
            return path
        above = next(_paths(page.root, (), target), None)
        if above is None:
            return path
        path = (*above, *path[way.length :])


def _bringing(node: MappingNode, key: str) -> MappingNode | None:
    """The mapping that a merge takes a key from."""
    for base in _merged(node):
        if any(key_text(own) == key for own, _ in base.pairs):
            return base
        if further := _bringing(base, key):
            return further
    return None


def _merged(node: MappingNode) -> Iterator[MappingNode]:
    for key, value in node.pairs:
        if is_merge_key(key):
            yield from bases(value)


def _paths(node: Node, path: Path, target: Node | None) -> Iterator[Path]:
    """Where a node is written; nothing when it is in a key or below a merge."""
    if node is target:
        yield path
    elif isinstance(node, MappingNode):
        for key, value in node.pairs:
            yield from _paths(value, (*path, key_text(key)), target)
    elif isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from _paths(item, (*path, number), target)


def showing(page: Page, path: Path) -> list[Path]:
    """Every place of a document's data that shows what is written at a path, itself among them.

    Args:
        page: the document.
        path: a place by which something is written; what is at its end may be missing.
    """
    way = walk(page, path)
    rest = path[way.length :]
    missing = str(rest[0]) if rest else ""
    paths = _shown(page.root, (), way.last.node, missing, frozenset())
    return [(*shown_path, *rest) for shown_path in dict.fromkeys(paths)]


def users(page: Page, path: Path) -> list[Path]:
    """The aliases and merging mappings by which other places show what is at a path, the last one first."""
    source = at_anchor(page, path)
    written = walk(page, source).last.node
    ways = ((shown_path, walk(page, shown_path)) for shown_path in showing(page, source))
    paths = [shown_path[: way.length] for shown_path, way in ways if way.last.node is not written]
    return list(dict.fromkeys(reversed(paths)))


def _shown(node: Node, path: Path, target: Node, missing: str, hidden: frozenset[str]) -> Iterator[Path]:
    if isinstance(node, Alias):
        if node.target is not None:
            yield from _shown(node.target, path, target, missing, hidden)
        return
    if node is target and not (missing and missing in hidden):
        yield path
    if isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from _shown(item, (*path, number), target, missing, frozenset())
    if not isinstance(node, MappingNode):
        return
    own = {key_text(key) for key, _ in node.pairs}
    for key, value in node.pairs:
        if not is_merge_key(key) and key_text(key) not in hidden:
            yield from _shown(value, (*path, key_text(key)), target, missing, frozenset())
    for base in _merged(node):
        yield from _shown(base, path, target, missing, hidden | own)
        # Of several merged mappings the first that has a key counts.
        own |= {key_text(key) for key, _ in base.pairs}

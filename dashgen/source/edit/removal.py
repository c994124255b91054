"""Take a key or an item out of the text of a document."""

from dashgen.source.edit import block_style, flow_style
from dashgen.source.edit.edited_text import Splice
from dashgen.source.edit.node_tree import Items, MappingNode, key_text
from dashgen.source.edit.page import Page, Way, brings, refuse_lost, refuse_shared, walk
from dashgen.source.edit.replacement import exchanged
from dashgen.source.edit.styles import Written
from dashgen.source.located import Path


def removed(page: Page, path: Path, way: Way) -> list[Splice]:
    """The changes that remove a key or an item."""
    if way.merged:
        message = f"`{path[-1]}` comes from `<<` and cannot be removed here"
        raise page.refused(way.last.node.content, message, "write the keys out instead of merging them")
    parent = walk(page, path[:-1])
    refuse_shared(page, parent)
    node = parent.last.node
    if not isinstance(node, MappingNode | Items):
        raise page.refused(node.content, f"`{path[-1]}` cannot be removed here")
    number = number_of(node, path[-1])
    removed = node.pairs[number] if isinstance(node, MappingNode) else (node.items[number],)
    refuse_lost(page, removed)
    # Removing the key that overrides a merged one brings the merged value back.
    if isinstance(node, MappingNode) and brings(node, str(path[-1])):
        message = f"without `{path[-1]}`, the one that `<<` brings would count"
        raise page.refused(removed[0].start, message, "write the keys out instead of merging them")
    # Without its last entry a block is nothing, which YAML reads as null: `{}` or `[]` has to be written.
    if len(node.pairs if isinstance(node, MappingNode) else node.items) == 1:
        return exchanged(page, parent.last, Written("{}" if isinstance(node, MappingNode) else "[]"))
    if node.flow:
        return flow_style.without_flow_entry(page, node, number)
    return block_style.without_entry(page, node, number)


def number_of(node: MappingNode | Items, step: str | int) -> int:
    """Which of the entries of a mapping or list a step of a path leads to."""
    if isinstance(node, MappingNode):
        return next(i for i, (key, _) in enumerate(node.pairs) if key_text(key) == step)
    return int(step)

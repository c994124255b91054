"""Make one edit in the text of a document."""

from dashgen.source.edit import block_style, flow_style
from dashgen.source.edit.carry import carried
from dashgen.source.edit.edited_text import Splice
from dashgen.source.edit.edits import (
    Carry,
    Edit,
    InsertItem,
    Lift,
    MoveItem,
    Remove,
    Rename,
    SetValue,
    Wrap,
    applied,
    value_at,
)
from dashgen.source.edit.node_tree import Alias, Items, MappingNode, below, children
from dashgen.source.edit.page import Page, Slot, Way, is_null, refuse_lost, refuse_shared, walk
from dashgen.source.edit.removal import removed
from dashgen.source.edit.replacement import replaced
from dashgen.source.edit.wrapping import renamed, unwrapped, wrapped
from dashgen.source.located import Path


def splices(page: Page, edit: Edit, data: object) -> list[Splice]:
    """The changes of the text that make an edit.

    Args:
        page: the document as it is.
        edit: what to do.
        data: the document's data as it is.

    Raises:
        EditError: it would change or lose something else.
    """
    if isinstance(edit, Carry | Wrap | Lift):
        return _with_text(page, edit)
    after = applied(data, edit)
    way = walk(page, edit.path)
    # An edit below an alias must not reach its anchor: the value is written out there, as it is after the
    # edit.
    cut = _shared_above(edit, way)
    if cut is not None:
        return _set(page, edit.path[:cut], value_at(after, edit.path[:cut]))
    match edit:
        case SetValue(path=path):
            return _set(page, path, value_at(after, path), edit.order)
        case Remove(path=path):
            return removed(page, path, way)
        case InsertItem(path=path, index=index, value=value):
            return _insert(page, path, index, value)
        case MoveItem(path=path, index=index, to=to):
            return _move(page, path, way, index, to)
        case Rename(key=key):
            return renamed(page, way, key)


def _with_text(page: Page, edit: Carry | Wrap | Lift) -> list[Splice]:
    match edit:
        case Carry():
            return carried(page, edit)
        case Wrap():
            return wrapped(page, edit)
        case Lift():
            return unwrapped(page, edit)


def _shared_above(edit: Edit, way: Way) -> int | None:
    """How many steps lead to an alias, or to what a merge brings, when the edit is below.

    It gets a value of its own.
    """
    if way.merged:
        # A key that overrides a merged one can be written; nothing that is written takes a merged one away.
        removed = isinstance(edit, Remove | Rename) and way.length + 1 == len(edit.path)
        return None if removed else way.length + 1
    if not isinstance(way.last.node, Alias):
        return None
    at_alias = way.length == len(edit.path)
    return None if at_alias and isinstance(edit, SetValue | Remove | Rename) else way.length


def _set(page: Page, path: Path, value: object, order: tuple[str, ...] = ()) -> list[Splice]:
    way = walk(page, path)
    refuse_shared(page, way)
    if way.length == len(path):
        # The anchor of the value itself stays.
        refuse_lost(page, children(way.last.node) if page.shared else (way.last.node,))
        return replaced(page, way.last, value)
    # The first missing key is added with everything below it, so that it is written in one piece.
    for step in reversed(path[way.length + 1 :]):
        value = {step: value} if isinstance(step, str) else [value]
    return _add(page, way.last, path[way.length], value, order)


def _add(page: Page, slot: Slot, step: str | int, value: object, order: tuple[str, ...]) -> list[Splice]:
    """Add a key or an item to the last thing that there is on the way."""
    node = slot.node
    if isinstance(step, int):
        return _insert_at(page, slot, step, value)
    if isinstance(node, MappingNode) and node.pairs:
        if node.flow:
            return flow_style.with_flow_key(page, slot, node, step, value, order)
        return block_style.with_key(page, node, step, value, order)
    return replaced(page, slot, {step: value})


def _insert(page: Page, path: Path, index: int, value: object) -> list[Splice]:
    way = walk(page, path)
    if way.length < len(path):
        return _set(page, path, [value])
    refuse_shared(page, way)
    return _insert_at(page, way.last, index, value)


def _insert_at(page: Page, slot: Slot, index: int, value: object) -> list[Splice]:
    node = slot.node
    if is_null(node) or not isinstance(node, Items) or not node.items:
        return replaced(page, slot, [value])
    if node.flow:
        return flow_style.with_flow_item(page, slot, node, index, value)
    return block_style.with_item(page, slot, node, index, value)


def _move(page: Page, path: Path, way: Way, index: int, to: int) -> list[Splice]:
    refuse_shared(page, way)
    node = way.last.node
    if not isinstance(node, Items):
        raise page.refused(node.content, f"`{path[-1]}` is not a list")
    _refuse_order(page, node, index, to)
    if node.flow:
        return flow_style.with_moved_flow_item(page, node, index, to)
    return block_style.with_moved_item(page, node, index, to)


def _refuse_order(page: Page, node: Items, index: int, to: int) -> None:
    """Refuse to move an alias to before its anchor."""
    order = list(range(len(node.items)))
    order.insert(to, order.pop(index))
    # YAML takes an alias for the last anchor of its name above it, which need not be in this list.
    named: set[int] = set()
    every = {id(inner) for item in node.items for inner in below(item)}
    for inner in (inner for number in order for inner in below(node.items[number])):
        named.add(id(inner))
        if isinstance(inner, Alias) and id(inner.target) in every - named:
            message = f"`*{inner.name}` would come before `&{inner.name}`"
            raise page.refused(inner.start, message, "write the value out instead of the alias")

"""One document that is being edited: its text, its nodes, and the habits of whoever wrote it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Location, Related, Span
from dashgen.source.edit.edited_text import after_gap, column, line_start, newline_of
from dashgen.source.edit.edits import EditError
from dashgen.source.edit.node_tree import (
    Alias,
    Items,
    MappingNode,
    Node,
    Scalar,
    below,
    is_merge_key,
    key_text,
    tree,
)
from dashgen.source.located import Path
from dashgen.source.writing import Layout


class Slot(Struct, frozen=True):
    """Where a value stands.

    Attributes:
        node: the value.
        key: its key, or the key of the list that it is an item of.
        column: the column of its key or dash.
        point: the place just behind its colon or dash, where a value could begin.
        flow: whether it is inside of brackets or braces.
        item: whether it is an item of a list.
        bare: whether it is the missing value of a key without a colon, as in ``{a, b}``.
    """

    node: Node
    key: str
    column: int
    point: int
    flow: bool = False
    item: bool = False
    bare: bool = False


class Page(Struct, frozen=True):
    """A document of a file, as it is after the edits made so far."""

    file: str
    text: str
    root: Node
    layout: Layout
    newline: str
    number: int = 0
    shared: bool = False

    def refused(self, at: int, message: str, hint: str = "", related: tuple[Related, ...] = ()) -> EditError:
        """The error that says why something cannot be changed at a place."""
        return EditError(Diagnostic("edit/not-lossless", message, self.place(at), hint, related=related))

    def place(self, at: int) -> Location:
        """A place of the text for a reader."""
        line = len(self.text[:at].replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        first = at - line_start(self.text, at) + 1
        return Location(self.file, Span(line, first, line, first + 1))


def page_tree(page: Page, text: str) -> Page:
    """The same document of a text that was changed; its habits stay."""
    return replace(page, text=text, root=tree(text, page.number))


def page_of(file: str, text: str, document: int) -> Page:
    """Read one of the documents of a text."""
    root = tree(text, document)
    return Page(file, text, root, _layout(text, root), newline_of(text), document)


def _layout(text: str, root: Node) -> Layout:
    # The habit of the majority: a file that is not uniform gets no reformatting, only new lines that look at
    # home.
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    for node in below(root):
        if not isinstance(node, MappingNode) or node.flow:
            continue
        for key, value in node.pairs:
            if isinstance(value, MappingNode) and not value.flow:
                steps[column(text, value.content) - column(text, key.start)] += 1
            elif isinstance(value, Items) and not value.flow:
                dashes[column(text, value.content) - column(text, key.start)] += 1
    step = steps.most_common(1)[0][0] if steps else max(dashes, default=2) or 2
    return Layout(step, dashes.most_common(1)[0][0] if dashes else step)


class Way(Struct, frozen=True):
    """How far a path leads into what is written.

    Attributes:
        slots: the places from the root to the last one that there is.
        merged: whether the next step is there only because ``<<`` brings it.
    """

    slots: tuple[Slot, ...]
    merged: bool

    @property
    def last(self) -> Slot:
        """The last place on the way."""
        return self.slots[-1]

    @property
    def length(self) -> int:
        """How many steps of the path lead to it."""
        return len(self.slots) - 1


def walk(page: Page, path: Path) -> Way:
    """Follow a path as far as there are nodes of its own for it, never through an alias."""
    # The root has no key or dash: its column is left of all others.
    slots = [Slot(page.root, "", -1, page.root.start)]
    for step in path:
        slot = slots[-1]
        child = _step(page, slot, step)
        if child is None:
            merged = isinstance(slot.node, MappingNode) and isinstance(step, str) and brings(slot.node, step)
            return Way(tuple(slots), merged)
        slots.append(child)
    return Way(tuple(slots), merged=False)


def _step(page: Page, slot: Slot, step: str | int) -> Slot | None:
    node = slot.node
    if isinstance(node, MappingNode):
        pair = next((pair for pair in node.pairs if key_text(pair[0]) == step), None)
        return pair_slot(page.text, node, *pair) if pair else None
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.items):
        item = node.items[step]
        if node.flow:
            return Slot(item, slot.key, column(page.text, item.start), item.start, flow=True, item=True)
        dash = node.dashes[step]
        return Slot(item, slot.key, column(page.text, dash), dash + 1, item=True)
    return None


def pair_slot(text: str, node: MappingNode, key: Node, value: Node) -> Slot:
    """The place of a value in its mapping."""
    # `{a, b}` and `? a` have keys without a colon.
    colon = after_gap(text, key.end)
    bare = text[colon : colon + 1] != ":"
    point = key.end if bare else colon + 1
    return Slot(value, key_text(key), column(text, key.start), point, flow=node.flow, bare=bare)


def brings(node: MappingNode, key: str) -> bool:
    """Whether a merge brings a key into a mapping."""
    return any(
        key_text(own) == key or (is_merge_key(own) and brings(base, key))
        for merge, value in node.pairs
        if is_merge_key(merge)
        for base in bases(value)
        for own, _ in base.pairs
    )


def bases(value: Node) -> Iterator[MappingNode]:
    """The mappings that a merge key with this value brings."""
    target = value.target if isinstance(value, Alias) else value
    if isinstance(target, MappingNode):
        yield target
    elif isinstance(target, Items):
        for item in target.items:
            yield from bases(item)


def refuse_shared(page: Page, way: Way) -> None:
    """Refuse to change what aliases elsewhere repeat.

    Raises:
        EditError: a place on the way has an anchor with an alias.
    """
    # An anchor on any place of the way is enough: an alias shows everything below it.
    for slot in () if page.shared else way.slots:
        _refuse(page, slot.node, [alias for alias in aliases(page) if alias.target is slot.node])


def refuse_lost(page: Page, nodes: Iterable[Node]) -> None:
    """Refuse to remove an anchor that is used by an alias outside of what is removed.

    Raises:
        EditError: there is such an anchor.
    """
    # By identity: nodes of equal text are different places.
    inside = {id(inner) for node in nodes for inner in below(node)}
    for alias in aliases(page):
        if id(alias.target) in inside and id(alias) not in inside and alias.target is not None:
            _refuse(page, alias.target, [alias])


def aliases(page: Page) -> list[Alias]:
    """The aliases of the document."""
    # Few files have aliases, and a walk through all nodes for each edit would be most of its time.
    return [node for node in below(page.root) if isinstance(node, Alias)] if "*" in page.text else []


def _refuse(page: Page, node: Node, used: list[Alias]) -> None:
    if not used:
        return
    name = f"`&{node.anchor}`"
    lines = ", ".join(str(span.line) for alias in used[:3] if (span := page.place(alias.start).span))
    raise page.refused(
        node.start,
        f"{name} is used elsewhere too, so a change here would change that as well",
        f"write the value out where `*{node.anchor}` stands (line {lines}), or change both by hand",
        tuple(Related("it is used here", page.place(alias.start)) for alias in used[:3]),
    )


def is_null(node: Node) -> bool:
    """Whether nothing is written at a place, or only a word for nothing."""
    return isinstance(node, Scalar) and not node.style and node.value in ("", "~", "null", "Null", "NULL")

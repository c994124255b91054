"""A YAML document as it is written: each node with its exact place, and aliases as nodes of their own."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml
from msgspec import Struct
from yaml._yaml import CParser

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.edit.edited_text import after_gap

# An anchor or a tag ends at white space, and in flow style at a bracket or comma as well.
_PROPERTY = lazy_pattern(r"[&!][^\s,\[\]{}]*")
_HEADER = lazy_pattern(r"[|>][-+0-9]*")
_BLANK_LINES = lazy_pattern(r"(?:(?:\r\n|\n|\r)[ \t]*)+\Z")
_LAST_BREAK = lazy_pattern(r"(?:\r\n|\n|\r)\Z")


class Scalar(Struct, eq=False):
    """A text, number or other single value.

    Attributes:
        start: where it begins, with its anchor and tag.
        content: where it begins without them.
        end: the place just behind it, without comments and blank lines.
        style: its quote, ``|``, ``>``, or nothing.
        value: its text as YAML reads it.
        anchor: the name of its anchor.
        tagged: whether it has a tag.
    """

    start: int
    content: int
    end: int
    style: str
    value: str
    anchor: str = ""
    tagged: bool = False


class Alias(Struct, eq=False):
    """A use of an anchor, such as ``*name``."""

    start: int
    end: int
    name: str
    target: "Node | None"
    anchor: str = ""

    @property
    def content(self) -> int:
        """Where it begins; an alias has neither anchor nor tag."""
        return self.start


class MappingNode(Struct, eq=False):
    """Keys and values.

    Attributes:
        flow: whether it is inside of brackets or braces, or has braces itself.
        pairs: its keys and values in their order.
    """

    start: int
    content: int
    end: int
    flow: bool
    anchor: str
    pairs: "list[tuple[Node, Node]]" = []


class Items(Struct, eq=False):
    """A list; ``dashes`` are the places of its dashes, unless it is written with brackets."""

    start: int
    content: int
    end: int
    flow: bool
    anchor: str
    items: "list[Node]" = []
    dashes: list[int] = []


Node: TypeAlias = Scalar | Alias | MappingNode | Items


def key_text(key: Node) -> str:
    """The text of a key, also when an alias stands for it."""
    if isinstance(key, Alias) and key.target is not None:
        return key_text(key.target)
    return key.value if isinstance(key, Scalar) else ""


def is_merge_key(key: Node) -> bool:
    """Whether a key is the merge key ``<<``."""
    return isinstance(key, Scalar) and key.value == "<<" and not key.style


def children(node: Node) -> Iterator[Node]:
    """The keys, values or items directly below a node."""
    if isinstance(node, MappingNode):
        for pair in node.pairs:
            yield from pair
    elif isinstance(node, Items):
        yield from node.items


def below(node: Node) -> Iterator[Node]:
    """The node and every node in it."""
    yield node
    for child in children(node):
        yield from below(child)


def tree(text: str, document: int) -> Node:
    """The root of one of the documents of a YAML text that is known to be without errors."""
    return _NodeReader(text).document(document)


class _NodeReader:
    """Builds the tree from libyaml's events, as its composer replaces aliases by their anchors' nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.anchors: dict[str, Node] = {}
        self.parser = CParser(text)

    def next(self) -> Any:
        return self.parser.get_event()

    def document(self, number: int) -> Node:
        seen = -1
        while True:
            event = self.next()
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen == number:
                    # Anchors end with their document.
                    self.anchors.clear()
                    return self.node(self.next())

    def node(self, event: Any) -> Node:
        kind = type(event)
        if kind is yaml.AliasEvent:
            start, end = _index(event.start_mark), _index(event.end_mark)
            return Alias(start, end, event.anchor, self.anchors.get(event.anchor))
        if kind is yaml.ScalarEvent:
            return self.named(self.scalar(event))
        return self.mapping(event) if kind is yaml.MappingStartEvent else self.items(event)

    def named(self, node: Node) -> Node:
        if node.anchor:
            self.anchors[node.anchor] = node
        return node

    def content(self, event: Any) -> int:
        # The mark stands before anchor and tag, which come in any order and may be followed by a line break
        # or comment.
        at = _index(event.start_mark)
        if event.anchor is None and event.tag is None:
            return at
        while match := _PROPERTY.match(self.text, at):
            at = after_gap(self.text, match.end())
        return at

    def scalar(self, event: Any) -> Scalar:
        start, end = _index(event.start_mark), _index(event.end_mark)
        # Of `key: &a` the value is empty text: the gap behind the anchor would lead into the next line.
        content = min(self.content(event), end)
        style = event.style or ""
        if style in ("|", ">"):
            end = self.block_end(content, end)
        tagged = event.tag is not None
        return Scalar(start, content, end, style, event.value, event.anchor or "", tagged)

    def block_end(self, content: int, end: int) -> int:
        """The end of the last line that belongs to a block; blank lines do only where its header says so."""
        # libyaml ends a block behind the blank lines below it. With `+` they are a part of the text; else
        # they separate it from what follows, and stay when the block is replaced.
        header = _HEADER.match(self.text, content)
        keeps_blank_lines = header is not None and "+" in header[0]
        match = (_LAST_BREAK if keeps_blank_lines else _BLANK_LINES).search(self.text, content, end)
        return match.start() if match else end

    def mapping(self, event: Any) -> MappingNode:
        content = self.content(event)
        node = MappingNode(
            _index(event.start_mark), content, content, bool(event.flow_style), event.anchor or ""
        )
        # Named before its content is read, which may refer to it.
        self.named(node)
        while type(event := self.next()) is not yaml.MappingEndEvent:
            node.pairs.append((self.node(event), self.node(self.next())))
        # `[a: 1]` has a mapping of one pair without braces, whose end mark is where the next token is.
        braces = node.flow and self.text[content] == "{"
        last = max(node.pairs[-1][0].end, node.pairs[-1][1].end) if node.pairs else content
        node.end = _index(event.end_mark) if braces else last
        return node

    def items(self, event: Any) -> Items:
        content = self.content(event)
        node = Items(_index(event.start_mark), content, content, bool(event.flow_style), event.anchor or "")
        self.named(node)
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            if not node.flow:
                # No event has the place of a dash: it is what comes first behind the item before it.
                node.dashes.append(after_gap(self.text, node.items[-1].end) if node.items else content)
            node.items.append(self.node(event))
        node.end = _index(event.end_mark) if node.flow else node.items[-1].end
        return node


def _index(mark: Any) -> int:
    return int(mark.index)

"""A YAML file as text, as nodes and as data, with a position for every value.

Positions live beside the data, never in it: the node tree that libyaml composes stays with the `Source`, and
`Source.span` walks it by path only when somebody asks.
"""

from typing import Any, NamedTuple, TypeAlias

import yaml
from msgspec import Struct
from yaml._yaml import CParser

from dashgen.core.diagnostics import Diagnostic, Location, Span
from dashgen.core.errors import SpecError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.yaml_errors import syntax_error

Path: TypeAlias = tuple[str | int, ...]
Node: TypeAlias = yaml.ScalarNode | yaml.SequenceNode | yaml.MappingNode

MAX_DEPTH = 100
# Mappings up to this size are looked through; larger ones get an index, so that many look-ups stay linear.
_SMALL = 50
_OTHER_BREAKS = lazy_pattern("[\x85\u2028\u2029]")
# Below what libyaml refuses by itself from 0.2.6 on (1000), so that one limit holds with every PyYAML.
_SAFE_DEPTH = 900


class TooDeepError(Exception):
    """A collection is nested deeper than `MAX_DEPTH`."""

    def __init__(self, node: Any) -> None:
        super().__init__()
        self.node = node


class _Composer(CParser):
    """libyaml's composer without PyYAML's tag resolution, which costs as much as parsing itself."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> None:
        return None

    def descend_resolver(self, _parent: object, _index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _BoundedComposer(_Composer):
    """Refuses nesting that would overflow the C stack.

    Slower, so used only on text that might nest that deep.
    """

    depth = 0

    def descend_resolver(self, parent: Any, _index: object) -> None:
        self.depth += 1
        # Called for scalars too: one more than the limit means that the collection around this node is too
        # deep.
        if self.depth > MAX_DEPTH + 1:
            raise TooDeepError(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class Source(Struct):
    """One file: its name as shown to the user, its text, and the root node of each YAML document in it."""

    file: str
    text: str
    roots: list[Node] = []
    _indexes: dict[int, "_Index"] = {}

    def location(self, document: int = 0, path: Path = (), *, key: bool = False) -> Location:
        """Where a value (or, with ``key``, its key) stands.

        The closest enclosing value if there is no such path.
        """
        return Location(self.file, self.span(document, path, key=key))

    def span(self, document: int, path: Path, *, key: bool = False) -> Span | None:
        """The span of the value at ``path`` in a document (counted from 0), or of the nearest one around."""
        if document >= len(self.roots):
            return None
        key_node, node = None, self.roots[document]
        for step in path:
            child = self._child(node, step)
            if child is None:
                break
            key_node, node = child
        else:
            return node_span(key_node if key and key_node else node, self.text)
        return node_span(node if key_node is None else key_node, self.text)

    def extent(self, document: int, path: Path) -> Span | None:
        """From the first to the last character of the value at ``path``, or of the nearest one around it."""
        if document >= len(self.roots):
            return None
        node = self.roots[document]
        for step in path:
            child = self._child(node, step)
            if child is None:
                break
            node = child[1]
        start, end = node.start_mark, node.end_mark
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def node(self, document: int, path: Path) -> Node | None:
        """The YAML node at exactly ``path``."""
        node = self.roots[document]
        for step in path:
            child = self._child(node, step)
            if child is None:
                return None
            node = child[1]
        return node

    def _child(
        self, node: Node, step: str | int, merging: tuple[Node, ...] = ()
    ) -> tuple[Node | None, Node] | None:
        """The key and the value at a step below a node; items of lists have no key."""
        if node in merging:
            return None
        if isinstance(node, yaml.SequenceNode):
            return (None, node.value[step]) if isinstance(step, int) and 0 <= step < len(node.value) else None
        if not isinstance(node, yaml.MappingNode):
            return None
        if len(node.value) > _SMALL:
            # The nodes live as long as the source, so their identity is theirs alone.
            index = self._indexes.get(id(node)) or self._indexes.setdefault(id(node), _index(node))
            if isinstance(step, str) and step in index.entries:
                return index.entries[step]
            merged = index.merged
        else:
            for key, value in node.value:
                if key.value == step:
                    return key, value
            merged = [base for key, value in node.value for base in _merged(key, value)]
        inside = (*merging, node)
        return next((child for base in merged if (child := self._child(base, step, inside))), None)

    def has_plain_key(self, document: int, path: Path) -> bool:
        """Whether the key at exactly ``path`` stands there without quotes."""
        node = self.node(document, path[:-1])
        child = self._child(node, path[-1]) if node is not None else None
        key = child[0] if child is not None else None
        return isinstance(key, yaml.ScalarNode) and not key.style


class _Index(NamedTuple):
    """The entries of a large mapping by their keys, and what is merged into it."""

    entries: dict[str, tuple[Node, Node]]
    merged: list[Node]


def _merged(key: Node, value: Node) -> list[Node]:
    if not is_merge(key):
        return []
    return value.value if isinstance(value, yaml.SequenceNode) else [value]


def _index(node: yaml.MappingNode) -> _Index:
    index = _Index({}, [])
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            index.entries.setdefault(key.value, (key, value))
        index.merged.extend(_merged(key, value))
    return index


def is_merge(key: Node) -> bool:
    """Whether a mapping key is the YAML merge key ``<<``."""
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


def node_span(node: Node, text: str) -> Span:
    """The span of a scalar, or of the first line of a collection that covers several."""
    start, end = node.start_mark, node.end_mark
    if isinstance(node, yaml.ScalarNode) or end.line == start.line:
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    # A block collection ends where the next token starts; its first line is what a reader wants to see.
    line_end = text.find("\n", start.index)
    width = (line_end if line_end >= 0 else len(text)) - start.index
    return Span(start.line + 1, start.column + 1, start.line + 1, start.column + 1 + max(width, 1))


def compose(file: str, text: str) -> Source:
    """Parse YAML text into nodes.

    Raises:
        SpecError: the text is not YAML, or nests deeper than `MAX_DEPTH`.
    """
    source = Source(file, text)
    breaks = _OTHER_BREAKS.search(text) if not text.isascii() else None
    if breaks:
        raise SpecError(_other_break(file, text, breaks.start()))
    try:
        # Each level takes a bracket or at least a column, so most texts cannot nest deep.
        deepest = text.count("[") + text.count("{") + max(map(len, text.split("\n")))
        parser = _Composer(text) if deepest < _SAFE_DEPTH else _BoundedComposer(text)
        while parser.check_node():
            node: Any = parser.get_node()
            if node is not None:
                source.roots.append(node)
    except TooDeepError as error:
        raise too_deep(source, error.node) from None
    except yaml.YAMLError as error:
        deep = _too_deep_before(text, error)
        if deep is not None:
            raise _depth_error(source, deep) from None
        raise SpecError(syntax_error(file, text, error)) from None
    return source


def _too_deep_before(text: str, error: yaml.YAMLError) -> Any:
    """The mark of the first collection beyond `MAX_DEPTH` before the place of a syntax error.

    libyaml reads ahead up to 1024 characters in search of a key's colon, and from 0.2.6 on (PyYAML 6.0.4,
    ``MAX_NESTING_LEVEL`` in ``scanner.c``) refuses 1000 levels with a syntax error of its own before the
    composer has seen the hundredth. PyYAML's parser in Python has no such limit.
    """
    mark: Any = getattr(error, "problem_mark", None)
    before = text[: mark.index + 1] if mark is not None else text
    openings = before.count("[") + before.count("{")
    if openings - before.count("]") - before.count("}") <= MAX_DEPTH:
        return None
    depth = 0
    try:
        for event in yaml.parse(before, yaml.SafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    return event.start_mark
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass
    return None


def _other_break(file: str, text: str, index: int) -> Diagnostic:
    """Refuse what libyaml counts as the end of a line, and Grafana, editors and people do not."""
    line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
    location = Location(file, Span(line, column, line, column + 1))
    message = f"the file has a line separator that is not a line feed (U+{ord(text[index]):04X})"
    hint = 'remove it, or write it as an escape in double quotes, such as "\\u2028"'
    return Diagnostic("file/control-character", message, location, hint)


def too_deep(source: Source, node: Node) -> SpecError:
    """The error for nesting beyond `MAX_DEPTH`."""
    return _depth_error(source, node.start_mark)


def _depth_error(source: Source, mark: Any) -> SpecError:
    return refused(source, "yaml/depth", f"more than {MAX_DEPTH} levels of nesting", mark)


def refused(source: Source, rule: str, message: str, mark: Any, hint: str = "") -> SpecError:
    """An error at a libyaml mark."""
    span = Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else None
    return SpecError(Diagnostic(rule, message, Location(source.file, span), hint))

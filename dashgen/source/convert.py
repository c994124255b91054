"""Turn YAML nodes into plain data.

Aliases share one object, merge keys are applied, and what YAML parsers usually let pass is reported: repeated
keys, keys that are not text, unknown tags, aliases that contain themselves, and aliases that multiply without
end.
"""

from typing import Any

import yaml

from dashgen.core.diagnostics import Diagnostic, Location, Related
from dashgen.core.errors import SpecError
from dashgen.core.json_values import Json
from dashgen.source.scalars import FIRST_OF_NON_TEXT, plain_scalar
from dashgen.source.source import MAX_DEPTH, Node, Source, is_merge, node_span, too_deep
from dashgen.source.source_limits import CONTROL

MAX_VALUES = 1_000_000
_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    "int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),)
}  # fmt: skip
_COLLECTIONS = {yaml.MappingNode: _CORE + "map", yaml.SequenceNode: _CORE + "seq"}
_BRACES_HINT = "quote the key; text that starts with `{{` or `[` needs quotes too"
_MARK_HINT = "put the `?` into single quotes"


def convert(source: Source) -> tuple[list[Any], list[Diagnostic]]:
    """The data of each document, and what is wrong with them.

    Raises:
        SpecError: aliases multiply the file to more than `MAX_VALUES` values.
    """
    converter = _Converter(source)
    return [converter.value(root, 0) for root in source.roots], converter.diagnostics


class _Converter:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.has_aliases = "*" in source.text and "&" in source.text
        # By the identity of a node: its data, how many values it holds, and how many levels.
        self.done: dict[int, tuple[Any, int, int]] = {}
        self.unfinished: set[int] = set()
        self.size = 0
        self.deepest = 0

    def value(self, node: Any, depth: int) -> Any:
        # The order of these tests is that of frequency: every value of every spec comes through here.
        if isinstance(node, yaml.ScalarNode):
            text = node.value
            if node.tag:
                return self.tagged_scalar(node)
            if node.style == '"' and not text.isprintable():
                return self.cleaned(node)
            if not node.style and (not text or text[0] in FIRST_OF_NON_TEXT):
                return plain_scalar(text)
            return text
        if node.tag is not None and node.tag != _COLLECTIONS[type(node)]:
            self.unknown_tag(node)
        if depth >= MAX_DEPTH:
            raise too_deep(self.source, node)
        return self.aliased(node, depth + 1) if self.has_aliases else self.collection(node, depth + 1)

    def collection(self, node: Any, depth: int) -> Any:
        self.size += len(node.value)
        if self.size > MAX_VALUES:
            message = f"more than {MAX_VALUES} values, counting what aliases repeat"
            hint = "look for aliases that repeat other aliases, or split the file"
            raise SpecError(Diagnostic("yaml/size", message, self.place(node), hint))
        if type(node) is yaml.SequenceNode:
            value = self.value
            return [value(child, depth) for child in node.value]
        return self.mapping(node, depth)

    def aliased(self, node: Any, depth: int) -> Any:
        identity = id(node)
        if identity in self.unfinished:
            message = "an alias refers to the value that contains it"
            self.report(node, "yaml/recursion", message, "repeat the value")
            return None
        if identity in self.done:
            data, size, height = self.done[identity]
            if depth + height > MAX_DEPTH:
                raise too_deep(self.source, node)
            self.size += size
            self.deepest = max(self.deepest, depth + height)
            return data
        # An alias repeats the node of its anchor: it is converted once, but counts each time.
        self.unfinished.add(identity)
        before, outside, self.deepest = self.size, self.deepest, depth
        data = self.collection(node, depth)
        self.unfinished.discard(identity)
        self.done[identity] = (data, self.size - before, self.deepest - depth)
        self.deepest = max(self.deepest, outside)
        return data

    def mapping(self, node: Any, depth: int) -> Json:
        value = self.value
        data: Json = {}
        merges = []
        firsts: Json | None = None
        for key, child in node.value:
            name = key.value
            if type(name) is not str:
                self.report(key, "yaml/key", "a key has to be text", _BRACES_HINT)
                continue
            if not name and not key.style and key.tag is None:
                # libyaml 0.2.6 reads `[a, ?]` as a mapping with such a key, 0.2.5 as a syntax error.
                self.report(key, "yaml/key", "a `?` begins a key, and no key follows", _MARK_HINT)
                continue
            if key.style == '"':
                self.cleaned(key)
            if name == "<<" and is_merge(key):
                merges.append(child)
            elif name in data:
                firsts = firsts or _firsts(node)
                message = f"`{name}` is given twice in one mapping"
                related = (Related("the first one is here", self.place(firsts[name])),)
                location, hint = self.place(key), "remove one of them"
                self.diagnostics.append(
                    Diagnostic("yaml/duplicate-key", message, location, hint, related=related)
                )
            else:
                data[name] = value(child, depth)
        # After all own keys, which win over merged ones wherever `<<` stands.
        for child in merges:
            for base in child.value if type(child) is yaml.SequenceNode else [child]:
                self.merge(base, data, depth)
        return data

    def merge(self, base: Any, data: Json, depth: int) -> None:
        if type(base) is not yaml.MappingNode:
            self.report(base, "yaml/merge", "`<<` merges mappings only", "refer to a mapping: `<<: *name`")
            return
        for name, child in (self.value(base, depth) or {}).items():
            data.setdefault(name, child)

    def tagged_scalar(self, node: Any) -> Any:
        text = node.value
        kind = node.tag.removeprefix(_CORE)
        if kind == "str":
            return text
        data = plain_scalar(text)
        fits = _SCALAR_TAGS.get(kind)
        if fits is None:
            self.unknown_tag(node)
        elif not isinstance(data, fits):
            message = f"`{text}` is not what its tag `!!{kind}` says"
            self.report(node, "yaml/tag", message, "correct the value")
        return data

    def cleaned(self, node: Any) -> str:
        """The text of a scalar whose escapes write what a file may not have."""
        text: str = node.value
        bad = CONTROL.search(text)
        if bad:
            message = f"the text has a control character (U+{ord(bad[0]):04X})"
            self.report(node, "file/control-character", message, "remove it")
        return CONTROL.sub("", text)

    def unknown_tag(self, node: Any) -> None:
        name = "!!" + node.tag.removeprefix(_CORE) if node.tag.startswith(_CORE) else node.tag
        if name in ("!!map", "!!seq", "!!str"):
            self.report(node, "yaml/tag", f"the value is not what its tag `{name}` says", "remove the tag")
        else:
            self.report(node, "yaml/tag", f"unknown tag `{name}`", "remove the tag")

    def place(self, node: Node) -> Location:
        return Location(self.source.file, node_span(node, self.source.text))

    def report(self, node: Node, rule: str, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(rule, message, self.place(node), hint))


def _firsts(mapping: Any) -> Json:
    """The first key of each name."""
    firsts: Json = {}
    for key, _ in mapping.value:
        if type(key.value) is str:
            firsts.setdefault(key.value, key)
    return firsts

"""The tree of a Go template, which `parse_template` has checked. Source: Go's text/template/parse (1.24)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.gotemplate.template_tokens import TemplateToken, actions

_COMMENT = lazy_pattern(r"(?s)(\s*)\{\{(-\s)?/\*.*?\*/(\s-)?\}\}(\s*)")


class TextNode(Struct, frozen=True):
    """Text as it stands."""

    text: str


class Operand(Struct, frozen=True):
    """A token, or a pipeline in parentheses, with the fields that are taken of it."""

    kind: str
    text: str
    fields: tuple[str, ...] = ()
    inner: "Pipeline | None" = None


class Pipeline(Struct, frozen=True):
    """Commands, each of which passes its result to the next, and the variables that get the last one."""

    commands: tuple[tuple[Operand, ...], ...]
    variables: tuple[str, ...] = ()
    declares: bool = False


class BlockNode(Struct):
    """``if``, ``with``, ``range``, or ``define``: its pipeline or name, its nodes, and those of ``else``."""

    word: str
    pipeline: Pipeline | None = None
    name: str = ""
    nodes: list["TemplateNode"] = []
    otherwise: list["TemplateNode"] = []


class CallNode(Struct, frozen=True):
    """``template`` with the name of a template and what it gets as `.`."""

    name: str
    pipeline: Pipeline | None


class JumpNode(Struct, frozen=True):
    """``break`` or ``continue``."""

    word: str


TemplateNode: TypeAlias = TextNode | Pipeline | BlockNode | CallNode | JumpNode


@lru_cache(maxsize=256)
def template_tree(text: str) -> list[TemplateNode]:
    """The nodes of a template without faults."""
    root = BlockNode("root")
    open_blocks: list[tuple[BlockNode, list[TemplateNode]]] = [(root, root.nodes)]
    position, trims = 0, False
    for action in actions(text):
        written = text[action.start : action.end]
        literal = _literal(text[position : action.start], starts=trims, ends=written[2:3] == "-")
        nodes = open_blocks[-1][1]
        if literal:
            nodes.append(TextNode(literal))
        _take(action.tokens, open_blocks)
        position, trims = action.end, written.endswith("-}}")
    rest = _literal(text[position:], starts=trims, ends=False)
    return [*root.nodes, *([TextNode(rest)] if rest else [])]


def _literal(text: str, *, starts: bool, ends: bool) -> str:
    text = _COMMENT.sub(lambda m: ("" if m[2] else m[1]) + ("" if m[3] else m[4]), text)
    text = text.lstrip() if starts else text
    return text.rstrip() if ends else text


def _take(tokens: list[TemplateToken], open_blocks: list[tuple[BlockNode, list[TemplateNode]]]) -> None:
    nodes = open_blocks[-1][1]
    word = tokens[0].text if tokens[0].kind == "word" else ""
    if word == "end":
        open_blocks.pop()
    elif word == "else":
        _take_else(tokens, open_blocks)
    elif word in {"if", "with", "range"}:
        new = BlockNode(word, _PipelineReader(tokens[1:]).pipeline(), nodes=[], otherwise=[])
        nodes.append(new)
        open_blocks.append((new, new.nodes))
    elif word in {"define", "block"}:
        name = tokens[1].text[1:-1]
        new = BlockNode("define", name=name, nodes=[], otherwise=[])
        nodes.append(new)
        if word == "block":
            nodes.append(CallNode(name, _PipelineReader(tokens[2:]).pipeline()))
        open_blocks.append((new, new.nodes))
    elif word == "template":
        inner = _PipelineReader(tokens[2:]).pipeline() if len(tokens) > 2 else None
        nodes.append(CallNode(tokens[1].text[1:-1], inner))
    elif word in {"break", "continue"}:
        nodes.append(JumpNode(word))
    else:
        nodes.append(_PipelineReader(tokens).pipeline())


def _take_else(tokens: list[TemplateToken], open_blocks: list[tuple[BlockNode, list[TemplateNode]]]) -> None:
    block, _ = open_blocks.pop()
    if len(tokens) == 1:
        open_blocks.append((block, block.otherwise))
        return
    # `else if` is an `if` in the `else` that the same `end` closes.
    new = BlockNode(tokens[1].text, _PipelineReader(tokens[2:]).pipeline(), nodes=[], otherwise=[])
    block.otherwise.append(new)
    open_blocks.append((new, new.nodes))


class _PipelineReader:
    def __init__(self, tokens: Sequence[TemplateToken]) -> None:
        self.tokens = tokens
        self.index = 0

    def peek(self, ahead: int = 0) -> TemplateToken | None:
        index = self.index + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def pipeline(self) -> Pipeline:
        variables, declares = self.declared()
        commands: list[tuple[Operand, ...]] = []
        command: list[Operand] = []
        while (token := self.peek()) is not None and token.text != ")":
            if token.text == "|":
                self.index += 1
                commands.append(tuple(command))
                command = []
            else:
                command.append(self.operand(token))
        return Pipeline((*commands, tuple(command)), variables, declares)

    def declared(self) -> tuple[tuple[str, ...], bool]:
        names: list[str] = []
        ahead = 0
        while (token := self.peek(ahead)) is not None and token.kind == "variable":
            names.append(token.text)
            following = self.peek(ahead + 1)
            if following is not None and following.text in {":=", "="}:
                self.index += ahead + 2
                return tuple(names), following.text == ":="
            if following is None or following.text != ",":
                break
            ahead += 2
        return (), False

    def operand(self, token: TemplateToken) -> Operand:
        self.index += 1
        inner = None
        if token.text == "(":
            inner = self.pipeline()
            self.index += 1
        fields: list[str] = []
        while (field := self.peek()) is not None and field.kind == "field" and not field.spaced:
            fields.append(field.text[1:])
            self.index += 1
        return Operand("pipeline" if inner else token.kind, token.text, tuple(fields), inner)

"""Run a Go template on data. Source: Go's text/template/exec.go (1.24)."""

from collections.abc import Iterator, Mapping, Sequence

from dashgen.evaluate.gotemplate.go_values import (
    GoValue,
    Missing,
    RefValue,
    TemplateRunError,
    is_true,
    printed,
)
from dashgen.evaluate.gotemplate.template_functions import FUNCTIONS
from dashgen.evaluate.gotemplate.template_tree import (
    BlockNode,
    CallNode,
    JumpNode,
    Operand,
    Pipeline,
    TemplateNode,
    TextNode,
    template_tree,
)
from dashgen.evaluate.samples import UnsupportedError
from dashgen.query.query_texts import unquoted

_DEEPEST = 100
_MOST_ITEMS = 10_000
_CONSTANTS: dict[str, GoValue] = {"true": True, "false": False, "nil": None}
_NOTHING = object()


class _LoopJumpError(Exception):
    """``break`` or ``continue`` of the innermost loop."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def render_template(
    text: str, data: Mapping[str, GoValue], variables: Mapping[str, GoValue], missing: GoValue
) -> str:
    """The text that a template makes.

    Args:
        text: the template, in which `parse_template` sees nothing wrong.
        data: what `.` and `$` are.
        variables: the variables that the server declares, with their ``$``.
        missing: what the server takes for a key that is not there.

    Raises:
        TemplateRunError: the template fails on this data.
        UnsupportedError: it uses a function that is not known here.
    """
    return _Run(data, variables, missing).text(template_tree(text))


class _Run:
    def __init__(
        self, data: Mapping[str, GoValue], variables: Mapping[str, GoValue], missing: GoValue
    ) -> None:
        self.dot: GoValue = data
        self.scopes: list[dict[str, GoValue]] = [{"$": data, **variables}]
        self.missing = missing
        self.templates: dict[str, list[TemplateNode]] = {}
        self.depth = 0

    def text(self, nodes: Sequence[TemplateNode]) -> str:
        """The text of some nodes."""
        for node in nodes:
            if isinstance(node, BlockNode) and node.word == "define":
                self.templates[node.name] = node.nodes
        return "".join(self.node(node) for node in nodes)

    def node(self, node: TemplateNode) -> str:
        if isinstance(node, TextNode):
            return node.text
        if isinstance(node, Pipeline):
            value = self.pipeline(node)
            return "" if node.variables else printed(value)
        if isinstance(node, JumpNode):
            raise _LoopJumpError(node.word)
        if isinstance(node, CallNode):
            return self.called(node)
        return "" if node.word == "define" else self.block(node)

    def block(self, node: BlockNode) -> str:
        self.scopes.append({})
        dot = self.dot
        try:
            if node.pipeline is None:
                return ""
            value = self.pipeline(node.pipeline, is_loop=node.word == "range")
            if node.word == "range":
                return self.loop(node, node.pipeline, value)
            if not is_true(value):
                return self.text(node.otherwise)
            if node.word == "with":
                self.dot = value
            return self.text(node.nodes)
        finally:
            self.dot = dot
            self.scopes.pop()

    def loop(self, node: BlockNode, pipeline: Pipeline, value: GoValue) -> str:
        parts: list[str] = []
        items = list(_items(value))
        for key, item in items:
            self.dot = item
            names = pipeline.variables
            if names:
                chosen = (item,) if len(names) == 1 else (key, item)
                self.scopes[-1].update(zip(names, chosen, strict=True))
            try:
                parts.append(self.text(node.nodes))
            except _LoopJumpError as jump:
                if jump.word == "break":
                    break
        return "".join(parts) if items else self.text(node.otherwise)

    def called(self, node: CallNode) -> str:
        if node.name not in self.templates:
            raise TemplateRunError(f"there is no template `{node.name}`")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise TemplateRunError("templates call each other without end")
        value = self.pipeline(node.pipeline) if node.pipeline is not None else None
        outer, dot = self.scopes, self.dot
        self.scopes, self.dot = [{"$": value}], value
        try:
            return self.text(self.templates[node.name])
        finally:
            self.scopes, self.dot = outer, dot
            self.depth -= 1

    def pipeline(self, pipeline: Pipeline, *, is_loop: bool = False) -> GoValue:
        """The value of a pipeline, which its variables get."""
        value: object = _NOTHING
        for command in pipeline.commands:
            value = self.command(command, value)
        result: GoValue = None if value is _NOTHING else value  # type: ignore[assignment]
        for name in () if is_loop else pipeline.variables:
            scope = self.scopes[-1] if pipeline.declares else self.scope_of(name)
            scope[name] = result
        return result

    def scope_of(self, name: str) -> dict[str, GoValue]:
        """The scope that declares a variable."""
        return next((scope for scope in reversed(self.scopes) if name in scope), self.scopes[-1])

    def command(self, operands: Sequence[Operand], last: object) -> GoValue:
        first = operands[0]
        if first.kind == "word" and first.text not in _CONSTANTS:
            arguments = [*operands[1:]]
            return self.taken(self.function(first.text, arguments, last), first.fields)
        value = self.operand(first)
        if len(operands) > 1 or last is not _NOTHING:
            raise TemplateRunError(f"`{first.text}` is no function and takes no arguments")
        return value

    def function(self, name: str, operands: Sequence[Operand], last: object) -> GoValue:
        passed: list[GoValue] = [] if last is _NOTHING else [last]  # type: ignore[list-item]
        if name in {"and", "or"}:
            return self.decided(name, operands, passed)
        function = FUNCTIONS.get(name)
        if function is None:
            raise UnsupportedError(f"the template function `{name}`")
        try:
            return function(*(self.operand(operand) for operand in operands), *passed)
        except TypeError:
            raise TemplateRunError(f"`{name}` has the wrong number of arguments") from None

    def decided(self, name: str, operands: Sequence[Operand], passed: list[GoValue]) -> GoValue:
        """`and` and `or`: the first value that decides, or the last."""
        value: GoValue = None
        for operand in operands:
            value = self.operand(operand)
            if is_true(value) is (name == "or"):
                return value
        return passed[0] if passed else value

    def operand(self, operand: Operand) -> GoValue:
        if operand.inner is not None:
            value = self.pipeline(operand.inner)
        elif operand.kind == "variable":
            value = self.scope_of(operand.text).get(operand.text, self.missing)
        elif operand.kind == "field":
            value = self.field(self.dot, operand.text[1:])
        elif operand.kind == "word" and operand.text not in _CONSTANTS:
            value = self.function(operand.text, (), _NOTHING)
        else:
            value = self.dot if operand.text == "." else _constant(operand)
        return self.taken(value, operand.fields)

    def taken(self, value: GoValue, fields: Sequence[str]) -> GoValue:
        for name in fields:
            value = self.field(value, name)
        return value

    def field(self, value: GoValue, name: str) -> GoValue:
        """A field or key of a value.

        Raises:
            TemplateRunError: the value has no fields.
        """
        if isinstance(value, RefValue):
            parts: dict[str, GoValue] = {"Labels": dict(value.labels), "Value": value.value}
            if name not in parts:
                raise TemplateRunError(f"a value has no field `{name}`")
            return parts[name]
        if isinstance(value, Mapping):
            return value.get(name, self.missing)
        if isinstance(value, Missing):
            return value
        if value is None:
            raise TemplateRunError(f"`.{name}` of a value that is not there")
        raise TemplateRunError(f"`{printed(value)}` has no field `{name}`")


def _constant(operand: Operand) -> GoValue:
    if operand.text in _CONSTANTS:
        return _CONSTANTS[operand.text]
    if operand.kind == "string":
        return unquoted(operand.text)
    if operand.kind == "char":
        return ord(unquoted(f'"{operand.text[1:-1]}"'))
    try:
        return int(operand.text.replace("_", ""), 0)
    except ValueError:
        return float(operand.text.replace("_", ""))


def _items(value: GoValue) -> Iterator[tuple[GoValue, GoValue]]:
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield key, value[key]
    elif isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        if value > _MOST_ITEMS:
            raise UnsupportedError(f"`range` over {value} numbers")
        for number in range(value):
            yield number, number
    elif value is not None and not isinstance(value, Missing):
        raise TemplateRunError(f"`{printed(value)}` has no elements")

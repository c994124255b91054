"""A parser of Go templates: blocks, pipelines, and what each name in them refers to.

Source: Go's text/template/parse/parse.go (1.24). Errors that occur only when a template runs, such as wrong
types, are not found.
"""

from msgspec import Struct

from dashgen.query.gotemplate.template_names import Name, ParsedTemplate, TemplateFault
from dashgen.query.gotemplate.template_tokens import Action, TemplateToken, TokenError, actions

_KEYWORDS = frozenset(
    ("if", "else", "end", "range", "with", "define", "block", "template", "break", "continue")
)
_LONGEST = 100_000
_DEEPEST = 100
_CONSTANTS = frozenset(("true", "false", "nil"))


def parse_template(text: str) -> ParsedTemplate:
    """Parse a template; the first fault ends it, with everything parsed until then."""
    parser = _TemplateParser()
    if len(text) > _LONGEST:
        parser.result.fault = TemplateFault(
            f"the template is longer than {_LONGEST} characters", "split it", 0
        )
        return parser.result
    try:
        for action in actions(text):
            parser.action(action)
        parser.finish()
    except TokenError as error:
        parser.result.fault = TemplateFault(
            str(error), "balance its quotes, braces and parentheses", error.offset
        )
    except _SyntaxError as error:
        parser.result.fault = error.fault
    return parser.result


class _SyntaxError(Exception):
    def __init__(self, message: str, hint: str, offset: int) -> None:
        super().__init__(message)
        self.fault = TemplateFault(message, hint, offset)


class _Block(Struct):
    """An open block: its keyword, the number of variables before it, and what `.` and `$` were."""

    word: str
    start: int
    variables: int
    dot_is_root: bool
    dollar_is_root: bool
    has_else: bool = False
    outer: list[str] = []


class _TemplateParser:
    def __init__(self) -> None:
        self.result = ParsedTemplate()
        self.blocks: list[_Block] = []
        self.variables: list[str] = []
        self.dot_is_root = True
        self.dollar_is_root = True
        self.tokens: list[TemplateToken] = []
        self.position = 0
        self.action_start = 0
        self.depth = 0

    # Actions

    def action(self, action: Action) -> None:
        self.tokens, self.position, self.action_start = action.tokens, 0, action.start
        self.depth = 0
        first = self.peek()
        word = first.text if first is not None and first.kind == "word" else ""
        if word in _KEYWORDS:
            self.position = 1
            getattr(self, f"on_{word}")(first)  # each keyword has a method
        else:
            self.pipeline("command")
        if (rest := self.peek()) is not None:
            raise _SyntaxError(f"`{rest.text}` is too much here", "remove it", rest.start)

    def finish(self) -> None:
        if self.blocks:
            block = self.blocks[-1]
            message = f"`{{{{ {block.word} }}}}` is not closed by `{{{{ end }}}}`"
            raise _SyntaxError(message, "add `{{ end }}`", block.start)

    def on_if(self, word: TemplateToken) -> None:
        self.open("if", word)
        self.pipeline("if")

    def on_with(self, word: TemplateToken) -> None:
        self.open("with", word)
        self.pipeline("with")
        self.dot_is_root = False

    def on_range(self, word: TemplateToken) -> None:
        self.open("range", word)
        self.pipeline("range")
        self.dot_is_root = False

    def on_else(self, word: TemplateToken) -> None:
        block = self.blocks[-1] if self.blocks else None
        if block is None or block.word not in ("if", "range", "with"):
            raise _SyntaxError("an `{{ else }}` outside `if`, `range` and `with`", "remove it", word.start)
        if block.has_else:
            raise _SyntaxError("a second `{{ else }}`", "remove one of them", word.start)
        following = self.peek()
        self.dot_is_root = block.dot_is_root  # `else` sees the data of outside the block
        if following is None:
            block.has_else = True
        elif following.text in ("if", "with") and block.word == following.text:
            self.position += 1
            self.pipeline(following.text)
            self.dot_is_root = block.dot_is_root and following.text == "if"
        else:
            raise _SyntaxError(
                f"`{following.text}` cannot follow `else`", "write `else` or `else if …`", following.start
            )

    def on_end(self, word: TemplateToken) -> None:
        if not self.blocks:
            raise _SyntaxError("an `{{ end }}` too many", "remove it", word.start)
        block = self.blocks.pop()
        # Variables end with their block; a defined template has had none of those around it.
        if block.word in ("define", "block"):
            self.variables = block.outer
        else:
            del self.variables[block.variables :]
        self.dot_is_root, self.dollar_is_root = block.dot_is_root, block.dollar_is_root

    def on_define(self, word: TemplateToken) -> None:
        if self.blocks:
            raise _SyntaxError("`define` inside another block", "move it to the top", word.start)
        self.result.defined.append(self.quoted("define", word))
        self.open("define", word)

    def on_block(self, word: TemplateToken) -> None:
        name = self.quoted("block", word)
        self.result.defined.append(name)
        self.result.used.append((name, word.start))
        self.pipeline("block")
        self.open("block", word)

    def on_template(self, word: TemplateToken) -> None:
        self.result.used.append((self.quoted("template", word), word.start))
        if self.peek() is not None:
            self.pipeline("template")

    def on_break(self, word: TemplateToken) -> None:
        self.inside_range(word)

    def on_continue(self, word: TemplateToken) -> None:
        self.inside_range(word)

    def inside_range(self, word: TemplateToken) -> None:
        if not any(block.word == "range" and not block.has_else for block in self.blocks):
            raise _SyntaxError(f"`{{{{ {word.text} }}}}` outside `range`", "remove it", word.start)

    def open(self, kind: str, word: TemplateToken) -> None:
        block = _Block(kind, word.start, len(self.variables), self.dot_is_root, self.dollar_is_root)
        if kind in ("define", "block"):
            block.outer, self.variables = self.variables, []
            self.dot_is_root = self.dollar_is_root = False
        self.blocks.append(block)

    def quoted(self, what: str, word: TemplateToken) -> str:
        token = self.peek()
        if token is None or token.kind != "string":
            raise _SyntaxError(f"`{what}` needs a name in quotes", f'write `{what} "name"`', word.start)
        self.position += 1
        return token.text[1:-1]

    # Pipelines

    def peek(self, ahead: int = 0) -> TemplateToken | None:
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def pipeline(self, what: str, *, nested: bool = False) -> None:
        declared = self.declarations(what)
        stage = 0
        while (token := self.peek()) is not None and not (nested and token.text == ")"):
            if token.text == ")":
                raise _SyntaxError("a `)` too many", "remove it", token.start)
            stage += 1
            self.command(stage)
            if (token := self.peek()) is not None and token.text == "|":
                self.position += 1
        if not stage:
            message = (
                "an empty `{{ }}`"
                if what == "command" and not declared
                else f"there is no value for `{what}`"
            )
            raise _SyntaxError(message, "write a value, or remove it", self.action_start)
        self.variables += declared
        self.result.declared.update(declared)

    def declarations(self, what: str) -> list[str]:
        """Take the declaration of a pipeline, and return the variables that it declares."""
        first, second = self.peek(), self.peek(1)
        if first is None or first.kind != "variable" or second is None:
            return []
        if second.text == "," and what == "range":
            names = [first]
            while (token := self.peek(1)) is not None and token.text == ",":
                self.position += 2
                following = self.peek()
                if following is None or following.kind != "variable":
                    raise _SyntaxError(
                        "a variable is missing after `,`", "write `range $key, $value := …`", token.start
                    )
                names.append(following)
            if len(names) > 2:
                raise _SyntaxError(
                    "`range` declares two variables at most", "write `range $key, $value := …`", first.start
                )
            sign = self.peek(1)
            if sign is None or sign.text not in (":=", "="):
                raise _SyntaxError("`:=` is missing", "write `range $key, $value := …`", names[-1].start)
            self.position += 2
            return [name.text for name in names]
        if second.text not in (":=", "="):
            return []
        if second.text == "=":
            self.name("variable", first, ())
        self.position += 2
        return [first.text] if second.text == ":=" else []

    def command(self, stage: int) -> None:
        operands: list[tuple[TemplateToken, int]] = []
        opening = self.tokens[self.position - 1] if self.position else None
        while (token := self.peek()) is not None and token.text not in ("|", ")"):
            operands.append((token, self.operand(token)))
        if not operands:
            token = self.peek()
            raise _SyntaxError(
                "a value is missing at `|`", "write one", token.start if token else self.action_start
            )
        first = operands[0][0]
        fixed = first.kind in ("number", "string", "char") or first.text in (".", "true", "false", "nil")
        # What a `|` passes on is the last argument of a call, and a constant takes none.
        if stage > 1 and fixed:
            message = f"`{first.text}` takes no value from a `|`"
            raise _SyntaxError(message, "write a function after `|`", first.start)
        if [t.text for t, _ in operands] == ["nil"]:
            raise _SyntaxError("`nil` is not a value on its own", "remove it", first.start)
        self.index(operands, opening)

    def index(self, operands: list[tuple[TemplateToken, int]], opening: TemplateToken | None) -> None:
        """Record `index $values "A"`, by which rules refer to their queries, with what is around it."""
        if len(operands) != 3 or operands[0][0].text != "index":
            return
        (function, _), (variable, end), (key, last) = operands
        if key.kind != "string" or variable.end != end or variable.kind not in ("variable", "field"):
            return
        start, fields, after = function.start, [key.text[1:-1]], self.position
        closing = self.peek()
        if opening is not None and opening.text == "(" and closing is not None and closing.text == ")":
            start, last, after = opening.start, closing.end, after + 1
            while (
                after < len(self.tokens)
                and self.tokens[after].kind == "field"
                and not self.tokens[after].spaced
            ):
                fields.append(self.tokens[after].text[1:])
                last, after = self.tokens[after].end, after + 1
        root = variable.kind == "field" and self.dot_is_root
        declared = variable.text in self.variables
        self.result.names.append(Name("index", variable.text, tuple(fields), start, last, root, declared))

    def operand(self, token: TemplateToken) -> int:
        """Take an operand with its fields, and return the offset after it."""
        self.position += 1
        if token.text == "(":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _SyntaxError(
                    "too many parentheses inside each other", "declare a variable for a part", token.start
                )
            self.pipeline("(", nested=True)
            self.depth -= 1
            closing = self.peek()
            if closing is None:
                raise _SyntaxError("a `(` is not closed", "add `)`", token.start)
            self.position += 1
            _, end = self.chain()
            return end or closing.end
        if token.text in ("=", ":=", ","):
            raise _SyntaxError(f"`{token.text}` is not possible here", "remove it", token.start)
        fields, end = self.chain()
        if token.kind == "variable":
            self.name("variable", token, fields, end)
        elif token.kind == "field":
            self.name("field", token, fields, end)
        elif token.kind == "word":
            self.word(token, fields, end)
        elif fields and token.kind in ("number", "string", "char"):
            raise _SyntaxError(f"`{token.text}` has no fields", "remove what follows the `.`", token.start)
        return end or token.end

    def word(self, token: TemplateToken, fields: tuple[str, ...], end: int) -> None:
        if token.text in _KEYWORDS:
            raise _SyntaxError(
                f"`{token.text}` is not possible here", "write it in an action of its own", token.start
            )
        if token.text not in _CONSTANTS:
            self.result.names.append(Name("function", token.text, fields, token.start, end or token.end))

    def chain(self) -> tuple[tuple[str, ...], int]:
        """Take the fields right after an operand, and return them with the offset after them."""
        fields, end = [], 0
        while (token := self.peek()) is not None and token.kind == "field" and not token.spaced:
            fields.append(token.text[1:])
            end = token.end
            self.position += 1
        following = self.peek()
        if following is not None and following.text == "." and not following.spaced:
            raise _SyntaxError("a name is missing after `.`", "write the field's name", following.start)
        return tuple(fields), end

    def name(self, kind: str, token: TemplateToken, fields: tuple[str, ...], end: int = 0) -> None:
        if kind == "field":
            parsed_name = Name(
                kind, token.text[1:], fields, token.start, end or token.end, root=self.dot_is_root
            )
        else:
            root = self.dollar_is_root
            declared = token.text in self.variables
            parsed_name = Name(kind, token.text, fields, token.start, end or token.end, root, declared)
        self.result.names.append(parsed_name)

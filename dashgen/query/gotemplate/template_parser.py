"""A parser of Go templates: blocks, pipelines, and what each name in them refers to.

Source: Go's text/template/parse/parse.go (1.24). Errors that occur only when a template runs, such as wrong
types, are not found.
"""

import re
from typing import Final, NamedTuple, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.gotemplate.template_names import (
    ROOT,
    DataPath,
    Name,
    ParsedTemplate,
    TemplateCall,
    TemplateFault,
)
from dashgen.query.gotemplate.template_tokens import Action, TemplateToken, TokenError, actions
from dashgen.query.query_texts import escape_fault

_KEYWORDS = frozenset(
    ("if", "else", "end", "range", "with", "define", "block", "template", "break", "continue")
)
_LONGEST = 100_000
_DEEPEST = 100
_CONSTANTS = frozenset(("true", "false", "nil"))
_FIXED = _CONSTANTS | {"."}
_LITERALS = frozenset(("number", "string", "char"))
_RANGE_HINT = "write `range $key, $value := …`"
_CHARACTER: Final = lazy_pattern(
    r"""'(?:[^'\\\n]|\\(?:[abfnrtv\\']|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}))'"""
)
# What strconv reads: underscores between digits only with a base or in integers, no octal digits above 7.
_NUMBER: Final = lazy_pattern(
    r"""[-+]?(?:
      0[xX](?:_?[0-9a-fA-F])+ | 0[bB](?:_?[01])+ | 0[oO]?(?:_?[0-7])+ | 0 | [1-9](?:_?[0-9])*
    | 0[xX](?=\.?[0-9a-fA-F])[0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][-+]?[0-9]+
    | (?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?
    | (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?i
    )""",
    re.VERBOSE,
)


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


class _Variable(NamedTuple):
    name: str
    path: DataPath


class _Operand(NamedTuple):
    """An operand: its token, the offset after it and its fields, and where its value comes from."""

    token: TemplateToken
    end: int
    path: DataPath = ()


class _Block(Struct):
    """An open block: its keyword, the number of variables before it, and what `.` and `$` were."""

    word: str
    start: int
    variables: int
    dot: DataPath
    dollar: DataPath
    dot_is_root: bool
    dollar_is_root: bool
    has_else: bool = False
    outer: list[_Variable] = []


class _TemplateParser:
    def __init__(self) -> None:
        self.result = ParsedTemplate()
        self.blocks: list[_Block] = []
        self.variables: list[_Variable] = []
        self.dot = self.dollar = ROOT
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
        self.dot = self.pipeline("with")
        self.dot_is_root = False

    def on_range(self, word: TemplateToken) -> None:
        self.open("range", word)
        self.dot = _element(self.pipeline("range"))
        self.dot_is_root = False

    def on_else(self, word: TemplateToken) -> None:
        block = self.blocks[-1] if self.blocks else None
        if block is None or block.word not in ("if", "range", "with"):
            raise _SyntaxError("an `{{ else }}` outside `if`, `range` and `with`", "remove it", word.start)
        if block.has_else:
            raise _SyntaxError("a second `{{ else }}`", "remove one of them", word.start)
        following = self.peek()
        # `else` sees the data of outside the block.
        self.dot, self.dot_is_root = block.dot, block.dot_is_root
        if following is None:
            block.has_else = True
        elif following.text in ("if", "with") and block.word == following.text:
            self.position += 1
            path = self.pipeline(following.text)
            if following.text == "with":
                self.dot, self.dot_is_root = path, False
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
        self.dot, self.dollar = block.dot, block.dollar
        self.dot_is_root, self.dollar_is_root = block.dot_is_root, block.dollar_is_root

    def on_define(self, word: TemplateToken) -> None:
        if self.blocks:
            raise _SyntaxError("`define` inside another block", "move it to the top", word.start)
        name = self.quoted("define", word)
        self.result.defined.append(name)
        self.open("define", word, name)

    def on_block(self, word: TemplateToken) -> None:
        name = self.quoted("block", word)
        self.result.defined.append(name)
        self.result.calls.append(TemplateCall(name, word.start, self.pipeline("block")))
        self.open("block", word, name)

    def on_template(self, word: TemplateToken) -> None:
        name = self.quoted("template", word)
        path = () if self.peek() is None else self.pipeline("template")
        self.result.calls.append(TemplateCall(name, word.start, path))

    def on_break(self, word: TemplateToken) -> None:
        self.inside_range(word)

    def on_continue(self, word: TemplateToken) -> None:
        self.inside_range(word)

    def inside_range(self, word: TemplateToken) -> None:
        if not any(block.word == "range" and not block.has_else for block in self.blocks):
            raise _SyntaxError(f"`{{{{ {word.text} }}}}` outside `range`", "remove it", word.start)

    def open(self, kind: str, word: TemplateToken, name: str = "") -> None:
        roots = (self.dot_is_root, self.dollar_is_root)
        block = _Block(kind, word.start, len(self.variables), self.dot, self.dollar, *roots)
        if kind in ("define", "block"):
            block.outer, self.variables = self.variables, []
            self.dot = self.dollar = (f'define "{name}"',)
            self.dot_is_root = self.dollar_is_root = False
        self.blocks.append(block)

    def quoted(self, what: str, word: TemplateToken) -> str:
        token = self.peek()
        if token is None or token.kind != "string":
            raise _SyntaxError(f"`{what}` needs a name in quotes", f'write `{what} "name"`', word.start)
        self.check_escapes(token)
        self.position += 1
        return token.text[1:-1]

    # Pipelines

    def peek(self, ahead: int = 0) -> TemplateToken | None:
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def pipeline(self, what: str, *, nested: bool = False) -> DataPath:
        """Take a pipeline, and return where its value comes from."""
        declared = self.declarations(what)
        stage = 0
        path: DataPath = ()
        while (token := self.peek()) is not None and not (nested and token.text == ")"):
            if token.text == ")":
                raise _SyntaxError("a `)` too many", "remove it", token.start)
            stage += 1
            path = self.command(stage)
            if (token := self.peek()) is not None and token.text == "|":
                self.position += 1
        if not stage:
            self.refuse_empty(what, declares=bool(declared))
        self.declare(declared, _element(path) if what == "range" else path)
        return path

    def declare(self, names: list[str], path: DataPath) -> None:
        """Note variables and where their value comes from; of two of a `range`, the first is the key."""
        self.variables += [_Variable(name, () if name is not names[-1] else path) for name in names]
        self.result.declared.update(names)

    def refuse_empty(self, what: str, *, declares: bool) -> NoReturn:
        message = f"there is no value for `{what}`"
        if what == "command" and not declares:
            message = "an empty `{{ }}`"
        raise _SyntaxError(message, "write a value, or remove it", self.action_start)

    def declarations(self, what: str) -> list[str]:
        """Take the declaration of a pipeline, and return the variables that it declares."""
        first, second = self.peek(), self.peek(1)
        if first is None or first.kind != "variable" or second is None:
            return []
        if second.text == "," and what == "range":
            return self.range_declarations(first)
        if second.text not in (":=", "="):
            return []
        if second.text == "=":
            self.name("variable", first, ())
            self.forget(first.text)
        self.position += 2
        return [first.text] if second.text == ":=" else []

    def range_declarations(self, first: TemplateToken) -> list[str]:
        names = [first]
        while (token := self.peek(1)) is not None and token.text == ",":
            self.position += 2
            following = self.peek()
            if following is None or following.kind != "variable":
                raise _SyntaxError("a variable is missing after `,`", _RANGE_HINT, token.start)
            names.append(following)
        if len(names) > 2:
            raise _SyntaxError("`range` declares two variables at most", _RANGE_HINT, first.start)
        sign = self.peek(1)
        if sign is None or sign.text not in (":=", "="):
            raise _SyntaxError("`:=` is missing", _RANGE_HINT, names[-1].start)
        self.position += 2
        return [name.text for name in names]

    def forget(self, name: str) -> None:
        """Note that a variable has another value from here on."""
        for index, variable in enumerate(self.variables):
            if variable.name == name:
                self.variables[index] = _Variable(name, ())

    def command(self, stage: int) -> DataPath:
        """Take a command, and return where its value comes from."""
        opening = self.tokens[self.position - 1] if self.position else None
        called = len(self.result.names)
        operands = self.operands()
        first = operands[0].token
        _check_first(first, piped=stage > 1, is_alone=len(operands) == 1)
        self.index(operands, opening)
        if first.kind == "word" and first.text not in _CONSTANTS:
            return self.called(called, operands, piped=stage > 1)
        return operands[0].path if len(operands) == 1 and stage == 1 else ()

    def operands(self) -> list[_Operand]:
        operands: list[_Operand] = []
        while (token := self.peek()) is not None and token.text not in ("|", ")"):
            if operands and not token.spaced:
                message = f"a space is missing before `{token.text}`"
                raise _SyntaxError(message, "write one between two values", token.start)
            operands.append(self.operand(token))
        if not operands:
            start = token.start if token else self.action_start
            raise _SyntaxError("a value is missing at `|`", "write one", start)
        return operands

    def called(self, index: int, operands: list[_Operand], *, piped: bool) -> DataPath:
        """Count the arguments of the function at an index of the names; where its value comes from."""
        name = self.result.names[index]
        if name.fields:
            return ()
        self.result.names[index] = replace(name, arguments=len(operands) - 1 + piped)
        if name.name == "index" and len(operands) > 1 and operands[1].path:
            return operands[1].path + ("[]",) * (len(operands) - 2 + piped)
        return (f"{name.name}()",)

    def index(self, operands: list[_Operand], opening: TemplateToken | None) -> None:
        """Record `index $values "A"`, by which rules refer to their queries, with what is around it."""
        if len(operands) != 3 or operands[0].token.text != "index":
            return
        function, (variable, end, _), (key, last, _) = operands[0].token, operands[1], operands[2]
        if key.kind != "string" or variable.end != end or variable.kind not in ("variable", "field"):
            return
        start, fields = function.start, [key.text[1:-1]]
        closing = self.peek()
        if opening is not None and opening.text == "(" and closing is not None and closing.text == ")":
            start = opening.start
            behind, last = self.fields_behind(closing)
            fields += behind
        root = variable.kind == "field" and self.dot_is_root
        declared = self.is_declared(variable.text)
        self.result.names.append(Name("index", variable.text, tuple(fields), start, last, root, declared))

    def fields_behind(self, closing: TemplateToken) -> tuple[list[str], int]:
        """The fields right after a closing parenthesis, and the offset after them."""
        fields, end = [], closing.end
        for token in self.tokens[self.position + 1 :]:
            if token.kind != "field" or token.spaced:
                break
            fields.append(token.text[1:])
            end = token.end
        return fields, end

    def operand(self, token: TemplateToken) -> _Operand:
        """Take an operand with its fields."""
        self.position += 1
        if token.text == "(":
            return self.parenthesized(token)
        if token.text in ("=", ":=", ","):
            raise _SyntaxError(f"`{token.text}` is not possible here", "remove it", token.start)
        fields, end = self.chain()
        if token.kind in ("variable", "field"):
            return _Operand(token, end or token.end, self.name(token.kind, token, fields, end))
        if token.kind == "word":
            self.word(token, fields, end)
        elif fields:
            raise _SyntaxError(f"`{token.text}` has no fields", "remove what follows the `.`", token.start)
        else:
            self.check_literal(token)
        return _Operand(token, end or token.end, self.dot if token.text == "." else ())

    def parenthesized(self, token: TemplateToken) -> _Operand:
        self.depth += 1
        if self.depth > _DEEPEST:
            message = "too many parentheses inside each other"
            raise _SyntaxError(message, "declare a variable for a part", token.start)
        path = self.pipeline("(", nested=True)
        self.depth -= 1
        closing = self.peek()
        if closing is None:
            raise _SyntaxError("a `(` is not closed", "add `)`", token.start)
        self.position += 1
        fields, end = self.chain()
        if fields:
            start = end - sum(len(field) + 1 for field in fields)
            self.result.names.append(Name("chain", "", fields, start, end, path=path))
        return _Operand(token, end or closing.end, path + fields if path else ())

    def word(self, token: TemplateToken, fields: tuple[str, ...], end: int) -> None:
        if token.text in _KEYWORDS:
            raise _SyntaxError(
                f"`{token.text}` is not possible here", "write it in an action of its own", token.start
            )
        if token.text not in _CONSTANTS:
            arguments = -1 if fields else 0
            name = Name("function", token.text, fields, token.start, end or token.end, arguments=arguments)
            self.result.names.append(name)
        elif fields:
            raise _SyntaxError(f"`{token.text}` has no fields", "remove what follows the `.`", token.start)

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

    def name(self, kind: str, token: TemplateToken, fields: tuple[str, ...], end: int = 0) -> DataPath:
        """Record a variable or a field, and return where its value comes from."""
        end = end or token.end
        if kind == "field":
            path = self.dot
            self.result.names.append(
                Name(kind, token.text[1:], fields, token.start, end, self.dot_is_root, path=path)
            )
            return (*path, token.text[1:], *fields) if path else ()
        declared, path = self.is_declared(token.text), self.path_of(token.text)
        self.result.names.append(
            Name(kind, token.text, fields, token.start, end, self.dollar_is_root, declared, path)
        )
        return path + fields if path else ()

    def is_declared(self, name: str) -> bool:
        return any(variable.name == name for variable in self.variables)

    def path_of(self, name: str) -> DataPath:
        """Where the value of a variable comes from; one that nobody declared may be the server's."""
        if name == "$":
            return self.dollar
        declared = [variable.path for variable in self.variables if variable.name == name]
        return declared[-1] if declared else (name,)

    def check_literal(self, token: TemplateToken) -> None:
        if token.kind == "number" and not _NUMBER.fullmatch(token.text):
            message = f"`{token.text}` is not a number"
            raise _SyntaxError(message, "correct it, or write it in quotes", token.start)
        if token.kind in ("string", "char"):
            self.check_escapes(token)

    def check_escapes(self, token: TemplateToken) -> None:
        text = token.text
        if text[0] == "'":
            content = _CHARACTER.fullmatch(text)
            if content is None:
                message = f"{text} is not a character"
                raise _SyntaxError(message, "write one character, or a text in double quotes", token.start)
        elif (fault := escape_fault(text, token.start)) is not None:
            raise _SyntaxError(fault.message, fault.hint, fault.offset)


def _element(path: DataPath) -> DataPath:
    return (*path, "[]") if path else ()


def _check_first(first: TemplateToken, *, piped: bool, is_alone: bool) -> None:
    # What a `|` passes on is the last argument of a call, and a constant takes none.
    if piped and (first.kind in _LITERALS or first.text in _FIXED):
        message = f"`{first.text}` takes no value from a `|`"
        raise _SyntaxError(message, "write a function after `|`", first.start)
    if first.text == "nil" and is_alone:
        raise _SyntaxError("`nil` is not a value on its own", "remove it", first.start)

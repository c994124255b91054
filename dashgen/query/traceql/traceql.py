"""The tokens of TraceQL, a reader of them, and the errors of tokens that do not fit."""

import re
from typing import Final, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.scanning import VARIABLE, Cursor, QueryToken, meant, refuse, scan, shown
from dashgen.query.traceql.traceql_names import AGGREGATES, INTRINSICS, METRICS, STAGES, STATICS

# Source: tempo/pkg/traceql/lexer.go, 3.0.
_UNITS: Final = "ns|us|µs|ms|[smhdwy]"
_PIECE: Final = rf'(?:{VARIABLE}|"(?:[^"\\]|\\.)*"|[^\s{{}}()=~!<>&|^,"])'
_TOKENS: Final = lazy_pattern(
    rf"""
  (?P<skip>\s++|//[^\n]*+|/\*.*?\*/)
| (?P<duration>(?:\d+(?:\.\d+)?(?:{_UNITS}))+(?![\w$]))
| (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w$]))
| (?P<attribute>(?:parent\.(?:resource\.|span\.)?|(?:resource|span|event|link|instrumentation)\.|\.){_PIECE}++)
| (?P<bare>(?:parent|resource|span|event|link|instrumentation)\.|\.)
| (?P<variable>(?:\w*{VARIABLE})+\w*(?:[.:]{_PIECE}+)?)
| (?P<intrinsic>(?:trace|span|event|link|instrumentation):\s*\w*)
| (?P<odd>\d\w*(?:\.\w*)*)
| (?P<name>[^\W\d]\w*+)
| (?P<string>"(?:[^"\\]|\\.)*+"|`[^`]*+`)
| (?P<single>'(?:[^'\\\n]|\\.)*+')
| (?P<open>["`'].*+)
| (?P<sign>!>>|!<<|&>>|&<<|&&|\|\||>>|<<|=~|!~|!=|==|>=|<=|!>|!<|&~|&>|&<|[-+*/%^<>=,|~!{{}}()])
| (?P<other>.)
""",
    re.VERBOSE | re.DOTALL,
)
_LARGEST: Final = 2**63 - 1
_VALUES: Final = {
    "status": "use one of: `error`, `ok`, `unset`",
    "kind": "use one of: `server`, `client`, `producer`, `consumer`, `internal`, `unspecified`",
}


class TraceQLReader(Cursor):
    """The tokens of a query, after a check that all quotes are closed and all escapes valid."""

    def __init__(self, text: str) -> None:
        super().__init__(scan(text, _TOKENS))
        for token in self.tokens:
            self.check_string(token, "TraceQL")
            if token.kind == "bare":
                refuse(f"`{token.text}` names no attribute", f"write one, such as `{token.text}name`", token)
            # Tempo reads whole numbers as 64 bits; 30 digits are enough to know that a number is larger.
            if token.kind == "number" and token.text.isdigit() and int(token.text[:30]) > _LARGEST:
                refuse(f"`{token.text}` is too large for Tempo", "write it with a decimal point", token)

    def is_sign(self, *texts: str) -> bool:
        """Whether the next token is one of these operators or brackets."""
        return self.here.kind == "sign" and self.here.text in texts

    def refuse_operand(self, token: QueryToken, what: str) -> NoReturn:
        """Refuse a token that cannot start an operand."""
        if token.kind == "end" or (token.kind == "sign" and token.text in ")}"):
            before = self.tokens[self.index - 1] if self.index else token
            if before.kind == "sign" and before.text not in "({":
                refuse(f"`{before.text}` has nothing on its right", "write an operand after it", before)
        self.refuse_closing(token)
        refuse(f"{shown(token)} is not allowed here", f"write {what}", token)

    def refuse_name(self, token: QueryToken) -> NoReturn:
        """Refuse a name in a filter of spans that is neither an intrinsic nor a value."""
        after = self.ahead()
        if after.kind == "attribute" and after.start == token.end:
            scope = meant(token.text, ("resource", "span", "event", "link", "instrumentation", "parent"))
            hint = (
                scope.replace("`?", ".`?")
                or f"write `resource.{token.text}{after.text}` or `.{token.text}{after.text}`"
            )
            refuse(f"`{token.text}` is not a scope of attributes", hint, token)
        self._refuse_word(token)
        if token.text in {"and", "or", "not"}:
            sign = {"and": "&&", "or": "||", "not": "!"}[token.text]
            refuse(f"`{token.text}` means nothing in TraceQL", f"write `{sign}`", token)
        suggestion = meant(token.text, (*INTRINSICS, *STATICS))
        hint = f"write `.{token.text}`, `span.{token.text}` or `resource.{token.text}` for an attribute"
        message = f"`{token.text}` is neither an intrinsic nor an attribute with its scope"
        refuse(message, suggestion or hint, token)

    def _refuse_word(self, token: QueryToken) -> None:
        """Refuse a function, or a word in the place of a value."""
        if token.text in METRICS | AGGREGATES and self.ahead().text == "(":
            hint = f"write it after a filter, as in `{{ … }} | {token.text}(…)`"
            refuse(f"`{token.text}` is a stage and is not allowed here", hint, token)
        before, compared = (
            self.tokens[self.index - steps] if self.index >= steps else token for steps in (1, 2)
        )
        if (
            before.kind != "sign"
            or before.text not in {"=", "!=", "=~", "!~"}
            or self.ahead().kind == "attribute"
        ):
            return
        name = compared.text.rpartition(":")[2]
        hint = _VALUES.get(name, f'write `"{token.text}"`')
        refuse(f"`{token.text}` is not a value of `{compared.text}`", hint, token)

    def refuse_unexpected(self, token: QueryToken) -> NoReturn:
        """Refuse a token that cannot follow the one before it."""
        before = self.tokens[self.index - 1] if self.index else token
        self.refuse_closing(token)
        if token.text == "==":
            refuse("values are compared with `==`", "write `=`", token)
        if token.kind == "odd":
            refuse(f"`{token.text}` is neither a number nor a duration", "write `5`, `100ms` or `2m`", token)
        if token.kind == "name" and token.text.lower() in {"and", "or"}:
            sign = {"and": "&&", "or": "||"}[token.text.lower()]
            refuse(f"`{token.text}` means nothing in TraceQL", f"write `{sign}`", token)
        if token.kind == "name" and token.text in STAGES:
            refuse(f"`{token.text}` has no `|` before it", f"write `| {token.text}`", token)
        if token.kind == "sign" and token.text == "{":
            refuse("two filters of spans are side by side", "join them with `&&`, `||` or `>>`", token)
        refuse(f"{shown(token)} cannot follow {shown(before)}", "remove it, or join the two", token)

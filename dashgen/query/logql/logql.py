"""The tokens of LogQL, a reader of them, and the errors of tokens that do not fit."""

import re
from typing import Final, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.logql_names import FUNCTIONS, GROUPING, RESERVED, STAGES
from dashgen.query.scanning import VARIABLE, Cursor, QueryToken, meant, refuse, scan, shown

# Source: loki/pkg/logql/syntax/lex.go, 3.7.
_UNITS: Final = "ns|us|µs|ms|[smhdwy]"
LOGQL_TOKENS: Final = lazy_pattern(
    rf"""
  (?P<skip>\s++|\#[^\n]*+)
| (?P<variable>(?:\w*{VARIABLE})+\w*)
| (?P<duration>(?:\d+(?:\.\d+)?(?:{_UNITS}))+(?!\w))
| (?P<bytes>\d+(?:\.\d+)?(?:[kKMGTP]i?B?|B)(?!\w))
| (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w))
| (?P<odd>\d\w*(?:\.\w*)*)
| (?P<name>[^\W\d]\w*+)
| (?P<string>"(?:[^"\\]|\\.)*+"|`[^`]*+`)
| (?P<single>'(?:[^'\\\n]|\\.)*+')
| (?P<open>["`'].*+)
| (?P<range>\[(?:{VARIABLE}|[^\]\["`{{}}()])*+\])
| (?P<flag>--[A-Za-z-]+)
| (?P<sign>\|=|\|~|\|>|=~|!~|!>|!=|==|>=|<=|[-+*/%^<>=,.|{{}}()\[\]])
| (?P<other>.)
""",
    re.VERBOSE | re.DOTALL,
)


class LogQLReader(Cursor):
    """The tokens of a query, after a check that all quotes are closed and all escapes valid."""

    def __init__(self, text: str) -> None:
        super().__init__(scan(text, LOGQL_TOKENS))
        for token in self.tokens:
            self.check_string(token, "LogQL")

    def is_called(self) -> bool:
        """Whether arguments or a grouping follow, so that the name before is that of a function."""
        if self.here.text == "(" and self.here.kind == "sign":
            return True
        return self.here.kind == "name" and self.here.word in GROUPING

    def comma(self, name: QueryToken, part: str) -> None:
        """Take a comma between arguments."""
        if not self.take(","):
            refuse(f"`{name.text}` misses {part}", 'write `label_replace(query, "to", "$1", "from", "(.*)")`',
                   self.here)  # fmt: skip

    def text(self, message: str) -> QueryToken:
        """Take a string, or a variable in its place."""
        if self.here.kind in {"string", "variable"}:
            return self.next()
        hint = (
            f'write it in quotes: `"{self.here.text}"`'
            if self.here.kind in {"name", "number"}
            else "write it in quotes"
        )
        return refuse(message, hint, self.here)

    def label(self, what: str) -> QueryToken:
        """Take the name of a label, or a variable in its place."""
        token = self.here
        if token.kind == "variable" or (token.kind == "name" and not self._is_reserved(token)):
            return self.next()
        if token.kind == "name":
            hint = "choose another name for the label; LogQL has no notation for this one"
            refuse(f"`{token.text}` is a word of LogQL and cannot be {what}", hint, token)
        if token.kind == "string":
            refuse(f"{what} is in quotes", f"write `{token.text[1:-1]}`", token)
        return refuse(f"{shown(token)} cannot be {what}", "write the name of a label", token)

    def _is_reserved(self, token: QueryToken) -> bool:
        if token.word in RESERVED:
            return True
        # Loki's scanner takes the name of a function as one only before a parenthesis.
        return token.word in FUNCTIONS and self.ahead().text == "(" and self.ahead().kind == "sign"

    def refuse_operand(self, token: QueryToken) -> NoReturn:
        """Refuse what cannot start a query or an operand."""
        if token.kind == "end":
            refuse("something is missing at the end of the query", "write the operand, or remove the operator",
                   self.tokens[max(0, self.index - 1)])  # fmt: skip
        self.refuse_closing(token)
        if token.kind == "string":
            hint = 'start with the streams, as in `{app="name"} |= "text"`'
            refuse("a text is not allowed here", hint, token)
        if token.kind == "range":
            refuse(
                "a range has nothing before it", 'write the streams first, as in `{app="name"} [5m]`', token
            )
        refuse(f"{shown(token)} is not allowed here", 'start with the streams, as in `{app="name"}`', token)

    def refuse_name(self, name: QueryToken) -> NoReturn:
        """Refuse a name that is neither a function with arguments nor anything else that starts a query."""
        if name.word in FUNCTIONS:
            refuse(f"`{name.text}` needs its arguments in parentheses", f"write `{name.word}(…)`", name)
        after = self.here
        if (
            after.kind == "sign"
            and after.text in {"=", "!=", "=~", "!~", "=="}
            and self.ahead().kind == "string"
        ):
            hint = f"write `{{{name.text}{after.text.replace('==', '=')}{self.ahead().text}}}`"
            refuse("the labels of streams have to be between braces", hint, name)
        if after.text == "{":
            hint = "write only the braces; a query of metrics needs another data source"
            refuse(f"`{name.text}` is not a function, and a log query has no metric", hint, name)
        hint = (
            'write streams between braces, as in `{app="name"}`; a query of metrics needs another data source'
        )
        message = f"`{name.text}` is neither a function nor streams"
        refuse(message, meant(name.word, FUNCTIONS) or hint, name)

    def refuse_unexpected(self, token: QueryToken) -> NoReturn:
        """Refuse a token that cannot follow the one before it."""
        before = self.tokens[self.index - 1] if self.index else token
        self.refuse_closing(token)
        if token.kind == "odd":
            refuse(
                f"`{token.text}` is neither a number nor a duration", "write `5m`, `200ms` or `10KB`", token
            )
        if token.kind == "sign" and token.text == "[":
            refuse("a range is never closed", "write a duration and `]`", token)
        if token.kind == "name" and token.word in STAGES:
            refuse(f"`{token.text}` has no `|` before it", f"write `| {token.word}`", token)
        if token.kind == "string":
            hint = f"write `|= {token.text}` to filter lines"
            refuse(f"a text cannot follow {shown(before)}", hint, token)
        if token.kind == "range":
            hint = "write the range once, before the closing parenthesis of its function"
            refuse("a range is not allowed here", hint, token)
        refuse(f"{shown(token)} cannot follow {shown(before)}", "remove it, or join the two", token)

    def end(self) -> None:
        """Refuse tokens that are left at the end."""
        if self.here.kind != "end":
            self.refuse_unexpected(self.here)

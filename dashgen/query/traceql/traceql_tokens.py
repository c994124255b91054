"""The tokens of TraceQL, and a position in them (tempo/pkg/traceql/lexer.go, 3.0.3)."""

import re
from typing import Final, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault
from dashgen.query.query_texts import escape_fault
from dashgen.query.scanning import MOST_LEVELS, OPENING, VARIABLE, QueryToken, RefusalError, refuse, shown
from dashgen.query.traceql.near_misses import near_miss
from dashgen.query.traceql.traceql_names import STAGES

_SPACE: Final = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Go's unicode.IsSpace holds for a space; Python's `\\s` has four more."""
_PIECE: Final = rf'(?:{VARIABLE}|"(?:[^"\\]|\\.)*"|[^{_SPACE}{{}}()=~!<>&|^,"])'
_SKIP: Final = r"(?://[^\n]*+|/\*.*?\*/|[ \t\r\n]++)"
_DIGITS: Final = r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)"
# An attribute takes nearly every character, so only the start of a token decides. `.5` is a number.
_TOKENS: Final = lazy_pattern(
    rf"""[ \t\r\n]*+(?:
  (?P<sign>[{{}}(),])
| (?P<number>(?:0[xX](?:[0-9a-fA-F]++\.?[0-9a-fA-F]*+|\.[0-9a-fA-F]++)[pP][-+]?[0-9]++
      |{_DIGITS}(?:[eE][-+]?[0-9]++)?)(?![\w$.]))
| (?P<duration>\.?[0-9][0-9.]*+[nsumhµdwy][0-9.nsumhµdwy]*+(?![\w$]))
| (?P<attribute>(?:parent\.(?:resource\.|span\.)?|(?:resource|span|event|link|instrumentation)\.|\.(?![0-9]))
      {_PIECE}+)
| (?P<intrinsic>(?:trace|span|event|link|instrumentation):{_SKIP}*(?:\w|{VARIABLE})*)
| (?P<variable>(?:(?:[0-9]+\.)?\w*{VARIABLE})+\w*+(?:[.:]{_PIECE}+)?)
| (?P<bare>(?:parent|resource|span|event|link|instrumentation)\.|\.(?![0-9]))
| (?P<name>[^\W\d]\w*+)
| (?P<string>"(?:[^"\\]|\\.)*"|`[^`]*+`)
| (?P<comment>//[^\n]*+|/\*.*?\*/)
| (?P<odd>\.?[0-9]\w*(?:\.\w*)*)
| (?P<single>'(?:[^'\\\n]|\\.)*')
| (?P<open>["`'].*+|/\*.*+)
| (?P<operator>!>>|!<<|&>>|&<<|&&|\|\||>>|<<|=~|!~|!=|==|>=|<=|!>|!<|&~|&>|&<|[-+*/%^<>=|~!])
| (?P<other>.)
)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING: Final = {"(": ")", "{": "}"}
_BROKEN: Final = frozenset({"single", "open", "bare", "other"})
# What Go's strconv refuses, besides what no escape is: bytes above 255, surrogates, and what Unicode lacks.
_NO_CHARACTER: Final = lazy_pattern(
    r"\\(?:[4-7][0-7]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|U(?!0000[dD][89a-fA-F]|000[0-9a-fA-F]|0010).{8}"
    r"|U0000[dD][89a-fA-F].{2})"
)
_ATTRIBUTE_ESCAPE: Final = lazy_pattern(r"\\.", re.DOTALL)
_SPACES: Final = {
    "\xa0": "a no-break space",
    "\u200b": "a space without width",
    "\ufeff": "a byte order mark",
}


class TokenStream:
    """The tokens of a query and an index into them.

    ``kinds`` has the text of an operator or a bracket, and the name of the group for every other token; it
    ends with ``end``. Three lists instead of a list of tokens: a query is read in microseconds.
    """

    __slots__ = ("index", "kinds", "levels", "starts", "texts")

    def __init__(self, text: str) -> None:
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.index = 0
        self.levels = 0
        # Trailing spaces would be tried again from each of them.
        text = text.rstrip(" \t\r\n")
        for match in _TOKENS.finditer(text, int(text.startswith("\ufeff"))):
            kind = match.lastgroup or ""
            if kind == "comment":
                continue
            value = match[kind]
            self.kinds.append(value if kind in {"sign", "operator"} else kind)
            self.texts.append(value)
            self.starts.append(match.start(kind))
        self.kinds.append("end")
        self.texts.append("")
        self.starts.append(len(text))
        if "\\" in text or "\n" in text or "\0" in text or not _BROKEN.isdisjoint(self.kinds):
            self._check_tokens(text)

    def token(self, index: int | None = None) -> QueryToken:
        """The token at an index, or the next one; the first for what is before the query."""
        index = self.index if index is None else max(0, index)
        return QueryToken(self.kinds[index], self.texts[index], self.starts[index])

    def take(self, kind: str) -> bool:
        """Take the next token if it is of a kind."""
        if self.kinds[self.index] != kind:
            return False
        self.index += 1
        return True

    def is_word(self, word: str) -> bool:
        """Whether the next token is a name, and which."""
        return self.kinds[self.index] == "name" and self.texts[self.index] == word

    def deeper(self) -> None:
        """Enter one more level of nesting.

        Raises:
            RefusalError: there are too many levels.
        """
        self.levels += 1
        if self.levels > MOST_LEVELS:
            message = f"the query nests more than {MOST_LEVELS} levels"
            raise RefusalError(Fault(message, "split it into several queries", self.starts[self.index]))

    def open(self, name: int) -> int:
        """Take the parenthesis before the arguments of the function at an index, and return its index."""
        if self.kinds[self.index] != "(":
            text = self.texts[name]
            after = self.token()
            argument = after.text if after.kind in {"attribute", "intrinsic", "name"} else "…"
            hint = f"write `{text}({argument})`"
            refuse(f"`{text}` needs its arguments in parentheses", hint, self.token(name))
        self.index += 1
        return self.index - 1

    def close(self, opened: int) -> None:
        """Take the bracket that closes the one at an index."""
        closing = ")" if self.kinds[opened] == "(" else "}"
        if self.kinds[self.index] == closing:
            self.index += 1
            return
        self.refuse_in_brackets(opened, closing)

    def refuse_in_brackets(self, opened: int, closing: str) -> NoReturn:
        """Refuse what is where a bracket has to be closed."""
        if self.kinds[self.index] == "end":
            self._refuse_open(opened, closing)
        self.refuse_unexpected()

    def refuse_closing(self) -> None:
        """Refuse a closing bracket that closes nothing, or an outer bracket; other tokens pass."""
        token = self.token()
        if token.kind not in OPENING:
            return
        opened = self._open_brackets()
        if OPENING[token.kind] not in [self.kinds[index] for index in opened]:
            hint = f"remove it or add the missing `{OPENING[token.kind]}`"
            refuse(f"`{token.text}` closes nothing", hint, token)
        if self.kinds[opened[-1]] != OPENING[token.kind]:
            self._refuse_open(opened[-1], _CLOSING[self.kinds[opened[-1]]])

    def _open_brackets(self) -> list[int]:
        """The indexes of the brackets that are open before the next token."""
        opened: list[int] = []
        for index, kind in enumerate(self.kinds[: self.index]):
            if kind in _CLOSING:
                opened.append(index)
            elif kind in OPENING and opened:
                opened.pop()
        return opened

    def _refuse_open(self, opened: int, closing: str) -> NoReturn:
        text = self.texts[opened]
        refuse(f"`{text}` is never closed", f"add the missing `{closing}`", self.token(opened))

    def refuse_unexpected(self) -> NoReturn:
        """Refuse a token that cannot follow the one before it."""
        token, before = self.token(), self.token(self.index - 1)
        self.refuse_closing()
        if miss := near_miss(before, token):
            refuse(*miss)
        if token.kind in {"odd", "duration"} and before.kind not in {"number", "duration"}:
            refuse_odd(token)
        if token.kind == "name" and token.text in STAGES:
            hint = f"write `| {token.text}`"
            if token.text == "by":
                hint += ", or a metrics function such as `count_over_time()` before it"
            refuse(f"`{token.text}` has no `|` before it", hint, token)
        if token.kind == "{":
            refuse("two filters of spans are side by side", "join them with `&&`, `||` or `>>`", token)
        hint = "remove it, or join the two"
        if token.kind == "|" and _CLOSING["{"] in self.kinds[self.index :]:
            hint = "close the filter before it, or write `||`"
        refuse(f"{shown(token)} cannot follow {shown(before)}", hint, token)

    def refuse_operand(self, what: str) -> NoReturn:
        """Refuse a token that cannot start an operand."""
        token = self.token()
        if token.kind in {"end", ")", "}"} and self.index:
            self._refuse_end(what)
        self.refuse_closing()
        if miss := near_miss(self.token(self.index - 1), token):
            refuse(*miss)
        if token.kind in {"odd", "duration"}:
            refuse_odd(token)
        refuse(f"{shown(token)} is not allowed here", f"write {what}", token)

    def _refuse_end(self, what: str) -> None:
        """Refuse an operator or an opening bracket before the end of what it is in; others pass."""
        token, before = self.token(), self.token(self.index - 1)
        if before.kind in _CLOSING and token.kind == "end":
            self._refuse_open(self.index - 1, _CLOSING[before.kind])
        if before.kind in _CLOSING and token.kind == _CLOSING[before.kind]:
            refuse(f"there is nothing between `{before.text}` and `{token.text}`", f"write {what}", before)
        if before.kind == before.text and before.kind not in _CLOSING:
            refuse(f"`{before.text}` has nothing on its right", "write an operand after it", before)

    def _check_tokens(self, text: str) -> None:
        """Refuse texts that are not closed, invalid escapes, and characters that start nothing."""
        if "\0" in text:
            start = text.index("\0")
            refuse("the query has a NUL character", "remove it", QueryToken("other", "\0", start))
        for index, kind in enumerate(self.kinds):
            if kind in _BROKEN:
                _refuse_broken(self.token(index))
            if kind == "string" and (fault := _string_fault(self.token(index))):
                raise RefusalError(fault)
            if kind == "attribute" and "\\" in self.texts[index]:
                _check_attribute(self.token(index))


def refuse_odd(token: QueryToken) -> NoReturn:
    """Refuse digits that are neither a number nor a duration."""
    refuse(f"`{token.text}` is neither a number nor a duration", "write `5`, `100ms` or `2m`", token)


def _refuse_broken(token: QueryToken) -> None:
    if token.kind == "open":
        what = "comment" if token.text.startswith("/*") else "text"
        hint = "write `*/` after it" if what == "comment" else "close the quotes"
        refuse(f"the {what} that starts with {token.text[0]} has no end", hint, token)
    if token.kind == "single":
        hint = f'TraceQL puts texts in double quotes or backticks: write `"{token.text[1:-1]}"`'
        refuse("a text is in single quotes", hint, token)
    if token.kind == "bare":
        refuse(f"`{token.text}` names no attribute", f"write one, such as `{token.text}name`", token)
    if token.text in _SPACES:
        refuse(f"the query has {_SPACES[token.text]}", "write an ordinary space", token)


def _string_fault(token: QueryToken) -> Fault | None:
    if fault := escape_fault(token.text, token.start):
        return fault
    if token.text[0] == '"' and (match := _NO_CHARACTER.search(token.text.replace("\\\\", "__"))):
        message = f"`{match[0]}` is no character"
        return Fault(message, "write the character itself", token.start + match.start())
    return None


def _check_attribute(token: QueryToken) -> None:
    """Refuse escapes in the quoted parts of an attribute's name; elsewhere a backslash is a character."""
    inside = False
    escapes = {match.start(): match[0] for match in _ATTRIBUTE_ESCAPE.finditer(token.text)}
    skipped = -1
    for offset, char in enumerate(token.text):
        if offset == skipped:
            continue
        if inside and char == "\\":
            if escapes.get(offset, "") not in {'\\"', "\\\\"}:
                hint = 'only `\\"` and `\\\\` are escapes in the name of an attribute'
                problem = QueryToken("other", escapes.get(offset, char), token.start + offset)
                refuse(f"`{problem.text}` means nothing in a name in quotes", hint, problem)
            skipped = offset + 1
        elif char == '"':
            inside = not inside

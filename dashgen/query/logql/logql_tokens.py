"""The tokens of LogQL, and a reader of them.

Tokens are three lists of one length, as building an object for each would take half of the time of a parse.
The kind of a token is its text for signs and words of the language; the others are ``name``, ``function``
(of a range), ``aggregation``, ``call`` (any other function), ``string``, ``number``, ``duration``,
``bytes``, ``range``, ``flag``, ``variable``, ``odd`` (a number that is none), ``other`` and ``end``.
"""

import re
from math import isfinite
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault, Remark, Requirement
from dashgen.query.logql.logql_features import requirement
from dashgen.query.logql.logql_names import CONVERSIONS, FLAGS, RANGE_FUNCTIONS, RESERVED, VECTOR_FUNCTIONS
from dashgen.query.query_texts import escape_fault
from dashgen.query.scanning import VARIABLE, QueryToken, RefusalError

# Source: loki/pkg/logql/syntax/lex.go and query_scanner.go, 3.7, which is Go's text/scanner with its spaces,
# its comments (`//` and `/* */` besides `#`) and its numbers. The pieces of a text are the whole text.
_PIECE: Final = lazy_pattern(
    rf"""
  [^\W\d]\w*+(?!\$|\[\[)
| [ \t\r\n]++
| [(){{}},+%^*]
| "[^"\\]*+(?:\\.[^"\\]*+)*" | `[^`]*+`
| \|[=~>]? | ![=~>] | =[=~]? | [<>]=?
| \[(?:{VARIABLE}|[^\]\["`{{}}()])*\]
| (?:\w*{VARIABLE})+\w*
| [^\W\d]\w*+
| -(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|[smh]))+(?![\d.nuµmshdwy]) | -0(?![\d.nuµmshdwy])
| (?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?
  (?:(?![\w.])|(?=(?:[aA][nN][dD]|[oO][rR]|[uU][nN][lL][eE][sS][sS])\b))
| 0[xX][0-9a-fA-F]+\.?[0-9a-fA-F]*[pP][-+]?\d+(?!\w)
| \.?\d[\w.]*+
| '(?:[^'\\\n]|\\.)*'
| \#[^\n]*+ | //[^\n]*+ | /\*.*?\*/
| --[A-Za-z-]+
| ["'`].*+
| .
""",
    re.VERBOSE | re.DOTALL,
)
_STRING: Final = lazy_pattern(r""""[^"\\]*+(?:\\.[^"\\]*+)*"|`[^`]*+`|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_PROMETHEUS_DURATION: Final = lazy_pattern(
    r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?", re.ASCII
)
_GO_DURATION: Final = lazy_pattern(r"(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|[smh]))+", re.ASCII)
_GO_DURATION_PART: Final = lazy_pattern(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smh])", re.ASCII)
_NANOSECONDS: Final = {
    "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
}  # fmt: skip
_OVERFLOW: Final = 2**63
_SIZE_OVERFLOW: Final = 2.0**64
# Go takes the `P` of `1PB` for an exponent.
_BYTES: Final = lazy_pattern(r"(\d+\.?\d*|\.\d+)([kKMGT](?:i?B|i)?|B)", re.ASCII)
# Go reads a leading zero as octal and still takes it for a decimal number, so 8 and 9 cannot follow it.
_NUMBER: Final = lazy_pattern(
    r"(?!0\d*[89]\d*\Z)(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?"
    r"|0[xX][0-9a-fA-F]+\.?[0-9a-fA-F]*[pP][-+]?\d+",
    re.ASCII,
)
# Arguments, or a grouping before them, make a function of a name (`isFunction` in lex.go).
_CALLED: Final = lazy_pattern(r"\s*+(?:\(|(?:by|without)\s*+\()", re.IGNORECASE)
_MOST_LEVELS: Final = 120
"""A level costs the parser three frames of a thousand, and its caller needs some as well."""
_LARGEST: Final = 131_072
"""In bytes (`maxInputSize` in parser.go)."""
_QUOTES: Final = frozenset("\"`'")
_TYPOGRAPHIC: Final = frozenset("\u201c\u201d\u201e\u2018\u2019\u201a")
_NUMERIC: Final = frozenset("0123456789.-")
_MILLISECONDS: Final = (31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1)
_LONGEST: Final = (2**63 - 1) // 1_000_000

_CALLS: Final = {
    **dict.fromkeys(RANGE_FUNCTIONS, "function"),
    **dict.fromkeys(VECTOR_FUNCTIONS, "aggregation"),
    **dict.fromkeys(("label_replace", "vector", "ip", *CONVERSIONS), "call"),
}
_CALL_KINDS: Final = frozenset(_CALLS.values())
_SIGNS: Final = """
    ( ) { } , + - * / % ^ = == != =~ !~ !> | |= |~ |> < <= > >= . [ ]
"""
_KINDS: Final = {
    **{text: text for text in (*_SIGNS.split(), *RESERVED)},
    **_CALLS,
    **dict.fromkeys(FLAGS, "flag"),
    **dict.fromkeys((" ", "\n", "  ", "\t"), ""),
}


class LogQLReader:
    """The tokens of a query, after a check that all quotes are closed and all escapes valid.

    Attributes:
        kinds, texts, starts: the tokens; four of the kind ``end`` are behind the last, to look ahead.
        index: the next token.
        levels: the nesting.
        requirements: what was read that not every Loki has.
        remarks: what was read that is valid and fails later.
    """

    def __init__(self, text: str) -> None:
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.index = 0
        self.levels = 0
        self.operations = 0
        self.requirements: list[Requirement] = []
        self.remarks: list[Remark] = []
        _check_size(text)
        self._read(text)

    def _read(self, text: str) -> None:
        # The one loop over all characters of all queries: every name in it is local, and common pieces take
        # one look-up.
        kinds, texts, starts = self.kinds, self.texts, self.starts
        kind_of, position = _KINDS.get, 0
        for piece in _PIECE.findall(text):
            kind = kind_of(piece)
            if kind is None:
                is_name = piece.isidentifier() and piece.lower() not in _KINDS
                kind = "name" if is_name else _kind(text, piece, position)
            elif kind in _CALL_KINDS and not _CALLED.match(text, position + len(piece)):
                kind = "name"
            if kind:
                kinds.append(kind)
                texts.append(piece)
                starts.append(position)
            position += len(piece)
        end = len(text.rstrip())
        kinds += ("end", "end", "end", "end")
        texts += ("", "", "", "")
        starts += (end, end, end, end)

    def token(self, ahead: int = 0) -> QueryToken:
        """The next token, or one after or before it, for messages."""
        index = min(max(0, self.index + ahead), len(self.kinds) - 1)
        return QueryToken(self.kinds[index], self.texts[index], self.starts[index])

    def last_end(self) -> int:
        """The offset after the last token that was taken."""
        index = self.index - 1
        return self.starts[index] + len(self.texts[index])

    def next(self) -> QueryToken:
        """Take the next token; the ``end`` can be taken again and again."""
        token = self.token()
        if token.kind != "end":
            self.index += 1
        return token

    def skip(self) -> int:
        """Take the next token, which is not the ``end``, and return its index."""
        self.index += 1
        return self.index - 1

    def take(self, kind: str) -> bool:
        """Take the next token if it is of this kind."""
        if self.kinds[self.index] != kind:
            return False
        self.index += 1
        return True

    def deeper(self) -> None:
        """Enter one more level of nesting.

        Raises:
            RefusalError: there are too many levels.
        """
        self.levels += 1
        if self.levels > _MOST_LEVELS:
            message = f"the query nests more than {_MOST_LEVELS} levels"
            raise RefusalError(Fault(message, "split it into several queries", self.starts[self.index]))

    def require(self, feature: str) -> None:
        """Record that the token before the next one is a part of LogQL that not every Loki has."""
        self.requirements.append(requirement(feature, self.starts[self.index - 1]))


def first_kind(text: str) -> str:
    """The kind of the first token that is no opening parenthesis, also of a query that does not parse."""
    for piece in _PIECE.finditer(text):
        word = piece[0]
        if (word[0] in "#/" and len(word) > 1) or word.isspace() or word == "(":
            continue
        return "{" if word == "{" else "other"
    return "end"


def _check_size(text: str) -> None:
    if len(text) * 4 >= _LARGEST and len(text.encode("utf-8", "surrogatepass")) >= _LARGEST:
        message = "the query has 128 KiB or more, which Loki does not read"
        raise RefusalError(Fault(message, "split it into several queries", 0))
    if "\0" in text:
        raise RefusalError(Fault("a character is NUL", "remove it", text.index("\0")))


def _kind(text: str, piece: str, start: int) -> str:
    """The kind of a piece that is no sign and no word in lower case; empty for spaces and comments."""
    first = piece[0]
    if first in _QUOTES:
        return _quoted_kind(text, piece, start)
    if piece.isidentifier():
        kind = _KINDS.get(piece.lower(), "name")
        return "name" if kind in _CALL_KINDS and not _CALLED.match(text, start + len(piece)) else kind
    if first == "[" and (piece[1] != "[" or piece[2] == "["):
        return "range"
    return _other_kind(piece, start)


def _other_kind(piece: str, start: int) -> str:
    first = piece[0]
    if first in "#/":
        return ""
    if "$" in piece or "[[" in piece:
        return "variable" if len(piece) > 1 else "other"
    if first in _NUMERIC:
        return _number_kind(piece)
    if first in _TYPOGRAPHIC:
        hint = 'write plain ones: `"`'
        raise RefusalError(Fault("quotes are typographic, which Loki does not know", hint, start))
    is_space = first in " \t\r\n" or (piece == "\ufeff" and not start)
    return "" if is_space else "other"


def _quoted_kind(text: str, piece: str, start: int) -> str:
    if start + len(piece) == len(text) and not _STRING.fullmatch(piece):
        fault = Fault(f"the text that starts with {piece[0]} has no end", "close the quotes", start)
        raise RefusalError(fault)
    if piece[0] == "'":
        hint = f'LogQL puts texts in double quotes or backticks: write `"{piece[1:-1]}"`'
        raise RefusalError(Fault("a text is in single quotes", hint, start))
    if ("\\" in piece or "\n" in piece) and (escape := escape_fault(piece, start)):
        raise RefusalError(escape)
    return "string"


def _number_kind(piece: str) -> str:
    if piece[0] == "-":
        return "flag" if piece[1] == "-" else "duration"
    if _NUMBER.fullmatch(piece):
        return "number" if "x" in piece.lower() or isfinite(float(piece)) else "odd"
    if _is_duration(piece):
        return "duration"
    return "bytes" if _is_size(piece) else "odd"


def _is_duration(piece: str) -> bool:
    if duration_fault(piece) == "":
        return True
    if not _GO_DURATION.fullmatch(piece):
        return False
    parts = _GO_DURATION_PART.findall(piece)
    return sum(float(count) * _NANOSECONDS[unit] for count, unit in parts) < _OVERFLOW


def _is_size(piece: str) -> bool:
    # Go takes `0B` for the start of a binary number.
    match = None if piece[:2] == "0B" else _BYTES.fullmatch(piece)
    if match is None:
        return False
    factor = 1024 if "i" in match[2] else 1000
    power = max(0, " kmgt".find(match[2][0].lower()))
    return bool(float(match[1]) * factor**power < _SIZE_OVERFLOW)


def duration_fault(duration: str) -> str:
    """Why a text is no duration of Prometheus (model/time.go of prometheus/common); empty if it is one."""
    match = _PROMETHEUS_DURATION.fullmatch(duration)
    if match is None or not duration:
        return "" if duration == "0" else "is not a duration"
    total = sum(int(count) * unit for count, unit in zip(match.groups("0"), _MILLISECONDS, strict=True))
    return "is longer than 292 years" if total > _LONGEST else ""

"""The words of a LogQL query, as Loki's scanner cuts them (loki/pkg/logql/syntax/lex.go, 3.7)."""

import re
from typing import Final

from dashgen.query.scanning import VARIABLE, QueryToken

_UNITS: Final = "ns|us|µs|ms|[smhdwy]"
_WORDS: Final = re.compile(
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


def tokenize(text: str) -> list[QueryToken]:
    """The words of a query without spaces and comments, and a last one of the kind ``end``."""
    tokens = [
        QueryToken(m.lastgroup or "", m.group(), m.start())
        for m in _WORDS.finditer(text)
        if m.lastgroup != "skip"
    ]
    return [*tokens, QueryToken("end", "", len(text.rstrip()))]

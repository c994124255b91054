"""The words of a TraceQL query, as Tempo's scanner cuts them (tempo/pkg/traceql/lexer.go, 3.0)."""

import re
from typing import Final

from dashgen.query.scanning import VARIABLE, QueryToken

_UNITS: Final = "ns|us|µs|ms|[smhdwy]"
_PIECE: Final = rf'(?:{VARIABLE}|"(?:[^"\\]|\\.)*"|[^\s{{}}()=~!<>&|^,"])'
_WORDS: Final = re.compile(
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


def tokenize(text: str) -> list[QueryToken]:
    """The words of a query without spaces and comments, and a last one of the kind ``end``."""
    tokens = [
        QueryToken(m.lastgroup or "", m.group(), m.start())
        for m in _WORDS.finditer(text)
        if m.lastgroup != "skip"
    ]
    return [*tokens, QueryToken("end", "", len(text.rstrip()))]

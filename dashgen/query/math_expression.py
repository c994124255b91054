"""Check arithmetic with queries, as Grafana's expressions of the type `math` read it.

Source: pkg/expr/mathexp/parse/parse.go of Grafana 12.4.3 and the functions of pkg/expr/mathexp/funcs.go.
"""

from typing import NamedTuple

from dashgen.core.diagnostics import nearest
from dashgen.core.lazy_pattern import lazy_pattern

_FUNCTIONS = "abs log nan inf infn null is_nan is_inf is_null is_number round ceil floor"
FUNCTIONS = frozenset(_FUNCTIONS.split())
_WITHOUT_ARGUMENTS = frozenset(("nan", "inf", "infn", "null"))
_REF = lazy_pattern(r"\$\{?(?P<name>[A-Za-z_]\w*)")
_TOKEN = lazy_pattern(
    r"\s*(?:(?P<operand>\$\{[^{}]*\}|\$\w+|0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<function>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|&&|\|\||[=!<>]=|[-+*/%<>!])|(?P<sign>[(),]))"
)
_VALUE = "write a query, such as `$A`, or a number"
_BEFORE_OPERANDS = frozenset(("-", "!"))


class MathFault(NamedTuple):
    """An error in an expression: a message, a hint, and its offset."""

    message: str
    hint: str
    offset: int


class MathToken(NamedTuple):
    """A token of an expression: an operand, a function, an operator or a sign."""

    kind: str
    text: str


def math_tokens(text: str) -> list[MathToken]:
    """The tokens of an expression that Grafana can read."""
    return [MathToken(str(match.lastgroup), match[str(match.lastgroup)]) for match in _TOKEN.finditer(text)]


def math_refs(text: str) -> tuple[str, ...]:
    """The refs of the queries in an expression such as ``$A / ${B}``, each once and in order."""
    return tuple(dict.fromkeys(match["name"] for match in _REF.finditer(text)))


def math_fault(text: str) -> MathFault | None:
    """The first error in an expression; None when Grafana can read it."""
    if not text.strip():
        return MathFault("the expression is empty", "write it, such as `$A / $B`", 0)
    reader = _MathReader(text)
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            return MathFault(f"`{text[start]}` is not possible in an expression", "remove it", start)
        kind = str(match.lastgroup)
        position = match.end()
        fault = reader.misplaced(kind, match[kind], match.start(kind)) or reader.take(
            match[kind], match.start(kind)
        )
        if fault is not None:
            return fault
        reader.function = match[kind] if kind == "function" else ""
        reader.wants_operand = kind == "operator" or match[kind] in ("(", ",")
    return reader.unfinished(end)


class _MathReader:
    """The state of reading an expression: open parentheses, and whether an operand has to follow."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[tuple[int, str]] = []
        self.wants_operand = True
        self.function = ""

    def misplaced(self, kind: str, text: str, start: int) -> MathFault | None:
        """The error of a token that is not allowed here, if it is not."""
        if self.function and text != "(":
            hint = f"write `{self.function}($A)`"
            return MathFault(f"`{self.function}` needs its value in parentheses", hint, start)
        if kind == "function" and text not in FUNCTIONS:
            hint = nearest(text, FUNCTIONS) or f"write `${text}` for a query"
            return MathFault(f"there is no function `{text}` in expressions", hint, start)
        starts_operand = kind in ("operand", "function") or (text == "(" and not self.function)
        if starts_operand and not self.wants_operand:
            return MathFault(f"an operator is missing before `{text}`", "write `+`, `-`, `*` or `/`", start)
        if kind == "operator" and self.wants_operand and text not in _BEFORE_OPERANDS:
            return MathFault(f"a value is missing before `{text}`", _VALUE, start)
        return None

    def take(self, text: str, start: int) -> MathFault | None:
        """Open and close parentheses, and check commas."""
        if text == "(":
            self.open.append((start, self.function))
            return None
        if text not in (")", ","):
            return None
        if not self.open or (text == "," and not self.open[-1][1]):
            return MathFault(f"a `{text}` too many", "remove it", start)
        before = self.text[:start].rstrip()
        # `nan()` and its like are constants in the form of a call.
        empty = before.endswith("(") and self.open[-1][1] in _WITHOUT_ARGUMENTS
        if self.wants_operand and not (text == ")" and empty):
            return MathFault(f"a value is missing before `{text}`", _VALUE, start)
        if text == ")":
            self.open.pop()
        return None

    def unfinished(self, end: int) -> MathFault | None:
        """The error of an expression that ends too early, if it does."""
        if self.open:
            return MathFault("a `(` is not closed", "add `)`", self.open[-1][0])
        if self.wants_operand or self.function:
            return MathFault("a value is missing at the end", _VALUE, end)
        return None

"""The roles of Grafana variables in a query, found without parsing it.

A query with variables cannot be parsed as it is: `$x` may be a number, a label, a whole operand or an
operator, and the parser has to be given something that fits. The text around a variable decides, in the order
of the tests in `_Scan`.
"""

import re
from enum import Enum, auto
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern


class VariableRole(Enum):
    """The role that a variable has in a query."""

    TEXT = auto()  # inside quotes
    NAME = auto()  # a metric, a label or a piece of a word
    VALUE = auto()  # a whole operand: a series or a number
    OPERAND = auto()  # beside an operator, so more likely a number than a series
    NUMBER = auto()  # where only a number can stand
    RANGE = auto()  # a duration
    DIGITS = auto()  # the number of a duration, its unit follows
    UNIT = auto()  # the unit of a duration, its number is before
    CALL = auto()  # the name of a function or an aggregation
    OPERATOR = auto()  # between two operands
    MATCHER = auto()  # whole label matchers between braces
    QUOTED = auto()  # a label value that brings its own quotes


class Reference(NamedTuple):
    """One use of a variable.

    Its name, its format (``${name:format}``), its start and end, its role, and the part of its value that it
    is (``${name.field}``); empty for the whole.
    """

    name: str
    form: str
    start: int
    end: int
    role: VariableRole
    field: str = ""


# Source: VARIABLE_REGEX of grafana/scenes, packages/scenes/src/variables/constants.ts.
_REFERENCE: Final = lazy_pattern(
    r"\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]{1,200}))?(?::([^}]{1,200}))?\}",
    re.ASCII,
)
_MARK: Final = lazy_pattern(r"\\.|[\"'`#()\[\]{}\n]", re.DOTALL)
_CLOSING: Final = frozenset(")]}")
_QUOTING_FORMS: Final = frozenset({"doublequote", "singlequote", "json"})
_JOINING: Final = "and|or|unless|atan2|by|without|on|ignoring|group_left|group_right|bool|offset"
_AFTER_JOINING: Final = lazy_pattern(rf"(?<![\w:$])(?:{_JOINING})\s*\Z", re.IGNORECASE)
_BEFORE_JOINING: Final = lazy_pattern(rf"\s*(?:{_JOINING})\b", re.IGNORECASE)
_BEFORE_MODIFIER: Final = lazy_pattern(r"\s*(?:bool\b|(?:on|ignoring)\s*\()", re.IGNORECASE)
_AFTER_OPERATOR: Final = lazy_pattern(r"[-+*/%^<>=]\s*(?:bool\s*)?\Z", re.IGNORECASE)
_AFTER_OFFSET: Final = lazy_pattern(r"\boffset\s*-?\s*\Z", re.IGNORECASE)
_AFTER_OPERAND: Final = lazy_pattern(r"[\w:)\]}\"'`]\s*\Z")
_BEFORE_OPERAND: Final = lazy_pattern(r"\s*[\w:({$\"'`]")
_BEFORE_CALL: Final = lazy_pattern(r"\s*(?:\(|(?:by|without)\s*\()", re.IGNORECASE)
_AFTER_GROUPING: Final = lazy_pattern(
    r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\Z", re.IGNORECASE
)
_AFTER_NUMBER: Final = lazy_pattern(r"(?<![\w:])[\d.]+\Z")
_NUMBER_TAKING: Final = (
    "topk|bottomk|limitk|limit_ratio|quantile|quantile_over_time|histogram_quantile|histogram_fraction|vector"
)
_AFTER_NUMBER_TAKING: Final = lazy_pattern(
    rf"(?:\b(?:{_NUMBER_TAKING})\s*(?:(?:by|without)\s*\([^()]*\)\s*)?\(|@)\s*\Z", re.IGNORECASE
)
_LOOK_BACK: Final = 200
"""The characters before a variable that decide about its role; limited, so that reading takes linear time."""


def references(expr: str) -> list[Reference]:
    """Every use of a Grafana variable in a query, in order."""
    if "$" not in expr and "[[" not in expr:
        return []
    variable_references: list[Reference] = []
    scan = _Scan(expr)
    for match in _REFERENCE.finditer(expr):
        dollar, square, square_form, curly, field, curly_form = match.groups()
        name = dollar or square or curly
        if name.isdigit():
            continue  # `$1` is a group of a regular expression
        start, end = match.span()
        glued = bool(variable_references) and variable_references[-1].end == start
        form = square_form or curly_form or ""
        role = scan.role(start, end, form, glued=glued)
        variable_references.append(Reference(name, form, start, end, role, field or ""))
    return variable_references


def variable_names(expr: str) -> list[str]:
    """The name of every use of a Grafana variable in a query, in order, without the roles that take time."""
    names = ((dollar or square or curly) for dollar, square, _, curly, _, _ in _REFERENCE.findall(expr))
    return [name for name in names if not name.isdigit()]


class _Scan:
    """Reads a query once from start to end, keeping track of open quotes and brackets."""

    def __init__(self, expr: str) -> None:
        self._expr = expr
        self._at = 0
        self._quote = ""
        self._open: list[str] = []

    def role(self, start: int, end: int, form: str, *, glued: bool) -> VariableRole:
        """The role of the reference between two offsets; `glued` if another one ends where it starts."""
        self._advance(start)
        self._at = end
        if self._quote:
            return VariableRole.TEXT
        before = self._expr[max(0, start - _LOOK_BACK) : start]
        opened = self._open[-1] if self._open else ""
        if opened == "[" or _AFTER_OFFSET.search(before):
            return self._in_range(before, end, glued=glued)
        if opened == "{":
            return self._in_braces(before.rstrip(), end, form)
        return self._in_code(before, end, glued=glued)

    def _advance(self, stop: int) -> None:
        for mark in _MARK.finditer(self._expr, self._at, stop):
            char = mark.group()
            if self._quote:
                self._in_quotes(char)
            elif char in "\"'`#":
                self._quote = char
            elif char in _CLOSING:
                del self._open[-1:]
            elif char[0] not in "\\\n":
                self._open.append(char)

    def _in_quotes(self, char: str) -> None:
        """End a text at its quote, and a comment at the end of the line."""
        end = "\n" if self._quote == "#" else self._quote
        # Backticks and comments know no escapes, so a backslash before the end does not keep them open.
        is_raw = self._quote in "`#"
        if char == end or (is_raw and char[-1] == end):
            self._quote = ""

    def _in_range(self, before: str, end: int, *, glued: bool) -> VariableRole:
        if glued or before[-1:].isdigit():
            return VariableRole.UNIT
        after = self._expr[end : end + 1]
        return VariableRole.DIGITS if after.isalpha() or after == "$" else VariableRole.RANGE

    def _in_braces(self, before: str, end: int, form: str) -> VariableRole:
        after = self._expr[end : end + _LOOK_BACK].lstrip()[:1]
        # `{job=${job:doublequote}}`: Grafana writes the quotes.
        if before[-1:] in {"=", "~"} and form in _QUOTING_FORMS:
            return VariableRole.QUOTED
        return (
            VariableRole.MATCHER
            if before[-1:] in {"{", ","} and after in {",", "}", ""}
            else VariableRole.NAME
        )

    def _in_code(self, before: str, end: int, *, glued: bool) -> VariableRole:
        after = self._expr[end : end + 1]
        # `0.$digits` and `$whole.5` are numbers; a word before or after makes it a piece of a name:
        # `${app}_requests`.
        if _AFTER_NUMBER.search(before) or (after == "." and not glued):
            return VariableRole.NUMBER
        if glued or _is_word(before[-1:]) or _is_word(after) or after in {"$", "{", "["}:
            return VariableRole.NAME
        if _AFTER_GROUPING.search(before):
            return VariableRole.NAME
        if _between_operands(before, self._expr, end):
            return VariableRole.OPERATOR
        return self._alone(before, end)

    def _alone(self, before: str, end: int) -> VariableRole:
        if _BEFORE_CALL.match(self._expr, end):
            return VariableRole.CALL
        if self._expr[end : end + _LOOK_BACK].lstrip()[:1] in {"{", "["}:
            return VariableRole.NAME
        if _AFTER_NUMBER_TAKING.search(before):
            return VariableRole.NUMBER
        return VariableRole.OPERAND if _AFTER_OPERATOR.search(before) else VariableRole.VALUE


def _is_word(char: str) -> bool:
    return char in {":", "_"} or char.isalnum()


def _between_operands(before: str, expr: str, end: int) -> bool:
    if not _AFTER_OPERAND.search(before) or _AFTER_JOINING.search(before):
        return False
    if _BEFORE_MODIFIER.match(expr, end):
        return True
    return bool(_BEFORE_OPERAND.match(expr, end)) and not _BEFORE_JOINING.match(expr, end)

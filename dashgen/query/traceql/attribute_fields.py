"""Parse field expressions: the conditions of a filter of spans, and arguments of functions."""

from typing import Final

from msgspec import Struct

from dashgen.query.query_texts import regex_problem, unquoted
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, meant, refuse
from dashgen.query.traceql.traceql import TraceQLReader
from dashgen.query.traceql.traceql_names import INTRINSICS, SCOPED, STATICS, Type

_BINDING: Final = {
    "&&": 1, "||": 1, "=": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "=~": 2, "!~": 2,
    "+": 3, "-": 3, "*": 5, "/": 5, "%": 5, "^": 6,
}  # fmt: skip
_UNARY: Final = {"-": 4, "!": 5}
_LOGICAL: Final = frozenset({"&&", "||"})
_EQUALITY: Final = frozenset({"=", "!="})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_REGEX: Final = frozenset({"=~", "!~"})
_NUMERIC: Final = frozenset({Type.NUMBER, Type.DURATION})
_WHAT: Final = "an attribute such as `.name`, an intrinsic such as `duration`, or a value"
_OPERATORS_OF: Final = {
    Type.BOOLEAN: _LOGICAL | _EQUALITY,
    Type.NUMBER: _EQUALITY | _ORDER | frozenset("+-*/%^"),
    Type.DURATION: _EQUALITY | _ORDER | frozenset("+-*/%^"),
    Type.TEXT: _EQUALITY | _ORDER | _REGEX,
    Type.STATUS: _EQUALITY,
    Type.KIND: _EQUALITY,
    Type.NIL: _EQUALITY,
}
_MOST_OPERATIONS: Final = 500


class Field(Struct, frozen=True):
    """A field expression: its type, its first token, and whether it depends on the span or is one operand."""

    type: Type
    token: QueryToken
    reads_span: bool = False
    is_alone: bool = True


def field_expression(at: TraceQLReader, least: int = 0) -> Field:
    """Take operands joined by operators that bind at least as tightly as ``least``.

    Raises:
        RefusalError: Tempo would refuse it (`ast_validate.go` for the types).
    """
    at.deeper()
    left = _operand(at)
    count = 0
    while True:
        operator = at.here
        binding = _binding(at)
        if binding is None or binding < least:
            break
        at.next()
        count += 1
        if count > _MOST_OPERATIONS:
            refuse("the query chains too many operations", "split it into several queries", operator)
        right = field_expression(at, binding if operator.text == "^" else binding + 1)
        left = _joined(operator, left, right)
    at.levels -= 1
    return left


def _binding(at: TraceQLReader) -> int | None:
    token = at.here
    if token.kind == "variable":
        after = at.ahead()
        return 2 if after.kind not in {"end", "sign"} or after.text in {"(", "-", "!"} else None
    return _BINDING.get(token.text) if token.kind == "sign" else None


def _operand(at: TraceQLReader) -> Field:
    token = at.next()
    if token.kind == "sign" and token.text in _UNARY:
        return _unary(at, token)
    if token.kind == "sign" and token.text == "(":
        inner = field_expression(at)
        at.close(token)
        return inner
    if token.kind in {"string", "number", "duration"}:
        kind = {"string": Type.TEXT, "number": Type.NUMBER, "duration": Type.DURATION}[token.kind]
        return Field(kind, token)
    if token.kind == "variable":
        return Field(Type.ANY, token, reads_span=True)
    if token.kind == "name" and token.text in STATICS:
        return Field(STATICS[token.text], token)
    at.index -= token.kind != "end"
    return attribute(at)


def attribute(at: TraceQLReader) -> Field:
    """Take an attribute or an intrinsic."""
    token = at.here
    if token.kind == "variable":
        return Field(Type.ANY, at.next(), reads_span=True)
    if token.kind == "attribute":
        if token.text.startswith("parent."):
            refuse("Tempo does not support `parent` yet", "use `>` between two filters of spans", token)
        return Field(Type.ANY, at.next(), reads_span=True)
    if token.kind == "intrinsic":
        return _scoped(at)
    if token.kind == "name" and token.text == "parent":
        refuse("Tempo does not support `parent` yet", "use `nestedSetParent`", token)
    if token.kind == "name" and token.text in INTRINSICS and not _continues(at):
        return Field(INTRINSICS[token.text], at.next(), reads_span=True)
    if token.kind == "name":
        at.refuse_name(token)
    if token.kind == "odd":
        at.refuse_unexpected(token)
    if token.text == "==":
        at.refuse_unexpected(token)
    return at.refuse_operand(token, _WHAT)


def _continues(at: TraceQLReader) -> bool:
    after = at.ahead()
    return after.kind == "attribute" and after.start == at.here.end


def _scoped(at: TraceQLReader) -> Field:
    token = at.next()
    scope, _, name = token.text.partition(":")
    types = SCOPED[scope]
    if name.strip() not in types:
        hint = meant(name, types) or "use one of: " + ", ".join(
            f"`{scope}:{type_name}`" for type_name in types
        )
        refuse(f"`{scope}` has no intrinsic `{name.strip()}`", hint, token)
    return Field(types[name.strip()], token, reads_span=True)


def _unary(at: TraceQLReader, sign: QueryToken) -> Field:
    operand = field_expression(at, _UNARY[sign.text])
    operand_types = _NUMERIC if sign.text == "-" else {Type.BOOLEAN}
    if operand.type is not Type.ANY and operand.type not in operand_types:
        takes = "a number" if sign.text == "-" else "a condition"
        refuse(f"`{sign.text}` takes {takes}, and this is {operand.type.value}", "remove it", sign)
    return Field(operand.type, sign, operand.reads_span, is_alone=False)


def _joined(operator: QueryToken, left: Field, right: Field) -> Field:
    reads_span = left.reads_span or right.reads_span
    if operator.kind == "variable":
        return Field(Type.ANY, left.token, reads_span=True, is_alone=False)
    # `nil` stands for "there is no such attribute", so it is compared with any type.
    if Type.NIL in {left.type, right.type}:
        _check_nil(operator, left, right)
        return Field(Type.BOOLEAN, left.token, reads_span, is_alone=False)
    _check_types(operator, left, right)
    if operator.text in _REGEX:
        _check_regex(operator, right)
    if operator.text in _LOGICAL | _EQUALITY | _ORDER | _REGEX:
        kind = Type.BOOLEAN
    else:
        kind = right.type if left.type is Type.ANY else left.type
    return Field(kind, left.token, reads_span, is_alone=False)


def _check_nil(operator: QueryToken, left: Field, right: Field) -> None:
    if operator.text not in _EQUALITY:
        refuse(f"`nil` cannot be compared with `{operator.text}`", "write `= nil` or `!= nil`", operator)
    other = right if left.type is Type.NIL else left
    named = other.token.text if other.is_alone else ""
    # Tempo refuses `= nil` for what always has a value: intrinsics, and the name of the service.
    never = other.token.kind in {"name", "intrinsic"} or named == "resource.service.name"
    if operator.text == "=" and named and other.reads_span and never:
        refuse(f"`{named}` is never nil, so Tempo refuses the comparison", "remove it", other.token)


def _check_types(operator: QueryToken, left: Field, right: Field) -> None:
    for side in (left, right):
        if side.type is not Type.ANY and operator.text not in _OPERATORS_OF[side.type]:
            hint = "write a comparison" if operator.text in _LOGICAL else "use another operator"
            refuse(f"`{operator.text}` cannot take {side.type.value}", hint, side.token)
    types = {left.type, right.type}
    if Type.ANY not in types and len(types) > 1 and not types <= _NUMERIC:
        message = f"{left.type.value} is compared with {right.type.value}"
        refuse(message, _comparable(left, right), right.token)


def _comparable(left: Field, right: Field) -> str:
    if left.type is Type.DURATION and right.type is Type.TEXT:
        return "write a duration without quotes, such as `100ms`"
    if left.type is Type.STATUS:
        return "use one of: `error`, `ok`, `unset`"
    if left.type is Type.KIND:
        return "use one of: `server`, `client`, `producer`, `consumer`, `internal`"
    if left.type is Type.TEXT:
        return f'write `"{right.token.text}"`'
    return "compare values of one type"


def _check_regex(operator: QueryToken, right: Field) -> None:
    if right.type is Type.ANY and right.token.kind == "variable":
        return
    if right.token.kind != "string" or not right.is_alone:
        hint = "write it in double quotes or backticks"
        refuse(f"`{operator.text}` needs a regular expression in quotes", hint, right.token)
    if HAS_VARIABLE.search(right.token.text):
        return
    value = unquoted(right.token.text)
    if problem := regex_problem(value):
        message = f"`{value}` is not a regular expression: {problem}"
        refuse(message, "check its brackets and escapes", right.token)

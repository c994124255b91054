"""The types of field expressions, checked as ast_validate.go and enum_operators.go of Tempo 3.0.3 do."""

from typing import Final

from dashgen.query.query_texts import regex_problem, unquoted
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, refuse
from dashgen.query.traceql.traceql_names import Type
from dashgen.query.traceql.traceql_nodes import (
    FieldNode,
    FieldVariable,
    Intrinsic,
    Literal,
    SpanAttribute,
    TraceQLNode,
    bare,
)
from dashgen.query.traceql.traceql_tokens import TokenStream

_LOGICAL: Final = frozenset({"&&", "||"})
_EQUALITY: Final = frozenset({"=", "!="})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
REGEX: Final = frozenset({"=~", "!~"})
ARITHMETIC: Final = frozenset("+-*/%^")
_NUMERIC: Final = frozenset({Type.NUMBER, Type.DURATION})
_OPERATORS_OF: Final = {
    Type.BOOLEAN: _LOGICAL | _EQUALITY,
    Type.NUMBER: _EQUALITY | _ORDER | ARITHMETIC,
    Type.DURATION: _EQUALITY | _ORDER | ARITHMETIC,
    Type.TEXT: _EQUALITY | _ORDER | REGEX,
    Type.STATUS: _EQUALITY,
    Type.KIND: _EQUALITY,
    Type.ANY: _LOGICAL | _EQUALITY | _ORDER | REGEX | ARITHMETIC,
}
_KINDS_HINT: Final = "use one of: `server`, `client`, `producer`, `consumer`, `internal`, `unspecified`"
STATUS_HINT: Final = "use one of: `error`, `ok`, `unset`"
VALUE_HINTS: Final = {"status": STATUS_HINT, "kind": _KINDS_HINT}
# What an operator yields for two types: an answer for every query, as there are some hundred combinations.
_RESULTS: Final[dict[tuple[str, Type, Type], Type]] = {}


def operation_type(stream: TokenStream, operator: int, left: FieldNode, right: FieldNode) -> Type:
    """The type of what an operator yields.

    Args:
        stream: the tokens of the query.
        operator: the index of the operator.
        left: what is on its left.
        right: what is on its right.

    Raises:
        RefusalError: it takes other types.
    """
    text = stream.kinds[operator]
    key = (text, left.type, right.type)
    result = _RESULTS.get(key)
    if result is None:
        _check_types(text, left, right, stream)
        result = _RESULTS[key] = _result(text, left.type, right.type)
    if text in REGEX:
        _check_regex(text, right, stream)
    return result


def _result(operator: str, left: Type, right: Type) -> Type:
    if operator not in ARITHMETIC:
        return Type.BOOLEAN
    return right if left is Type.ANY else left


def _check_types(operator: str, left: FieldNode, right: FieldNode, stream: TokenStream) -> None:
    for side in (left, right):
        if operator not in _OPERATORS_OF[side.type]:
            hint = "write a comparison" if operator in _LOGICAL else "use another operator"
            refuse(f"`{operator}` cannot take {side.type.value}", hint, first_token(side, stream))
    types = {left.type, right.type}
    if Type.ANY not in types and len(types) > 1 and not types <= _NUMERIC:
        message = f"{left.type.value} is compared with {right.type.value}"
        refuse(message, _comparable(left, right, stream), first_token(right, stream))


def _comparable(left: FieldNode, right: FieldNode, stream: TokenStream) -> str:
    if left.type is Type.DURATION and right.type is Type.TEXT:
        return "write a duration without quotes, such as `100ms`"
    if left.type is Type.STATUS:
        return STATUS_HINT
    if left.type is Type.KIND:
        return _KINDS_HINT
    if left.type is Type.TEXT and isinstance(right, Literal):
        return f'write `"{first_token(right, stream).text}"`'
    return "compare values of one type"


def _check_regex(operator: str, right: FieldNode, stream: TokenStream) -> None:
    value = bare(right)
    if isinstance(value, FieldVariable):
        return
    if not isinstance(value, Literal) or value.type is not Type.TEXT:
        hint = "write it in double quotes or backticks"
        refuse(f"`{operator}` needs a regular expression in quotes", hint, first_token(right, stream))
    if ("$" in value.text or "[[" in value.text) and HAS_VARIABLE.search(value.text):
        return
    pattern = unquoted(value.text)
    if problem := regex_problem(pattern):
        message = f"`{pattern}` is not a regular expression: {problem}"
        refuse(message, "check its brackets and escapes", first_token(value, stream))


def check_nil(operator: str, operand: FieldNode, stream: TokenStream) -> None:
    """Refuse ``= nil`` for what always has a value: intrinsics, and the name of the service.

    Raises:
        RefusalError: Tempo would refuse it.
    """
    field = bare(operand)
    if operator != "=" or not isinstance(field, SpanAttribute | Intrinsic):
        return
    if isinstance(field, Intrinsic) or field.text == "resource.service.name":
        message = f"`{field.text}` is never nil, so Tempo refuses the comparison"
        refuse(message, "remove it", first_token(field, stream))


def check_sign(operator: int, operand: FieldNode, stream: TokenStream) -> None:
    """Refuse ``-`` before what is no number, and ``!`` before what is no condition.

    Raises:
        RefusalError: Tempo would refuse it.
    """
    text = stream.kinds[operator]
    if operand.type is Type.ANY:
        return
    if text == "-" and operand.type not in _NUMERIC:
        message = f"`-` takes a number, and this is {operand.type.value}"
        refuse(message, "remove it", stream.token(operator))
    if text == "!" and operand.type is not Type.BOOLEAN:
        message = f"`!` takes a condition, and this is {operand.type.value}"
        refuse(message, "put the comparison in parentheses, as in `!(duration > 1s)`", stream.token(operator))


def check_aggregated(name: int, argument: FieldNode, stream: TokenStream) -> None:
    """Refuse to aggregate what is no number, or the same for all spans.

    Raises:
        RefusalError: Tempo would refuse it.
    """
    text = stream.texts[name]
    token = first_token(argument, stream)
    if argument.type is not Type.ANY and argument.type not in _NUMERIC:
        message = f"`{text}` takes numbers, and this is {argument.type.value}"
        refuse(message, "write `duration` or an attribute", token)
    if not argument.reads_span:
        refuse(f"`{text}` takes an attribute, and this is a constant", "write `duration`", token)


def first_token(node: TraceQLNode, stream: TokenStream) -> QueryToken:
    """The token that a part of a query starts with."""
    return stream.token(stream.starts.index(node.start))

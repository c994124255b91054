"""Spellings that other languages have and TraceQL lacks, with what TraceQL has for them."""

from typing import Final, NamedTuple

from dashgen.query.scanning import QueryToken

_OPERATORS: Final = {
    "===": "=", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<=", "~=": "=~", "=!": "!=", "|~": "=~",
}  # fmt: skip
_JOINING: Final = {"and": "&&", "or": "||"}
_COMPARING: Final = {
    "like": 'write `=~ ".*text.*"`', "contains": 'write `=~ ".*text.*"`', "in": 'write `=~ "one|two"`',
    "is": "write `=`", "matches": "write `=~`", "not": "write `!=` or `!~`", "eq": "write `=`",
    "ne": "write `!=`", "gt": "write `>`", "lt": "write `<`", "gte": "write `>=`", "lte": "write `<=`",
    "exists": "write `!= nil`",
}  # fmt: skip
_UNITS: Final = frozenset(["ns", "us", "µs", "ms", "s", "m", "h", "d", "w", "y"])
_QUOTES: Final = frozenset("\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb")
ATTRIBUTES: Final = {
    "service": "resource.service.name", "serviceName": "resource.service.name",
    "service_name": "resource.service.name", "operation": "name", "operationName": "name",
    "latency": "duration", "traceId": "trace:id", "trace_id": "trace:id", "traceID": "trace:id",
    "spanId": "span:id", "span_id": "span:id", "spanID": "span:id",
    "parentID": "span:parentID", "childCount": "span:childCount",
    "rootService": "rootServiceName", "spanName": "name", "span_name": "name", "statusCode": "status",
    "timeSinceStart": "event:timeSinceStart",
}  # fmt: skip
"""What is meant by a name that is neither an intrinsic nor an attribute with its scope."""


class NearMiss(NamedTuple):
    """What is wrong, a hint, and the token at which it is."""

    message: str
    hint: str
    token: QueryToken


def near_miss(before: QueryToken, token: QueryToken) -> NearMiss | None:
    """What is meant by a token that cannot follow the one before it, if that is a common mistake."""
    joined = before.text + token.text
    if joined in _OPERATORS and before.end == token.start:
        return NearMiss(f"TraceQL has no operator `{joined}`", f"write `{_OPERATORS[joined]}`", before)
    if token.text == "==":
        return NearMiss("values are compared with `==`", "write `=`", token)
    if token.kind == "name":
        return _word(before, token)
    if token.text == "#":
        return NearMiss("comments do not start with `#` in TraceQL", "write `//`", token)
    if token.text in _QUOTES:
        return NearMiss(f"`{token.text}` is no quote", 'write `"`', token)
    if token.text == "," and before.kind not in {"(", "{", ","}:
        return NearMiss("conditions are not joined by commas", "write `&&`", token)
    return None


def _word(before: QueryToken, token: QueryToken) -> NearMiss | None:
    word = token.text.lower()
    if before.kind == "number" and token.text in _UNITS:
        hint = f"write `{before.text}{token.text}`"
        return NearMiss("the number and the unit of a duration are apart", hint, token)
    if sign := _JOINING.get(word):
        return NearMiss(f"`{token.text}` means nothing in TraceQL", f"write `{sign}`", token)
    if word in _COMPARING:
        return NearMiss(f"TraceQL has no operator `{token.text}`", _COMPARING[word], token)
    return None

"""Find the first token of a PromQL expression that cannot be where it is, when the parser gives no reason.

Each check looks at a token and its two neighbours; the first check with an opinion wins.
"""

from collections.abc import Callable, Sequence
from typing import Final

from dashgen.query.language import Fault
from dashgen.query.promql.promql_names import (
    AGGREGATIONS,
    FUNCTIONS,
    GROUPING,
    MANY_TO_ONE,
    MATCHING,
    WORD_OPERATORS,
)
from dashgen.query.shared_tokens import TextToken, matching_close

_SIGNS: Final = frozenset({"+", "-"})
_OPERATORS: Final = (
    frozenset(["+", "-", "*", "/", "%", "^", "==", "!=", "<=", "<", ">=", ">", "="]) | WORD_OPERATORS
)
_CLAUSES: Final = GROUPING | MATCHING
_MODIFIERS: Final = _CLAUSES | MANY_TO_ONE | {"bool", "offset"}
_COMPARING: Final = frozenset({"=", "!=", "=~", "!~"})
_MATCHER_HINT: Final = 'write label matchers as `label="value"` with commas between them'

_Check = Callable[[TextToken, TextToken, TextToken], Fault | None]


def misfit(tokens: Sequence[TextToken]) -> Fault | None:
    """The first token that cannot be where it is.

    Args:
        tokens: an expression with balanced brackets and quotes.
    """
    end = tokens[-1].end
    bounded = [TextToken("edge", "", 0), *tokens, TextToken("edge", "", end)]
    index = 1
    while index < len(bounded) - 1:
        token = bounded[index]
        # Between braces there is another grammar, with matchers instead of operators.
        if token.text == "{":
            close = matching_close(bounded, index)
            fault = _first(_IN_BRACES, bounded[index : close + 1])
            index = close
        else:
            fault = _first(_IN_CODE, bounded[index - 1 : index + 2])
        if fault:
            return fault
        index += 1
    return None


def _first(checks: Sequence[_Check], tokens: Sequence[TextToken]) -> Fault | None:
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        for check in checks:
            if fault := check(before, token, after):
                return fault
    return None


def _is_operator(token: TextToken) -> bool:
    return token.text.lower() in _OPERATORS


def _ends_operand(token: TextToken) -> bool:
    if token.kind == "name":
        return token.text.lower() not in _MODIFIERS | WORD_OPERATORS
    return token.kind in {"number", "string"} or token.text in {")", "]", "}"}


def _starts_operand(token: TextToken) -> bool:
    if token.kind == "name":
        return token.text.lower() not in _MODIFIERS | WORD_OPERATORS
    return token.kind in {"number", "string"}


def _clause_without_labels(_before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    word = token.text.lower()
    if token.kind != "name" or word not in _CLAUSES or after.text == "(":
        return None
    labels = after.text if after.kind == "name" else "label"
    return Fault(f"`{token.text}` needs its labels in parentheses", f"write `{word} ({labels})`", token.start)


def _clause_at_start(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    word = token.text.lower()
    if token.kind != "name" or word not in _MODIFIERS or before.kind != "edge":
        return None
    hint = "write the aggregation first, as in `sum by (label) (metric)`" if word in GROUPING else "remove it"
    return Fault(f"`{token.text}` has nothing before it", hint, token.start)


def _group_without_matching(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text.lower() in MANY_TO_ONE and before.text != ")":
        hint = f"write `on (label) {token.text}` or `ignoring (label) {token.text}`"
        return Fault(f"`{token.text}` needs the labels to match on before it", hint, token.start)
    return None


def _misplaced_bool(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text.lower() == "bool" and before.text not in {"==", "!=", "<", "<=", ">", ">="}:
        return Fault("`bool` has to follow a comparison", "write it as in `metric > bool 0`", token.start)
    return None


def _single_equals(_before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text == "=":
        return Fault(
            "`=` compares labels and has to be between braces", "write `==` to compare values", token.start
        )
    return None


def _operator_after_operator(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if not (_is_operator(before) and _is_operator(token)) or token.text in _SIGNS:
        return None
    pair = before.text + token.text
    hint = (
        f"write `{_INTENDED_OPERATORS[pair]}`"
        if pair in _INTENDED_OPERATORS
        else f"write an operand between them or remove `{token.text}`"
    )
    return Fault(f"`{token.text}` cannot follow `{before.text}`", hint, token.start)


# Two operators in a row that were meant as one.
_INTENDED_OPERATORS: Final = {
    ">=": ">=",
    "<=": "<=",
    "!=": "!=",
    "<>": "!=",
    "===": "==",
    "=>": ">=",
    "=<": "<=",
    ">==": ">=",
}


def _nothing_on_the_left(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if not _is_operator(token) or token.text in _SIGNS or before.text not in {"", "(", ","}:
        return None
    return Fault(f"`{token.text}` has nothing on its left", "write an operand before it", token.start)


def _nothing_on_the_right(before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    if not _is_operator(token) or after.text not in {"", ")", ","}:
        return None
    percent = token.text == "%" and before.kind == "number"
    hint = "write a percentage as a fraction, such as `0.5`" if percent else "write an operand after it"
    return Fault(f"`{token.text}` has nothing on its right", hint, token.start)


def _call_without_parentheses(_before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    name = token.text.lower()
    if token.kind == "name" and name in FUNCTIONS | AGGREGATIONS and _starts_operand(after):
        return Fault(f"`{token.text}` needs its arguments in parentheses", f"write `{name}(…)`", token.start)
    return None


def _operand_after_operand(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if not _starts_operand(token) or not _ends_operand(before) or before.text == ")":
        return None
    return Fault(
        f"an operator is missing before `{token.text}`", "join the two with an operator", token.start
    )


def _misplaced_comma(before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    if token.text != ",":
        return None
    if before.kind == "number" and after.kind == "number":
        return Fault("a comma is between two numbers", "write a number without separators", token.start)
    if before.text in {"(", ","} or after.text == ")":
        return Fault("a comma has nothing beside it", "remove it or write the missing argument", token.start)
    return None


def _misplaced_range(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text == "[" and not _ends_operand(before):
        return Fault(
            "a range has nothing before it", "write the metric first, as in `metric[5m]`", token.start
        )
    return None


def _empty_parentheses(before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    if token.text == "(" and after.text == ")" and before.kind != "name":
        return Fault(
            "the parentheses are empty", "write an expression between them or remove them", token.start
        )
    return None


def _offset_without_duration(_before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    if token.text.lower() == "offset" and after.kind not in {"number", "operator"}:
        return Fault("`offset` needs a duration after it", "write one, such as `1h`", token.start)
    return None


def _label_without_value(before: TextToken, token: TextToken, after: TextToken) -> Fault | None:
    if token.text in _COMPARING and after.kind != "string":
        return Fault(
            f"the label `{before.text}` has no value",
            f'write `{before.text}{token.text}"value"`',
            token.start,
        )
    return None


def _value_without_label(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text in _COMPARING and before.kind not in {"name", "string"}:
        return Fault(f"`{token.text}` has no label before it", _MATCHER_HINT, token.start)
    return None


def _comma_missing(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if before.kind == "string" and token.kind in {"name", "string"} and token.text.lower() != "or":
        return Fault(f"a comma is missing before `{token.text}`", _MATCHER_HINT, token.start)
    return None


def _comma_repeated(before: TextToken, token: TextToken, _after: TextToken) -> Fault | None:
    if token.text == "," and before.text in {",", "{"}:
        return Fault("a comma has no label matcher before it", "remove it", token.start)
    return None


# In this order: the special mistakes before the general ones, whose messages say less.
_IN_CODE: Final[tuple[_Check, ...]] = (
    _clause_at_start,
    _clause_without_labels,
    _group_without_matching,
    _misplaced_bool,
    _operator_after_operator,
    _single_equals,
    _nothing_on_the_left,
    _nothing_on_the_right,
    _call_without_parentheses,
    _operand_after_operand,
    _misplaced_comma,
    _misplaced_range,
    _empty_parentheses,
    _offset_without_duration,
)
_IN_BRACES: Final[tuple[_Check, ...]] = (
    _value_without_label,
    _label_without_value,
    _comma_missing,
    _comma_repeated,
)

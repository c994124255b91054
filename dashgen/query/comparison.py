"""The outermost comparison of an expression with a number: the threshold of an alert in PromQL or LogQL."""

import ast
import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dashgen.query.shared_tokens import LOGQL_WORDS, PROMQL_WORDS, TextToken, tokenize, too_deep, unbalanced

_FLIPPED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "=="}
_SET_OPERATORS: Final = frozenset({"and", "or", "unless"})
_MODIFIERS: Final = frozenset({"bool", "on", "ignoring", "group_left", "group_right"})
_ARITHMETIC: Final = frozenset("+-*/()")
_MOST_NUMBERS: Final = 40


class Comparison(NamedTuple):
    """``query > number``: the text of the query, the operator with the query on its left, and the number."""

    query: str
    sign: str
    number: float


def split_comparison(expr: str, language: str = "prometheus") -> Comparison | None:
    """Split an expression at its outermost comparison with a number.

    Args:
        expr: the expression.
        language: ``prometheus`` or ``loki``.

    Returns:
        None without such a comparison, or with one that does more than filter, such as ``> bool 1``.
    """
    expr = unwrapped(expr, language)
    tokens = _tokens(expr, language)
    if unbalanced(tokens) or too_deep(tokens):
        return None
    outer = _outermost(tokens)
    # Set operators bind weaker than comparisons: `a > 1 or b` is not a comparison as a whole.
    if any(tokens[i].text.lower() in _SET_OPERATORS for i in outer):
        return None
    signs = [i for i in outer if tokens[i].text in _FLIPPED or tokens[i].text == "!="]
    if not signs or tokens[signs[-1]].text == "!=":
        return None
    # Comparisons associate to the left: of `a > 1 < 5`, the last one is the outermost.
    last = signs[-1]
    number = _number(tokens[last + 1 :])
    if number is not None:
        query = unwrapped(expr[: tokens[last].start], language)
        return Comparison(query, tokens[last].text, number) if query else None
    number = _number(tokens[:last])
    query = unwrapped(expr[tokens[last].end :], language)
    if number is None or not query or tokens[last + 1].text.lower() in _MODIFIERS:
        return None
    return Comparison(query, _FLIPPED[tokens[last].text], number)


def absent_of(expr: str) -> str | None:
    """The argument of a PromQL expression that is one call of ``absent``; None for any other."""
    tokens = _tokens(expr, "prometheus")
    if len(tokens) < 4 or tokens[0].text != "absent" or _outermost(tokens) != [0, 1, len(tokens) - 1]:
        return None
    return expr[tokens[1].end : tokens[-1].start].strip() or None


def canonical(expr: str, language: str = "prometheus") -> tuple[object, ...]:
    """A key that ignores spaces, comments, outer parentheses and the notation of numbers in an expression."""
    comparison = split_comparison(expr, language)
    if comparison is None:
        return tuple(token.text for token in _tokens(unwrapped(expr, language), language))
    return (canonical(comparison.query, language), comparison.sign, comparison.number)


def unwrapped(expr: str, language: str = "prometheus") -> str:
    """An expression without the parentheses around it as a whole."""
    text = expr.strip()
    while True:
        tokens = _tokens(text, language)
        if len(tokens) < 3 or tokens[0].text != "(" or _outermost(tokens) != [0, len(tokens) - 1]:
            return text
        if "#" in text[: tokens[0].start] or "#" in text[tokens[-1].end :]:
            return text  # a comment outside would be lost
        text = text[tokens[0].end : tokens[-1].start].strip()


def _tokens(expr: str, language: str) -> list[TextToken]:
    return tokenize(expr, LOGQL_WORDS if language == "loki" else PROMQL_WORDS)


def _outermost(tokens: Sequence[TextToken]) -> list[int]:
    """The indexes of the tokens outside all brackets, and of the outermost brackets."""
    depth, indexes = 0, []
    for i, token in enumerate(tokens):
        is_bracket = token.kind == "bracket"
        if is_bracket and token.text in ")]}":
            depth -= 1
        if depth == 0:
            indexes.append(i)
        if is_bracket and token.text in "([{":
            depth += 1
    return indexes


def _number(tokens: Sequence[TextToken]) -> float | None:
    """The value of arithmetic with numbers; None for anything else.

    A computed value is rounded to 15 digits, so that 14.4 * 0.001 is 0.0144: a float keeps every number of
    that many digits.
    """
    if not 0 < len(tokens) <= _MOST_NUMBERS:
        return None
    if any(token.kind != "number" and token.text not in _ARITHMETIC for token in tokens):
        return None
    try:
        # Python's grammar of arithmetic is that of PromQL for these operators, and `ast` computes nothing by
        # itself.
        number = _computed(ast.parse(" ".join(token.text for token in tokens), mode="eval").body)
        return number if len(tokens) == 1 else float(f"{number:.15g}")
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _computed(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        value = float(node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _computed(node.operand) * (-1 if isinstance(node.op, ast.USub) else 1)
    elif isinstance(node, ast.BinOp):
        value = _applied(node.op, _computed(node.left), _computed(node.right))
    else:
        raise SyntaxError(ast.dump(node))  # noqa: TRY004  # of the text, and not a wrong type
    if not math.isfinite(value):
        raise OverflowError
    return value


def _applied(operator: ast.operator, left: float, right: float) -> float:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult):
        return left * right
    if isinstance(operator, ast.Div):
        return left / right
    raise ValueError(operator)

"""Parse a PromQL expression and gather the facts about it.

The parser is promql-parser, Prometheus' grammar in Rust. What it lacks is bridged before it is called:
Grafana's variables get stand-ins of the same length (`template_variables`), notations that only Prometheus
accepts are rewritten (`_widely_accepted`), and syntax of newer servers is replaced (`newer`). Its terse
refusals are explained by `promql_errors`.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace
from promql_parser import Expr, MatrixSelector, ParenExpr, SubqueryExpr
from promql_parser import parse as parse_promql

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault, ParsedQuery, Remark, Yield
from dashgen.query.own_variables import without_own
from dashgen.query.promql.newer import is_newer, older_form
from dashgen.query.promql.promql_errors import explain
from dashgen.query.promql.promql_facts import Facts
from dashgen.query.promql.promql_limits import beyond_limits
from dashgen.query.promql.value_shape import UNKNOWN, QueryShape
from dashgen.query.promql.value_shapes import is_rate, shape_of
from dashgen.query.promql.wording import Wording
from dashgen.query.query_context import Reference, VariableRole
from dashgen.query.shared_tokens import TextToken, tokenize, unbalanced
from dashgen.query.template_variables import guesses, holds_numbers, is_guessed_rate, names_of, prepare

_PARSED: Final = 1 << 15  # more than the queries of a thousand dashboards
# A query is described right after it is checked; more trees than these would only slow down the garbage
# collector.
_LATEST_READINGS: Final = 16
_UNDERSCORE: Final = lazy_pattern(r"(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])|(?<=0[xX])_")
_BEYOND_LIMITS: Final = "beyond limits"
_UNKNOWN_FUNCTION: Final = "unknown function with name '"


class PromQLParser:
    """The query language of Prometheus."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about an expression; they are cached by its text."""
        return _parsed(expr)


@lru_cache(maxsize=_PARSED)
def describe(expr: str) -> QueryShape:
    """The kind of number that a PromQL expression yields; `UNKNOWN` when it does not parse."""
    reading = _read(expr)
    if isinstance(reading.tree, str) or is_guessed_rate(reading.text, reading.references):
        return UNKNOWN
    shape = shape_of(reading.tree)
    if not reading.references:
        return shape
    # A variable that may be a factor makes the scale unknown.
    if {"*", "/"} & set(expr) and holds_numbers(reading.references):
        shape = replace(shape, scale=None)
    return Wording(expr, reading.text, reading.references).shape(shape)


class _Reading(NamedTuple):
    """The text that was parsed for an expression, its variables, and the tree or the parser's refusal."""

    text: str
    references: list[Reference]
    tree: Expr | str


@lru_cache(maxsize=_PARSED)
def _parsed(expr: str) -> ParsedQuery:
    text, references, tree = _read(expr)
    variables = _variables(expr, references)
    if isinstance(tree, str):
        return _refused(expr, text, references, tree)
    facts = Facts(tree)
    metrics, functions = facts.metrics(text), frozenset(facts.functions)
    rate_like = is_rate(tree) and not is_guessed_rate(text, references)
    remarks = older_form(text)[1] if is_newer(text) else ()
    if facts.lacks_le:
        remarks = (*remarks, _lacks_le(text))
    parsed = ParsedQuery(
        "", "", -1, metrics, facts.grouping, rate_like, functions, variables, _yields(tree), (), remarks
    )
    return parsed if text is expr else Wording(expr, text, references).query(parsed)


@lru_cache(maxsize=_LATEST_READINGS)
def _read(expr: str) -> _Reading:
    text, references = prepare(expr)
    tree = _tree(text)
    if isinstance(tree, str) and references and tree != _BEYOND_LIMITS:
        tree, text = _guessed(expr, text, references, tree)
    return _Reading(text, references, tree)


def _tree(text: str) -> Expr | str:
    """The syntax tree, or the parser's refusal."""
    if beyond_limits(text):
        return _BEYOND_LIMITS
    tree = _parse(text)
    if isinstance(tree, str) and (respelt := _widely_accepted(text)) != text:
        accepted = _parse(respelt)
        tree = tree if isinstance(accepted, str) else accepted
    if isinstance(tree, str) and is_newer(text):
        accepted = _parse(older_form(text)[0])
        tree = tree if isinstance(accepted, str) else accepted
    return tree


def _parse(text: str) -> Expr | str:
    try:
        return parse_promql(text)
    except (ValueError, OverflowError) as refusal:
        return str(refusal)


def _widely_accepted(text: str) -> str:
    """The same expression without backslashes in raw strings, and without `_` in numbers."""
    parts: list[str] = []
    last = 0
    for token in tokenize(text):
        compatible = _compatible(token)
        if compatible != token.text:
            parts += text[last : token.start], compatible
            last = token.end
    return "".join([*parts, text[last:]])


def _compatible(token: TextToken) -> str:
    if token.kind == "string" and token.text[0] == "`":
        return token.text.replace("\\", "\\\\")
    if token.kind == "number" and "_" in token.text:
        return _UNDERSCORE.sub("", token.text)
    return token.text


def _guessed(expr: str, text: str, references: list[Reference], refusal: str) -> tuple[Expr | str, str]:
    """Try other stand-ins. If none parses, the first refusal counts: its stand-ins are the likeliest."""
    for guess in dict.fromkeys(guesses(expr, references)):
        tree = _tree(guess) if guess != text else refusal
        if not isinstance(tree, str):
            return tree, guess
    return refusal, text


def _variables(expr: str, references: list[Reference]) -> tuple[str, ...]:
    return names_of(without_own(expr, references)) if references else ()


def _lacks_le(text: str) -> Remark:
    message = "`histogram_quantile` needs the label `le`, and the query aggregates it away"
    return Remark("query/quantile", message, "add `le` to `by (…)`", text.lower().find("histogram_quantile"))


def _yields(tree: Expr) -> Yield:
    while isinstance(tree, ParenExpr):
        tree = tree.expr
    return Yield.RANGE if isinstance(tree, MatrixSelector | SubqueryExpr) else Yield.SERIES


def _refused(expr: str, text: str, references: list[Reference], refusal: str) -> ParsedQuery:
    variables = _variables(expr, references)
    certain_fault = beyond_limits(text) or unbalanced(tokenize(text))
    if references and certain_fault is None and _depends_on_variables(expr, references, refusal):
        return ParsedQuery(variables=variables)
    fault = certain_fault or explain(text, refusal)
    if references:
        wording = Wording(expr, text, references)
        fault = Fault(wording.sentence(fault.message), wording.sentence(fault.hint), fault.offset)
    return ParsedQuery.refused(fault, variables)


def _depends_on_variables(expr: str, references: list[Reference], refusal: str) -> bool:
    """Whether a variable is the function that is called, so that validity depends on its value."""
    if any(ref.role is VariableRole.CALL for ref in references):
        return True
    function = refusal.removeprefix(_UNKNOWN_FUNCTION).rstrip("'")
    return function != refusal and function not in expr

"""Gather the facts about a PromQL expression, which may have Grafana's variables.

Variables get stand-ins of the same length (`template_variables`), so that the offsets in the text that is
parsed are those in the text that the author wrote.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from dashgen.query.language import Fault, ParsedQuery, Remark, Requirement, Yield
from dashgen.query.own_variables import without_own
from dashgen.query.promql.promql_facts import Facts
from dashgen.query.promql.promql_nodes import Expr, MatrixSelector, ParenExpr, SubqueryExpr
from dashgen.query.promql.promql_refusals import NestingError, UnknownFunctionError
from dashgen.query.promql.promql_syntax import PromQLTree, parse_promql
from dashgen.query.promql.value_shape import UNKNOWN, QueryShape
from dashgen.query.promql.value_shapes import is_rate, shape_of
from dashgen.query.promql.wording import Wording
from dashgen.query.query_context import Reference, VariableRole
from dashgen.query.scanning import RefusalError
from dashgen.query.shared_tokens import tokenize, unbalanced
from dashgen.query.template_variables import guesses, holds_numbers, is_guessed_rate, names_of, prepare

_PARSED: Final = 1 << 15  # more than the queries of a thousand dashboards
# A query is described right after it is checked; more trees than these would only slow down the garbage
# collector.
_LATEST_READINGS: Final = 16


class PromQLParser:
    """The query language of Prometheus."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about an expression; they are cached by its text."""
        return _parsed(expr)


@lru_cache(maxsize=_PARSED)
def describe(expr: str) -> QueryShape:
    """The kind of number that a PromQL expression yields; `UNKNOWN` when it does not parse."""
    reading = read_promql(expr)
    tree = reading.tree
    if isinstance(tree, RefusalError) or is_guessed_rate(reading.text, reading.references):
        return UNKNOWN
    shape = shape_of(tree.expr)
    if not reading.references:
        return shape
    # A variable that may be a factor makes the scale unknown.
    if {"*", "/"} & set(expr) and holds_numbers(reading.references):
        shape = replace(shape, scale=None)
    return Wording(expr, reading.text, reading.references).shape(shape)


class PromQLReading(NamedTuple):
    """The text that was parsed for an expression, its variables, and the tree or the parser's refusal."""

    text: str
    references: list[Reference]
    tree: PromQLTree | RefusalError


@lru_cache(maxsize=_PARSED)
def _parsed(expr: str) -> ParsedQuery:
    text, references, tree = read_promql(expr)
    variables = _variables(expr, references)
    if isinstance(tree, RefusalError):
        return _refused(expr, text, references, tree)
    facts = Facts(tree.expr)
    parsed = ParsedQuery(
        metrics=facts.metrics(text),
        grouping=facts.grouping,
        rate_like=is_rate(tree.expr) and not is_guessed_rate(text, references),
        functions=frozenset(facts.functions),
        variables=variables,
        yields=_yields(tree.expr),
        remarks=(_lacks_le(facts.lacks_le),) if facts.lacks_le >= 0 else (),
        requirements=_of_author(tree.requirements, references) if tree.requirements else (),
    )
    return parsed if text is expr else Wording(expr, text, references).query(parsed)


@lru_cache(maxsize=_LATEST_READINGS)
def read_promql(expr: str) -> PromQLReading:
    """The syntax tree of an expression that may have variables; the latest ones are cached."""
    text, references = prepare(expr)
    tree = _tree(text)
    if isinstance(tree, RefusalError) and references:
        tree, text = _guessed(expr, text, references, tree)
    return PromQLReading(text, references, tree)


def _tree(text: str) -> PromQLTree | RefusalError:
    """The syntax tree, or the parser's refusal."""
    try:
        return parse_promql(text)
    except RefusalError as refusal:
        return refusal


def _of_author(requirements: tuple[Requirement, ...], references: list[Reference]) -> tuple[Requirement, ...]:
    """The requirements of what the author wrote, without those of stand-ins."""
    starts = {ref.start for ref in references}
    return tuple([requirement for requirement in requirements if requirement.offset not in starts])


def _guessed(
    expr: str, text: str, references: list[Reference], refusal: RefusalError
) -> tuple[PromQLTree | RefusalError, str]:
    """Try other stand-ins. If none parses, the first refusal counts: its stand-ins are the likeliest."""
    for guess in dict.fromkeys(guesses(expr, references)):
        tree = _tree(guess) if guess != text else refusal
        if isinstance(tree, PromQLTree):
            return tree, guess
    return refusal, text


def _variables(expr: str, references: list[Reference]) -> tuple[str, ...]:
    return names_of(without_own(expr, references)) if references else ()


def _lacks_le(offset: int) -> Remark:
    message = "`histogram_quantile` needs the label `le`, and the query aggregates it away"
    return Remark("query/quantile", message, "add `le` to `by (…)`", offset)


def _yields(tree: Expr) -> Yield:
    while isinstance(tree, ParenExpr):
        tree = tree.expr
    return Yield.RANGE if isinstance(tree, MatrixSelector | SubqueryExpr) else Yield.SERIES


def _refused(expr: str, text: str, references: list[Reference], refusal: RefusalError) -> ParsedQuery:
    variables = _variables(expr, references)
    if not references:
        return ParsedQuery.refused(refusal.fault, variables)
    is_certain = isinstance(refusal, NestingError) or unbalanced(tokenize(text)) is not None
    if not is_certain and _depends_on_variables(expr, references, refusal):
        return ParsedQuery(variables=variables)
    wording, fault = Wording(expr, text, references), refusal.fault
    worded = Fault(wording.sentence(fault.message), wording.sentence(fault.hint), fault.offset)
    return ParsedQuery.refused(worded, variables)


def _depends_on_variables(expr: str, references: list[Reference], refusal: RefusalError) -> bool:
    """Whether a variable is the function that is called, so that validity depends on its value."""
    if any(ref.role is VariableRole.CALL for ref in references):
        return True
    return isinstance(refusal, UnknownFunctionError) and refusal.name not in expr

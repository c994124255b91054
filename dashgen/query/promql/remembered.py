"""The entry point of PromQL, which parses each form of expression only once.

Expressions go through three caches: the latest expressions, expressions with their label values replaced
(`labels`), and forms, in which names are replaced too (`expression_templates`).
"""

from functools import lru_cache
from typing import Final

from dashgen.query.language import Fault, ParsedQuery
from dashgen.query.promql import promql
from dashgen.query.promql.expression_templates import LearnedForm, facts_of, form_of, learn, shape_of
from dashgen.query.promql.labels import with_common_values
from dashgen.query.promql.value_shape import UNKNOWN, QueryShape

_LONGEST: Final = 1_000_000
_TOO_LONG: Final = Fault(
    f"the expression is longer than {_LONGEST} characters", "split it into several queries"
)
_FORMS: Final = 1 << 12
_WORDINGS: Final = 1 << 11
_LATEST: Final = 64  # a query is described right after it is checked


class PromQL:
    """The query language of Prometheus."""

    def parse(self, expr: str) -> ParsedQuery:
        """The facts about an expression."""
        if len(expr) > _LONGEST:
            return ParsedQuery.refused(_TOO_LONG)
        facts = _known(expr)
        return promql.PromQLParser().parse(expr) if facts is None else facts[0]


def describe(expr: str) -> QueryShape:
    """The kind of number that a PromQL expression yields; `UNKNOWN` when it does not parse."""
    facts = _known(expr) if len(expr) <= _LONGEST else (None, UNKNOWN)
    return promql.describe(expr) if facts is None else facts[1]


@lru_cache(maxsize=_LATEST)
def _known(expr: str) -> tuple[ParsedQuery, QueryShape] | None:
    """The facts about an expression, and its shape; None when it has no form, or its form does not parse."""
    return _facts(with_common_values(expr))


@lru_cache(maxsize=_WORDINGS)
def _facts(expr: str) -> tuple[ParsedQuery, QueryShape] | None:
    form = form_of(expr)
    learned = None if form is None else _learned_form(form.text)
    return None if form is None or learned is None else (facts_of(learned, form), shape_of(learned, form))


@lru_cache(maxsize=_FORMS)
def _learned_form(text: str) -> LearnedForm | None:
    parsed = promql.PromQLParser().parse(text)
    # Errors, remarks and requirements have offsets of the expression itself, so they are not taken from its
    # form.
    return (
        None
        if parsed.error or parsed.remarks or parsed.requirements
        else learn(parsed, promql.describe(text), text)
    )

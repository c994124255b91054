"""PromQL as the rest of dashgen asks for it: each form of expression is parsed once."""

from functools import lru_cache
from typing import Final

from dashgen.query.language import Fault, ParsedQuery
from dashgen.query.promql import promql
from dashgen.query.promql.expression_templates import Learnt, facts_of, form_of, learn, shape_of
from dashgen.query.promql.labels import with_common_values
from dashgen.query.promql.value_shape import UNKNOWN, QueryShape

_LONGEST: Final = 1_000_000
_TOO_LONG: Final = Fault(
    f"the expression is longer than {_LONGEST} characters", "split it into several queries"
)
_FORMS: Final = 1 << 12
_WORDINGS: Final = 1 << 11
_LATEST: Final = 64  # who describes a query comes right after who checks it


class PromQL:
    """The query language of Prometheus."""

    def parse(self, expr: str) -> ParsedQuery:
        """Learn about an expression."""
        if len(expr) > _LONGEST:
            return ParsedQuery.refused(_TOO_LONG)
        facts = _known(expr)
        return promql.PromQLParser().parse(expr) if facts is None else facts[0]


def describe(expr: str) -> QueryShape:
    """What kind of number a PromQL expression yields; nothing is known of one that does not parse."""
    facts = _known(expr) if len(expr) <= _LONGEST else (None, UNKNOWN)
    return promql.describe(expr) if facts is None else facts[1]


@lru_cache(maxsize=_LATEST)
def _known(expr: str) -> tuple[ParsedQuery, QueryShape] | None:
    """The facts about an expression and its shape; nothing when it has no form, or none that parses."""
    return _facts(with_common_values(expr))


@lru_cache(maxsize=_WORDINGS)
def _facts(expr: str) -> tuple[ParsedQuery, QueryShape] | None:
    form = form_of(expr)
    learnt = None if form is None else _learnt(form.text)
    return None if form is None or learnt is None else (facts_of(learnt, form), shape_of(learnt, form))


@lru_cache(maxsize=_FORMS)
def _learnt(text: str) -> Learnt | None:
    parsed = promql.PromQLParser().parse(text)
    # What is wrong, or of newer servers, is said of the expression itself, in its own words and places.
    return None if parsed.error or parsed.remarks else learn(parsed, promql.describe(text), text)

"""Whether two PromQL expressions are the same in different notation."""

from promql_parser import parse as parse_promql

from dashgen.query.comparison import canonical
from dashgen.query.shared_tokens import PROMQL_WORDS, tokenize, too_deep


def same_promql(expr: str, other: str) -> bool:
    """Whether two expressions differ only in the notation of durations, the order of clauses, and spaces.

    Expressions that do not parse are compared by their tokens.
    """
    return expr == other or _plain(expr) == _plain(other)


def _plain(expr: str) -> object:
    try:
        if not too_deep(list(tokenize(expr, PROMQL_WORDS))):
            return parse_promql(expr).prettify()
    except ValueError:
        pass
    return canonical(expr)

"""Whether two expressions are the same, however they are spelt."""

from promql_parser import parse as parse_promql

from dashgen.query.comparison import canonical
from dashgen.query.shared_tokens import PROMQL_WORDS, tokenize, too_deep


def same_promql(one: str, other: str) -> bool:
    """Whether two PromQL expressions say the same: durations, the order of clauses and spaces do not matter.

    What does not parse is compared as text.
    """
    return one == other or _plain(one) == _plain(other)


def _plain(expr: str) -> object:
    try:
        if not too_deep(list(tokenize(expr, PROMQL_WORDS))):
            return parse_promql(expr).prettify()
    except ValueError:
        pass
    return canonical(expr)

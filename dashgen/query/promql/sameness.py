"""Whether two PromQL expressions are the same in different notation."""

from dashgen.query.comparison import canonical
from dashgen.query.promql.promql_syntax import parse_promql
from dashgen.query.promql.promql_writer import promql_text
from dashgen.query.scanning import RefusalError


def same_promql(expr: str, other: str) -> bool:
    """Whether two expressions differ only in the notation of durations, the order of clauses, and spaces.

    Expressions that do not parse are compared by their tokens.
    """
    return expr == other or _plain(expr) == _plain(other)


def _plain(expr: str) -> object:
    try:
        return promql_text(parse_promql(expr).expr)
    except RefusalError:
        return canonical(expr)

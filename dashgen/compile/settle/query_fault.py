"""One thing that is wrong with a query, before anybody knows where the query stands."""

from typing import NamedTuple

from dashgen.core.diagnostics import Severity


class QueryFault(NamedTuple):
    """What is wrong with a query: the finding, and where in the query's text it is (-1: not known)."""

    rule: str
    message: str
    hint: str = ""
    offset: int = -1
    severity: Severity = Severity.ERROR

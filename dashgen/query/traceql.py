"""TraceQL, as far as dashgen checks it today: brackets and quotes only, nothing of its grammar."""

from dashgen.query.language import Fault, ParsedQuery
from dashgen.query.tokens import LOGQL_WORDS, tokenize, unbalanced
from dashgen.query.variables import substitute


class TraceQL:
    """The query language of Tempo."""

    def parse(self, expr: str) -> ParsedQuery:
        """Check the brackets and quotes of a query."""
        text, variables = substitute(expr)
        tokens = tokenize(text, LOGQL_WORDS)
        if not tokens:
            return ParsedQuery.refused(
                Fault("the query is empty", "write a TraceQL query such as `{}`"), variables
            )
        fault = unbalanced(tokens)
        return ParsedQuery.refused(fault, variables) if fault else ParsedQuery(variables=variables)

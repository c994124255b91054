"""LogQL, as far as dashgen checks it today.

Brackets, quotes and durations are checked, a metric query is told from a log query, and the labels of a
metric query's result are read. The rest of the grammar is not: a pipeline stage that Loki does not know
passes, and stream selectors are not listed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from dashgen.query.language import Fault, ParsedQuery
from dashgen.query.tokens import LOGQL_WORDS, Token, matching_close, tokenize, too_deep, unbalanced
from dashgen.query.variables import substitute

_DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]))+")
_RANGE_FUNCTIONS: Final = frozenset(
    [
        "rate",
        "rate_counter",
        "bytes_rate",
        "count_over_time",
        "bytes_over_time",
        "absent_over_time",
        "sum_over_time",
        "avg_over_time",
        "max_over_time",
        "min_over_time",
        "first_over_time",
        "last_over_time",
        "stdvar_over_time",
        "stddev_over_time",
        "quantile_over_time",
    ]
)
_CHOOSING: Final = frozenset({"topk", "bottomk", "approx_topk", "sort", "sort_desc"})
_AGGREGATIONS: Final = frozenset({"sum", "avg", "min", "max", "count", "stddev", "stdvar"})
_FUNCTIONS: Final = _RANGE_FUNCTIONS | _CHOOSING | _AGGREGATIONS | {"label_replace", "vector"}
_RATES: Final = frozenset({"rate", "rate_counter", "bytes_rate", "count_over_time", "bytes_over_time"})
_GROUPING: Final = frozenset({"by", "without"})


class LogQL:
    """The query language of Loki."""

    def parse(self, expr: str) -> ParsedQuery:
        """Learn about a query; the module says how far that goes."""
        text, variables = substitute(expr)
        tokens = tokenize(text, LOGQL_WORDS)
        if fault := _fault(tokens):
            return ParsedQuery.refused(fault, variables)
        if not _is_metric(tokens):
            return ParsedQuery(variables=variables)
        calls = list(_calls(tokens))
        return ParsedQuery(
            grouping=_grouping(tokens),
            rate_like=next((name in _RATES for name in calls if name in _RANGE_FUNCTIONS), False),
            functions=frozenset(calls),
            variables=variables,
        )


def is_metric_query(expr: str) -> bool:
    """Whether a LogQL query yields numbers rather than log lines."""
    return _is_metric(tokenize(substitute(expr)[0], LOGQL_WORDS))


def _is_metric(tokens: Sequence[Token]) -> bool:
    return next((token.text != "{" for token in tokens if token.text != "("), False)


def _fault(tokens: Sequence[Token]) -> Fault | None:
    if not tokens:
        return Fault("the query is empty", 'write a LogQL query such as `{app="name"}`')
    return unbalanced(tokens) or too_deep(tokens) or _bad_duration(tokens) or _missing_range(tokens)


def _bad_duration(tokens: Sequence[Token]) -> Fault | None:
    for index, token in enumerate(tokens):
        if token.text == "[":
            inside = tokens[index + 1 : matching_close(tokens, index)]
            written = "".join(part.text for part in inside)
            if not _DURATION.fullmatch(written):
                hint = "write a duration such as `5m`, or `$__auto`"
                return Fault(f"`[{written}]` is not a duration", hint, token.start)
    return None


def _missing_range(tokens: Sequence[Token]) -> Fault | None:
    for index, token in enumerate(tokens[:-1]):
        if token.text not in _RANGE_FUNCTIONS or tokens[index + 1].text != "(":
            continue
        inside = tokens[index + 1 : matching_close(tokens, index + 1)]
        if not any(part.text == "[" for part in inside):
            hint = "write one before its closing parenthesis, such as `[5m]` or `[$__auto]`"
            return Fault(f"`{token.text}` needs a range", hint, token.start)
    return None


def _calls(tokens: Sequence[Token]) -> Iterator[str]:
    opening = {"(", *_GROUPING}
    for token, after in pairwise(tokens):
        if token.text in _FUNCTIONS and after.text in opening:
            yield token.text


def _grouping(tokens: Sequence[Token]) -> tuple[str, ...] | None:
    """The labels of a result: those of the first operand's outermost function that decides them."""
    start = next((index for index, token in enumerate(tokens) if token.text in _FUNCTIONS), len(tokens))
    if start + 1 >= len(tokens):
        return None
    name = tokens[start].text
    if name in _CHOOSING:
        return _grouping(tokens[start + 1 :])
    opening = start + 1
    if tokens[opening].text in _GROUPING:
        return _labels(tokens, opening)
    close = matching_close(tokens, opening)
    if close + 1 < len(tokens) and tokens[close + 1].text in _GROUPING:
        return _labels(tokens, close + 1)
    return () if name in _AGGREGATIONS else None


def _labels(tokens: Sequence[Token], clause: int) -> tuple[str, ...] | None:
    """The labels of a `by (…)`; what a `without (…)` leaves is not known."""
    if tokens[clause].text != "by" or clause + 1 >= len(tokens):
        return None
    inside = tokens[clause + 1 : matching_close(tokens, clause + 1)]
    return tuple(token.text for token in inside if token.kind == "name")

"""Split a log query into ever longer queries, to find out which stage drops all lines."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.query.shared_tokens import LOGQL_WORDS, TextToken, matching_close, tokenize

_STAGES: Final = frozenset({"|", "|=", "|~", "!=", "!~"})


def log_stages(expr: str) -> list[str]:
    """The log queries that lead from the selector alone to the whole first pipeline of a query.

    ``unwrap`` and what follows it is left out: it is not allowed in a log query, and drops no lines.

    Args:
        expr: a log or metric query without variables.
    """
    tokens = tokenize(expr, LOGQL_WORDS)
    start = next((index for index, token in enumerate(tokens) if token.text == "{"), None)
    if start is None:
        return []
    close = matching_close(tokens, start)
    if close >= len(tokens):
        return []
    end = _end(tokens, close + 1)
    cuts = [tokens[index].start for index in _starts(tokens, close + 1, end)]
    stop = tokens[end].start if end < len(tokens) else len(expr)
    begin = tokens[start].start
    queries = [expr[begin:cut].rstrip() for cut in (*cuts, stop)]
    return _without_unwrap(queries)


def stream_matchers(expr: str) -> list[tuple[str, str, str]]:
    """The matchers of a query's streams: label, operator, and value as it is written."""
    tokens = tokenize(expr, LOGQL_WORDS)
    start = next((index for index, token in enumerate(tokens) if token.text == "{"), None)
    if start is None:
        return []
    inside = tokens[start + 1 : matching_close(tokens, start)]
    return [
        (label.text, operator.text, value.text[1:-1])
        for label, operator, value in zip(inside, inside[1:], inside[2:], strict=False)
        if label.kind == "name" and operator.text in {"=", "!=", "=~", "!~"} and value.kind == "string"
    ]


def _end(tokens: Sequence[TextToken], index: int) -> int:
    """The index of the token after the pipeline: a range, a closing bracket, or the end of the query."""
    depth = 0
    while index < len(tokens):
        text = tokens[index].text
        if text == "[" or (depth == 0 and text in {")", ","}):
            return index
        depth += (text in {"(", "{"}) - (text in {")", "}"})
        index += 1
    return index


def _starts(tokens: Sequence[TextToken], index: int, end: int) -> Iterator[int]:
    """The indexes of the tokens that start a stage; a `!=` that compares a label starts none."""
    for position in range(index, end):
        token, before = tokens[position], tokens[position - 1]
        compares = (
            token.text in {"!=", "!~"}
            and before.kind == "name"
            and tokens[position - 2].text in {"|", "and", "or", ","}
        )
        if token.text in _STAGES and not compares:
            yield position


def _without_unwrap(queries: Sequence[str]) -> list[str]:
    plain_queries: list[str] = []
    for query in queries:
        last = (
            query[len(plain_queries[-1]) :]
            if plain_queries and query.startswith(plain_queries[-1])
            else query
        )
        if last.lstrip(" |").startswith("unwrap"):
            break  # Loki refuses it outside of a range
        plain_queries.append(query)
    return plain_queries

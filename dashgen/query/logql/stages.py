"""Split a log query into ever longer queries, to find out which stage drops all lines."""

from dashgen.query.logql.logql_parser import parse_logql
from dashgen.query.logql.logql_visit import walk
from dashgen.query.logql.nodes import LogQuery, Unwrap


def log_stages(expr: str) -> list[str]:
    """The log queries that lead from the selector alone to the whole first pipeline of a query.

    ``unwrap`` and what follows it is left out: it is not allowed in a log query, and drops no lines.

    Args:
        expr: a log or metric query without variables.
    """
    query = _first_query(expr)
    if query is None:
        return []
    grown = expr[query.start : query.selector.end]
    queries, end = [grown], query.selector.end
    for stage in query.stages:
        if isinstance(stage, Unwrap):
            break  # Loki refuses it outside of a range
        between = expr[end : stage.start]
        # A range may be between a stage and the one before it.
        grown += (between if not between.strip() else " ") + expr[stage.start : stage.end]
        queries.append(grown)
        end = stage.end
    return queries


def stream_matchers(expr: str) -> list[tuple[str, str, str]]:
    """The matchers of a query's streams: label, operator, and value."""
    query = _first_query(expr)
    matchers = query.selector.matchers if query else ()
    return [(matcher.label, matcher.operator, matcher.value) for matcher in matchers]


def _first_query(expr: str) -> LogQuery | None:
    tree = parse_logql(expr).tree
    if tree is None:
        return None
    return next((node for node in walk(tree, {LogQuery}) if isinstance(node, LogQuery)), None)

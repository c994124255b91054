"""Facts about a query, read from its tree."""

from typing import Final, NamedTuple

from dashgen.query.language import Yield
from dashgen.query.traceql.span_sets import QueryForm, is_plain_number
from dashgen.query.traceql.traceql_nodes import (
    Aggregate,
    AggregateFilter,
    ChoiceStage,
    Intrinsic,
    Literal,
    MetricsStage,
    NilTest,
    Parenthesized,
    QueryHint,
    SeriesFilter,
    SeriesOperation,
    SpanAttribute,
    SpanSetOperation,
    TracePipeline,
    TraceQLNode,
    TraceQuery,
    walk,
)

# Source: CHANGELOG.md of grafana/tempo. What is older than 2.4 is not listed.
_METRICS_SINCE: Final = {
    "rate": (2, 4), "count_over_time": (2, 4), "quantile_over_time": (2, 5), "histogram_over_time": (2, 5),
    "compare": (2, 6), "min_over_time": (2, 7), "max_over_time": (2, 7), "avg_over_time": (2, 7),
    "sum_over_time": (2, 8), "topk": (2, 8), "bottomk": (2, 8),
}  # fmt: skip
_SCOPES_SINCE: Final = {"event": (2, 6), "link": (2, 6), "instrumentation": (2, 7)}
_INTRINSICS_SINCE: Final = {
    "nestedSetLeft": (2, 5), "nestedSetRight": (2, 5), "nestedSetParent": (2, 5), "event:name": (2, 6),
    "event:timeSinceStart": (2, 6), "link:traceID": (2, 6), "link:spanID": (2, 6), "span:parentID": (2, 8),
    "instrumentation:name": (2, 7), "instrumentation:version": (2, 7), "span:childCount": (2, 10),
}  # fmt: skip
_HINTS_SINCE: Final = {"most_recent": (2, 8), "sample": (2, 9), "exemplars": (2, 10), "extrapolate": (3, 1)}
_MATH_SINCE: Final = (3, 1)
"""On Tempo's main branch in August 2026; 3.0.3 refuses it."""


Version = tuple[int, int]


class TempoFeature(NamedTuple):
    """What a query uses, the first Tempo that has it, and the offset in the query."""

    what: str
    since: Version
    offset: int


def yields_of(form: QueryForm) -> Yield:
    """What a query yields, for the form of its result."""
    return {QueryForm.SERIES: Yield.SERIES, QueryForm.ANY: Yield.UNKNOWN}.get(form, Yield.TRACES)


def functions_of(query: TraceQuery) -> frozenset[str]:
    """The aggregates and metrics functions that a query calls."""
    if type(query.body) is not TracePipeline:
        return frozenset()
    nodes = walk(query)
    return frozenset(
        node.function for node in nodes if isinstance(node, Aggregate | MetricsStage | ChoiceStage)
    )


def fields_of(query: TraceQuery) -> list[SpanAttribute | Intrinsic]:
    """The attributes and intrinsics that a query reads, in the order of the text."""
    return [node for node in walk(query) if isinstance(node, SpanAttribute | Intrinsic)]


def features_of(query: TraceQuery) -> list[TempoFeature]:
    """What of a query not every Tempo since 2.4 has, in the order of the text."""
    needs = [need for node in walk(query) if (need := _feature(node))]
    body = query.body.stages[0] if isinstance(query.body, TracePipeline) else query.body
    if isinstance(body, Parenthesized) and _is_metrics(body):
        needs.insert(0, TempoFeature("a metrics query in parentheses", _MATH_SINCE, body.start))
    return needs


def _is_metrics(node: Parenthesized) -> bool:
    return any(isinstance(below, MetricsStage) for below in walk(node))


def _feature(node: TraceQLNode) -> TempoFeature | None:
    what, since = _need(node)
    return TempoFeature(what, since, node.start) if since else None


def _need(node: TraceQLNode) -> tuple[str, Version | None]:
    """What a node needs, and since when Tempo has it; None for what it always had."""
    match node:
        case MetricsStage() | ChoiceStage():
            return f"`{node.function}`", _METRICS_SINCE.get(node.function)
        case SpanAttribute():
            return f"the scope `{node.scope}`", _SCOPES_SINCE.get(node.scope)
        case Intrinsic():
            since = (2, 5) if ":" in node.text else None
            return f"`{node.text}`", _INTRINSICS_SINCE.get(node.name, since)
        case QueryHint():
            return f"the hint `{node.name}`", _HINTS_SINCE.get(node.name)
        case SpanSetOperation() | NilTest() | Literal():
            return _operand_need(node)
        case _:
            return _number_need(node)


def _operand_need(node: SpanSetOperation | NilTest | Literal) -> tuple[str, Version | None]:
    match node:
        case SpanSetOperation():
            is_union = node.operator.startswith("&") and node.operator != "&&"
            return f"`{node.operator}`", (2, 4) if is_union else None
        case NilTest():
            return "`= nil`", (2, 10) if node.operator == "=" else None
        case Literal():
            return f"`{node.text}`", (2, 10) if node.text in {"minInt", "maxInt"} else None


def _number_need(node: TraceQLNode) -> tuple[str, Version | None]:
    match node:
        case SeriesOperation():
            return "arithmetic of series", _MATH_SINCE
        case SeriesFilter():
            is_plain = is_plain_number(node.number) and not isinstance(node.number, Parenthesized)
            return "the comparison of series", (3, 0) if is_plain else _MATH_SINCE
        case AggregateFilter():
            return "arithmetic of numbers", None if is_plain_number(node.right) else _MATH_SINCE
        case _:
            return "", None

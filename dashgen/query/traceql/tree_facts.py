"""Facts about a query, read from its tree."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from dashgen.query.language import Requirement, ServerFeature, Yield
from dashgen.query.traceql.span_sets import QueryForm, is_plain_number
from dashgen.query.traceql.traceql_names import INTRINSICS
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


def _since(major: int, minor: int) -> ServerFeature:
    return ServerFeature((major, minor), "", (major, minor))


# Sources: lexer.go, expr.y and enum_hints.go of grafana/tempo at v2.4.0 to v3.0.3, and its CHANGELOG.md.
# What is older than 2.4 is not listed.
_FUNCTIONS: Final = {
    "rate": _since(2, 4), "count_over_time": _since(2, 4), "quantile_over_time": _since(2, 5),
    "histogram_over_time": _since(2, 5), "compare": _since(2, 6), "min_over_time": _since(2, 7),
    "max_over_time": _since(2, 7), "avg_over_time": _since(2, 7), "sum_over_time": _since(2, 8),
    "topk": _since(2, 8), "bottomk": _since(2, 8),
}  # fmt: skip
_SCOPES: Final = {"event": _since(2, 6), "link": _since(2, 6), "instrumentation": _since(2, 7)}
_SCOPED_INTRINSICS: Final = _since(2, 5)
_INTRINSICS: Final = {
    "nestedSetLeft": _since(2, 5), "nestedSetRight": _since(2, 5), "nestedSetParent": _since(2, 5),
    "event:name": _since(2, 6), "event:timeSinceStart": _since(2, 6), "link:traceID": _since(2, 6),
    "link:spanID": _since(2, 6), "instrumentation:name": _since(2, 7),
    "instrumentation:version": _since(2, 7),
    "span:parentID": _since(2, 8), "span:childCount": _since(2, 10),
}  # fmt: skip
_HINTS: Final = {
    "most_recent": _since(2, 8), "sample": _since(2, 9), "trace_sample": _since(2, 9), "span_sample": _since(2, 9),
    "exemplars": _since(2, 6),
    "extrapolate": _since(3, 1),
}  # fmt: skip
_UNIONS: Final = _since(2, 5)
_NIL: Final = _since(2, 10)
_LIMITS: Final = dict.fromkeys(("minInt", "maxInt"), _since(2, 10))
_COMPARISON: Final = _since(3, 0)
_ARITHMETIC: Final = _since(3, 1)
"""On Tempo's main branch in August 2026; 3.0.3 refuses it."""


_CALLING: Final = (MetricsStage, ChoiceStage, Aggregate)
_Feature: TypeAlias = tuple[ServerFeature, str] | None
"""What a node needs of its Tempo, and how messages name it."""


class TreeFacts(NamedTuple):
    """The functions that a query calls, and what of it not every Tempo has, in the order of the text."""

    functions: frozenset[str]
    requirements: tuple[Requirement, ...]


def yields_of(form: QueryForm) -> Yield:
    """What a query yields, for the form of its result."""
    return {QueryForm.SERIES: Yield.SERIES, QueryForm.ANY: Yield.UNKNOWN}.get(form, Yield.TRACES)


def facts_of(query: TraceQuery) -> TreeFacts:
    """The functions that a query calls, and what it requires of its Tempo."""
    functions = set()
    requirements = []
    body = query.body.stages[0] if isinstance(query.body, TracePipeline) else query.body
    if isinstance(body, Parenthesized) and any(isinstance(node, MetricsStage) for node in walk(body)):
        requirements.append(Requirement(_ARITHMETIC, "a metrics query in parentheses", body.start))
    for node in walk(query):
        if isinstance(node, _CALLING):
            functions.add(node.function)
        read = _FEATURES.get(type(node))
        if read is not None and (feature := read(node)):
            requirements.append(Requirement(*feature, _start(node)))
    return TreeFacts(frozenset(functions), tuple(requirements))


def _start(node: TraceQLNode) -> int:
    return node.operator_start if isinstance(node, SpanSetOperation | SeriesOperation) else node.start


def _attribute(node: SpanAttribute) -> _Feature:
    # Most attributes have one of these scopes or none.
    if node.text.startswith((".", "resource.", "span.")):
        return None
    scope = node.scope
    return _named(_SCOPES.get(scope), f"the scope `{scope}`")


def _intrinsic(node: Intrinsic) -> _Feature:
    if node.text in INTRINSICS and node.text not in _INTRINSICS:
        return None
    return _named(_INTRINSICS.get(node.name, _SCOPED_INTRINSICS), f"`{node.text}`")


def _relation(node: SpanSetOperation) -> _Feature:
    is_union = node.operator[0] == "&" and node.operator != "&&"
    return (_UNIONS, f"`{node.operator}`") if is_union else None


def _comparison(node: SeriesFilter) -> _Feature:
    is_plain = is_plain_number(node.number) and not isinstance(node.number, Parenthesized)
    return _COMPARISON if is_plain else _ARITHMETIC, "the comparison of series"


def _named(feature: ServerFeature | None, subject: str) -> _Feature:
    return None if feature is None else (feature, subject)


# What a kind of node says of its Tempo; what is not here, every Tempo has.
_FEATURES: Final[dict[type[TraceQLNode], Callable[[Any], _Feature]]] = {
    SpanAttribute: _attribute,
    Intrinsic: _intrinsic,
    Literal: lambda node: _named(_LIMITS.get(node.text), f"`{node.text}`") if node.text in _LIMITS else None,
    MetricsStage: lambda node: _named(_FUNCTIONS.get(node.function), f"`{node.function}`"),
    ChoiceStage: lambda node: _named(_FUNCTIONS.get(node.function), f"`{node.function}`"),
    SpanSetOperation: _relation,
    NilTest: lambda node: (_NIL, "`= nil`") if node.operator == "=" else None,
    QueryHint: lambda node: _named(_HINTS.get(node.name), f"the hint `{node.name}`"),
    SeriesOperation: lambda _: (_ARITHMETIC, "arithmetic of series"),
    SeriesFilter: _comparison,
    AggregateFilter: lambda node: (
        None if is_plain_number(node.right) else (_ARITHMETIC, "arithmetic of numbers")
    ),
}

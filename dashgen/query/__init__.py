"""The queries of dashboards and alerts: whether they parse, and what they read."""

from typing import Final

from dashgen.query.language import Fault, MetricUse, ParsedQuery, QueryLanguage
from dashgen.query.logql import LogQL, is_metric_query
from dashgen.query.promql import PromQL, QueryShape, describe, series_metric
from dashgen.query.promql.sameness import same_promql
from dashgen.query.promql.take_apart import ExpressionPart, Matcher, SelectorPart, take_apart
from dashgen.query.template_variables import named_variables, substitute
from dashgen.query.traceql import TraceQL

LANGUAGES: Final[dict[str, QueryLanguage]] = {"prometheus": PromQL(), "loki": LogQL(), "tempo": TraceQL()}
"""The query languages by the type of their data source."""

__all__ = [
    "LANGUAGES",
    "ExpressionPart",
    "Fault",
    "Matcher",
    "MetricUse",
    "ParsedQuery",
    "QueryLanguage",
    "QueryShape",
    "SelectorPart",
    "describe",
    "is_metric_query",
    "named_variables",
    "same_promql",
    "series_metric",
    "substitute",
    "take_apart",
]

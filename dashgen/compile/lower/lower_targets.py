"""Queries of panels as grafanalib targets."""

from collections.abc import Callable
from typing import Any

from dashgen.compile.lower.lower_queries import (
    EXPRESSIONS,
    ExpressionTarget,
    LokiTarget,
    ModernTarget,
    PrometheusTarget,
    TempoTarget,
)
from dashgen.core.json_values import Json, without_fraction
from dashgen.model.condition import Condition, Kind, parse_condition
from dashgen.model.settled_dashboard import SettledQuery
from dashgen.model.target_spec import Query, Reduce, Resample, SearchTraces, ThresholdExpression

NON_NUMERIC = {"strict": "", "drop": "dropNN", "replace": "replaceNN"}
EVALUATORS = {
    Kind.ABOVE: "gt",
    Kind.BELOW: "lt",
    Kind.AT_LEAST: "gte",
    Kind.AT_MOST: "lte",
    Kind.BETWEEN: "within_range",
    Kind.OUTSIDE: "outside_range",
    Kind.EQUALS: "eq",
}

_SERVICE = {
    "id": "service-name",
    "tag": "service.name",
    "operator": "=",
    "scope": "resource",
    "valueType": "string",
}
_SPAN = {"id": "span-name", "tag": "name", "operator": "=", "scope": "span", "valueType": "string"}
_STATUS = {"id": "status", "tag": "status", "operator": "=", "scope": "intrinsic", "valueType": "keyword"}
_LONGER = {"id": "min-duration", "tag": "duration", "operator": ">", "valueType": "duration"}
_SHORTER = {"id": "max-duration", "tag": "duration", "operator": "<", "valueType": "duration"}
_TAG = {"operator": "=", "scope": "span", "valueType": "string"}


def lower_query(settled: SettledQuery) -> Any:
    """A query as the target of its data source's type."""
    if settled.query.is_expression:
        return _expression(settled)
    if settled.query.fields and settled.datasource.type not in _LANGUAGES:
        return ModernTarget(settled.ref, _ref(settled), dict(settled.query.fields), hide=settled.query.hide)
    by_type = _BY_TYPE.get(settled.datasource.type, _other)
    # Without a text the query is in ``raw:``, and no key is written for it.
    return (by_type if settled.query.query or settled.datasource.type in _LANGUAGES else _other)(settled)


def _ref(settled: SettledQuery) -> dict[str, str]:
    return {"type": settled.datasource.type, "uid": settled.datasource.uid}


def _prometheus(settled: SettledQuery) -> PrometheusTarget:
    query = settled.query
    return PrometheusTarget(
        expr=settled.sent or query.query,
        format=settled.format,
        hide=query.hide,
        legendFormat=settled.legend,
        interval=query.step or "",
        intervalFactor=int(query.resolution.partition("/")[2]) if query.resolution else 1,
        refId=settled.ref,
        instant=settled.instant or settled.both,
        range=settled.both or not settled.instant,
        exemplar=query.exemplars,
        datasource=_ref(settled),
    )


def _loki(settled: SettledQuery) -> LokiTarget:
    query = settled.query
    return LokiTarget(
        settled.ref,
        _ref(settled),
        hide=query.hide,
        expr=settled.sent or query.query,
        queryType="instant" if settled.instant else "range",
        # Grafana's Loki editor knows no `__auto`: an empty legend is its default.
        legendFormat="" if settled.legend == "__auto" else settled.legend,
        maxLines=query.max_lines,
        step=query.step or "",
        direction=query.direction,
    )


def _tempo(settled: SettledQuery) -> TempoTarget:
    query = settled.query
    arguments: Json = {"query": query.query}
    if query.search is not None:
        arguments = {"queryType": "traceqlSearch", "filters": search_filters(query.search)}
    elif query.service_map:
        arguments = {"queryType": "serviceMap"}
        if isinstance(query.service_map, str):
            arguments["serviceMapQuery"] = query.service_map
    if query.limit is not None:
        arguments["limit"] = query.limit
    if query.spans_per_trace is not None:
        arguments["spss"] = query.spans_per_trace
    if query.table is not None:
        arguments["tableType"] = query.table
    return TempoTarget(settled.ref, _ref(settled), hide=query.hide, **arguments)


def search_filters(search: SearchTraces) -> list[Json]:
    """The filters of Tempo's search editor."""
    filters = [
        {**where, "value": value}
        for where, value in (
            (_SERVICE, search.service),
            (_SPAN, search.span),
            (_STATUS, search.status),
            (_LONGER, search.min_duration),
            (_SHORTER, search.max_duration),
        )
        if value
    ]
    tags = [{"id": f"tag-{tag}", "tag": tag, "value": value, **_TAG} for tag, value in search.tags.items()]
    return filters + tags


def _expression(settled: SettledQuery) -> ExpressionTarget:
    query = settled.query
    kind, expression, model = _expression_parts(query)
    return ExpressionTarget(
        settled.ref, dict(EXPRESSIONS), model, hide=query.hide, kind=kind, expression=expression
    )


def _expression_parts(query: Query) -> tuple[str, str, Json]:
    if query.reduce is not None:
        return _reduce(query.reduce)
    if query.resample is not None:
        return _resample(query.resample)
    if query.threshold is not None:
        return _threshold(query.threshold)
    return "math", query.math or "", {}


def _reduce(reduce: Reduce) -> tuple[str, str, Json]:
    settings: Json = {"mode": NON_NUMERIC[reduce.non_numeric]}
    if reduce.non_numeric == "replace":
        settings["replaceWithValue"] = reduce.replace_with
    return "reduce", reduce.of.lstrip("$"), {"reducer": reduce.by, "settings": settings}


def _resample(resample: Resample) -> tuple[str, str, Json]:
    model = {"window": resample.step, "downsampler": resample.down, "upsampler": resample.up}
    return "resample", resample.of.lstrip("$"), model


def _threshold(threshold: ThresholdExpression) -> tuple[str, str, Json]:
    condition = parse_condition(threshold.when)
    conditions = [{"evaluator": evaluator(condition)}] if isinstance(condition, Condition) else []
    # Unlike the other expressions, Grafana's threshold does not remove a `$` from the name.
    return "threshold", threshold.of.lstrip("$"), {"conditions": conditions}


def evaluator(condition: Condition) -> Json:
    """A condition as Grafana's threshold expression writes it."""
    values = [without_fraction(value) for value in condition.values]
    return {"type": EVALUATORS.get(condition.kind, "gt"), "params": values}


def _sql(settled: SettledQuery) -> ModernTarget:
    """A text of SQL.

    Source: ``rawSql`` in pkg/tsdb/grafana-postgresql-datasource and its siblings (Grafana 12.4.3).
    """
    shape = settled.query.format or ("time_series" if _over_time(settled) else "table")
    model = {"rawSql": settled.query.query, "format": shape, "rawQuery": True, "editorMode": "code"}
    return ModernTarget(settled.ref, _ref(settled), model, hide=settled.query.hide)


def _influx(settled: SettledQuery) -> ModernTarget:
    shape = settled.query.format or ("time_series" if _over_time(settled) else "table")
    model = {"query": settled.query.query, "rawQuery": True, "resultFormat": shape}
    return ModernTarget(settled.ref, _ref(settled), model, hide=settled.query.hide)


def _graphite(settled: SettledQuery) -> ModernTarget:
    return ModernTarget(settled.ref, _ref(settled), {"target": settled.query.query}, hide=settled.query.hide)


def _over_time(settled: SettledQuery) -> bool:
    return settled.format == "time_series" and not settled.instant


def _other(settled: SettledQuery) -> ModernTarget:
    """Any other data source: a plain query is most often called ``query``, other keys come from ``raw:``."""
    query = settled.query
    model: Json = {"query": query.query} if query.query else {}
    return ModernTarget(settled.ref, _ref(settled), model, hide=query.hide)


_LANGUAGES = ("prometheus", "loki", "tempo")
_BY_TYPE: dict[str, Callable[[SettledQuery], Any]] = {
    "prometheus": _prometheus,
    "loki": _loki,
    "tempo": _tempo,
    **dict.fromkeys(("mysql", "mssql", "postgres", "grafana-postgresql-datasource"), _sql),
    "influxdb": _influx,
    "graphite": _graphite,
}

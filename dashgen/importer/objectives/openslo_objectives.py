"""Objectives of OpenSLO v1, whose queries are PromQL.

Source: the specification of OpenSLO 1.0 (README, `SLO` and `SLI`); `v1alpha`, which sloth reads, too, has its
metrics in each objective.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.objectives.foreign_objective import (
    ForeignObjective,
    UnfitObjectiveError,
    either,
    labels,
    percent,
    period,
    series_name,
)
from dashgen.importer.objectives.windowed_query import WINDOW, UnfitQueryError, windowed

_API: Final = "openslo/v1"
_OCCURRENCES: Final = "Occurrences"
_BAD: Final = {"lt": ">=", "lte": ">", "gt": "<=", "gte": "<"}
"""What is bad of a value that has to be below, at most, above or at least a number."""
_UNITS: Final = {"Day": "d", "Week": "w", "Month": "M", "Quarter": "Q"}
_QUERY_KEYS: Final = ("query", "expr", "promql")


def is_openslo(data: Json) -> bool:
    """Whether data is a document of OpenSLO."""
    return str(data.get("apiVersion", "")).startswith(_API) and isinstance(data.get("kind"), str)


def openslo_service(data: Json) -> str:
    """The service that an SLO belongs to."""
    return text(mapping(data.get("spec")).get("service")) or "service"


def openslo_objectives(
    data: Json, indicators: Mapping[str, Json], notes: Notes
) -> Iterator[ForeignObjective | str]:
    """The objectives of an SLO, each as arguments, or as the reason why it cannot be some.

    Args:
        data: the SLO.
        indicators: the `SLI` documents by name.
        notes: gets what the arguments do not say.
    """
    spec, metadata = mapping(data.get("spec")), mapping(data.get("metadata"))
    name = text(metadata.get("name")) or "objective"
    _note_rest(spec, notes)
    objectives = mappings(spec.get("objectives"))
    if not objectives:
        yield f"the objective `{name}`: it has no `objectives`"
    for number, objective in enumerate(objectives, start=1):
        suffix = str(number) if len(objectives) > 1 else ""
        try:
            yield ForeignObjective(
                {
                    "name": series_name(openslo_service(data), name, suffix),
                    "title": " ".join(
                        filter(
                            None,
                            [text(metadata.get("displayName")) or name, text(objective.get("displayName"))],
                        )
                    ),
                    "description": text(spec.get("description")),
                    "objective": _target(objective),
                    **_queries(_indicator(spec, objective, indicators), objective),
                    "period": _period(spec, notes),
                    "labels": labels(metadata.get("labels")),
                }
            )
        except (UnfitObjectiveError, UnfitQueryError) as error:
            yield f"the objective `{name}`: {error}"


def _note_rest(spec: Json, notes: Notes) -> None:
    """Note what std/slo has in a way of its own."""
    method = text(spec.get("budgetingMethod")) or _OCCURRENCES
    if method != _OCCURRENCES:
        notes.drop(f"`budgetingMethod: {method}`: every event counts the same now")
    if spec.get("alertPolicies"):
        notes.drop("`alertPolicies`: the alerts are those of std/slo")
    if any(window.get("calendar") for window in mappings(spec.get("timeWindow"))):
        notes.drop("`calendar`: the period ends now, at any time, and does not begin anew")


def _target(objective: Json) -> float | int:
    if "targetPercent" in objective:
        return percent(objective["targetPercent"])
    return percent(objective.get("target"), is_share=True)


def _period(spec: Json, notes: Notes) -> str | None:
    window = next(iter(mappings(either(spec, "timeWindow", "timeWindows"))), {})
    duration = text(window.get("duration"))
    if not duration and window.get("count"):
        duration = f"{window['count']}{_UNITS.get(str(window.get('unit')), '?')}"
    return period(duration, notes) if duration else None


def _indicator(spec: Json, objective: Json, indicators: Mapping[str, Json]) -> Json:
    """The metrics of an objective: its own, those of the SLO, or those of another document."""
    for owner in (objective, spec):
        if "ratioMetrics" in owner:
            return {"ratioMetric": owner["ratioMetrics"]}
        if "indicator" in owner:
            return mapping(mapping(owner["indicator"]).get("spec"))
        if name := text(owner.get("indicatorRef")):
            if name not in indicators:
                raise UnfitObjectiveError(f"its indicator `{name}` is in none of the files")
            return mapping(indicators[name].get("spec"))
    raise UnfitObjectiveError("it has no `indicator`")


def _queries(indicator: Json, objective: Json) -> dict[str, str]:
    ratio, threshold = mapping(indicator.get("ratioMetric")), indicator.get("thresholdMetric")
    if threshold is not None:
        return _threshold_queries(_query(threshold), objective)
    if "raw" in ratio:
        return _raw_queries(windowed(_query(ratio["raw"])), text(ratio.get("rawType")))
    # A query that is no rate yet is one over counters, unless it says that it is not.
    function = "sum_over_time" if ratio.get("counter") is False else "rate"
    total = windowed(_query(ratio.get("total")), function)
    if "bad" in ratio:
        return {"errors": windowed(_query(ratio["bad"]), function), "total": total}
    good = windowed(_query(ratio.get("good")), function)
    return {"errors": f"({total}) - ({good})", "total": total}


def _raw_queries(ratio: str, kind: str) -> dict[str, str]:
    errors = f"(1 - ({ratio})) >= 0" if kind == "success" else f"({ratio}) >= 0"
    return {"errors": errors, "total": f"(({ratio}) >= 0) * 0 + 1"}


def _threshold_queries(query: str, objective: Json) -> dict[str, str]:
    """Each minute is an event; it is bad when the value is on the wrong side."""
    operator, value = _BAD.get(text(objective.get("op"))), objective.get("value")
    if operator is None or isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitObjectiveError("its threshold has no `op` and `value`")
    query = " ".join(query.split())
    return {
        "errors": windowed(f"count_over_time((({query}) {operator} {value:g})[{WINDOW}:1m])"),
        "total": windowed(f"count_over_time(({query})[{WINDOW}:1m])"),
    }


def _query(metric: object) -> str:
    """The query of a metric.

    Raises:
        UnfitObjectiveError: it has none that Prometheus reads.
    """
    source = mapping(either(mapping(metric), "metricSource") or metric)
    inner = mapping(source.get("spec")) or source
    query = either(inner, *_QUERY_KEYS)
    kind = text(source.get("type"))
    if kind and kind.lower() not in {"prometheus", "any", "mimir", "thanos", "victoriametrics"}:
        raise UnfitObjectiveError(f"its metrics are those of `{kind}`, and not of Prometheus")
    if not isinstance(query, str) or not query.strip():
        raise UnfitObjectiveError("a metric of it has no `query`")
    return query

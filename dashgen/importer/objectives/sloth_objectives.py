"""Objectives of sloth: its files (`prometheus/v1`) and its resource `PrometheusServiceLevel`.

Source: pkg/prometheus/api/v1/v1.go and pkg/kubernetes/api/sloth/v1/types.go of sloth 0.12. The keys are the
same, in snake case in files and in camel case in resources; files with camel case are common, too.
"""

from collections.abc import Iterator
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.objectives.foreign_objective import (
    ForeignObjective,
    UnfitObjectiveError,
    either,
    labels,
    percent,
    series_name,
)
from dashgen.importer.objectives.windowed_query import UnfitQueryError, windowed

_API = "sloth.slok.dev/"
_KNOWN = frozenset(("name", "description", "objective", "labels", "sli", "alerting"))
_SUFFIXES = {
    "BurnsBudgetFast": ("page_alert", "pageAlert"),
    "BurnsBudgetSlowly": ("ticket_alert", "ticketAlert"),
}
"""What std/slo adds to the name of an alert, by the keys of that alert."""
_ANNOTATIONS_FOR_RUNBOOKS = ("runbook_url", "runbook")


def is_sloth(data: Json) -> bool:
    """Whether data is a file or resource of sloth."""
    if str(data.get("apiVersion", "")).startswith(_API):
        return data.get("kind") == "PrometheusServiceLevel"
    return str(data.get("version", "")).partition("/")[0] == "prometheus" and "slos" in data


def sloth_service(data: Json) -> str:
    """The service whose objectives these are."""
    return text(_spec(data).get("service")) or text(mapping(data.get("metadata")).get("name")) or "service"


def sloth_objectives(data: Json, notes: Notes) -> Iterator[ForeignObjective | str]:
    """The objectives, each as arguments, or as the reason why it cannot be some."""
    spec = _spec(data)
    if either(spec, "slo_plugins", "sloPlugins"):
        notes.drop("`slo_plugins`: the rules of std/slo are what they are")
    for slo in mappings(spec.get("slos")):
        name = text(slo.get("name")) or "objective"
        try:
            yield _objective(spec, slo, series_name(sloth_service(data), name), notes)
        except (UnfitObjectiveError, UnfitQueryError) as error:
            yield f"the objective `{name}`: {error}"


def _spec(data: Json) -> Json:
    return mapping(data.get("spec")) if "apiVersion" in data else data


def _objective(spec: Json, slo: Json, name: str, notes: Notes) -> ForeignObjective:
    for key in sorted(slo.keys() - _KNOWN):
        notes.drop(f"`{key}` of an objective, for which there is no argument")
    alerting = mapping(slo.get("alerting"))
    page, ticket = (mapping(either(alerting, *names)) for names in _SUFFIXES.values())
    annotations = {key: str(value) for key, value in mapping(alerting.get("annotations")).items()}
    runbook = next((annotations.pop(key) for key in _ANNOTATIONS_FOR_RUNBOOKS if key in annotations), None)
    for kind, alert in (("page", page), ("ticket", ticket)):
        for key in sorted(mapping(alert.get("annotations"))):
            notes.drop(f"the annotation `{key}` of the {kind} alert alone: annotations are those of both")
    alert_name = text(alerting.get("name"))
    suffixes = [
        suffix
        for suffix, one in _SUFFIXES.items()
        if mapping(either(alerting, *one)).get("disable") is not True
    ]
    if alert_name and suffixes:
        names = " and ".join(f"`{alert_name}{suffix}`" for suffix in suffixes)
        notes.convert(f"the alert `{alert_name}` became {names}")
    return ForeignObjective(
        {
            "name": name,
            "title": text(slo.get("name")),
            "description": text(slo.get("description")),
            "objective": percent(slo.get("objective")),
            **_queries(mapping(slo.get("sli")), notes),
            "alert": alert_name,
            "page": None if page.get("disable") is not True else False,
            "ticket": None if ticket.get("disable") is not True else False,
            "labels": labels(spec.get("labels"), slo.get("labels"), alerting.get("labels")),
            "page_labels": labels(page.get("labels")),
            "ticket_labels": labels(ticket.get("labels")),
            "annotations": annotations,
            "runbook": runbook,
        }
    )


def _queries(sli: Json, notes: Notes) -> dict[str, str]:
    events, raw = mapping(sli.get("events")), mapping(sli.get("raw"))
    errors, total = either(events, "error_query", "errorQuery"), either(events, "total_query", "totalQuery")
    if isinstance(errors, str) and isinstance(total, str):
        return {"errors": windowed(errors), "total": windowed(total)}
    ratio: Any = either(raw, "error_ratio_query", "errorRatioQuery")
    if isinstance(ratio, str):
        query = windowed(ratio)
        notes.convert("a ratio became errors of one event a second: all times count the same")
        # Without traffic such a ratio is no number, which would spoil every sum that it is in.
        return {"errors": f"({query}) >= 0", "total": f"(({query}) >= 0) * 0 + 1"}
    if "plugin" in sli:
        plugin = text(mapping(sli["plugin"]).get("id"))
        raise UnfitObjectiveError(f"its queries come from the plugin `{plugin}`; write them out")
    raise UnfitObjectiveError("it has no `error_query` and `total_query`")

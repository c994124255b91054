"""Annotations: events drawn over the graphs."""

from dashgen.compile.lower.objects import AnnotationObject
from dashgen.core.json_values import Json
from dashgen.model.dashboard_spec import DashboardAnnotation
from dashgen.model.settled_dashboard import SettledAnnotation


def lower_annotation(settled: SettledAnnotation) -> AnnotationObject:
    """An annotation query as the editor of its data source writes it."""
    spec, source = settled.annotation, settled.datasource
    return AnnotationObject(
        name=spec.name,
        dataSource={"type": source.type, "uid": source.uid},
        iconColor=spec.color,
        enable=spec.enable,
        hide=spec.hide,
        extra=_query(spec, source.type),
    )


def _query(spec: DashboardAnnotation, source: str) -> Json:
    if source == "grafana":
        kind = "tags" if spec.tags else "dashboard"
        return {
            "target": {"type": kind, "tags": list(spec.tags), "matchAny": spec.match_any, "limit": spec.limit}
        }
    if source == "prometheus":
        target = {"refId": "Anno", "expr": spec.query, "interval": spec.step or ""}
        return {"target": target, **_texts(spec)}
    if source == "loki":
        # Loki's annotations are of the older form: the query is beside the name.
        target = {"refId": "Anno", "expr": spec.query, "queryType": "range"}
        return {"expr": spec.query, "target": target, **_texts(spec)}
    return {"target": {"refId": "Anno", "query": spec.query}, **_texts(spec)}


def _texts(spec: DashboardAnnotation) -> dict[str, str]:
    texts = {"titleFormat": spec.title, "textFormat": spec.text, "tagKeys": spec.tag_keys}
    return {key: text for key, text in texts.items() if text is not None}

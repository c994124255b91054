"""Annotations in both forms."""

from typing import Final

from dashgen.core.json_values import Json, mapping, text
from dashgen.formats.v2.v2_queries import data_query, query_and_source

_SAME: Final = ("filter", "mappings", "placement")
_ELSEWHERE: Final = frozenset(
    ("name", "datasource", "enable", "hide", "iconColor", "target", "builtIn", *_SAME)
)


def classic_annotation(item: Json) -> Json:
    """An annotation query in the classic form.

    Before: ``{"kind": "AnnotationQuery", "spec": {"name": "Deploys", "enable": true, "hide": false,
    "iconColor": "red", "query": {"kind": "DataQuery", "group": "loki", …}, "legacyOptions": {…}}}``
    After: ``{"name": "Deploys", "enable": true, "iconColor": "red", "datasource": {…}, "target": {…}, …}``
    """
    spec = mapping(item.get("spec"))
    source, model = query_and_source(mapping(spec.get("query")), spec.get("datasource"))
    # What the classic form has and the new schema has no key for was put here by Grafana's own conversion.
    annotation: Json = {
        **mapping(spec.get("legacyOptions")),
        "name": text(spec.get("name")),
        "enable": spec.get("enable") is not False,
        "hide": spec.get("hide") is True,
        "iconColor": text(spec.get("iconColor")),
    }
    if source:
        annotation["datasource"] = source
    if model:
        annotation["target"] = model
    if spec.get("builtIn"):
        annotation |= {"builtIn": 1, "type": "dashboard"}
    return annotation | {key: spec[key] for key in _SAME if spec.get(key)}


def v2_annotation(annotation: Json) -> Json:
    """A classic annotation as an ``AnnotationQuery``; the opposite of `classic_annotation`."""
    spec: Json = {
        "query": data_query(dict(mapping(annotation.get("target"))), annotation.get("datasource")),
        "enable": annotation.get("enable") is not False,
        "hide": annotation.get("hide") is True,
        "iconColor": text(annotation.get("iconColor")),
        "name": text(annotation.get("name")),
        "builtIn": bool(annotation.get("builtIn")),
    }
    spec |= {key: annotation[key] for key in _SAME if annotation.get(key)}
    fields = mapping(annotation.get("mappings"))
    if fields:
        spec["mappings"] = {name: _field(value) for name, value in fields.items()}
    rest = {key: value for key, value in annotation.items() if key not in _ELSEWHERE and value is not None}
    if rest:
        spec["legacyOptions"] = rest
    return {"kind": "AnnotationQuery", "spec": spec}


def _field(value: object) -> Json:
    """Where a field of an event comes from; the old form is the name of a field alone."""
    if isinstance(value, dict):
        return {"source": "field", **value}
    return {"source": "field", "value": text(value)}

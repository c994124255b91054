"""Queries of the new dashboard schema: which data source they ask, and their model."""

from dashgen.core.json_values import Json, mapping, text

EXPRESSIONS = "__expr__"


def query_and_source(query: Json, source: object = None) -> tuple[Json, Json]:
    """The data source of a query, and its model.

    Before: ``{"kind": "DataQuery", "group": "prometheus", "datasource": {"name": "p"},
    "spec": {"expr": "up"}}``
    After: ``{"type": "prometheus", "uid": "p"}``, ``{"expr": "up"}``

    Args:
        query: the query; its plugin is its ``group``, or its ``kind`` in the first version of the schema.
        source: the data source where it stands beside the query, as in that version.
    """
    beside = mapping(source)
    kind = text(query.get("group"))
    if not kind and query.get("kind") != "DataQuery":
        kind = text(query.get("kind"))
    uid = text(mapping(query.get("datasource")).get("name")) or text(beside.get("uid"))
    kind = kind or text(beside.get("type"))
    if kind == EXPRESSIONS:
        uid = EXPRESSIONS
    reference = {key: part for key, part in (("type", kind), ("uid", uid)) if part}
    return reference, dict(mapping(query.get("spec")))

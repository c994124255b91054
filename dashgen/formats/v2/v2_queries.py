"""Queries in both forms: which data source they read, and their model."""

from typing import Final

from dashgen.core.json_values import Json, mapping, text

EXPRESSIONS: Final = "__expr__"
MIXED: Final = "-- Mixed --"


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


def data_query(model: Json, source: object) -> Json:
    """A query of schema v2; the opposite of `query_and_source`."""
    return {"kind": "DataQuery", **data_source_keys(source), "version": "v0", "spec": model}


def data_source_keys(source: object) -> Json:
    """The ``group`` and ``datasource`` that name a data source, which only has the latter if it is known.

    Before: ``{"type": "prometheus", "uid": "p"}``, or ``"$source"``
    After: ``{"group": "prometheus", "datasource": {"name": "p"}}``, or ``{"group": "", "datasource": {…}}``
    """
    if isinstance(source, str):
        return {"group": "", "datasource": {"name": source}} if source else {"group": ""}
    kind, uid = text(mapping(source).get("type")), text(mapping(source).get("uid"))
    # Grafana's own data source is the only one of its plugin (resolveGrafanaDatasourceUID in the converter).
    if kind == "datasource" and not uid:
        uid = "grafana"
    return {"group": kind, "datasource": {"name": uid}} if uid else {"group": kind}

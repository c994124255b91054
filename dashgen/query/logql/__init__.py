"""LogQL: whether a query parses, whether it yields lines or numbers, and what it reads."""

from dashgen.query.logql.facts import LogQL, is_metric_query

__all__ = ["LogQL", "is_metric_query"]

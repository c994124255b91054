"""LogQL: whether a query parses, whether it yields lines or numbers, and what it reads."""

from dashgen.query.logql.joined_values import joined_values
from dashgen.query.logql.logql_facts import LogQL, is_metric_query
from dashgen.query.logql.logql_parser import LogQLTree, parse_logql
from dashgen.query.logql.logql_visit import walk
from dashgen.query.logql.matchers import is_narrow

__all__ = ["LogQL", "LogQLTree", "is_metric_query", "is_narrow", "joined_values", "parse_logql", "walk"]

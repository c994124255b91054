"""TraceQL: whether a query parses, and whether it yields traces or series."""

from dashgen.query.traceql.traceql_facts import TraceQL

__all__ = ["TraceQL"]

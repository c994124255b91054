"""A running Tempo."""

from dashgen.servers.http import ServiceError
from dashgen.servers.http.response_values import mapping, objects, text
from dashgen.servers.telemetry.results import Cost, Result, whole
from dashgen.servers.telemetry.service import Service


class Tempo(Service):
    """Queries of a Tempo; each is bounded in time."""

    def search(self, query: str, *, start: float, end: float, limit: int = 20) -> Result:
        """The traces that a TraceQL query finds; times in seconds.

        Raises:
            QueryRefusedError: when the query is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"q": query, "start": str(int(start)), "end": str(int(end)), "limit": str(limit)}
        body = self.json("/api/search", "the query", fields)
        if not isinstance(body, dict) or not body.keys() & {"traces", "metrics"}:
            raise ServiceError(f"{self.name}'s answer has no traces", hint="check its address")
        metrics = mapping(body, "metrics")
        cost = Cost(samples=whole(metrics.get("inspectedSpans")), bytes=whole(metrics.get("inspectedBytes")))
        return Result("traces", (), len(objects(body, "traces")), cost)

    def query_range(self, query: str, *, start: float, end: float, step: float) -> Result:
        """A TraceQL metrics query, such as ``{} | rate()``, over a stretch of time in seconds.

        Raises:
            QueryRefusedError: when the query is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"q": query, "start": str(int(start)), "end": str(int(end)), "step": f"{step:g}s"}
        body = self.json("/api/metrics/query_range", "the query", fields)
        rows = sum(len(objects(series, "samples")) for series in objects(body, "series"))
        cost = Cost(bytes=whole(mapping(body, "metrics").get("inspectedBytes")))
        return Result("matrix", (), rows, cost)

    def version(self) -> str:
        """Its version; empty when it hides it."""
        return self.shown(text(self.json("/api/status/buildinfo", "its version"), "version"))

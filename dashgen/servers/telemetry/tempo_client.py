"""A running Tempo."""

from urllib.parse import quote

from dashgen.servers.http import ServiceError
from dashgen.servers.http.response_values import mapping, objects, text, texts
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
        return Result("traces", (), len(objects(body, "traces")), cost, data=body)

    def trace(self, trace_id: str) -> Result:
        """One trace, of which each span is a row.

        Raises:
            QueryRefusedError: there is none with this id.
            ServiceError: when there is no answer.
        """
        body = self.json(f"/api/traces/{quote(trace_id, safe='')}", f"trace `{trace_id}`")
        batches = objects(body, "batches") or objects(mapping(body, "trace"), "resourceSpans")
        spans = sum(
            len(objects(scope, "spans"))
            for batch in batches
            for key in ("scopeSpans", "instrumentationLibrarySpans")
            for scope in objects(batch, key)
        )
        return Result("trace", (), spans, data=body if isinstance(body, dict) else {})

    def tag_values(self, tag: str, *, start: float, end: float) -> tuple[str, ...]:
        """The values of an attribute, such as `resource.service.name`."""
        span = {"start": str(int(start)), "end": str(int(end))}
        body = self.json(f"/api/v2/search/tag/{quote(tag, safe='.')}/values", f"the values of `{tag}`", span)
        return tuple(text(one, "value") for one in objects(body, "tagValues") if text(one, "value"))

    def tags(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all attributes, each with its scope."""
        span = {"start": str(int(start)), "end": str(int(end))}
        scopes = objects(self.json("/api/v2/search/tags", "its attributes", span), "scopes")
        return tuple(
            tag if text(scope, "name") == "intrinsic" else f"{text(scope, 'name')}.{tag}"
            for scope in scopes
            for tag in texts(scope, "tags")
        )

    def query_range(self, query: str, *, start: float, end: float, step: float) -> Result:
        """A TraceQL metrics query, such as ``{} | rate()``, over a stretch of time in seconds.

        Raises:
            QueryRefusedError: when the query is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"q": query, "start": str(int(start)), "end": str(int(end)), "step": f"{step:g}s"}
        answer = self.json("/api/metrics/query_range", "the query", fields)
        body = answer if isinstance(answer, dict) else {}
        rows = sum(len(objects(series, "samples")) for series in objects(body, "series"))
        cost = Cost(bytes=whole(mapping(body, "metrics").get("inspectedBytes")))
        return Result("matrix", (), rows, cost, data=body)

    def version(self) -> str:
        """Its version; empty when it hides it."""
        return self.shown(text(self.json("/api/status/buildinfo", "its version"), "version"))

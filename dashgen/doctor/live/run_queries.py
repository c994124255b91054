"""Running the queries of panels: directly, or through Grafana where a server's own address is unknown."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.time_window import PAGE_WIDTH
from dashgen.formats.resources import DATA_SOURCE
from dashgen.query import is_metric_query
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.grafana.permission_table import ResourceAccess
from dashgen.servers.grafana.queries_api import QueryRange
from dashgen.servers.grafana.required_permissions import Need
from dashgen.servers.grafana.required_permissions import require_permissions as require_needs
from dashgen.servers.http.parallel import in_order
from dashgen.servers.http.response_values import text
from dashgen.servers.telemetry import Loki, Prometheus, QueryRefusedError, ServiceError, Tempo
from dashgen.servers.telemetry.results import Result, ResultSeries

_MOST_TIMEOUTS: Final = 3
_LINES: Final = 100
_TRACES: Final = 20
_TRACE_ID: Final = lazy_pattern(r"[0-9A-Fa-f]{8,32}")
_TRACEQL_METRIC: Final = lazy_pattern(r"\|\s*(?:rate|\w+_over_time|compare)\s*\(")


class Servers(Struct, frozen=True):
    """The servers that requests may go to."""

    prometheus: Prometheus | None = None
    loki: Loki | None = None
    tempo: Tempo | None = None
    grafana: Grafana | None = None
    concurrency: int = 4

    def named(self) -> Iterator[Prometheus | Loki | Tempo]:
        """Those that are queried directly."""
        yield from (server for server in (self.prometheus, self.loki, self.tempo) if server is not None)

    def is_through_grafana(self, query: PanelQuery) -> bool:
        """Whether Grafana runs a query, as no server is named for it."""
        direct = {"prometheus": self.prometheus, "loki": self.loki, "tempo": self.tempo}
        return self.grafana is not None and bool(query.source_uid) and not direct.get(query.source_type)

    def close(self) -> None:
        """Close the connections."""
        for server in self.named():
            server.close()
        if self.grafana is not None:
            self.grafana.close()


class QueryRunner(Struct):
    """Runs queries, and stops querying a server that is away or hangs.

    Attributes:
        servers: the servers.
        keeps_results: whether answers have the results themselves, and not only their sizes.
        down: why a server is not queried any more, by its name.
    """

    servers: Servers
    keeps_results: bool = False
    down: dict[str, str] = {}
    _timeouts: dict[str, int] = {}
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, queries: Sequence[PanelQuery]) -> Iterator[Answer]:
        """An answer for each query, in their order; equal queries are run once."""
        unique = list(dict.fromkeys(map(query_identity, queries)))
        byquery_identity = {query_identity(query): query for query in reversed(queries)}
        answers = in_order(self.run, [byquery_identity[key] for key in unique], self.servers.concurrency)
        by_key = dict(zip(unique, answers, strict=True))
        for query in queries:
            yield replace(by_key[query_identity(query)], query=query)

    def run(self, query: PanelQuery) -> Answer:
        """The answer to one query; never raises for what a server does."""
        if query.unfilled:
            names = ", ".join(f"`${name}`" for name in query.unfilled)
            return Answer(query, error=f"there is no value for {names}", hint="give the variable a default")
        service, run = self._route(query)
        if run is None:
            return Answer(query, asked=False)
        if service in self.down:
            return Answer(query, error=self.down[service], asked=False)
        began = time.monotonic()
        try:
            answer = run(query)
        except QueryRefusedError as error:
            answer = Answer(query, error=error.reason)
        except GrafanaError as error:
            if error.exit_code == 3:
                self._failed(service, error.message, timed_out=False)
            answer = Answer(query, error=error.message, hint=error.hint)
        except ServiceError as error:
            self._failed(service, error.message, timed_out=error.timed_out)
            answer = Answer(query, error=error.message, hint=error.hint, timed_out=error.timed_out)
        # The message of a data warning has the labels of the series for which it holds.
        result = answer.result if self.keeps_results or query.warning is not None else None
        return replace(answer, seconds=time.monotonic() - began, result=result)

    def _failed(self, service: str, message: str, *, timed_out: bool) -> None:
        """Count a failure; a server that is away, or was too slow several times, is not queried again."""
        with self._lock:
            count = self._timeouts[service] = self._timeouts.get(service, 0) + 1
            if not timed_out or count >= _MOST_TIMEOUTS:
                self.down.setdefault(service, message)

    def _route(self, query: PanelQuery) -> tuple[str, Callable[[PanelQuery], Answer] | None]:
        """The name of the server for a query, and the function that runs it there."""
        servers = self.servers
        match query.source_type:
            case "prometheus" if servers.prometheus is not None:
                return "Prometheus", partial(_of_prometheus, servers.prometheus)
            case "loki" if servers.loki is not None:
                return "Loki", partial(_of_loki, servers.loki)
            case "tempo" if servers.tempo is not None:
                return "Tempo", partial(_of_tempo, servers.tempo)
            case _ if servers.grafana is not None and servers.is_through_grafana(query):
                return "Grafana", partial(_through_grafana, servers.grafana)
            case _:
                return "", None


def require_permissions(queries: Iterable[PanelQuery], servers: Servers) -> None:
    """End before anything is queried, when the account may not query all data sources that take Grafana.

    A Grafana that does not answer is reported with the queries that fail.

    Raises:
        ForbiddenError: it lacks permissions, which the message names.
    """
    uids = sorted({query.source_uid for query in queries if servers.is_through_grafana(query)})
    if not uids or servers.grafana is None:
        return
    try:
        capabilities = servers.grafana.capabilities
    except GrafanaError:
        return
    needs = [
        Need(DATA_SOURCE, ResourceAccess.QUERY, uid, subject=f"data source `{clean(uid)}`") for uid in uids
    ]
    require_needs(needs, capabilities.permissions, capabilities.login, "nothing was queried")


def _of_prometheus(server: Prometheus, query: PanelQuery) -> Answer:
    if query.instant:
        return _answer_of(query, server.query(query.expr, at=query.window.end))
    start, end = query.window.aligned
    return _answer_of(query, server.query_range(query.expr, start=start, end=end, step=query.window.step))


def _of_loki(server: Loki, query: PanelQuery) -> Answer:
    window = query.window
    # Loki refuses log queries for a single moment.
    if query.instant and is_metric_query(query.expr):
        return _answer_of(query, server.query(query.expr, at=window.end))
    lines = query.target.get("maxLines")
    limit = lines if isinstance(lines, int) and lines > 0 else _LINES
    result = server.query_range(query.expr, start=window.start, end=window.end, step=window.step, limit=limit)
    return _answer_of(query, result)


def _of_tempo(server: Tempo, query: PanelQuery) -> Answer:
    return _answer_of(query, run_trace_query(server, query))


def run_trace_query(server: Tempo, query: PanelQuery) -> Result:
    """What a query of a panel yields at a Tempo: series of numbers, the traces that it finds, or one trace.

    Raises:
        ServiceError: there is no answer.
    """
    window = query.window
    if _TRACE_ID.fullmatch(query.expr.strip()):
        return server.trace(query.expr.strip())
    if is_trace_metric(query.expr):
        return server.query_range(query.expr, start=window.start, end=window.end, step=window.step)
    limit = query.target.get("limit")
    most = limit if isinstance(limit, int) and limit > 0 else _TRACES
    return server.search(query.expr, start=window.start, end=window.end, limit=most)


def is_trace_metric(expr: str) -> bool:
    """Whether a TraceQL query yields numbers over time instead of traces."""
    return _TRACEQL_METRIC.search(expr) is not None


def _through_grafana(grafana: Grafana, query: PanelQuery) -> Answer:
    window = query.window
    span = QueryRange(window.start, window.end, window.step, _points(query.target))
    answer = grafana.queries.ask(query.source_uid, query.target, span)
    kind = "vector" if query.instant else "matrix"
    result = Result(kind, tuple(ResultSeries(*one) for one in answer.columns), answer.rows)
    return Answer(query, rows=answer.rows, series=answer.series, remarks=answer.remarks, result=result)


def _answer_of(query: PanelQuery, result: Result) -> Answer:
    not_numbers = result.rows == 0 and any(series.points for series in result.series)
    return Answer(
        query,
        rows=result.rows,
        series=len(result.series),
        cost=result.cost,
        not_numbers=not_numbers,
        remarks=result.warnings,
        result=result,
    )


def query_identity(query: PanelQuery) -> tuple[Any, ...]:
    """What two queries have in common that have one answer."""
    extra = text(query.target, "queryType"), query.target.get("maxLines"), query.target.get("limit")
    return query.source_type, query.source_uid, query.expr, query.instant, query.window, extra, query.unfilled


def _points(target: Any) -> int:
    own = target.get("maxDataPoints")
    return own if isinstance(own, int) and own > 0 else PAGE_WIDTH


def ready(servers: Servers) -> Iterable[tuple[str, str]]:
    """The servers that cannot answer now, each with its reason."""
    for server in servers.named():
        reason = server.not_ready()
        if reason:
            yield server.name, reason

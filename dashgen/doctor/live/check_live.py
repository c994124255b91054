"""The queries of all panels against running servers."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from threading import Lock

from msgspec import Struct

from dashgen.doctor.live.empty_log_panels import why_no_logs, why_no_traces
from dashgen.doctor.live.empty_panels import why_empty
from dashgen.doctor.live.grafana_proxy import Telemetry, behind_grafana
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.metric_probe import PrometheusProbe
from dashgen.doctor.live.panel_verdict import Bounds, QueryVerdict, judge, name_of
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.run_queries import QueryRunner, Servers, ready
from dashgen.servers.http.parallel import in_order
from dashgen.servers.telemetry import Loki, Prometheus, Tempo


class LiveReport(Struct, frozen=True):
    """The verdict on every query, and the servers that do not answer."""

    verdicts: list[QueryVerdict] = []
    servers: list[LiveFinding] = []


def check_panels(
    queries: Sequence[PanelQuery], servers: Servers, bounds: Bounds, now: datetime
) -> LiveReport:
    """Run every query, and look for the reason of each empty answer.

    Args:
        queries: the queries of panels, without variables.
        servers: the servers; queries that none of them can answer are not run.
        bounds: the limits beyond which a query costs too much.
        now: the moment at which reasons are looked for.
    """
    runner = QueryRunner(servers)
    runner.down.update(ready(servers))
    # All answers first: looking for reasons costs many more requests, and would delay the queries of other
    # panels.
    answers = list(runner.answers(queries))
    with ExitStack() as opened:
        reasons = _Reasons(servers, now, opened)
        verdicts = in_order(
            lambda answer: judge(answer, bounds, reasons.of(answer)), answers, servers.concurrency
        )
        return LiveReport(list(verdicts), list(_down(runner)))


def _down(runner: QueryRunner) -> Iterator[LiveFinding]:
    for name, reason in sorted(runner.down.items()):
        yield LiveFinding(name, reason, f"{name} does not answer", "start it, or correct its address")


class _Reasons:
    """Finds out why answers are empty, at the servers themselves or through Grafana's proxy to them."""

    def __init__(self, servers: Servers, now: datetime, opened: ExitStack) -> None:
        self._servers = servers
        self._opened = opened
        self._now = now.timestamp()
        self._probes: dict[str, PrometheusProbe] = {}
        self._lock = Lock()

    def of(self, answer: Answer) -> LiveFinding | None:
        """The reason for an empty answer, where there is a server to find it out."""
        query = answer.query
        if not answer.is_empty or answer.not_numbers or answer.query.warning is not None:
            return None
        what = name_of(query)
        match query.source_type:
            case "prometheus" if (probe := self._probe(query)) is not None:
                return why_empty(query.expr, what, probe, 0.0 if query.instant else query.window.step)
            case "loki" if (loki := self._servers.loki or self._behind_grafana(query, Loki)) is not None:
                return why_no_logs(query.expr, what, query.window, loki)
            case "tempo" if (tempo := self._servers.tempo or self._behind_grafana(query, Tempo)) is not None:
                return why_no_traces(query.expr, what, query.window, tempo)
        return None

    def _probe(self, query: PanelQuery) -> PrometheusProbe | None:
        """The probe of a data source; there is one for each, as it remembers its answers."""
        own = self._servers.prometheus
        key = "" if own is not None else query.source_uid
        with self._lock:
            if key not in self._probes:
                server = own or self._behind_grafana(query, Prometheus)
                if server is None:
                    return None
                self._probes[key] = PrometheusProbe(server, self._now)
            return self._probes[key]

    def _behind_grafana(self, query: PanelQuery, kind: type[Telemetry]) -> Telemetry | None:
        """A client of a data source's own API, through Grafana's proxy."""
        grafana = self._servers.grafana
        if grafana is None or not query.source_uid:
            return None
        client = behind_grafana(grafana, query.source_uid, kind)
        self._opened.callback(client.close)
        return client

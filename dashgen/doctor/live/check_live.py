"""All panels of all dashboards against running servers."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from dashgen.doctor.live.empty_log_panels import why_no_logs, why_no_traces
from dashgen.doctor.live.empty_panels import why_empty
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.metric_probe import PrometheusProbe
from dashgen.doctor.live.panel_verdict import Bounds, QueryVerdict, judge, name_of
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.run_queries import Asking, Servers, ready
from dashgen.servers.grafana.api_paths import route
from dashgen.servers.http.parallel import in_order
from dashgen.servers.telemetry import Loki, Prometheus, Tempo

S = TypeVar("S", Prometheus, Loki, Tempo)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on every query, and the servers that do not answer."""

    verdicts: list[QueryVerdict] = field(default_factory=list)
    servers: list[LiveFinding] = field(default_factory=list)


def check_panels(queries: Sequence[PanelQuery], servers: Servers, bounds: Bounds, now: datetime) -> Checked:
    """Ask every query, and look for the reason where nothing comes.

    Args:
        queries: the queries of panels, without variables.
        servers: whom to ask; queries that nobody can be asked are not asked.
        bounds: what is still all right.
        now: the moment that questions about reasons are about.
    """
    asking = Asking(servers)
    asking.down.update(ready(servers))
    answers = list(asking.answers(queries))
    with ExitStack() as opened:
        reasons = _Reasons(servers, now, opened)
        work = in_order(lambda one: judge(one, bounds, reasons.of(one)), answers, servers.concurrency)
        verdicts = list(work)
    return Checked(verdicts, list(_down(asking)))


def _down(asking: Asking) -> Iterator[LiveFinding]:
    for name, reason in sorted(asking.down.items()):
        yield LiveFinding(name, reason, f"{name} does not answer", "start it, or correct its address")


class _Reasons:
    """Finds out why answers are empty, from servers themselves or through Grafana's proxy to them."""

    def __init__(self, servers: Servers, now: datetime, opened: ExitStack) -> None:
        self._servers = servers
        self._opened = opened
        self._now = now.timestamp()
        self._probes: dict[str, PrometheusProbe] = {}
        self._lock = Lock()

    def of(self, answer: Answer) -> LiveFinding | None:
        """The reason for an empty answer, where somebody can be asked for it."""
        query = answer.query
        if not answer.is_empty or answer.not_numbers:
            return None
        what = name_of(query)
        if query.source_type == "prometheus" and (probe := self._probe(query)) is not None:
            return why_empty(query.expr, what, probe, 0.0 if query.instant else query.window.step)
        if (
            query.source_type == "loki"
            and (loki := self._servers.loki or self._behind(query, Loki)) is not None
        ):
            return why_no_logs(query.expr, what, query.window, loki)
        if (
            query.source_type == "tempo"
            and (tempo := self._servers.tempo or self._behind(query, Tempo)) is not None
        ):
            return why_no_traces(query.expr, what, query.window, tempo)
        return None

    def _probe(self, query: PanelQuery) -> PrometheusProbe | None:
        """One that remembers what it was told, for each data source."""
        own = self._servers.prometheus
        key = "" if own is not None else query.source_uid
        with self._lock:
            if key not in self._probes:
                server = own or self._behind(query, Prometheus)
                if server is None:
                    return None
                self._probes[key] = PrometheusProbe(server, self._now)
            return self._probes[key]

    def _behind(self, query: PanelQuery, kind: type[S]) -> S | None:
        """A data source's own API behind Grafana."""
        grafana = self._servers.grafana
        if grafana is None or not query.source_uid:
            return None
        endpoint = grafana.session.settings.endpoint
        path = route("api", "datasources", "proxy", "uid", query.source_uid)
        client = kind(replace(endpoint, service=kind.__name__, url=endpoint.url + path))
        self._opened.callback(client.close)
        return client

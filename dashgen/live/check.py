"""All panels of all dashboards against running servers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dashgen.http.parallel import in_order
from dashgen.live.answer import Answer
from dashgen.live.ask import Asking, Servers, ready
from dashgen.live.finding import Finding
from dashgen.live.probe import PrometheusProbe
from dashgen.live.queries import PanelQuery
from dashgen.live.verdict import Bounds, Verdict, judge, name_of
from dashgen.live.why import why_empty
from dashgen.live.why_logs import why_no_logs, why_no_traces


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on every query, and the servers that do not answer."""

    verdicts: list[Verdict] = field(default_factory=list)
    servers: list[Finding] = field(default_factory=list)


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
    reasons = _Reasons(servers, now)
    verdicts = list(in_order(lambda one: judge(one, bounds, reasons.of(one)), answers, servers.concurrency))
    return Checked(verdicts, list(_down(asking)))


def _down(asking: Asking) -> Iterator[Finding]:
    for name, reason in sorted(asking.down.items()):
        yield Finding(name, reason, f"{name} does not answer", "start it, or correct its address")


class _Reasons:
    """Finds out why answers are empty."""

    def __init__(self, servers: Servers, now: datetime) -> None:
        self._servers = servers
        self._probe = PrometheusProbe(servers.prometheus, now.timestamp()) if servers.prometheus else None

    def of(self, answer: Answer) -> Finding | None:
        """The reason for an empty answer, where somebody can be asked for it."""
        query = answer.query
        if not answer.is_empty or answer.not_numbers:
            return None
        what, servers = name_of(query), self._servers
        if query.source_type == "prometheus" and self._probe is not None:
            return why_empty(query.expr, what, self._probe)
        if query.source_type == "loki" and servers.loki is not None:
            return why_no_logs(query.expr, what, query.window, servers.loki)
        if query.source_type == "tempo" and servers.tempo is not None:
            return why_no_traces(query.expr, what, query.window, servers.tempo)
        return None

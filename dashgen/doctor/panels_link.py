"""The panels: whether each has something to show, where everything before it is well."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.check_live import check_panels
from dashgen.doctor.live.empty_panels import ONLY_NOW
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.live_queries import PanelQuery, panel_queries
from dashgen.doctor.live.panel_verdict import Bounds, QueryState, QueryVerdict, by_panel
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.doctor.subject import Subject

BEFORE: Final = {
    "prometheus": (
        ChainLink.PROMETHEUS,
        ChainLink.APP,
        ChainLink.SCRAPING,
        ChainLink.RULES,
        ChainLink.CLOCKS,
    ),
    "loki": (ChainLink.LOKI, ChainLink.CLOCKS),
    "tempo": (ChainLink.TEMPO, ChainLink.CLOCKS),
    "spans": (ChainLink.PROMETHEUS, ChainLink.TEMPO, ChainLink.CLOCKS),
}
"""What has to be well before a panel can be judged, by the kind of its data."""
_OF_SPANS: Final = re.compile(r"\btraces_(service_graph|spanmetrics)_")
_MOST: Final = 10
_MOST_NAMES: Final = 4
_WRONG: Final = frozenset((QueryState.EMPTY, QueryState.ERROR))


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether panels have data."""
    if reason := diagnosis.reason(ChainLink.OUTPUT):
        return following(reason)
    queries = _queries(subject, diagnosis)
    if not queries:
        return skipped("the dashboards have no queries")
    left_out = {kind: reason for kind, links in BEFORE.items() if (reason := diagnosis.reason(*links))}
    askable = [query for query in queries if kind_of(query) not in left_out]
    through = not diagnosis.reason(ChainLink.GRAFANA, ChainLink.SOURCES)
    servers = _well(subject.servers if through else subject.without_grafana(), left_out)
    if not askable:
        return following(next(iter(left_out.values())))
    if not (servers.grafana or any(servers.named())):
        return skipped("no server that could be asked was named")
    checked = check_panels(askable, servers, Bounds(), datetime.fromtimestamp(subject.now, UTC))
    verdicts = [one for one in checked.verdicts if one.state is not QueryState.NOT_ASKED]
    if not verdicts and not checked.servers:
        return skipped("no server that could be asked was named")
    return judged([*judge(verdicts), *map(_gone, checked.servers)], _said(verdicts, left_out))


def kind_of(query: PanelQuery) -> str:
    """The kind of data that a query asks for: metrics that Tempo makes of traces are its own as well."""
    metrics = query.source_type == "prometheus"
    return "spans" if metrics and _OF_SPANS.search(query.expr) else query.source_type


def _queries(subject: Subject, diagnosis: Diagnosis) -> list[PanelQuery]:
    now = datetime.fromtimestamp(subject.now, UTC)
    views, server = project_views(subject.inspection), subject.servers.prometheus
    if server is not None and not diagnosis.reason(ChainLink.PROMETHEUS):
        views = [with_options(view, server, now) for view in views]
    return panel_queries(views, now, scrape_intervals(subject.inspection))


def _well(servers: Servers, left_out: Collection[str]) -> Servers:
    """The servers that are not known to be broken."""
    return replace(
        servers,
        prometheus=None if "prometheus" in left_out else servers.prometheus,
        loki=None if "loki" in left_out else servers.loki,
        tempo=None if "tempo" in left_out else servers.tempo,
    )


def _said(verdicts: Sequence[QueryVerdict], left_out: Mapping[str, str]) -> str:
    panels = by_panel(verdicts)
    count, well = len(panels), sum(panel.worst.state not in _WRONG for panel in panels)
    rest = "; ".join(f"those of {kind} not asked, because {reason}" for kind, reason in left_out.items())
    return f"{well} of {count} have data{f'; {rest}' if rest else ''}"


def judge(verdicts: Iterable[QueryVerdict]) -> list[LinkFault]:
    """Every cause once, with the panels that suffer from it."""
    groups: dict[tuple[str, str, bool], list[QueryVerdict]] = {}
    for one in map(_patient, verdicts):
        if one.finding is not None and one.state in _WRONG:
            groups.setdefault((one.finding.cause, one.finding.fix, one.finding.certain), []).append(one)
    certain_first = sorted(
        groups.values(), key=lambda group: not (group[0].finding and group[0].finding.certain)
    )
    return [_fault(group) for group in certain_first[:_MOST]]


def _patient(verdict: QueryVerdict) -> QueryVerdict:
    """The verdict; that the history is too short for a panel says nothing against the chain."""
    finding = verdict.finding
    if finding is None or finding.evidence != ONLY_NOW:
        return verdict
    cause = "the history is younger than the steps of these panels, or their time range lies elsewhere"
    fix = "wait, or fill the history in; `dashgen check --live` says it of each panel"
    return replace(verdict, finding=replace(finding, cause=cause, fix=fix, certain=False))


def _gone(finding: LiveFinding) -> LinkFault:
    """That a server, which was well before, does not answer the panels' queries."""
    return LinkFault(
        replace(finding, what=f"{finding.what} does not answer the queries of panels"), away=True
    )


def _fault(group: Sequence[QueryVerdict]) -> LinkFault:
    first = group[0]
    names = list(dict.fromkeys(f"`{one.query.panel}` of `{one.query.dashboard}`" for one in group))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    verb = "fails" if first.state is QueryState.ERROR else "shows nothing"
    verb = verb if len(names) == 1 else {"fails": "fail", "shows nothing": "show nothing"}[verb]
    finding = first.finding or LiveFinding("", "", "")
    what = f"{', '.join(names[:_MOST_NAMES])}{more} {verb}"
    return LinkFault(replace(finding, what=what), location=first.query.location)

"""The panels: whether each has data, where everything that it depends on works."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.check_live import check_panels
from dashgen.doctor.live.empty_panels import ONLY_NOW
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.live_queries import PanelQuery, panel_queries
from dashgen.doctor.live.panel_verdict import Bounds, QueryState, QueryVerdict, by_panel
from dashgen.doctor.live.run_queries import Servers
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.doctor.subject import Subject

PRECONDITIONS: Final = {
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
"""The links that have to work before a panel can be judged, by the kind of its data."""
_OF_SPANS: Final = lazy_pattern(r"\btraces_(service_graph|spanmetrics)_")
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
    left_out = {kind: reason for kind, links in PRECONDITIONS.items() if (reason := diagnosis.reason(*links))}
    judgeable = [query for query in queries if kind_of(query) not in left_out]
    if not judgeable:
        return following(next(iter(left_out.values())))
    grafana_works = not diagnosis.reason(ChainLink.GRAFANA, ChainLink.SOURCES)
    servers = _working(subject.servers if grafana_works else replace(subject.servers, grafana=None), left_out)
    if not (servers.grafana or any(servers.named())):
        return skipped("no server to query is given")
    report = check_panels(judgeable, servers, Bounds(), datetime.fromtimestamp(subject.now, UTC))
    verdicts = [verdict for verdict in report.verdicts if verdict.state is not QueryState.NOT_ASKED]
    if not verdicts and not report.servers:
        return skipped("no server to query is given")
    return judged([*judge(verdicts), *map(_server_fault, report.servers)], _summary(verdicts, left_out))


def kind_of(query: PanelQuery) -> str:
    """The kind of data that a query reads: metrics that Tempo derives from traces depend on Tempo too."""
    is_metric = query.source_type == "prometheus"
    return "spans" if is_metric and _OF_SPANS.search(query.expr) else query.source_type


def _queries(subject: Subject, diagnosis: Diagnosis) -> list[PanelQuery]:
    now = datetime.fromtimestamp(subject.now, UTC)
    views, server = project_views(subject.inspection), subject.servers.prometheus
    if server is not None and not diagnosis.reason(ChainLink.PROMETHEUS):
        views = [with_options(view, server, now) for view in views]
    return panel_queries(views, now, scrape_intervals(subject.inspection))


def _working(servers: Servers, left_out: Collection[str]) -> Servers:
    """The servers that no earlier link reports as broken."""
    return replace(
        servers,
        prometheus=None if "prometheus" in left_out else servers.prometheus,
        loki=None if "loki" in left_out else servers.loki,
        tempo=None if "tempo" in left_out else servers.tempo,
    )


def _summary(verdicts: Sequence[QueryVerdict], left_out: Mapping[str, str]) -> str:
    panels = by_panel(verdicts)
    with_data = sum(panel.worst.state not in _WRONG for panel in panels)
    rest = (f"those of {kind} were not checked, because {reason}" for kind, reason in left_out.items())
    return "; ".join([f"{with_data} of {len(panels)} have data", *rest])


def judge(verdicts: Iterable[QueryVerdict]) -> list[LinkFault]:
    """Every cause once, with the panels that it affects."""
    groups: dict[tuple[bool, str, str], list[QueryVerdict]] = {}
    for verdict in map(_without_young_history, verdicts):
        finding = verdict.finding
        if finding is not None and verdict.state in _WRONG:
            groups.setdefault((not finding.certain, finding.cause, finding.fix), []).append(verdict)
    certain_first = sorted(groups.items(), key=lambda item: item[0][0])
    return [_fault(group) for _, group in certain_first[:_MOST]]


def _without_young_history(verdict: QueryVerdict) -> QueryVerdict:
    """The verdict, as a note when the history is just too short for the panel: then the chain works."""
    finding = verdict.finding
    if finding is None or finding.evidence != ONLY_NOW:
        return verdict
    cause = "the history is younger than the steps of these panels, or their time range lies elsewhere"
    fix = "wait, or fill the history in; `dashgen check --live` shows it for each panel"
    return replace(verdict, finding=replace(finding, cause=cause, fix=fix, certain=False))


def _server_fault(finding: LiveFinding) -> LinkFault:
    """A server that answered before and does not answer the queries of panels."""
    what = f"{finding.what} does not answer the queries of panels"
    return LinkFault(replace(finding, what=what), away=True)


def _fault(group: Sequence[QueryVerdict]) -> LinkFault:
    first = group[0]
    names = list(
        dict.fromkeys(f"`{verdict.query.panel}` of `{verdict.query.dashboard}`" for verdict in group)
    )
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    singular, plural = (
        ("fails", "fail") if first.state is QueryState.ERROR else ("shows nothing", "show nothing")
    )
    verb = singular if len(names) == 1 else plural
    finding = first.finding or LiveFinding("", "", "")
    what = f"{', '.join(names[:_MOST_NAMES])}{more} {verb}"
    return LinkFault(replace(finding, what=what), location=first.query.location)

"""The findings about a server that does not answer as it should."""

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.reach import Reach, ReachState
from dashgen.doctor.subject import Subject

NAMES = {
    ChainLink.APP: ("the application", "`--app URL`"),
    ChainLink.PROMETHEUS: ("Prometheus", "`--prometheus URL`"),
    ChainLink.LOKI: ("Loki", "`--loki URL`"),
    ChainLink.TEMPO: ("Tempo", "`--tempo URL`"),
    ChainLink.GRAFANA: ("Grafana", "`--url URL`"),
}
_FAULTS = {
    ReachState.AWAY: ("{name} does not answer", "it does not run, or listens elsewhere"),
    ReachState.HUNG: ("{name} hangs", "it takes connections and gives no answer in time"),
    ReachState.NOT_READY: ("{name} is not ready", "it is starting, or something that it needs is missing"),
    ReachState.DENIED: ("{name} rejects the credentials", "the credentials are missing or wrong"),
}


def unavailable(subject: Subject, diagnosis: Diagnosis, link: ChainLink) -> LinkOutcome | None:
    """The outcome for a server that cannot be examined further; nothing when it can.

    Args:
        subject: the project, the stack and the servers.
        diagnosis: what earlier links found.
        link: the server.
    """
    name, option = NAMES[link]
    if reason := diagnosis.reason(link):
        return following(reason)
    reach = subject.reaches.get(link)
    if reach is None:
        return skipped(f"no address of {name} is known; {option} names it")
    # A container that does not run explains why its server is away; that it hangs or denies is a fault of its
    # own.
    if reach.state is ReachState.AWAY and link in diagnosis.stopped:
        return following(diagnosis.stopped[link])
    fault = judge(reach, _fix(subject, link, reach))
    return judged([fault], "") if fault else None


def judge(reach: Reach, fix: str) -> LinkFault | None:
    """The fault of a server from its first answer; nothing when it is well."""
    if reach.state not in _FAULTS:
        return None
    what, cause = _FAULTS[reach.state]
    name = NAMES[reach.link][0]
    return LinkFault(LiveFinding(what.format(name=name), reach.reason, cause, fix), away=True)


def _fix(subject: Subject, link: ChainLink, reach: Reach) -> str:
    if reach.state is ReachState.DENIED:
        return reach.hint
    if reach.state is ReachState.AWAY:
        return subject.fix_of(link, "up -d {service}", f"start it, or correct its address {reach.url}")
    if reach.state is ReachState.HUNG:
        return subject.fix_of(link, "restart {service}", "restart it, and look at its log")
    return subject.fix_of(link, "logs --tail 50 {service}", "wait half a minute, then look at its log")

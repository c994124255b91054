"""Grafana's data sources: whether they are those of the specs, and whether each works."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dashgen.core.errors import DashgenError
from dashgen.core.json_values import scalar_text
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.grafana_link import opened, unread
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.formats import resources as kinds
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.grafana.data_sources_api import LiveDataSource
from dashgen.sync.push.push_plan import PushStep
from dashgen.sync.push.step_texts import change_sentences

SERVERS: Final = {"prometheus": ChainLink.PROMETHEUS, "loki": ChainLink.LOKI, "tempo": ChainLink.TEMPO}
"""The servers behind data sources, by their type."""
_RELOAD: Final = "`dashgen install`, or restart Grafana: it reads data sources when it starts"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether every data source is there and answers."""
    if reason := diagnosis.reason(ChainLink.SOURCES, ChainLink.GRAFANA, ChainLink.OUTPUT):
        return following(reason)
    grafana = opened(subject)
    if isinstance(grafana, LinkOutcome):
        return grafana
    try:
        steps, live = subject.steps_of(kinds.DATA_SOURCE), grafana.data_sources.list_all()
    except DashgenError as error:
        return unread(error, "the data sources")
    if not steps:
        return skipped("the specs have none")
    faults = list(judge(steps, live))
    types = types_of([step for step in steps if step.live is not None and not step.changes])
    # A data source of a server that is down cannot work, and the server is reported already.
    excused = {uid for uid, kind in types.items() if SERVERS.get(kind) in diagnosis.broken}
    if not faults and types and excused == types.keys():
        return following(diagnosis.broken[SERVERS[types[min(excused)]]])
    tried = sorted(types.keys() - excused)
    faults += filter(None, (_try(grafana, uid, types[uid]) for uid in tried))
    summary = f"{len(tried)} work"
    if excused:
        pronoun = "it" if len(excused) == 1 else "them"
        summary += f", {len(excused)} not tried because the server behind {pronoun} is broken"
    return judged(faults, summary)


def judge(steps: Sequence[PushStep], live: Sequence[LiveDataSource]) -> Iterator[LinkFault]:
    """What is wrong with the settings of data sources.

    Args:
        steps: what a push would change of them.
        live: all that Grafana has.
    """
    for step in steps:
        item = step.item
        if step.live is None:
            yield _absent(item.uid, scalar_text(item.content.get("type")), item.title, live)
        elif step.changes:
            what, evidence = (
                f"the data source `{item.uid}` does not match the specs",
                "; ".join(change_sentences(step.changes)),
            )
            cause = "it was edited, or Grafana did not read the last build"
            yield LinkFault(LiveFinding(what, evidence, cause, _RELOAD))


def _absent(uid: str, kind: str, name: str, live: Sequence[LiveDataSource]) -> LinkFault:
    # Dashboards name data sources by uid, so one of the right name or type and another uid is of no use to
    # them.
    same = [source for source in live if source.name == name or source.type == kind]
    if same:
        what = f"the data source `{name}` has the wrong uid"
        evidence = f"Grafana has it as `{same[0].uid}`, and dashboards need `{uid}`"
        cause = "it was created by hand, or before the specs gave it a uid"
        fix = f"delete it in Grafana, then {_RELOAD}"
        return LinkFault(LiveFinding(what, evidence, cause, fix), breaks=(ChainLink.ALERTS,))
    what = f"the data source `{uid}` is missing"
    evidence = f"Grafana has {len(live)} data sources, and none with this uid"
    finding = LiveFinding(what, evidence, "its provisioning file was not read", _RELOAD)
    return LinkFault(finding, breaks=(ChainLink.ALERTS,))


def _try(grafana: Grafana, uid: str, kind: str) -> LinkFault | None:
    try:
        health = grafana.data_sources.health(uid)
    except GrafanaError as error:
        return _not_working(uid, kind, error.message)
    return None if health.works else _not_working(uid, kind, health.message)


def _not_working(uid: str, kind: str, message: str) -> LinkFault:
    cause = "Grafana needs another address for it, or its credentials are wrong"
    if kind not in SERVERS:
        cause = "its address or credentials are wrong, or it is away"
    fix = f"correct its `url` in the specs; {_RELOAD}"
    finding = LiveFinding(f"Grafana's data source `{uid}` does not work", message, cause, fix)
    return LinkFault(finding, breaks=(ChainLink.ALERTS,))


def types_of(steps: Sequence[PushStep]) -> Mapping[str, str]:
    """The type of each data source of the specs, by its uid."""
    return {step.item.uid: scalar_text(step.item.content.get("type")) for step in steps}

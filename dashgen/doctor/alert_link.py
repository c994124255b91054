"""Grafana's alert rules: whether they are those of the specs, and whether each can be evaluated."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from dashgen.core.errors import DashgenError
from dashgen.core.json_values import mappings, scalar_text
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged
from dashgen.doctor.data_sources_link import SERVERS, types_of
from dashgen.doctor.grafana_link import opened, unread
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.formats import resources as kinds
from dashgen.servers.grafana.evaluation import RuleState
from dashgen.sync.push.push_plan import PushStep
from dashgen.sync.push.step_texts import change_sentences

_PUSH = "`dashgen push`"
_INSTALL = "`dashgen install`, or restart Grafana: it reads its rules from provisioning files"


class BrokenSources(Struct, frozen=True):
    """Data sources that an earlier link reports: their uids, and those of each rule by its title."""

    uids: frozenset[str]
    by_rule: Mapping[str, frozenset[str]]

    def explain(self, title: str) -> bool:
        """Whether a rule fails because of one of them."""
        return bool(self.uids & self.by_rule.get(title, frozenset()))


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether the rules are there and none fails."""
    if reason := diagnosis.reason(ChainLink.ALERTS, ChainLink.GRAFANA, ChainLink.OUTPUT):
        return following(reason)
    grafana = opened(subject)
    if isinstance(grafana, LinkOutcome):
        return grafana
    try:
        steps, states = subject.steps_of(kinds.RULE_GROUP), grafana.evaluation.rules()
    except DashgenError as error:
        return unread(error, "the alert rules")
    types = types_of(subject.steps_of(kinds.DATA_SOURCE))
    broken_uids = frozenset(uid for uid, kind in types.items() if SERVERS.get(kind) in diagnosis.broken)
    fix = _INSTALL if subject.is_provisioned else _PUSH
    faults = list(judge(steps, states, BrokenSources(broken_uids, sources_of(steps)), fix))
    firing = sum(state.state == "firing" for state in states)
    return judged(faults, f"{len(states)} are evaluated{f', {firing} fire' if firing else ''}")


def sources_of(steps: Sequence[PushStep]) -> dict[str, frozenset[str]]:
    """The data sources that each rule queries, by the rule's title."""
    rules = [rule for step in steps for rule in mappings(step.item.content.get("rules"))]
    return {
        scalar_text(rule.get("title")): frozenset(
            scalar_text(query.get("datasourceUid")) for query in mappings(rule.get("data"))
        )
        for rule in rules
    }


def judge(
    steps: Sequence[PushStep], states: Sequence[RuleState], broken: BrokenSources, fix: str = _PUSH
) -> Iterator[LinkFault]:
    """What is wrong with rules.

    Args:
        steps: what a push would change of them.
        states: their last evaluation.
        broken: the data sources whose rules are expected to fail.
        fix: what brings the rules of the specs into Grafana.
    """
    if missing := [f"`{step.item.title}`" for step in steps if step.live is None]:
        what = f"the alert rules of {', '.join(missing)} are missing"
        cause = "they were never pushed" if fix == _PUSH else "Grafana did not read them"
        yield LinkFault(LiveFinding(what, "Grafana has no such group", cause, fix))
    for step in steps:
        if step.live is not None and step.changes:
            what = f"the alert rules of `{step.item.title}` differ from what was generated"
            evidence = "; ".join([*change_sentences(step.changes)][:3])
            cause = "Grafana did not read the last build, or they were edited"
            yield LinkFault(LiveFinding(what, evidence, cause, fix))
    for state in states:
        # Grafana writes `error` in its own API and `err` in the form of Prometheus.
        if state.health.startswith("err") and not broken.explain(state.title):
            what = f"the alert rule `{state.title}` fails"
            cause = "its query or expression cannot be evaluated"
            correction = (
                "correct its query in the specs, then `dashgen build`; "
                "`dashgen check --live` runs queries of panels"
            )
            yield LinkFault(LiveFinding(what, state.error or "Grafana gives no reason", cause, correction))

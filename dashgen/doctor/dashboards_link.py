"""Grafana's dashboards: whether each is there, and as it was generated."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged
from dashgen.doctor.grafana_link import opened, unread
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.formats import resources as kinds
from dashgen.sync.push.push_plan import PushStep
from dashgen.sync.push.step_texts import change_sentences

_COMPLAINTS: Final = lazy_pattern(
    r"failed to load dashboard|no database write permissions|same UID is used more than once"
    r"|title cannot be empty",
    re.IGNORECASE,
)
_SINCE: Final = "10m"
_MOST: Final = 8


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether every dashboard of the specs is in Grafana, as it was generated."""
    if reason := diagnosis.reason(ChainLink.DASHBOARDS, ChainLink.GRAFANA, ChainLink.OUTPUT):
        return following(reason)
    grafana = opened(subject)
    if isinstance(grafana, LinkOutcome):
        return grafana
    try:
        steps = subject.steps_of(kinds.DASHBOARD)
    except DashgenError as error:
        return unread(error, "the dashboards")
    wrong = [step for step in steps if step.live is None or step.changes]
    log = complaints(subject) if wrong else []
    faults = list(judge(wrong, log, provisioned=subject.is_provisioned))
    return judged(faults, f"{len(steps)} match the specs")


def complaints(subject: Subject) -> list[str]:
    """The errors about provisioning in Grafana's log, where Docker shows it."""
    stack = subject.stack
    service = stack.service(ChainLink.GRAFANA) if stack and subject.is_of_stack(ChainLink.GRAFANA) else None
    if stack is None or service is None or stack.stack.file is None:
        return []
    command = ["compose", "-f", str(stack.stack.file), "logs", "--no-color", "--since", _SINCE, service.name]
    ran = subject.tools.docker(command)
    lines = ran.out.splitlines() if ran and ran.code == 0 else []
    return [subject.redact(line) for line in lines if _COMPLAINTS.search(line)]


def judge(wrong: Sequence[PushStep], log: Sequence[str], *, provisioned: bool = False) -> Iterator[LinkFault]:
    """What is wrong with dashboards.

    Args:
        wrong: those that are missing or differ.
        log: the errors about provisioning in Grafana's log.
        provisioned: whether Grafana has its dashboards from files.
    """
    logged_cause, fix = _why(log, provisioned=provisioned)
    missing = [step for step in wrong if step.live is None]
    if missing:
        names = ", ".join(f"`{step.item.uid}`" for step in missing[:_MOST])
        what = f"Grafana does not have the dashboard{'s' * (len(missing) > 1)} {names}"
        absence = "no dashboard has this uid" if len(missing) == 1 else "no dashboards have these uids"
        cause = "Grafana did not load it" + ("" if provisioned else ", or it was never pushed")
        yield LinkFault(LiveFinding(what, log[-1] if log else absence, logged_cause or cause, fix))
    for step in [step for step in wrong if step.live is not None][:_MOST]:
        what = f"the dashboard `{step.item.uid}` in Grafana differs from what was generated"
        evidence = "; ".join([*change_sentences(step.changes)][:3])
        cause, correction = "Grafana did not read the last build", fix
        if step.live is None or not step.live.is_provisioned:
            cause = "it was edited in Grafana, or not pushed since"
            if not log and not provisioned:
                correction = "`dashgen diff --url …` shows it, then `dashgen push` or `pull`"
        yield LinkFault(LiveFinding(what, evidence, logged_cause or cause, correction))


def _why(log: Sequence[str], *, provisioned: bool) -> tuple[str, str]:
    """The cause that the log shows, empty when it shows none, and the fix."""
    fix = "`dashgen install`" if provisioned else "`dashgen install`, or `dashgen push`"
    fix += "; look for `failed to load dashboard` in Grafana's log"
    text = " ".join(log).lower()
    if "no database write permissions" in text or "more than once" in text:
        cause = (
            "two dashboards have one uid, or one title in one folder: "
            "Grafana updates none of their provider any more"
        )
        return cause, "`dashgen validate` on all that Grafana reads; remove the file that is left over"
    if "title cannot be empty" in text or "failed to load" in text:
        return "Grafana cannot read a dashboard's file", "`dashgen validate` on what Grafana reads"
    return "", fix

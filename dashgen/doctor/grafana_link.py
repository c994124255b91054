"""Grafana: whether it is well, and whether we may look."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from dashgen.core.errors import DashgenError
from dashgen.doctor.answering import standing
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.servers.grafana import Grafana, GrafanaError
from dashgen.servers.grafana.capabilities import Capabilities
from dashgen.servers.grafana.grafana_errors import (
    BusyError,
    ForbiddenError,
    UnauthorisedError,
    UnreachableError,
    UnusableAnswerError,
)
from dashgen.servers.http.plain import PlainHttpError

BEHIND: Final = (ChainLink.SOURCES, ChainLink.DASHBOARDS, ChainLink.ALERTS, ChainLink.CONTACTS)
"""What only somebody can see who is signed in."""
_CREDENTIALS: Final = "set `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether it is well, and lets us in."""
    if (outcome := standing(subject, diagnosis, ChainLink.GRAFANA)) is not None:
        return outcome
    if subject.grafana is None:
        return judged([], "it answers")
    try:
        able = subject.grafana.capabilities
    except GrafanaError as error:
        if not isinstance(error, UnauthorisedError | ForbiddenError):
            return unread(error, "the account")
        return judged([_refused(error)], "")
    faults = judge(able, _health(subject))
    return judged(faults, f"{able.version} is well, and lets us in".strip())


def judge(able: Capabilities, health: Mapping[str, Any]) -> list[LinkFault]:
    """What is wrong with a Grafana that answers."""
    if health.get("database") not in ("ok", None):
        evidence = f"its health says that the database is `{health['database']}`"
        fix = "look at its log, and at the disk that its database is on"
        return [
            LinkFault(
                LiveFinding("the database of Grafana is broken", evidence, "a full disk, or a lock", fix)
            )
        ]
    if not able.signed_in:
        finding = LiveFinding(
            "nobody is signed in to Grafana, so only its health was looked at",
            "there are no credentials",
            "none were given",
            _CREDENTIALS,
            certain=False,
        )
        return [LinkFault(finding)]
    return []


def _refused(error: GrafanaError) -> LinkFault:
    cause = (
        "they are wrong, or a token has expired; the password in `.env` counts for Grafana's first start only"
    )
    finding = LiveFinding(
        "Grafana does not accept the credentials", error.message, cause, error.hint or _CREDENTIALS
    )
    return LinkFault(finding, breaks=BEHIND, away=True)


def opened(subject: Subject) -> Grafana | LinkOutcome:
    """The Grafana to look into, or what to say when there is none."""
    if subject.grafana is None:
        return skipped("no address of Grafana is known; `--url URL` names it")
    if not subject.grafana.capabilities.signed_in:
        return skipped(f"nobody is signed in to Grafana; {_CREDENTIALS}")
    return subject.grafana


def unread(error: DashgenError, what: str) -> LinkOutcome:
    """What to say when something of Grafana cannot be read: that it hangs is a finding, that we may not is none."""
    if isinstance(error, PlainHttpError):
        raise error
    away = isinstance(error, UnreachableError | UnusableAnswerError | BusyError)
    if not away:
        return skipped(f"{what} cannot be read: {error}")
    finding = LiveFinding(
        "Grafana stopped answering", f"{what}: {error}", "it is overloaded, or stops", "look at its log"
    )
    return judged([LinkFault(finding, breaks=(ChainLink.GRAFANA, *BEHIND), away=True)], "")


def _health(subject: Subject) -> Mapping[str, Any]:
    try:
        health = orjson.loads(subject.reaches[ChainLink.GRAFANA].body)
    except (orjson.JSONDecodeError, KeyError):
        return {}
    return health if isinstance(health, dict) else {}

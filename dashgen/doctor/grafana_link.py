"""Grafana: whether it is healthy, and whether it accepts the credentials."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from dashgen.core.errors import DashgenError
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.subject import Subject
from dashgen.doctor.unavailable_server import unavailable
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
"""The links that only an account can examine."""
_CREDENTIALS: Final = "set `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether it is healthy, and accepts the credentials."""
    if (outcome := unavailable(subject, diagnosis, ChainLink.GRAFANA)) is not None:
        return outcome
    if subject.grafana is None:
        return judged([], "it answers")
    try:
        capabilities = subject.grafana.capabilities
    except GrafanaError as error:
        if not isinstance(error, UnauthorisedError | ForbiddenError):
            return unread(error, "the account")
        return judged([_refused(error)], "")
    faults = judge(capabilities, _health(subject))
    return judged(faults, f"{capabilities.version} is healthy and accepts the credentials".strip())


def judge(capabilities: Capabilities, health: Mapping[str, Any]) -> list[LinkFault]:
    """What is wrong with a Grafana that answers, from ``/api/health``: ``{"database": "ok", …}``."""
    if health.get("database") not in ("ok", None):
        evidence = f"its health check reports the database as `{health['database']}`"
        fix = "look at its log, and at the disk that its database is on"
        finding = LiveFinding("the database of Grafana is broken", evidence, "a full disk, or a lock", fix)
        return [LinkFault(finding)]
    if not capabilities.signed_in:
        finding = LiveFinding(
            "no account is signed in to Grafana, so only its health was checked",
            "there are no credentials",
            "none were given",
            _CREDENTIALS,
            certain=False,
        )
        return [LinkFault(finding)]
    return []


def _refused(error: GrafanaError) -> LinkFault:
    what = "Grafana does not accept the credentials"
    cause = (
        "they are wrong, or a token has expired; the password in `.env` counts for Grafana's first start only"
    )
    finding = LiveFinding(what, error.message, cause, error.hint or _CREDENTIALS)
    return LinkFault(finding, breaks=BEHIND, away=True)


def opened(subject: Subject) -> Grafana | LinkOutcome:
    """The Grafana to examine, or the outcome when there is none."""
    if subject.grafana is None:
        return skipped("no address of Grafana is known; `--url URL` names it")
    if not subject.grafana.capabilities.signed_in:
        return skipped(f"no account is signed in to Grafana; {_CREDENTIALS}")
    return subject.grafana


def unread(error: DashgenError, what: str) -> LinkOutcome:
    """The outcome when something of Grafana cannot be read."""
    if isinstance(error, PlainHttpError):
        raise error
    # That Grafana hangs is a finding; that the account lacks a permission is none.
    if not isinstance(error, UnreachableError | UnusableAnswerError | BusyError):
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

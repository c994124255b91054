"""From an error answer to a typed error with a sentence."""

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.grafana.grafana_errors import (
    BusyError,
    ConflictError,
    ConflictKind,
    ForbiddenError,
    GrafanaError,
    NotFoundError,
    RefusedError,
    ServerError,
    TooLargeError,
    UnauthorisedError,
)
from dashgen.servers.grafana.payload import Payload

# A status alone does not tell conflicts apart: a 409 may be another version, a taken name, a provisioned rule
# or a mute timing in use. So the kind comes from the slug and the message; these are the words of Grafana 10
# to 13 (tests/grafana/recordings).
_MANAGED = ("provenance", "provisioned", "read-only", "read only", "resource manager", "plugin-dashboard")
_IN_USE = (
    "not-empty",
    ".used",
    "in use",
    "in-use",
    "has connections",
    "connected dashboards",
    "not empty",
    "belongs to rule sequence",
)
_EXISTS = (
    "alreadyexists",
    "already exists",
    "name-exists",
    "nameexists",
    "uidinuse",
    "unique constraint",
    "duplicate",
)
_VERSION = (
    "version-mismatch",
    "changed by someone else",
    "already been updated",
    "has been modified",
    "precondition",
)
# What an app of Grafana 13 does not take is a 403 as well, which names the object; one about the account
# names no object, or the user.
_ADMISSION = lazy_pattern(r'(?s)[\w.]+ "[^"]*" is forbidden: (?!User )(.+)')
_HINTS = {
    ConflictKind.VERSION: "look at the change with `dashgen diff`, then take it with `dashgen pull` or "
    "overwrite it with `--force`",
    ConflictKind.EXISTS: "give it another uid or name, or take over the existing one",
    ConflictKind.MANAGED: "change it where it is managed, or leave it out of the specs",
    ConflictKind.IN_USE: "remove what uses it first",
}


def error_of(status: int, payload: Payload, subject: str, *, wait: float | None = None) -> GrafanaError:
    """The error that an answer of 400 and above stands for.

    Args:
        status: the HTTP status.
        payload: the content of the answer, already without secrets.
        subject: what the request was about, such as "dashboard `x`".
        wait: the pause in seconds that the server requests.
    """
    if status in {429, 502, 503, 504}:
        return _busy(status, payload, subject, wait)
    if kind := _conflict_kind(status, payload):
        reason = _reason(payload)
        message = f"{subject}: {reason}" if reason else f"{subject} conflicts with what is in Grafana"
        return ConflictError(message, kind=kind, hint=_HINTS[kind], status=status, payload=payload)
    if status == 403:
        admission = _ADMISSION.match(payload.message)
        if admission and not payload.permissions:
            return RefusedError(f"Grafana refuses {subject}: {admission[1]}", status=status, payload=payload)
        return _forbidden(payload, subject)
    error_class, message, hint = _error_by_status(status, subject)
    return error_class(message + _because(payload), hint=hint, status=status, payload=payload)


def _error_by_status(status: int, subject: str) -> tuple[type[GrafanaError], str, str]:
    if status == 401:
        hint = "check `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`; a token may have expired"
        return UnauthorisedError, "Grafana does not accept the credentials", hint
    if status == 404:
        return NotFoundError, f"Grafana cannot find {subject}", ""
    if status == 413:
        return TooLargeError, f"{subject} is too large for Grafana", "split it, or ask for a higher limit"
    if status >= 500:
        hint = "look into the log of the Grafana server"
        return ServerError, f"Grafana failed with an internal error at {subject} ({status})", hint
    return RefusedError, f"Grafana refuses {subject}", ""


def _conflict_kind(status: int, payload: Payload) -> ConflictKind | None:
    # A 403 that names permissions is about the account; without them it is how Grafana protects provisioned
    # things.
    if status not in {400, 403, 409, 412} or payload.permissions:
        return None
    text = f"{payload.slug} {payload.message}".lower()
    for kind, phrases in (
        (ConflictKind.MANAGED, _MANAGED),
        (ConflictKind.IN_USE, _IN_USE),
        (ConflictKind.EXISTS, _EXISTS),
        (ConflictKind.VERSION, _VERSION),
    ):
        if any(word in text for word in phrases) and not payload.causes:
            return kind
    return ConflictKind.VERSION if status in {409, 412} else None


def _busy(status: int, payload: Payload, subject: str, wait: float | None) -> BusyError:
    if status == 429:
        pause = f"; try again after {wait:g} s" if wait else ""
        message = f"Grafana limits the rate of requests at {subject} (429){pause}"
    else:
        message = f"Grafana is not running behind its address at {subject} ({status}){_because(payload)}"
    return BusyError(message, status=status, wait=wait, payload=payload)


def _forbidden(payload: Payload, subject: str) -> ForbiddenError:
    needed = payload.permissions
    if needed:
        names = ", ".join(f"`{name}`" for name in needed)
        quantity = "one of " if "any of" in payload.message and len(needed) > 1 else ""
        hint = f"give the account the permission {quantity}{names}, or a role that has it"
        return ForbiddenError(
            f"the account may not access {subject}", needed=needed, hint=hint, payload=payload
        )
    hint = (
        "give the account a role that may do this (Editor for dashboards and rules, Admin for data sources)"
    )
    return ForbiddenError(
        f"the account may not access {subject}{_because(payload)}", hint=hint, payload=payload
    )


def _because(payload: Payload) -> str:
    reason = _reason(payload)
    return f": {reason}" if reason else ""


def _reason(payload: Payload) -> str:
    if payload.causes:
        return "; ".join(f"{cause.field}: {cause.message}" for cause in payload.causes[:5])
    return payload.message.rstrip(".")

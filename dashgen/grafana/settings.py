"""Which Grafana, as whom, and how long to wait: from arguments and the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dashgen.diagnostics import Diagnostic, Severity
from dashgen.diagnostics.frame import clean
from dashgen.grafana.secret import Secret

_HEADER_SAFE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")
_PATH = re.compile(r"(/[A-Za-z0-9._~%+@:=-]+)*")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection; times in seconds.

    ``total`` bounds one request from its start to the last byte of the answer, however slowly the bytes
    come; ``body`` bounds the answer's bytes; ``attempts`` and ``longest_wait`` bound the retries of reads.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0
    body: int = 64 * 2**20
    attempts: int = 4
    longest_wait: float = 30.0
    concurrency: int = 8


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """One Grafana and how to reach it; ``url`` has no slash at its end and no credentials in it."""

    url: str
    token: Secret | None = None
    user: str | None = None
    password: Secret | None = None
    org_id: int | None = None
    ca_cert: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        both = Secret(f"{self.user}:{self.password.reveal()}") if self.password else None
        return tuple(s for s in (self.token, self.password, both) if s)

    @property
    def identity(self) -> str:
        """Who is asking, in words."""
        if self.token:
            return "a token"
        return f"the user `{clean(self.user)}`" if self.user else "nobody (no credentials)"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settings, when they could be made, and what is wrong or doubtful about them."""

    settings: ConnectionSettings | None
    problems: tuple[Diagnostic, ...]


def connection_settings(
    given: ConnectionSettings | None = None, environment: Mapping[str, str] | None = None
) -> Resolved:
    """Complete explicit settings from the environment and check them.

    Credentials are taken from one place: when the explicit settings have any, those of the environment are
    not looked at.

    Args:
        given: what the command line or a target says; an empty ``url`` means "not said".
        environment: where ``GRAFANA_URL`` and its friends are looked up; the process's by default.
    """
    variables = os.environ if environment is None else environment
    settings = given or ConnectionSettings("")
    problems: list[Diagnostic] = []
    if not (settings.token or settings.user or settings.password):
        token, password = variables.get("GRAFANA_TOKEN", ""), variables.get("GRAFANA_PASSWORD", "")
        settings = replace(
            settings,
            token=Secret(token) if token else None,
            user=variables.get("GRAFANA_USER") or None,
            password=Secret(password) if password else None,
        )
    if settings.org_id is None and (org := variables.get("GRAFANA_ORG_ID", "")):
        if org.isascii() and org.isdigit() and int(org) > 0:
            settings = replace(settings, org_id=int(org))
        else:
            problems.append(_problem("organization", f"`GRAFANA_ORG_ID` is not a number: `{clean(org)}`"))
    settings = replace(settings, url=(settings.url or variables.get("GRAFANA_URL", "")).strip().rstrip("/"))
    problems += _url_problems(settings.url) + _credential_problems(settings) + _file_problems(settings)
    stop = any(p.severity is Severity.ERROR for p in problems)
    return Resolved(None if stop else settings, tuple(problems))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _problem(slug: str, message: str, hint: str = "", severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(f"grafana/{slug}", message, hint=hint, severity=severity)


def _url_problems(url: str) -> list[Diagnostic]:
    if not url:
        hint = "give `--url`, name a `--target`, or set `GRAFANA_URL`"
        return [_problem("url", "it is not said which Grafana to talk to", hint)]
    example = "write it like `https://grafana.example.com` or `https://example.com/grafana`"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return [_problem("url", "the address of Grafana cannot be read", example)]
    if "@" in parts.netloc:
        hint = "take the credentials out and set `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"
        return [_problem("url", "the address of Grafana has credentials in it", hint)]
    if reason := _malformed(parts):
        return [_problem("url", f"`{clean(url)}` is not an address of a Grafana: {reason}", example)]
    return []


def _malformed(parts: SplitResult) -> str:
    if parts.scheme not in {"http", "https"}:
        return "it does not start with http:// or https://"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        return "it has no host" if not parts.hostname else "its host has characters that hosts do not have"
    if parts.query or parts.fragment:
        return "it goes on with `?` or `#`"
    if not _PATH.fullmatch(parts.path) or {".", ".."} & set(parts.path.split("/")):
        return "its path has characters that do not belong there"
    return ""


def _credential_problems(settings: ConnectionSettings) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    if settings.token and (settings.user or settings.password):
        hint = "keep one of them: unset `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"
        problems.append(
            _problem("credentials", "there are both a token and a user with a password for Grafana", hint)
        )
    elif bool(settings.user) != bool(settings.password):
        missing, has = ("password", "user") if settings.user else ("user", "password")
        hint = f"set `GRAFANA_{missing.upper()}` too"
        problems.append(_problem("credentials", f"there is a {has} for Grafana and no {missing}", hint))
    if settings.token and not _HEADER_SAFE.fullmatch(settings.token.reveal()):
        hint = "copy the token again, without spaces and line breaks"
        problems.append(_problem("credentials", "the token has characters that tokens do not have", hint))
    if settings.user and ":" in settings.user:
        problems.append(_problem("credentials", "a user's name cannot have a colon in it"))
    if settings.org_id is not None and settings.org_id < 1:
        problems.append(_problem("organization", "the number of an organization is at least 1"))
    if (settings.token or settings.password) and _is_open(settings.url):
        message = (
            "the credentials would travel unencrypted, because the address of Grafana starts with http://"
        )
        problems.append(_problem("plain-http", message, "use https://", Severity.WARNING))
    return problems


def _is_open(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def _file_problems(settings: ConnectionSettings) -> list[Diagnostic]:
    files = {
        "CA certificate": settings.ca_cert,
        "client certificate": settings.client_cert,
        "client key": settings.client_key,
    }
    problems = [
        _problem("certificate", f"the file of the {name} cannot be read: `{clean(str(path))}`")
        for name, path in files.items()
        if path is not None and not os.access(path, os.R_OK)
    ]
    if settings.client_key and not settings.client_cert:
        problems.append(_problem("certificate", "there is a client key and no client certificate"))
    return problems

"""Which Grafana, as whom, and how long to wait: from arguments and the environment."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Severity
from dashgen.core.diagnostics.frame import clean
from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.http.credentials import credentials
from dashgen.servers.http.endpoint import Endpoint, Limits, address_problem
from dashgen.servers.http.secret import Secret

_LONGEST_NUMBER = 18
_HEADER_SAFE = lazy_pattern(r"[!-~]+")


class ConnectionSettings(Struct, frozen=True):
    """One Grafana and how to reach it; ``url`` has no slash at its end and no credentials in it.

    ``answered`` is called at each answer, by any thread: progress is shown with it.
    """

    url: str
    token: Secret | None = None
    user: str | None = None
    password: Secret | None = None
    org_id: int | None = None
    ca_cert: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    limits: Limits = field(default_factory=Limits)
    answered: Callable[[], None] | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        return self.endpoint.secrets

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go and what they carry."""
        return Endpoint(
            "Grafana",
            self.url,
            token=self.token,
            user=self.user,
            password=self.password,
            headers={} if self.org_id is None else {"X-Grafana-Org-Id": str(self.org_id)},
            ca_cert=self.ca_cert,
            client_cert=self.client_cert,
            client_key=self.client_key,
            limits=self.limits,
        )


class ConnectionResult(Struct, frozen=True):
    """Settings, or nothing when something is wrong with them, and the problems."""

    settings: ConnectionSettings | None
    problems: tuple[Diagnostic, ...]


def connection_settings(
    explicit_settings: ConnectionSettings | None = None, environment: Mapping[str, str] | None = None
) -> ConnectionResult:
    """Complete explicit settings from the environment and check them.

    Credentials are taken from one place: when the explicit settings have any, those of the environment are
    ignored.

    Args:
        explicit_settings: those of the command line or of a target; ``url`` may be empty.
        environment: has ``GRAFANA_URL``, ``GRAFANA_TOKEN`` and so on; the process's by default.
    """
    variables = os.environ if environment is None else environment
    settings = explicit_settings or ConnectionSettings("")
    problems: list[Diagnostic] = []
    if not (settings.token or settings.user or settings.password):
        try:
            settings = replace(settings, **credentials(variables, "GRAFANA"))
        except DashgenError as error:
            message, _, hint = str(error).partition("; ")
            problems.append(_problem("credentials", message, hint))
    if settings.org_id is None and (org := variables.get("GRAFANA_ORG_ID", "")):
        if org.isascii() and org.isdecimal() and len(org) <= _LONGEST_NUMBER and int(org) > 0:
            settings = replace(settings, org_id=int(org))
        else:
            shown = clean(org[: _LONGEST_NUMBER + 1]) + "…" * (len(org) > _LONGEST_NUMBER + 1)
            message = f"`GRAFANA_ORG_ID` is not the number of an organization: `{shown}`"
            problems.append(_problem("organization", message))
    settings = replace(settings, url=(settings.url or variables.get("GRAFANA_URL", "")).strip().rstrip("/"))
    problems += _url_problems(settings.url) + _credential_problems(settings) + _file_problems(settings)
    stop = any(p.severity is Severity.ERROR for p in problems)
    return ConnectionResult(None if stop else settings, tuple(problems))


def _problem(slug: str, message: str, hint: str = "", severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(f"grafana/{slug}", message, hint=hint, severity=severity)


def _url_problems(url: str) -> list[Diagnostic]:
    if not url:
        hint = "give `--url`, name a `--target`, or set `GRAFANA_URL`"
        return [_problem("url", "no address of a Grafana is given", hint)]
    example = "write it like `https://grafana.example.com` or `https://example.com/grafana`"
    problem = address_problem(url, "Grafana", "GRAFANA", example)
    return [_problem("url", *problem)] if problem else []


def _credential_problems(settings: ConnectionSettings) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    if settings.token and (settings.user or settings.password):
        hint = "keep one of them: unset `GRAFANA_TOKEN`, or `GRAFANA_USER` and `GRAFANA_PASSWORD`"
        problems.append(
            _problem("credentials", "both a token and a user with a password are given for Grafana", hint)
        )
    elif bool(settings.user) != bool(settings.password):
        missing, has = ("password", "user") if settings.user else ("user", "password")
        hint = f"set `GRAFANA_{missing.upper()}` too"
        problems.append(_problem("credentials", f"there is a {has} for Grafana and no {missing}", hint))
    if settings.token and not _HEADER_SAFE.fullmatch(settings.token.reveal()):
        hint = "copy the token again, without spaces and line breaks"
        problems.append(_problem("credentials", "the token has characters that no token has", hint))
    if settings.user and ":" in settings.user:
        problems.append(_problem("credentials", "the name of a user cannot contain a colon"))
    if settings.org_id is not None and settings.org_id < 1:
        problems.append(_problem("organization", "the number of an organization is at least 1"))
    return problems


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
        problems.append(_problem("certificate", "there is a client key but no client certificate"))
    return problems

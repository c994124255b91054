"""One server: its address, what opens it, and how long to wait for it."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct, field

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.http.secret import Secret

_HOST = lazy_pattern(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?")
_PATH = lazy_pattern(r"(/[A-Za-z0-9._~%+@:=-]+)*")


class Limits(Struct, frozen=True):
    """Bounds of one connection; times in seconds.

    ``total`` bounds one request from its start to the last byte of the answer, however slowly the bytes come;
    ``body`` bounds the answer's bytes; ``attempts`` and ``longest_wait`` bound the retries of reads.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0
    body: int = 64 * 2**20
    attempts: int = 4
    longest_wait: float = 30.0
    concurrency: int = 8


class Endpoint(Struct, frozen=True):
    """A server that requests go to.

    Attributes:
        service: what runs there, for messages.
        url: its address, with no slash at its end and no credentials in it.
        token: sent as a bearer; wins over a user with a password.
        headers: further headers of every request.
    """

    service: str
    url: str
    token: Secret | None = None
    user: str | None = None
    password: Secret | None = None
    headers: Mapping[str, str] = {}
    ca_cert: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown."""
        # Servers may repeat the header, which is the Base64 of both with a colon between.
        pair = Secret(f"{self.user}:{self.password.reveal()}") if self.password else None
        return tuple(secret for secret in (self.token, self.password, pair) if secret)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address_problem(url: str, service: str, variables: str, example: str) -> tuple[str, str] | None:
    """Why an address cannot be used, as a message and a hint; nothing when it can.

    Args:
        url: the address.
        service: what should run there, for messages.
        variables: the prefix of the environment variables with its credentials, such as ``LOKI``.
        example: the hint that shows what an address looks like.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises too: a port is checked when it is read
    except ValueError:
        return f"the address of {service} cannot be read", example
    if "@" in parts.netloc:
        hint = f"take them out and set `{variables}_TOKEN`, or `{variables}_USER` and `{variables}_PASSWORD`"
        return f"the address of {service} has credentials in it", hint
    if reason := malformed(parts):
        return f"`{clean(url)}` is not an address of {service}: {reason}", example
    return None


def malformed(parts: SplitResult) -> str:
    """Why an address cannot be the address of a server; empty when it can."""
    if parts.scheme not in {"http", "https"}:
        return "it does not start with http:// or https://"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        return "it has no host" if not parts.hostname else "its host has characters that no host has"
    if parts.query or parts.fragment:
        return "it has a `?` or `#`"
    if not _PATH.fullmatch(parts.path) or {".", ".."} & set(parts.path.split("/")):
        return "its path has characters that no path has"
    return ""


def is_open(url: str) -> bool:
    """Whether what is sent there can be read on the way."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")

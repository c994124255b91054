"""Only loopback and private addresses get load, unless somebody says the host's name once more."""

import ipaddress
import socket
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

Resolve = Callable[[str], Collection[str]]


class ForbiddenHostError(Exception):
    """A host that gets no load; the message says why and what to do."""


def addresses_of(host: str) -> Collection[str]:
    """All addresses of a host.

    Raises:
        ForbiddenHostError: When it has none.
    """
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise ForbiddenHostError(f"{host} cannot be found: {error.strerror or error}") from None


def check_url(url: str, allowed: Collection[str] = (), resolve: Resolve = addresses_of) -> None:
    """Check that load may be sent to a URL.

    Raises:
        ForbiddenHostError: When it may not.
    """
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        raise ForbiddenHostError(f"{url} is no http:// address")
    if host in allowed:
        return
    outside = [address for address in resolve(host) if not _is_near(address)]
    if outside:
        raise ForbiddenHostError(
            f"{host} is {outside[0]}, neither on this machine nor in a private network; "
            f"if you really mean it: --allow-host {host}"
        )


def _is_near(address: str) -> bool:
    parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    return parsed.is_loopback or (parsed.is_private and not parsed.is_unspecified)

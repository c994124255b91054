"""Who may talk to the bot: by which name it is called, and from which page.

A page of somebody else in a browser of this machine can send requests here, and with a name that it lets point to this
address it could read the answers too. So the bot answers to names that it knows only, and to scripts of its own page only.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

OWN_NAMES = frozenset({"localhost", "app"})
_READING = frozenset({"GET", "HEAD"})
_PORTS = {"http": 80, "https": 443}


def address_key(address: str) -> str:
    """What requests are counted by: an address, and of IPv6 the network of 64 bits that one caller has for itself."""
    try:
        parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def wrong_host(scope: Scope, allowed: Collection[str]) -> str | None:
    """Why a request is not for this bot, or nothing.

    Args:
        scope: the request.
        allowed: names besides those that the bot always has.
    """
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) != 1:
        return "a request has one Host header"
    place = _place(f"http://{hosts[0]}")
    if place is None:
        return "the Host header is none"
    name = place[0]
    if name in OWN_NAMES or name in allowed or _is_own_address(name, scope):
        return None
    return "this bot has another name; BOT_ALLOWED_HOSTS adds one"


def foreign_page(scope: Scope) -> str | None:
    """Why a request comes from somebody else's page, or nothing.

    Browsers send `Origin` with what a script asks, and `Sec-Fetch-Site` with everything; programs send neither. A link to
    the bot on another page may be followed.
    """
    headers = Headers(scope=scope)
    message = "only the bot's own page may send this"
    for origin in headers.getlist("origin"):
        here = _place(f"{origin.partition('://')[0]}://{headers.get('host', '')}")
        if here is None or _place(origin) != here:
            return message
    site = headers.get("sec-fetch-site", "none")
    if scope["method"] not in _READING and site not in {"none", "same-origin"}:
        return message
    return None


def _place(url: str) -> tuple[str, int] | None:
    """The host and port of an address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    wrong = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if wrong or not parts.hostname or port is None:
        return None
    return parts.hostname.rstrip("."), port


def _is_own_address(name: str, scope: Scope) -> bool:
    try:
        address = ipaddress.ip_address(name.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    own = scope.get("server")
    return address.is_loopback or (own is not None and name == own[0])

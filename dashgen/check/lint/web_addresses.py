"""The hosts of addresses, and which of them are one's own."""

import ipaddress
import re

from dashgen.core.lazy_pattern import lazy_pattern

_HOST = lazy_pattern(r"\s*https?://(?:[^/?#@\s]*@)?(\[[0-9A-Fa-f:.]+\]|[^/?#:\s]*)", re.IGNORECASE)
_PRIVATE = (
    "localhost", "local", "internal", "intranet", "lan", "corp", "home", "private", "test", "svc", "arpa",
)  # fmt: skip
"""Last parts of names that the internet does not resolve: RFC 6761, RFC 6762, RFC 9476 and common use."""


def host_of(url: str) -> str:
    """The host of an http address, in lower case; empty for paths and for hosts with variables in them."""
    match = _HOST.match(url)
    host = match[1].lower().strip(".") if match else ""
    return "" if "$" in host or "[[" in host or "{" in host else host


def is_private(host: str) -> bool:
    """Whether a host is this machine, or in a private network as far as its name or number tells."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.rpartition(".")[2] in _PRIVATE

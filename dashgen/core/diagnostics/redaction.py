"""The one redactor: the patterns of secrets, and the secrets that this process has read.

All output with text from outside passes through it: findings, plans, JSON, tracebacks, backups.
"""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from msgspec.structs import replace

from dashgen.core.diagnostics.diagnostic import Diagnostic
from dashgen.core.diagnostics.known_secrets import HIDDEN, KNOWN_SECRETS, LONG, without_known
from dashgen.core.lazy_pattern import lazy_pattern

_SHORTEST: Final = 4
"""A known secret that is shorter may be an ordinary word of the output."""
COMMON_PASSWORDS: Final = frozenset(("admin", "password", "grafana", "changeme", "secret", "12345678"))
"""Passwords that are in every list."""
_WORDS: Final = COMMON_PASSWORDS | {"true", "false", "null", "none", "root", "test", "user"}
"""Short secrets that are ordinary words of the output."""
_TOKENS: Final = lazy_pattern(
    r"\b(?:glsa|glc|glip|ghp|gho|ghu|ghs|ghr|github_pat|sk_live|rk_live|pk_live|whsec|gsk|shpat|shpss|dop_v1"
    r"|dckr_pat)"
    r"_[A-Za-z0-9_+/=-]{4,}"
    r"|\b(?:glpat|xox[abeoprs]|xapp|GOCSPX|sk|xai|pypi|npm|nfp|ATATT|SG)[-.][A-Za-z0-9_.+/=-]{16,}"
    r"|\bhv[sb]\.[A-Za-z0-9_-]{16,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bAIza[A-Za-z0-9_-]{30,}"
    r"|\beyJ[A-Za-z0-9_-]{20,}[A-Za-z0-9_.-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_TOKEN_MARKS: Final = (
    "glsa_", "glc_", "glip_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "_live_", "whsec_", "gsk_",
    "shpat_", "shpss_", "dop_v1_", "dckr_pat_", "glpat", "xox", "xapp", "GOCSPX", "sk-", "sk.", "xai", "pypi",
    "npm", "nfp", "ATATT", "SG-", "SG.", "hvs.", "hvb.", "AKIA", "ASIA", "AIza", "eyJ", "PRIVATE KEY",
)  # fmt: skip
"""What a text with a token has in it: looking for these costs a tenth of the pattern."""
_SCHEMES: Final = lazy_pattern(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}", re.IGNORECASE)
_PARAMETERS: Final = lazy_pattern(
    r"([?&](?:[\w-]*(?:password|passwd|pwd|secret|token|api_?key|access_?key|signature|credential)|sig)=)"
    r"[^&#\s\"'<>`]+",
    re.IGNORECASE,
)
_ADDRESS: Final = lazy_pattern(r"(?<=://)[^\s\"'<>`]*@")
_WEBHOOKS: Final = lazy_pattern(
    r"(?<=://)(hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks"
    r"|[\w.-]+\.webhook\.office\.com)/[^\s\"'<>`]+"
)
_PORT: Final = lazy_pattern(r"(?:[\w.-]*\.[\w.-]*|localhost|\[[0-9A-Fa-f:.]+\]):[0-9]+")


def remember_secret(value: str) -> None:
    """Hide a secret that the process has read in all output from now on.

    One of four to seven characters is hidden where it stands alone, not as a part of a longer word. A number
    and an ordinary word stay: `***` in their places would break documents and tell more than it hides.
    """
    if len(value) >= LONG or (
        len(value) >= _SHORTEST and not value.isdecimal() and value.lower() not in _WORDS
    ):
        KNOWN_SECRETS.update(forms(value))


def forms(value: str) -> set[str]:
    """How a secret may be spelled: as it is, escaped in a text, quoted in an address."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return {value, escaped, quote(value, safe="")}


def redacted(text: str, *, user: str = f"{HIDDEN}@") -> str:
    """The text without known secrets and what looks like one.

    Args:
        text: the text.
        user: the replacement of a user with a password in an address.
    """
    text = without_known(text)
    # Most texts have neither, and the patterns cost more than these look-ups.
    if "://" in text:
        text = _ADDRESS.sub(lambda match: user if _has_user(match[0]) else match[0], text)
        text = _WEBHOOKS.sub(rf"\1/{HIDDEN}", text)
    if "=" in text:
        text = _PARAMETERS.sub(rf"\1{HIDDEN}", text)
    return _SCHEMES.sub(rf"\1 {HIDDEN}", _TOKENS.sub(HIDDEN, text))


def token_in(text: str) -> str:
    """The first text with the shape of a token or key, as its issuer marks them; empty without one."""
    match = _TOKENS.search(text) if any(mark in text for mark in _TOKEN_MARKS) else None
    return match[0] if match else ""


def webhook_in(text: str) -> bool:
    """Whether a text has the address of a webhook, which is its own password."""
    return _WEBHOOKS.search(text) is not None


def user_in_address(text: str) -> bool:
    """Whether an address in a text has a user with a password that is written out, and no variable."""
    addresses = (match[0].rpartition("@")[0] for match in _ADDRESS.finditer(text) if _has_user(match[0]))
    parts = (address.partition(":") for address in addresses if "/" not in address.partition(":")[0])
    return any(
        user and len(password) >= _SHORTEST and "$" not in password and "<" not in password
        for user, _, password in parts
    )


def _has_user(before: str) -> bool:
    """Whether the part of an address between `://` and the last `@` begins with a user.

    A password may have `/` and `@` in it; a path may have `@` too, but then a host, perhaps with a port, is
    before it.
    """
    authority, slash, _ = before.partition("/")
    if "@" in authority or not slash:
        return True
    return ":" in authority and not _PORT.fullmatch(authority)


def without_users(value: object) -> Any:
    """Plain data without users and passwords in addresses, and else as it was."""
    if isinstance(value, str):
        return _ADDRESS.sub(lambda match: "" if _has_user(match[0]) else match[0], value)
    if isinstance(value, dict):
        return {key: without_users(part) for key, part in value.items()}
    if isinstance(value, list):
        return [without_users(part) for part in value]
    return value


def redacted_tree(value: object, *, user: str = f"{HIDDEN}@") -> Any:
    """Plain data whose texts are redacted, at any depth."""
    if isinstance(value, str):
        return redacted(value, user=user)
    if isinstance(value, dict):
        return {key: redacted_tree(part, user=user) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [redacted_tree(part, user=user) for part in value]
    return value


def redacted_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings with their texts redacted; their edits stay, as files are written with them."""
    return [
        replace(
            diagnostic,
            message=redacted(diagnostic.message),
            hint=redacted(diagnostic.hint),
            related=tuple(replace(note, message=redacted(note.message)) for note in diagnostic.related),
        )
        for diagnostic in diagnostics
    ]


def secret_values(environment: Iterable[tuple[str, str]]) -> set[str]:
    """The values of environment variables that are secrets by their names."""
    return {value for name, value in environment if value and _SECRET_NAME.search(name)}


_SECRET_NAME: Final = lazy_pattern(
    r"TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|AUTH|COOKIE|WEBHOOK|_KEY\b|DSN",
    re.IGNORECASE,
)

"""Which texts have a secret in them, by its shape and by how random it is."""

import re
from functools import lru_cache

from dashgen.check.lint.random_names import entropy
from dashgen.core.diagnostics.redaction import token_in, user_in_address, webhook_in
from dashgen.core.lazy_pattern import lazy_pattern

_ASSIGNED = lazy_pattern(
    r"(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|signature|credential|authorization|bearer)"
    r"[\"']?\s*(?:[:=]|\s)\s*[\"']?(?:bearer\s+|basic\s+)?(?P<value>[A-Za-z0-9._~+/=-]{16,})",
    re.IGNORECASE,
)
_WORDS = ("passw", "pwd", "secret", "token", "key", "signature", "credential", "authorization", "bearer")
"""What a text with an assignment has in it: looking for these costs a tenth of the pattern."""
_RANDOM = 3.2
"""Bits of a character: words and file names have less, random texts of 16 characters more."""


def secret_kind(text: str) -> str:
    """What kind of secret a text has, for a message; empty without one. The secret itself is never told."""
    return _kind(text) if len(text) >= _SHORTEST else ""


# Dashboards repeat each other's texts.
@lru_cache(maxsize=4096)
def _kind(text: str) -> str:
    if "PRIVATE KEY-----" in text:
        return "a private key"
    token = token_in(text)
    if token and is_random(token):
        return "a token"
    if "://" in text:
        if user_in_address(text):
            return "a user and a password in an address"
        if webhook_in(text):
            return "the secret address of a webhook"
    lower = text.lower()
    if any(word in lower for word in _WORDS) and any(
        is_random(match["value"]) for match in _ASSIGNED.finditer(text)
    ):
        return "a password or a key"
    return ""


_SHORTEST = 12


def is_random(text: str) -> bool:
    """Whether a text has letters, digits and the disorder of one that a machine made up."""
    has_both = any(char.isdigit() for char in text) and any(char.isalpha() for char in text)
    return has_both and entropy(text) >= _RANDOM

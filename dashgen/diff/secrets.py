"""What is never shown: values of settings that are secret, and passwords in addresses."""

import re
from typing import Any, Final

from dashgen.diff.resources import CONTACT_POINT, DATA_SOURCE, Resource
from dashgen.diff.values import REDACTED

_KEYS = re.compile(
    r"url|token|password|secret|key|auth|credential|routing|webhook|securejsondata", re.IGNORECASE
)
PASSWORDS: Final = frozenset(("secureJsonData", "password", "basicAuthPassword"))
"""The fields of a data source that are secret as a whole."""
_REFERENCE = re.compile(r"\$(?:\{[^}]*\}|__\w+\{[^}]*\}|\w+)")
_USER = re.compile(r"(?<=://)[^/@\s]+@")
_OPEN = frozenset(("runbook_url", "message_key", "client_url"))


def is_secret(name: str) -> bool:
    """Whether a setting's value is secret, as far as its name tells."""
    return bool(_KEYS.search(name)) and name.casefold() not in _OPEN


def hidden(value: Any, *, secret: bool = False) -> Any:
    """The value with secrets replaced, at any depth; a reference to the environment is none.

    Args:
        value: the value.
        secret: whether it is a secret as a whole.
    """
    if isinstance(value, dict):
        return {key: hidden(item, secret=secret or is_secret(str(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item, secret=secret) for item in value]
    if isinstance(value, str):
        if secret:
            return value if _REFERENCE.fullmatch(value) else REDACTED
        return _USER.sub("", value)
    return value


def presentable(resource: Resource) -> dict[str, Any]:
    """The content of a resource without secrets."""
    if resource.kind == CONTACT_POINT:
        return {key: hidden(value) for key, value in resource.data.items()}
    if resource.kind == DATA_SOURCE:
        shown = {key: hidden(value, secret=True) for key, value in resource.data.items() if key in PASSWORDS}
        return {**resource.data, **shown} | (
            {"url": hidden(resource.data["url"])} if "url" in resource.data else {}
        )
    return resource.data

"""Hiding secrets: values of settings that are secret, and passwords in addresses."""

import re
from collections.abc import Sequence
from typing import Any, Final

from dashgen.core.diagnostics.redaction import redacted, redacted_tree
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.formats.resources import CONTACT_POINT, DATA_SOURCE, Resource

_KEYS = lazy_pattern(
    r"url|token|password|secret|key|auth|credential|routing|webhook|securejsondata", re.IGNORECASE
)
PASSWORDS: Final = frozenset(("secureJsonData", "password", "basicAuthPassword"))
"""The fields of a data source that are secret as a whole."""
_SETTING = lazy_pattern(
    r"password|passwd|secret(?!s?enabled)|credential|private_?key|access_?key|api_?key|token(?!url|uri)"
    r"|webhook|bearer|httpheadervalue",
    re.IGNORECASE,
)
"""Names of settings of data sources that are secrets.

Narrower than for contact points, as plugins have many words.
"""
# `$NAME`, `${NAME}` and `$__env{NAME}` only name a secret, and a reviewer wants to see them.
_REFERENCE = lazy_pattern(r"\$(?:\{[^}]*\}|__\w+\{[^}]*\}|\w+)")
_PUBLIC = frozenset(("runbook_url", "message_key", "client_url"))


def is_secret(name: str) -> bool:
    """Whether a setting's value is secret, judged by its name."""
    return bool(_KEYS.search(name)) and name.casefold() not in _PUBLIC


def hidden(value: object, *, secret: bool = False) -> Any:
    """The value with secrets replaced, at any depth; a reference to the environment is not a secret.

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
            return value if not value or _REFERENCE.fullmatch(value) else REDACTED
        return redacted(value, user="")
    return value


def presentable(resource: Resource) -> Json:
    """The content of a resource without secrets."""
    if resource.kind == CONTACT_POINT:
        return {key: hidden(value) for key, value in resource.data.items()}
    if resource.kind == DATA_SOURCE:
        return {key: source_hidden((key,), value) for key, value in resource.data.items()}
    shown: Json = redacted_tree(resource.data, user="")
    return shown


def source_hidden(path: Sequence[Any], value: object) -> Any:
    """A value of a data source without secrets: those of its own fields, and what plugins keep in `jsonData`.

    Args:
        path: where it is; the names on the way tell secrets.
        value: the value.
    """
    if any(str(step) in PASSWORDS or _SETTING.search(str(step)) for step in path):
        return hidden(value, secret=True)
    if isinstance(value, dict):
        return {key: source_hidden((key,), part) for key, part in value.items()}
    if isinstance(value, list):
        return [source_hidden((), part) for part in value]
    return redacted(value, user="") if isinstance(value, str) else value

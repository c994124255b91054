"""References to the environment of the person who pushes, resolved at the last moment."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from dashgen.compare.hidden_secrets import is_secret
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.model.environment_references import EXPANSION

_PIECE = re.compile(rf"\$\$|{EXPANSION.pattern}")
_NAMED = re.compile(r"\$__env\{([^{}]+)\}")


def resolved(value: Any, environment: Mapping[str, str]) -> Any:
    """The value with every reference replaced and every doubled ``$`` single.

    Raises:
        KeyError: a variable is not set, or a reference is not to the environment; `missing` says which.
    """
    return _walk(value, lambda text: _PIECE.sub(lambda match: _value(match, environment), text))


def missing(value: Any, environment: Mapping[str, str]) -> set[str]:
    """The references in a value that cannot be resolved, as they are written."""
    if isinstance(value, str):
        return {m[0] for m in _PIECE.finditer(value) if m[0] != "$$" and _name(m) not in environment}
    if isinstance(value, Mapping):
        return set().union(*(missing(item, environment) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(missing(item, environment) for item in value))
    return set()


def secrets(value: Any, environment: Mapping[str, str]) -> set[str]:
    """The values of the variables that a value refers to: what no message may show."""
    if isinstance(value, str):
        names = (_name(m) for m in _PIECE.finditer(value) if m[0] != "$$")
        return {environment[name] for name in names if environment.get(name)}
    if isinstance(value, Mapping):
        return set().union(*(secrets(item, environment) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(secrets(item, environment) for item in value))
    return set()


def comparable(value: Any, environment: Mapping[str, str], *, secret: bool = False) -> Any:
    """The value for a comparison: what is secret or not known here equals whatever is there.

    Args:
        value: the value, with references.
        environment: the variables.
        secret: whether references in it stand for secrets.
    """
    if isinstance(value, Mapping):
        return {
            key: comparable(item, environment, secret=secret or is_secret(str(key)))
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [comparable(item, environment, secret=secret) for item in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    refers = any(match[0] != "$$" for match in _PIECE.finditer(value))
    if refers and (secret or missing(value, environment)):
        return REDACTED
    return resolved(value, environment)


def _walk(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value) if "$" in value else value
    if isinstance(value, Mapping):
        return {key: _walk(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, change) for item in value]
    return value


def _value(match: re.Match[str], environment: Mapping[str, str]) -> str:
    return "$" if match[0] == "$$" else environment[_name(match)]


def _name(match: re.Match[str]) -> str:
    """The name of the variable; of files and vaults, which only a server can read, one that no variable has."""
    plain = match["bare"] or match["braced"]
    if plain:
        return plain
    named = _NAMED.fullmatch(match[0])
    return named[1] if named else match[0]

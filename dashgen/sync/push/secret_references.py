"""References to the environment of the person who pushes, resolved at the last moment."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dashgen.compare.hidden_secrets import is_secret
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.normal.plain_values import REDACTED
from dashgen.model.environment_references import EXPANSION

Environment = Mapping[str, str]
"""The environment variables of the process, by name."""
_PIECE = lazy_pattern(rf"\$\$|{EXPANSION.pattern}")
_NAMED = lazy_pattern(r"\$__env\{([^{}]+)\}")


def resolved(value: object, environment: Environment) -> Any:
    """The value with every reference replaced and every doubled ``$`` single.

    Raises:
        KeyError: a variable is not set, or a reference is not to the environment; `missing` says which.
    """

    def text_of(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else environment[_name(match)]

    return with_texts(value, lambda text: _PIECE.sub(text_of, text))


def missing(value: object, environment: Environment) -> set[str]:
    """The references in a value that cannot be resolved, as they are written."""
    return {match[0] for match in _references(value) if _name(match) not in environment}


def secrets(value: object, environment: Environment) -> set[str]:
    """The values of the variables that a value refers to: what no message may show."""
    names = map(_name, _references(value))
    return {environment[name] for name in names if environment.get(name)}


def _references(value: object) -> Iterator[re.Match[str]]:
    if isinstance(value, str):
        # A doubled `$` is a plain one, whatever follows it.
        yield from (match for match in _PIECE.finditer(value) if match[0] != "$$")
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _references(part)


def comparable(value: object, environment: Environment, *, secret: bool = False) -> Any:
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
    # Grafana shows no secrets, so one equals whatever is there; so does what is not known on this machine.
    if any(_references(value)) and (secret or missing(value, environment)):
        return REDACTED
    return resolved(value, environment)


def with_texts(value: object, change: Callable[[str], str]) -> Any:
    """A copy of a value with all of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: with_texts(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [with_texts(item, change) for item in value]
    return value


def _name(match: re.Match[str]) -> str:
    """The name of the variable.

    Of files and vaults, which only a server can read, one that no variable has.
    """
    # Grafana's provisioning takes `$NAME`, `${NAME}` and `$__env{NAME}`.
    plain = match["bare"] or match["braced"]
    if plain:
        return plain
    named = _NAMED.fullmatch(match[0])
    return named[1] if named else match[0]

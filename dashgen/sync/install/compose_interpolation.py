"""Variables in a compose file, as `docker compose` fills them in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dashgen.core.errors import SpecError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.load import read_text

_VARIABLE: Final = lazy_pattern(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-+?])([^{}]*))?\})")
_LINE: Final = lazy_pattern(r"(?:export\s+)?(\w+)\s*=\s*(.*)")


def filled(text: str, variables: Mapping[str, str]) -> str:
    """The text with its variables replaced; one that is not set and has no default is empty."""

    def value(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        name, how, other = match[2] or match[3], match[4] or "", match[5] or ""
        variable_value = variables.get(name)
        # `:-` and `:+` count an empty variable as none, `-` and `+` as one that is set.
        is_set = bool(variable_value) if how.startswith(":") else variable_value is not None
        if how.endswith("+"):
            return other if is_set else ""
        return variable_value if is_set and variable_value is not None else other if how.endswith("-") else ""

    return _VARIABLE.sub(value, text)


def read_variables(folder: Path, process: Mapping[str, str], file: str = ".env") -> dict[str, str]:
    """The variables of `.env` beside a compose file; those of the process stand for them."""
    try:
        lines = read_text(folder / file, file).splitlines()
    except SpecError:
        lines = []
    pairs = [line_match.groups() for line in lines if (line_match := _LINE.fullmatch(line.strip()))]
    return {**{name: _unquoted(value) for name, value in pairs}, **process}


def _unquoted(value: str) -> str:
    for quote in "'\"":
        if value.startswith(quote):
            return value[1:].partition(quote)[0]
    return value.partition(" #")[0].rstrip()

"""Specs as YAML text as people write it."""

from typing import Any

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.escape_marks import ESCAPED_MARK, MARK
from dashgen.source.source_limits import CONTROL
from dashgen.source.writing import mapping_lines

# As `expressions._START`: `${{ $value }}` and `${{ .Labels.x }}` are Go templates behind a dollar sign.
_EXPRESSION = lazy_pattern(r"\$\{\{(?!\s*[$.])")
_UNFIT = lazy_pattern(f"{CONTROL.pattern}|[\ud800-\udfff]")


def spec_text(documents: list[Json]) -> str:
    """Spec documents as YAML text in which nothing is taken for an expression.

    Args:
        documents: plain data, its keys in the order in which they are to stand.
    """
    return text_of([protected(one) for one in documents])


def text_of(documents: list[Json]) -> str:
    """Spec documents as YAML text in which expressions are expressions."""
    return "---\n".join("\n".join(mapping_lines(one, 0)) + "\n" for one in documents)


def protected(value: object) -> Any:
    """Foreign data as it is written into a spec: none of its texts and keys is an expression.

    This is the way of everything that dashgen writes into specs (`import`, `pull`, `metrics import`). Control
    characters, which a spec cannot have, are taken out before, by `printable`.
    """
    if isinstance(value, dict):
        return {key.replace(MARK, ESCAPED_MARK): protected(part) for key, part in value.items()}
    if isinstance(value, list):
        return [protected(part) for part in value]
    return _EXPRESSION.sub(ESCAPED_MARK, value) if isinstance(value, str) else value


def printable(value: object) -> Any:
    """Data without control characters and halves of characters, in texts and keys."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, dict):
        return {_UNFIT.sub("", key): printable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [printable(part) for part in value]
    return value

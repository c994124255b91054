"""Specs as YAML text as people write it."""

import re
from typing import Any

from dashgen.spec.writing import mapping_lines

_EXPRESSION = re.compile(r"\$\{\{(?!\s*[$.])")


def spec_text(documents: list[dict[str, Any]]) -> str:
    """Spec documents as YAML text in which nothing is taken for an expression.

    Args:
        documents: plain data, its keys in the order in which they are to stand.
    """
    return text_of([protected(one) for one in documents])


def text_of(documents: list[dict[str, Any]]) -> str:
    """Spec documents as YAML text in which expressions are expressions."""
    return "---\n".join("\n".join(mapping_lines(one, 0)) + "\n" for one in documents)


def protected(value: Any) -> Any:
    """Plain data whose texts, written into a spec, are not taken for expressions."""
    if isinstance(value, dict):
        return {key: protected(part) for key, part in value.items()}
    if isinstance(value, list):
        return [protected(part) for part in value]
    return _EXPRESSION.sub("${{ '${{' }}", value) if isinstance(value, str) else value

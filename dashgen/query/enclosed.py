"""A query as an operand of a larger one."""

import re

from dashgen.core.lazy_pattern import lazy_pattern

_TOKENS = lazy_pattern(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"""
    r"""|(?P<operator>[-+*/%^<>=!]+|\b(?:and|or|unless|atan2)\b)""",
    re.IGNORECASE,
)


def enclosed(query: str) -> str:
    """The query in parentheses, unless it is one operand that needs none."""
    if "#" in query:
        # A comment at the end would swallow whatever is put behind the query.
        return f"(\n{query}\n)"
    return query if _is_operand(query) else f"({query})"


def _is_operand(query: str) -> bool:
    depth = 0
    for token in _TOKENS.finditer(query):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        elif token["comment"] or (token["operator"] and depth == 0):
            return False
    return True

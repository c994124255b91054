"""Names with a `$` that belong to the query and are no variables of a dashboard.

``label_replace`` refers to the groups of its regular expression (``$zone``), and templates of LogQL's
``line_format`` declare variables (``{{ $x := .msg }}``). Grafana replaces only names that are variables of
the dashboard.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.query_context import Reference
from dashgen.query.query_texts import group_names
from dashgen.query.shared_tokens import PROMQL_WORDS, TextToken, matching_close, tokenize

_DECLARED: Final = lazy_pattern(r"\$(\w+)\s*(?:,\s*\$(\w+)\s*)?:=", re.ASCII)
# `label_replace(vector, destination, replacement, source, pattern)`: the arguments after the first, counted
# from 1.
_REPLACEMENT, _PATTERN = 2, 4


def without_own(
    expr: str, references: list[Reference], pattern: re.Pattern[str] = PROMQL_WORDS
) -> list[Reference]:
    """The references of a query without those that belong to the query itself.

    Args:
        expr: the query.
        references: everything that looks like a reference.
        pattern: the tokens of its language.
    """
    if not references or ("label_replace" not in expr and "{{" not in expr):
        return references  # the common case, without reading tokens
    own = list(_own(tokenize(expr, pattern)))
    return [
        ref
        for ref in references
        if not any(start <= ref.start < end and ref.name in names for start, end, names in own)
    ]


def _own(tokens: Sequence[TextToken]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Strings with names of their own: their start and end, and the names."""
    for index, token in enumerate(tokens):
        if token.kind == "string" and "{{" in token.text:
            names = {name for match in _DECLARED.finditer(token.text) for name in match.groups() if name}
            yield token.start, token.end, frozenset(names)
        elif (
            token.text == "label_replace" and tokens[index + 1 : index + 2] and tokens[index + 1].text == "("
        ):
            arguments = _arguments(tokens[index + 2 : matching_close(tokens, index + 1)])
            texts = [argument[0] for argument in arguments[1:] if len(argument) == 1]
            if len(texts) == _PATTERN and len(arguments) == _PATTERN + 1:
                replacement = texts[_REPLACEMENT - 1]
                yield replacement.start, replacement.end, group_names(texts[_PATTERN - 1].text)


def _arguments(tokens: Sequence[TextToken]) -> list[list[TextToken]]:
    """The tokens of each argument of a call."""
    parts: list[list[TextToken]] = [[]]
    depth = 0
    for token in tokens:
        if token.text == "," and depth == 0:
            parts.append([])
            continue
        depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
        parts[-1].append(token)
    return parts

"""Variables with several values inside regular expressions of LogQL.

Grafana joins the values with `|` and, other than for Prometheus, puts no parentheses around them
(`interpolateQueryExpr` in public/app/plugins/datasource/loki/datasource.ts, 12.4), so what is written before
and after a variable belongs to its first and last value only.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.logql_names import REGEX_OPERATORS
from dashgen.query.logql.logql_parser import parse_logql
from dashgen.query.logql.logql_visit import walk
from dashgen.query.logql.nodes import LabelComparison, LineFilter, Node, StreamMatcher

_REFERENCE: Final = lazy_pattern(r"\$(\w+)|\[\[(\w+)(?::pipe)?\]\]|\$\{(\w+)(?::pipe)?\}", re.ASCII)
# A value stands alone at the ends, at anchors, between bars, and in parentheses; flags are for all that
# follows.
_ALONE_BEFORE: Final = lazy_pattern(r"(?:\A|\^|\(|\(\?:|\(\?P?<\w+>|\|)\Z|\A(?:\(\?[imsU]+\))?\^?\Z")
_ALONE_AFTER: Final = lazy_pattern(r"\$?(?:[|)]|\Z)")


class JoinedValues(NamedTuple):
    """A variable whose values need parentheses: its name, as it is written, and its offset."""

    name: str
    written: str
    offset: int


def joined_values(expr: str, multi: Collection[str]) -> Iterator[JoinedValues]:
    """The variables with several values that have something else of a regular expression beside them.

    Args:
        expr: the query.
        multi: the variables that may have several values.
    """
    tree = parse_logql(expr).tree
    for node in walk(tree) if tree is not None else ():
        for start, end in _expressions(node):
            text = expr[start + 1 : end - 1]
            for match in _REFERENCE.finditer(text):
                name = match[1] or match[2] or match[3]
                if name in multi and not _is_alone(text, match):
                    yield JoinedValues(name, match[0], start + 1 + match.start())


def _expressions(node: Node) -> Iterator[tuple[int, int]]:
    """The start and the end of the strings of a node that are regular expressions."""
    if isinstance(node, StreamMatcher | LabelComparison):
        if node.operator in REGEX_OPERATORS and node.is_open:
            yield node.value_start, node.end
    elif isinstance(node, LineFilter) and node.operator in REGEX_OPERATORS:
        for text in node.texts:
            if text.is_open:
                yield text.start, text.end


def _is_alone(text: str, match: "re.Match[str]") -> bool:
    is_start = _ALONE_BEFORE.search(text, 0, match.start()) is not None
    return is_start and _ALONE_AFTER.match(text, match.end()) is not None

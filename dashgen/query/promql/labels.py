"""Replace label values, on which no fact about an expression depends.

`a{job="shop"}` and `a{job="cart"}` have the same facts. A value is replaced by a stand-in of the same length,
so that the offsets of names are the same too.
"""

import re
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

_LATEST: Final = 128  # the checks of one dashboard come back to its queries
_SHORTEST: Final = 3  # a stand-in has at least two characters, and short values are few
_QUOTED_OTHERWISE: Final = ("'", "`", "\\", "#", "[[", "__name__")
_LABEL_BEFORE: Final = lazy_pattern(r"([\w.]+)\s*!?=\Z", re.ASCII)


@lru_cache(maxsize=_LATEST)
def with_common_values(expr: str, kept_labels: frozenset[str] = frozenset()) -> str:
    """The expression with stand-ins for its plain label values; unchanged if its quotes are unusual.

    Args:
        expr: the expression.
        kept_labels: labels whose values stay.
    """
    parts = expr.split('"')
    last = len(parts) - 1
    if not last or last % 2:
        return expr
    for unusual in _QUOTED_OTHERWISE:
        if unusual in expr:
            return expr
    stand_ins: dict[str, str] = {}
    for index in range(1, last, 2):
        value = parts[index]
        operator = parts[index - 1][-2:]
        if operator in ("=~", "!~"):
            continue
        if operator[-1:] != "=":
            return expr
        if len(value) < _SHORTEST or "$" in value or "\n" in value or _is_kept(parts[index - 1], kept_labels):
            continue
        stand_in = stand_ins.get(value)
        if stand_in is None:
            stand_in = f"s{len(stand_ins)}".ljust(len(value), "_")
            if len(stand_in) > len(value):
                return expr
            stand_ins[value] = stand_in
        parts[index] = stand_in
    return '"'.join(parts)


def _is_kept(before: str, kept_labels: frozenset[str]) -> bool:
    """Whether the text before a value ends in a label whose values stay."""
    if not kept_labels:
        return False
    label = _LABEL_BEFORE.search(before)
    return label is not None and label[1] in kept_labels

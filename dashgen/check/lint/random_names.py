"""Whether a name was made up by a machine."""

import math
from collections import Counter

from dashgen.core.lazy_pattern import lazy_pattern

_UUID = lazy_pattern(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_GENERATED = lazy_pattern(r"P[0-9A-F]{16}|[A-Za-z0-9_-]{9}|[a-z0-9]{14}|[0-9a-f]{32,40}")
"""uids of Grafana: of provisioned data sources since 7.5, of 5 to 9, of 10 and later; and digests."""
_CHANGES = lazy_pattern(
    r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[a-z])"
)
_MANY_CHANGES = 3


def looks_generated(name: str) -> bool:
    """Whether a uid has a form that Grafana generates, and letters and digits as no person mixes them."""
    if _UUID.fullmatch(name):
        return True
    if not _GENERATED.fullmatch(name) or not any(char.isdigit() for char in name):
        return False
    return len(_CHANGES.findall(name)) >= _MANY_CHANGES or (name.startswith("P") and name[1:].isupper())


def entropy(text: str) -> float:
    """The bits of a character of a text, by how often each occurs in it; 0 for an empty one."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())

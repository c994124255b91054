"""Stable keys and ids of panels.

A panel's key is its ``key:``, or a slug of its title; its id is a hash of the key. So neither moving a panel
nor renaming its neighbours changes its id, and links, alerts and history keep pointing at it.

Collisions. Two panels with one key: those without a ``key:`` get the row's key before theirs,
and what is still equal a number in the order of the dashboard. Two keys with one hash: the keys are taken in
alphabetical order, and the later one is hashed again with a counter.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern

MAX_ID = 2**31 - 1
_TITLES: Final = 1 << 11  # the dashboards of a project call their panels alike
_NOT_WORD = lazy_pattern(r"[^a-z0-9]+")


@lru_cache(maxsize=_TITLES)
def slug(text: str, fallback: str = "") -> str:
    """Lower-case ASCII words joined by ``-``.

    Text without any letters or digits of ASCII is spelt by its hash.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    result = _NOT_WORD.sub("-", plain).strip("-")
    if result or not text.strip():
        return result or fallback
    return blake2b(text.encode(), digest_size=4).hexdigest()


def panel_keys(panels: Sequence[tuple[str, str, bool]]) -> list[str]:
    """Unique keys for (key, row's key, whether the author gave the key), in the order of the dashboard."""
    keys = [key for key, _, _ in panels]
    if len(set(keys)) == len(keys):
        return keys
    # A key that its author gave is kept as long as it is unique; those made from titles give way first.
    once = Counter(keys)
    own_keys = {key for key, _, own in panels if own}
    longer = [
        key if own or (once[key] == 1 and key not in own_keys) else f"{row}/{key}" if row else key
        for key, row, own in panels
    ]
    seen: Counter[str] = Counter()
    taken = set(longer)
    result = []
    for key in longer:
        seen[key] += 1
        unique = key
        while seen[key] > 1 and unique in taken:
            unique = f"{key}-{seen[key]}"
            seen[key] += unique in taken
        taken.add(unique)
        result.append(unique)
    return result


def panel_ids(keys: Sequence[str]) -> dict[str, int]:
    """The id of each key: a positive number below 2**31."""
    taken: dict[int, str] = {}
    # By the alphabet, so that places do not decide which of two keys with one hash is hashed again.
    for key in sorted(keys):
        attempt = 0
        while (number := _hash(key, attempt)) in taken:
            attempt += 1
        taken[number] = key
    return {key: number for number, key in taken.items()}


@lru_cache(maxsize=_TITLES)
def _hash(key: str, attempt: int) -> int:
    text = f"{key}\0{attempt}" if attempt else key
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % MAX_ID + 1

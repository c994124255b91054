"""Names of files for what is imported: safe on every system, and no two alike."""

import re
from collections.abc import Iterable

from dashgen.model.panel_identity import slug

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_LONGEST = 80


def file_name(wanted: str, otherwise: str) -> str:
    """A file's name without anything that means something to a file system or a terminal.

    Args:
        wanted: a uid or a title, from anywhere.
        otherwise: the name when nothing of it can be kept.
    """
    stem = _UNSAFE.sub("-", wanted if wanted.isascii() else slug(wanted)).strip("-")[:_LONGEST].strip("-")
    if not stem or stem.lower() in _RESERVED:
        stem = f"{stem}-{otherwise}".strip("-")
    return f"{stem}.yaml"


def distinct(names: Iterable[str]) -> list[str]:
    """The same names, with numbers where two are one file to a system that does not tell capitals apart."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, _, ending = name.rpartition(".")
        made, number = name, 2
        while made.lower() in taken:
            made, number = f"{stem}-{number}.{ending}", number + 1
        taken.add(made.lower())
        found.append(made)
    return found

"""Fingerprints: names by which code hosts recognize a finding in the next run, also when its line moved."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.lazy_pattern import lazy_pattern

_POSITIONS: Final = lazy_pattern(r"(\.[a-z]{2,5}):\d+(?::\d+)?|(\blines?|\bcolumns?) \d+")
"""Positions inside messages: ``specs/a.yaml:3:1``, ``line 3``."""


def fingerprints(diagnostics: Sequence[Diagnostic], *, home: str) -> list[str]:
    """A fingerprint for each finding.

    It is made of the rule, the file and the message without positions, and of a number that tells findings
    apart in which these are equal. Lines and columns have no part in it.

    Args:
        diagnostics: the findings, in the order of their locations.
        home: the file of findings without a location.
    """
    counts: Counter[str] = Counter()
    prints = []
    for diagnostic in diagnostics:
        file = diagnostic.location.file if diagnostic.location else home
        identity = "\n".join((diagnostic.rule, file, _POSITIONS.sub(r"\1\2", diagnostic.message)))
        prints.append(hashlib.sha256(f"{identity}\n{counts[identity]}".encode(errors="replace")).hexdigest())
        counts[identity] += 1
    return prints

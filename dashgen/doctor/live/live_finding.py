"""A fault of something that runs."""

from msgspec import Struct


class LiveFinding(Struct, frozen=True):
    """One fault.

    Attributes:
        what: the thing that does not work, as users name it.
        evidence: what was seen.
        cause: the likeliest reason.
        fix: how to repair it; empty when that is unknown.
        certain: whether it surely is a fault; a search without results may be just right.
    """

    what: str
    evidence: str
    cause: str
    fix: str = ""
    certain: bool = True

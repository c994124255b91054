"""What is wrong with something that runs: what, how that shows, why, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """One fault.

    Attributes:
        what: the thing that does not work, in the user's words.
        evidence: what was seen.
        cause: the likeliest reason.
        fix: what to do about it; empty when that is not known.
        certain: whether it surely is a fault; a search that finds nothing may be just right.
    """

    what: str
    evidence: str
    cause: str
    fix: str = ""
    certain: bool = True

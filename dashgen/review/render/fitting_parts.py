"""Parts of a text that has a limit: whole ones are left out, the least important first."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

_RESERVE: Final = 400
"""The characters kept for the line about what is left out."""


class Rank(IntEnum):
    """How important a part is; those of a higher number are left out first."""

    HEAD = 0
    FINDINGS = 1
    CHANGES = 2
    TOUCHED = 3
    PICTURES = 4
    INCLUDED = 5


class CommentPart(NamedTuple):
    """A part that is whole or missing: its importance, and its lines."""

    rank: Rank
    lines: Sequence[str]

    @property
    def text(self) -> str:
        """The part, with an empty line after it."""
        return "\n".join(self.lines) + "\n\n"


def fitted(parts: Sequence[CommentPart], most: int, more: str) -> str:
    """The parts that fit, in their order.

    Args:
        parts: all parts.
        most: the characters of the whole text.
        more: the end of a line that is added when some do not fit, behind `… and 3 more parts`.
    """
    if sum(len(part.text) for part in parts) <= most:
        return _joined(parts)
    left = most - _RESERVE
    fitting: set[int] = set()
    for number in sorted(range(len(parts)), key=lambda number: (parts[number].rank, number)):
        left -= len(parts[number].text)
        # Nothing less important stands where something more important is missing.
        if left < 0:
            break
        fitting.add(number)
    missing = len(parts) - len(fitting)
    end = CommentPart(Rank.HEAD, [f"… and {missing} more part{'s' * (missing != 1)} {more}"])
    return _joined([*(parts[number] for number in sorted(fitting)), end])


def _joined(parts: Sequence[CommentPart]) -> str:
    text = "".join(part.text for part in parts).rstrip()
    return f"{text}\n" if text else ""

"""Lines, comments and blank lines around a place of a text."""

from collections.abc import Iterable
from typing import NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern

# YAML 1.1 knows a lone carriage return as a line break too; what it has beyond these is refused by
# `source.compose`.
_BREAK = lazy_pattern(r"\r\n|\n|\r")
# A `#` begins a comment only behind white space: in `a#b` it is a part of the text.
_GAP = lazy_pattern(r"(?:[ \t\r\n]+|(?:(?<=[ \t\r\n])|\A)#[^\r\n]*)*")
_COMMENT_LINE = lazy_pattern(r"[ \t]*#")


class Splice(NamedTuple):
    """A part of a text, and what stands there instead."""

    start: int
    end: int
    text: str

    def moved(self, by: int) -> "Splice":
        """The same change where the text begins elsewhere."""
        return Splice(self.start + by, self.end + by, self.text)


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with some parts replaced, which do not overlap; what goes to one place keeps its order."""
    ordered = sorted(splices, key=lambda splice: splice[:2])
    # From the last to the first, so that the places of those before stay right.
    for start, end, new in reversed(ordered):
        text = text[:start] + new + text[end:]
    return text


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    # Files with both exist; new lines follow the majority, and no old one is changed.
    windows = text.count("\r\n")
    return "\r\n" if windows * 2 > text.count("\n") else "\n"


def line_start(text: str, at: int) -> int:
    """Where the line begins that the character is in."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Where the line ends that the character is in, before its line break."""
    match = _BREAK.search(text, at)
    return match.start() if match else len(text)


def next_line(text: str, at: int) -> int:
    """Where the next line begins; the end of the text if there is none."""
    match = _BREAK.search(text, at)
    return match.end() if match else len(text)


def previous_line(text: str, start: int) -> int:
    """Where the line begins that is before the line which begins at ``start``."""
    end = start - (2 if text[max(start - 2, 0) : start] == "\r\n" else 1)
    return line_start(text, max(end, 0))


def column(text: str, at: int) -> int:
    """How many characters stand before this one in its line."""
    return at - line_start(text, at)


def after_gap(text: str, at: int) -> int:
    """The place behind blanks, line breaks and comments."""
    match = _GAP.match(text, at)
    return match.end() if match else at


def is_blank_line(text: str, start: int) -> bool:
    """Whether the line that begins here has nothing in it."""
    return not text[start : line_end(text, start)].strip(" \t")


def comment_column(text: str, start: int) -> int | None:
    """The column of the comment that is alone in the line that begins here."""
    match = _COMMENT_LINE.match(text, start)
    return match.end() - 1 - start if match else None


def is_line_start(text: str, at: int) -> bool:
    """Whether only blanks stand before the character in its line."""
    return not text[line_start(text, at) : at].strip(" \t")


def leading_comments(text: str, start: int, floor: int) -> int:
    """Where the comment lines begin that stand directly above a line, in the column of its text.

    Args:
        text: the whole text.
        start: where the line's text begins.
        floor: what stands before this place is something else.
    """
    own_column = column(text, start)
    first = line_start(text, start)
    while first > floor:
        above = previous_line(text, first)
        # A comment that is indented otherwise is about something else, and a blank line ends what belongs
        # together.
        if above < floor or comment_column(text, above) != own_column:
            break
        first = above
    return first


def end_with_comments(text: str, end: int, indent: int) -> int:
    """The end of an entry's last line, with the comments below it that are further right than ``indent``."""
    last = line_end(text, end)
    at = next_line(text, last)
    while at < len(text):
        comment = comment_column(text, at)
        # Blank lines count only when such a comment follows: those at the end belong to nobody.
        if comment is not None and comment > indent:
            last = line_end(text, at)
        elif not is_blank_line(text, at):
            break
        at = next_line(text, at)
    return last

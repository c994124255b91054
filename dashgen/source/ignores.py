"""Comments that silence a finding: ``# dashgen: ignore RULE until 2027-01-31: reason``.

The date is optional; after it the comment silences nothing any more.
"""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import Location, Span
from dashgen.core.lazy_pattern import lazy_pattern

_COMMENT: Final = lazy_pattern(r"(?:(?<=\s)|^)#\s*dashgen:\s*ignore\b(?P<rest>.*)$")
_REST: Final = lazy_pattern(
    r"\s+(?P<rules>[\w/*-]+(?:\s*,\s*[\w/*-]+)*)(?:\s+until\s+(?P<until>[^\s:]+))?"
    r"\s*(?::\s*(?P<reason>.*\S)?)?\s*\Z"
)
_BLOCK: Final = lazy_pattern(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_ONLY_COMMENT: Final = lazy_pattern(r"\s*(?:#.*)?\Z")


class Ignore(Struct, frozen=True):
    """A comment that silences findings.

    Attributes:
        location: the comment.
        first: the first line whose findings are silenced.
        last: the last one.
        rules: the rules; none when the comment is not in its form.
        reason: why; empty when it is missing.
        until: the last day on which it silences; None for ever.
    """

    location: Location
    first: int
    last: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until

    def covers(self, location: Location) -> bool:
        """Whether a location is on the lines that it silences."""
        span = location.span
        return (
            span is not None and location.file == self.location.file and self.first <= span.line <= self.last
        )


def read_ignores(file: str, text: str) -> list[Ignore]:
    """The comments of a file that silence findings of their line or, alone on a line, of the next one."""
    lines = text.split("\n")
    return [
        _ignore(file, lines, number, comment)
        for number, line in enumerate(lines, start=1)
        if (comment := _COMMENT.search(line))
    ]


def _ignore(file: str, lines: list[str], number: int, comment: re.Match[str]) -> Ignore:
    location = Location(file, Span(number, comment.start() + 1, number, comment.end() + 1))
    first = number
    if not comment.string[: comment.start()].strip():
        while first < len(lines) and _ONLY_COMMENT.match(lines[first - 1]):
            first += 1
    last = _end(lines, first)
    match = _REST.match(comment["rest"])
    if match is None:
        return Ignore(location, first, last)
    rules = tuple(rule.strip() for rule in match["rules"].split(","))
    try:
        until = date.fromisoformat(match["until"]) if match["until"] else None
    except ValueError:
        return Ignore(location, first, last)
    return Ignore(location, first, last, rules, match["reason"] or "", until)


def _end(lines: list[str], first: int) -> int:
    """The last line of what starts on a line: a block of text belongs to the line with its ``|`` or ``>``."""
    line = lines[first - 1]
    if not _BLOCK.search(line):
        return first
    indent = len(line) - len(line.lstrip(" -"))
    last = first
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) >= max(indent, 1)):
        last += 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

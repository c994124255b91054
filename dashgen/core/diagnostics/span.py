"""Locations in source text."""

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """A stretch of text: 1-based line and column of its start and of the character after its end."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(Struct, frozen=True):
    """A file and a span in it; without a span, the whole file."""

    file: str
    span: Span | None = None

    def __str__(self) -> str:
        """The clickable form ``file:line:column``."""
        return f"{self.file}:{self.span.line}:{self.span.column}" if self.span else self.file

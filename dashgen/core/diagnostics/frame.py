"""Draw a diagnostic: its message, location, source line with a caret, and hint."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from dashgen.core.diagnostics.diagnostic import Diagnostic, Severity
from dashgen.core.diagnostics.span import Location
from dashgen.core.lazy_pattern import lazy_pattern

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_CONTROL = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WIDEST = 160
_SECRETS = "secret/"


def draw(diagnostic: Diagnostic, text_of: Callable[[str], str | None], *, color: bool = False) -> str:
    """A diagnostic as text of several lines.

    Args:
        diagnostic: the diagnostic.
        text_of: gives the text of a file, or nothing when it cannot be read.
        color: whether to use the terminal's colours.
    """
    head = f"{diagnostic.severity}[{diagnostic.rule}]"
    lines = [f"{severity_text(head, diagnostic.severity, color=color)}: {clean(diagnostic.message)}"]
    gutter = " "
    if diagnostic.location is not None:
        lines.append(f"  --> {clean(str(diagnostic.location))}")
        # A line with a secret in it is not shown, here and below: what is drawn ends up in the logs of CI.
        if not diagnostic.rule.startswith(_SECRETS):
            frame, gutter = _frame(
                diagnostic.location, text_of, _COLORS[diagnostic.severity] if color else ""
            )
            lines += frame
    for note in diagnostic.related:
        lines.append(f"{gutter}= {clean(note.message)}: {clean(str(note.location))}")
    if diagnostic.environments:
        lines.append(f"{gutter}= in: {clean(', '.join(diagnostic.environments))}")
    if diagnostic.hint:
        lines.append(f"{gutter}= hint: {clean(diagnostic.hint)}")
    return "\n".join(lines)


def clean(text: str) -> str:
    """Text without control characters of terminals and of the direction of writing."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


def _frame(location: Location, text_of: Callable[[str], str | None], color: str) -> tuple[list[str], str]:
    span, text = location.span, text_of(location.file) if location.span else None
    if span is None or text is None:
        return [], "  "
    all_lines = _lines(text)
    if not 1 <= span.line <= len(all_lines):
        return [], "  "
    line = all_lines[span.line - 1]
    from dashgen.core.diagnostics.redaction import redacted  # most builds have no finding to draw

    if redacted(line) != line:
        return [], "  "
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    # A span that ends where it starts, such as a missing value, still gets one caret.
    end = max(min(end, len(line)), start + 1)
    line, start, end = _window(line, start, end)
    number = str(span.line)
    gutter = " " * (len(number) + 1)
    line = clean(line)
    carets = " " * width(line[:start]) + _paint("^" * max(width(line[start:end]), 1), color, bool(color))
    return [f"{gutter}|", f"{number} | {line}", f"{gutter}| {carets}"], gutter


@lru_cache(maxsize=2)
def _lines(text: str) -> list[str]:
    """The lines of a file; many findings are about one file."""
    return text.split("\n")


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around its span."""
    if len(line) <= _WIDEST:
        return line, start, end
    first = max(0, start - _WIDEST // 3)
    part = line[first : first + _WIDEST]
    prefix, suffix = "…" * (first > 0), "…" * (first + _WIDEST < len(line))
    return prefix + part + suffix, start - first + len(prefix), min(end - first, _WIDEST) + len(prefix)


def width(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters and emojis two, combining marks none."""
    columns = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return columns


def severity_text(text: str, severity: Severity, *, color: bool) -> str:
    """A text in the colour of a severity, or as it is."""
    return _paint(text, _COLORS[severity], color)


def _paint(text: str, code: str, color: bool) -> str:  # noqa: FBT001  # a plain switch of a private helper
    return f"\x1b[{code}m{text}\x1b[0m" if color and code else text

"""Diagnostics: findings as values."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from dashgen.core.diagnostics.span import Location, Span
from dashgen.core.diagnostics.text_fix import TextFix


class Severity(StrEnum):
    """The severity of a finding: an error stops a build, a warning and an info do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Related(Struct, frozen=True):
    """Another location that explains a diagnostic, such as the line that used a component."""

    message: str
    location: Location


class Diagnostic(Struct, frozen=True):
    """One finding.

    ``rule`` is ``family/slug``; ``message`` is lower case without a full stop and names the thing; ``hint``
    is an imperative that says what to do. ``environments`` are those that have it, when others have not.
    ``fix`` is there when an edit can mend it. ``brought_by`` is the argument or variable whose value is at
    the location, when the value is wrong where an expression takes it; the message begins with it.
    """

    rule: str
    message: str
    location: Location | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()
    environments: tuple[str, ...] = ()
    fix: TextFix | None = None
    brought_by: str = ""

    @property
    def own_message(self) -> str:
        """The message without the variable that brought the value."""
        return self.message.removeprefix(f"{self.brought_by}: ") if self.brought_by else self.message

    def locations(self) -> tuple[Location, ...]:
        """Where the wrong value is: where it was written, and the texts and uses that took it from there."""
        location = () if self.location is None else (self.location,)
        return (*location, *(note.location for note in self.related)) if self.brought_by else location


_NOWHERE = Span(0, 0, 0, 0)


def _order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    location = diagnostic.location
    if location is None:
        return ("", _NOWHERE, diagnostic.rule, diagnostic.message)
    return (location.file, location.span or _NOWHERE, diagnostic.rule, diagnostic.message)


def arrange(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort by location, then rule, and drop repetitions, which may differ in their hints."""
    first: dict[object, Diagnostic] = {}
    for one in diagnostics:
        first.setdefault(_identity(one), one)
    return sorted(first.values(), key=_order)


def _identity(diagnostic: Diagnostic) -> object:
    """What repetitions of a finding share.

    A value is wrong in each text that takes it, and there is one thing to correct. At one character of it the
    messages may differ by what stands around it there.
    """
    one = diagnostic
    if one.brought_by:
        message = "" if one.location is not None and _is_character(one.location.span) else one.message
        return one.rule, message, one.location, one.severity, one.brought_by
    return one.rule, one.message, one.location, one.severity, one.related


def _is_character(span: Span | None) -> bool:
    return span is not None and (span.end_line, span.end_column) == (span.line, span.column + 1)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops a build."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


@lru_cache(maxsize=256)
def _closest(word: str, choices: tuple[str, ...]) -> str:
    """The choice that is spelt most like a word, if any is.

    Cached, as one mistake is often found many times.
    """
    from difflib import get_close_matches  # most builds have no mistake

    return next(iter(get_close_matches(word, choices, n=1, cutoff=0.6)), "")


def nearest(word: str, known_words: Iterable[str]) -> str:
    """A hint that names the known word closest to a misspelt one, or lists them when they are few."""
    choices = sorted(set(known_words))
    close = _closest(word, tuple(choices))
    if close:
        return f"did you mean `{close}`?"
    if 0 < len(choices) <= 12:
        return "use one of: " + ", ".join(f"`{c}`" for c in choices)
    return ""

"""Texts of reports with values in them: ``{{ signups }} people signed up, {{ signups.change }}``."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern

_VALUE = lazy_pattern(r"\{\{-?\s*(?P<name>[^{}]*?)\s*-?\}\}")
_NAME = lazy_pattern(r"[a-z][a-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")


class ValueUse(Struct, frozen=True):
    """A value in a text: its name, such as ``signups.change``, and where it stands."""

    name: str
    start: int
    end: int

    @property
    def parts(self) -> tuple[str, str]:
        """The name before and after the point; after it nothing when there is no point."""
        first, _, second = self.name.partition(".")
        return first, second


class ReportTextFault(Struct, frozen=True):
    """What is wrong at a character of a text."""

    message: str
    hint: str
    offset: int


def value_uses(text: str) -> Iterator[ValueUse]:
    """The values of a text, also those that no report has."""
    for match in _VALUE.finditer(text):
        yield ValueUse(match["name"], match.start(), match.end())


def form_faults(text: str) -> Iterator[ReportTextFault]:
    """Braces without a partner, and values that are not names."""
    rest = list(text)
    for use in value_uses(text):
        rest[use.start : use.end] = " " * (use.end - use.start)
        if not _NAME.fullmatch(use.name):
            message = f"`{text[use.start : use.end]}` is not the name of a value"
            yield ReportTextFault(message, "write a figure's name, such as `{{ signups.change }}`", use.start)
    plain = "".join(rest)
    for braces in ("{{", "}}"):
        if (at := plain.find(braces)) >= 0:
            yield ReportTextFault(f"`{braces}` has no partner", "write `{{ name }}`", at)


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """The text with each value replaced by what ``value_of`` has for its name."""
    return _VALUE.sub(lambda match: value_of(match["name"]), text)

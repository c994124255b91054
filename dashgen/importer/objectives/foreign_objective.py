"""One objective of somebody else's file, as arguments of `std/slo`, and what these do not say."""

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, text
from dashgen.formats.upgrade.notes import Notes

COMPONENT: Final = "std/slo"
_SERIES_WORD: Final = re.compile(r"[^a-z0-9]+")
_PERIODS: Final = {
    "7d": 7, "1w": 7, "14d": 14, "2w": 14, "28d": 28, "4w": 28, "30d": 30, "1M": 30, "90d": 90, "1Q": 90,
}  # fmt: skip
_INEXACT: Final = frozenset(("1M", "1Q"))
DEFAULT_PERIOD: Final = "30d"


class UnfitObjectiveError(Exception):
    """An objective that `std/slo` cannot be; the message says why."""


class ForeignObjective(Struct):
    """An objective: the arguments of the component, in the order in which people read them."""

    arguments: Json

    @property
    def use(self) -> Json:
        """The item that uses the component."""
        filled = {key: value for key, value in self.arguments.items() if value not in ("", None, {}, [])}
        return {"use": COMPONENT, "with": filled}


def series_name(*parts: str) -> str:
    """A name for series in snake case, from a letter on; a part that repeats the one before is left out."""
    name_parts: list[str] = []
    for part in parts:
        word = _SERIES_WORD.sub("_", part.lower()).strip("_")
        if name_parts and f"{word}_".startswith(f"{name_parts[0]}_"):
            name_parts = []
        name_parts += [word] if word else []
    name = "_".join(name_parts)
    return name if name[:1].isalpha() else f"slo_{name}".rstrip("_")


def percent(value: object, *, is_share: bool = False) -> float | int:
    """The objective in percent.

    Raises:
        UnfitObjectiveError: it is no number between 0 and 100.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitObjectiveError("its objective is no number")
    number = round(value * 100, 9) if is_share else round(float(value), 9)
    if not 0 < number < 100:
        raise UnfitObjectiveError(f"its objective, {number:g} %, is not between 0 and 100 %")
    return int(number) if number == int(number) else number


def period(duration: str, notes: Notes) -> str:
    """The period of an objective that lasts so long, among those that there are."""
    days = _PERIODS.get(duration)
    if days is None:
        notes.drop(f"the period `{duration}`: it is {DEFAULT_PERIOD} now")
        return DEFAULT_PERIOD
    if duration in _INEXACT:
        notes.convert(f"the period `{duration}` became {days}d")
    return f"{days}d"


def labels(*sources: object) -> dict[str, str]:
    """Labels of several parts of a file, the last one first; several values of one are listed."""
    merged: dict[str, str] = {}
    for source in sources:
        for name, value in mapping(source).items():
            merged[re.sub(r"[^A-Za-z0-9_]", "_", str(name))] = _label(value)
    return merged


def _label(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_label(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else text(value) or str(value)


def either(data: Mapping[str, Any], *names: str) -> Any:
    """The value of the first of several spellings of a key; None for none."""
    return next((data[name] for name in names if name in data), None)

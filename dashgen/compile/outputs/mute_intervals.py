"""Repeated time intervals in the form of Alertmanager.

Alertmanager refuses ranges that wrap around: Saturday to Sunday (its week starts on Sunday), November to
February, 22:00 to 06:00. A spec may have them; they become lists of days and months, and two pieces of a
night.
"""

import re
from collections.abc import Callable
from typing import Any

from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.base import as_list
from dashgen.model.notification_spec import Interval

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
Wrong = tuple[str, str, str]
_TIMES = lazy_pattern(r"([01]?[0-9]|2[0-4]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])")
_DAY = 24 * 60


class IntervalError(ValueError):
    """A part of an interval that cannot be understood; the hint says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def time_intervals(interval: Interval) -> tuple[list[Json], list[Wrong]]:
    """An interval for Alertmanager (None if it is empty), and what is wrong: key, message, hint."""
    interval_data: Json = {}
    wrong: list[Wrong] = []
    readers: tuple[tuple[str, str, Callable[[str], list[Any]]], ...] = (
        ("weekdays", "weekdays", _weekdays),
        ("times", "times", _times),
        ("days", "days_of_month", _days),
        ("months", "months", _months),
        ("years", "years", _years),
    )
    for ours, theirs, read in readers:
        values = []
        for text in as_list(getattr(interval, ours)):
            try:
                values += read(text.strip())
            except IntervalError as error:
                wrong.append((ours, str(error), error.hint))
        if values:
            interval_data[theirs] = values
    return ([interval_data] if interval_data else []), wrong


def _ends(text: str) -> tuple[str, str]:
    first, dots, last = text.partition("..")
    return first.strip(), (last if dots else first).strip()


def _wrapped(text: str, names: tuple[str, ...], what: str) -> list[str]:
    _check_separator(text, names, what)
    first, last = (_index(word, names, what) for word in _ends(text))
    # Modulo the length: `saturday..sunday` goes over the end of the list.
    count = (last - first) % len(names) + 1
    return [names[(first + i) % len(names)] for i in range(count)]


def _check_separator(text: str, names: tuple[str, ...], what: str) -> None:
    """Refuse `mon-fri`, `mon:fri` and `mon to fri` with the form that is right."""
    ends = re.split(r"\s*(?:-|\u2013|:|\bto\b|\bthrough\b)\s*", text.strip())
    if len(ends) == 2 and ".." not in text:
        try:
            first, last = (names[_index(end, names, what)] for end in ends)
        except IntervalError:
            return
        raise IntervalError(f"`{text}` is not a range of {what}s", f"write `{first}..{last}`")


def _index(word: str, names: tuple[str, ...], what: str) -> int:
    if names is MONTHS and word.isdecimal() and 1 <= int(word) <= len(MONTHS):
        return int(word) - 1
    lower = word.lower()
    matches = [
        i for i, name in enumerate(names) if name == lower or (len(lower) >= 3 and name.startswith(lower))
    ]
    if len(matches) != 1:
        raise IntervalError(
            f"`{word}` is not a {what}", nearest(lower, names) or f"write for example `{names[1]}`"
        )
    return matches[0]


def _weekdays(text: str) -> list[str]:
    return _wrapped(text, WEEKDAYS, "weekday")


def _months(text: str) -> list[str]:
    return [str(_index(name, MONTHS, "month") + 1) for name in _wrapped(text, MONTHS, "month")]


def _times(text: str) -> list[dict[str, str]]:
    match = _TIMES.fullmatch(text)
    start = int(match[1]) * 60 + int(match[2]) if match else 0
    end = int(match[3]) * 60 + int(match[4]) if match else 0
    if match is None or start >= _DAY or end > _DAY or start == end:
        raise IntervalError(
            f"`{text}` is not a part of a day",
            "write for example `22:00-06:00`; a whole day is `00:00-24:00`",
        )
    if start < end:
        return [_stretch(start, end)]
    # Over midnight: the rest of the day, and the beginning of any other; `22:00-24:00` has no second piece.
    pieces = [(start, _DAY), (0, end)]
    return [_stretch(first, last) for first, last in pieces if first < last]


def _stretch(start: int, end: int) -> dict[str, str]:
    return {"start_time": f"{start // 60:02}:{start % 60:02}", "end_time": f"{end // 60:02}:{end % 60:02}"}


def _days(text: str) -> list[str]:
    return [_numbers(text, "day of the month", "1..5", lambda n: 1 <= abs(n) <= 31)]


def _years(text: str) -> list[str]:
    return [_numbers(text, "year", "2026..2027", lambda n: 1970 <= n <= 9999)]


def _numbers(text: str, what: str, example: str, fits: Callable[[int], bool]) -> str:
    ends = _ends(text)
    parts = re.fullmatch(r"([0-9]{1,4})\s*(?:-|\u2013|:|\bto\b)\s*(-?[0-9]{1,4})", text)
    if parts is not None:
        raise IntervalError(
            f"`{text}` is not a range of {what.replace('day', 'days') if ' ' in what else what + 's'}",
            f"write `{parts[1]}..{parts[2]}`",
        )
    if not all(re.fullmatch(r"-?[0-9]{1,4}", end) and fits(int(end)) for end in ends):
        raise IntervalError(f"`{text}` is not a {what}", f"write for example `{example}`")
    first, last = int(ends[0]), int(ends[1])
    # A negative day counts from the end of the month, so `1..-1` is the whole month.
    if first > last and (first > 0) == (last > 0):
        raise IntervalError(f"`{text}` ends before it starts", f"write for example `{example}`")
    return str(first) if first == last else f"{first}:{last}"

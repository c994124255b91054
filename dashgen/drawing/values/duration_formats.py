"""Lengths of time as texts. Source: valueFormats/dateTimeFormatters.ts of @grafana/data 12.4.3."""

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

from dashgen.core.json_values import Json
from dashgen.drawing.values.formatted_value import FormattedValue
from dashgen.drawing.values.javascript_numbers import fixed_text, number_text
from dashgen.drawing.values.moment_formats import moment_text
from dashgen.drawing.values.number_format import NumberFormat

_Steps: TypeAlias = Sequence[tuple[float, float, str]]
_PLURALS = {" min", " hour", " day", " week", " year"}
_INF = math.inf
# For each unit: below which size, divided by what, is written as which unit.
_STEPS: dict[str, _Steps] = {
    "ns": (
        (1e3, 1, " ns"), (1e6, 1e3, " µs"), (1e9, 1e6, " ms"), (6e10, 1e9, " s"), (36e11, 6e10, " min"),
        (864e11, 36e11, " hour"), (_INF, 864e11, " day"),
    ),
    "µs": ((1e3, 1, " µs"), (1e6, 1e3, " ms"), (_INF, 1e6, " s")),
    "ms": (
        (1e3, 1, " ms"), (6e4, 1e3, " s"), (36e5, 6e4, " min"), (864e5, 36e5, " hour"),
        (31_536e6, 864e5, " day"), (_INF, 31_536e6, " year"),
    ),
    "s": (
        (60, 1, " s"), (3600, 60, " min"), (86_400, 3600, " hour"), (604_800, 86_400, " day"),
        (31_536e3, 604_800, " week"), (_INF, 31_556_900, " year"),
    ),
    "m": (
        (60, 1, " min"), (1440, 60, " hour"), (10_080, 1440, " day"), (604_800, 10_080, " week"),
        (_INF, 525_948, " year"),
    ),
    "h": ((24, 1, " hour"), (168, 24, " day"), (8760, 168, " week"), (_INF, 8760, " year")),
    "d": ((7, 1, " day"), (365, 7, " week"), (_INF, 365, " year")),
}  # fmt: skip
# These stand for the unit itself, which has no plural.
_WITHOUT_PLURAL = {("m", 1), ("h", 1)}
_INTERVALS = (
    ("year", 31_536e3), ("month", 2592e3), ("week", 604_800), ("day", 86_400), ("hour", 3600),
    ("minute", 60), ("second", 1), ("millisecond", 1e-3),
)  # fmt: skip


def _plural(unit: str, step: tuple[float, float, str]) -> str:
    _, divisor, suffix = step
    return suffix + "s" if suffix in _PLURALS and (unit, divisor) not in _WITHOUT_PLURAL else suffix


def _described(unit: str) -> list[list[float | str | None]]:
    # Each step: below which size (None for the last), the factor, the divisor, the unit, and its plural.
    return [
        [None if step[0] == _INF else step[0], 1, step[1], step[2], _plural(unit, step)]
        for step in _STEPS[unit]
    ]


def _scaled(unit: str) -> NumberFormat:
    steps = _STEPS[unit]

    def written(value: float, decimals: int | None) -> FormattedValue:
        for below, divisor, suffix in steps:
            if abs(value) < below or below == _INF:
                size = value / divisor
                plural = _plural(unit, (below, divisor, suffix))
                return FormattedValue(fixed_text(size, decimals), suffix=plural if abs(size) > 1 else suffix)
        raise AssertionError(value)

    return NumberFormat(written, {"kind": "steps", "steps": _described(unit)})


_long_seconds = _scaled("s")


_BELOW_A_SECOND = ((1e-6, 1e9, " ns"), (1e-3, 1e6, " µs"), (1, 1e3, " ms"))


def _seconds(value: float, decimals: int | None) -> FormattedValue:
    if value == 0:
        return FormattedValue("0", suffix=" s")
    for below, factor, suffix in _BELOW_A_SECOND:
        if abs(value) < below:
            return FormattedValue(fixed_text(value * factor, decimals), suffix=suffix)
    return _long_seconds(value, decimals)


_SECONDS_DESCRIPTION: Json = {
    "kind": "steps", "zero": " s",
    "steps": [
        *([below, factor, 1, suffix, suffix] for below, factor, suffix in _BELOW_A_SECOND), *_described("s")
    ],
}  # fmt: skip


def _in_words(scale: str) -> NumberFormat:
    factor = dict(_INTERVALS)[scale]

    def written(value: float, decimals: int | None) -> FormattedValue:
        if value == 0:
            return FormattedValue("0", suffix=f" {scale}s")
        if value < 0:
            return FormattedValue(written(-value, decimals).text, suffix=" ago")
        return FormattedValue(", ".join(_interval_words(value * factor * 1000, decimals or 0)))

    return NumberFormat(
        written,
        {"kind": "words", "name": scale, "factor": factor, "intervals": [list(one) for one in _INTERVALS]},
    )


def _interval_words(milliseconds: float, decimals: int) -> list[str]:
    amounts: list[str] = []
    for name, seconds in _INTERVALS:
        if len(amounts) > decimals:
            break
        amount = milliseconds / (seconds * 1000)
        if amount >= 1 or amounts:
            whole = math.floor(amount)
            amounts.append(f"{whole} {name}{'s' * (whole != 1)}")
            milliseconds = math.fmod(milliseconds, seconds * 1000)
    return amounts


def _hours_minutes(value: float, _decimals: int | None) -> FormattedValue:
    if value < 0:
        return FormattedValue(_hours_minutes(-value, None).text, suffix=" ago")
    parts = value // 3600, value % 3600 // 60, value % 3600 % 60 // 1
    return FormattedValue(":".join(number_text(part).zfill(2) for part in parts))


def _days_hours(value: float, _decimals: int | None) -> FormattedValue:
    if value < 0:
        return FormattedValue(_days_hours(-value, None).text, suffix=" ago")
    days = int(value // 86_400)
    rest = _hours_minutes(value - days * 86_400, None).text
    return FormattedValue(f"{days} d {rest}" if days else rest)


_CLOCK = ("mm\\m", "ss\\s", "SSS\\m\\s")


def _clock(value: float, decimals: int | None) -> FormattedValue:
    # Milliseconds: from 1 s on the largest part, then as many parts more as there are decimals.
    if value < 1e3:
        return FormattedValue(moment_text(value, _CLOCK[2]))
    more = 3 if decimals is None else decimals
    if value < 36e5:
        parts = _CLOCK[1 if value < 6e4 else 0 :]
        return FormattedValue(moment_text(value, ":".join(parts[: more + 1] if 0 <= more < 3 else parts)))
    minutes = ":".join(_CLOCK[:more] if 0 <= more < 3 else _CLOCK)
    hours = f"{math.floor(value / 36e5)}h"
    return FormattedValue(f"{hours}:{moment_text(value, minutes)}" if minutes else hours)


DURATIONS: Final[dict[str, NumberFormat]] = {
    "ns": _scaled("ns"), "µs": _scaled("µs"), "ms": _scaled("ms"),
    "s": NumberFormat(_seconds, _SECONDS_DESCRIPTION),
    "m": _scaled("m"), "h": _scaled("h"), "d": _scaled("d"), "dtdurationms": _in_words("millisecond"),
    "dtdurations": _in_words("second"), "dthms": NumberFormat(_hours_minutes, {"kind": "hours"}),
    "dtdhms": NumberFormat(_days_hours, {"kind": "days"}),
    "timeticks": NumberFormat(
        lambda value, decimals: _seconds(value / 100, decimals), {**_SECONDS_DESCRIPTION, "divisor": 100}
    ),
    "clockms": NumberFormat(_clock, {"kind": "clock", "factor": 1}),
    "clocks": NumberFormat(
        lambda value, decimals: _clock(value * 1000, decimals), {"kind": "clock", "factor": 1000}
    ),
}  # fmt: skip
"""The formats of the category Time."""

"""Mute timings: when notifications are held back."""

from collections.abc import Callable

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.field_table import Fields, ValueKind, check_entries
from dashgen.check.provisioning.provisioned_values import NO_START
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import each, names
from dashgen.model.times import zone_hint
from dashgen.model.zones import ZONES

_MUTE_TIME: Fields = {"orgId": ValueKind.NUMBER, "name": ValueKind.TEXT, "time_intervals": ValueKind.LIST}
_INTERVAL: Fields = {
    "times": ValueKind.LIST,
    **each(ValueKind.TEXTS, "weekdays days_of_month months years"),
    "location": ValueKind.TEXT,
}
_TIME: Fields = {"start_time": ValueKind.TEXT, "end_time": ValueKind.TEXT}
_WEEKDAYS = names("sunday monday tuesday wednesday thursday friday saturday")
_MONTHS = names("january february march april may june july august september october november december")
_CLOCK = lazy_pattern(r"(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))\Z")
_WHOLE = lazy_pattern(r"-?[0-9]+\Z")


def check_mute_times(report: Report) -> None:
    """Check the mute timings of one file."""
    for path, mute_time in check_entries(report, ("muteTimes",), _MUTE_TIME, "a mute timing", "mute"):
        name = text_of(mute_time.get("name"))
        if not name:
            report.error("mute/name", path, f"{NO_START}: the mute timing has no name", "add `name:`")
        if not mute_time.get("time_intervals"):
            message = f"mute timing `{name}` has no time intervals: it never mutes"
            report.error("mute/empty", path, message, "add `time_intervals:`")
        for where, interval in check_entries(
            report, (*path, "time_intervals"), _INTERVAL, "a time interval", "mute"
        ):
            check_interval(report, where, interval)


def check_interval(report: Report, path: Path, interval: Json, stops: str = NO_START) -> None:
    """Check one interval of a mute timing.

    Args:
        report: where findings go.
        path: the interval's path.
        interval: the interval.
        stops: what an error does, in the words of a message.
    """
    if not any(interval.get(key) for key in _INTERVAL if key != "location"):
        report.warning(
            "mute/empty", path, "the time interval is empty: it mutes always", "add `times:` or `weekdays:`"
        )
    for where, span in check_entries(report, (*path, "times"), _TIME, "a time range", "mute"):
        _check_times(report, where, span, stops)
    for key, number_of in _NUMBERS.items():
        for index, text in enumerate(interval.get(key) or []):
            _check_range(report, (*path, key, index), text_of(text), (key, stops), number_of)
    _check_location(report, (*path, "location"), text_of(interval.get("location")), stops)


def _check_times(report: Report, path: Path, span: Json, stops: str) -> None:
    minutes: list[int] = []
    for key in ("start_time", "end_time"):
        text = text_of(span.get(key))
        clock = _CLOCK.match(text)
        if clock is None:
            message = f"`{text}` is not a time of day" if text else f"the time range has no `{key}`"
            where = (*path, key) if key in span else path
            report.error("mute/time", where, f"{stops}: {message}", "write it as '06:00', in quotes")
            return
        hours, rest = (part for part in clock.groups() if part)
        minutes.append(int(hours) * 60 + int(rest))
    if minutes[0] >= minutes[1]:
        message = f"{stops}: start time cannot be equal or greater than end time"
        # Alertmanager knows no range over midnight.
        report.error("mute/time", path, message, "split a range over midnight into two")


def _weekday(text: str) -> int | None:
    return _WEEKDAYS.index(text) if text in _WEEKDAYS else None


def _month(text: str) -> int | None:
    if text in _MONTHS:
        return _MONTHS.index(text) + 1
    return int(text) if _WHOLE.match(text) and 1 <= int(text) <= 12 else None


def _day(text: str) -> int | None:
    day = int(text) if _WHOLE.match(text) else 0
    return day if day and -31 <= day <= 31 else None


def _year(text: str) -> int | None:
    return int(text) if _WHOLE.match(text) and len(text) == 4 else None


_NUMBERS: dict[str, Callable[[str], int | None]] = {
    "weekdays": _weekday,
    "days_of_month": _day,
    "months": _month,
    "years": _year,
}
_EXAMPLES = {
    "weekdays": "monday:friday",
    "days_of_month": "1:7",
    "months": "june:august",
    "years": "2026:2027",
}


def _check_range(
    report: Report, path: Path, text: str, about: tuple[str, str], number_of: Callable[[str], int | None]
) -> None:
    key, stops = about
    ends = [number_of(part.strip().lower()) for part in text.split(":")]
    example = f"write it like `{_EXAMPLES[key]}`"
    if len(ends) > 2 or any(end is None for end in ends):
        message = f"{stops}: `{text}` is not a range of {key.replace('_', ' ')}"
        choices = {"weekdays": _WEEKDAYS, "months": _MONTHS}.get(key)
        hint = nearest(text.lower(), choices) if choices and ":" not in text else example
        report.error("mute/range", path, message, hint or example)
        return
    first, last = ends[0], ends[-1]
    # Days below zero count from the end of the month, so `1:-1` is the whole month.
    if first is not None and last is not None and first > last and (first < 0) == (last < 0):
        report.error(
            "mute/range",
            path,
            f"{stops}: `{text}` ends before it starts",
            "swap its ends, or write two ranges",
        )


def _check_location(report: Report, path: Path, location: str, stops: str) -> None:
    if location in ("", "Local", "UTC") or location in ZONES:
        return
    message = f"{stops}: `{location}` is not a time zone"
    report.error("mute/location", path, message, zone_hint(location))

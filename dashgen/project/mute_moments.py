"""Whether a moment is in the times of a mute timing, and those times as a short text.

Source: `TimeInterval.ContainsTime` in Alertmanager's timeinterval/timeinterval.go, which Grafana shares.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashgen.compile.outputs.mute_intervals import WEEKDAYS, time_intervals
from dashgen.core.errors import DashgenError
from dashgen.core.json_values import Json
from dashgen.model.base import as_list
from dashgen.model.notification_spec import Interval, MuteTiming


def holds_at(timing: MuteTiming, moment: datetime) -> bool:
    """Whether a moment is in the times of a mute timing.

    Args:
        timing: the mute timing.
        moment: a time with its zone.

    Raises:
        DashgenError: the time zone is not in this machine's database.
    """
    local = moment.astimezone(_zone(timing.location))
    intervals = [data for part in (timing, *timing.intervals) for data in time_intervals(part)[0]]
    return any(_contains(data, local) for data in intervals)


def timing_text(timing: MuteTiming) -> str:
    """The times as they are written, such as ``saturday..sunday or 22:00-06:00, Europe/Berlin``."""
    parts = (timing, *timing.intervals)
    times = " or ".join(text for part in parts if (text := " ".join(_written(part))))
    return f"{times}, {timing.location or 'UTC'}"


def _written(interval: Interval) -> Iterator[str]:
    for key in ("weekdays", "times", "days", "months", "years"):
        values = as_list(getattr(interval, key))
        if values:
            name = "days " if key == "days" else ""
            yield name + "/".join(values)


def _zone(name: str | None) -> tzinfo:
    if name is None or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DashgenError(f"the time zone `{name}` is not in this machine's database") from None


def _contains(interval: Json, local: datetime) -> bool:
    clock = f"{local.hour:02}:{local.minute:02}"
    conditions = {
        "times": lambda part: part["start_time"] <= clock < part["end_time"],
        "days_of_month": lambda part: _has_day(part, local),
        "months": lambda part: part == str(local.month),
        "weekdays": lambda part: part == WEEKDAYS[local.isoweekday() % len(WEEKDAYS)],
        "years": lambda part: _in_range(part, local.year),
    }
    return all(any(map(holds, interval[key])) for key, holds in conditions.items() if key in interval)


def _has_day(part: str, local: datetime) -> bool:
    days = monthrange(local.year, local.month)[1]
    first, last = (day if day > 0 else days + day + 1 for day in _ends(part))
    return first <= days and max(first, 1) <= local.day <= min(last, days)


def _in_range(part: str, number: int) -> bool:
    first, last = _ends(part)
    return first <= number <= last


def _ends(part: str) -> tuple[int, int]:
    first, colon, last = part.partition(":")
    return int(first), int(last if colon else first)

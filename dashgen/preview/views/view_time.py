"""The time that a dashboard and its panels show.

Source: `PanelTimeRange` in public/app/features/dashboard-scene/scene (grafana/grafana at 03f9804d) and
`rangeUtil` of @grafana/data 12.4.3.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.time_window import Window, window_of
from dashgen.preview.views.view import View

SCRAPE: Final = 15.0
_LENGTH: Final = lazy_pattern(r"(?:now)?([+-]?)(\d{1,9})([smhdwMQy])")
_UNITS: Final = {
    "s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month", "Q": "quarter",
    "y": "year",
}  # fmt: skip


class TimePreset(NamedTuple):
    """A range of time that may be chosen, with its name."""

    time_from: str
    time_to: str
    name: str


_LENGTHS: Final = (
    ("5m", "5 minutes"), ("15m", "15 minutes"), ("30m", "30 minutes"), ("1h", "1 hour"), ("3h", "3 hours"),
    ("6h", "6 hours"), ("12h", "12 hours"), ("24h", "24 hours"), ("2d", "2 days"), ("7d", "7 days"),
    ("30d", "30 days"), ("90d", "90 days"), ("6M", "6 months"), ("1y", "1 year"), ("2y", "2 years"),
    ("5y", "5 years"),
)  # fmt: skip
_BEFORE: Final = (
    ("1d/d", "Yesterday"), ("2d/d", "Day before yesterday"), ("7d/d", "This day last week"),
    ("1w/w", "Previous week"), ("1M/M", "Previous month"), ("1Q/fQ", "Previous fiscal quarter"),
    ("1y/y", "Previous year"), ("1y/fy", "Previous fiscal year"),
)  # fmt: skip
_NOW: Final = (
    ("d", "Today"), ("w", "This week"), ("M", "This month"), ("y", "This year"),
    ("fQ", "This fiscal quarter"), ("fy", "This fiscal year"),
)  # fmt: skip
PRESETS: Final = (
    *(TimePreset(f"now-{length}", "now", f"Last {name}") for length, name in _LENGTHS),
    *(TimePreset(f"now-{span}", f"now-{span}", name) for span, name in _BEFORE),
    *(
        TimePreset(f"now/{unit}", end, f"{name}{after}")
        for unit, name in _NOW
        for end, after in ((f"now/{unit}", ""), ("now", " so far"))
    ),
)
"""What Grafana's picker lists (components/DateTimePickers/options.ts of @grafana/ui 12.4.3)."""


def time_presets(dashboard: Json) -> tuple[TimePreset, ...]:
    """The ranges that a dashboard's picker lists: its own, or Grafana's."""
    own = mappings(mapping(dashboard.get("timepicker")).get("quick_ranges"))
    presets = tuple(
        TimePreset(text(one.get("from")), text(one.get("to")), text(one.get("display"))) for one in own
    )
    return presets or PRESETS


def range_name(presets: Sequence[TimePreset], start: str, end: str) -> str:
    """The name of a range of time: that of its preset, what its length is called, or both ends."""
    listed = next((one.name for one in presets if (one.time_from, one.time_to) == (start, end)), "")
    described = _described(start) if end == "now" else ""
    return listed or described or f"{start} to {end}"


def moment_of(now_ms: int) -> datetime:
    """The present as a moment."""
    return datetime.fromtimestamp(now_ms / 1000, UTC)


def view_time(dashboard: Json, view: View) -> dict[str, str]:
    """The time that a view shows, `from` and `to`: what was chosen, or what the dashboard opens with."""
    time = mapping(dashboard.get("time"))
    return {
        "from": view.time_from or text(time.get("from")) or "now-6h",
        "to": view.time_to or text(time.get("to")) or "now",
    }


def panel_window(dashboard: Json, panel: Mapping[str, Any], now_ms: int) -> Window:
    """The time and the step of a panel; that of the dashboard for an empty panel."""
    return window_of(dashboard, panel, {}, moment_of(now_ms), SCRAPE)


def range_of(window: Window) -> tuple[int, int]:
    """The first and last moment in milliseconds since 1970."""
    return round(window.start * 1000), round(window.end * 1000)


def time_note(panel: Mapping[str, Any], view_time: Mapping[str, str]) -> str:
    """What tells that a panel has a time of its own, such as `Last 1 hour timeshift -1d`; else empty.

    Args:
        panel: its JSON, with the variables in its time filled in.
        view_time: the time of the dashboard; a panel's own counts only where that moves along with now.
    """
    note = ""
    own, shift = text(panel.get("timeFrom")), text(panel.get("timeShift"))
    if own:
        described = _described(own)
        if not described:
            return "invalid time override"
        note = described if any("now" in edge for edge in view_time.values()) else ""
    if not shift:
        return note
    is_valid = _described(shift)
    return f"{note} timeshift -{shift}".strip() if is_valid else "invalid timeshift"


def _described(length: str) -> str:
    """The name of a length of time as of `describeTextRange`; empty for what is none."""
    preset = next((one.name for one in PRESETS if (one.time_from, one.time_to) == (length, "now")), "")
    match = _LENGTH.fullmatch(length.strip())
    if preset or match is None:
        return preset
    unit = _UNITS[match[3]]
    is_one = int(match[2]) == 1
    return f"{'Next' if match[1] == '+' else 'Last'} {int(match[2])} {unit}{'' if is_one else 's'}"

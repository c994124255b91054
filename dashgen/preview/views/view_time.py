"""The time that a dashboard and its panels show.

Source: `PanelTimeRange` in public/app/features/dashboard-scene/scene and `rangeUtil` of @grafana/data, both 12.4.3.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.time_window import Window, window_of
from dashgen.preview.views.view import View

SCRAPE: Final = 15.0
_LENGTH: Final = lazy_pattern(r"(?:now)?([+-]?)(\d{1,9})([smhdwMQy])")
_UNITS: Final = {
    "s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month", "Q": "quarter", "y": "year",
}  # fmt: skip


class TimePreset(NamedTuple):
    """A range of time that may be chosen, with its name."""

    time_from: str
    time_to: str
    name: str


PRESETS: Final = tuple(
    TimePreset(f"now-{length}", "now", f"Last {name}")
    for length, name in (
        ("5m", "5 minutes"), ("15m", "15 minutes"), ("30m", "30 minutes"), ("1h", "1 hour"), ("3h", "3 hours"),
        ("6h", "6 hours"), ("12h", "12 hours"), ("24h", "24 hours"), ("2d", "2 days"), ("7d", "7 days"),
        ("30d", "30 days"), ("90d", "90 days"), ("6M", "6 months"), ("1y", "1 year"), ("2y", "2 years"),
        ("5y", "5 years"),
    )
)  # fmt: skip
"""What Grafana's picker lists first."""


def time_presets(dashboard: Json) -> tuple[TimePreset, ...]:
    """The ranges that a dashboard's picker lists: its own, or Grafana's."""
    own = mappings(mapping(dashboard.get("timepicker")).get("quick_ranges"))
    presets = tuple(
        TimePreset(text(one.get("from")), text(one.get("to")), text(one.get("display"))) for one in own
    )
    return presets or PRESETS


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


def time_note(panel: Mapping[str, Any]) -> str:
    """What tells that a panel has a time of its own, such as `Last 1 hour timeshift -1d`; else empty."""
    parts = []
    if own := text(panel.get("timeFrom")):
        parts.append(_described(own))
    if shift := text(panel.get("timeShift")):
        parts.append(f"timeshift -{shift.lstrip('-')}")
    return " ".join(parts)


def _described(length: str) -> str:
    match = _LENGTH.fullmatch(length.strip())
    if match is None:
        return length
    unit = _UNITS[match[3]]
    is_one = int(match[2]) == 1
    return f"{'Next' if match[1] == '+' else 'Last'} {int(match[2])} {unit}{'' if is_one else 's'}"

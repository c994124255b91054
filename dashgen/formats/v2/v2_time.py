"""The time settings of a dashboard in both forms."""

from typing import Final

from dashgen.core.json_values import Json, items, mapping, text, whole
from dashgen.formats.dashboard.dashboard_json import REFRESH_INTERVALS

_PICKER: Final = {"hideTimepicker": "hidden", "quickRanges": "quick_ranges", "nowDelay": "nowDelay"}


def classic_time(settings: Json) -> Json:
    """The keys of a classic dashboard for ``timeSettings``.

    Before: ``{"from": "now-1h", "to": "now", "autoRefresh": "30s", "hideTimepicker": true, …}``
    After: ``{"time": {"from": "now-1h", "to": "now"}, "refresh": "30s", "timepicker": {"hidden": true}, …}``
    """
    picker: Json = {}
    intervals = settings.get("autoRefreshIntervals")
    # The new schema writes the intervals that Grafana offers anyway into every dashboard.
    if intervals and intervals != list(REFRESH_INTERVALS):
        picker["refresh_intervals"] = intervals
    picker |= {classic: settings[name] for name, classic in _PICKER.items() if settings.get(name)}
    zone = {"timezone": settings["timezone"]} if isinstance(settings.get("timezone"), str) else {}
    return {
        "time": {"from": text(settings.get("from")) or "now-6h", "to": text(settings.get("to")) or "now"},
        **zone,
        "refresh": text(settings.get("autoRefresh")),
        "weekStart": text(settings.get("weekStart")),
        "fiscalYearStartMonth": settings.get("fiscalYearStartMonth", 0),
        "timepicker": picker,
    }


def time_settings(dashboard: Json) -> Json:
    """The ``timeSettings`` of a classic dashboard; the opposite of `classic_time`."""
    time, picker = mapping(dashboard.get("time")), mapping(dashboard.get("timepicker"))
    intervals = [interval for interval in items(picker.get("refresh_intervals")) if text(interval)]
    settings: Json = {
        "from": text(time.get("from")) or "now-6h",
        "to": text(time.get("to")) or "now",
        "autoRefresh": text(dashboard.get("refresh")),
        "autoRefreshIntervals": intervals or list(REFRESH_INTERVALS),
        "hideTimepicker": picker.get("hidden") is True,
        "fiscalYearStartMonth": whole(dashboard.get("fiscalYearStartMonth")),
    }
    # An empty time zone is that of the user's profile.
    if isinstance(dashboard.get("timezone"), str):
        settings["timezone"] = dashboard["timezone"]
    if text(dashboard.get("weekStart")):
        settings["weekStart"] = dashboard["weekStart"]
    for name in ("quickRanges", "nowDelay"):
        if picker.get(_PICKER[name]):
            settings[name] = picker[_PICKER[name]]
    return settings

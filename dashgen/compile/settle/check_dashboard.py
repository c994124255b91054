"""Values of a dashboard's own keys that Grafana would not read: its times, its time zone, its annotations' steps."""

from collections.abc import Iterator

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.colors import color_problem
from dashgen.model.dashboard_spec import Dashboard, TimePicker
from dashgen.model.times import (
    USERS_ZONE,
    delay_problem,
    interval_problem,
    point_hint,
    point_problem,
    range_problem,
    span_hint,
    zone_hint,
    zone_problem,
)
from dashgen.source.provenance import Resolved
from dashgen.source.source import Path

Fault = tuple[str, str, Path, str]


def check_dashboard(spec: Dashboard, resolved: Resolved) -> list[Diagnostic]:
    """What is wrong with the values of a dashboard's own keys."""
    return [resolved.diagnostic(*fault) for fault in _faults(spec)]


def _faults(spec: Dashboard) -> Iterator[Fault]:
    wrong = range_problem(spec.time)
    if wrong is not None:
        yield "time/range", wrong[0], ("time",), wrong[1]
    if spec.timezone != USERS_ZONE and zone_problem(spec.timezone):
        yield "time/zone", zone_problem(spec.timezone), ("timezone",), zone_hint(spec.timezone)
    if spec.time_picker is not None:
        yield from picker_faults(spec.time_picker)
    for number, annotation in enumerate(spec.annotations):
        wrong_color = color_problem(annotation.color)
        if wrong_color is not None:
            yield "panel/color", wrong_color[0], ("annotations", number, "color"), wrong_color[1]
        if annotation.step is not None and interval_problem(annotation.step):
            path: Path = ("annotations", number, "step")
            yield "time/interval", interval_problem(annotation.step), path, span_hint(annotation.step, "1m")


def picker_faults(picker: TimePicker) -> Iterator[Fault]:
    """What is wrong with what the time picker offers."""
    path: Path = ("time_picker",)
    if picker.now_delay is not None and delay_problem(picker.now_delay):
        problem = delay_problem(picker.now_delay)
        yield "time/interval", problem, (*path, "now_delay"), span_hint(picker.now_delay, "1m")
    for number, interval in enumerate(picker.refresh_intervals or []):
        if interval_problem(interval):
            item_path = (*path, "refresh_intervals", number)
            yield "time/interval", interval_problem(interval), item_path, span_hint(interval, "30s")
    for number, offered in enumerate(picker.quick_ranges or []):
        for key in ("from", "to"):
            item_path = (*path, "quick_ranges", number)
            if key not in offered:
                yield "time/range", f"the range lacks `{key}`", item_path, f"add `{key}:`, such as `now-8h`"
            elif point_problem(offered[key]):
                yield "time/range", point_problem(offered[key]), (*item_path, key), point_hint(offered[key])

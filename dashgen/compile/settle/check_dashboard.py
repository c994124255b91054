"""Values of a dashboard's own keys that Grafana would not read: times, the zone, steps of annotations."""

from collections.abc import Iterator

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
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

Finding = tuple[str, str, Path, str]
"""Rule, message, path and hint, as `Reporter.error` takes them."""


def check_dashboard(spec: Dashboard, report: Reporter) -> None:
    """Report what is wrong with the values of a dashboard's own keys."""
    if wrong_range := range_problem(spec.time):
        report.error("time/range", wrong_range[0], ("time",), wrong_range[1])
    if spec.timezone != USERS_ZONE and (problem := zone_problem(spec.timezone)):
        report.error("time/zone", problem, ("timezone",), zone_hint(spec.timezone))
    for finding in picker_findings(spec.time_picker) if spec.time_picker is not None else ():
        report.error(*finding)
    for number, annotation in enumerate(spec.annotations):
        if wrong_color := color_problem(annotation.color):
            report.error("panel/color", wrong_color[0], ("annotations", number, "color"), wrong_color[1])
        if annotation.step is not None and (problem := interval_problem(annotation.step)):
            path = ("annotations", number, "step")
            report.error("time/interval", problem, path, span_hint(annotation.step, "1m"))


def picker_findings(picker: TimePicker) -> Iterator[Finding]:
    """What is wrong with what the time picker offers.

    The importer asks as well, which has no document to report it in.
    """
    path: Path = ("time_picker",)
    if picker.now_delay is not None and (problem := delay_problem(picker.now_delay)):
        yield "time/interval", problem, (*path, "now_delay"), span_hint(picker.now_delay, "1m")
    for number, interval in enumerate(picker.refresh_intervals or []):
        if problem := interval_problem(interval):
            item_path = (*path, "refresh_intervals", number)
            yield "time/interval", problem, item_path, span_hint(interval, "30s")
    for number, offered in enumerate(picker.quick_ranges or []):
        item_path = (*path, "quick_ranges", number)
        for key in ("from", "to"):
            if key not in offered:
                yield "time/range", f"the range lacks `{key}`", item_path, f"add `{key}:`, such as `now-8h`"
            elif problem := point_problem(offered[key]):
                yield "time/range", problem, (*item_path, key), point_hint(offered[key])

"""Times in dashboards that Grafana's date mathematics, intervals and time zones refuse."""

from collections.abc import Callable

from msgspec import Struct

from dashgen.check.check_report import Path, Report, entries
from dashgen.core.diagnostics import Severity
from dashgen.core.json_values import Json, mapping
from dashgen.formats.panel_tree import located_panels
from dashgen.model.times import (
    delay_problem,
    ends_before_start,
    interval_problem,
    point_hint,
    point_problem,
    refresh_problem,
    shift_problem,
    span_hint,
    span_problem,
    zone_hint,
    zone_problem,
)

_PANEL: tuple[tuple[str, str, Callable[[str], str], str, str], ...] = (
    ("interval", "time/interval", interval_problem, "1m", "the queries have no smallest step"),
    ("timeFrom", "time/span", span_problem, "7d", 'the panel shows "invalid time override"'),
    ("timeShift", "time/span", shift_problem, "1w", 'the panel shows "invalid timeshift"'),
)


def check_times(report: Report, base: Path, data: Json, severity: Severity) -> None:
    """Check every time in a dashboard of the classic model.

    Args:
        report: where findings go.
        base: the path of the dashboard in its file.
        data: the dashboard.
        severity: the severity of findings: what Grafana repairs in an older dashboard is not an error.
    """
    checker = _Checker(report, base, severity)
    _check_range(checker, ("time",), mapping(data.get("time")))
    refresh = data.get("refresh")
    if isinstance(refresh, str) and refresh_problem(refresh):
        problem = f"{refresh_problem(refresh)}: the dashboard would not refresh as meant"
        checker("dashboard/refresh", ("refresh",), problem, span_hint(refresh, "30s"))
    zone = data.get("timezone")
    if isinstance(zone, str) and zone_problem(zone):
        checker("time/zone", ("timezone",), zone_problem(zone), zone_hint(zone))
    _check_picker(checker, mapping(data.get("timepicker")))
    for path, panel in located_panels(data.get("panels")):
        for key, rule, problem_of, example, consequence in _PANEL:
            text = panel.get(key)
            if isinstance(text, str) and text and problem_of(text):
                problem = f"{problem_of(text)}: {consequence}"
                checker(rule, (*path, key), problem, span_hint(text, example))


class _Checker(Struct, frozen=True):
    report: Report
    base: Path
    severity: Severity

    def __call__(self, rule: str, path: Path, message: str, hint: str) -> None:
        report = self.report.error if self.severity is Severity.ERROR else self.report.warning
        report(rule, (*self.base, *path), message, hint)


def _check_range(checker: _Checker, path: Path, span: Json) -> None:
    ends = [span.get(key) for key in ("from", "to")]
    for key, end in zip(("from", "to"), ends, strict=True):
        if isinstance(end, str) and end and point_problem(end):
            problem = f"{point_problem(end)}: the time range is not the one that is meant"
            checker("time/range", (*path, key), problem, point_hint(end))
    start, end = ends
    if isinstance(start, str) and isinstance(end, str) and ends_before_start(start, end):
        message = "the time range ends before it starts"
        checker("time/range", (*path, "from"), message, "write the earlier time first")


def _check_picker(checker: _Checker, picker: Json) -> None:
    path: Path = ("timepicker",)
    delay = picker.get("nowDelay")
    if isinstance(delay, str) and delay and delay_problem(delay):
        checker("time/interval", (*path, "nowDelay"), delay_problem(delay), span_hint(delay, "1m"))
    for key in ("refresh_intervals", "time_options"):
        offered = picker.get(key)
        for number, text in enumerate(offered if isinstance(offered, list) else []):
            if isinstance(text, str) and (problem := interval_problem(text)):
                checker("time/interval", (*path, key, number), problem, span_hint(text, "30s"))
    for number, item in entries(picker.get("quick_ranges")):
        _check_range(checker, (*path, "quick_ranges", number), item)

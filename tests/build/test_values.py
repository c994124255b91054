"""Values that Grafana does not read are found at build, each at its place in the spec, with what to write instead."""

from pathlib import Path

import pytest

from tests.alert_support import pointed_at
from tests.build.project import Project

SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://p:9090", default: true}
  loki: {url: "http://l:3100"}
  tempo: {url: "http://t:3200"}
"""
DASHBOARD = "kind: Dashboard\nuid: d\ntitle: D\n{more}\npanels: [{{title: A, query: up}}]\n"
PANEL = "kind: Dashboard\nuid: d\ntitle: D\npanels:\n  - {{title: A, query: up, {more}}}\n"
NOTIFICATIONS = "kind: Notifications\ncontact_points: {{ops: {{email: a@example.com}}}}\n{more}\n"

TIMES = [
    (DASHBOARD, "time: last 6 hours", "last 6 hours", "time/range", "write `6h`"),
    (DASHBOARD, "time: yesterday", "yesterday", "time/range", "now-1d/d to now-1d/d"),
    (DASHBOARD, "time: 1h30m", "1h30m", "time/range", "write `90m`"),
    (DASHBOARD, "time: -1h", "-1h", "time/range", "write `1h`"),
    (DASHBOARD, "time: '5'", "'5'", "time/range", "6h"),
    (DASHBOARD, "time: 5", "5", "time/range", "6h"),
    (DASHBOARD, "time: now/d-7 to now", "now/d-7 to now", "time/range", "one number and one unit"),
    (DASHBOARD, "timezone: Europe/Berln", "Europe/Berln", "time/zone", "Europe/Berlin"),
    (DASHBOARD, "time_picker: {now_delay: 1 min}", "1 min", "time/interval", "write `1m`"),
    (DASHBOARD, "time_picker: {refresh_intervals: [10s, 1min]}", "1min", "time/interval", "write `1m`"),
    (
        DASHBOARD,
        "time_picker: {quick_ranges: [{display: Shift, from: 8h, to: now}]}",
        "8h",
        "time/range",
        "write `now-8h`",
    ),
    (DASHBOARD, "annotations: [{name: x, query: up, step: 5min}]", "5min", "time/interval", "write `5m`"),
    (PANEL, "interval: 5min", "5min", "time/interval", "write `5m`"),
    (PANEL, "interval: 1 m", "1 m", "time/interval", "write `1m`"),
    (PANEL, "time_from: 7 days", "7 days", "time/span", "write `7d`"),
    (PANEL, "time_from: 1h30m", "1h30m", "time/span", "write `90m`"),
    (PANEL, "time_shift: -1w", "-1w", "time/span", "write `1w`"),
    (PANEL, "time_shift: soon", "soon", "time/span", "`1w`"),
    (PANEL.replace("query: up", "queries: [{{query: up, step: 1 minute}}]"), "height: 8", "1 minute", "time/interval", "write `1m`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: friday, location: Asia/Dubay}}", "Asia/Dubay", "time/zone", "Asia/Dubai"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: mon-fri}}", "mon-fri", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: 'mon:fri'}}", "'mon:fri'", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {weekdays: monday to friday}}", "monday to friday", "notification/interval", "write `monday..friday`"),
    (NOTIFICATIONS, "mute_timings: {m: {months: jun-aug}}", "jun-aug", "notification/interval", "write `june..august`"),
    (NOTIFICATIONS, "mute_timings: {m: {days: 1-5}}", "1-5", "notification/interval", "write `1..5`"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "more", "at", "rule", "hint"), TIMES)
def test_a_time_that_nobody_reads_is_an_error(
    tmp_path: Path, form: str, more: str, at: str, rule: str, hint: str
) -> None:
    text = form.format(more=more)
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", text)
    [found] = project.build().diagnostics
    assert (found.rule, found.severity) == (rule, "error")
    assert pointed_at(text, found) == at
    assert hint in found.hint
    assert not project.output.exists()


@pytest.mark.parametrize(
    ("form", "more"),
    [
        (DASHBOARD, "time: now/d"), (DASHBOARD, "time: 7d"), (DASHBOARD, "time: now-7d to now-1d"), (DASHBOARD, "timezone: Asia/Dubai"),
        (DASHBOARD, "timezone: ''"), (PANEL, "interval: $step"), (PANEL, "interval: 1m, time_from: 7d, time_shift: 1w"), (PANEL, "interval: ''"),
        (PANEL, "time_from: now/w"), (DASHBOARD, "refresh: 1m30s"),
    ],
)  # fmt: skip
def test_times_that_grafana_reads_are_built(tmp_path: Path, form: str, more: str) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/x.yaml", form.format(more=more))
    assert [p for p in project.build().diagnostics if p.rule.startswith("time/")] == []
    assert project.output.exists()

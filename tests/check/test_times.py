"""Times in dashboards that others wrote: errors where Grafana repairs nothing, warnings in older ones."""

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import DASHBOARD, DATA_SOURCES, changed

CASES = [
    ("time", {"from": "now-1h30m", "to": "now"}, "time/range", "now-1h30m"),
    ("time", {"from": "now", "to": "now-6h"}, "time/range", "ends before it starts"),
    ("timezone", "Europe/Berln", "time/zone", "Europe/Berln"),
    ("refresh", "5min", "dashboard/refresh", "5min"),
    ("timepicker", {"refresh_intervals": ["5 s"]}, "time/interval", "5 s"),
    ("timepicker", {"nowDelay": "1 minute"}, "time/interval", "1 minute"),
    ("timepicker", {"quick_ranges": [{"display": "x", "from": "6h", "to": "now"}]}, "time/range", "6h"),
    ("panels.1.interval", "5min", "time/interval", "5min"),
    ("panels.1.timeFrom", "7 days", "time/span", "invalid time override"),
    ("panels.1.timeShift", "-1w", "time/span", "invalid timeshift"),
]


@pytest.mark.parametrize(("path", "value", "rule", "fragment"), CASES)
def test_a_time_that_grafana_does_not_read_is_found(
    check: Check, path: str, value, rule: str, fragment: str
) -> None:
    found = check({"a/mission-control.json": changed(DASHBOARD, path, value), "d.yaml": DATA_SOURCES})
    assert expect(found, rule, fragment).severity is Severity.ERROR


@pytest.mark.parametrize(("path", "value", "rule", "fragment"), CASES)
def test_in_an_older_dashboard_it_is_a_warning(
    check: Check, path: str, value, rule: str, fragment: str
) -> None:
    old = changed(changed(DASHBOARD, path, value), "schemaVersion", 36)
    found = check({"a/mission-control.json": old, "d.yaml": DATA_SOURCES})
    assert expect([f for f in found if f.rule == rule], rule, fragment).severity is Severity.WARNING

"""A build remembers panels without a fault, and finds what is wrong with the others as if it did not."""

from pathlib import Path
from typing import Any

import pytest

from dashgen.check.built_files import check_built_dashboard
from dashgen.check.check_report import Report
from dashgen.check.sound_panels import SoundPanels
from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.source.source import Path as DataPath

from .samples import DASHBOARD, changed
from .test_dashboards import BROKEN

_P = "panels.1"
SOURCES = {"prom": "prometheus", "loki": "loki", "tempo": "tempo"}
ALIKE = [
    (f"{_P}.title", "Another title"),
    (f"{_P}.id", 4711),
    (f"{_P}.targets.0.expr", 'sum(rate(x_total{job="cart"}[5m]))'),
]


class InMemory:
    """A dashboard whose places are told by their paths."""

    def __init__(self, data: Any) -> None:
        self.file = "d.json"
        self.data = data

    def location(self, path: DataPath = (), *, key: bool = False) -> Location:
        return Location("/".join(map(str, (*path, key))))


def findings(data: Any, sound: SoundPanels | None = None) -> list[Diagnostic]:
    report = Report(InMemory(data), Path(f"dashboards/{data.get('uid')}.json"))
    check_built_dashboard(report, SOURCES, sound)
    return report.problems


@pytest.fixture
def primed() -> SoundPanels:
    """What a build remembers after a sound dashboard."""
    sound = SoundPanels()
    assert findings(DASHBOARD) == findings(DASHBOARD, sound) == []
    return sound


@pytest.mark.parametrize(("path", "value"), [b[1:3] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_wrong_place_is_found_after_a_sound_dashboard(primed: SoundPanels, path: str, value: Any) -> None:
    broken = changed(DASHBOARD, path, value)
    assert findings(broken, primed) == findings(broken)
    # The second time too: nothing of a dashboard with a fault is remembered.
    assert findings(broken, primed) == findings(broken)
    assert findings(DASHBOARD, primed) == []


@pytest.mark.parametrize(("path", "value"), ALIKE)
def test_panels_that_differ_in_what_no_check_reads_are_one(
    primed: SoundPanels, monkeypatch: pytest.MonkeyPatch, path: str, value: Any
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        "dashgen.check.sound_panels.check_alone", lambda dashboard, _: seen.extend(dashboard.data["panels"])
    )
    before = changed(DASHBOARD, f"{_P}.targets.0.expr", 'sum(rate(x_total{job="shop"}[5m]))')
    assert findings(before, primed) == []
    seen.clear()
    assert findings(changed(before, path, value), primed) == []
    assert seen == []


def test_a_row_in_a_row_is_found_however_it_is_asked(primed: SoundPanels) -> None:
    row = {
        "type": "row",
        "id": 90,
        "title": "R",
        "collapsed": True,
        "gridPos": {"x": 0, "y": 90, "w": 24, "h": 1},
    }
    nested = changed(
        DASHBOARD, f"panels.{len(DASHBOARD['panels'])}", {**row, "panels": [{**row, "id": 91, "panels": []}]}
    )
    assert "panel/row" in [finding.rule for finding in findings(nested)]
    assert findings(nested, primed) == findings(nested)


@pytest.mark.parametrize(
    "panels", [5, {}, [5], [None], [{"type": "row", "panels": 5}], [{"panels": [{"panels": [{}]}]}]]
)
def test_panels_of_any_shape_are_checked(primed: SoundPanels, panels: Any) -> None:
    strange = {**DASHBOARD, "panels": panels}
    assert findings(strange, primed) == findings(strange)


def test_a_data_source_that_another_dashboard_has_is_not_known_to_this_one(primed: SoundPanels) -> None:
    def unknown(sound: SoundPanels | None) -> list[Diagnostic]:
        report = Report(InMemory(DASHBOARD), Path(f"dashboards/{DASHBOARD['uid']}.json"))
        check_built_dashboard(report, {"prom2": "prometheus"}, sound)
        return report.problems

    assert unknown(None)
    assert unknown(primed) == unknown(None)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashgen.check.sound_panels._MOST", 3)
    sound = SoundPanels()
    for number in range(20):
        assert findings(changed(DASHBOARD, f"{_P}.description", f"text {number}"), sound) == []
        assert sum(len(keys) for keys in sound._keys.values()) <= 3 + len(DASHBOARD["panels"])

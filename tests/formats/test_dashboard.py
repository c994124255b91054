"""Dashboards made with grafanalib by hand, upgraded as an import does it."""

import json
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from grafanalib import core
from grafanalib._gen import DashboardEncoder

from dashgen.check.dashboard_schema import dashboard_schema
from dashgen.formats.dashboard import migrate
from dashgen.formats.upgrade.envelope import find_dashboard
from dashgen.formats.upgrade.notes import Notes
from dashgen.formats.upgrade.upgrade_dashboard import upgrade
from tests.formats import foreign

STALE = {
    "hideControls", "sharedCrosshair", "rows", "version", "gnetId", "__inputs", "height", "span",
    "minSpan", "error", "nullPointMode", "editable", "tagsQuery", "useTags", "intervalFactor", "metric", "yaxes",
}  # fmt: skip


def _json(dashboard: core.Dashboard) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(dashboard.to_json_data(), cls=DashboardEncoder))
    return data


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    return migrate(upgrade(find_dashboard(data), Notes()))


def _objects(value: Any) -> list[dict[str, Any]]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    result = [inner for part in parts for inner in _objects(part)]
    return [value, *result] if isinstance(value, dict) else result


@pytest.fixture(scope="module")
def migrated() -> dict[str, Any]:
    return _upgraded(_json(foreign.dashboard()))


def test_every_panel_class_of_grafanalib_is_tried() -> None:
    classes = {
        name for name, cls in vars(core).items() if isinstance(cls, type) and issubclass(cls, core.Panel)
    }
    used = {type(panel).__name__ for panel in foreign.panels()}
    assert classes - used == {"Panel", "RowPanel", "PieChart", *foreign.LEFT_OUT}


def test_no_stale_key_is_left(migrated: dict[str, Any]) -> None:
    assert not (set(migrated) - {"editable"}) & (STALE | {"id", "style"})
    for item in (item for part in migrated.values() for item in _objects(part)):
        # Alert lists show alerts in the state `error`, and Prometheus still reads `intervalFactor`.
        read = {"error"} if "firing" in item else {"intervalFactor"} if "expr" in item else set()
        assert not (set(item) - read) & STALE


def test_only_the_base_step_of_thresholds_is_null(migrated: dict[str, Any]) -> None:
    assert all(
        set(item) == {"color", "value"}
        for item in _objects(migrated)
        for part in item.values()
        if part is None
    )


def test_names_of_data_sources_become_references(migrated: dict[str, Any]) -> None:
    sources = [item["datasource"] for item in _objects(migrated) if item.get("datasource")]
    assert all(isinstance(source, dict) and source["uid"] for source in sources)
    assert {"type": "prometheus", "uid": "${source}"} in sources
    assert {"type": "prometheus", "uid": "Prometheus"} in sources


def test_every_target_has_a_ref_of_its_own(migrated: dict[str, Any]) -> None:
    for panel in migrated["panels"]:
        refs = [target["refId"] for target in panel.get("targets", [])]
        assert refs in ([], ["B", "A"])


def test_migrating_twice_changes_nothing_more(migrated: dict[str, Any]) -> None:
    before = deepcopy(migrated)
    assert migrate(migrated) == migrated
    assert migrated == before


def test_the_argument_is_left_as_it_is() -> None:
    data = _json(foreign.dashboard())
    before = deepcopy(data)
    _upgraded(data)
    assert data == before


def test_the_result_has_the_shape_that_validation_asks_for(migrated: dict[str, Any]) -> None:
    errors = jsonschema.Draft202012Validator(dashboard_schema()).iter_errors(migrated)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_what_the_whole_dashboard_says(migrated: dict[str, Any]) -> None:
    assert migrated["schemaVersion"] == 42
    assert migrated["graphTooltip"] == 1
    # grafanalib writes the intervals and ranges that Grafana offers anyway.
    assert migrated["timepicker"] == {}
    assert migrated["annotations"]["list"][0]["builtIn"] == 1
    assert migrated["links"][0]["icon"] == "external link"
    assert migrated["templating"]["list"][0]["current"] == {"text": "a", "value": "a"}
    assert migrated["templating"]["list"][1]["current"] == {"text": "b", "value": "b"}


def test_rows_of_grafana_4_become_row_panels() -> None:
    rows = [
        core.Row(
            title="First", panels=[core.Stat(title="a"), core.Stat(title="b"), core.Stat(title="c", span=6)]
        ),
        core.Row(title="Second", collapse=True, height=core.Pixels(380), panels=[core.Graph(title="d")]),
        core.Row(panels=[core.Text(title="e", span=12)]),
    ]
    panels = _upgraded(_json(core.Dashboard(title="Rows", rows=rows)))["panels"]
    places = [(p["title"], *(p["gridPos"][key] for key in "xywh")) for p in panels]
    assert places == [
        ("First", 0, 0, 24, 1), ("a", 0, 1, 6, 7), ("b", 6, 1, 6, 7), ("c", 12, 1, 12, 7),
        ("Second", 0, 8, 24, 1), ("New row", 0, 9, 24, 1), ("e", 0, 10, 24, 7),
    ]  # fmt: skip
    assert panels[4]["panels"][0]["gridPos"] == {"x": 0, "y": 9, "w": 24, "h": 10}
    assert sorted(p["id"] for p in [*panels, *panels[4]["panels"]]) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_panels_without_a_place_come_below_the_others() -> None:
    panels = [
        core.Stat(title="a", gridPos=core.GridPos(4, 6, 0, 0)),
        core.Stat(title="b"),
        core.Stat(title="c"),
    ]
    upgraded = _upgraded(_json(core.Dashboard(title="P", panels=panels)))
    placed = [panel["gridPos"] for panel in upgraded["panels"]]
    assert placed[1:] == [{"h": 3, "w": 6, "x": 0, "y": 4}, {"h": 3, "w": 6, "x": 0, "y": 7}]

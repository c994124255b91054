"""Places that Grafana names in schema v2, found in the dashboard and in its spec."""

from typing import Any

import pytest

from dashgen.sync.push.refused_places import PanelPlace, SectionPlace, TopPlace, fields_in, parts_of, place_of
from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.sync.support import FILES, Project

PANEL: dict[str, Any] = {
    "id": 3,
    "type": "stat",
    "title": "Up",
    "gridPos": {"x": 0, "y": 1, "w": 12, "h": 4},
    "targets": [{"refId": "A", "expr": "up"}],
}
HEADER = {"type": "row", "title": "One", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": []}
CONTENT: dict[str, Any] = {
    "title": "D",
    "panels": [
        {**HEADER, "dynamic": {"kind": "tab", "level": 0}},
        {**HEADER, "dynamic": {"kind": "row", "level": 1}},
        PANEL,
        {**HEADER, "title": "Two", "dynamic": {"kind": "tab", "level": 0}},
    ],
}


@pytest.mark.parametrize(
    "field",
    [
        'elements."panel-3".spec.title',
        'DashboardSpec.elements."panel-3".spec.title',
        'spec.elements["panel-3"].spec.title',
        "spec.elements.panel-3.spec.title",
    ],
)
def test_a_place_is_read_however_it_is_written(field: str) -> None:
    assert parts_of(field) == ("elements", "panel-3", "spec", "title")


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ('elements."panel-3".spec.title', PanelPlace(3, "Up", "title")),
        (
            'elements."panel-3".spec.data.spec.queries.0.spec.query.spec.expr',
            PanelPlace(3, "Up", "targets[0].expr"),
        ),
        ('elements."panel-3".spec.data.spec.queries.0.spec.hidden', PanelPlace(3, "Up", "targets[0].hide")),
        (
            'elements."panel-3".spec.data.spec.queries.0.spec.query.group',
            PanelPlace(3, "Up", "targets[0].datasource"),
        ),
        ('elements."panel-3".spec.data.spec.queryOptions.interval', PanelPlace(3, "Up", "interval")),
        (
            'elements."panel-3".spec.data.spec.transformations.1.spec.options',
            PanelPlace(3, "Up", "transformations[1].options"),
        ),
        (
            'elements."panel-3".spec.vizConfig.spec.fieldConfig.defaults.unit',
            PanelPlace(3, "Up", "fieldConfig.defaults.unit"),
        ),
        ('elements."panel-3".spec.vizConfig.group', PanelPlace(3, "Up", "type")),
        ('elements."panel-9".spec.title', TopPlace("")),
        (
            "layout.spec.tabs.0.spec.layout.spec.rows.0.spec.layout.spec.items.0.spec.width",
            PanelPlace(3, "Up", "gridPos.w"),
        ),
        ("layout.spec.tabs.0.spec.layout.spec.rows.0.spec.collapse", SectionPlace(1, "collapsed")),
        ("layout.spec.tabs.1.spec.title", SectionPlace(2, "title")),
        (
            "layout.spec.tabs.1.spec.conditionalRendering.spec.items.0.spec.operator",
            SectionPlace(2, "conditionalRendering"),
        ),
        ("layout.kind", TopPlace("layout")),
        ("timeSettings.autoRefresh", TopPlace("refresh")),
        ("cursorSync", TopPlace("graphTooltip")),
        ("variables.0.spec.name", TopPlace("variables")),
        ("", TopPlace("")),
    ],
)
def test_a_place_of_the_schema_is_found_in_the_dashboard(field: str, place: object) -> None:
    assert place_of(field, CONTENT) == place


def test_a_message_without_places_may_name_some() -> None:
    message = 'strict decoding error: unknown field "spec.colour", unknown field "spec.size"'
    assert fields_in(message) == ["spec.colour", "spec.size"]
    message = "json: cannot unmarshal number into Go struct field Dashboard.spec.title of type string"
    assert fields_in(message) == ["spec.title"]
    assert fields_in("it is no dashboard") == []


SPEC = """\
kind: Dashboard
uid: tabs
title: Tabs
tabs:
  - title: Overview
    panels:
      - title: Up
        query: up
  - title: More
    show_when: {time_range: 7d}
    panels:
      - title: Down
        query: down
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("layout.spec.tabs.1.spec.title", 9),
        ("layout.spec.tabs.1.spec.conditionalRendering.spec.items.0.spec.value", 10),
        ('elements."panel-{}".spec.data.spec.queries.0.spec.query.spec.expr', 13),
        ("layout.spec.tabs.1.spec.layout.spec.items.0.spec.x", 12),
        ("title", 3),
    ],
)
def test_what_grafana_refuses_in_v2_is_told_at_the_line_of_the_spec(
    field: str, line: int, tmp_path: Any, addresses: Any
) -> None:
    with FakeGrafana(version="13.3.0", address=addresses("13.3")) as fake:
        project = Project(tmp_path, fake, {**FILES, "specs/tabs.yaml": SPEC})
        first = project.push()
        assert first.code == 0, first.stdout + first.stderr
        elements = fake.store.dashboards.pop("tabs").spec["elements"].values()
        number = next(e["spec"]["id"] for e in elements if e["spec"]["title"] == "Down")
        causes = [{"reason": "FieldValueInvalid", "message": "it is wrong", "field": field.format(number)}]
        body = {"kind": "Status", "reason": "Invalid", "code": 422, "details": {"causes": causes}}
        fake.fail(Fault(FaultKind.STATUS, status=422, body=body, method="POST", path="/v2/.*/dashboards$"))
        done = project.push()
        assert done.code == 1, done.stdout + done.stderr
        assert f"specs/tabs.yaml:{line}:" in done.stderr
        assert "it is wrong" in done.stderr
        assert "tabs" not in fake.store.dashboards

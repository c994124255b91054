"""What only schema v2 can say stands in `dynamic`, and is written back."""

from typing import Any

import pytest

from dashgen.formats.v2 import auto_grid_places, extended_dashboard, v2_envelope, v2_spec, without_dynamic
from tests.formats.v2.v2_support import auto_grid, grid, item, panel, rows, spec, tabs

Json = dict[str, Any]
ONE, TWO, THREE = panel(1), panel(2), panel(3)
_GROUP = {
    "kind": "ConditionalRenderingGroup",
    "spec": {
        "visibility": "hide", "condition": "or",
        "items": [
            {"kind": "ConditionalRenderingVariable", "spec": {"variable": "tier", "operator": "notMatches", "value": "p.*"}},
            {"kind": "ConditionalRenderingTimeRangeSize", "spec": {"value": "7d"}},
            {"kind": "ConditionalRenderingData", "spec": {"value": False}},
        ],
    },
}  # fmt: skip
_SHOWN = {
    "visibility": "hide", "join": "or",
    "items": [
        {"kind": "variable", "variable": "tier", "operator": "notMatches", "value": "p.*"},
        {"kind": "timeRange", "value": "7d"},
        {"kind": "data", "value": False},
    ],
}  # fmt: skip


def _extended(layout: Json, *elements: Json, **more: Any) -> Json:
    result = extended_dashboard(spec(layout, *elements, **more), "shop")
    assert result.notes == []
    return result.dashboard


def _headers(dashboard: Json) -> list[tuple[str, Json]]:
    return [(one["title"], one.get("dynamic", {})) for one in dashboard["panels"] if one.get("type") == "row"]


SECTIONS: dict[str, tuple[Json, Json]] = {
    "a plain row": (rows({"title": "S", "layout": grid(item("panel-1"))}), {}),
    "a tab": (tabs({"title": "S", "layout": grid(item("panel-1"))}), {"kind": "tab"}),
    "a grid that arranges itself": (
        rows({"title": "S", "layout": auto_grid("panel-1", maxColumnCount=4, rowHeightMode="custom", rowHeight=120)}),
        {"layout": {"kind": "auto", "columns": 4, "rowHeight": 120}},
    ),
    "one with usual settings": (
        tabs({"title": "S", "layout": auto_grid("panel-1", columnWidthMode="standard", columnWidth=300)}),
        {"kind": "tab", "layout": {"kind": "auto"}},
    ),
    "a condition": (
        rows({"title": "S", "conditionalRendering": _GROUP, "layout": grid(item("panel-1"))}),
        {"showWhen": _SHOWN},
    ),
    "a group without conditions": (
        rows({"title": "S", "conditionalRendering": {"kind": "ConditionalRenderingGroup", "spec": {"items": []}}, "layout": grid(item("panel-1"))}),
        {},
    ),
    "a header that is not shown": (
        rows({"title": "S", "hideHeader": True, "fillScreen": True, "layout": grid(item("panel-1"))}),
        {"hideHeader": True, "fillScreen": True},
    ),
    "variables and annotations": (
        tabs({
            "title": "S", "layout": grid(item("panel-1")),
            "variables": [{"kind": "ConstantVariable", "spec": {"name": "a", "query": "b", "current": {"text": "b", "value": "b"}}}],
            "annotations": [{"kind": "AnnotationQuery", "spec": {"name": "n", "enable": True, "hide": False, "iconColor": "red", "query": {"kind": "DataQuery", "group": "loki", "spec": {}}}}],
        }),
        {
            "kind": "tab",
            "variables": [{"type": "constant", "name": "a", "query": "b", "hide": 0, "current": {"text": "b", "value": "b"}}],
            "annotations": [{"name": "n", "enable": True, "hide": False, "iconColor": "red", "datasource": {"type": "loki"}}],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_what_only_schema_v2_says(name: str) -> None:
    layout, dynamic = SECTIONS[name]
    extended = _extended(layout, ONE)
    assert _headers(extended) == [("S", dynamic)]
    again = extended_dashboard(v2_spec(extended), "shop").dashboard
    assert _headers(again) == [("S", dynamic)]


def test_sections_in_sections_follow_their_header_one_level_deeper() -> None:
    inner = rows(
        {"title": "A", "layout": grid(item("panel-1"))},
        {"title": "B", "collapse": True, "layout": grid(item("panel-2"))},
    )
    layout = tabs({"title": "T", "layout": inner}, {"title": "U", "layout": grid(item("panel-3"))})
    extended = _extended(layout, ONE, TWO, THREE)
    assert [(one["title"], one.get("dynamic", {}).get("level", 0)) for one in extended["panels"]] == [
        ("T", 0), ("A", 1), ("Panel 1", 0), ("B", 1), ("U", 0), ("Panel 3", 0),
    ]  # fmt: skip
    assert [child["title"] for child in extended["panels"][3]["panels"]] == ["Panel 2"]
    assert (
        v2_spec(extended)["layout"]["spec"]["tabs"][0]["spec"]["layout"]["spec"]["rows"][1]["spec"][
            "collapse"
        ]
        is True
    )


def test_panels_above_the_first_row_are_in_a_row_without_a_header() -> None:
    hidden = {"title": "", "collapse": False, "hideHeader": True, "layout": grid(item("panel-1"))}
    extended = _extended(rows(hidden, {"title": "R", "layout": grid(item("panel-2"))}), ONE, TWO)
    assert [one["title"] for one in extended["panels"]] == ["Panel 1", "R", "Panel 2"]
    first, second = v2_spec(extended)["layout"]["spec"]["rows"]
    assert (first["spec"]["hideHeader"], first["spec"]["title"], second["spec"]["title"]) == (True, "", "R")
    assert second["spec"]["layout"]["spec"]["items"][0]["spec"]["y"] == 0


def test_a_panel_keeps_its_subtitle_its_element_and_its_condition() -> None:
    element = panel(7, subtitle="Below", group={"queryOptions": {"timeCompare": "1w"}})
    board = spec(auto_grid("latency"), elements={"latency": element})
    board["layout"]["spec"]["items"][0]["spec"]["conditionalRendering"] = _GROUP
    extended = extended_dashboard(board).dashboard
    (built,) = extended["panels"]
    assert built["dynamic"] == {"element": "latency", "subtitle": "Below", "showWhen": _SHOWN}
    assert (built["timeCompare"], extended["dynamic"]) == ("1w", {"layout": {"kind": "auto"}})
    again = v2_spec(extended)
    assert again["elements"]["latency"]["spec"]["subtitle"] == "Below"
    assert again["layout"]["spec"]["items"][0]["spec"]["conditionalRendering"] == _GROUP


def test_panels_without_an_id_or_with_that_of_another_are_numbered() -> None:
    panels = [{"id": 2, "title": "a"}, {"id": 2, "title": "b"}, {"title": "c"}]
    elements = v2_spec({"panels": panels})["elements"]
    assert {key: one["spec"]["title"] for key, one in elements.items()} == {
        "panel-2": "a",
        "panel-1": "b",
        "panel-3": "c",
    }


def test_keys_of_old_plugins_survive() -> None:
    old = {
        "id": 1,
        "type": "grafana-worldmap-panel",
        "circleMaxSize": 30,
        "gridPos": {"x": 0, "y": 0, "w": 6, "h": 3},
    }
    written = v2_spec({"panels": [old]})
    options = written["elements"]["panel-1"]["spec"]["vizConfig"]["spec"]["options"]
    assert options["__angularMigration"]["originalOptions"] == {"circleMaxSize": 30}
    (read,) = extended_dashboard(written).dashboard["panels"]
    assert (read["circleMaxSize"], read["options"], "autoMigrateFrom" in read) == (30, {}, False)


def test_the_places_of_a_grid_that_arranges_itself() -> None:
    places = auto_grid_places(3, {"kind": "auto", "columns": 2, "rowHeight": "tall"}, 5)
    assert [(one["x"], one["y"], one["w"], one["h"]) for one in places] == [
        (0, 5, 12, 14),
        (12, 5, 12, 14),
        (0, 19, 12, 14),
    ]


def test_the_fallback_has_fixed_thresholds() -> None:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 80, "valueExpr": "$limit"}]
    config = {
        "defaults": {"thresholds": {"mode": "absolute", "steps": steps}},
        "overrides": [{"matcher": {"id": "byName"}, "properties": [{"id": "thresholds", "value": {"steps": steps}}, {"id": "unit"}]}],
    }  # fmt: skip
    result = without_dynamic({"panels": [{"id": 1, "title": "P", "fieldConfig": config}]})
    (built,) = result.dashboard["panels"]
    fixed = [steps[0], {"color": "red", "value": 80}]
    assert built["fieldConfig"]["defaults"]["thresholds"]["steps"] == fixed
    assert built["fieldConfig"]["overrides"][0]["properties"] == [
        {"id": "thresholds", "value": {"steps": fixed}},
        {"id": "unit"},
    ]
    assert result.notes == [
        ("dropped", "the variables of the thresholds of the panel `P`; their values stay")
    ]


def test_a_section_variable_whose_name_the_dashboard_has_is_not_doubled() -> None:
    own = [{"kind": "ConstantVariable", "spec": {"name": "a", "query": "section"}}]
    layout = tabs({"title": "T", "variables": own, "layout": grid(item("panel-1"))})
    extended = _extended(
        layout, ONE, variables=[{"kind": "ConstantVariable", "spec": {"name": "a", "query": "board"}}]
    )
    result = without_dynamic(extended)
    listed = result.dashboard["templating"]["list"]
    assert [(one["name"], one["query"]) for one in listed] == [("a", "board")]
    assert ("dropped", "the variable `a` of a section: the dashboard has one of this name") in result.notes


def test_the_envelope_names_the_dashboard_and_its_folder() -> None:
    envelope = v2_envelope({"uid": "shop", "title": "Shop"}, {"grafana.app/folder": "team"})
    assert (envelope["apiVersion"], envelope["kind"]) == ("dashboard.grafana.app/v2", "Dashboard")
    assert envelope["metadata"] == {"name": "shop", "annotations": {"grafana.app/folder": "team"}}
    assert envelope["spec"]["title"] == "Shop"

"""The fake's Grafana 13: what it stores, shows at other versions, and refuses, as its source code does."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.classic_to_v2 import Json, as_v2_spec
from tests.grafana.fake.store import PREFIX, new_dashboard
from tests.grafana.fake.ui_saves import save_in_editor
from tests.grafana.fake.v2_to_classic import as_v1_spec
from tests.grafana.fake.v2_versions import at_version, from_version
from tests.grafana.fake.wire import Answer, Call

_BASE = "/apis/dashboard.grafana.app/{}/namespaces/default/dashboards"
_SOURCE = {"type": "prometheus", "uid": "prom"}


def panel(number: int, y: int = 0, **more: Any) -> Json:
    return {
        "id": number,
        "type": "stat",
        "title": f"P{number}",
        "gridPos": {"x": 0, "y": y, "w": 12, "h": 4},
        "datasource": _SOURCE,
        "targets": [{"refId": "A", "expr": "up", "datasource": _SOURCE}],
        **more,
    }


def row(y: int, title: str = "Row", **more: Any) -> Json:
    return {"type": "row", "id": 90 + y, "title": title, "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}, **more}


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with FakeGrafana(version="13.3.0") as grafana:
        yield grafana


def call(
    fake: FakeGrafana, method: str, version: str, uid: str = "", body: Json | None = None, query: str = ""
) -> Answer:
    path = _BASE.format(version) + (f"/{uid}" if uid else "")
    headers = {"Authorization": f"Bearer {fake.admin_token}", "User-Agent": "dashgen/1"}
    made, _ = fake.call_at(method, f"{path}?{query}", headers, b"" if body is None else _encoded(body))
    return fake.serve(made)


def _encoded(body: Json) -> bytes:
    return Answer(200, body).encoded()


def envelope(version: str, spec: Json, uid: str = "d", **annotations: str) -> Json:
    metadata = {"name": uid, "annotations": {PREFIX + key: value for key, value in annotations.items()}}
    return {
        "apiVersion": f"dashboard.grafana.app/{version}",
        "kind": "Dashboard",
        "metadata": metadata,
        "spec": spec,
    }


CLASSIC: Json = {"title": "D", "schemaVersion": 42, "panels": [panel(1)]}


def _rows(classic: Json) -> list[Json]:
    return [one["spec"] for one in as_v2_spec(classic)["layout"]["spec"]["rows"]]


@pytest.mark.parametrize("version", ["v0alpha1", "v1beta1", "v1", "v2alpha1", "v2beta1", "v2"])
def test_what_was_written_at_a_version_is_stored_at_it_and_converted_at_others(
    fake: FakeGrafana, version: str
) -> None:
    spec = at_version(as_v2_spec(CLASSIC), version) if version.startswith("v2") else CLASSIC
    assert call(fake, "POST", version, body=envelope(version, spec)).status == 201
    for shown in ("v0alpha1", "v1beta1", "v1", "v2alpha1", "v2beta1", "v2"):
        answer = call(fake, "GET", shown, "d").body
        converted = shown != version and {shown, version} != {"v1", "v1beta1"}
        expected = {"failed": False, "storedVersion": version} if converted else None
        assert answer["status"].get("conversion") == expected, shown
        assert ("elements" in answer["spec"]) is shown.startswith("v2")


def test_panels_without_rows_are_a_grid_and_others_are_in_rows_whose_places_are_relative() -> None:
    assert as_v2_spec(CLASSIC)["layout"]["kind"] == "GridLayout"
    above, below = panel(1), panel(2, y=5)
    first, second = _rows({"panels": [above, row(4, "Row"), below]})
    assert first["hideHeader"] is True
    assert first["title"] == ""
    assert [item["spec"]["y"] for item in first["layout"]["spec"]["items"]] == [0]
    assert (second["title"], second["collapse"]) == ("Row", False)
    assert [item["spec"]["y"] for item in second["layout"]["spec"]["items"]] == [0]


def test_panels_of_a_collapsed_row_stay_in_it() -> None:
    inner = panel(2, y=7)
    (only,) = _rows({"panels": [row(6, collapsed=True, panels=[inner])]})
    assert only["collapse"] is True
    assert [item["spec"]["y"] for item in only["layout"]["spec"]["items"]] == [0]


def test_a_query_without_a_name_gets_the_next_free_one() -> None:
    targets = [{"expr": "a"}, {"refId": "A", "expr": "b"}, {"expr": "c"}]
    element = as_v2_spec({"panels": [panel(1, targets=targets)]})["elements"]["panel-1"]
    queries = element["spec"]["data"]["spec"]["queries"]
    assert [query["spec"]["refId"] for query in queries] == ["B", "A", "C"]


def test_the_data_source_of_a_panel_counts_before_that_of_its_query() -> None:
    other = {"type": "loki", "uid": "loki"}
    expression = {"type": "__expr__", "uid": "__expr__"}
    targets = [{"refId": "A", "datasource": other}, {"refId": "B", "datasource": expression}]
    element = as_v2_spec({"panels": [panel(1, targets=targets)]})["elements"]["panel-1"]
    names = [q["spec"]["query"]["datasource"]["name"] for q in element["spec"]["data"]["spec"]["queries"]]
    assert names == ["prom", "__expr__"]


def test_what_a_panel_has_beside_the_schema_goes_to_its_options() -> None:
    element = as_v2_spec({"panels": [panel(1, sparkline={"show": True})]})["elements"]["panel-1"]
    migration = element["spec"]["vizConfig"]["spec"]["options"]["__angularMigration"]
    assert migration == {"autoMigrateFrom": "stat", "originalOptions": {"sparkline": {"show": True}}}


def test_a_grid_comes_back_as_it_was_but_for_the_noise() -> None:
    back = as_v1_spec(as_v2_spec(CLASSIC))
    (shown,) = back["panels"]
    assert shown == {**panel(1), "options": {}, "pluginVersion": ""}
    assert back["timezone"] == "browser"
    assert back["timepicker"]["refresh_intervals"][0] == "5s"


def _tabs(*tabs: Json) -> Json:
    base = as_v2_spec({"title": "T", "panels": [panel(1), panel(2)]})
    return {**base, "layout": {"kind": "TabsLayout", "spec": {"tabs": list(tabs)}}}


def _tab(title: str, layout: Json) -> Json:
    return {"kind": "TabsLayoutTab", "spec": {"title": title, "layout": layout}}


def _items(kind: str, *names: str, **more: Any) -> Json:
    place = {"x": 0, "y": 0, "width": 12, "height": 4}
    items = [
        {"kind": f"{kind}Item", "spec": {**place, "element": {"kind": "ElementReference", "name": name}}}
        for name in names
    ]
    return {"kind": kind, "spec": {"items": items, **more}}


def test_tabs_and_auto_grids_are_squeezed_into_rows_and_a_grid() -> None:
    auto = _items("AutoGridLayout", "panel-2", maxColumnCount=2, rowHeightMode="short")
    back = as_v1_spec(_tabs(_tab("One", _items("GridLayout", "panel-1")), _tab("Two", auto)))
    assert [(p["type"], p["title"], p["gridPos"]) for p in back["panels"]] == [
        ("row", "One", {"x": 0, "y": 0, "w": 24, "h": 1}),
        ("stat", "P1", {"x": 0, "y": 1, "w": 12, "h": 4}),
        ("row", "Two", {"x": 0, "y": 5, "w": 24, "h": 1}),
        ("stat", "P2", {"x": 0, "y": 6, "w": 12, "h": 5}),
    ]
    assert [p["id"] for p in back["panels"] if p["type"] == "row"] == [3, 4]


def test_a_conversion_that_fails_is_answered_with_its_error(fake: FakeGrafana) -> None:
    spec = _tabs(_tab("One", _items("GridLayout", "panel-9")))
    fake.store.save(new_dashboard(fake.store, "d", spec, {}, "v2"))
    conversion = call(fake, "GET", "v1", "d").body["status"]["conversion"]
    assert conversion["failed"] is True
    assert "panel-9 not found" in conversion["error"]
    assert call(fake, "GET", "v2", "d").body["spec"] == spec


@pytest.mark.parametrize("version", ["v2alpha1", "v2beta1", "v2"])
def test_a_version_of_the_schema_comes_back_from_another(version: str) -> None:
    transformation = {"id": "organize", "options": {"excludeByName": {"a": True}}}
    query = {"name": "q", "type": "query", "query": "label_values(x)", "datasource": _SOURCE}
    adhoc = {"name": "f", "type": "adhoc", "datasource": _SOURCE}
    classic = {"panels": [panel(1, transformations=[transformation])], "templating": {"list": [query, adhoc]}}
    spec = as_v2_spec(classic)
    assert from_version(at_version(spec, version), version) == spec


def test_a_save_in_the_editor_is_stored_as_v2_with_what_it_fills_in(fake: FakeGrafana) -> None:
    custom = {"name": "tier", "type": "custom", "query": "a,b", "options": [{"text": "a", "value": "a"}]}
    call(
        fake,
        "POST",
        "v1",
        body=envelope("v1", {**CLASSIC, "templating": {"list": [custom]}}, managedBy="kubectl"),
    )
    save_in_editor(fake.store, "d", lambda spec: spec.update(title="New"), message="by hand")
    dashboard = fake.store.dashboards["d"]
    assert (dashboard.stored_as, dashboard.generation, dashboard.title) == ("v2", 2, "New")
    assert dashboard.annotations[PREFIX + "managedBy"] == "kubectl"
    assert dashboard.spec["variables"][0]["spec"]["options"][0]["properties"] == {}
    assert dashboard.spec["elements"]["panel-1"]["spec"]["vizConfig"]["version"] == "13.3.0"


def _refusal(fake: FakeGrafana, spec: Json, query: str = "dryRun=All&fieldValidation=Strict") -> Answer:
    answer = call(fake, "POST", "v2", body=envelope("v2", spec), query=query)
    assert not fake.store.dashboards
    return answer


def _changed(path: str, value: Any) -> Json:
    spec = as_v2_spec(CLASSIC)
    *parts, last = path.split("/")
    target: Any = spec
    for part in parts:
        target = target[int(part) if part.isdigit() else part]
    target[last] = value
    return spec


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("cursorSync", "Everywhere", "cursorSync"),
        ("elements/panel-1/spec/title", 5, 'elements."panel-1".spec.title'),
        ("layout/spec/items/0/spec/x", "left", "layout.spec.items.0.spec.x"),
    ],
)
def test_a_dry_run_names_the_place_in_the_schema(
    fake: FakeGrafana, path: str, value: Any, field: str
) -> None:
    answer = _refusal(fake, _changed(path, value))
    assert answer.status == 422
    assert [cause["field"] for cause in answer.body["details"]["causes"]] == [field]


def test_what_a_go_struct_cannot_hold_is_refused_before_that(fake: FakeGrafana) -> None:
    answer = _refusal(fake, _changed("title", 5))
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")
    assert (
        "cannot unmarshal number into Go struct field Dashboard.spec.title of type string"
        in answer.body["message"]
    )
    answer = _refusal(fake, _changed("colour", "red"))
    assert 'strict decoding error: unknown field "spec.colour"' in answer.body["message"]


def test_without_a_mode_an_unknown_field_is_dropped_and_the_schema_checked_all_the_same(
    fake: FakeGrafana,
) -> None:
    assert _refusal(fake, _changed("cursorSync", "Everywhere"), query="dryRun=All").status == 422
    answer = call(fake, "POST", "v2", body=envelope("v2", _changed("colour", "red")))
    assert answer.status == 201
    assert "colour" not in answer.body["spec"]


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ({}, {"managedBy": "kubectl", "managerId": "dashgen"}, 200),
        (
            {"managedBy": "kubectl", "managerId": "dashgen"},
            {"managedBy": "kubectl", "managerId": "dashgen"},
            200,
        ),
        (
            {"managedBy": "kubectl", "managerId": "other"},
            {"managedBy": "kubectl", "managerId": "dashgen"},
            403,
        ),
        (
            {"managedBy": "terraform", "managerId": "tf"},
            {"managedBy": "kubectl", "managerId": "dashgen"},
            403,
        ),
        ({"managedBy": "plugin", "managerId": "app"}, {"managedBy": "kubectl", "managerId": "dashgen"}, 403),
        ({"managedBy": "terraform", "managerId": "tf"}, {}, 200),
        ({"managedBy": "repo", "managerId": "git"}, {}, 403),
    ],
)
def test_who_manages_a_dashboard_is_not_changed_by_a_save(
    fake: FakeGrafana, old: dict[str, str], new: dict[str, str], status: int
) -> None:
    marks = {PREFIX + key: value for key, value in old.items()}
    fake.store.save(new_dashboard(fake.store, "d", deepcopy(CLASSIC), marks, "v1"))
    assert call(fake, "PUT", "v1", "d", envelope("v1", CLASSIC, **new)).status == status


def test_a_stale_version_is_a_conflict_at_any_version(fake: FakeGrafana) -> None:
    call(fake, "POST", "v1", body=envelope("v1", CLASSIC))
    read = call(fake, "GET", "v1", "d").body
    save_in_editor(fake.store, "d")
    stale = envelope("v2", as_v2_spec(CLASSIC))
    stale["metadata"]["resourceVersion"] = read["metadata"]["resourceVersion"]
    assert call(fake, "PUT", "v2", "d", stale).status == 409


def test_a_history_has_each_version_and_is_kept_at_stable_versions_alone(fake: FakeGrafana) -> None:
    call(fake, "POST", "v1", body=envelope("v1", CLASSIC))
    save_in_editor(fake.store, "d")
    query = "labelSelector=grafana.app/get-history=true&fieldSelector=metadata.name=d"
    listed = call(fake, "GET", "v2", query=query).body["items"]
    assert [item["status"] for item in listed] == [
        {},
        {"conversion": {"failed": False, "storedVersion": "v1"}},
    ]
    assert call(fake, "GET", "v2beta1", query=query).body["items"] == []


def test_a_call_needs_an_account(fake: FakeGrafana) -> None:
    assert fake.serve(Call("GET", _BASE.format("v2"), {}, {}, b"")).status == 401

import pytest

from dashgen.compare import Resources, What, compare
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from tests.compare.support import changed, compared, dashboard, panel, said

VARIABLE = {
    "type": "query",
    "name": "job",
    "label": "Job",
    "query": "label_values(up, job)",
    "regex": "a.*",
    "datasource": {"uid": "p"},
}
ANNOTATION = {
    "name": "Deploys",
    "datasource": {"type": "prometheus", "uid": "p"},
    "expr": "changes(x[1m])",
    "iconColor": "blue",
}
BOARD = dashboard(
    panel(1, "A"),
    tags=["a", "b"],
    refresh="30s",
    time={"from": "now-6h", "to": "now"},
    links=[{"title": "Docs", "url": "https://a", "type": "link"}],
    templating={"list": [VARIABLE]},
    annotations={"list": [ANNOTATION]},
)
CASES = [
    ("title", "Store", 'renamed from "Shop"'),
    ("description", "All", "description set to All"),
    ("refresh", "1m", "refresh 30s → 1m"),
    ("timezone", "utc", "time zone set to utc"),
    ("editable", False, "editable off"),
    ("graphTooltip", 1, "tooltips off → shared crosshair"),
    ("time", {"from": "now-24h", "to": "now"}, "time range last 6h → last 24h"),
    ("time", {"from": "now/d", "to": "now/d"}, "time range last 6h → now/d to now/d"),
    ("tags", ["a"], "tag b removed"),
    ("tags", ["b", "c", "d", "a"], "tags c, d added"),
    ("links.0.url", "https://b", 'link "Docs" address https://a → https://b'),
    ("links.0.targetBlank", True, 'link "Docs" new tab on'),
    ("templating.list.0.label", "Work", "variable $job: label Job → Work"),
    ("templating.list.0.name", "work", "variable $work: renamed from $job"),
    ("templating.list.0.query", "label_values(x, job)", "variable $job: query changed `label_values(up, job)` → `label_values(x, job)`"),
    ("templating.list.0.regex", "b", "variable $job: regex changed `a.*` → `b`"),
    ("templating.list.0.multi", True, "variable $job: multiple values on"),
    ("templating.list.0.includeAll", True, "variable $job: option All on"),
    ("templating.list.0.hide", 2, "variable $job: display shown → hidden"),
    ("templating.list.0.sort", 1, "variable $job: order unsorted → A to Z"),
    ("templating.list.0.refresh", 2, "variable $job: updated on load → on time range change"),
    ("templating.list.0.datasource", {"uid": "q"}, "variable $job: data source p → q"),
    ("templating.list.1", {"type": "custom", "name": "env", "query": "a,b"}, "variable $env: added"),
    ("templating.list", [], "variable $job: removed"),
    ("annotations.list.0.expr", "changes(y[1m])", 'annotation "Deploys": query changed `changes(x[1m])` → `changes(y[1m])`'),
    ("annotations.list.0.enable", False, 'annotation "Deploys": enabled off'),
    ("annotations.list.0.iconColor", "red", 'annotation "Deploys": colour blue → red'),
    ("annotations.list", [], 'annotation "Deploys": removed'),
    ("strange", {"x": 1}, "strange.x: not set → 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "sentence"), CASES, ids=[f"{path}={value}" for path, value, _ in CASES]
)
def test_one_edit_of_a_dashboard_is_one_sentence(path, value, sentence):
    assert said(BOARD, changed(BOARD, path, value)) == [sentence]


@pytest.mark.parametrize(
    ("change", "folder", "what"),
    [
        ({"title": "Store"}, "Sales", What.RENAMED),
        ({}, "Other", What.MOVED),
        ({"title": "Store"}, "Other", What.MOVED),
        ({"title": "Store", "refresh": "5m"}, "Other", What.CHANGED),
    ],
)
def test_a_dashboard_that_was_renamed_or_moved_is_not_deleted_and_created(change, folder, what):
    old = Resources([dashboard_resource(BOARD, folder="Sales")])
    new = Resources([dashboard_resource({**BOARD, **change}, folder=folder)])
    (found,) = compare(old, new)
    assert found.what is what
    if folder == "Other":
        assert 'moved from folder "Sales" to folder "Other"' in [detail.sentence for detail in found.details]


def test_a_dashboard_with_another_uid_is_found_by_its_title_or_its_panels():
    (found,) = compared(BOARD, {**BOARD, "uid": "store"})
    assert [detail.sentence for detail in found.details] == ["uid shop → store, so links to it break"]
    others = [dashboard(panel(n, f"P{n}"), uid=f"d{n}", title=f"D{n}") for n in range(3)]
    old = Resources(map(dashboard_resource, [*others, BOARD]))
    new = Resources(map(dashboard_resource, [*others, {**BOARD, "uid": "store", "title": "Store"}]))
    (found,) = compare(old, new)
    assert found.what is What.CHANGED


def test_a_new_dashboard_says_how_much_it_is():
    (found,) = compare(Resources(), Resources([dashboard_resource(BOARD)]))
    assert (found.what, [detail.sentence for detail in found.details]) == (What.CREATED, ["1 panel"])


def test_another_schema_version_is_a_reason_to_doubt_and_no_difference():
    older = dashboard_resource({**BOARD, "schemaVersion": 36})
    assert "schemaVersion 36" in older.warning
    assert compare(Resources([older]), Resources([dashboard_resource(BOARD)])) == []


def test_the_v2_schema_is_compared_by_its_panels():
    place = {"x": 0, "y": 0, "width": 12, "height": 8, "element": {"name": "panel-1"}}
    spec = {
        "title": "T",
        "elements": {
            "panel-1": {
                "kind": "Panel",
                "spec": {"id": 1, "title": "A", "vizConfig": {"kind": "VizConfig", "group": "text"}},
            }
        },
        "layout": {"kind": "GridLayout", "spec": {"items": [{"kind": "GridLayoutItem", "spec": place}]}},
    }
    wrapped = {
        "apiVersion": "dashboard.grafana.app/v2beta1",
        "kind": "Dashboard",
        "metadata": {"name": "x"},
        "spec": spec,
    }
    other = changed(wrapped, "spec.elements.panel-1.spec.vizConfig.group", "stat")
    assert said(wrapped, other) == ['panel "A": type text → stat']

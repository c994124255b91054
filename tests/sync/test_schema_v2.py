"""Dashboards that a Grafana 13 stores in schema v2: pushed, compared and pulled like any other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.grafana.fake import FakeGrafana, Fault, FaultKind
from tests.grafana.fake.ui_saves import save_in_editor
from tests.sync.support import Project

TABS = """\
kind: Dashboard
uid: tabs
title: Tabs
variables: [{name: tier, type: custom, values: [free, pro]}]
tabs:
  - title: Overview
    panels: [{title: Up, query: up}]
  - title: Pro
    show_when: {variable: tier, equals: pro}
    layout: auto
    panels: [{title: Cost, query: cost_total, show_when: {has_data: true}}]
"""


@pytest.fixture
def fake(addresses: Any) -> Iterator[FakeGrafana]:
    with FakeGrafana(version="13.3.0", address=addresses("13.3")) as grafana:
        yield grafana


def _stored(project: Project) -> dict[str, str]:
    return {uid: dashboard.stored_as for uid, dashboard in project.fake.store.dashboards.items()}


def _element(spec: dict[str, Any], title: str) -> dict[str, Any]:
    return next(e["spec"] for e in spec["elements"].values() if e["spec"]["title"] == title)


def _rename(old: str, new: str) -> Any:
    return lambda spec: _element(spec, old).update(title=new)


def test_a_dashboard_without_words_of_v2_is_stored_as_classic_and_a_second_push_writes_nothing(
    project: Project,
) -> None:
    project.start_pushed()
    assert _stored(project) == {"shop": "v1", "plain": "v1"}
    assert project.push().code == 0
    assert project.fake.log.writes == []


def test_a_save_in_the_editor_without_a_change_is_no_difference(project: Project) -> None:
    project.start_pushed()
    for uid in ("shop", "plain"):
        save_in_editor(project.fake.store, uid)
    shown = project.run("diff", "--url", project.fake.url)
    assert shown.code == 0, shown.stdout
    assert project.run("status", "--url", project.fake.url).code == 0
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    assert project.fake.log.writes == []
    assert _stored(project) == {"shop": "v2", "plain": "v2"}


def test_an_edit_in_the_editor_is_told_in_words_taken_into_the_specs_and_pushed_in_v2(
    project: Project,
) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop", _rename("Orders", "Orders by status"))
    shown = project.run("diff", "--url", project.fake.url)
    assert shown.code == 1
    assert 'theirs: panel "Orders by status"' in shown.stdout
    refused = project.push()
    assert refused.code == 4
    assert "edited in Grafana" in refused.stdout
    before = (project.folder / "specs/shop.yaml").read_text()
    pulled = project.run("pull", "--url", project.fake.url)
    assert pulled.code == 0, pulled.stdout + pulled.stderr
    after = (project.folder / "specs/shop.yaml").read_text()
    assert "- title: Orders by status\n" in after
    assert len(set(after.splitlines()) ^ set(before.splitlines())) <= 3
    project.fake.log.clear()
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.change("specs/shop.yaml", "title: Orders by status", "title: All orders")
    assert project.push().code == 0
    dashboard = project.fake.store.dashboards["shop"]
    assert (dashboard.stored_as, project.fake.store.dashboards["plain"].stored_as) == ("v2", "v1")
    assert _element(dashboard.spec, "All orders")
    assert [call.path.split("/")[3] for call in project.fake.log.writes if call.method == "PUT"] == [
        "v1",
        "v2",
    ]
    project.fake.log.clear()
    assert project.push().code == 0
    assert project.fake.log.writes == []


def test_an_edit_is_not_lost_whatever_it_is_stored_as(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop", _rename("Orders", "Theirs"))
    project.change("specs/shop.yaml", "title: Orders", "title: Mine")
    assert project.push().code == 4
    assert _element(project.fake.store.dashboards["shop"].spec, "Theirs")
    assert project.push("--force").code == 0
    dashboard = project.fake.store.dashboards["shop"]
    assert dashboard.stored_as == "v2"
    assert _element(dashboard.spec, "Mine")


def test_without_a_memory_a_save_in_the_editor_is_recognised(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop")
    save_in_editor(project.fake.store, "plain", _rename("Up", "Theirs"))
    for path in (project.folder / ".dashgen/push").glob("*.json"):
        path.unlink()
    done = project.push()
    assert done.code == 4
    assert "dashboard `plain`" in done.stdout
    assert "dashboard `shop`" not in done.stdout
    assert [call for call in project.fake.log.writes if "/dashboards" in call.path] == []


def test_what_a_push_changed_is_rolled_back_in_the_form_that_it_had(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop")
    project.change("specs/shop.yaml", "title: Orders", "title: Mine")
    assert project.push().code == 0
    assert _element(project.fake.store.dashboards["shop"].spec, "Mine")
    done = project.run("rollback", "--url", project.fake.url)
    assert done.code == 0, done.stdout + done.stderr
    dashboard = project.fake.store.dashboards["shop"]
    assert dashboard.stored_as == "v2"
    assert _element(dashboard.spec, "Orders")


def test_a_plan_is_applied_in_v2(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop")
    project.change("specs/shop.yaml", "title: Orders", "title: Mine")
    assert project.push("--plan-out", "plan.json").code == 0
    (step,) = json.loads((project.folder / "plan.json").read_text())["steps"]
    assert step["form"] == "v2"
    done = project.run("apply", "plan.json", "--url", project.fake.url, "--yes")
    assert done.code == 0, done.stdout + done.stderr
    assert project.fake.store.dashboards["shop"].stored_as == "v2"


@pytest.mark.parametrize("place", ["target", "environment", "project"])
def test_a_format_of_v2_stores_all_dashboards_so_and_says_that_it_changes(
    project: Project, place: str
) -> None:
    project.start_pushed()
    target = f"targets: {{main: {{url: '{project.fake.url}', env: prod"
    lines = {
        "target": f"{target}, format: v2}}}}\nenvironments: {{prod: {{}}}}\n",
        "environment": f"{target}}}}}\nenvironments: {{prod: {{format: v2}}}}\n",
        "project": f"{target}}}}}\nenvironments: {{prod: {{}}}}\nformat: v2\n",
    }
    project.write("dashgen.yaml", f"specs: [specs]\n{lines[place]}")
    shown = project.run("push", "--target", "main", "--dry-run", "--force")
    assert "it is stored as schema v2 instead of classic JSON" in shown.stdout, shown.stdout + shown.stderr
    done = project.run("push", "--target", "main", "--force")
    assert done.code == 0, done.stdout + done.stderr
    assert _stored(project) == {"shop": "v2", "plain": "v2"}
    project.fake.log.clear()
    assert project.run("push", "--target", "main").code == 0
    assert project.fake.log.writes == []


def test_classic_is_never_written_over_v2(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop")
    project.write(
        "dashgen.yaml", f"specs: [specs]\ntargets: {{main: {{url: '{project.fake.url}', format: classic}}}}\n"
    )
    project.change("specs/shop.yaml", "title: Orders", "title: Mine")
    assert project.run("push", "--target", "main").code == 0
    assert _stored(project) == {"shop": "v2", "plain": "v1"}


def test_an_account_that_cannot_read_v2_overwrites_nothing(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop")
    project.change("specs/shop.yaml", "title: Orders", "title: Mine")
    project.fake.fail(Fault(FaultKind.STATUS, status=403, path="/apis/dashboard.grafana.app$", times=9))
    done = project.push()
    assert done.code == 4
    assert "Grafana's schema v2, which this account cannot read or write" in done.stdout
    assert project.fake.store.dashboards["shop"].stored_as == "v2"


def _with_tabs(project: Project) -> None:
    project.write("specs/tabs.yaml", TABS)


def _tab(spec: dict[str, Any], title: str) -> dict[str, Any]:
    return next(tab["spec"] for tab in spec["layout"]["spec"]["tabs"] if tab["spec"]["title"] == title)


def test_tabs_and_conditions_survive_a_push_an_edit_a_pull_and_a_push(project: Project) -> None:
    _with_tabs(project)
    assert project.run("build").code == 0
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    assert _stored(project) == {"shop": "v1", "plain": "v1", "tabs": "v2"}
    stored = project.fake.store.dashboards["tabs"]
    assert [tab["spec"]["title"] for tab in stored.spec["layout"]["spec"]["tabs"]] == ["Overview", "Pro"]
    assert _tab(stored.spec, "Pro")["conditionalRendering"]["spec"]["items"][0]["spec"]["variable"] == "tier"
    project.fake.log.clear()
    assert project.push().code == 0
    assert project.fake.log.writes == []

    def edit(spec: dict[str, Any]) -> None:
        _tab(spec, "Pro")["title"] = "Paying"
        condition = _tab(spec, "Paying")["conditionalRendering"]["spec"]["items"][0]["spec"]
        condition.update(operator="notEquals", value="free")

    save_in_editor(project.fake.store, "tabs", edit)
    shown = project.run("diff", "--url", project.fake.url)
    assert shown.code == 1
    assert "Paying" in shown.stdout
    assert "free" in shown.stdout
    assert project.push().code == 4
    pulled = project.run("pull", "--url", project.fake.url)
    assert pulled.code == 0, pulled.stdout + pulled.stderr
    after = (project.folder / "specs/tabs.yaml").read_text()
    assert after == TABS.replace("title: Pro", "title: Paying").replace("equals: pro", "not_equals: free"), (
        after
    )
    project.fake.log.clear()
    again = project.push()
    assert again.code == 0, again.stdout + again.stderr
    project.change("specs/tabs.yaml", "query: up", "query: up == 1")
    assert project.push().code == 0
    assert stored.stored_as == "v2"
    assert _tab(stored.spec, "Paying")
    assert "up == 1" in json.dumps(stored.spec)


def test_without_schema_v2_tabs_are_rows_and_a_warning_says_what_is_lost(
    addresses: Any, tmp_path: Any
) -> None:
    with FakeGrafana(version="12.4.3", address=addresses("12")) as fake:
        project = Project(tmp_path, fake)
        _with_tabs(project)
        done = project.push()
        assert done.code == 0, done.stdout + done.stderr
        assert 'dashboard `tabs` "Tabs" is written as classic JSON: ' in done.stderr
        assert fake.store.dashboards["tabs"].stored_as == "v1beta1"
        assert fake.store.dashboards["tabs"].spec["panels"][0]["type"] == "row"
        fake.log.clear()
        assert project.push().code == 0
        assert fake.log.writes == []


def test_a_spec_that_comes_to_need_v2_changes_the_form_and_says_so(project: Project) -> None:
    project.start_pushed()
    project.change(
        "specs/shop.yaml", "panels:\n  - title: Orders", "layout: auto\npanels:\n  - title: Orders"
    )
    shown = project.push("--dry-run")
    assert "it is stored as schema v2 instead of classic JSON" in shown.stdout, shown.stdout + shown.stderr
    assert project.push().code == 0
    assert _stored(project) == {"shop": "v2", "plain": "v1"}
    assert project.fake.store.dashboards["shop"].spec["layout"]["kind"] == "AutoGridLayout"
    project.fake.log.clear()
    assert project.push().code == 0
    assert project.fake.log.writes == []


def test_plan_status_and_diff_say_what_is_stored_in_v2(project: Project) -> None:
    project.start_pushed()
    save_in_editor(project.fake.store, "shop", _rename("Orders", "Theirs"))
    named = 'dashboard `shop` "🛒 Shop", in schema v2'
    for command in (("push", "--dry-run"), ("diff",), ("status",)):
        shown = project.run(*command, "--url", project.fake.url)
        assert named in shown.stdout, shown.stdout
    told = json.loads(project.run("status", "--url", project.fake.url, "--format", "json").stdout)
    formats = {one["uid"]: one.get("format") for one in told["targets"][0]["resources"]}
    assert (formats["shop"], formats["plain"], formats["prometheus"]) == ("v2", "classic", None)
    plan = json.loads(project.push("--dry-run", "--format", "json").stdout)
    assert [step["format"] for step in plan["targets"][0]["steps"] if step["uid"] == "shop"] == ["v2"]


def test_descriptions_of_folders_are_read_at_the_current_version(project: Project) -> None:
    project.change("specs/folders.yaml", "uid: sales", "uid: sales\ndescription: What we sell")
    assert project.push().code == 0
    project.fake.log.clear()
    assert project.push().code == 0
    assert project.fake.log.writes == []
    read = [call.path for call in project.fake.log if call.path.startswith("/apis/folder.grafana.app/")]
    assert {path.split("/")[3] for path in read} == {"v1"}


def _move_to_first(spec: dict[str, Any]) -> None:
    items = _tab(spec, "Pro")["layout"]["spec"]["items"]
    element = items.pop()["spec"]["element"]
    place = {"x": 0, "y": 8, "width": 24, "height": 8, "element": element}
    _tab(spec, "Overview")["layout"]["spec"]["items"].append({"kind": "GridLayoutItem", "spec": place})


_EDITS_OF_TABS: dict[str, Any] = {
    "a tab is renamed": lambda spec: _tab(spec, "Overview").update(title="Start"),
    "a condition goes": lambda spec: _tab(spec, "Pro").pop("conditionalRendering"),
    "an auto grid has other columns": lambda spec: _tab(spec, "Pro")["layout"]["spec"].update(
        maxColumnCount=2
    ),
    "an auto grid has higher rows": lambda spec: _tab(spec, "Pro")["layout"]["spec"].update(
        rowHeightMode="tall"
    ),
    "tabs change places": lambda spec: spec["layout"]["spec"]["tabs"].reverse(),
    "a panel gets a subtitle": lambda spec: _element(spec, "Up").update(subtitle="below"),
    "a panel is compared with a day before": lambda spec: _element(spec, "Up")["data"]["spec"][
        "queryOptions"
    ].update(timeCompare="1d"),
    "a panel goes to another tab": _move_to_first,
    "a query changes": lambda spec: _element(spec, "Cost")["data"]["spec"]["queries"][0]["spec"]["query"][
        "spec"
    ].update(expr="cost_total * 2"),
    "a tag is added": lambda spec: spec["tags"].append("mine"),
}


@pytest.mark.parametrize("edit", _EDITS_OF_TABS.values(), ids=_EDITS_OF_TABS)
def test_each_edit_of_tabs_is_told_taken_over_and_then_no_difference(project: Project, edit: Any) -> None:
    _with_tabs(project)
    assert project.push().code == 0
    save_in_editor(project.fake.store, "tabs", edit)
    before = json.dumps(project.fake.store.dashboards["tabs"].spec, sort_keys=True)
    assert project.run("diff", "--url", project.fake.url).code == 1
    assert project.push().code == 4
    assert json.dumps(project.fake.store.dashboards["tabs"].spec, sort_keys=True) == before
    pulled = project.run("pull", "--url", project.fake.url)
    assert pulled.code == 0, pulled.stdout + pulled.stderr
    project.fake.log.clear()
    done = project.push()
    assert done.code == 0, done.stdout + done.stderr
    assert [call for call in project.fake.log.writes if "/dashboards" in call.path] == []
    assert project.run("diff", "--url", project.fake.url).code == 0

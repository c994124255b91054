"""Two environments of one project in one Grafana: each has uids and folders of its own, and what refers to them follows."""

import json

import pytest
import yaml

from tests.grafana.fake import FakeGrafana
from tests.sync.support import Project

FILES = {
    "dashgen.yaml": (
        "specs: [specs]\nenvironments:\n  prod: {}\n"
        "  stage: {uid_prefix: stage-, folder_prefix: 'Stage - '}\n"
        "  dev: {uid_prefix: dev-, folder_prefix: Dev/}\n"
    ),
    "specs/sources.yaml": 'kind: DataSources\ndatasources:\n  prometheus: {url: "http://prometheus:9090", default: true}\n',
    "specs/folders.yaml": "kind: Folder\ntitle: Sales\nuid: sales\n---\nkind: Folder\ntitle: Alerts\nparent: Sales\n---\nkind: Folder\ntitle: Others\n",
    "specs/shop.yaml": (
        "kind: Dashboard\nuid: shop\ntitle: Shop\nfolder: sales\n"
        "links: [{title: Cost, dashboard: cost-of-it}, {title: Wiki, url: 'https://wiki.example.com'}]\n"
        "panels:\n  - {title: Orders, query: up, drill_down: cost-of-it}\n"
        "  - {title: Table, type: table, query: up, columns: {a: {links: [{title: C, dashboard: cost-of-it}]}}}\n"
        "---\nkind: Dashboard\ntitle: Cost of it\nfolder: Others\npanels: [{title: A, query: up, panel_links: [{title: S, dashboard: shop}]}]\n"
    ),
    "specs/alerts.yaml": (
        "kind: AlertRules\ngroup: g\nfolder: Sales/Alerts\nrules:\n"
        "  - {alert: Down, query: up, when: below 1, panel: shop/orders, outputs: [grafana]}\n"
        "  - {alert: Slow, uid: slow, query: up, when: below 2, outputs: [grafana]}\n"
    ),
    "specs/events.yaml": "kind: Annotations\nevents: [{title: Sale, at: 2026-05-01, dashboard: shop, panel: orders}]\n",
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    with FakeGrafana() as fake:
        yield Project(tmp_path, fake, FILES)


def _push(project, environment, *words):
    done = project.push("--env", environment, *words)
    assert done.code == 0, done.stdout + done.stderr
    return done


def test_three_environments_share_one_grafana_and_none_touches_another(project):
    store = project.fake.store
    for name in ("prod", "stage", "dev"):
        _push(project, name, "--prune", "--yes")
    uids = [f"{prefix}{uid}" for prefix in ("", "stage-", "dev-") for uid in ("shop", "cost-of-it")]
    assert sorted(store.dashboards) == sorted(uids)
    assert {rule["uid"] for rule in store.rules.values()} == {
        f"{p}{u}" for p in ("", "stage-", "dev-") for u in ("down", "slow")
    }
    assert len({rule["folderUID"] for rule in store.rules.values()}) == 3
    for name in ("prod", "stage", "dev"):
        project.fake.log.clear()
        _push(project, name, "--prune", "--yes")
        assert project.fake.log.writes == []
        assert project.run("diff", "--url", project.fake.url, "--env", name).code == 0
        assert project.run("status", "--url", project.fake.url, "--env", name).code == 0


def test_folders_have_their_titles_and_uids(project):
    _push(project, "stage")
    folders = project.fake.store.folders
    found = {folder.title: (folder.uid, folder.parent_uid) for folder in folders.values()}
    assert found["Stage - Sales"] == ("stage-sales", "")
    assert found["Alerts"] == ("stage-alerts", "stage-sales")
    assert "Stage - Others" in found
    assert project.fake.store.dashboards["stage-shop"].folder_uid == "stage-sales"
    _push(project, "dev")
    found = {folder.title: folder for folder in folders.values()}
    assert found["Sales"].parent_uid == found["Dev"].uid
    assert found["Others"].parent_uid == found["Dev"].uid


def test_links_and_panels_of_rules_and_events_lead_to_the_same_environment(project):
    _push(project, "stage")
    store = project.fake.store
    shop, cost = (json.dumps(store.dashboards[uid].spec) for uid in ("stage-shop", "stage-cost-of-it"))
    # A drill-down is a link of the values and of the panel.
    assert shop.count("/d/stage-cost-of-it") == 4
    assert "/d/cost-of-it" not in shop
    assert "https://wiki.example.com" in shop
    assert "/d/stage-shop" in cost
    rule = next(rule for rule in store.rules.values() if rule["title"] == "Down")
    assert rule["annotations"]["__dashboardUid__"] == "stage-shop"
    panel = store.dashboards["stage-shop"].spec["panels"][0]
    assert rule["annotations"]["__panelId__"] == str(panel["id"])
    (event,) = [one for one in store.annotations.values() if one["text"] == "Sale"]
    assert (event["dashboardUID"], event["panelId"]) == ("stage-shop", panel["id"])


def test_files_say_the_same(project):
    assert project.run("build", "--env", "stage").code == 0
    output = project.folder / "generated"
    assert (output / "dashboards/Stage - Sales/stage-shop.json").exists()
    assert (output / "dashboards/Stage - Others/stage-cost-of-it.json").exists()
    groups = yaml.safe_load((output / "provisioning/alerting/rules.yaml").read_text())["groups"]
    assert groups[0]["folder"] == "Stage - Sales/Alerts"
    assert [rule["uid"] for rule in groups[0]["rules"]] == ["stage-down", "stage-slow"]
    assert project.run("build", "--env", "prod").code == 0
    assert (output / "dashboards/Sales/shop.json").exists()


def test_an_edit_of_one_environment_comes_back_without_its_prefix(project):
    _push(project, "stage")
    spec = project.fake.store.dashboards["stage-shop"].spec
    project.fake.store.edit("stage-shop", refresh="7s", title="The shop", panels=spec["panels"])
    done = project.run("pull", "--url", project.fake.url, "--env", "stage")
    assert done.code == 0, done.stdout + done.stderr
    text = (project.folder / "specs/shop.yaml").read_text()
    assert "refresh: 7s" in text
    assert "stage-" not in text


def test_a_uid_that_gets_too_long_is_an_error_at_its_line(project):
    project.change("specs/shop.yaml", "uid: shop", f"uid: {'s' * 38}")
    project.change("specs/shop.yaml", "panel_links: [{title: S, dashboard: shop}]", "min: 0")
    project.change("specs/alerts.yaml", "panel: shop/orders, ", "")
    (project.folder / "specs/events.yaml").unlink()
    assert project.run("build", "--env", "prod").code == 0
    done = project.run("build", "--env", "stage")
    assert done.code == 1
    assert "specs/shop.yaml:2:6" in done.stderr


def test_a_prefix_that_no_uid_can_have_is_an_error(project):
    project.change("dashgen.yaml", "uid_prefix: stage-", "uid_prefix: 'stage '")
    assert project.run("build", "--env", "stage").code == 1

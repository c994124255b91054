"""Pushing a whole project, as a user sees it and as it looks on the wire."""

import shutil
from copy import deepcopy
from pathlib import Path

import orjson

from dashgen.sync.push.normal_items import SCHEME
from dashgen.sync.push.push_state import open_state
from tests.cli.transcript import run_command
from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.folders import _new
from tests.sync.support import SECRETS, Project

LIVE = ("folders", "dashboards", "data_sources", "contact_points", "mute_timings", "templates", "rules")


def _uids(fake):
    return {name: sorted(getattr(fake.store, name)) for name in LIVE}


def test_the_first_push_makes_everything_and_the_second_writes_nothing(everywhere):
    project, fake = everywhere, everywhere.fake
    first = project.push()
    assert first.code == 0, first.stderr
    assert "11 created, 1 updated" in first.stdout
    assert _uids(fake)["dashboards"] == ["plain", "shop"]
    assert fake.store.dashboards["shop"].folder_uid == "sales"
    assert fake.store.folders["alerts"].parent_uid == "sales"
    assert fake.store.data_source_secrets["loki"]["basicAuthPassword"] == SECRETS["LOKI_PASSWORD"]
    assert fake.store.contact_points["ops-slack"]["settings"]["url"] == SECRETS["SLACK_URL"]
    versions = {uid: d.generation for uid, d in fake.store.dashboards.items()}
    fake.log.clear()
    second = project.push()
    assert (second.code, fake.log.writes) == (0, [])
    assert second.stdout.splitlines()[1:] == ["12 unchanged"]
    assert {uid: d.generation for uid, d in fake.store.dashboards.items()} == versions


def test_a_push_without_memory_of_the_first_one_writes_nothing_either(everywhere):
    everywhere.start_pushed()
    shutil.rmtree(everywhere.folder / ".dashgen")
    everywhere.fake.log.clear()
    assert everywhere.push().code == 0
    assert everywhere.fake.log.writes == []


def test_a_changed_panel_is_one_write_and_said_in_words(everywhere):
    everywhere.start_pushed()
    everywhere.change("specs/shop.yaml", "rate(shop_orders_total[5m])", "rate(shop_orders_total[1m])")
    everywhere.fake.log.clear()
    done = everywhere.push("--message", "shorter windows")
    assert done.code == 0, done.stderr
    assert len(everywhere.fake.log.writes) == 1
    assert 'panel "Orders"' in done.stdout
    assert (
        "`sum by (status) (rate(shop_orders_total[5m]))` → `sum by (status) (rate(shop_orders_total[1m]))`"
        in done.stdout
    )
    saved = everywhere.fake.store.dashboards["shop"].history[-1]
    assert saved.annotations["grafana.app/message"].startswith(f"shorter windows [dashgen {SCHEME}")


def test_dashboards_that_nobody_edited_are_updated_without_memory(everywhere):
    everywhere.start_pushed()
    everywhere.change("specs/shop.yaml", "[5m]", "[1m]")
    everywhere.push()
    shutil.rmtree(everywhere.folder / ".dashgen")
    everywhere.change("specs/shop.yaml", "[1m]", "[2m]")
    done = everywhere.push()
    assert done.code == 0, done.stdout
    assert "updated dashboard `shop`" in done.stdout


def test_an_edit_in_grafana_is_refused_with_words_and_the_rest_is_pushed(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    panels = deepcopy(fake.store.dashboards["shop"].spec["panels"])
    panels[0]["title"] = "Orders by status"
    fake.store.edit("shop", panels=panels)
    project.change("specs/shop.yaml", "green: 0.9", "green: 0.95")
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    done = project.push()
    assert done.code == 4
    assert "! dashboard `shop`" in done.stdout
    assert "it was edited in Grafana since the last push" in done.stdout
    assert "in Grafana: " in done.stdout
    assert "Orders by status" in done.stdout
    assert "--only shop --force" in done.stdout
    assert fake.store.dashboards["shop"].spec["panels"][0]["title"] == "Orders by status"
    assert "up == 1" in str(fake.store.dashboards["plain"].spec)


def test_force_overwrites_an_edit_and_keeps_a_backup_of_it(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", title="Renamed by hand")
    assert project.push().code == 4
    done = project.push("--force", "--only", "shop")
    assert done.code == 0, done.stderr
    assert fake.store.dashboards["shop"].title == "🛒 Shop"
    backups = sorted((project.folder / ".dashgen/backups").glob("*/dashboard-shop.json"))
    assert orjson.loads(backups[-1].read_bytes())["title"] == "Renamed by hand"
    assert backups[-1].stat().st_mode & 0o777 == 0o600
    assert project.push().code == 0


def test_edits_of_everything_else_are_refused_too(project, fake):
    project.start_pushed()
    fake.store.templates["short"]["template"] = '{{ define "short" }}mine{{ end }}'
    fake.store.policies["group_by"] = ["team"]
    fake.store.contact_points["office-email"]["settings"]["addresses"] = "mine@example.com"
    fake.store.data_sources["prometheus"]["url"] = "http://mine:9090"
    next(iter(fake.store.rules.values()))["for"] = "1h"
    fake.store.folders["sales"].title = "Mine"
    fake.log.clear()
    done = project.push()
    assert done.code == 4
    assert fake.log.writes == []
    for arguments in (
        "template `short`",
        "notification policies",
        "contact point `office-email`",
        "rule group",
    ):
        assert f"! {arguments}" in done.stdout or f"! the {arguments}" in done.stdout, arguments
    assert "! data source `prometheus`" in done.stdout
    assert "! folder `sales`" in done.stdout
    assert project.push("--force").code == 0
    assert fake.store.folders["sales"].title == "Sales"
    assert fake.store.templates["short"]["template"] == '{{ define "short" }}{{ .Status }}{{ end }}'
    fake.log.clear()
    assert (project.push().code, fake.log.writes) == (0, [])


def test_what_was_there_before_dashgen_is_not_taken_over(project, fake):
    project.write(
        "specs/theirs.yaml", "kind: Dashboard\nuid: theirs\ntitle: Ours\npanels: [{title: A, query: up}]\n"
    )
    with_tool(fake)
    done = project.push("--only", "theirs")
    assert done.code == 4
    assert "it is in Grafana already and was not made by dashgen" in done.stdout
    assert fake.store.dashboards["theirs"].title == "Theirs"


def with_tool(fake: FakeGrafana) -> None:
    fake.store.provision("theirs", {"title": "Theirs", "panels": []}, "theirs.json", edits=True)
    result = fake.store.dashboards["theirs"]
    result.annotations = {
        k: v for k, v in result.annotations.items() if "manager" not in k and "managed" not in k
    }


def test_provisioned_dashboards_are_refused_with_their_owner(project, fake):
    fake.store.provision("shop", {"title": "From a file"}, "dashboards/shop.json")
    done = project.push("--force")
    assert done.code == 4
    assert "it is managed by the provisioning file `dashboards/shop.json`" in done.stdout
    assert fake.store.dashboards["shop"].title == "From a file"
    assert "plain" in fake.store.dashboards


def test_a_dry_run_shows_the_plan_and_writes_nothing(everywhere):
    done = everywhere.push("--dry-run")
    assert done.code == 0
    assert "+ dashboard `shop`" in done.stdout
    assert everywhere.fake.log.writes == []
    assert not (everywhere.folder / ".dashgen").exists()
    everywhere.push()
    everywhere.fake.store.edit("shop", title="Mine")
    everywhere.fake.log.clear()
    assert everywhere.push("--dry-run").code == 4
    assert everywhere.push("--dry-run", "--force", "--prune").code == 0
    assert everywhere.fake.log.writes == []


def test_prune_deletes_what_was_pushed_from_here_and_nothing_else(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.save(_foreign(fake, "foreign", "sales"))
    (project.folder / "specs/shop.yaml").unlink()
    (project.folder / "specs/notices.yaml").unlink()
    (project.folder / "specs/alerts.yaml").unlink()
    (project.folder / "specs/folders.yaml").unlink()
    kept = project.push()
    assert kept.code == 0
    assert "? dashboard `shop`" in kept.stdout
    assert "delete it with `--prune`" in kept.stdout
    refused = project.push("--prune")
    assert refused.code == 2
    assert "add `--yes`" in refused.stderr
    assert "shop" in fake.store.dashboards
    done = project.push("--prune", "--yes")
    assert done.code == 0, done.stdout
    assert sorted(fake.store.dashboards) == ["foreign"]
    assert (fake.store.rules, fake.store.contact_points, fake.store.templates) == ({}, {}, {})
    assert sorted(fake.store.folders) == ["sales"], "it has something of others in it"
    assert "kept folder `sales`" in done.stdout
    assert sorted(fake.store.data_sources) == ["loki", "prometheus"]


def _foreign(fake, uid, folder_uid):
    result = deepcopy(fake.store.dashboards["plain"])
    result.uid, result.annotations = (
        uid,
        {"grafana.app/folder": folder_uid, "grafana.app/createdBy": "user:x"},
    )
    return result


def test_an_edited_dashboard_is_not_pruned(project, fake):
    project.start_pushed()
    fake.store.edit("plain", title="Mine")
    project.write(
        "specs/shop.yaml", project.folder.joinpath("specs/shop.yaml").read_text().partition("---")[0]
    )
    done = project.push("--prune", "--yes")
    assert done.code == 4
    assert "plain" in fake.store.dashboards
    assert project.push("--prune", "--yes", "--force").code == 0
    assert "plain" not in fake.store.dashboards


def test_a_dashboard_moves_to_another_folder(everywhere):
    everywhere.start_pushed()
    everywhere.change("specs/shop.yaml", "folder: Sales", "folder: Sales/Alerts")
    done = everywhere.push()
    assert done.code == 0
    assert "moved from folder" in done.stdout
    assert everywhere.fake.store.dashboards["shop"].folder_uid == "alerts"


def test_a_folder_is_renamed_and_moved(everywhere):
    everywhere.start_pushed()
    everywhere.write(
        "specs/folders.yaml",
        "kind: Folder\ntitle: Alarms\nuid: alerts\n---\nkind: Folder\ntitle: Sales\nuid: sales\n",
    )
    everywhere.change("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Alarms")
    done = everywhere.push()
    assert done.code == 0, done.stdout
    result = everywhere.fake.store.folders["alerts"]
    assert (result.title, result.parent_uid) == ("Alarms", "")


def test_a_folder_that_is_only_named_is_found_by_its_title(project, fake):
    (project.folder / "specs/folders.yaml").unlink()
    (project.folder / "specs/alerts.yaml").unlink()
    project.push("--only", "plain")
    _new(fake.store, "x7f", "Sales", "")
    assert project.push().code == 0
    assert sorted(fake.store.folders) == ["x7f"]
    assert fake.store.dashboards["shop"].folder_uid == "x7f"


def test_rules_that_move_to_a_renamed_group_do_not_stay_in_the_old_one(project, fake):
    project.start_pushed()
    uids = sorted(fake.store.rules)
    project.change("specs/alerts.yaml", "group: shop-health", "group: shop")
    done = project.push()
    assert done.code == 0, done.stdout
    assert len(fake.store.rules) == len(uids)
    assert {rule["ruleGroup"] for rule in fake.store.rules.values()} == {"shop"}


def test_a_missing_secret_stops_the_push_before_anything_is_written(project, fake):
    done = run_command(["push", "--url", fake.url], project.folder, {"GRAFANA_TOKEN": fake.admin_token})
    assert done.code == 2
    assert "`$LOKI_PASSWORD` (data source `loki`)" in done.stderr
    assert fake.log.writes == []


def test_no_secret_is_in_output_state_backups_or_any_other_request(everywhere):
    project, fake = everywhere, everywhere.fake
    outputs = [project.push(), project.push("--force")]
    project.change("specs/sources.yaml", "http://loki:3100", "http://loki:3200")
    project.change("specs/notices.yaml", "office@example.com", "desk@example.com")
    outputs += [project.push("--format", "json"), project.push("--dry-run")]
    texts = [result.stdout + result.stderr for result in outputs]
    texts += [path.read_text() for path in (project.folder / ".dashgen").rglob("*") if path.is_file()]
    for call in fake.log:
        carries = call.writes and any(
            kind in call.path for kind in ("contact-points", "receivers", "datasources")
        )
        texts.append("" if carries else call.raw.replace(f"Bearer {fake.admin_token}", ""))
    for secret in (*SECRETS.values(), fake.admin_token):
        assert not [text for text in texts if secret in text]


def test_two_targets_are_pushed_in_one_run_and_the_worst_decides(project, fake, tmp_path):
    with FakeGrafana(version="10.4.1") as other:
        project.write(
            "dashgen.yaml",
            "specs: [specs]\ntargets:\n"
            f"  a: {{url: '{fake.url}', token_env: TOKEN_A}}\n  b: {{url: '{other.url}', token_env: TOKEN_B}}\n",
        )
        tokens = {"TOKEN_A": fake.admin_token, "TOKEN_B": other.admin_token}
        arguments = ("push", "--target", "a", "--target", "b")
        assert project.run(*arguments, **tokens).code == 0
        assert sorted(other.store.dashboards) == sorted(fake.store.dashboards) == ["plain", "shop"]
        other.store.edit("shop", title="Mine")
        done = project.run(*arguments, **tokens)
        assert done.code == 4
        assert done.stdout.count("12 unchanged") == 1
        assert project.run("push", "--target", "c", **tokens).code == 2
        assert "TOKEN_B" in project.run(*arguments, TOKEN_A=fake.admin_token).stderr


def test_an_unreachable_grafana_ends_with_3(project, fake):
    done = project.run("push", "--url", "http://127.0.0.1:9")
    assert done.code == 3
    assert "refuses connections" in done.stderr
    wrong = project.push(GRAFANA_TOKEN="glsa_wrong")  # noqa: S106
    assert wrong.code == 3
    assert "glsa_wrong" not in wrong.stderr
    assert fake.log.writes == []


def test_wrong_specs_push_nothing(project, fake):
    project.change("specs/shop.yaml", "panels:", "panel:")
    done = project.push()
    assert done.code == 1
    assert "nothing was pushed" in done.stderr
    assert len(fake.log) == 0


def test_json_says_what_happened_to_each(project):
    document = orjson.loads(project.push("--format", "json").stdout)
    (target,) = document["targets"]
    steps = {(step["kind"], step["uid"]): step for step in target["steps"]}
    assert steps["dashboard", "shop"]["outcome"] == "created"
    assert steps["dashboard", "shop"]["link"].endswith("/d/shop")
    assert target["exit_code"] == 0


def test_another_push_in_the_same_project_is_waited_for_by_people(project, fake):
    with open_state(project.folder, "", fake.url, writes=True):
        done = project.push()
    assert done.code == 4
    assert "another push" in done.stderr
    assert fake.log.writes == []
    assert project.push().code == 0


def test_the_project_of_this_repository_can_be_pushed_twice(fake, tmp_path):
    here = Path(__file__).parents[2]
    shutil.copytree(here / "specs", tmp_path / "specs")
    shutil.copy(here / "dashgen.yaml", tmp_path)
    project = Project(tmp_path, fake, {})
    variables = {"SLACK_WEBHOOK_URL": "https://hooks.slack.test/x", "ALERT_EMAIL": "a@example.com"}
    first = project.push(**variables)
    assert first.code == 0, first.stdout + first.stderr
    fake.log.clear()
    assert project.push(**variables).code == 0
    assert fake.log.writes == []


def test_the_permission_to_make_folders_is_looked_for_only_when_one_has_to_be_made(project, fake):
    as_viewer = {"GRAFANA_TOKEN": fake.viewer_token}
    done = project.push("--only", "shop", **as_viewer)
    assert "lacks `folders:create` for `folders:uid:general`" in done.stderr
    assert project.push().code == 0
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    done = project.push("--only", "plain", **as_viewer)
    assert "lacks `dashboards:write` for `dashboards:uid:plain`" in done.stderr
    assert "folders:create" not in done.stderr

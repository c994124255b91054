"""How a Grafana stands to the specs."""

import shutil
from copy import deepcopy

import orjson
import pytest


def _states(project):
    done = project.run("status", "--url", project.fake.url, "--unmanaged", "--format", "json")
    listed = orjson.loads(done.stdout)["targets"][0]["resources"]
    return done.code, {(entry["kind"], entry["uid"]): entry["state"] for entry in listed}


def test_everything_is_ahead_before_the_first_push_and_in_sync_after_it(everywhere):
    code, states = _states(everywhere)
    assert (code, set(states.values())) == (1, {"ahead"})
    everywhere.push()
    everywhere.fake.log.clear()
    code, states = _states(everywhere)
    assert (code, set(states.values())) == (0, {"in sync"})
    assert everywhere.fake.log.writes == []


@pytest.mark.parametrize("remembers", [True, False])
def test_who_changed_what_is_told_apart(everywhere, remembers):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", title="Mine")
    fake.store.edit("plain", title="Mine too")
    fake.store.save(_stranger(fake))
    project.change("specs/shop.yaml", "query: up", "query: up == 1")
    project.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    if not remembers:
        shutil.rmtree(project.folder / ".dashgen")
    fake.log.clear()
    code, states = _states(project)
    assert code == 4
    assert states["dashboard", "plain"] == "conflict"
    assert states["dashboard", "stranger"] == "unmanaged"
    if remembers:
        assert states["dashboard", "shop"] == "edited in Grafana"
        assert states["rule-group", "alerts/shop-health"] == "ahead"
    assert fake.log.writes == []


def _stranger(fake):
    result = deepcopy(fake.store.dashboards["shop"])
    result.uid, result.annotations = (
        "stranger",
        {"grafana.app/folder": "sales", "grafana.app/createdBy": "user:x"},
    )
    return result


def test_what_left_the_specs_is_listed(project):
    project.start_pushed()
    (project.folder / "specs/alerts.yaml").unlink()
    code, states = _states(project)
    assert (code, states["rule-group", "alerts/shop-health"]) == (1, "not in the specs")


def test_the_text_has_a_line_for_each_with_the_change_in_words(project, fake):
    project.start_pushed()
    fake.store.edit("shop", refresh="10s")
    done = project.run("status", "--url", fake.url)
    assert done.code == 4
    assert (
        '  edited in Grafana  dashboard `shop` "🛒 Shop": it was edited in Grafana since the last push'
        in done.stdout
    )
    assert "refresh set to 10s" in done.stdout
    assert "  in sync            data source `loki`" in done.stdout
    assert project.run("status", "--url", "http://127.0.0.1:9").code == 3


def test_what_no_spec_made_is_listed_with_who_did(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    for uid, marks in STRANGERS.items():
        result = _stranger(fake)
        result.uid = uid
        result.spec = {**result.spec, "title": uid.title(), "tags": []}
        result.annotations |= {f"grafana.app/{name}": value for name, value in marks.items()}
        fake.store.save(result)
    rule = deepcopy(next(iter(fake.store.rules.values())))
    for number, by in enumerate(("", "file")):
        fake.store.rules[f"r{number}"] = rule | {
            "uid": f"r{number}",
            "ruleGroup": f"g{number}",
            "provenance": by,
        }
    fake.log.clear()
    done = project.run("diff", "--url", fake.url, "--unmanaged")
    assert done.code == 0, done.stdout + done.stderr
    assert f'? dashboard `hand` "Hand": it was made by hand; {fake.url}/d/hand\n' in done.stdout
    assert "? rule group `g0`: it was made by hand" in done.stdout
    assert "? rule group `g1`: it is managed by provisioning files" in done.stdout
    if fake.config.keeps_marks:
        assert '`file` "File": it is managed by the provisioning file `a.json`' in done.stdout
    if fake.config.keeps_marks and fake.config.major > 11:
        assert '`tool` "Tool": it is managed by Terraform `tf`' in done.stdout
    assert fake.log.writes == []
    assert "strange" not in project.run("diff", "--url", fake.url).stdout
    assert (
        f"it was made by hand; {fake.url}/d/hand"
        in project.run("status", "--url", fake.url, "--unmanaged").stdout
    )
    listed = orjson.loads(project.run("diff", "--url", fake.url, "--unmanaged", "--format", "json").stdout)
    assert f'unmanaged dashboard `hand` "Hand": it was made by hand; {fake.url}/d/hand' in listed["notes"]


STRANGERS = {
    "hand": {},
    "file": {"managedBy": "classic-file-provisioning", "managerId": "x", "sourcePath": "a.json"},
    "tool": {"managedBy": "terraform", "managerId": "tf"},
}


def test_the_unmanaged_are_those_of_a_grafana(project):
    assert project.run("diff", "--unmanaged").code == 2

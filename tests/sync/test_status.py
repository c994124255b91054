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
    project.push()
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
    found = deepcopy(fake.store.dashboards["shop"])
    found.uid, found.annotations = (
        "stranger",
        {"grafana.app/folder": "sales", "grafana.app/createdBy": "user:x"},
    )
    return found


def test_what_left_the_specs_is_listed(project):
    project.push()
    (project.folder / "specs/alerts.yaml").unlink()
    code, states = _states(project)
    assert (code, states["rule-group", "alerts/shop-health"]) == (1, "not in the specs")


def test_the_text_has_a_line_for_each_with_the_change_in_words(project, fake):
    project.push()
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

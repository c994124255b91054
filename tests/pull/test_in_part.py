"""What can be taken over is, whatever else cannot; and what named a deleted panel does not keep it from being taken."""

from copy import deepcopy

import pytest

from tests.pull.ui_edits import add_below_the_last_row, new_panel, place
from tests.sync.support import FILES, Project

LOOPED = """\
kind: Dashboard
uid: shop
title: Shop
variables:
  - for_each: {name: [tier, model]}
    name: ${{ name }}
    query: label_values(up, ${{ name }})
panels:
  - title: Orders
    query: up
  - title: Sales
    query: down
"""
EVENTS = "kind: Annotations\nevents:\n  - {title: Sale, key: sale, at: 2026-05-01, dashboard: shop, panel: orders}\n"


@pytest.fixture
def edited(tmp_path, fake):
    """A project that was pushed, and a function that edits its dashboard `shop`."""

    def make(files, change):
        project = Project(tmp_path, fake, {**FILES, **files})
        assert project.push().code == 0
        spec = deepcopy(fake.store.dashboards["shop"].spec)
        change(spec)
        fake.store.edit("shop", **spec)
        return project

    return make


def _pull(project, *arguments):
    return project.run("pull", "--url", project.fake.url, *arguments)


def _text(project, name):
    return (project.folder / name).read_text(encoding="utf-8")


def test_what_cannot_be_taken_over_does_not_hold_back_the_rest(edited):
    def change(spec):
        spec["templating"]["list"].pop(0)
        spec["panels"][0]["fieldConfig"]["defaults"]["unit"] = "ops"
        spec["refresh"] = "10s"

    project = edited({"specs/shop.yaml": LOOPED}, change)
    done = _pull(project)
    assert done.code == 1, done.stdout
    assert "dashboard `shop`" in done.stdout
    assert "taken over in part" in done.stdout
    assert "not taken over: variable $tier: removed" in done.stdout
    assert "unit: ops" in _text(project, "specs/shop.yaml")
    assert "refresh: 10s" in _text(project, "specs/shop.yaml")
    # What is left is still somebody's edit.
    assert project.push().code == 4


def test_a_panel_that_an_alert_links_to_takes_the_link_along(edited):
    alerts = FILES["specs/alerts.yaml"].replace(
        "    summary: many errors", "    summary: many errors\n    panel: shop/orders   # see there"
    )
    project = edited(
        {"specs/alerts.yaml": alerts, "specs/events.yaml": EVENTS}, lambda spec: spec["panels"].pop(0)
    )
    done = _pull(project)
    assert done.code == 0, done.stdout + done.stderr
    assert (
        "alert rule `ManyErrors` named the panel `shop/orders`, which is deleted: its `panel:` is taken out too"
        in done.stdout
    )
    assert "panel:" not in _text(project, "specs/alerts.yaml")
    assert "panel: orders" not in _text(project, "specs/events.yaml")
    assert project.run("build").code == 0
    assert project.push().code == 0


def test_a_link_that_a_component_writes_is_named_with_its_line(edited):
    parts = "kind: Components\ncomponents:\n  down:\n    rule:\n      alert: Down\n      query: up\n      when: below 1\n      panel: shop/orders\n"
    alerts = "kind: AlertRules\ngroup: shop-health\nfolder: Sales/Alerts\nrules:\n  - {use: down, outputs: [grafana]}\n"
    project = edited(
        {"specs/alerts.yaml": alerts, "specs/parts.yaml": parts}, lambda spec: spec["panels"].pop(0)
    )
    done = _pull(project)
    assert done.code == 1, done.stdout
    assert "take its `panel:` out at specs/parts.yaml:8:14" in done.stdout
    assert "there is no panel `shop/orders`" in done.stderr
    assert "title: Orders" in _text(project, "specs/shop.yaml")


ROWS = """\
kind: Dashboard
uid: shop
title: Shop
rows:
  - title: First
    panels:
      - {title: Orders, query: up}
  - title: Last
    collapsed: true
    panels:
      - {title: Hidden, query: up}
"""


def test_a_panel_below_a_collapsed_last_row_is_pulled_pushed_and_then_nothing_differs(edited):
    project = edited({"specs/shop.yaml": ROWS}, add_below_the_last_row)
    done = _pull(project)
    assert (done.code, "1 taken over" in done.stdout) == (0, True), done.stdout
    assert _text(project, "specs/shop.yaml").endswith(
        "  - panels:\n      - {title: Uptime, query: up, width: 12}\n"
    )
    assert "raw:" not in _text(project, "specs/shop.yaml")
    assert project.push().code == 0
    assert project.run("diff", "--url", project.fake.url).code == 0
    assert _pull(project).stdout == "nothing to pull\n"


def test_places_with_gaps_and_overlaps_are_those_that_grafana_shows(edited):
    def change(spec):
        spec["panels"][1]["gridPos"] |= {"x": 0, "y": 60}
        spec["panels"].append(new_panel(90, "Over it", "over", place(0, 62, 12, 8)))

    project = edited({"specs/shop.yaml": LOOPED}, change)
    done = _pull(project)
    assert done.code == 0, done.stdout
    text = _text(project, "specs/shop.yaml")
    assert " y: 60" not in text
    assert " y: 62" not in text
    assert project.push().code == 0
    assert project.run("diff", "--url", project.fake.url).code == 0

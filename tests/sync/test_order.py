"""Order and defaults reach Grafana, and come back from there."""

import shutil
from copy import deepcopy

import pytest

from tests.grafana.fake import FakeGrafana
from tests.sync.support import FILES, Project, without_waiting

SHOP = """\
kind: Dashboard
uid: shop
title: Shop
variables:
  - {name: a, query: "label_values(up, a)"}
  - {name: b, query: "label_values(up, b)"}
  - {name: source, type: datasource, plugin: prometheus}
annotations:
  - {name: Deploys, query: "changes(a[1m])"}
  - {name: Restarts, query: "changes(b[1m])"}
links:
  - {title: One, url: "https://a.example"}
  - {title: Two, url: "https://b.example"}
panels:
  - title: Orders
    queries:
      - {ref: ok, query: "sum(x)"}
      - {ref: bad, query: "sum(y)"}
    overrides:
      - {name: x, unit: s}
      - {regex: "/.*/", unit: ms}
    transformations:
      - {merge: {}}
      - {reduce: {reducers: [max]}}
"""
SWAPS = {
    "variables": ("name: a,", "name: b,"),
    "annotations": ("name: Deploys", "name: Restarts"),
    "links": ("title: One", "title: Two"),
    "queries": ("ref: ok", "ref: bad"),
    "overrides": ("name: x,", "regex:"),
    "transformations": ("{merge:", "{reduce:"),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with FakeGrafana() as fake, pytest.MonkeyPatch.context() as patch:
        without_waiting(patch)
        project = Project(tmp_path_factory.mktemp("order"), fake, {**FILES, "specs/shop.yaml": SHOP})
        assert project.push().code == 0
        yield project


def swapped(text: str, one: str, other: str) -> str:
    lines = text.splitlines(keepends=True)
    first, second = (next(i for i, line in enumerate(lines) if word in line) for word in (one, other))
    lines[first], lines[second] = lines[second], lines[first]
    return "".join(lines)


@pytest.mark.parametrize("what", SWAPS)
def test_another_order_is_pushed_and_then_nothing_differs(stage, what):
    stage.write("specs/shop.yaml", swapped(SHOP, *SWAPS[what]))
    shown = stage.run("diff", "--url", stage.fake.url)
    assert (shown.code, f"{what} in another order" in shown.stdout) == (1, True), shown.stdout
    pushed = stage.push()
    assert (pushed.code, "updated dashboard `shop`" in pushed.stdout) == (0, True), pushed.stdout
    assert stage.run("diff", "--url", stage.fake.url).code == 0
    assert stage.run("status", "--url", stage.fake.url).code == 0


def test_the_order_of_rules_is_pushed(project, fake):
    project.start_pushed()
    text = (project.folder / "specs/alerts.yaml").read_text()
    head, one, other = text.partition("  - alert: ManyErrors")[0], *text.split("  - alert: ")[1:]
    project.write("specs/alerts.yaml", f"{head}  - alert: {other}  - alert: {one}")
    done = project.push()
    assert (done.code, "rules in another order: FewOrders, ManyErrors" in done.stdout) == (0, True), (
        done.stdout
    )
    assert [rule["title"] for rule in fake.store.rules.values()] == ["FewOrders", "ManyErrors"]
    assert project.run("diff", "--url", fake.url).code == 0


def _in_grafana(fake, change):
    spec = deepcopy(fake.store.dashboards["shop"].spec)
    change(spec)
    fake.store.edit("shop", **spec)


@pytest.mark.parametrize("edit", [
    lambda spec: spec["panels"][0]["fieldConfig"]["overrides"].reverse(),
    lambda spec: spec["panels"][0]["targets"].reverse(),
    lambda spec: spec["templating"]["list"].reverse(),
    lambda spec: spec["links"].reverse(),
])  # fmt: skip
def test_another_order_in_grafana_is_an_edit_and_can_be_pulled(fake, tmp_path, edit):
    project = Project(tmp_path, fake, {**FILES, "specs/shop.yaml": SHOP})
    project.push()
    _in_grafana(fake, edit)
    status = project.run("status", "--url", fake.url)
    assert (status.code, "edited in Grafana" in status.stdout) == (4, True), status.stdout
    assert project.push().code == 4
    pulled = project.run("pull", "--url", fake.url)
    assert (pulled.code, "1 taken over" in pulled.stdout) == (0, True), pulled.stdout
    assert project.run("diff", "--url", fake.url).code == 0


def test_the_order_of_rules_can_be_pulled(project, fake):
    project.start_pushed()
    rules = dict(reversed(fake.store.rules.items()))
    fake.store.rules.clear()
    fake.store.rules.update(rules)
    assert project.run("status", "--url", fake.url).code == 4
    pulled = project.run("pull", "--url", fake.url)
    assert (pulled.code, "1 taken over" in pulled.stdout) == (0, True), pulled.stdout
    text = (project.folder / "specs/alerts.yaml").read_text()
    assert text.index("FewOrders") < text.index("ManyErrors")
    assert project.run("diff", "--url", fake.url).code == 0


CHOICES = {"a": ('label_values(up, a)"', "default: prod"), "source": ("plugin: prometheus", "default: Main")}


def _current(fake, name):
    variables = fake.store.dashboards["shop"].spec["templating"]["list"]
    return next(one for one in variables if one["name"] == name).get("current", {}).get("value")


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("name", CHOICES)
def test_a_default_that_a_spec_adds_or_removes_is_pushed(fake, tmp_path, name, remembers):
    project = Project(tmp_path, fake, {**FILES, "specs/shop.yaml": SHOP})
    project.push()
    where, arguments = CHOICES[name]
    for old, new, expected in (
        (where, f"{where}, {arguments}", arguments.split()[1]),
        (f"{where}, {arguments}", where, None),
    ):
        project.change("specs/shop.yaml", old, new)
        if not remembers:
            shutil.rmtree(project.folder / ".dashgen")
        done = project.push()
        assert (done.code, "updated dashboard `shop`" in done.stdout) == (0, True), done.stdout
        assert _current(fake, name) == expected or (expected is None and not _current(fake, name))
        fake.log.clear()
        assert (project.push().code, fake.log.writes) == (0, [])
        assert project.run("diff", "--url", fake.url).code == 0


def test_what_a_browser_saved_as_shown_is_nobody_s_edit(fake, tmp_path):
    project = Project(tmp_path, fake, {**FILES, "specs/shop.yaml": SHOP})
    project.push()

    def saved(spec):
        for variable in spec["templating"]["list"]:
            variable["current"] = {"text": "x", "value": "x"}

    _in_grafana(fake, saved)
    assert project.run("status", "--url", fake.url).code == 0
    assert project.run("diff", "--url", fake.url).code == 0
    project.change("specs/shop.yaml", "sum(x)", "sum(xx)")
    shutil.rmtree(project.folder / ".dashgen")
    done = project.push()
    assert (done.code, "updated dashboard `shop`" in done.stdout) == (0, True), done.stdout

"""Push, an edit in Grafana, pull, build, push: against the fake Grafana."""

from copy import deepcopy

import orjson
import pytest


def _pull(project, *arguments):
    return project.run("pull", "--url", project.fake.url, *arguments)


def _edit_panels(fake, uid, change):
    panels = deepcopy(fake.store.dashboards[uid].spec["panels"])
    change(panels)
    fake.store.edit(uid, panels=panels)


def _unit(panels):
    panels[0]["fieldConfig"]["defaults"]["unit"] = "ops"


def _spec(project, name="specs/shop.yaml"):
    return (project.folder / name).read_text(encoding="utf-8")


def test_an_edit_comes_back_and_the_next_push_changes_nothing(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    _edit_panels(fake, "shop", _unit)
    fake.store.edit("shop", refresh="10s")
    assert project.push().code == 4
    fake.log.clear()
    shown = _pull(project, "--dry-run")
    assert shown.code == 1, shown
    assert "+    unit: ops\n" in shown.stdout
    done = _pull(project)
    assert done.code == 0, done
    assert fake.log.writes == []
    assert "    unit: ops\n" in _spec(project)
    assert "refresh: 10s\n" in _spec(project)
    assert project.run("build").code == 0
    fake.log.clear()
    pushed = project.push()
    assert pushed.code == 0, pushed
    assert fake.log.writes == []
    again = _pull(project)
    assert (again.code, again.stdout) == (0, "nothing to pull\n")


def test_after_a_pull_the_specs_may_go_on(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    _edit_panels(fake, "shop", _unit)
    assert _pull(project).code == 0
    project.change("specs/shop.yaml", "green: 0.9", "green: 0.95")
    pushed = project.push()
    assert pushed.code == 0, pushed
    assert "1 updated" in pushed.stdout
    assert fake.store.dashboards["shop"].spec["panels"][0]["fieldConfig"]["defaults"]["unit"] == "ops"


def test_a_pull_that_is_undone_leaves_the_edit_protected(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    before = _spec(project)
    _edit_panels(fake, "shop", _unit)
    assert _pull(project).code == 0
    project.write("specs/shop.yaml", before)
    assert project.push().code == 4
    assert _pull(project).code == 0
    assert "unit: ops" in _spec(project)


def test_what_both_sides_changed_apart_is_put_together(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    _edit_panels(fake, "shop", _unit)
    project.change("specs/shop.yaml", "green: 0.9", "green: 0.95")
    done = _pull(project)
    assert done.code == 0, done
    text = _spec(project)
    assert "unit: ops" in text
    assert "green: 0.95" in text
    pushed = project.push()
    assert pushed.code == 0, pushed
    assert "1 updated" in pushed.stdout
    assert project.push().stdout.count("unchanged") == 1


def test_what_both_sides_changed_differently_is_a_conflict(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", refresh="10s", title="Mine")
    project.change("specs/shop.yaml", "🛒 Shop", "Ours")
    done = _pull(project)
    assert done.code == 4, done
    assert "not taken over: " in done.stdout
    assert "refresh: 10s" in _spec(project)
    assert "title: Ours" in _spec(project)
    assert project.push().code == 4


def test_everything_that_is_there_can_be_taken(everywhere):
    project, fake = everywhere, everywhere.fake
    project.start_pushed()
    fake.store.edit("shop", title="Mine")
    project.change("specs/shop.yaml", "🛒 Shop", "Ours")
    assert _pull(project, "--theirs").code == 0
    assert "title: Mine" in _spec(project)
    assert project.push().code == 0


def test_a_dashboard_deleted_in_grafana_is_only_told(project, fake):
    project.start_pushed()
    del fake.store.dashboards["shop"]
    before = _spec(project)
    done = _pull(project)
    assert done.code == 0
    assert "deleted in Grafana" in done.stdout
    assert _spec(project) == before


def test_only_what_is_asked_for_is_pulled(project, fake):
    project.start_pushed()
    fake.store.edit("shop", refresh="10s")
    fake.store.edit("plain", refresh="20s")
    assert _pull(project, "--only", "plain").code == 0
    assert "20s" in _spec(project)
    assert "10s" not in _spec(project)
    assert _pull(project, "--only", "plaim").code == 2


def test_the_result_for_programs_has_patch_and_words(project, fake):
    project.start_pushed()
    fake.store.edit("shop", refresh="10s")
    done = _pull(project, "--dry-run", "--format", "json")
    (target,) = orjson.loads(done.stdout)["targets"]
    assert target["exit_code"] == done.code == 1
    (one,) = target["dashboards"]
    assert one["taken"] == ["refresh set to 10s"]
    assert "+refresh: 10s" in target["patch"]


def _dashboard(uid, title, **more):
    panel = {
        "id": 3, "type": "text", "title": "Hello", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 4},
        "options": {"mode": "markdown", "content": "hi"}, "fieldConfig": {"defaults": {}, "overrides": []},
    }  # fmt: skip
    return {"uid": uid, "title": title, "schemaVersion": 42, "tags": [], "panels": [panel], **more}


def _put(fake, uid, folder, data):
    from tests.grafana.fake.store import new_dashboard

    fake.store.save(
        new_dashboard(fake.store, uid, data, {"grafana.app/folder": folder} if folder else {}, "v1beta1")
    )


def test_a_title_that_no_spec_can_have_is_told_and_steers_no_terminal(project, fake):
    project.start_pushed()
    _put(fake, "fresh", "sales", _dashboard("fresh", "\x1b[31mred"))
    done = _pull(project, "--new")
    assert done.code == 1
    assert "\x1b" not in done.stdout
    assert not (project.folder / "specs/fresh.yaml").exists()


@pytest.mark.parametrize("title", ["Fresh", "../../../etc/passwd", "${{ 7 * 7 }}"])
def test_new_dashboards_become_files_beside_the_others(project, fake, title):
    project.start_pushed()
    _put(fake, "fresh", "sales", _dashboard("fresh", title))
    fake.log.clear()
    assert _pull(project).stdout == "nothing to pull\n"
    done = _pull(project, "--new")
    assert done.code == 0, done
    assert fake.log.writes == []
    assert "uid: fresh" in _spec(project, "specs/fresh.yaml")
    assert {path.name for path in (project.folder / "specs").iterdir()} >= {"fresh.yaml", "shop.yaml"}
    assert project.run("build").code == 0
    pushed = project.push()
    assert pushed.code == 0, pushed
    assert _pull(project, "--new").stdout == "nothing to pull\n"


def test_a_new_dashboard_overwrites_no_file(project, fake):
    project.start_pushed()
    project.write("specs/fresh.yaml", "kind: Folder\ntitle: Mine\nuid: mine\n")
    _put(fake, "fresh", "sales", _dashboard("fresh", "Fresh"))
    assert _pull(project, "--new").code == 0
    assert "Mine" in _spec(project, "specs/fresh.yaml")
    assert "uid: fresh" in _spec(project, "specs/fresh-2.yaml")


def test_a_spec_that_somebody_changes_meanwhile_is_not_overwritten(project, fake, monkeypatch):
    from dashgen.project import spec_writing

    project.push()
    fake.store.edit("shop", refresh="10s")
    real = spec_writing._unchanged

    def late(files):
        project.change("specs/shop.yaml", "Orders", "Other orders")
        monkeypatch.setattr(spec_writing, "_unchanged", real)
        real(files)

    monkeypatch.setattr(spec_writing, "_unchanged", late)
    done = _pull(project)
    assert done.code == 4
    assert "nothing was written" in done.stderr
    assert "Other orders" in _spec(project)
    assert "refresh" not in _spec(project)


def test_line_ends_and_byte_order_marks_stay(project, fake):
    text = "\ufeff" + _spec(project).replace("\n", "\r\n")
    (project.folder / "specs/shop.yaml").write_bytes(text.encode())
    project.push()
    _edit_panels(fake, "shop", _unit)
    assert _pull(project).code == 0
    raw = (project.folder / "specs/shop.yaml").read_bytes().decode()
    assert raw.startswith("\ufeff")
    assert raw.count("\r\n") == raw.count("\n")
    assert "unit: ops" in raw


def test_a_server_that_is_not_there_is_told(project):
    assert project.run("pull", "--url", "http://127.0.0.1:9").code == 3


PARTS = """\
kind: Components
components:
  orders:
    panel:
      title: Orders   # the same everywhere
      query: sum(rate(shop_orders_total[5m]))
      unit: reqps
"""


def _two_users(project):
    project.write("specs/parts.yaml", PARTS)
    for name in ("one", "two"):
        text = f"kind: Dashboard\nuid: {name}\ntitle: {name}\npanels:\n  - use: orders\n"
        project.write(f"specs/{name}.yaml", text)
    project.push()


def test_a_component_changes_only_when_all_its_users_do(project, fake):
    _two_users(project)
    _edit_panels(fake, "one", _unit)
    assert _pull(project).code == 0
    assert _spec(project, "specs/parts.yaml") == PARTS
    assert "  - use: orders\n    unit: ops\n" in _spec(project, "specs/one.yaml")
    assert "unit" not in _spec(project, "specs/two.yaml")
    assert project.push().code == 0


def test_what_all_users_changed_alike_is_changed_in_the_component(project, fake):
    _two_users(project)
    for name in ("one", "two"):
        _edit_panels(fake, name, _unit)
    assert _pull(project).code == 0
    assert _spec(project, "specs/parts.yaml") == PARTS.replace("reqps", "ops")
    assert "unit" not in _spec(project, "specs/one.yaml") + _spec(project, "specs/two.yaml")
    assert project.push().code == 0


def test_a_dashboard_moved_to_another_folder_says_so(project, fake):
    project.start_pushed()
    fake.store.dashboards["plain"].annotations["grafana.app/folder"] = "sales"
    fake.store.edit("plain")
    done = _pull(project)
    assert done.code == 0, done
    assert "folder: Sales" in _spec(project).partition("---")[2]
    assert project.push().code == 0


def test_new_dashboards_of_one_folder_only(project, fake):
    project.start_pushed()
    _put(fake, "fresh", "sales", _dashboard("fresh", "Fresh"))
    assert _pull(project, "--new", "--folder", "Other").stdout == "nothing to pull\n"
    assert _pull(project, "--new", "--folder", "Sales", "--dry-run").code == 1
    assert not (project.folder / "specs/fresh.yaml").exists()
    assert _pull(project, "--new", "--folder", "Sales").code == 0
    assert (project.folder / "specs/fresh.yaml").exists()


def test_edits_of_a_fallback_to_rows_are_left_in_grafana(everywhere):
    project, fake = everywhere, everywhere.fake
    spec = (
        "kind: Dashboard\nuid: tabs\ntitle: Tabs\ntabs:\n  - {title: A, panels: [{title: Up, query: up}]}\n"
    )
    project.start_pushed()
    project.write("specs/tabs.yaml", spec)
    assert project.push().code == 0
    if fake.store.dashboards["tabs"].stored_as.startswith("v2"):
        return  # Grafana 13 has the tabs themselves
    fake.store.edit("tabs", refresh="10s")
    done = _pull(project)
    assert done.code != 0
    assert "Grafana stores its classic form, in which tabs are rows" in done.stdout + done.stderr
    assert _spec(project, "specs/tabs.yaml") == spec

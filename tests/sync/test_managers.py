"""What other tools manage in a Grafana: recognised by its marks, left alone, and named with what to do instead."""

import pytest

from tests.grafana.fake import FakeGrafana
from tests.grafana.fake.store import PREFIX
from tests.sync.support import Project

REPOSITORY = {"managedBy": "repo", "managerId": "boards", "sourcePath": "sales/shop.json"}
_WAY = "build it with `dashgen build --layout git-sync --out CLONE` and commit it to that repository"
DASHBOARDS: dict[str, tuple[dict[str, str], str, str, bool]] = {
    "Git Sync": (REPOSITORY, "the Git repository `boards`", f"{_WAY}, where it is `sales/shop.json`", False),
    "a nameless repository": ({"managedBy": "repo"}, "a Git repository", _WAY, False),
    "a repository that allows edits": (
        {**REPOSITORY, "managerAllowsEdits": "true"},
        "the Git repository `boards`",
        _WAY,
        False,
    ),
    "Terraform": (
        {"managedBy": "terraform", "managerId": "main"},
        "Terraform `main`",
        "change it in Terraform, or give yours another uid",
        False,
    ),
    "Terraform that allows edits": (
        {"managedBy": "terraform", "managerId": "main", "managerAllowsEdits": "true"},
        "Terraform `main`",
        "change it in Terraform",
        True,
    ),
    "gcx": (
        {"managedBy": "kubectl", "managerId": "gcx", "managerAllowsEdits": "true", "sourcePath": "x.yaml"},
        "`gcx`",
        "change it there",
        True,
    ),
    "another tool over kubectl": (
        {"managedBy": "kubectl", "managerId": "argo"},
        "`argo`",
        "change it there",
        False,
    ),
    "a plugin": ({"managedBy": "plugin", "managerId": "k6-app"}, "the plugin `k6-app`", "leave it", False),
    "a file": (
        {"managedBy": "classic-file-provisioning", "managerId": "ops", "sourcePath": "a.json"},
        "the provisioning file `a.json`",
        "change the file that Grafana reads",
        False,
    ),
    "a file that allows edits": (
        {
            "managedBy": "classic-file-provisioning",
            "managerId": "ops",
            "sourcePath": "a.json",
            "managerAllowsEdits": "true",
        },
        "the provisioning file `a.json`",
        "change the file that Grafana reads",
        True,
    ),
    "a kind that is not known": (
        {"managedBy": "crossplane", "managerId": "x"},
        "`crossplane` `x`",
        "change it there",
        False,
    ),
}


@pytest.fixture
def newest(tmp_path, addresses, starts):
    with FakeGrafana(version="13.3.0", address=addresses("13.3")) as grafana:
        project = Project(tmp_path, grafana, starts=starts)
        project.start_pushed()
        yield project


def _mark(project, marks, uid="shop"):
    dashboard = project.fake.store.dashboards[uid]
    dashboard.annotations = {
        key: value
        for key, value in dashboard.annotations.items()
        if "manage" not in key and "source" not in key
    } | {PREFIX + key: value for key, value in marks.items()}


@pytest.mark.parametrize("owner", DASHBOARDS)
def test_a_managed_dashboard_is_left_alone_and_named_by_every_command(newest, owner):
    marks, name, way, _ = DASHBOARDS[owner]
    _mark(newest, marks)
    newest.change("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]")
    newest.fake.log.clear()
    for command, code in (("push", 4), ("status", 4), ("diff", 1), ("pull", 1)):
        done = newest.run(command, "--url", newest.fake.url)
        assert f"it is managed by {name}" in done.stdout, command
        assert way in done.stdout, command
        assert done.code == code, (command, done.stdout)
    assert newest.fake.log.writes == []


@pytest.mark.parametrize("owner", DASHBOARDS)
def test_force_writes_only_where_grafana_lets_others_write_and_keeps_the_marks(newest, owner):
    marks, name, _, yields = DASHBOARDS[owner]
    _mark(newest, marks)
    newest.change("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]")
    newest.fake.log.clear()
    done = newest.push("--force")
    stored = newest.fake.store.dashboards["shop"]
    assert ("[6m]" in str(stored.spec)) == yields
    assert done.code == (0 if yields else 4), done.stdout + done.stderr
    assert f"it is managed by {name}{', which may undo this' if yields else ''}" in done.stdout
    assert {key: stored.annotations.get(PREFIX + key) for key in marks} == marks
    assert bool([call for call in newest.fake.log.writes if call.path.endswith("/dashboards/shop")]) == yields


@pytest.mark.parametrize("owner", DASHBOARDS)
def test_prune_never_deletes_what_others_manage(newest, owner):
    marks, name, _, _ = DASHBOARDS[owner]
    _mark(newest, marks)
    (newest.folder / "specs/shop.yaml").unlink()
    done = newest.push("--prune", "--yes", "--force")
    assert f'? dashboard `shop` "🛒 Shop": it is managed by {name}' in done.stdout, done.stdout
    assert "its manager has to delete it" in done.stdout
    assert list(newest.fake.store.dashboards) == ["shop"]


def test_what_is_as_the_specs_say_is_in_sync_whoever_manages_it(newest):
    _mark(newest, REPOSITORY)
    assert newest.run("status", "--url", newest.fake.url).code == 0
    newest.fake.log.clear()
    assert (newest.push().code, newest.fake.log.writes) == (0, [])


def test_nothing_is_put_into_a_folder_of_a_repository(newest):
    newest.write(
        "specs/more.yaml",
        "kind: Folder\ntitle: New\nuid: new\nparent: Sales\n---\nkind: Dashboard\nuid: more\ntitle: More\nfolder: Sales/New\npanels: [{title: A, query: up}]\n",
    )
    newest.fake.store.folders["sales"].annotations = {
        PREFIX + key: value for key, value in {**REPOSITORY, "sourcePath": "sales"}.items()
    }
    newest.change("specs/shop.yaml", "shop_orders_total[5m]", "shop_orders_total[6m]")
    newest.change("specs/alerts.yaml", "for: 5m", "for: 6m")
    newest.fake.log.clear()
    for options in ((), ("--force",)):
        done = newest.push(*options)
        assert done.code == 4, done.stdout + done.stderr
        reason = (
            "its folder is managed by the Git repository `boards`, and Grafana takes nothing else into it"
        )
        assert f'! dashboard `shop` "🛒 Shop": {reason}' in done.stdout
        assert "! folder `new`" in done.stdout
        assert f"{_WAY}, where it is `sales`" in done.stdout
    # Rules are stored elsewhere, and Grafana takes them.
    assert [rule["for"] for rule in newest.fake.store.rules.values()] == ["6m", "10m"]
    assert [
        call.path
        for call in newest.fake.log.writes
        if "folder" in call.path and "rule-groups" not in call.path
    ] == []


@pytest.mark.parametrize("version", ["10.4.1", "12.4.3", "13.3.0"])
def test_a_folder_of_a_repository_keeps_its_title(version, tmp_path, addresses):
    with FakeGrafana(version=version, address=addresses(version)) as grafana:
        project = Project(tmp_path, grafana)
        assert project.push().code == 0
        grafana.store.folders["alerts"].annotations = {
            PREFIX + key: value for key, value in REPOSITORY.items()
        }
        project.change("specs/folders.yaml", "title: Alerts", "title: Alarms")
        project.change("specs/alerts.yaml", "folder: Sales/Alerts", "folder: Sales/Alarms")
        done = project.push("--force")
        if grafana.config.major >= 12:
            assert (done.code, grafana.store.folders["alerts"].title) == (4, "Alerts"), done.stdout
            assert "it is managed by the Git repository `boards`" in done.stdout


CHANGES = {
    "contact_points": ("specs/notices.yaml", "office@example.com", "desk@example.com", "desk@example.com"),
    "mute_timings": ("specs/notices.yaml", "[saturday, sunday]", "[sunday]", "['sunday']"),
    "templates": ("specs/notices.yaml", ".Status", ".Receiver", ".Receiver"),
    "policies": ("specs/notices.yaml", "severity: critical", "severity: page", "page"),
    "rules": ("specs/alerts.yaml", "for: 5m", "for: 6m", "'6m'"),
}
PROVENANCES = {
    "api": (
        "a tool that uses Grafana's provisioning API, such as Terraform or the Grafana operator",
        "`disable_provenance = true`",
    ),
    "file": ("provisioning files", "change the file that Grafana reads"),
    "converted_prometheus": ("a converted Prometheus rule", "change the rule that it was converted from"),
    "something": ("`something`", "change it there"),
}


@pytest.mark.parametrize("provenance", PROVENANCES)
@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("version", ["10.4.1", "12.4.3"])
def test_the_provenance_of_alerting_is_a_mark_too(version, kind, provenance, tmp_path, addresses, starts):
    name, way = PROVENANCES[provenance]
    with FakeGrafana(version=version, address=addresses(version)) as grafana:
        project = Project(tmp_path, grafana, starts=starts)
        project.start_pushed()
        stored = getattr(grafana.store, kind)
        for resource in [stored] if kind == "policies" else stored.values():
            resource["provenance"] = provenance
        file, old, new, sign = CHANGES[kind]
        project.change(file, old, new)
        grafana.log.clear()
        done = project.push()
        assert (done.code, grafana.log.writes) == (4, []), done.stdout
        assert f"it is managed by {name}" in done.stdout
        assert way in done.stdout
        forced = project.push("--force")
        yields = provenance == "api"
        assert forced.code == (0 if yields else 4), forced.stdout + forced.stderr
        assert (sign in str(getattr(grafana.store, kind))) == yields
